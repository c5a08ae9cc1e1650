package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// StaffReference returns the reference that stands for a member of staff in every table: 32
// bytes, the same for the same subject of the same issuer, and never that of a person.
func (s *Secret) StaffReference(issuer, subject string) []byte {
	return s.tagged("staff", issuer, subject)
}

// BucketReference returns the reference of something that is counted, such as the attempts from
// an address: 32 bytes, the same for the same name of the same kind, and never that of a person.
func (s *Secret) BucketReference(kind, name string) []byte {
	return s.tagged("bucket", kind, name)
}

// Digest returns what tells inputs of one kind apart: 32 bytes that say nothing of the input.
func (s *Secret) Digest(kind string, input []byte) []byte {
	return s.tagged("digest", kind, string(input))
}

func (s *Secret) tagged(tag, first, second string) []byte {
	mac := hmac.New(sha256.New, s.reference)
	mac.Write(binary.BigEndian.AppendUint32([]byte(tag), uint32(len(first)))) // where the one ends and the other begins
	mac.Write([]byte(first))
	mac.Write([]byte(second))
	return mac.Sum(nil)
}

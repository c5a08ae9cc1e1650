package portal

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
)

// StaffReference returns what stands for a member of staff in every table: 32 bytes, the
// same for the same subject of the same issuer, and those of no person.
func (s *Secret) StaffReference(issuer, subject string) []byte {
	mac := hmac.New(sha256.New, s.reference)
	mac.Write(binary.BigEndian.AppendUint32([]byte("staff"), uint32(len(issuer)))) // where the one ends and the other begins
	mac.Write([]byte(issuer))
	mac.Write([]byte(subject))
	return mac.Sum(nil)
}

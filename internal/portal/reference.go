package portal

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed" // SQL
	"encoding/binary"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// A reference is 32 bytes that stand for a name, such as a person's number: the beginning of its
// SHA-256, permuted by a key. Without the key nobody can find the name from it. With the key it
// can be turned back into the hash, though not into the name. So a reference gets another key
// without anybody knowing whom it stands for.
const (
	referenceSize = 32
	hashSize      = 24 // the rest shows whether the right key turned the reference back
)

// How the rest ends: what follows the hash of a name, and what follows a reference from before
// references could change their key.
var (
	ofName  [referenceSize - hashSize]byte
	ofOlder = [referenceSize - hashSize]byte{referenceSize - hashSize - 1: 1}
)

// olderReferences makes the references that a database has from before they could change their
// key: keyed hashes.
type olderReferences struct{ hash []byte }

func (o olderReferences) of(name []byte) []byte {
	mac := hmac.New(sha256.New, o.hash)
	mac.Write(name)
	return mac.Sum(nil)
}

// Reference returns the reference that stands for a person in every table: the same for the same
// number.
func (s *Secret) Reference(person norway.NationalID) []byte { return s.write(personName(person)) }

// References returns Reference, and what stands for the person in rows of the other keys.
func (s *Secret) References(person norway.NationalID) [][]byte { return s.all(personName(person)) }

// CaseReference returns what stands for a caller who is known by one case at one agency alone,
// where Reference would stand for a person.
func (s *Secret) CaseReference(agency, caseID string) []byte {
	return s.write(caseName(agency, caseID))
}

// CaseReferences returns CaseReference, and what stands for the case in rows of the other keys.
func (s *Secret) CaseReferences(agency, caseID string) [][]byte {
	return s.all(caseName(agency, caseID))
}

// StaffReference returns the reference that stands for a member of staff in every table: the
// same for the same subject of the same issuer, and never that of a person.
func (s *Secret) StaffReference(issuer, subject string) []byte {
	return s.write(tagged("staff", issuer, subject))
}

// StaffReferences returns StaffReference, and what stands for them in rows of the other keys.
func (s *Secret) StaffReferences(issuer, subject string) [][]byte {
	return s.all(tagged("staff", issuer, subject))
}

// BucketReferences returns the references of something that is counted, such as the attempts
// from an address; the first is the one to write. They are never those of a person.
func (s *Secret) BucketReferences(kind, name string) [][]byte {
	return s.all(tagged("bucket", kind, name))
}

// Digests returns what tells inputs of one kind apart and says nothing of the input. The first
// is the one to write.
func (s *Secret) Digests(kind string, input []byte) [][]byte {
	return s.all(tagged("digest", kind, string(input)))
}

func personName(person norway.NationalID) []byte { return []byte(person.Reveal()) }

// No number of a person has a colon in it, and no code of an agency.
func caseName(agency, caseID string) []byte { return []byte("case:" + agency + ":" + caseID) }

func tagged(tag, first, second string) []byte {
	b := make([]byte, 0, len(tag)+4+len(first)+len(second))
	b = binary.BigEndian.AppendUint32(append(b, tag...), uint32(len(first))) // where the one ends and the other begins
	return append(append(b, first...), second...)
}

func (s *Secret) write(name []byte) []byte { return s.keys[0].permute(hashOf(name), ofName) }

// all returns what stands for a name in any row; the first is the one to write.
func (s *Secret) all(name []byte) [][]byte {
	hash := hashOf(name)
	refs := make([][]byte, len(s.keys), 2*len(s.keys)+1)
	for i, k := range s.keys {
		refs[i] = k.permute(hash, ofName)
	}
	if older := s.older.Load(); older != nil {
		for _, o := range *older {
			ref := o.of(name)
			refs = append(refs, ref)
			for _, k := range s.keys {
				refs = append(refs, k.permute([hashSize]byte(ref), ofOlder))
			}
		}
	}
	return refs
}

// Current returns a reference as the first key writes it, and whether another key had written
// it. One from before references could change their key looks like no key's.
func (s *Secret) Current(ref []byte) (renewed []byte, changed bool) {
	for i, k := range s.keys {
		if hash, end, ok := k.turnBack(ref); ok {
			if i == 0 {
				return ref, false
			}
			return s.keys[0].permute(hash, end), true
		}
	}
	return ref, false
}

// Origin returns what a reference keeps when it gets another key, for keyed hashes of it.
func (s *Secret) Origin(ref []byte) []byte {
	if len(ref) != referenceSize {
		return ref
	}
	for _, k := range s.keys {
		if hash, end, ok := k.turnBack(ref); ok {
			return append(hash[:], end[:]...)
		}
	}
	return append(bytes.Clone(ref[:hashSize]), ofOlder[:]...) // as it will be within the new form
}

// Equivalent returns a reference, and what stands for the same in rows of the other keys.
func (s *Secret) Equivalent(ref []byte) [][]byte {
	for _, k := range s.keys {
		if hash, end, ok := k.turnBack(ref); ok {
			all := make([][]byte, len(s.keys))
			for i, k := range s.keys {
				all[i] = k.permute(hash, end)
			}
			return all
		}
	}
	return [][]byte{ref}
}

// Renew is Current for a row that is written anew. It also gives the first key to a reference
// from before references could change theirs, and returns ErrSealed where no key is the right one.
func (s *Secret) Renew(ref []byte) (renewed []byte, changed bool, err error) {
	known := slices.ContainsFunc(s.keys, func(k *secretKey) bool { _, _, ok := k.turnBack(ref); return ok })
	switch {
	case known:
		renewed, changed = s.Current(ref)
		return renewed, changed, nil
	case s.older.Load() == nil || len(ref) != referenceSize:
		return nil, false, ErrSealed
	}
	return s.keys[0].permute([hashSize]byte(ref), ofOlder), true, nil
}

func hashOf(name []byte) [hashSize]byte {
	sum := sha256.Sum256(append(append(make([]byte, 0, 128), "oversikt reference\x00"...), name...))
	return [hashSize]byte(sum[:])
}

// permute is a Feistel network of four rounds over two halves of a block each (Luby and Rackoff).
func (k *secretKey) permute(hash [hashSize]byte, end [referenceSize - hashSize]byte) []byte {
	b := make([]byte, referenceSize+16)
	copy(b, hash[:])
	copy(b[hashSize:], end[:])
	left, right, f := b[:16], b[16:32], b[32:]
	for _, round := range k.rounds {
		round.Encrypt(f, right)
		subtle.XORBytes(left, left, f)
		left, right = right, left
	}
	return b[:referenceSize:referenceSize]
}

// turnBack undoes permute, and says whether the key was that one.
func (k *secretKey) turnBack(ref []byte) (hash [hashSize]byte, end [referenceSize - hashSize]byte, ok bool) {
	if len(ref) != referenceSize {
		return hash, end, false
	}
	b := append(bytes.Clone(ref), make([]byte, 16)...)
	left, right, f := b[:16], b[16:32], b[32:]
	for _, round := range slices.Backward(k.rounds[:]) {
		left, right = right, left
		round.Encrypt(f, right)
		subtle.XORBytes(left, left, f)
	}
	copy(hash[:], b)
	copy(end[:], b[hashSize:])
	return hash, end, end == ofName || end == ofOlder
}

// LockSQL has others wait who do something of the same kind for the same name, until the
// transaction ends. Its parameters are the kind and what stands for the name in rows of any key.
//
//go:embed sql/lock_references.sql
var LockSQL string

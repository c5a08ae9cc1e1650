package portal_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

// TestStaffReference: two members of staff have one reference only when they are one.
func TestStaffReference(t *testing.T) {
	t.Parallel()
	const issuer, subject = "https://login.fjord.example", "17912099997"
	person, err := norway.ParseNationalID(subject)
	if err != nil {
		t.Fatal(err)
	}
	one := secret(t, 1).StaffReference(issuer, subject)
	if len(one) != 32 || !bytes.Equal(one, secret(t, 1).StaffReference(issuer, subject)) {
		t.Errorf("%x", one)
	}
	for reason, other := range map[string][]byte{
		"another key":                   secret(t, 2).StaffReference(issuer, subject),
		"another subject":               secret(t, 1).StaffReference(issuer, "17912099998"),
		"another issuer":                secret(t, 1).StaffReference("https://login.lita.example", subject),
		"a boundary elsewhere":          secret(t, 1).StaffReference(issuer+"1", subject[1:]),
		"the person of the same number": secret(t, 1).Reference(person),
		"an issuer without a name":      secret(t, 1).StaffReference("", issuer+subject),
		"a bucket of the same names":    secret(t, 1).BucketReferences(issuer, subject)[0],
	} {
		if bytes.Equal(one, other) {
			t.Errorf("the same reference for %s", reason)
		}
	}
}

// TestCaseReference: a case that stands for its debtor is neither another one nor a person.
func TestCaseReference(t *testing.T) {
	t.Parallel()
	person, err := norway.ParseNationalID("17912099997")
	if err != nil {
		t.Fatal(err)
	}
	one := secret(t, 1).CaseReference("fjord", "17912099997")
	if len(one) != 32 || !bytes.Equal(one, secret(t, 1).CaseReference("fjord", "17912099997")) {
		t.Errorf("%x", one)
	}
	for reason, other := range map[string][]byte{
		"another key":                   secret(t, 2).CaseReference("fjord", "17912099997"),
		"another case":                  secret(t, 1).CaseReference("fjord", "17912099998"),
		"another agency":                secret(t, 1).CaseReference("lita", "17912099997"),
		"a boundary elsewhere":          secret(t, 1).CaseReference("fjord:1", "7912099997"),
		"the person of the same number": secret(t, 1).Reference(person),
	} {
		if bytes.Equal(one, other) {
			t.Errorf("the same reference for %s", reason)
		}
	}
}

// TestAnotherKey: a reference gets another key without anybody knowing whose it is, once, and what
// stands for the same name is found under each key.
func TestAnotherKey(t *testing.T) {
	t.Parallel()
	person, err := norway.ParseNationalID("17912099997")
	if err != nil {
		t.Fatal(err)
	}
	old, new, both := ring(t, 1), ring(t, 2), ring(t, 2, 1)
	was := old.Reference(person)
	is, changed, err := both.Renew(was)
	if err != nil || !changed || !bytes.Equal(is, new.Reference(person)) {
		t.Errorf("%x, %t, %v", is, changed, err)
	}
	if again, changed, err := both.Renew(is); err != nil || changed || !bytes.Equal(again, is) {
		t.Errorf("a second time it is %x, %t, %v", again, changed, err)
	}
	if _, _, err := new.Renew(was); !errors.Is(err, portal.ErrSealed) {
		t.Errorf("without the key: %v", err)
	}
	want := [][]byte{is, was}
	if all := both.References(person); !slices.EqualFunc(all, want, bytes.Equal) {
		t.Errorf("%x", all)
	}
	for _, ref := range want {
		if all := both.Equivalent(ref); !slices.EqualFunc(all, want, bytes.Equal) {
			t.Errorf("%x", all)
		}
	}
	sealed := old.Seal([]byte("x"), "row")
	renewed, changed, err := both.Reseal(sealed, "row")
	if plain, failed := new.Unseal(renewed, "row"); err != nil || !changed || failed != nil || string(plain) != "x" {
		t.Errorf("%q, %t, %v, %v", plain, changed, err, failed)
	}
	if _, changed, err := both.Reseal(renewed, "row"); err != nil || changed {
		t.Errorf("a second time: %t, %v", changed, err)
	}
	mark := old.Mark([]byte("line"))
	if both.Marked([]byte("line"), mark) != 1 || old.Marked([]byte("line"), mark) != 0 ||
		new.Marked([]byte("line"), mark) >= 0 || both.Marked([]byte("lime"), mark) >= 0 {
		t.Error("a mark is another key's, or another line's")
	}
}

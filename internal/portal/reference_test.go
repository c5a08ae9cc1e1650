package portal_test

import (
	"bytes"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/norway"
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
		"a bucket of the same names":    secret(t, 1).BucketReference(issuer, subject),
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

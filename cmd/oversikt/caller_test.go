package main

import (
	"context"
	"testing"

	"github.com/oversikt/oversikt/internal/demo/people"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/norway"
)

// TestCallerName: whoever must not use up what another one may have at once has another name.
func TestCallerName(t *testing.T) {
	t.Parallel()
	day := norway.MustDate("2026-03-02")
	kari, ole := people.DemoPeople(day)[0].NationalID, people.DemoPeople(day)[1].NationalID
	letter := func(agency, id string) identity.Principal {
		return identity.Principal{Kind: identity.LetterCase, NationalID: kari, Issuer: "letter", Case: identity.CaseKey{Agency: agency, ID: id}}
	}
	staff := func(issuer, subject string) identity.Principal {
		return identity.Principal{Kind: identity.Staff, Issuer: issuer, Subject: subject}
	}
	names := map[string]string{}
	for who, p := range map[string]identity.Principal{
		"a person":                        {Kind: identity.Person, NationalID: kari, Issuer: "https://bankid.example", Subject: "1"},
		"another person":                  {Kind: identity.Person, NationalID: ole, Issuer: "https://bankid.example", Subject: "2"},
		"who holds a letter of theirs":    letter("fjord", "17"),
		"who holds another one":           letter("fjord", "18"),
		"who holds one of elsewhere":      letter("lita", "17"),
		"staff":                           staff("https://staff.example/", "a1"),
		"staff of whom the joints differ": staff("https://staff.example/a", "1"),
	} {
		name := callerName(identity.NewContext(context.Background(), p))
		if other, taken := names[name]; taken {
			t.Errorf("%s and %s are one caller", who, other)
		}
		names[name] = who
		if name == "" {
			t.Errorf("%s is nobody", who)
		}
	}
	again := identity.Principal{Kind: identity.Person, NationalID: kari, Issuer: "https://elsewhere.example", Subject: "3"}
	if names[callerName(identity.NewContext(context.Background(), again))] != "a person" {
		t.Error("a person who comes another way is another caller")
	}
	if callerName(context.Background()) != "" {
		t.Error("nobody has a name")
	}
}

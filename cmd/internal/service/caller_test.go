package service

import (
	"context"
	"net/http"
	"testing"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

// TestCallerName: whoever must not use up what another one may have at once has another name.
func TestCallerName(t *testing.T) {
	t.Parallel()
	day := norway.MustDate("2026-03-02")
	kari, ole := people.DemoPeople(day)[0].NationalID, people.DemoPeople(day)[1].NationalID
	letter := func(agency, id string) caller.Principal {
		return caller.Principal{Kind: caller.LetterCase, NationalID: kari, Issuer: "letter",
			Case: caller.CaseKey{Agency: agency, ID: id}}
	}
	alone := func(id string) caller.Principal {
		return caller.Principal{Kind: caller.LetterCase, Issuer: "letter", Case: caller.CaseKey{Agency: "fjord", ID: id}}
	}
	staff := func(issuer, subject string) caller.Principal {
		return caller.Principal{Kind: caller.Staff, Issuer: issuer, Subject: subject}
	}
	names := map[string]string{}
	for who, p := range map[string]caller.Principal{
		"a person": {Kind: caller.Person, NationalID: kari, Issuer: "https://bankid.example",
			Subject: "1"},
		"another person": {Kind: caller.Person, NationalID: ole, Issuer: "https://bankid.example",
			Subject: "2"},
		"who holds a letter of theirs":    letter("fjord", "17"),
		"who holds another one":           letter("fjord", "18"),
		"who holds one of elsewhere":      letter("lita", "17"),
		"who holds one of no number":      alone("19"),
		"who holds another of no number":  alone("20"),
		"staff":                           staff("https://staff.example/", "a1"),
		"staff of whom the joints differ": staff("https://staff.example/a", "1"),
	} {
		name := callerName(caller.NewContext(context.Background(), p))
		if other, taken := names[name]; taken {
			t.Errorf("%s and %s are one caller", who, other)
		}
		names[name] = who
		if name == "" {
			t.Errorf("%s is nobody", who)
		}
	}
	again := caller.Principal{Kind: caller.Person, NationalID: kari, Issuer: "https://elsewhere.example", Subject: "3"}
	if names[callerName(caller.NewContext(context.Background(), again))] != "a person" {
		t.Error("a person who comes another way is another caller")
	}
	if callerName(context.Background()) != "" {
		t.Error("nobody has a name")
	}
}

// TestActingForNobody: a request that names no power of attorney allocates nothing for it,
// and asks nobody: there is no resolver to ask.
func TestActingForNobody(t *testing.T) {
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "/graphql", nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer x")
	var nobody *resolvers.Resolver
	if n := testing.AllocsPerRun(100, func() { _, _ = nobody.Acting(r.Context(), r.Header) }); n != 0 {
		t.Errorf("%v allocations", n)
	}
}

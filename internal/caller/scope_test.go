package caller_test

import (
	"context"
	"errors"
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Numbers of the synthetic series: month + 80, never issued.
const synthetic, third = "12812199631", "17912099997"

func TestScope(t *testing.T) {
	id := number(t, synthetic)
	letter := func(agency, key string) caller.Scope {
		return caller.Principal{Kind: caller.LetterCase, NationalID: id,
			Case: caller.CaseKey{Agency: agency, ID: key}}.Scope()
	}
	under := func(a caller.Authority) caller.Scope {
		a.Grantor, a.Attorney = id, number(t, "29822099635")
		p, err := caller.Principal{Kind: caller.Person, NationalID: a.Attorney}.Under(a, today)
		if err != nil {
			t.Fatal(err)
		}
		return p.Scope()
	}
	all, none := []string(nil), []string{}
	cases := map[string]struct {
		reason             string
		scope              caller.Scope
		zero, fjord, lita  bool
		ofFjord, someFjord []string // of all that is wanted, and of 1 and 2
	}{
		"nobody": {"the zero principal", caller.Principal{}.Scope(), true, false, false, none, none},
		"no kind": {"a number alone proves nothing", caller.Principal{NationalID: id}.Scope(), true, false, false,
			none, none},
		"person": {"everything of their own", caller.Principal{Kind: caller.Person, NationalID: id}.Scope(), false,
			true, true, all, []string{"1", "2"}},
		"nameless person": {"no number, no scope", caller.Principal{Kind: caller.Person}.Scope(), true, false, false, none,
			none},
		"letter":         {"one case", letter("fjord", "2"), false, true, false, []string{"2"}, []string{"2"}},
		"letter of none": {"no case, no scope", letter("fjord", ""), true, false, false, none, none},
		"letter nowhere": {"no agency, no scope", letter("", "2"), true, false, false, none, none},
		"staff": {"nothing without a look-up", caller.Principal{Kind: caller.Staff, Agency: "fjord",
			Role: caller.CaseWorker, NationalID: id}.Scope(), true, false, false, none, none},
		"agencies": {"all cases there", under(caller.Authority{Agencies: []string{"fjord"}}), false, true, false, all,
			[]string{"1", "2"}},
		"cases": {"these alone", under(caller.Authority{Cases: []caller.CaseKey{{Agency: "fjord", ID: "2"},
			{Agency: "fjord", ID: "3"}, {Agency: "lita", ID: "1"}}}), false, true, true, []string{"2", "3"}, []string{"2"}},
		"both": {"an agency covers its cases", under(caller.Authority{Agencies: []string{"fjord"},
			Cases: []caller.CaseKey{{Agency: "fjord", ID: "2"}}}), false, true, false, all, []string{"1", "2"}},
	}
	for name, tc := range cases {
		s := tc.scope
		if s.IsZero() != tc.zero || s.Covers("fjord") != tc.fjord || s.Covers("lita") != tc.lita {
			t.Errorf("%s (%s): zero %v, covers %v %v", name, tc.reason, s.IsZero(), s.Covers("fjord"), s.Covers("lita"))
		}
		if tc.zero && s != (caller.Scope{}) || s.NationalID().IsZero() != tc.zero {
			t.Errorf("%s (%s): nothing is in scope, but it is not the zero scope", name, tc.reason)
		}
		if diff := cmp.Diff(tc.ofFjord, s.Cases("fjord", nil)); diff != "" {
			t.Errorf("%s (%s): all cases (-want +got)\n%s", name, tc.reason, diff)
		}
		if diff := cmp.Diff(tc.someFjord, s.Cases("fjord", []string{"1", "2"})); diff != "" {
			t.Errorf("%s (%s): two cases (-want +got)\n%s", name, tc.reason, diff)
		}
		if got := s.Cases("fjord", []string{}); got == nil || len(got) > 0 {
			t.Errorf("%s (%s): no case is wanted, and %v let through", name, tc.reason, got)
		}
	}
}

// TestScopeWithin: what a narrowed scope lets through is what both let through.
func TestScopeWithin(t *testing.T) {
	id := number(t, synthetic)
	whole := caller.Principal{Kind: caller.Person, NationalID: id}.Scope()
	letter := caller.Principal{Kind: caller.LetterCase, NationalID: id,
		Case: caller.CaseKey{Agency: "fjord", ID: "2"}}.Scope()
	for name, tc := range map[string]struct {
		reason      string
		scope       caller.Scope
		agencies    []string
		fjord, lita []string // the cases in scope there
	}{
		"one":            {"that one alone", whole, []string{"fjord"}, nil, []string{}},
		"both":           {"each of them", whole, []string{"fjord", "lita"}, nil, nil},
		"none":           {"none, and not all", whole, []string{}, []string{}, []string{}},
		"unknown":        {"one that is not there opens nothing", whole, []string{"x"}, []string{}, []string{}},
		"letter":         {"its one case", letter, []string{"fjord", "lita"}, []string{"2"}, []string{}},
		"letter, others": {"nothing of its own", letter, []string{"lita"}, []string{}, []string{}},
		"nobody":         {"nobody has anything", caller.Scope{}, []string{"fjord"}, []string{}, []string{}},
	} {
		got := tc.scope.Within(tc.agencies)
		for code, want := range map[string][]string{"fjord": tc.fjord, "lita": tc.lita} {
			if diff := cmp.Diff(want, got.Cases(code, nil)); diff != "" || got.Covers(code) != (want == nil || len(want) > 0) {
				t.Errorf("%s (%s): at %s, covered %v (-want +got)\n%s", name, tc.reason, code, got.Covers(code), diff)
			}
		}
		if !got.NationalID().IsZero() && got.NationalID() != tc.scope.NationalID() {
			t.Errorf("%s: it is another person's", name)
		}
	}
}

var today = norway.MustDate("2026-03-01")

func number(t *testing.T, digits string) norway.NationalID {
	t.Helper()
	id, err := norway.ParseNationalID(digits)
	if err != nil {
		t.Fatal(err)
	}
	return id
}

func TestAuthority(t *testing.T) {
	grantor, attorney, other := number(t, synthetic), number(t, "29822099635"), number(t, third)
	person := func(id norway.NationalID) caller.Principal {
		return caller.Principal{Kind: caller.Person, NationalID: id, Name: "Per"}
	}
	ofOrg := func(number string) caller.Principal {
		p := person(attorney)
		p.OrgNumber = number
		return p
	}
	toOrg := func(a *caller.Authority) { a.Attorney, a.OrgNumber = norway.NationalID{}, "987654325" }
	good := caller.Authority{ID: "1", Grantor: grantor, Attorney: attorney, Agencies: []string{"fjord"}, From: today,
		To: today}
	acting, err := person(attorney).Under(good, today)
	if err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		p      caller.Principal
		change func(*caller.Authority)
		ok     bool
	}{
		"good":        {"its only day", person(attorney), func(*caller.Authority) {}, true},
		"without end": {"until it is revoked", person(attorney), func(a *caller.Authority) { a.To = 0 }, true},
		"tomorrow":    {"not yet", person(attorney), func(a *caller.Authority) { a.From = today + 1; a.To = 0 }, false},
		"yesterday": {"no more", person(attorney), func(a *caller.Authority) { a.From = today - 9; a.To = today - 1 },
			false},
		"another's":     {"given to somebody else", person(other), func(*caller.Authority) {}, false},
		"the grantor's": {"who needs none", person(grantor), func(*caller.Authority) {}, false},
		"nobody's": {"two empty numbers are not the same person", person(norway.NationalID{}),
			func(a *caller.Authority) { a.Attorney = norway.NationalID{} }, false},
		"of nobody": {"no grantor", person(attorney), func(a *caller.Authority) { a.Grantor = norway.NationalID{} },
			false},
		"covers nothing": {"empty lists are not everything", person(attorney), func(a *caller.Authority) { a.Agencies = nil },
			false},
		"covers no name": {"nor are empty names", person(attorney), func(a *caller.Authority) {
			a.Agencies = []string{""}
			a.Cases = []caller.CaseKey{{Agency: "fjord"}, {ID: "1"}}
		}, false},
		"in a chain": {"an attorney cannot hand it on", acting,
			func(a *caller.Authority) { a.Attorney = attorney }, false},
		"by letter": {"a letter proves no attorney", caller.Principal{Kind: caller.LetterCase,
			NationalID: attorney}, func(*caller.Authority) {}, false},
		"by staff": {"staff has its own way", caller.Principal{Kind: caller.Staff, NationalID: attorney,
			Agency: "fjord", Role: caller.CaseWorker}, func(*caller.Authority) {}, false},
		"agency and case": {"both", person(attorney),
			func(a *caller.Authority) { a.Cases = []caller.CaseKey{{Agency: "lita", ID: "1"}} }, true},
		"organisation's":   {"whoever is logged in for it", ofOrg("987654325"), toOrg, true},
		"another's people": {"of another organisation", ofOrg("123456785"), toOrg, false},
		"a person's":       {"who represents an organisation is not it", person(other), toOrg, false},
		"of no organisation": {"two empty numbers are not the same organisation", person(other),
			func(a *caller.Authority) { a.Attorney = norway.NationalID{} }, false},
		"organisation's letter": {"a letter proves no organisation",
			caller.Principal{Kind: caller.LetterCase, NationalID: attorney, OrgNumber: "987654325"}, toOrg, false},
		"one of two cases": {"one without a name is left out", person(attorney), func(a *caller.Authority) {
			a.Agencies, a.Cases = nil, []caller.CaseKey{{}, {Agency: "lita", ID: "1"}}
		}, true},
	}
	for name, tc := range cases {
		a := good
		tc.change(&a)
		p, err := tc.p.Under(a, today)
		if (err == nil) != tc.ok || err != nil && (!errors.Is(err, caller.ErrNoAuthority) || p != (caller.Principal{})) {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
		if err == nil && (p.Scope().NationalID() != grantor || p.SubjectName() != "" || p.NationalID != attorney) {
			t.Errorf("%s (%s): the scope is not the grantor's, or the name is the attorney's", name, tc.reason)
		}
		if got, ok := p.Authority(); ok != tc.ok || ok && got.ID != "1" {
			t.Errorf("%s (%s): authority %v", name, tc.reason, ok)
		}
	}
	if text := fmt.Sprintf("%v %+v", acting, acting.Scope()); text != "a caller known to  [scope]" {
		t.Errorf("it prints as %q", text)
	}
}

// TestScopeIsNotTheCallers: whoever holds the list that a scope was made from cannot widen it.
func TestScopeIsNotTheCallers(t *testing.T) {
	id, attorney := number(t, synthetic), number(t, "29822099635")
	a := caller.Authority{Grantor: id, Attorney: attorney, Cases: []caller.CaseKey{{Agency: "fjord", ID: "1"}}}
	p, err := caller.Principal{Kind: caller.Person, NationalID: attorney}.Under(a, today)
	if err != nil {
		t.Fatal(err)
	}
	a.Cases[0].ID = "2"
	p.Scope().Cases("fjord", nil)[0] = "3"
	if got := p.Scope().Cases("fjord", nil); len(got) != 1 || got[0] != "1" {
		t.Errorf("the scope is now %v", got)
	}
}

func TestContext(t *testing.T) {
	if _, ok := caller.FromContext(t.Context()); ok {
		t.Error("a bare context has a caller")
	}
	p := caller.Principal{Kind: caller.Person, Name: "Kari Nordmann"}
	if got, ok := caller.FromContext(caller.NewContext(context.Background(), p)); !ok || got != p {
		t.Error("the caller is not carried")
	}
}

// TestStoredScope: what is at rest is the same scope, never a wider one.
func TestStoredScope(t *testing.T) {
	id := number(t, synthetic)
	for name, scope := range map[string]caller.Scope{
		"person": caller.Principal{Kind: caller.Person, NationalID: id}.Scope(),
		"letter": caller.Principal{Kind: caller.LetterCase, NationalID: id,
			Case: caller.CaseKey{Agency: "fjord", ID: "1"}}.Scope(),
	} {
		text, err := scope.Encode()
		if err != nil {
			t.Fatal(err)
		}
		got, err := caller.DecodeScope(text)
		if err != nil || got.NationalID() != scope.NationalID() {
			t.Errorf("%s: %v", name, err)
		}
		for _, agency := range []string{"fjord", "lita"} {
			if diff := cmp.Diff(scope.Cases(agency, []string{"1", "2"}), got.Cases(agency, []string{"1", "2"})); diff != "" ||
				got.Covers(agency) != scope.Covers(agency) {
				t.Errorf("%s at %s: %s", name, agency, diff)
			}
		}
	}
	for _, text := range []string{"", "{}", `{"nationalId": "12345678901"}`} {
		if s, err := caller.DecodeScope([]byte(text)); err == nil || !s.IsZero() {
			t.Errorf("%q is a scope", text)
		}
	}
}

// TestScopeOfACase: who came in with a letter has that case, whoever its debtor is, and the
// scope is the same when a job takes it up.
func TestScopeOfACase(t *testing.T) {
	t.Parallel()
	key := caller.CaseKey{Agency: "lita", ID: "7"}
	for name, tc := range map[string]struct {
		reason string
		p      caller.Principal
		zero   bool
	}{
		"known": {"the debtor's number is kept beside it", caller.Principal{Kind: caller.LetterCase, Case: key,
			NationalID: number(t, synthetic)}, false},
		"unknown": {"an agency may know no number", caller.Principal{Kind: caller.LetterCase, Case: key}, false},
		"no agency": {"a case is somewhere", caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{ID: "7"},
			NationalID: number(t, synthetic)}, true},
		"no case": {"an empty key opens nothing", caller.Principal{Kind: caller.LetterCase,
			Case: caller.CaseKey{Agency: "lita"}, NationalID: number(t, synthetic)}, true},
	} {
		s := tc.p.Scope()
		if s.IsZero() != tc.zero || s.Covers("lita") == tc.zero || s.Covers("fjord") || s.Covers("") {
			t.Errorf("%s (%s): zero %v, covers lita %v", name, tc.reason, s.IsZero(), s.Covers("lita"))
		}
		if tc.zero {
			continue
		}
		text, err := s.Encode()
		if err != nil {
			t.Fatal(err)
		}
		back, err := caller.DecodeScope(text)
		one, ok := back.Case()
		if err != nil || !ok || one != key || back.NationalID() != tc.p.NationalID {
			t.Errorf("%s: it comes back as another one, %v", name, err)
		}
		if got := back.Cases("lita", nil); len(got) != 1 || got[0] != "7" {
			t.Errorf("%s: the cases are %q", name, got)
		}
		if got := back.Cases("lita", []string{"8", "7"}); len(got) != 1 || got[0] != "7" {
			t.Errorf("%s: of two wanted it has %q", name, got)
		}
		if got := back.Cases("fjord", nil); got == nil || len(got) != 0 {
			t.Errorf("%s: elsewhere it has %q", name, got)
		}
	}
	for _, text := range []string{`{"case": {"agency": "lita"}}`, `{"case": {"id": "7"}}`,
		`{"nationalId": "1", "limited": true}`, `{}`} {
		if s, err := caller.DecodeScope([]byte(text)); err == nil {
			t.Errorf("%s is read as %v", text, s)
		}
	}
}

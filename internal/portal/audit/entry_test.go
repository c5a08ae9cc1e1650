package audit_test

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// A synthetic national identity number, which must be nowhere.
const number = "17912099997"

func staffSays(reason string) func(*audit.Look) {
	return func(l *audit.Look) { *l = byStaff(8, 1, "fjord"); l.Ground.Reason = reason }
}

// TestNewRefuses: what no entry may be.
func TestNewRefuses(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(*audit.Look)
	}{
		"no instant":      {"when is the least", func(l *audit.Look) { l.At = time.Time{} }},
		"no actor":        {"who is the least", func(l *audit.Look) { l.Actor = audit.Actor{} }},
		"unknown kind":    {"a closed set", func(l *audit.Look) { l.Actor.Kind = "GUEST" }},
		"no reference":    {"only the system is nobody", func(l *audit.Look) { l.Actor.Reference = audit.Reference{} }},
		"system somebody": {"a job is nobody", func(l *audit.Look) { l.Actor.Kind = audit.System }},
		"unknown somebody": {"whoever is known is not unknown",
			func(l *audit.Look) { *l = tried(1); l.Actor.Reference = person(1) }},
		"unknown let in": {"who proved nothing sees nothing",
			func(l *audit.Look) { *l = tried(1); l.Outcome = audit.OK }},
		"unknown, at nobody": {"a try is at somebody's case",
			func(l *audit.Look) { *l = tried(1); l.Subject = audit.Reference{} }},
		"unknown, own":       {"it may be anybody", func(l *audit.Look) { *l = tried(1); l.Ground.Basis = audit.Own }},
		"no subject":         {"for whom", func(l *audit.Look) { l.Subject = audit.Reference{} }},
		"another's own":      {"a debtor's own data is the debtor's", func(l *audit.Look) { l.Subject = person(2) }},
		"person with agency": {"debtors work for no agency here", func(l *audit.Look) { l.Actor.Agency = "fjord" }},
		"staff of nowhere": {"the debtor is told where staff works",
			func(l *audit.Look) { *l = byStaff(8, 1, "fjord"); l.Actor.Agency = "" }},
		"staff of a number": {"no code", func(l *audit.Look) { *l = byStaff(8, 1, "fjord"); l.Actor.Agency = number }},
		"no ground":         {"why is the least", func(l *audit.Look) { l.Ground = audit.Ground{} }},
		"debtor as staff": {"each kind has its ground", func(l *audit.Look) {
			l.Ground = audit.Ground{Basis: audit.Staff,
				Reason: "x"}
		}},
		"staff without reason": {"the reason is what the debtor reads", staffSays("")},
		"debtor with reason":   {"debtors need none", func(l *audit.Look) { l.Ground.Reason = "fordi" }},
		"attorney without id": {"which power of attorney", func(l *audit.Look) {
			l.Actor.Kind,
				l.Ground.Basis = audit.Attorney, audit.PowerOfAttorney
		}},
		"id without attorney": {"it is no such ground", func(l *audit.Look) { l.Ground.Attorney = "4711" }},
		"attorney by number": {"an id is no person", func(l *audit.Look) {
			l.Actor.Kind, l.Ground = audit.Attorney, audit.Ground{Basis: audit.PowerOfAttorney, Attorney: number}
		}},
		"system without ground": {"a job acts on somebody's ground",
			func(l *audit.Look) { l.Actor, l.Ground = audit.Actor{Kind: audit.System}, audit.Ground{} }},
		"no action": {"what was done", func(l *audit.Look) { l.Action = "" }},
		"action with a value": {"names of the schema have no values",
			func(l *audit.Look) { l.Action = "submitObjection(id: 5)" }},
		"long action": {"names are short", func(l *audit.Look) { l.Action = strings.Repeat("a", 65) }},
		"no outcome":  {"a closed set", func(l *audit.Look) { l.Outcome = "" }},
		"what with a value": {"coordinates have no values",
			func(l *audit.Look) { l.What = []string{"viewer.cases(first: 5)"} }},
		"what with a number": {"coordinates have no digits", func(l *audit.Look) {
			l.What = []string{"node:" +
				number}
		}},
		"what of nothing":         {"an empty coordinate", func(l *audit.Look) { l.What = []string{""} }},
		"long what":               {"the list is short", func(l *audit.Look) { l.What = make([]string, 33) }},
		"agency of a number":      {"no code", func(l *audit.Look) { l.Agencies = []string{number} }},
		"agency with a name":      {"no code", func(l *audit.Look) { l.Agencies = []string{"Fjord Inkasso AS"} }},
		"case of nowhere":         {"a key has two parts", func(l *audit.Look) { l.Cases = []audit.Case{{ID: "5"}} }},
		"case without id":         {"a key has two parts", func(l *audit.Look) { l.Cases = []audit.Case{{Agency: "fjord"}} }},
		"reason: number":          {"nobody's number", staffSays("gjelder " + number)},
		"reason: number in parts": {"as people write it", staffSays("f.nr. 179120 99997, ringte")},
		"reason: dotted":          {"as people write it", staffSays("17.91.20 99997")},
		"reason: account":         {"eleven digits", staffSays("konto 12345678903")},
		"reason: KID":             {"longer still", staffSays("KID 1234567890123456")},
		"reason: long":            {"it is a reason, no report", staffSays(strings.Repeat("å", 501))},
		"reason: lines":           {"it goes into a list", staffSays("en\nto")},
		"reason: control":         {"nobody typed that", staffSays("a\x00b")},
		"reason: broken":          {"no text", staffSays("a\xff")},
		"reason: blank":           {"says nothing", staffSays("   ")},
	}
	for name, tc := range cases {
		l := own(1)
		tc.change(&l)
		e, err := audit.New(l)
		if err == nil {
			t.Errorf("%s is taken: %s", name, tc.reason)
			continue
		}
		if f := fault.Of(err); strings.HasPrefix(name, "reason: ") != (f.Field == "reason" && len(l.Ground.Reason) > 0 &&
			l.Actor.Kind != audit.Person) {
			t.Errorf("%s: a person can mend the reason alone: %v", name, err)
		}
		if strings.Contains(err.Error(), number) || strings.Contains(err.Error(), "Inkasso AS") {
			t.Errorf("%s: the value is in the error: %v", name, err)
		}
		if !cmp.Equal(e, audit.Entry{}, cmp.AllowUnexported(audit.Entry{})) {
			t.Errorf("%s gives an entry", name)
		}
	}
}

// unlucky is a UUID that has, in groups, what could be a national identity number.
const unlucky = "f84a5841-4135-461c-bcc4-e8767e9704dd"

// TestNewTakes: what is unusual and right.
func TestNewTakes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		change func(*audit.Look)
	}{
		"nothing read": {"a denied look", func(l *audit.Look) {
			l.What, l.Agencies, l.Cases, l.Outcome = nil, nil, nil,
				audit.Denied
		}},
		"staff on nobody": {"a queue without persons", func(l *audit.Look) {
			*l = byStaff(8, 1,
				"fjord")
			l.Subject = audit.Reference{}
		}},
		"system for staff": {"it goes on with what staff began", func(l *audit.Look) {
			l.Actor, l.Ground = audit.Actor{Kind: audit.System}, audit.Ground{Basis: audit.Staff, Reason: "x"}
		}},
		"attorney by chance": {"the digits of a UUID are nobody's number", func(l *audit.Look) {
			l.Actor.Kind, l.Ground = audit.Attorney, audit.Ground{Basis: audit.PowerOfAttorney, Attorney: unlucky}
		}},
		"reason: a case":       {"case numbers are no persons", staffSays("sak 100005, se også 2024/17-3")},
		"reason: eleven words": {"commas part numbers", staffSays("sak 100005, 100006 og 77")},
		"reason: all of it":    {"500 characters", staffSays(strings.Repeat("å", 500))},
	}
	for name, tc := range cases {
		l := own(1)
		tc.change(&l)
		if _, err := audit.New(l); err != nil {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

// TestWithheld: what comes from a machine elsewhere is left out when it is about a person,
// and the rest of the entry stands.
func TestWithheld(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	cases := map[string]struct{ reason, given, want string }{
		"a key":         {"as it is", "100005", "100005"},
		"uuid":          {"as it is", "0f8fad5b-d9cb-469f-a165-70867728950e", "0f8fad5b-d9cb-469f-a165-70867728950e"},
		"slashes":       {"the first parts agency and id", "2024/17/å", "2024/17/å"},
		"number":        {"an agency that has the person as the key", number, "withheld"},
		"unlucky uuid":  {"its digits are chance", unlucky, unlucky},
		"with a suffix": {"the person and a count", number + "-2", "withheld"},
		"near number":   {"eleven digits that are nobody's", "17912099998", "17912099998"},
		"longer":        {"a longer number is another", number + "0", number + "0"},
		"endless":       {"no key is so long", strings.Repeat("1", 101), "withheld"},
		"control":       {"no key has that", "a\x00", "withheld"},
		"broken":        {"no text", "a\xff", "withheld"},
	}
	for name, tc := range cases {
		look := act(1)
		look.Cases = []audit.Case{{Agency: "fjord", ID: tc.given}}
		look.Request, look.Client = number, "x y"
		check(t, l.Record(t.Context(), entry(t, look)))
		var request, client string
		var keys []string
		check(t,
			db.Conn().QueryRow(t.Context(),
				"select request, client, cases from portal.access_log order by xmin::text::bigint desc limit 1").Scan(&request,
				&client, &keys))
		if diff := cmp.Diff([]string{"fjord/" + tc.want}, keys); diff != "" || request != "withheld" || client != "withheld" {
			t.Errorf("%s (%s): %s %s %s", name, tc.reason, request, client, diff)
		}
	}
}

// TestManyCases: what a list cannot hold is said to be missing.
func TestManyCases(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	for n, cut := range map[int]bool{audit.MaxCases: false, audit.MaxCases + 1: true} {
		look := own(byte(n))
		look.Action, look.Cases = "submitObjection", make([]audit.Case, n)
		for i := range look.Cases {
			look.Cases[i] = audit.Case{Agency: "fjord", ID: fmt.Sprint(i)}
		}
		look.Cases = append(slices.Repeat(look.Cases[:1], 50), look.Cases...)
		check(t, l.Record(t.Context(), entry(t, look)))
		got := pageOf(t, l, byte(n)).Nodes[0]
		if len(got.Cases) != audit.MaxCases || got.CasesCut != cut {
			t.Errorf("of %d cases %d are there, cut: %t", n, len(got.Cases), got.CasesCut)
		}
	}
}

// TestNoCaseIsPushedOut: whatever is asked for how often, each case is named, in as many entries as
// it takes.
func TestNoCaseIsPushedOut(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	key, err := portal.NewSecret(make([]byte, portal.SecretSize))
	check(t, err)
	word := func(context.Context) string { return "x" }
	r := audit.Recorder{Log: l, Secret: key, Now: time.Now, Request: word, Client: word}
	who := caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: "fjord", ID: "1"}}
	for others, entries := range map[int]int{0: 1, 11: 1, 99: 1, 100: 2, 250: 3} {
		cases := slices.Repeat([]audit.Case{{Agency: "fjord", ID: "decoy"}}, 100)
		want := map[audit.Case]bool{cases[0]: true}
		for i := range others {
			c := audit.Case{Agency: "fjord", ID: fmt.Sprint(i)}
			cases, want[c] = append(cases, c, c), true
		}
		before := audit.SubjectOf(key, who)
		had, err := l.OfSubject(t.Context(), refs(before), nil, page.Args{First: new(100)})
		check(t, err)
		check(t, r.Record(t.Context(), who, audit.Look{Action: "act", What: []string{"node"}, Agencies: []string{"fjord"},
			Cases: cases, Outcome: audit.OK}))
		has, err := l.OfSubject(t.Context(), refs(before), nil, page.Args{First: new(100)})
		check(t, err)
		got, fresh := map[audit.Case]bool{}, has.Nodes[:len(has.Nodes)-len(had.Nodes)]
		for _, e := range fresh {
			for _, c := range e.Cases {
				got[c] = true
			}
			if e.CasesCut {
				t.Errorf("an entry says that cases are missing")
			}
		}
		if diff := cmp.Diff(want, got); diff != "" || len(fresh) != entries {
			t.Errorf("%d others: %d entries, want %d (-want +got):\n%s", others, len(fresh), entries, diff)
		}
	}
}

// TestNoNumberPasses: no national identity number gets into an entry, wherever it stands.
func TestNoNumberPasses(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		id, ok := norway.CheckNationalID(rapid.StringMatching(`(0[1-9]|[12][0-9])(0[1-9]|1[0-2]|8[1-9])[0-9]{5}`).Draw(t,
			"nine digits"))
		if !ok {
			t.Skip("no check digits")
		}
		digits := id.Reveal()
		if gap := rapid.SampledFrom([]string{"", " ", ".", "-", "\u00a0", "/"}).Draw(t, "gap"); gap != "" {
			digits = digits[:6] + gap + digits[6:]
		}
		words := rapid.SampledFrom([]string{"", "sak ", "nr.", "x", "æ: "})
		text := words.Draw(t, "before") + digits + words.Draw(t, "behind")
		l := byStaff(8, 1, "fjord")
		l.Ground.Reason = text
		if _, err := audit.New(l); fault.Of(err).Field != "reason" {
			t.Errorf("the reason %q: %v", text, err)
		}
	})
}

func TestClientName(t *testing.T) {
	t.Parallel()
	cases := map[string]struct{ reason, header, agent, want string }{
		"header":    {"a frontend says who it is", "min-side/3.2.1", "Mozilla/5.0 Firefox/145.0", "min-side/3.2.1"},
		"free text": {"it is no place for messages", "Kari sin telefon", "Mozilla/5.0 Firefox/145.0", "Firefox"},
		"long":      {"64 characters", strings.Repeat("a", 65), "curl/8.5", "curl"},
		"number":    {"nobody's number", number, "", "none"},
		"chrome": {"which claims to be Safari", "",
			"Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36", "Chrome"},
		"edge": {"which claims to be Chrome", "",
			"Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36 Edg/143.0",
			"Edge"},
		"safari": {"a telephone, but not which", "",
			"Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 Version/19.1 Mobile/15E148 Safari/604.1", "Safari"},
		"unknown":      {"its text stays out", "", "KariBot 1.0", "other"},
		"nothing":      {"allowed", "", "", "none"},
		"says nothing": {"a name it may not take", "withheld", "curl/8.5", "curl"},
	}
	for name, tc := range cases {
		if got := audit.ClientName(tc.header, tc.agent); got != tc.want {
			t.Errorf("%s: %q, want %q: %s", name, got, tc.want, tc.reason)
		}
	}
}

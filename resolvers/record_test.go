package resolvers_test

import (
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const logQuery = `{ viewer { accessLog(first: 50) { nodes { kind staffAgency own ground powerOfAttorney reason action what agencies caseIds outcome } } } }`

// seen returns what the subject reads of who has looked, the latest first, without the
// looks at the log itself.
func (p *portal) seen(s *subject) []any {
	p.t.Helper()
	if err := p.log.Flush(p.t.Context()); err != nil {
		p.t.Fatal(err)
	}
	var rest []any
	for _, e := range at(p.get(s.id, logQuery, nil), "viewer", "accessLog", "nodes").([]any) {
		if what := at(e, "what").([]any); len(what) != 1 || what[0] != "viewer.accessLog" {
			rest = append(rest, e)
		}
	}
	return rest
}

// TestEveryLookIsRecorded: the person reads who has looked at her data, on which ground.
func TestEveryLookIsRecorded(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("letter", s.letter)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("otherWorker", staff(caller.CaseWorker, people.Lita))
	all := []any{"fjord", "tradisjon", "lita"}
	power := p.resolver.IDs.Seal(debt.Key{Kind: debt.KindPowerOfAttorney, ID: "1"})
	lookup := fmt.Sprintf(`{ staff { person(input: {by: {caseNumber: %q}, reason: "she has called about it"}) { overview { openCaseCount } nationalId(reveal: true, reason: "the bank asks for it") } } }`, s.caseNumber)
	cases := []struct {
		reason, as, query string
		want              map[string]any
	}{
		{"her own look", s.id.Reveal(),
			`{ viewer { name ...F } agencies { name } } fragment F on Viewer { overview { openCaseCount } }`,
			map[string]any{"kind": "PERSON", "own": true, "ground": "OWN", "what": []any{"viewer.name", "viewer.overview"},
				"agencies": all}},
		{"one object", s.id.Reveal(), fmt.Sprintf(`{ node(id: %q) { id } }`, s.caseID),
			map[string]any{"kind": "PERSON", "own": true, "ground": "OWN", "what": []any{"node"}, "agencies": []any{s.code},
				"caseIds": []any{s.caseID}}},
		{"the letter of one case", "letter", `{ viewer { cases { totalCount } } }`,
			map[string]any{"kind": "CASE_LOGIN", "own": true, "ground": "CASE_LOGIN", "what": []any{"viewer.cases"},
				"agencies": []any{s.code}}},
		{"her attorney", "attorney", `{ viewer { overview { openCaseCount } } }`,
			map[string]any{"kind": "ATTORNEY", "own": false, "ground": "POWER_OF_ATTORNEY", "powerOfAttorney": power,
				"what": []any{"viewer.overview"}, "agencies": []any{s.code}}},
		{"staff that reveals her number", "worker", lookup,
			map[string]any{"kind": "CASE_WORKER", "own": false, "ground": "STAFF", "staffAgency": s.code,
				"reason": "the bank asks for it", "what": []any{"staff.person.nationalId"}, "agencies": []any{s.code}}},
		{"what she may not", s.id.Reveal(), `{ viewer { cases { nodes { fees { overStatutoryCap } } } } }`,
			map[string]any{"kind": "PERSON", "own": true, "ground": "OWN", "what": []any{"viewer.cases"}, "outcome": "DENIED"}},
		{"an act that did nothing", s.id.Reveal(), `mutation { acceptPaymentSolution(input: {idempotencyKey: "` +
			uuid.NewString() + `", offerId: "none"}) { userErrors { code } } }`,
			map[string]any{"kind": "PERSON", "own": true, "ground": "OWN", "action": "acceptPaymentSolution",
				"outcome": "FAILED"}},
	}
	for _, tc := range cases {
		before := len(p.seen(s))
		a := p.askAs(tc.as, tc.query, nil)
		got := p.seen(s)
		if len(got) <= before {
			t.Errorf("%s is not recorded: %s", tc.reason, a.Raw)
			continue
		}
		want := map[string]any{"action": "query", "agencies": []any{}, "caseIds": []any{}, "what": []any{}, "outcome": "OK",
			"reason": nil, "staffAgency": nil, "powerOfAttorney": nil}
		for k, v := range tc.want {
			want[k] = v
		}
		if diff := cmp.Diff(want, got[0]); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
		}
	}
	if n := len(p.seen(s)); n > 0 {
		looks := p.seen(s)
		if at(looks[2], "reason") != "the bank asks for it" || at(looks[3], "reason") != "she has called about it" {
			t.Errorf("both looks of the case worker are there, with their reasons: %v", looks[2:4])
		}
	}
	p.askAs("otherWorker", lookup, nil) // finds nobody: not hers
	if got := p.seen(s); at(got[0], "kind") == "CASE_WORKER" && at(got[0], "staffAgency") == people.Lita {
		t.Errorf("a look that found nobody is told as one at her: %v", got[0])
	}
}

// TestEveryActIsRecorded: an operation with two acts has two entries, each with what came of it.
func TestEveryActIsRecorded(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.sameDay()
	p.get(kari(), `mutation($good: AcceptPaymentSolutionInput!, $bad: AcceptPaymentSolutionInput!) {
		good: acceptPaymentSolution(input: $good) { userErrors { code } } bad: acceptPaymentSolution(input: $bad) { userErrors { code } } }`,
		map[string]any{
			"good": map[string]any{"idempotencyKey": uuid.New(), "offerId": at(p.offers("6000.00")["LOWEST_COST"], "offerId")},
			"bad":  map[string]any{"idempotencyKey": uuid.New(), "offerId": "none"},
		})
	outcomes := map[any]int{}
	for _, e := range p.seen(&subject{id: kari()}) {
		if at(e, "action") == "acceptPaymentSolution" {
			outcomes[at(e, "outcome")]++
		}
	}
	if diff := cmp.Diff(map[any]int{"OK": 1, "FAILED": 1}, outcomes); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

// TestRefusedActs: an act that userErrors refused did nothing, and the log says so of each
// mutation, beside one that was done.
func TestRefusedActs(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	key := func() string { return fmt.Sprintf("idempotencyKey: %q", uuid.NewString()) }
	for _, a := range p.resolver.Acts.All() {
		if a.Who&act.AtDesk != 0 {
			continue // a decision that is not stored has shown nothing of anybody
		}
		name := a.Name.Mutation()
		who, asked := p.suiting(a)
		good := fmt.Sprintf(`submitPrivacyRequest(input: {%s, kind: QUESTION, text: "Why?"}) { userErrors { code } }`, key())
		got := p.get(who, fmt.Sprintf(`mutation { good: %s bad: %s%s { userErrors { code } } }`, good, name,
			p.argument(a, uuid.New(), asked.Bad[0].Input)), nil)
		if at(got, "bad", "userErrors", 0) == nil || at(got, "good", "userErrors", 0) != nil {
			t.Fatalf("%s: %v", name, got)
		}
		seen := p.seen(&subject{id: who})
		for i, want := range []map[string]any{{"action": name, "outcome": "FAILED"},
			{"action": "submitPrivacyRequest", "outcome": "OK"}} {
			if e := at(seen, i); at(e, "action") != want["action"] || at(e, "outcome") != want["outcome"] {
				t.Errorf("%s, with a good act before: entry %d is %v, want %v", name, i, e, want)
			}
		}
	}
}

// TestActsOnRecord: an act is recorded for what came of it alone.
func TestActsOnRecord(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := &subject{id: kari()}
	key := func() string { return fmt.Sprintf("idempotencyKey: %q", uuid.NewString()) }
	correct := func() string {
		return `correctContactData(input: {` + key() + `, language: NN}) { userErrors { code } agencies { status } } `
	}
	submit := func() string {
		return `submitPrivacyRequest(input: {` + key() + `, kind: QUESTION, text: "Why?"}) { userErrors { code } } `
	}
	for range 20 { // as many as may be open
		p.get(s.id, "mutation { "+submit()+"}", nil)
	}
	for _, tc := range []struct {
		reason, acts string
		prepare      func()
		want         []string // the latest first
	}{
		{"an error is that of its own act", correct() + submit(), func() {},
			[]string{"submitPrivacyRequest FAILED", "correctContactData OK"}},
		{"a public act of somebody who is logged in", `orderNewCredentials(input: {` + key() +
			`, agency: "fjord", caseNumber: "0"}) { sentBy }`, func() {}, []string{"orderNewCredentials OK"}},
		{"stored, and one agency is told later", correct(), func() { p.line(people.Lita, false) }, []string{"correctContactData OK"}},
	} {
		tc.prepare()
		before := len(p.seen(s))
		a := p.ask(s.id, "mutation { "+tc.acts+" }", nil)
		var got []string
		for _, e := range p.seen(s)[:len(tc.want)] {
			got = append(got, fmt.Sprint(at(e, "action"), " ", at(e, "outcome")))
		}
		if diff := cmp.Diff(tc.want, got); diff != "" || len(p.seen(s)) != before+len(tc.want) {
			t.Errorf("%s (-want +got):\n%s%s", tc.reason, diff, a.Raw)
		}
	}
}

// TestReview: an auditor reads what was looked at in the own agency, persons as references,
// and the review is itself on record.
func TestReview(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("auditor", staff(caller.Auditor, s.code))
	p.know("elsewhere", staff(caller.Auditor, people.Tradisjon))
	p.askAs("worker",
		fmt.Sprintf(`{ staff { person(input: {by: {caseNumber: %q}, reason: "she has called about it"}) { debtors { id } } } }`,
			s.caseNumber), nil)
	if err := p.log.Flush(t.Context()); err != nil {
		t.Fatal(err)
	}
	review := func(as, filter string) answer {
		return p.askAs(as, `{ staff { accessLog(reason: "the yearly review", filter: {`+filter+
			`}) { nodes { kind actor subject reason what client } pageInfo { hasNextPage } } } }`, nil)
	}
	ours := review("auditor", fmt.Sprintf("nationalId: %q", s.id.Reveal()))
	var worker any
	for _, e := range at(ours.object(t), "staff", "accessLog", "nodes").([]any) {
		if at(e, "kind") == "CASE_WORKER" {
			worker = e
		}
	}
	if worker == nil || at(worker, "reason") != "she has called about it" || at(worker, "actor") == nil ||
		at(worker, "subject") == nil {
		t.Fatalf("the case worker's look: %s", ours.Raw)
	}
	if strings.Contains(ours.Raw, s.id.Reveal()) {
		t.Errorf("the review names her: %s", ours.Raw)
	}
	byActor := review("auditor", fmt.Sprintf("actor: %q", at(worker, "actor")))
	if list := at(byActor.object(t), "staff", "accessLog", "nodes").([]any); len(list) != 1 {
		t.Errorf("of one actor: %s", byActor.Raw)
	}
	if other := review("elsewhere", fmt.Sprintf("actor: %q", at(worker, "actor"))); len(at(other.object(t), "staff",
		"accessLog", "nodes").([]any)) != 0 {
		t.Errorf("another agency's auditor sees it: %s", other.Raw)
	}
	if again := review("auditor", ""); !strings.Contains(again.Raw, "the yearly review") {
		t.Errorf("the review is not on record: %s", again.Raw)
	}
	for _, filter := range []string{`actor: "nobody"`, fmt.Sprintf("case: %q",
		at(p.get(s.id, `{ viewer { debtors { id } } }`, nil), "viewer", "debtors", 0, "id"))} {
		if a := review("auditor", filter); len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
			t.Errorf("%s: %s", filter, a.Raw)
		}
	}
}

// TestFailedLook: a look of staff that failed is on record like one that did not, with the
// reason that was given; to the person too, where she was asked for by her number.
func TestFailedLook(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, s.code))
	p.know("auditor", staff(caller.Auditor, s.code))
	p.line(s.code, false)
	for by, who := range map[string]string{"number": fmt.Sprintf("caseNumber: %q", s.caseNumber),
		"person": fmt.Sprintf("nationalId: %q", s.id.Reveal())} {
		a := p.askAs("worker",
			fmt.Sprintf(`{ staff { person(input: {by: {%s}, reason: "she called, by %s"}) { debtors { id } } } }`, who, by), nil)
		if a.codes() != "[AGENCY_UNAVAILABLE]" {
			t.Errorf("by %s: %s", by, a.Raw)
		}
		a = p.askAs("auditor",
			`{ staff { accessLog(first: 10, reason: "the yearly review") { nodes { kind outcome reason subject what } } } }`,
			nil)
		var got any
		for _, e := range at(a.object(t), "staff", "accessLog", "nodes").([]any) {
			if at(e, "reason") == "she called, by "+by {
				got = e
			}
		}
		if at(got, "outcome") != "FAILED" || at(got, "kind") != "CASE_WORKER" ||
			cmp.Diff([]any{"staff.person"}, at(got, "what")) != "" || (at(got, "subject") != nil) != (by == "person") {
			t.Errorf("by %s: %v in %s", by, got, a.Raw)
		}
	}
	p.line(s.code, true)
	if got := p.seen(s); len(got) == 0 || at(got[0], "reason") != "she called, by person" ||
		at(got[0], "outcome") != "FAILED" || at(got[0], "staffAgency") != s.code {
		t.Errorf("she is not told: %v", got[:min(len(got), 2)])
	}
	before := len(p.seen(s))
	p.askAs("worker",
		fmt.Sprintf(`{ staff { person(input: {by: {caseNumber: %q, nationalId: %q}, reason: "she called, by both"}) { debtors { id } } } }`, s.caseNumber, s.id.Reveal()), nil)
	if got := p.seen(s); len(got) != before {
		t.Errorf("input that cannot be used is no look: %v", got[0])
	}
}

// TestWithoutPortal: with the portal database gone a person still reads her own data; what
// others would see is withheld.
func TestWithoutPortal(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	p.know("worker", staff(caller.CaseWorker, s.code))
	if _, err := p.ours.Conn().Exec(t.Context(), "revoke usage on schema portal from oversikt_portal"); err != nil {
		t.Fatal(err)
	}
	if a := p.ask(s.id, `{ viewer { overview { openCaseCount } } }`, nil); len(a.Errors) > 0 ||
		at(a.object(t), "viewer", "overview", "openCaseCount") == nil {
		t.Errorf("her own look: %s", a.Raw)
	}
	for as, query := range map[string]string{
		"attorney": `{ viewer { overview { openCaseCount } } }`,
		"worker":   fmt.Sprintf(`{ staff { person(input: {by: {caseNumber: %q}, reason: "she has called about it"}) { debtors { name } } } }`, s.caseNumber),
	} {
		a := p.askAs(as, query, nil)
		if strings.Contains(a.Raw, "openCaseCount\":") || strings.Contains(a.Raw, "name\":") ||
			a.codes() != map[string]string{"attorney": "[ACCESS_NOT_RECORDED]", "worker": "[PORTAL_UNAVAILABLE]"}[as] {
			t.Errorf("%s: %s", as, a.Raw)
		}
	}
	if _, err := p.ours.Conn().Exec(t.Context(), "grant usage on schema portal to oversikt_portal"); err != nil {
		t.Fatal(err)
	}
	if got := p.seen(s); len(got) == 0 || cmp.Diff(at(got[0], "what"), []any{"viewer.overview"}) != "" {
		t.Errorf("her look was not delivered afterwards: %v", got)
	}
}

// TestIntegrity: an auditor reads what the last check of the log has found, and nobody makes one up.
func TestIntegrity(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("auditor", staff(caller.Auditor, s.code))
	p.know("worker", staff(caller.CaseWorker, s.code))
	const query = `{ staff { accessLogIntegrity { intact checkedAt verifiedFrom verifiedThrough } } }`
	if got := at(p.getAs("auditor", query, nil), "staff", "accessLogIntegrity"); got != nil {
		t.Errorf("before the first check: %v", got)
	}
	if a := p.askAs("worker", query, nil); a.codes() != "[FORBIDDEN]" {
		t.Errorf("a case worker: %s", a.Raw)
	}
	chain := audit.Chain{Portal: p.resolver.Engine.Portal, Secret: p.secret, Now: p.now,
		Log: slog.New(slog.DiscardHandler)}
	steps := []struct {
		reason, before string
		want           any
	}{
		{"as it was written", "", true},
		{"a day has not passed", "set session_replication_role = replica; delete from portal.access_log", true},
		{"the next day", "", false},
		{"somebody says that it is whole", `insert into portal.access_log_check
			select max(checked_at) + interval '1 minute', true, max(since), max(through), sha256('x')
			from portal.access_log_check`, false},
	}
	for i, step := range steps {
		if step.before != "" {
			p.execute(step.before)
		}
		if i == 2 {
			p.pass(25 * time.Hour)
		}
		if err := errors.Join(p.log.Flush(t.Context()), chain.Link(t.Context()), chain.Check(t.Context())); err != nil {
			t.Fatal(err)
		}
		got := at(p.getAs("auditor", query, nil), "staff", "accessLogIntegrity")
		if at(got, "intact") != step.want || at(got, "verifiedThrough") == nil || at(got, "checkedAt") == nil {
			t.Errorf("%s: %v", step.reason, got)
		}
	}
}

package contracttest

import (
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/state"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// caseLink: whatever is claimed is noted alike; what the password and the name prove is linked at once, and
// a case of somebody with another number never is.
func caseLink(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	must(t, owner, c.Happen.Send, x.ID.ID, hashOf(people.Password), plain(people.Password).Mark())
	c.claimsRefused(t, s)
	c.claimsWait(t, conn, s, stranger)
	name := c.nameOf(t, conn, s)
	must(t, owner, c.Happen.Forget, x.ID.ID)
	if left := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases}).Cases; len(left) > 0 {
		t.Fatalf("%d cases are seen of who is not known", len(left))
	}
	c.linkStates(t, s, name)
	c.claimsProven(t, conn, s, name)
	must(t, owner, c.Happen.Forget, x.ID.ID)
	c.joins(t, conn, s, stranger)
}

func claimOf(number string) rehearse.Input {
	return rehearse.Input{"case_number": number, "name": nil, "attempt": nil, "statement": "Jeg har flyttet."}
}

// attempt is that of a login with the right password.
func attempt(t *testing.T, conn core.Querier, number string) uuid.UUID {
	t.Helper()
	l := login(t, conn, number)
	if l.Wait > 0 {
		t.Fatalf("locked for %s", l.Wait)
	}
	return l.Attempt
}

func (c *Core) nameOf(t *testing.T, conn *pgx.Conn, s *subject) string {
	t.Helper()
	return c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfDebtors}).Debtors[0].Name
}

func (c *Core) claimsRefused(t *testing.T, s *subject) {
	t.Helper()
	in := claimOf(s.cases[0].CaseNumber)
	refusedActs(t, c.DB.Conn(), "claim_case", map[string]refusal{
		"no number":     {"it is of one", s.scope, in.With("case_number", nil), nil, "INVALID_INPUT"},
		"a blank":       {"it is of one", s.scope, in.With("case_number", " "), nil, "INVALID_INPUT"},
		"a long number": {"a bound on what is kept", s.scope, in.With("case_number", longText), nil, "INVALID_INPUT"},
		"a long name":   {"a bound on what is kept", s.scope, in.With("name", longText), nil, "INVALID_INPUT"},
		"long words": {"a bound on what is kept", s.scope, in.With("statement", strings.Repeat("æ", 2001)), nil,
			"INVALID_INPUT"},
		"with a letter": {"it shows one case, whoever holds it", c.letterScope(s.cases[0].ID.ID), in, nil, "NOT_FOUND"},
	})
}

// claim claims a case, and returns the key of the claim.
func claim(t *testing.T, conn core.Querier, who caller.Scope, in rehearse.Input) string {
	t.Helper()
	a := ask(t, conn, who, uuid.New(), "claim_case", in)
	id := member(a, "case_link_id")
	if diff := gocmp.Diff(core.Answer{Status: "DONE", Result: a.Result}, a); diff != "" || id == "" {
		t.Fatalf("a claim is answered %s", diff)
	}
	return id
}

// linkOf is a claim as who claims sees it.
func (c *Core) linkOf(t *testing.T, conn core.Conn, who caller.Scope, id string) debt.CaseLink {
	t.Helper()
	for _, l := range c.read(t, conn, core.Query{Scope: who, Want: debt.OfCaseLinks}).CaseLinks {
		if l.ID == id {
			return l
		}
	}
	t.Fatal("the claim is not shown to who made it")
	return debt.CaseLink{}
}

// claimsWait: a case that is not there, another's, and one with a right password that is another's all wait. A
// case worker cannot grant any of them.
func (c *Core) claimsWait(t *testing.T, conn *pgx.Conn, s, stranger *subject) {
	t.Helper()
	x, owner, worker := s.cases[0], c.DB.Conn(), c.desk(t).Deciding()
	name, before := c.nameOf(t, conn, s), snapshot(t, owner)
	right := claimOf(x.CaseNumber).With("attempt", attempt(t, conn, x.CaseNumber))
	unhashed := claimOf("9999999998").With("attempt", attempt(t, conn, "9999999998"))
	for reason, tc := range map[string]struct {
		in      rehearse.Input
		proven  bool
		refused string
	}{
		"no such case":            {claimOf("999999999"), false, "NO_SUCH_CASE"},
		"no number is like it":    {claimOf("' or true --"), false, "NO_SUCH_CASE"},
		"it is another's":         {claimOf(s.cases[1].CaseNumber), false, "OTHERS_CASE"},
		"with name and password":  {right.With("name", name), true, "OTHERS_CASE"},
		"another case's password": {right.With("case_number", s.cases[2].CaseNumber), false, "OTHERS_CASE"},
		"nobody has tried that":   {claimOf(s.cases[3].CaseNumber).With("attempt", uuid.New()), false, "OTHERS_CASE"},
		"no password there":       {unhashed, false, "NO_SUCH_CASE"},
		"no attempt":              {claimOf("9999999997").With("attempt", "' or true --"), false, "NO_SUCH_CASE"},
	} {
		id := claim(t, conn, stranger.scope, tc.in)
		if again := claim(t, conn, stranger.scope, tc.in.With("attempt", nil).With("statement", nil)); again != id {
			t.Errorf("%s: two claims of one number wait", reason)
		}
		l := c.linkOf(t, conn, stranger.scope, id)
		if l.Status != debt.LinkRequested || l.CaseNumber != tc.in["case_number"] || l.Statement == nil ||
			!l.DecidedOn.IsZero() || l.Reply != nil {
			t.Errorf("%s: %+v", reason, l)
		}
		item := c.waitsFor(t, conn, debt.QueueLink, id)
		if item.CaseID != nil || item.Debtor.NationalID != stranger.scope.NationalID() || item.Link == nil ||
			item.Link.PasswordRight != tc.proven || item.Link.CaseNumber != l.CaseNumber {
			t.Errorf("%s: what waits is %+v", reason, item)
		}
		grant := rehearse.Input{"case_link_id": id, "decision": "GRANT", "reply": nil}
		if a := ask(t, conn, worker, uuid.New(), "decide_case_link", grant); a.Reason != tc.refused {
			t.Errorf("%s: a grant is answered %+v", reason, a)
		}
	}
	unchanged(t, before, snapshot(t, owner), "case_link", "queue_item")
	if mine := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCaseLinks}).CaseLinks; len(mine) > 0 {
		t.Errorf("the debtor sees %d claims of others", len(mine))
	}
	if seen := c.read(t, conn, core.Query{Scope: caller.Scope{}, Want: debt.OfCaseLinks}).CaseLinks; len(seen) > 0 {
		t.Errorf("nobody sees %d claims", len(seen))
	}
}

// claimsProven: what is not quite the letter and the name waits, and then is linked at once, with all that the
// debtor has.
func (c *Core) claimsProven(t *testing.T, conn *pgx.Conn, s *subject, name string) {
	t.Helper()
	number := s.cases[0].CaseNumber
	in := claimOf(number).With("name", name)
	late := attempt(t, conn, number)
	must(t, c.DB.Conn(), c.Happen.Later, 601)
	var id string
	for reason, try := range map[string]rehearse.Input{
		"no password":          in,
		"a password long ago":  in.With("attempt", late),
		"another name":         in.With("name", name+" Hansen").With("attempt", attempt(t, conn, number)),
		"a login without name": in.With("name", nil).With("attempt", attempt(t, conn, number)),
	} {
		id = claim(t, conn, s.scope, try)
		if l := c.linkOf(t, conn, s.scope, id); l.Status != debt.LinkRequested {
			t.Fatalf("%s: %s", reason, l.Status)
		}
	}
	right := in.With("name", "  "+strings.ToUpper(strings.ReplaceAll(name, " ", "   "))).
		With("attempt", attempt(t, conn, number))
	if linked := claim(t, conn, s.scope, right); linked != id {
		t.Error("what waited is another")
	}
	l := c.linkOf(t, conn, s.scope, id)
	seen := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases}).Cases
	if l.Status != debt.LinkGranted || l.DecidedOn != s.today || len(seen) < len(s.cases) {
		t.Errorf("it is %s, and %d cases are seen", l.Status, len(seen))
	}
	for _, item := range c.waiting(t, conn, core.QueueQuery{Kind: debt.QueueLink, Rows: 10_000}) {
		if item.SubjectID == id {
			t.Error("what is granted still waits")
		}
	}
}

// joins: a case worker grants, once, what is claimed by somebody who is known already.
func (c *Core) joins(t *testing.T, conn *pgx.Conn, s, known *subject) {
	t.Helper()
	worker, had := c.desk(t).Deciding(), len(c.read(t, conn, core.Query{Scope: known.scope, Want: debt.OfCases}).Cases)
	id := claim(t, conn, known.scope, claimOf(s.cases[1].CaseNumber))
	grant := rehearse.Input{"case_link_id": id, "decision": "GRANT", "reply": "Velkommen."}
	refuse := grant.With("decision", "REFUSE")
	refusedActs(t, c.DB.Conn(), "decide_case_link", map[string]refusal{
		"nothing decided": {"there are two decisions", worker, grant.With("decision", nil), nil, "INVALID_INPUT"},
		"later":           {"there are two decisions", worker, grant.With("decision", "LATER"), nil, "INVALID_INPUT"},
		"no word why":     {"who is refused is told why", worker, refuse.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":      {"a bound on what is kept", worker, grant.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"no such":         {"text that no key type holds", worker, grant.With("case_link_id", "' or true --"), nil, "NOT_FOUND"},
		"who claims it":   {"a case worker decides", known.scope, grant, nil, "NOT_FOUND"},
		"nobody":          {"a case worker decides", caller.Scope{}, grant, nil, "NOT_FOUND"},
	})
	c.decidedByDebtor(t, conn, known, "decide_case_link", grant)
	c.decidedOnce(t, worker, "decide_case_link", grant)
	l := c.linkOf(t, conn, known.scope, id)
	if l.Status != debt.LinkGranted || l.DecidedOn != s.today || l.Reply == nil || *l.Reply != "Velkommen." {
		t.Errorf("the claim is %+v", l)
	}
	now := c.read(t, conn, core.Query{Scope: known.scope, Want: everything})
	if len(now.Debtors) != 1 || len(now.Cases) < had+len(s.cases) {
		t.Errorf("%d debtors with %d cases, not one with %d more", len(now.Debtors), len(now.Cases), len(s.cases))
	}
	for _, fault := range c.faults(now) {
		t.Error(fault)
	}
}

// linkStates: each step from each state leads where the table says.
func (c *Core) linkStates(t *testing.T, s *subject, name string) {
	for _, at := range append([]string{state.None}, state.CaseLink.States()...) {
		t.Run("States "+at, func(t *testing.T) {
			w := &linkWalk{t: t, c: c, s: s, name: name, tx: begin(t, c.DB.Conn())}
			for _, tr := range state.CaseLink.Path(at, func(state.Transition) bool { return true }) {
				w.take(tr.Step, &tr, "")
			}
			for _, step := range state.CaseLink.Steps() {
				if to, reason := state.CaseLink.On(at, step); to != nil || reason != "" {
					w.tries(step, to, reason)
				}
			}
		})
	}
}

// linkWalk is a claim on its way through the states, in a transaction.
type linkWalk struct {
	t  *testing.T
	c  *Core
	s  *subject
	tx pgx.Tx
	id string // of the claim

	name string // of who claims
}

// tries takes a step, and undoes it.
func (w linkWalk) tries(step state.Step, to *state.Transition, reason string) {
	w.t.Helper()
	tx, err := w.tx.Begin(w.t.Context())
	if err != nil {
		w.t.Fatal(err)
	}
	w.tx = tx
	w.take(step, to, reason)
	if err := tx.Rollback(w.t.Context()); err != nil {
		w.t.Fatal(err)
	}
}

func (w *linkWalk) take(step state.Step, to *state.Transition, reason string) {
	w.t.Helper()
	who, in := w.s.scope, claimOf(w.s.cases[0].CaseNumber)
	switch {
	case step.Act == "decide_case_link":
		who, in = w.c.desk(w.t).Deciding(), rehearse.Input{"case_link_id": w.id,
			"decision": step.When, "reply": "Slik ble det."}
	case step.When == state.ClaimProven:
		in = in.With("name", w.name).With("attempt", attempt(w.t, w.tx, w.s.cases[0].CaseNumber))
	}
	a := ask(w.t, w.tx, who, uuid.New(), step.Act, in)
	if to == nil {
		if a.Status != "REFUSED" || a.Reason != reason {
			w.t.Errorf("%+v is answered %s %s, and should be refused: %s", step, a.Status, a.Reason, reason)
		}
		return
	}
	was := w.id
	if made := member(a, "case_link_id"); made != "" {
		w.id = made
	}
	part, err := core.ReadWithin(w.t.Context(), w.tx, w.c.facts(), core.Query{Scope: w.s.scope, Want: debt.OfCaseLinks,
		Today: w.s.today})
	if err != nil {
		w.t.Fatal(err)
	}
	is := find(part.CaseLinks, w.id, func(l *debt.CaseLink) (string, string) { return l.ID, string(l.Status) })
	if a.Status != "DONE" || is != to.To || to.From != state.None && (w.id != was) != to.Anew {
		w.t.Fatalf("%+v from %q leads to %q, not to %q, in another thing: %t", step, to.From, is, to.To, w.id != was)
	}
}

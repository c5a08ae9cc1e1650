package contracttest

import (
	"context"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// Happenings is what an agency does beside Oversikt, as SQL for the owner of its core.
// $1 is the key of a case.
type Happenings struct {
	Open     string // opens a case like it, to which agreements are offered, with $2 at the end of its number
	Pay      string // registers a payment of one krone
	Object   string // registers an objection that is not decided
	Close    string // closes the case
	Invoice  string // adds the invoice $2 of $3 øre; those that are added are all that the case claims
	Charge   string // adds a heavy fee, or a court's where $4 says so, of $3 øre on the day $2
	Early    string // puts the case back to the creditor's reminder
	Agree    string // makes an agreement, in force
	Schedule string // schedules a heavy fee, or what else $4 says, of $3 øre on the day $2
	Group    string // gives one case, $1, an agreement group of its own
	Apart    string // changes the policy to one case an agreement; no $1
	Onward   string // changes the policy so that costs come during agreements too; no $1
	Once     string // changes the policy so that no plan follows one that was broken; no $1
	Review   string // $1 is the key of an objection: the agency looks into it
	// $1 is the key of an agreement.
	Pass       string // lets $2 days pass since it was made: its days and those of its costs are so many earlier
	Instalment string // its next instalment is paid, today
	Expire     string // lets the password of the case be valid until the day $2
	Orders     string // selects how many new passwords of the case are ordered and not sent
	Send       string // sends what was ordered, a password with the hash $2 and the mark $3
	Forget     string // takes the national identity number off the debtor of the case
	Owed       string // selects the open cases by key, with what is owed in each, in øre, on the day $1; no case
	Later      string // lets $1 seconds pass since every login; no case
}

// subject is a debtor with four open cases that nothing stands in the way of, and others.
type subject struct {
	scope  caller.Scope
	cases  []*debt.Case
	policy debt.Policy
	today  norway.Date // at the agency
}

// subject returns such a debtor, each time another one.
func (c *Core) subject(t *testing.T, conn *pgx.Conn) *subject {
	t.Helper()
	s := &subject{}
	c.debtors(func(p *people.Person, d *people.Debtor) {
		if s.scope.IsZero() && !c.taken[p.Index] && len(d.Cases) > 0 {
			c.taken[p.Index] = true
			s.scope = scopeOf(p)
		}
	})
	if s.scope.IsZero() {
		t.Fatal("nobody is left who has a case")
	}
	model := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases}).Cases[0]
	owner := c.DB.Conn()
	for _, letter := range []string{"A", "B", "C", "D"} {
		must(t, owner, c.Happen.Open, model.ID.ID, letter)
	}
	for _, x := range c.read(t, conn, core.Query{Scope: s.scope, Want: everything}).Cases {
		if strings.Contains("ABCD", x.CaseNumber[len(x.CaseNumber)-1:]) {
			s.cases = append(s.cases, x)
		}
	}
	s.policy = s.cases[0].Terms.Policy
	var today string
	if err := conn.QueryRow(t.Context(),
		"select (now() at time zone 'Europe/Oslo')::date::text").Scan(&today); err != nil {
		t.Fatal(err)
	}
	s.today = norway.MustDate(today)
	return s
}

// days of the subject's proposal after today.
const (
	startsAfter = 10
	heldFor     = 7
)

// draft is what the subject's proposals are made from.
func (s *subject) draft() rehearse.Draft {
	return rehearse.Draft{Policy: s.policy, Today: s.today, Cases: s.cases, Start: s.today.AddDays(startsAfter),
		Days: heldFor}
}

// proposal is an agreement in three instalments, and the rest of it.
func (s *subject) proposal() debt.Proposal { return s.draft().Proposal(s.instalments(3)) }

// start is the first day of the proposal's agreement.
func (s *subject) start() norway.Date { return s.draft().Begins() }

// instalments are the least that the policy allows, the last of one øre.
func (s *subject) instalments(n int) []debt.Instalment {
	return s.draft().Instalments(n, money.Øre(n-1)*s.policy.MinInstalment+1)
}

// schedule gives the subject's cases costs whose fate differs.
func (c *Core) schedule(t *testing.T, owner *pgx.Conn, s *subject) {
	t.Helper()
	start := s.start()
	for i, on := range []struct {
		x  *debt.Case
		on norway.Date
	}{
		{s.cases[0], start - heldFor - 1}, {s.cases[0], start - heldFor}, {s.cases[0], start - heldFor + 1},
		{s.cases[0], start},
		{s.cases[1], start - 1}, {s.cases[1], start}, {s.cases[1], start + 1}, {s.cases[1], start + 300},
		{s.cases[2], s.today + 3}, {s.cases[2], s.today + 3 + heldFor},
	} {
		must(t, owner, c.Happen.Schedule, on.x.ID.ID, on.on.String(), int64(1000+i), string(debt.CostHeavyFee))
	}
	// Left over from an agreement that was broken, on the day of the new one's first fee.
	must(t, owner, c.Happen.Schedule, s.cases[0].ID.ID, start.String(), int64(2000), string(debt.CostInstalment))
}

// snapshot tells every relation of the contract from what it was.
func snapshot(t *testing.T, q core.Conn) map[string]rehearse.Print {
	t.Helper()
	var names []string
	for _, r := range spec.Relations {
		names = append(names, r.Name)
	}
	prints, err := rehearse.Prints(t.Context(), q, spec.Schema, names)
	if err != nil {
		t.Fatal(err)
	}
	return prints
}

// right fails for what is not as the contract says.
func right(t *testing.T, all []rehearse.Finding) {
	t.Helper()
	for _, f := range all {
		t.Errorf("%s: %s", f.Relation, f.How)
	}
}

// executor is a connection or a transaction.
type executor interface {
	core.Querier
	core.Conn
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func must(t *testing.T, conn executor, sql string, args ...any) {
	t.Helper()
	if tag, err := conn.Exec(t.Context(), sql, args...); err != nil || tag.RowsAffected() == 0 {
		t.Fatalf("%s: %d rows, %v", sql, tag.RowsAffected(), err)
	}
}

// call is one of the three functions.
type call func(context.Context, core.Querier, caller.Scope, uuid.UUID) (ProposalAnswer, error)

func proposing(p debt.Proposal) call {
	return func(ctx context.Context, q core.Querier, scope caller.Scope, key uuid.UUID) (ProposalAnswer, error) {
		answer, _, err := Propose(ctx, q, scope, key, p)
		return answer, err
	}
}

// expect calls a function and compares its answer.
func (s *subject) expect(t *testing.T, q core.Querier, f call, key uuid.UUID, status debt.ProposalStatus,
	reason debt.ProposalReason) {
	t.Helper()
	answer, err := f(t.Context(), q, s.scope, key)
	if want := (ProposalAnswer{Status: status, Reason: reason}); err != nil || answer != want {
		t.Fatalf("the answer is %+v, %v; want %+v", answer, err, want)
	}
}

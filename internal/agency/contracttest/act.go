package contracttest

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
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
	Early    string // puts the case back to the creditor's reminder
	Agree    string // makes an agreement, in force
	Schedule string // schedules a heavy fee, or what else $4 says, of $3 øre on the day $2
	Group    string // gives one case, $1, an agreement group of its own
	Apart    string // changes the policy to one case an agreement; no $1
	Onward   string // changes the policy so that costs come during agreements too; no $1
	Expire   string // lets the password of the case be valid until the day $2
	Orders   string // selects how many new passwords of the case are ordered and not sent
	Send     string // sends what was ordered, a password with the hash $2 and the mark $3
	Later    string // lets $1 seconds pass since every login; no case
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

// proposal is an agreement on the first case, and on the second too where agreements can
// be joint, a deferral of the third and of the first, and payment of the others.
func (s *subject) proposal() debt.Proposal {
	agreed := []string{s.cases[0].ID.ID}
	if s.policy.JointAgreements {
		agreed = append(agreed, s.cases[1].ID.ID)
	}
	p := debt.Proposal{
		Agreements: []debt.ProposedAgreement{{Cases: agreed, Instalments: s.instalments(3)}},
	}
	for _, x := range []*debt.Case{s.cases[2], s.cases[0]} {
		p.Deferrals = append(p.Deferrals, debt.ProposedDeferral{
			Case: x.ID.ID, Until: s.today.AddDays(heldFor), Days: heldFor, Fee: s.policy.DeferralFee,
		})
	}
	for _, x := range s.cases {
		p.Cases = append(p.Cases, x.ID.ID)
	}
	return p
}

// start is the first day of the proposal's agreement.
func (s *subject) start() norway.Date {
	return max(s.today.AddDays(startsAfter), s.cases[0].AgreementFrom, s.cases[1].AgreementFrom)
}

func (s *subject) instalments(n int) (all []debt.Instalment) {
	for k := range n {
		in := debt.Instalment{Number: k + 1, DueOn: s.start().AddMonths(k), Fee: s.policy.InstalmentFee}
		if k == 0 && n > s.policy.SetupFreeInstalments {
			in.Fee += s.policy.SetupFee
		}
		in.Amount = s.policy.MinInstalment + in.Fee
		all = append(all, in)
	}
	all[n-1].Amount = all[n-1].Fee + 1
	return all
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

// costs is what the cases' scheduled costs must be once the proposal is confirmed.
func (s *subject) costs(before *debt.Case, p debt.Proposal) (want []debt.ScheduledCost) {
	agreed, moved := p.Agreements[0], norway.Date(0)
	for _, d := range p.Deferrals {
		if d.Case == before.ID.ID {
			moved = norway.Date(d.Days)
		}
	}
	start := agreed.Instalments[0].DueOn
	in := slices.Contains(agreed.Cases, before.ID.ID)
	for _, cost := range before.ScheduledCosts {
		cost.On += moved
		stopped := s.policy.AgreementStopsCosts && cost.On > start || cost.Kind == debt.CostInstalment
		if !in || !stopped {
			want = append(want, cost)
		}
	}
	if before.ID.ID != agreed.Cases[0] {
		return want
	}
	add := func(on norway.Date, kind debt.CostKind, amount money.Øre) {
		if amount > 0 {
			want = append(want, debt.ScheduledCost{On: on, Kind: kind, Amount: amount})
		}
	}
	if len(agreed.Instalments) > s.policy.SetupFreeInstalments {
		add(start, debt.CostAgreementSetup, s.policy.SetupFee)
	}
	for _, i := range agreed.Instalments {
		add(i.DueOn, debt.CostInstalment, s.policy.InstalmentFee)
	}
	return want
}

// snapshot tells every relation of the contract from what it was: the number of its rows,
// and a hash over all of them.
func snapshot(t *testing.T, q core.Conn) map[string]string {
	t.Helper()
	var batch pgx.Batch
	for _, r := range spec.Relations {
		batch.Queue(fmt.Sprintf("select format('%%s rows %%s', count(*), md5(string_agg(x::text, '' order by x::text collate \"C\"))) from oversikt.%s x", pgx.Identifier{r.Name}.Sanitize()))
	}
	results := q.SendBatch(t.Context(), &batch)
	all := map[string]string{}
	for _, r := range spec.Relations {
		var state string
		if err := results.QueryRow().Scan(&state); err != nil {
			t.Fatal(err)
		}
		all[r.Name] = state
	}
	if err := results.Close(); err != nil {
		t.Fatal(err)
	}
	return all
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

package contracttest

import (
	"slices"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// planned is a subject with an application for a plan on the first of their cases.
type planned struct {
	*subject
	c     *Core
	conn  *pgx.Conn
	in    rehearse.Input
	heavy norway.Date // when the case's next cost comes, after the plan's first day
}

func (c *Core) planned(t *testing.T) *planned {
	t.Helper()
	p := &planned{c: c, conn: c.connect(t)}
	p.subject = c.subject(t, p.conn)
	p.heavy = p.start() + 20
	must(t, c.DB.Conn(), c.Happen.Invoice, p.cases[0].ID.ID, 1, int64(2000_00))
	must(t, c.DB.Conn(), c.Happen.Schedule, p.cases[0].ID.ID, p.heavy.String(), int64(1000), string(debt.CostHeavyFee))
	p.in = rehearse.Input{"case_ids": []string{p.cases[0].ID.ID}, "instalments": parts(p.instalments(3))}
	return p
}

// parts are instalments as the contract has them.
func parts(all []debt.Instalment) (out []rehearse.Input) {
	for _, i := range all {
		out = append(out, rehearse.Input{"number": i.Number, "due_on": i.DueOn.String(), "amount_ore": i.Amount,
			"fee_ore": i.Fee})
	}
	return out
}

// apply asks for the plan and returns its key.
func (p *planned) apply(t *testing.T, in rehearse.Input, want debt.AgreementStatus) string {
	t.Helper()
	a := ask(t, p.conn, p.scope, uuid.New(), "apply_for_instalment_plan", in)
	var made struct {
		ID     string               `json:"agreement_id"`
		Status debt.AgreementStatus `json:"status"`
	}
	if err := a.Into("apply_for_instalment_plan", &made); err != nil || made.Status != want {
		t.Fatalf("the plan is %+v, %v: %+v", made, err, a)
	}
	return made.ID
}

// now returns the case, and its agreement of a key.
func (p *planned) now(t *testing.T, id string) (*debt.Case, *debt.Agreement) {
	t.Helper()
	p.c.Today = p.today // the rows are of the day on which the core is
	x := p.c.again(t, p.conn, p.subject)[p.cases[0].ID.ID]
	i := slices.IndexFunc(x.Agreements, func(a *debt.Agreement) bool { return a.ID.ID == id })
	if i < 0 {
		t.Fatalf("the case has no agreement of that key, of %d", len(x.Agreements))
	}
	return x, x.Agreements[i]
}

// costs are the days from today of scheduled costs of a kind.
func (p *planned) costs(x *debt.Case, kind debt.CostKind) (days []int) {
	for _, s := range x.ScheduledCosts {
		if s.Kind == kind {
			days = append(days, int(s.On-p.today))
		}
	}
	return days
}

// planIsRefused: what cannot be had is said, and nothing changes.
func planIsRefused(t *testing.T, c *Core) {
	p, stranger := c.planned(t), c.subject(t, c.connect(t))
	x, owner := p.cases[0].ID.ID, c.DB.Conn()
	longest := p.policy.LongestPlan()
	wrongFee := p.instalments(3)
	wrongFee[1].Fee, wrongFee[1].Amount = wrongFee[1].Fee+1, wrongFee[1].Amount+1
	past := p.instalments(3)
	past[0].DueOn = p.today
	two := p.in.With("case_ids", []string{x, p.cases[1].ID.ID})
	refusedActs(t, owner, "apply_for_instalment_plan", map[string]refusal{
		"no instalment": {"there is one", p.scope, p.in.With("instalments", []string{}), nil, "INVALID_TERMS"},
		"no case":       {"it is about one", p.scope, p.in.With("case_ids", []string{}), nil, "INVALID_TERMS"},
		"today":         {"the first day is to come", p.scope, p.in.With("instalments", parts(past)), nil, "INVALID_TERMS"},
		"another's":     {"a known key opens nothing", stranger.scope, p.in, nil, "NOT_FOUND"},
		"no such case":  {"text that no key type holds", p.scope, p.in.With("case_ids", []string{"' or true --"}), nil, "NOT_FOUND"},
		"closed":        {"nothing is demanded", p.scope, p.in, happened(c.Happen.Close, x), "CASE_CLOSED"},
		"disputed":      {"nobody is asked to pay", p.scope, p.in, happened(c.Happen.Object, x), "DISPUTED"},
		"agreed":        {"one at a time", p.scope, p.in, happened(c.Happen.Agree, x), "AGREEMENT_EXISTS"},
		"another fee":   {"the policy has one", p.scope, p.in.With("instalments", parts(wrongFee)), nil, "NOT_THE_POLICY"},
		"too long": {"nobody agrees to so many", p.scope, p.in.With("instalments", parts(p.instalments(longest+1))), nil,
			"NOT_THE_POLICY"},
		"apart": {"cases are not joined", p.scope, two, []happening{{c.Happen.Apart, nil}}, "NOT_THE_POLICY"},
		"two groups": {"such cases are not joined", p.scope, two, happened(c.Happen.Group, x),
			"NOT_THE_POLICY"},
	})
}

// planLives follows a plan from its application to its breach, and another one to its end.
func planLives(t *testing.T, c *Core) {
	p, owner := c.planned(t), c.DB.Conn()
	grace, skips := *p.policy.PlanGraceDays, *p.policy.PlanSkips
	atFirst, key := snapshot(t, owner), uuid.New()
	first := ask(t, p.conn, p.scope, key, "apply_for_instalment_plan", p.in)
	var made struct {
		ID string `json:"agreement_id"`
	}
	if err := first.Into("apply_for_instalment_plan", &made); err != nil {
		t.Fatal(err)
	}
	unchanged(t, atFirst, snapshot(t, owner), "agreement", "agreement_case", "instalment", "hold", "scheduled_cost")
	if diff := gocmp.Diff(first, ask(t, p.conn, p.scope, key, "apply_for_instalment_plan", p.in)); diff != "" {
		t.Errorf("the second time it is answered otherwise\n%s", diff)
	}
	if a := ask(t, p.conn, p.scope, uuid.New(), "apply_for_instalment_plan", p.in); a.Reason != "AGREEMENT_EXISTS" {
		t.Errorf("a second one: %+v", a)
	}
	x, a := p.now(t, made.ID)
	if a.Status != debt.AgreementActive || *a.SkipsLeft != skips || a.StartedOn != p.start() || !a.BreachOn.IsZero() ||
		gocmp.Diff(p.instalments(3), a.Instalments) != "" {
		t.Errorf("the agreement is %+v, not as it was asked for: %+v", a, p.instalments(3))
	}
	if stopped := p.policy.AgreementStopsCosts; len(p.costs(x, debt.CostHeavyFee)) > 0 == stopped {
		t.Errorf("costs are %+v, and agreements stop them: %t", x.ScheduledCosts, stopped)
	}

	// Two days late: warned, and what comes of it shows.
	late := startsAfter + 2
	must(t, owner, c.Happen.Pass, made.ID, late)
	x, a = p.now(t, made.ID)
	due, breach := p.today-2, p.today-2+norway.Date(grace)+1
	if a.Status != debt.AgreementActive || a.WarnedOn != due+1 || a.BreachOn != breach || !a.EndedOn.IsZero() {
		t.Errorf("two days late it is %+v; want a breach on %s", a, breach)
	}
	// The heavy fee was to come 30 days after the agreement was made: so many days after the breach.
	if want := []int{int(breach-p.today) + startsAfter + 20}; p.policy.AgreementStopsCosts &&
		!slices.Equal(p.costs(x, debt.CostHeavyFee), want) {
		t.Errorf("the heavy fee comes in %v days, want %v", p.costs(x, debt.CostHeavyFee), want)
	}
	must(t, owner, c.Happen.Instalment, made.ID)
	if x, a = p.now(t, made.ID); !a.WarnedOn.IsZero() || !a.BreachOn.IsZero() || a.Instalments[0].PaidOn.IsZero() ||
		p.policy.AgreementStopsCosts && len(p.costs(x, debt.CostHeavyFee)) > 0 {
		t.Errorf("once it is paid it is %+v, with %+v", a, x.ScheduledCosts)
	}

	// The second is never paid: on the day after the grace the plan is broken, whoever looks.
	gap := int(p.instalments(3)[1].DueOn-p.start()) - 2
	must(t, owner, c.Happen.Pass, made.ID, gap+grace+1)
	x, a = p.now(t, made.ID)
	if a.Status != debt.AgreementBreached || a.EndedOn != p.today || a.BreachOn != p.today ||
		a.WarnedOn != p.today-norway.Date(grace) {
		t.Errorf("after the grace it is %+v", a)
	}
	for _, h := range x.AllHolds {
		if h.Kind == debt.HoldAgreement && h.Until != p.today-1 {
			t.Errorf("it holds collection back until %s", h.Until)
		}
	}
	if p.policy.AgreementStopsCosts && !slices.Equal(p.costs(x, debt.CostHeavyFee), []int{startsAfter + 20}) ||
		slices.ContainsFunc(p.costs(x, debt.CostInstalment), func(day int) bool { return day >= 0 }) {
		t.Errorf("costs go on with %+v", x.ScheduledCosts)
	}
	refusedActs(t, owner, "change_instalment_plan", map[string]refusal{"broken": {"it has ended", p.scope,
		rehearse.Input{"agreement_id": made.ID, "instalments": parts(p.instalments(3))}, nil, "NO_AGREEMENT"}})
	refusedActs(t, owner, "apply_for_instalment_plan", map[string]refusal{"once": {"the policy has it so", p.scope, p.in,
		[]happening{{c.Happen.Once, nil}}, "AFTER_BREACH"}})

	// What was shown is now written down, and a new plan is had.
	before := snapshot(t, owner)
	second := p.apply(t, p.in, debt.AgreementActive)
	unchanged(t, before, snapshot(t, owner), "agreement", "agreement_case", "instalment", "hold", "scheduled_cost")
	if _, old := p.now(t, made.ID); gocmp.Diff(a.Instalments, old.Instalments) != "" || old.Status != a.Status ||
		old.EndedOn != a.EndedOn || old.BreachOn != a.BreachOn || old.WarnedOn != a.WarnedOn {
		t.Errorf("the broken one is %+v, and was %+v", old, a)
	}
	stop := rehearse.Input{"agreement_id": second}
	refusedActs(t, owner, "cancel_instalment_plan", map[string]refusal{
		"another's": {"a known key opens nothing", c.subject(t, p.conn).scope, stop, nil, "NOT_FOUND"},
		"no such":   {"text that no key type holds", p.scope, stop.With("agreement_id", "' or true --"), nil, "NOT_FOUND"},
		"broken":    {"it has ended", p.scope, stop.With("agreement_id", made.ID), nil, "NO_AGREEMENT"},
	})
	if got := ask(t, p.conn, p.scope, uuid.New(), "cancel_instalment_plan", stop); got.Status != "DONE" {
		t.Fatalf("%+v", got)
	}
	x, a = p.now(t, second)
	if a.Status != debt.AgreementCancelled || a.EndedOn != p.today || p.policy.AgreementStopsCosts &&
		!slices.Equal(p.costs(x, debt.CostHeavyFee), []int{startsAfter + 20}) {
		t.Errorf("once it is cancelled it is %+v, with %+v", a, x.ScheduledCosts)
	}
	if got := ask(t, p.conn, p.scope, uuid.New(), "cancel_instalment_plan", stop); got.Reason != "NO_AGREEMENT" {
		t.Errorf("once more: %+v", got)
	}
}

// planChanges: what is paid stays, and an instalment can be put off as often as was agreed.
func planChanges(t *testing.T, c *Core) {
	p, stranger := c.planned(t), c.subject(t, c.connect(t))
	owner, skips := c.DB.Conn(), *p.policy.PlanSkips
	id := p.apply(t, p.in, debt.AgreementActive)
	rest := func(n int, later int) []debt.Instalment {
		all := p.instalments(n)
		for i := range all {
			all[i].DueOn = all[i].DueOn.AddDays(later)
		}
		return all
	}
	in := rehearse.Input{"agreement_id": id, "instalments": parts(rest(2, -3))}
	small := rest(3, 0)
	small[0].Amount = small[0].Fee + 1
	refusedActs(t, owner, "change_instalment_plan", map[string]refusal{
		"another's": {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"no such":   {"text that no key type holds", p.scope, in.With("agreement_id", "' or true --"), nil, "NOT_FOUND"},
		"nothing":   {"something is left to pay", p.scope, in.With("instalments", []string{}), nil, "INVALID_TERMS"},
		"past": {"days are to come", p.scope, in.With("instalments", parts(rest(2, -startsAfter))), nil,
			"INVALID_TERMS"},
		"far": {"a month is the most, and a week for days on which banks are closed", p.scope,
			in.With("instalments", parts(rest(2, 39))), nil, "NOT_THE_POLICY"},
		"disputed": {"nobody is asked to pay", p.scope, in, happened(c.Happen.Object, p.cases[0].ID.ID), "DISPUTED"},
		"many": {"the policy has a most", p.scope, in.With("instalments", parts(rest(p.policy.MaxInstalments+1, 0))), nil,
			"NOT_THE_POLICY"},
		"misnumbered": {"they go on from what is paid", p.scope, in.With("instalments", parts(rest(3, 0)[1:])), nil,
			"INVALID_TERMS"},
	})
	if p.policy.MinInstalment > 1 {
		refusedActs(t, owner, "change_instalment_plan", map[string]refusal{"small": {"the policy has a least", p.scope,
			in.With("instalments", parts(small)), nil, "NOT_THE_POLICY"}})
	}
	before := snapshot(t, owner)
	if a := ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	changed := []string{"agreement", "instalment"}
	if p.policy.InstalmentFee > 0 {
		changed = append(changed, "scheduled_cost")
	}
	if _, a := p.now(t, id); gocmp.Diff(rest(2, -3), a.Instalments) != "" || *a.SkipsLeft != skips {
		t.Errorf("earlier days use up nothing: %+v", a)
	} else if a.MonthlyAmount == nil || *a.MonthlyAmount != rest(2, -3)[0].Amount {
		t.Errorf("it says %v a month", a.MonthlyAmount)
	}
	if snapshot(t, owner)["agreement"] == before["agreement"] {
		changed = changed[1:]
	}
	unchanged(t, before, snapshot(t, owner), changed...)
	for n := range skips + 1 {
		later := rehearse.Input{"agreement_id": id, "instalments": parts(rest(2, 38-3+n))}
		a := ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", later)
		if n == skips && a.Reason != "NO_SKIPS_LEFT" || n < skips && a.Status != "DONE" {
			t.Errorf("put off %d times of %d: %+v", n+1, skips, a)
		}
	}

	must(t, owner, c.Happen.Instalment, id)
	_, a := p.now(t, id)
	if a.Instalments[0].PaidOn.IsZero() || !a.Instalments[1].PaidOn.IsZero() {
		t.Fatalf("%+v", a.Instalments)
	}
	next := p.instalments(3)[1:]
	for i := range next {
		next[i].DueOn = a.Instalments[1].DueOn.AddMonths(i)
		next[i].Fee = p.policy.InstalmentFee
	}
	change := rehearse.Input{"agreement_id": id, "instalments": parts(next)}
	if got := ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", change); got.Status != "DONE" {
		t.Fatalf("%+v", got)
	}
	want := append(slices.Clone(a.Instalments[:1]), next...)
	x, a := p.now(t, id)
	if diff := gocmp.Diff(want, a.Instalments); diff != "" {
		t.Errorf("what is paid does not stay, or the rest is another\n%s", diff)
	}
	if fees := p.costs(x, debt.CostInstalment); p.policy.InstalmentFee > 0 &&
		!slices.Equal(fees, []int{int(next[0].DueOn - p.today), int(next[1].DueOn - p.today)}) {
		t.Errorf("fees come in %v days", fees)
	}
}

// planIsAskedFor: beyond the policy it waits for a case worker, and nothing else changes.
func planIsAskedFor(t *testing.T, c *Core) {
	p, owner := c.planned(t), c.DB.Conn()
	n := p.policy.MaxInstalments + 1
	if p.policy.LongestPlan() < n {
		t.Fatal("the core takes nothing that a case worker decides")
	}
	before := snapshot(t, owner)
	id := p.apply(t, p.in.With("instalments", parts(p.instalments(n))), debt.AgreementRequested)
	unchanged(t, before, snapshot(t, owner), "agreement", "agreement_case", "instalment", "queue_item")
	if _, a := p.now(t, id); len(a.Instalments) != n || a.NextInstalment() != nil {
		t.Errorf("%+v", a)
	}
	if a := ask(t, p.conn, p.scope, uuid.New(), "apply_for_instalment_plan", p.in); a.Reason != "AGREEMENT_EXISTS" {
		t.Errorf("another one: %+v", a)
	}
	in := rehearse.Input{"agreement_id": id, "instalments": parts(p.instalments(2))}
	if a := ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", in); a.Reason != "NO_AGREEMENT" {
		t.Errorf("what does not run cannot be changed: %+v", a)
	}
	ask(t, p.conn, p.scope, uuid.New(), "cancel_instalment_plan", rehearse.Input{"agreement_id": id})
	unchanged(t, before, snapshot(t, owner))
	late := p.instalments(2)
	for i := range late {
		late[i].DueOn += 100
	}
	id = p.apply(t, p.in.With("instalments", parts(late)), debt.AgreementRequested)
	ask(t, p.conn, p.scope, uuid.New(), "cancel_instalment_plan", rehearse.Input{"agreement_id": id})
	small := p.instalments(3)
	small[1].Amount = small[1].Fee + money.Krone
	if p.policy.MinInstalment > money.Krone {
		p.apply(t, p.in.With("instalments", parts(small)), debt.AgreementRequested)
	}
	p.decided(t)
}

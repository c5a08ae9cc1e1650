package contracttest

import (
	"testing"

	gocmp "github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// planAfterObjection: what is left of a plan when a case of it is closed or reduced is what was reckoned, to the øre;
// a plan of which no case is left ends, and one that nobody has decided on is gone.
func (c *Core) planAfterObjection(t *testing.T) {
	t.Helper()
	p, owner, worker := c.planned(t), c.DB.Conn(), c.desk(t).Deciding()
	a, b := p.cases[0], p.cases[1]
	must(t, owner, c.Happen.Schedule, b.ID.ID, p.heavy.String(), int64(1000), string(debt.CostHeavyFee))
	must(t, owner, c.Happen.Invoice, b.ID.ID, 1, int64(1000_00))
	together := []string{a.ID.ID, b.ID.ID}
	if !p.policy.JointAgreements {
		together = together[1:]
	}
	id := p.apply(t, p.in.With("case_ids", together), debt.AgreementActive)
	if p.policy.JointAgreements {
		p.oneIsClosed(t, a, b, id)
	}

	less := p.instalments(1)
	less[0].Amount += 11
	part := rehearse.Input{"objection_id": c.objects(t, p.conn, p.subject, b), "decision": "PARTLY_UPHELD", "reply": "Rabatten.",
		"reduction_ore": 100_01, "instalments": parts(less)}
	refusedActs(t, owner, "decide_objection", map[string]refusal{
		"misnumbered": {"they go on from what is paid", worker, part.With("instalments", parts(p.instalments(3)[1:])), nil,
			"INVALID_TERMS"},
		"no instalment": {"then there is none to send", worker, part.With("instalments", []string{}), nil, "INVALID_TERMS"},
	})
	c.decides(t, p.conn, p.subject, b, part)
	p.goesOn(t, b, id, less)
	c.decides(t, p.conn, p.subject, b, rehearse.Input{"objection_id": c.objects(t, p.conn, p.subject, b), "decision": "REJECTED",
		"reply": "Kravet står."})
	if _, g := p.shown(t, b, id); g.Status != debt.AgreementActive || gocmp.Diff(less, g.Instalments) != "" {
		t.Errorf("without instalments it does not stay as it is: %+v", g)
	}

	in := rehearse.Input{"objection_id": c.objects(t, p.conn, p.subject, b), "decision": "UPHELD"}
	now, _ := c.decides(t, p.conn, p.subject, b, in)
	_, g := p.shown(t, b, id)
	if g.Status != debt.AgreementCancelled || g.EndedOn != p.today || len(now.ScheduledCosts) > 0 {
		t.Errorf("nothing is left, and the plan is %+v with %+v to come", g, now.ScheduledCosts)
	}
	if a := c.again(t, p.conn, p.subject)[a.ID.ID]; a.Status == debt.Closed && len(a.ScheduledCosts) > 0 {
		t.Errorf("in the case that was closed before comes %+v", a.ScheduledCosts)
	}
	p.askedForInVain(t, p.cases[2])
}

// oneIsClosed: the cases of a plan that are left bear what is left of it.
func (p *planned) oneIsClosed(t *testing.T, a, b *debt.Case, id string) {
	t.Helper()
	rest := p.instalments(2)
	rest[0].DueOn, rest[0].Amount = rest[0].DueOn-3, rest[0].Amount+7
	now, _ := p.c.decides(t, p.conn, p.subject, a, rehearse.Input{"objection_id": p.c.objects(t, p.conn, p.subject, a),
		"decision": "UPHELD", "instalments": parts(rest)})
	if now.Status != debt.Closed || len(now.ScheduledCosts) > 0 {
		t.Errorf("the case is %s with %+v to come", now.Status, now.ScheduledCosts)
	}
	p.goesOn(t, b, id, rest)
}

// goesOn holds an agreement that was reckoned anew today, and its fees in the case that bears them.
func (p *planned) goesOn(t *testing.T, of *debt.Case, id string, want []debt.Instalment) {
	t.Helper()
	x, g := p.shown(t, of, id)
	if g.Status != debt.AgreementActive || g.ChangedOn != p.today || !g.EndedOn.IsZero() {
		t.Errorf("the agreement is %+v", g)
	}
	if diff := gocmp.Diff(want, g.Instalments); diff != "" {
		t.Errorf("the instalments are (-reckoned +shown)\n%s", diff)
	}
	fees := map[string]money.Øre{}
	for _, i := range want {
		if i.Fee > 0 {
			fees[i.DueOn.String()] = i.Fee
		}
	}
	for _, s := range x.ScheduledCosts {
		if s.Kind == debt.CostInstalment || s.Kind == debt.CostAgreementSetup {
			fees[s.On.String()] -= s.Amount
		}
	}
	for day, left := range fees {
		if left != 0 {
			t.Errorf("of the fee on %s %s is not scheduled", day, left)
		}
	}
	if heavy := p.costs(x, debt.CostHeavyFee); p.policy.AgreementStopsCosts && len(heavy) > 0 {
		t.Errorf("the plan stands, and a fee comes in %v days", heavy)
	}
}

// askedForInVain: a plan that waits for a decision in a case that is closed waits no more.
func (p *planned) askedForInVain(t *testing.T, of *debt.Case) {
	t.Helper()
	id, _, item := p.waiting(t, of)
	now, _ := p.c.decides(t, p.conn, p.subject, of, rehearse.Input{"objection_id": p.c.objects(t, p.conn, p.subject, of),
		"decision": "UPHELD"})
	for _, g := range now.Agreements {
		if g.ID.ID == id {
			t.Errorf("the plan is %+v", g)
		}
	}
	if left := p.c.waiting(t, p.conn, core.QueueQuery{Items: []string{item.ID.ID}, Rows: 1}); len(left) > 0 {
		t.Error("it still waits for a case worker")
	}
}

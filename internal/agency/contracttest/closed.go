package contracttest

import (
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
)

// closedCase: nothing is collected in a case that is closed, so what an objection or an agreement held back does
// not come back in it; in the open cases of the agreement it does.
func closedCase(t *testing.T, c *Core) {
	p, owner := c.planned(t), c.DB.Conn()
	done := func(function string, in rehearse.Input) {
		t.Helper()
		if a := ask(t, p.conn, p.scope, uuid.New(), function, in); a.Status != "DONE" {
			t.Fatalf("%s: %+v", function, a)
		}
	}
	nothing := func(after string, x *debt.Case) {
		t.Helper()
		if now := c.again(t, p.conn, p.subject)[x.ID.ID]; now.Status != debt.Closed || len(now.ScheduledCosts) > 0 {
			t.Errorf("after %s the %s case has %+v", after, now.Status, now.ScheduledCosts)
		}
	}
	disputed := p.cases[1]
	must(t, owner, c.Happen.Schedule, disputed.ID.ID, p.heavy.String(), int64(1234), string(debt.CostHeavyFee))
	done("submit_objection", rehearse.Input{"case_id": disputed.ID.ID, "reasons": []string{"OTHER"}})
	objection := c.again(t, p.conn, p.subject)[disputed.ID.ID].Objections[0].ID.ID
	must(t, owner, c.Happen.Close, disputed.ID.ID)
	done("withdraw_objection", rehearse.Input{"objection_id": objection})
	nothing("a withdrawn objection", disputed)

	plan := p.apply(t, p.in, debt.AgreementActive)
	must(t, owner, c.Happen.Close, p.cases[0].ID.ID)
	change := rehearse.Input{"agreement_id": plan, "instalments": parts(p.instalments(2))}
	if a := ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", change); a.Reason != "NO_AGREEMENT" {
		t.Errorf("a plan of nothing but a closed case is changed: %+v", a)
	}
	done("cancel_instalment_plan", rehearse.Input{"agreement_id": plan})
	nothing("a plan", p.cases[0])
	c.closedAfterSolution(t)
	if !p.policy.JointAgreements {
		return
	}
	closed, open := p.cases[2], p.cases[3]
	for _, x := range []*debt.Case{closed, open} {
		must(t, owner, c.Happen.Invoice, x.ID.ID, 1, int64(2000_00))
		must(t, owner, c.Happen.Schedule, x.ID.ID, p.heavy.String(), int64(1234), string(debt.CostHeavyFee))
	}
	plan = p.apply(t, p.in.With("case_ids", []string{closed.ID.ID, open.ID.ID}), debt.AgreementActive)
	must(t, owner, c.Happen.Close, closed.ID.ID)
	done("change_instalment_plan", change.With("agreement_id", plan))
	nothing("a changed plan", closed)
	fees := p.costs(c.again(t, p.conn, p.subject)[open.ID.ID], debt.CostInstalment)
	if want := int(p.start() - p.today); p.policy.InstalmentFee > 0 && !slices.Contains(fees, want) {
		t.Errorf("the open case has its fees in %v days, not %d", fees, want)
	}
	comes := func(when string) {
		t.Helper()
		nothing(when, closed)
		now := c.again(t, p.conn, p.subject)[open.ID.ID]
		if p.policy.AgreementStopsCosts && len(p.costs(now, debt.CostHeavyFee)) != 1 {
			t.Errorf("%s the open case has %+v", when, now.ScheduledCosts)
		}
	}
	must(t, owner, c.Happen.Pass, plan, startsAfter+2)
	comes("a missed instalment")
	done("cancel_instalment_plan", rehearse.Input{"agreement_id": plan})
	comes("a joint plan")
}

// closedAfterSolution takes a solution back in whose case nothing is collected any more.
func (c *Core) closedAfterSolution(t *testing.T) {
	t.Helper()
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	x, p, key := s.cases[0], s.proposal(), uuid.New()
	must(t, owner, c.Happen.Schedule, x.ID.ID, (s.start() + 20).String(), int64(1234), string(debt.CostHeavyFee))
	p.Agreements[0].Cases = []string{x.ID.ID}
	p.Agreements, p.Deferrals = p.Agreements[:1], nil
	s.expect(t, conn, proposing(p), key, proposed, "")
	s.expect(t, conn, Confirm, key, confirmed, "")
	must(t, owner, c.Happen.Close, x.ID.ID)
	s.expect(t, conn, Withdraw, key, withdrawn, "")
	if now := c.again(t, conn, s)[x.ID.ID]; len(now.ScheduledCosts) > 0 {
		t.Errorf("after a solution the closed case has %+v", now.ScheduledCosts)
	}
}

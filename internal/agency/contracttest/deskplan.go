package contracttest

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// waiting is a plan of more instalments than are granted at once, asked for in a case, and its item.
func (p *planned) waiting(t *testing.T, of *debt.Case) (id string, asked []debt.Instalment, item core.Waiting) {
	t.Helper()
	asked = p.instalments(p.policy.MaxInstalments + 1)
	in := rehearse.Input{"case_ids": []string{of.ID.ID}, "instalments": parts(asked)}
	id = p.apply(t, in, debt.AgreementRequested)
	return id, asked, p.c.waitsIn(t, p.conn, p.subject, of, debt.QueuePlan, id)
}

// shown returns a case as it is now, with its agreement of a key.
func (p *planned) shown(t *testing.T, of *debt.Case, id string) (*debt.Case, *debt.Agreement) {
	t.Helper()
	x := p.c.again(t, p.conn, p.subject)[of.ID.ID]
	i := slices.IndexFunc(x.Agreements, func(a *debt.Agreement) bool { return a.ID.ID == id })
	if i < 0 {
		t.Fatalf("the case has no agreement of that key, of %d", len(x.Agreements))
	}
	return x, x.Agreements[i]
}

// decided: a plan that waits is decided once, by a case worker alone. It is in force as it was granted,
// to the øre, whether that is as it was asked for or not.
func (p *planned) decided(t *testing.T) {
	t.Helper()
	c, owner := p.c, p.c.DB.Conn()
	x, worker := p.cases[1], c.desk(t).Deciding()
	must(t, owner, c.Happen.Schedule, x.ID.ID, p.heavy.String(), int64(1000), string(debt.CostHeavyFee))
	id, _, item := p.waiting(t, x)
	granted := p.instalments(3) // later and smaller than anything that is granted at once, uneven, and to the øre
	for i := range granted {
		granted[i].DueOn = granted[i].DueOn.AddDays(110)
		granted[i].Amount = granted[i].Fee + money.Øre(10_01+i)
	}
	in := rehearse.Input{"agreement_id": id, "decision": "GRANT", "instalments": parts(granted), "reply": "Fra mars."}
	with := func(change func(all []debt.Instalment) []debt.Instalment) rehearse.Input {
		return in.With("instalments", parts(change(slices.Clone(granted))))
	}
	refuse := in.With("decision", "REFUSE")
	refusedActs(t, owner, "decide_instalment_plan", map[string]refusal{
		"nothing decided": {"there are two decisions", worker, in.With("decision", nil), nil, "INVALID_INPUT"},
		"later":           {"there are two decisions", worker, in.With("decision", "LATER"), nil, "INVALID_INPUT"},
		"no word why":     {"the debtor is told why", worker, refuse.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":      {"a bound on what is kept", worker, in.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"no such":         {"text that no key type holds", worker, in.With("agreement_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":      {"a case worker decides", p.scope, in, nil, "NOT_FOUND"},
		"nobody":          {"a case worker decides", caller.Scope{}, in, nil, "NOT_FOUND"},
		"closed":          {"nothing is demanded", worker, in, happened(c.Happen.Close, x.ID.ID), "CASE_CLOSED"},
		"disputed":        {"nobody is asked to pay", worker, in, happened(c.Happen.Object, x.ID.ID), "DISPUTED"},
		"agreed":          {"one at a time", worker, in, happened(c.Happen.Agree, x.ID.ID), "AGREEMENT_EXISTS"},
		"nothing to pay":  {"a plan has instalments", worker, in.With("instalments", []string{}), nil, "INVALID_TERMS"},
		"today": {"its first day is to come", worker, with(func(all []debt.Instalment) []debt.Instalment {
			all[0].DueOn = p.today
			return all
		}), nil, "INVALID_TERMS"},
		"another fee": {"the policy has one", worker, with(func(all []debt.Instalment) []debt.Instalment {
			all[1].Fee++
			return all
		}), nil, "NOT_THE_POLICY"},
		"too long": {"nobody agrees to so many", worker, with(func([]debt.Instalment) []debt.Instalment {
			return p.instalments(p.policy.LongestPlan() + 1)
		}), nil, "NOT_THE_POLICY"},
	})
	c.decided(t, p.conn, p.subject, item, "decide_instalment_plan", in)
	now, a := p.shown(t, x, id)
	if a.Status != debt.AgreementActive || a.DecidedOn != p.today || a.Reply == nil || *a.Reply != "Fra mars." ||
		a.StartedOn != granted[0].DueOn || a.MonthlyAmount != nil || *a.SkipsLeft != *p.policy.PlanSkips {
		t.Errorf("the agreement is %+v", a)
	}
	p.runs(t, now, a, granted)
	if heavy := p.costs(now, debt.CostHeavyFee); len(heavy) != 1 { // it comes before the plan begins
		t.Errorf("the heavy fee comes in %v days", heavy)
	}
	p.changesBeyondPolicy(t, id, granted)
	p.grantedAsAsked(t, worker)
	p.refusedPlan(t, worker)
}

// runs holds the instalments of an agreement, and the fees that are scheduled for them, to the øre.
func (p *planned) runs(t *testing.T, x *debt.Case, a *debt.Agreement, want []debt.Instalment) {
	t.Helper()
	if diff := gocmp.Diff(want, a.Instalments); diff != "" {
		t.Errorf("the instalments are (-granted +shown)\n%s", diff)
	}
	var fees, scheduled money.Øre
	for _, i := range want {
		fees += i.Fee
	}
	for _, s := range x.ScheduledCosts {
		if s.Kind == debt.CostInstalment || s.Kind == debt.CostAgreementSetup {
			scheduled += s.Amount
		}
	}
	if fees != scheduled {
		t.Errorf("its instalments have fees of %s, and %s are scheduled", fees, scheduled)
	}
}

// changesBeyondPolicy: what was granted beyond the policy can be paid on other days and faster, not slower.
func (p *planned) changesBeyondPolicy(t *testing.T, id string, granted []debt.Instalment) {
	t.Helper()
	change := func(change func(all []debt.Instalment) []debt.Instalment) string {
		in := rehearse.Input{"agreement_id": id, "instalments": parts(change(slices.Clone(granted)))}
		return ask(t, p.conn, p.scope, uuid.New(), "change_instalment_plan", in).Reason
	}
	smaller := change(func(all []debt.Instalment) []debt.Instalment {
		all[0].Amount--
		return all
	})
	if smaller != "NOT_THE_POLICY" && p.policy.MinInstalment > 10_01 {
		t.Errorf("smaller ones than were granted: %q", smaller)
	}
	for name, why := range map[string]string{
		"a day earlier": change(func(all []debt.Instalment) []debt.Instalment {
			all[0].DueOn--
			return all
		}),
		"faster": change(func(all []debt.Instalment) []debt.Instalment {
			all[0].DueOn, all[1].Amount = all[0].DueOn-1, all[1].Amount+5
			return all[:2]
		}),
	} {
		if why != "" {
			t.Errorf("%s than was granted: %s", name, why)
		}
	}
}

// grantedAsAsked: a grant without instalments is of those that were asked for.
func (p *planned) grantedAsAsked(t *testing.T, worker caller.Scope) {
	t.Helper()
	x := p.cases[2]
	id, asked, _ := p.waiting(t, x)
	in := rehearse.Input{"agreement_id": id, "decision": "GRANT"}
	if a := ask(t, p.conn, worker, uuid.New(), "decide_instalment_plan", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	now, a := p.shown(t, x, id)
	if a.Status != debt.AgreementActive || a.Reply != nil || a.DecidedOn != p.today {
		t.Errorf("the agreement is %+v", a)
	}
	p.runs(t, now, a, asked)
}

// refusedPlan: the debtor is told why, nothing else has changed, and another plan can be had.
func (p *planned) refusedPlan(t *testing.T, worker caller.Scope) {
	t.Helper()
	const why = "Beløpet er for lite."
	x, owner := p.cases[3], p.c.DB.Conn()
	id, asked, _ := p.waiting(t, x)
	before := snapshot(t, owner)
	in := rehearse.Input{"agreement_id": id, "decision": "REFUSE", "reply": why}
	if a := ask(t, p.conn, worker, uuid.New(), "decide_instalment_plan", in); a.Status != "DONE" {
		t.Fatalf("%+v", a)
	}
	unchanged(t, before, snapshot(t, owner), "agreement", "queue_item")
	_, a := p.shown(t, x, id)
	if a.Status != debt.AgreementRefused || a.Reply == nil || *a.Reply != why || a.DecidedOn != p.today ||
		a.NextInstalment() != nil || !a.EndedOn.IsZero() || gocmp.Diff(asked, a.Instalments) != "" {
		t.Errorf("the agreement is %+v", a)
	}
	back := ask(t, p.conn, p.scope, uuid.New(), "cancel_instalment_plan", rehearse.Input{"agreement_id": id})
	if back.Reason != "NO_AGREEMENT" {
		t.Errorf("what is refused is cancelled: %+v", back)
	}
	second, _, _ := p.waiting(t, x)
	must(t, owner, p.c.Happen.Object, x.ID.ID) // which is no reason to leave it undecided
	in = in.With("agreement_id", second)
	if got := ask(t, p.conn, worker, uuid.New(), "decide_instalment_plan", in); got.Status != "DONE" {
		t.Errorf("%+v", got)
	}
}

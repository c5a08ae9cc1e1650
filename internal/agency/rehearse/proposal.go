package rehearse

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Draft is what a proposal is made from: cases of one debtor that nothing stands in the way of.
type Draft struct {
	Policy debt.Policy
	Today  norway.Date
	Cases  []*debt.Case // the first is agreed on
	Start  norway.Date  // first day of the agreement, if no case begins later
	Days   int          // by which cases are deferred; 0: none is
}

// agreed are the cases of the agreement: the first, and the second where they can be joined.
func (d Draft) agreed() []*debt.Case {
	if len(d.Cases) > 1 && d.Policy.JointAgreements && d.Cases[0].AgreementGroup == d.Cases[1].AgreementGroup {
		return d.Cases[:2]
	}
	return d.Cases[:1]
}

// Begins is the first day of the agreement.
func (d Draft) Begins() norway.Date {
	day := d.Start
	for _, x := range d.agreed() {
		day = max(day, x.AgreementFrom)
	}
	return day
}

// Proposal is an agreement on the first case, and on the second too where agreements can be
// joint, a deferral of the third and of the first, and payment of the others.
func (d Draft) Proposal(instalments []debt.Instalment) (p debt.Proposal) {
	agreement := debt.ProposedAgreement{Instalments: instalments}
	for _, x := range d.agreed() {
		agreement.Cases = append(agreement.Cases, x.ID.ID)
	}
	p.Agreements = []debt.ProposedAgreement{agreement}
	for _, i := range []int{2, 0} {
		if d.Days > 0 && i < len(d.Cases) {
			p.Deferrals = append(p.Deferrals, debt.ProposedDeferral{Case: d.Cases[i].ID.ID,
				Until: d.Today.AddDays(d.Days), Days: d.Days, Fee: d.Policy.DeferralFee})
		}
	}
	for _, x := range d.Cases {
		p.Cases = append(p.Cases, x.ID.ID)
	}
	return p
}

// Instalments are n that cover a sum, a month apart: none but the last is below the least of
// the policy.
func (d Draft) Instalments(n int, sum money.Øre) (all []debt.Instalment) {
	each := max(d.Policy.MinInstalment, sum/money.Øre(n))
	for k := range n {
		in := debt.Instalment{Number: k + 1, DueOn: d.Begins().AddMonths(k), Fee: d.Policy.InstalmentFee}
		if k == 0 && n > d.Policy.SetupFreeInstalments {
			in.Fee += d.Policy.SetupFee
		}
		in.Amount = each + in.Fee
		all = append(all, in)
	}
	all[n-1].Amount = sum - money.Øre(n-1)*each + all[n-1].Fee
	return all
}

// Costs is what the scheduled costs of a case must be once a proposal with one agreement is
// confirmed: deferrals come before agreements.
func Costs(policy debt.Policy, before *debt.Case, p debt.Proposal) (want []debt.ScheduledCost) {
	agreed, moved := p.Agreements[0], 0
	for _, d := range p.Deferrals {
		if d.Case == before.ID.ID {
			moved = d.Days
		}
	}
	start := agreed.Instalments[0].DueOn
	in := slices.Contains(agreed.Cases, before.ID.ID)
	for _, cost := range before.ScheduledCosts {
		cost.On = cost.On.AddDays(moved)
		stopped := policy.AgreementStopsCosts && cost.On > start || ofAgreement(cost.Kind)
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
	if len(agreed.Instalments) > policy.SetupFreeInstalments {
		add(start, debt.CostAgreementSetup, policy.SetupFee)
	}
	for _, i := range agreed.Instalments {
		add(i.DueOn, debt.CostInstalment, policy.InstalmentFee)
	}
	return want
}

// ofAgreement says that a cost comes with an agreement, and is no step of collection.
func ofAgreement(kind debt.CostKind) bool {
	return kind == debt.CostInstalment || kind == debt.CostAgreementSetup
}

// heldFor is how many days a proposal defers, where the policy allows as many, and startsAfter
// the days from today to its agreement.
const (
	heldFor     = 7
	startsAfter = 10
)

// draft makes one of the cases that are free. reaches says that it defers a cost past the first
// day of the agreement that then stops it.
func draft(policy debt.Policy, today norway.Date, free []*debt.Case) (d Draft, reaches bool) {
	d = Draft{Policy: policy, Today: today, Start: today.AddDays(startsAfter), Days: min(heldFor, policy.MaxDeferralDays)}
	for i, x := range free {
		for _, cost := range x.ScheduledCosts {
			start := max(d.Start, x.AgreementFrom, cost.On)
			days := max(d.Days, int(start-cost.On)+1)
			if !policy.AgreementStopsCosts || ofAgreement(cost.Kind) || cost.On <= today || days > policy.MaxDeferralDays {
				continue
			}
			cases := append([]*debt.Case{x}, slices.Delete(slices.Clone(free), i, i+1)...)
			found := Draft{Policy: policy, Today: today, Cases: joinable(cases), Start: start, Days: days}
			if found.Begins() == start {
				return found, true
			}
			found.Cases = found.Cases[:1]
			return found, true
		}
	}
	d.Cases = joinable(free)
	return d, false
}

// joinable puts a case that can be joined with the first in the second place, and keeps few.
func joinable(cases []*debt.Case) []*debt.Case {
	cases = slices.Clone(cases)
	for i := 2; i < len(cases) && cases[1].AgreementGroup != cases[0].AgreementGroup; i++ {
		cases[1], cases[i] = cases[i], cases[1]
	}
	return cases[:min(len(cases), 4)]
}

// terms are instalments on what is owed in the draft's agreement; none where nothing is.
func (d Draft) terms() []debt.Instalment {
	var owed money.Øre
	for _, x := range d.agreed() {
		owed += x.BalanceOn(d.Today).Total
	}
	n := min(3, d.Policy.MaxInstalments)
	if least := d.Policy.MinInstalment; least > 0 {
		n = min(n, int((owed-1)/least)+1)
	}
	if owed <= 0 || n < 1 {
		return nil
	}
	return d.Instalments(n, owed)
}

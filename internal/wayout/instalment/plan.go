// Package instalment reckons an instalment plan (nedbetalingsavtale): what is paid when, what it covers
// and what it costs, to the last øre. What is quoted, applied for and sent to the agency comes from here.
// It is pure: no database, no GraphQL, no clock.
package instalment

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Relations is what a plan is reckoned from.
const Relations = debt.OfNextCost | debt.OfInstalments

// MaxMonths is the most instalments that a plan can have, whatever the agency says.
const MaxMonths = 60

// Wish is what somebody can pay: so much a month, or everything in some months.
type Wish struct {
	Monthly money.Øre // with the fee; 0: Months says it
	Months  int       // at most so many instalments; 0: Monthly says it
	Days
}

// Plan is instalments on some cases of one agency, with all that follows from them.
type Plan struct {
	AsOf        norway.Date
	Cases       []*debt.Case // in the order in which they are paid off
	Instalments []Instalment
	Monthly     money.Øre // of each but the last, and the first where that has the set-up fee
	OwedNow     money.Øre
	Interest    money.Øre // after today
	Costs       money.Øre // that still come beside the plan's own
	Fees        money.Øre // of the instalments
	SetupFee    money.Øre
	Total       money.Øre // the sum of the instalments, and of the five before
	Dearer      money.Øre // than paying everything now
	LastDay     norway.Date
	Assumed     bool // it rests on a rate that is not set for its day
}

// Instalment is one payment, and what it covers.
type Instalment struct {
	debt.Instalment
	ToCosts     money.Øre // the instalment's own fee is a cost too
	ToInterest  money.Øre
	ToPrincipal money.Øre
	Remaining   money.Øre // of all cases, after it
}

// Sent is an instalment as the contract takes it.
type Sent struct {
	Number int       `json:"number"`
	DueOn  string    `json:"due_on"`
	Amount money.Øre `json:"amount_ore"`
	Fee    money.Øre `json:"fee_ore"`
}

// Sent returns the instalments as the contract takes them.
func (p *Plan) Sent() (all []Sent) {
	for _, i := range p.Instalments {
		all = append(all, Sent{i.Number, i.DueOn.String(), i.Amount, i.Fee})
	}
	return all
}

// Kept is what a plan that is changed has behind it: its reckoning goes on.
type Kept struct {
	Paid        int         // instalments that were paid
	SetupFee    money.Øre   // that one of those contained
	Started     norway.Date // its first day; zero: it is a new plan
	Instalments int         // that it has had in all, also where a case worker has granted more than the policy
	Least       money.Øre   // that one but the last has been without its fee; of a plan that is changed alone
}

// most is how many instalments are granted at once.
func (k *Kept) most(policy *debt.Policy) int { return max(policy.MaxInstalments, k.Instalments) }

// least is how small instalments are that are granted at once.
func (k *Kept) least(policy *debt.Policy) money.Øre {
	if k.Instalments == 0 {
		return policy.MinInstalment
	}
	return min(policy.MinInstalment, k.Least)
}

// Reckon returns the plan by which somebody pays cases of one agency, and why it cannot be. The cases come
// as the agency's records list them, and are paid off in that order; the first bears the fees.
func Reckon(today norway.Date, cases []*debt.Case, w Wish, kept Kept) (*Plan, Refusal) {
	b := newBook(today, cases, w, kept)
	if b.owed(w.On(0)) == 0 {
		return nil, NothingOwed
	}
	if w.Months > 0 {
		w.Monthly = b.monthly(w.Months)
	}
	rows, ok := b.play(w.Monthly)
	if !ok {
		return nil, TooLittle
	}
	return b.plan(w.Monthly, rows), ""
}

// book is the cases of a plan with the terms that it is reckoned by.
type book struct {
	today   norway.Date
	cases   []*debt.Case
	policy  debt.Policy
	wish    Wish
	kept    Kept
	assumed bool
}

func newBook(today norway.Date, cases []*debt.Case, w Wish, kept Kept) *book {
	return &book{today: today, cases: cases, policy: cases[0].Terms.Policy, wish: w, kept: kept}
}

// begin returns the cases as they go on once the plan is agreed.
func (b *book) begin() []*debt.Future {
	all := make([]*debt.Future, len(b.cases))
	for i, c := range b.cases {
		all[i] = c.Future()
		begins := b.wish.On(0)
		if !b.kept.Started.IsZero() {
			begins = b.kept.Started
		}
		b.assumed = all[i].Agree(begins) || b.assumed
	}
	return all
}

// setup returns the set-up fee that is still to come where the plan has so many instalments in all.
func (b *book) setup(instalments int) money.Øre {
	if b.kept.Paid+instalments > b.policy.SetupFreeInstalments {
		return max(b.policy.SetupFee-b.kept.SetupFee, 0)
	}
	return 0
}

// play pays so much a month until nothing is owed; ok is false where that takes too long. The set-up fee
// comes on top of the first instalment, so that it does not make the plan longer.
func (b *book) play(monthly money.Øre) (rows []Instalment, ok bool) {
	rows, ok = b.pay(monthly, 0)
	if setup := b.setup(len(rows)); ok && setup > 0 {
		rows, ok = b.pay(monthly, setup)
	}
	return rows, ok
}

func (b *book) pay(monthly, setup money.Øre) (rows []Instalment, ok bool) {
	cases := b.begin()
	for n := range MaxMonths - b.kept.Paid {
		on := b.wish.On(n)
		one := Instalment{Instalment: debt.Instalment{Number: b.kept.Paid + n + 1, DueOn: on, Fee: b.policy.InstalmentFee}}
		cases[0].Charge(debt.CostInstalment, one.Fee, on)
		most := monthly
		if n == 0 && setup > 0 {
			cases[0].Charge(debt.CostAgreementSetup, setup, on)
			one.Fee += setup
			most += setup
		}
		if most <= one.Fee {
			return nil, false
		}
		settle(cases, &one, most)
		if rows = append(rows, one); one.Remaining == 0 {
			return rows, true
		}
	}
	return rows, false
}

// settle pays the cases in their order, each until nothing is owed in it.
func settle(cases []*debt.Future, one *Instalment, most money.Øre) {
	for _, c := range cases {
		before := c.On(one.DueOn)
		x := min(before.Total, most-one.Amount)
		after := before
		if x > 0 {
			c.Pay(x, one.DueOn)
			after = c.On(one.DueOn)
		}
		one.Amount += x
		one.ToCosts += before.Fees + before.LegalCosts - after.Fees - after.LegalCosts
		one.ToInterest += before.Interest - after.Interest
		one.ToPrincipal += before.Principal - after.Principal
		one.Remaining += after.Total
	}
}

// owed is what the cases owe on a day when nothing has been paid.
func (b *book) owed(day norway.Date) (sum money.Øre) {
	for _, c := range b.begin() {
		balance := c.On(day)
		sum += balance.Total
	}
	return sum
}

// monthly returns the least amount in whole kroner that pays everything in so many instalments.
func (b *book) monthly(months int) money.Øre {
	enough := func(kroner money.Øre) bool {
		rows, ok := b.play(kroner * money.Krone)
		return ok && len(rows) <= months
	}
	low := b.owed(b.wish.On(0)) / money.Øre(months) / money.Krone // too little, or nearly
	step := max(low/16, 16)
	high := low + step
	for ; !enough(high); step *= 2 {
		low, high = high, high+step
	}
	for low+1 < high {
		if middle := (low + high) / 2; enough(middle) {
			high = middle
		} else {
			low = middle
		}
	}
	return high * money.Krone
}

func (b *book) plan(monthly money.Øre, rows []Instalment) *Plan {
	last := rows[len(rows)-1]
	p := &Plan{AsOf: b.today, Cases: b.cases, Instalments: rows, LastDay: last.DueOn,
		Monthly: min(monthly, rows[0].Amount)}
	for _, c := range b.cases {
		now := c.BalanceOn(b.today)
		then := c.BalanceOn(last.DueOn)
		p.OwedNow += now.Total
		p.Assumed = p.Assumed || then.Assumed()
		p.Interest -= now.Interest
		p.Costs -= now.Fees + now.LegalCosts
	}
	p.SetupFee = b.setup(len(rows))
	for i := range rows {
		p.Total += rows[i].Amount
		p.Fees += b.policy.InstalmentFee
		p.Interest += rows[i].ToInterest
		p.Costs += rows[i].ToCosts
	}
	p.Costs -= p.Fees + p.SetupFee
	if p.Costs < 0 { // standard compensation is set off against the set-up fee
		p.SetupFee, p.Costs = p.SetupFee+p.Costs, 0
	}
	p.Dearer = p.Total - p.OwedNow
	p.Assumed = p.Assumed || b.assumed
	return p
}

package solver

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Decisions are what a plan consists of; everything else follows from the instance.
type Decisions struct {
	Deferrals  []Deferral
	Agreements []Agreement
	Payments   []Payment // only PayDay, Case and Amount are read
}

// Deferral moves every coming cost step of a case some days later.
type Deferral struct {
	Case string `json:"case"`
	Days int    `json:"days"`
}

// Agreement joins cases of one agency in instalments on the pay days First to Last.
type Agreement struct {
	Agency string   `json:"agency"`
	Cases  []string `json:"cases"`
	First  int      `json:"first"`
	Last   int      `json:"last"`
}

// Payment is what one case gets on one pay day, and what the payment covers.
type Payment struct {
	PayDay      int
	Case        string
	Amount      money.Øre
	ToCosts     money.Øre
	ToInterest  money.Øre
	ToPrincipal money.Øre
	Balance     money.Øre // of the case, after the payment
}

// AgreementFee is what an agreement costs on one pay day.
type AgreementFee struct {
	Agreement  int // index into Plan.Agreements
	Instalment money.Øre
	Setup      money.Øre
}

// Month is all that leaves the debtor's account on one pay day.
type Month struct {
	PayDay   int
	Date     norway.Date
	Payments []Payment
	Fees     []AgreementFee
	Total    money.Øre
	Carried  money.Øre // of the budgets until then, what can still be paid later
}

// Step is a cost step of a case until the last pay day, after the plan's deferrals.
type Step struct {
	Case string
	Event
	Arises bool // the plan lets it come
}

// AvoidBy is the last day on which paying the case off avoids the step.
func (s *Step) AvoidBy() norway.Date { return s.Date - 1 }

// Closing is the day on which a case is paid off.
type Closing struct {
	Case   string
	PayDay int
	Date   norway.Date
}

// Plan is a feasible plan with everything that follows from it.
type Plan struct {
	Deferrals  []Deferral  // by case
	Agreements []Agreement // by agency and first case
	Months     []Month     // the pay days on which something is paid
	Closings   []Closing   // by case
	Steps      []Step      // by day and case

	Opening       money.Øre // owed on AsOf by the cases without objection
	Interest      money.Øre // accrued after AsOf
	EventFees     money.Øre
	DeferralFees  money.Øre
	AgreementFees money.Øre
	Cost          money.Øre // the four above: what the way out costs beyond what is owed now
	TotalPaid     money.Øre
	LastPayDay    int         // index of the last used pay day, -1 if nothing is owed
	LastDay       norway.Date // zero if nothing is owed
	LargestMonth  money.Øre
}

// Payments returns the plan's payments in order of pay day and case.
func (p *Plan) Payments() []Payment {
	var all []Payment
	for i := range p.Months {
		all = append(all, p.Months[i].Payments...)
	}
	return all
}

// Decisions returns what the plan decides, without what follows from it.
func (p *Plan) Decisions() Decisions {
	return Decisions{Deferrals: p.Deferrals, Agreements: p.Agreements, Payments: p.Payments()}
}

// closingSum is the fourth part of the objective.
func (p *Plan) closingSum() int {
	sum := 0
	for _, c := range p.Closings {
		sum += c.PayDay
	}
	return sum
}

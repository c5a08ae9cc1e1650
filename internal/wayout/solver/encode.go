package solver

import (
	"github.com/go-json-experiment/json"
	"github.com/go-json-experiment/json/jsontext"
)

type wireRow struct {
	PayDay      int    `json:"pay_day"`
	Case        string `json:"case"`
	Amount      int64  `json:"amount_ore"`
	ToCosts     int64  `json:"to_costs_ore"`
	ToInterest  int64  `json:"to_interest_ore"`
	ToPrincipal int64  `json:"to_principal_ore"`
	Balance     int64  `json:"balance_ore"`
}

type wireMonth struct {
	PayDay int    `json:"pay_day"`
	Date   string `json:"date"`
	Cases  int64  `json:"payments_ore"`
	Fees   int64  `json:"agreement_fees_ore"`
	Total  int64  `json:"total_ore"`
	Left   int64  `json:"carried_over_ore,omitempty"`
}

type wireStep struct {
	Case    string `json:"case"`
	Date    string `json:"date"`
	Fee     int64  `json:"fee_ore"`
	Kind    string `json:"kind"`
	AvoidBy string `json:"avoid_by"`
	Arises  bool   `json:"arises"`
}

type wirePlan struct {
	Instance      string      `json:"instance"`
	Cost          int64       `json:"cost_ore"`
	Interest      int64       `json:"interest_ore"`
	Events        int64       `json:"escalation_ore"`
	DeferralFees  int64       `json:"deferral_fees_ore"`
	AgreementFees int64       `json:"agreement_fees_ore"`
	TotalPaid     int64       `json:"total_paid_ore"`
	Deferrals     []Deferral  `json:"deferrals"`
	Agreements    []Agreement `json:"agreements"`
	Payments      []wireRow   `json:"payments"`
	Months        []wireMonth `json:"months"`
	Steps         []wireStep  `json:"events"`
}

type wireInfeasible struct {
	Instance    string `json:"instance"`
	Infeasible  bool   `json:"infeasible"`
	LeastBudget *int64 `json:"least_budget_ore"` // null: today is the only pay day
}

// Encode returns the answer to an instance in JSON: a plan, or that there is none and the
// least budget for which there is.
func (a *Answer) Encode(instance string) ([]byte, error) {
	if !a.Feasible {
		w := wireInfeasible{Instance: instance, Infeasible: true}
		if a.LeastBudget != NoBudget {
			w.LeastBudget = new(int64(a.LeastBudget))
		}
		return encode(w)
	}
	p := &a.Plan
	w := wirePlan{
		Instance: instance, Cost: int64(p.Cost), Interest: int64(p.Interest), Events: int64(p.EventFees),
		DeferralFees: int64(p.DeferralFees), AgreementFees: int64(p.AgreementFees), TotalPaid: int64(p.TotalPaid),
		Deferrals: p.Deferrals, Agreements: p.Agreements,
	}
	for _, m := range p.Months {
		line := wireMonth{PayDay: m.PayDay, Date: m.Date.String(), Total: int64(m.Total), Left: int64(m.Carried)}
		for _, r := range m.Payments {
			line.Cases += int64(r.Amount)
			w.Payments = append(w.Payments, wireRow{
				PayDay: r.PayDay, Case: r.Case, Amount: int64(r.Amount), ToCosts: int64(r.ToCosts),
				ToInterest: int64(r.ToInterest), ToPrincipal: int64(r.ToPrincipal), Balance: int64(r.Balance),
			})
		}
		line.Fees = line.Total - line.Cases
		w.Months = append(w.Months, line)
	}
	for _, s := range p.Steps {
		w.Steps = append(w.Steps, wireStep{
			Case: s.Case, Date: s.Date.String(), Fee: int64(s.Fee), Kind: s.Kind, AvoidBy: s.AvoidBy().String(),
			Arises: s.Arises,
		})
	}
	return encode(w)
}

func encode(v any) ([]byte, error) {
	b, err := json.Marshal(v, jsontext.WithIndent(" "))
	return append(b, '\n'), err
}

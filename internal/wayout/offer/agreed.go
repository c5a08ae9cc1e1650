package offer

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Agreed returns what is stored of the solution's payments when it is accepted. The fee of an
// agreement is paid with the first of its cases that is paid on the day.
func (s *Solution) Agreed() schedule.Schedule {
	place := map[debt.Key]int{}
	var cases []*debt.Case
	for _, c := range s.Closings {
		place[c.Case.ID] = len(cases)
		cases = append(cases, c.Case)
	}
	var all []schedule.Payment
	for n, m := range s.Schedule {
		day := s.plan.Months[n]
		for i, p := range m.Payments {
			one := schedule.Payment{DueOn: m.DueOn, Case: place[p.Case.ID], Amount: p.Amount}
			if a := s.agreementOf(day.Payments[i].Case, &day); a >= 0 {
				one.Agreement = a + 1
				if s.firstPaid(a, &day) == day.Payments[i].Case {
					one.Fee = feesOf(a, &day)
					one.Amount += one.Fee
				}
			}
			all = append(all, one)
		}
	}
	return schedule.New(cases, all)
}

// agreementOf returns the agreement that has an instalment with a case on a pay day, -1 when none has.
func (s *Solution) agreementOf(id string, m *solver.Month) int {
	for i, a := range s.plan.Agreements {
		if isInstalment(i, m) && slices.Contains(a.Cases, id) {
			return i
		}
	}
	return -1
}

// isInstalment says whether an agreement has an instalment on a pay day: then it has a fee there,
// which can be zero.
func isInstalment(agreement int, m *solver.Month) bool {
	return slices.ContainsFunc(m.Fees, func(f solver.AgreementFee) bool { return f.Agreement == agreement })
}

// firstPaid returns the first of an agreement's cases that is paid in a month.
func (s *Solution) firstPaid(agreement int, m *solver.Month) string {
	cases := s.plan.Agreements[agreement].Cases
	i := slices.IndexFunc(cases, func(id string) bool {
		return slices.ContainsFunc(m.Payments, func(p solver.Payment) bool { return p.Case == id })
	})
	return cases[i]
}

func feesOf(agreement int, m *solver.Month) (sum money.Øre) {
	for _, f := range m.Fees {
		if f.Agreement == agreement {
			sum += f.Instalment + f.Setup
		}
	}
	return sum
}

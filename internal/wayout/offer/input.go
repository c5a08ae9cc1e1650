package offer

import (
	"maps"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Input is what the person wants.
type Input struct {
	MonthlyBudget *money.Øre  // nil: not decided
	UseBudget     *bool       // MonthlyBudget is the household budget's: whoever reads that has put it there
	PayToday      *money.Øre  // what can be paid today; nil: today is no pay day
	PayDay        *int        // day of the month; in place of PayDays
	PayDays       []int       // days of the month, the first in the rhythm of agreements; empty: the default
	PayDayBudgets []money.Øre // of each pay day of the month; empty: MonthlyBudget on the first
	CarryOver     *bool       // what a pay day leaves can be paid later; nil: it is not
	Months        *int        // the most months to take; nil: DefaultMonths
}

// What is taken when the person has not said it, and how far a plan may reach.
const (
	DefaultPayDay = 20
	DefaultMonths = 24
	MaxMonths     = 60
	MaxPayDays    = 4 // a month
)

// validate refuses what cannot be used, as BAD_USER_INPUT.
func (i *Input) validate() error {
	if b := i.MonthlyBudget; b != nil && *b <= 0 {
		return fault.Invalid("input.monthlyBudget", "monthlyBudget is more than zero").Saying("input.AMOUNT_POSITIVE")
	}
	if b := i.PayToday; b != nil && *b < 0 {
		return fault.Invalid("input.payToday", "payToday is zero or more").Saying("input.AMOUNT_NEGATIVE")
	}
	if m := i.Months; m != nil && (*m < 1 || *m > MaxMonths) {
		return fault.Invalid("input.months", "months is 1 to %d", MaxMonths).Saying("input.MONTHS", "max", MaxMonths)
	}
	return i.validateDays()
}

func (i *Input) validateDays() error {
	wrong := func(day int) bool { return day < 1 || day > 31 }
	if i.PayDay != nil && wrong(*i.PayDay) {
		return fault.Invalid("input.payDay", "payDay is a day of the month, 1 to 31").Saying("input.PAY_DAY")
	}
	if i.PayDays != nil {
		if i.PayDay != nil {
			return fault.Invalid("input.payDays", "payDay and payDays are given").Saying("input.PAY_DAYS_TWICE")
		}
		different := slices.Compact(slices.Sorted(slices.Values(i.PayDays)))
		n := len(i.PayDays)
		if n < 1 || n > MaxPayDays || len(different) < n || slices.ContainsFunc(different, wrong) {
			return fault.Invalid("input.payDays", "payDays are 1 to %d different days, 1 to 31", MaxPayDays).
				Saying("input.PAY_DAYS", "max", MaxPayDays)
		}
	}
	if b := i.PayDayBudgets; b != nil {
		if len(b) != max(len(i.PayDays), 1) || slices.Min(b) < 0 || slices.Max(b) == 0 {
			return fault.Invalid("input.payDayBudgets", "payDayBudgets are one amount for each pay day, not all zero").
				Saying("input.PAY_DAY_BUDGETS")
		}
	}
	return nil
}

// budgets returns the budget of each pay day of the month, nil when the person has named none.
func (i *Input) budgets(days int) []money.Øre {
	switch {
	case i.PayDayBudgets != nil:
		return i.PayDayBudgets
	case i.MonthlyBudget == nil:
		return nil
	}
	all := make([]money.Øre, days)
	all[0] = *i.MonthlyBudget
	return all
}

// payDays puts the days that the person can pay on into the instance, each with its budget.
func (s *situation) payDays(input *Input) {
	today, months, days := s.in.AsOf, DefaultMonths, input.PayDays
	if input.Months != nil {
		months = *input.Months
	}
	if input.PayDay != nil {
		days = []int{*input.PayDay}
	}
	if len(days) == 0 {
		days = []int{s.defaultPayDay()}
	}
	budgets := input.budgets(len(days))
	rhythm := monthly(today, days[0], months)
	sum := map[norway.Date]money.Øre{}
	if input.PayToday != nil {
		sum[today] = *input.PayToday
	}
	for k, day := range days {
		for _, on := range monthly(today, day, months) {
			if on > rhythm[months-1] {
				break
			}
			if budgets == nil {
				sum[on] = solver.NoBudget
			} else {
				sum[on] += budgets[k]
			}
		}
	}
	s.in.CarryOver = input.CarryOver != nil && *input.CarryOver
	for on := range sum {
		s.in.PayDays = append(s.in.PayDays, on)
	}
	slices.Sort(s.in.PayDays)
	for t, on := range s.in.PayDays {
		s.in.Budgets = append(s.in.Budgets, sum[on])
		if _, is := slices.BinarySearch(rhythm, on); !is {
			s.in.OffRhythm = append(s.in.OffRhythm, t)
		}
	}
	for _, on := range slices.Sorted(maps.Keys(s.plan)) {
		s.in.Promises = append(s.in.Promises, solver.Promise{On: on, Amount: s.plan[on]})
	}
}

// defaultPayDay returns DefaultPayDay, or the day of the month that avoids the first cost which comes
// before that day does: whoever names no day should not be shown a dearer one.
func (s *situation) defaultPayDay() int {
	day := monthly(s.in.AsOf, DefaultPayDay, 1)[0]
	for i := range s.in.Cases {
		for _, e := range s.in.Cases[i].Events {
			if by := e.Date - 1; by > s.in.AsOf {
				day = min(day, by)
			}
		}
	}
	return day.Time().Day()
}

// monthly returns a day of each month after today, in short months their last day.
func monthly(today norway.Date, day, months int) []norway.Date {
	first := today.AddDays(1 - today.Time().Day())
	var days []norway.Date
	for m := 0; len(days) < months; m++ {
		last := first.AddMonths(m+1) - 1
		if d := min(first.AddMonths(m).AddDays(day-1), last); d > today {
			days = append(days, d)
		}
	}
	return days
}

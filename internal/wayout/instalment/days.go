package instalment

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Days are the days of instalments: the same day of each month from one on. Where banks are closed on it the
// instalment is due on the next bank day, and the day of the month stays. That is how banks and agencies do
// it; no statute was found that says so of agreements.
type Days struct {
	FirstDue norway.Date // of the first, whether a bank day or not
	PayDay   int         // of the month, the last of a month that is shorter
	Next     norway.Date // the first instalment alone comes on this very day; zero: as FirstDue says
}

// From returns the days of a plan that begins on a day.
func From(first norway.Date) Days { return Days{FirstDue: first, PayDay: first.Time().Day()} }

// On returns the day of the nth instalment from 0.
func (d *Days) On(n int) norway.Date {
	if n == 0 && !d.Next.IsZero() {
		return d.Next
	}
	return norway.NextBankDay(d.Nominal(n))
}

// Nominal returns the day that the nth instalment from 0 would have if banks were always open.
func (d *Days) Nominal(n int) norway.Date { return inMonth(d.PayDay, d.FirstDue, n) }

// inMonth returns a day of the nth month after that of a date, or the last of that month.
func inMonth(payDay int, of norway.Date, n int) norway.Date {
	y, m, _ := of.Time().Date()
	first, after := norway.NewDate(y, m+time.Month(n), 1), norway.NewDate(y, m+time.Month(n+1), 1)
	return min(first.AddDays(payDay-1), after-1)
}

// Left returns the days of the instalments that are not paid, from the next one on, as they were agreed: the day of
// the month on which most of all of them fall, the last among them. One that was moved alone has its own day.
func Left(all []debt.Instalment, next int) Days {
	var left []debt.Instalment
	for _, i := range all {
		if i.PaidOn.IsZero() && i.Number >= next {
			left = append(left, i)
		}
	}
	last := left[len(left)-1].DueOn
	d, most := From(last), 0
	for back := range longestClosed {
		for _, days := range ending(last.AddDays(-back)) {
			if n := days.fits(all, last); n > most {
				d, most = days, n
			}
		}
	}
	d.FirstDue = d.Nominal(1 - len(left))
	if d.On(0) != left[0].DueOn {
		d.Next = left[0].DueOn
	}
	return d
}

// longestClosed is more days than banks are ever closed in a row: five, as from Maundy Thursday to Easter Monday.
const longestClosed = 6

// ending are the days of the month that a day can be: the last of a short month is those that it lacks too.
func ending(day norway.Date) []Days {
	all := []Days{From(day)}
	if (day + 1).Time().Day() == 1 {
		for payDay := day.Time().Day() + 1; payDay <= 31; payDay++ {
			all = append(all, Days{FirstDue: day, PayDay: payDay})
		}
	}
	return all
}

// fits returns how many instalments fall on the days, of which the last is the nth; 0 where that one does not.
func (d *Days) fits(all []debt.Instalment, last norway.Date) (n int) {
	for back := range all {
		nominal := d.Nominal(-back)
		due := all[len(all)-1-back].DueOn
		if due == nominal || due == norway.NextBankDay(nominal) {
			n++
		} else if due == last {
			return 0
		}
	}
	return n
}

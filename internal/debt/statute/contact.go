package statute

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Hours are whole hours of a day in Oslo, from one on and until another.
type Hours struct{ From, Until int }

// ContactHours are when an agency may call on a debtor, ring, or write in a way that is heard at once. On
// Sundays and holidays it may not.
type ContactHours struct{ Weekdays, Saturdays Hours }

// LawfulContact is by the act of 2026, which is adopted and not in force. The act of 1988 names no hours:
// until then these are taken for what its good practice asks for, and so rest on an assumption.
var LawfulContact = Table[ContactHours]{Rows: []Row[ContactHours]{{
	From: norway.MustDate("1989-07-01"), Value: ContactHours{Weekdays: Hours{8, 21}, Saturdays: Hours{9, 15}},
	Source:      "inkassoloven (2026) § 15, LOV-2026-05-22-19, taken for good practice by inkassoloven (1988) § 8",
	Unconfirmed: true,
}}}

// ContactHoursOn returns the hours in which a debtor may be contacted on a day; none on Sundays and
// holidays, nor on a day of which nothing is known.
func ContactHoursOn(day norway.Date) Hours {
	row, known := LawfulContact.On(day)
	switch {
	case known == Unknown || norway.Holiday(day):
		return Hours{}
	case day.Time().Weekday() == time.Saturday:
		return row.Value.Saturdays
	default:
		return row.Value.Weekdays
	}
}

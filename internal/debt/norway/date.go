// Package norway has what is Norwegian but has nothing to do with debt: calendar
// dates in Oslo, national identity numbers, organisation numbers, KID and account
// numbers with their check digits.
package norway

import (
	"fmt"
	"io"
	"time"
	_ "time/tzdata" // Oslo's rules also where the machine has none
)

// Date is a calendar date in Norway: days since 31 December of year 0, so that the zero value is
// not a date.
type Date int32

const unixEpoch = 719163 // 1970-01-01 as a Date

// Oslo is the time zone that decides which date it is.
var Oslo = mustLoad("Europe/Oslo")

func mustLoad(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the zone is compiled in
	}
	return loc
}

// NewDate returns the date of a year, month and day; days beyond the month's end run on.
func NewDate(year int, month time.Month, day int) Date {
	return Date(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix()/86400 + unixEpoch)
}

// FromUnixDays returns the date that lies days after 1970-01-01.
func FromUnixDays(days int32) Date { return Date(days + unixEpoch) }

// DateOf returns the date that it is in Oslo at the instant t.
func DateOf(t time.Time) Date {
	y, m, d := t.In(Oslo).Date()
	return NewDate(y, m, d)
}

// ParseDate reads an ISO 8601 date, such as 2026-03-01, of the years 1900 to 2199.
func ParseDate(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return 0, fmt.Errorf("a date is written like 2026-03-01")
	}
	d := NewDate(t.Date())
	if d < FirstDate || d > LastDate {
		return 0, fmt.Errorf("a date is between 1900 and 2199")
	}
	return d, nil
}

// MustDate is ParseDate for dates that are written in the code.
func MustDate(s string) Date {
	d, err := ParseDate(s)
	if err != nil {
		panic(err)
	}
	return d
}

// The first and the last date that is taken from anybody. What systems keep outside of them
// stands for something else, such as "never".
var (
	FirstDate = NewDate(1900, time.January, 1)
	LastDate  = NewDate(2199, time.December, 31)
)

// IsZero says that d is not a date.
func (d Date) IsZero() bool { return d == 0 }

// Time returns the midnight, in UTC, at which the date begins: for calendar arithmetic alone.
func (d Date) Time() time.Time { return time.Unix(int64(d-unixEpoch)*86400, 0).UTC() }

// UnixDays returns the days since 1970-01-01.
func (d Date) UnixDays() int32 { return int32(d) - unixEpoch }

// AddDays returns the date n days later, or earlier when n is negative.
func (d Date) AddDays(n int) Date { return d + Date(n) }

// AddMonths returns the same day n months later; a day that the month lacks becomes its last.
func (d Date) AddMonths(n int) Date {
	y, m, day := d.Time().Date()
	first := NewDate(y, m+time.Month(n), 1)
	y, m, _ = first.Time().Date()
	return min(first+Date(day-1), NewDate(y, m+1, 1)-1)
}

// String returns the ISO 8601 form, empty for no date.
func (d Date) String() string {
	if d == 0 {
		return ""
	}
	return d.Time().Format(time.DateOnly)
}

// MarshalGQL writes the scalar Date: a JSON string, null for no date.
func (d Date) MarshalGQL(w io.Writer) {
	if d == 0 {
		_, _ = io.WriteString(w, "null")
		return
	}
	var buf [16]byte
	b := append(buf[:0], '"')
	b = append(d.Time().AppendFormat(b, time.DateOnly), '"')
	_, _ = w.Write(b)
}

// UnmarshalGQL reads the scalar Date.
func (d *Date) UnmarshalGQL(v any) error {
	s, ok := v.(string)
	if !ok {
		return fmt.Errorf("a date is a string such as \"2026-03-01\"")
	}
	parsed, err := ParseDate(s)
	*d = parsed
	return err
}

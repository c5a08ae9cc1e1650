package norway

import "time"

// Holiday says whether a day is a public holiday (helligdag) or has the rest of one: Sundays, the days
// of lov om helligdager og helligdagsfred (LOV-1995-02-24-12) § 2, and 1 and 17 May (LOV-1947-04-26-1).
func Holiday(day Date) bool {
	t := day.Time()
	if t.Weekday() == time.Sunday {
		return true
	}
	switch month, dayOf := t.Month(), t.Day(); {
	case month == time.January && dayOf == 1, month == time.May && (dayOf == 1 || dayOf == 17),
		month == time.December && (dayOf == 25 || dayOf == 26):
		return true
	}
	switch day - easter(t.Year()) {
	case -3, -2, 1, 39, 50: // Maundy Thursday, Good Friday, Easter Monday, Ascension Day, Whit Monday
		return true
	}
	return false
}

// easter returns Easter Sunday of a year by the Gregorian reckoning (Meeus, Jones and Butcher).
func easter(year int) Date {
	golden, century, rest := year%19, year/100, year%100
	moon := (19*golden + century - century/4 - (century-(century+8)/25+1)/3 + 15) % 30
	week := (32 + 2*(century%4) + 2*(rest/4) - moon - rest%4) % 7
	late := (golden + 11*moon + 22*week) / 451
	at := moon + week - 7*late + 114
	return NewDate(year, time.Month(at/31), at%31+1)
}

// BankDay says whether banks settle payments on a day: Monday to Friday, but for holidays and Christmas Eve,
// as Norges Bank keeps the settlement days (oppgjørsdager) of its settlement system.
func BankDay(day Date) bool {
	switch t := day.Time(); {
	case t.Weekday() == time.Saturday, t.Month() == time.December && t.Day() == 24:
		return false
	}
	return !Holiday(day)
}

// NextBankDay returns the first bank day from a day on.
func NextBankDay(day Date) Date {
	for !BankDay(day) {
		day++
	}
	return day
}

// LastBankDay returns the last bank day up to a day.
func LastBankDay(day Date) Date {
	for !BankDay(day) {
		day--
	}
	return day
}

package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// Difficulty is what a person has told an agency of their situation, and how they want to be contacted.
type Difficulty struct {
	Agency              *Agency
	DebtorID            string
	Kinds               []DifficultyKind
	InterpreterLanguage *string // the language that an interpreter is needed for, as ISO 639 has it
	Statement           *string // the person's own words
	ContactChannel      *ContactChannel
	ContactFrom         *int // whole hours in Oslo, from this one on and until the other
	ContactUntil        *int
	DeclaredAt          time.Time
	Until               norway.Date // the last day on which it holds
}

// Hours returns the hours in which the person wants to be contacted; nil where they have named none.
func (d *Difficulty) Hours() *statute.Hours {
	if d.ContactFrom == nil || d.ContactUntil == nil {
		return nil
	}
	return &statute.Hours{From: *d.ContactFrom, Until: *d.ContactUntil}
}

// horizon is how many days ahead the next contact is looked for: more than any row of holidays.
const horizon = 31

// ContactableAt returns the first instant from now on at which a person may be contacted in a way that is
// heard at once, by the hours of the law and those that the person asks for; nil asks for none. Whatever
// contacts a person asks here first. It is zero where the two have no hour in common.
func ContactableAt(now time.Time, asked *statute.Hours) time.Time {
	today := norway.DateOf(now)
	for day := today; day < today+horizon; day++ {
		hours := statute.ContactHoursOn(day)
		if asked != nil {
			hours = statute.Hours{From: max(hours.From, asked.From), Until: min(hours.Until, asked.Until)}
		}
		from, until := at(day, hours.From), at(day, hours.Until)
		if hours.From < hours.Until && now.Before(until) {
			if now.After(from) {
				return now
			}
			return from
		}
	}
	return time.Time{}
}

// at returns the instant of a whole hour of a day in Oslo.
func at(day norway.Date, hour int) time.Time {
	t := day.Time()
	return time.Date(t.Year(), t.Month(), t.Day(), hour, 0, 0, 0, norway.Oslo)
}

// Difficulties returns what agencies have been told of the person, nil when no agency answered.
func (p *Person) Difficulties() []Difficulty {
	var all []Difficulty
	for _, part := range p.Parts {
		if part.Status == AgencyOK && all == nil {
			all = []Difficulty{}
		}
		for _, d := range part.Difficulties {
			if d.Until >= p.Today {
				all = append(all, d)
			}
		}
	}
	return all
}

// ContactableAt returns the first instant from now on at which every agency may contact the person; nil
// where there is none, or where no agency answered.
func (p *Person) ContactableAt(now time.Time) *time.Time {
	told := p.Difficulties()
	if told == nil {
		return nil
	}
	var asked *statute.Hours
	for i := range told {
		switch hours := told[i].Hours(); {
		case hours == nil:
		case asked == nil:
			asked = hours
		default:
			asked = &statute.Hours{From: max(asked.From, hours.From), Until: min(asked.Until, hours.Until)}
		}
	}
	next := ContactableAt(now, asked)
	if next.IsZero() {
		return nil
	}
	return &next
}

package personaldata

import (
	"strconv"
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
)

// text is one text in the three languages.
type text struct{ nb, nn, en string }

func (t text) in(l debt.Language) string {
	switch l {
	case debt.Nynorsk:
		return t.nn
	case debt.English:
		return t.en
	default:
		return t.nb
	}
}

// Code names a category of personal data.
type Code string

// The categories: those of agencies, then those of the portal.
const (
	Identity         Code = "IDENTITY"
	Contact          Code = "CONTACT"
	Cases            Code = "CASES"
	Costs            Code = "COSTS"
	Payments         Code = "PAYMENTS"
	Agreements       Code = "AGREEMENTS"
	Letters          Code = "LETTERS"
	Documents        Code = "DOCUMENTS"
	Objections       Code = "OBJECTIONS"
	Requests         Code = "REQUESTS"
	Messages         Code = "MESSAGES"
	PowersOfAttorney Code = "POWERS_OF_ATTORNEY"
	Difficulties     Code = "DIFFICULTIES"

	Acts                Code = "ACTS"
	PrivacyRequests     Code = "PRIVACY_REQUESTS"
	Logins              Code = "LOGINS"
	SolutionAcceptances Code = "SOLUTION_ACCEPTANCES"
	HouseholdBudget     Code = "HOUSEHOLD_BUDGET"
	SentFiles           Code = "SENT_FILES"
	AccessLog           Code = "ACCESS_LOG"
)

// Category is one category of personal data at one source.
type Category struct {
	Code          Code
	RecordCount   int
	RetentionDays *int // nil: no fixed number

	of       *kind
	language debt.Language // when none is asked for
}

// LegalBasis is a provision that lets the data be processed.
type LegalBasis struct {
	Provision string // such as "GDPR art. 6(1)(f)"

	explains text
	language debt.Language
}

// kind is what is true of a category at every source of its sort.
type kind struct {
	code       Code
	name       text
	purpose    text
	bases      []basis
	origin     text
	recipients text
	retention  text // of the portal's: with the number of days in place of %d
	ofAgency   func(*debt.Part) int
	ofPortal   func(*Portal) int
}

type basis struct {
	provision string
	explains  text
}

func categoriesOf(kinds []kind, count func(*kind) int, days map[Code]int, l debt.Language) []Category {
	var out []Category
	for i := range kinds {
		k := &kinds[i]
		n := count(k)
		if n == 0 {
			continue
		}
		c := Category{Code: k.code, RecordCount: n, of: k, language: l}
		if d, ok := days[k.code]; ok {
			c.RetentionDays = &d
		}
		out = append(out, c)
	}
	return out
}

func chosen(asked *debt.Language, other debt.Language) debt.Language {
	if asked != nil {
		return *asked
	}
	return other
}

// Name returns what the category is called, in a language: by default the person's.
func (c *Category) Name(language *debt.Language) string {
	return c.of.name.in(chosen(language, c.language))
}

// Purpose says what the data is used for (art. 15(1)(a)).
func (c *Category) Purpose(language *debt.Language) string {
	return c.of.purpose.in(chosen(language, c.language))
}

// Origin says where the data comes from (art. 15(1)(g)).
func (c *Category) Origin(language *debt.Language) string {
	return c.of.origin.in(chosen(language, c.language))
}

// Recipients says who else gets the data (art. 15(1)(c)).
func (c *Category) Recipients(language *debt.Language) string {
	return c.of.recipients.in(chosen(language, c.language))
}

// Retention says how long the data is kept (art. 15(1)(d)).
func (c *Category) Retention(language *debt.Language) string {
	if c.RetentionDays == nil {
		return untilAgencyDeletes.in(chosen(language, c.language))
	}
	asked := chosen(language, c.language)
	return strings.Replace(c.of.retention.in(asked), "%d", period(*c.RetentionDays).in(asked), 1)
}

// period writes a number of days, in years of 365 where it is one of few.
func period(days int) text {
	numbers := []text{
		{"ett", "eitt", "one"}, {"to", "to", "two"}, {"tre", "tre", "three"}, {"fire", "fire", "four"},
		{"fem", "fem", "five"},
		{"seks", "seks", "six"}, {"sju", "sju", "seven"}, {"åtte", "åtte", "eight"}, {"ni", "ni", "nine"},
		{"ti", "ti", "ten"},
	}
	years := days / 365
	switch {
	case days == 1:
		return text{"én dag", "éin dag", "one day"}
	case days%365 != 0 || years == 0 || years > len(numbers):
		n := strconv.Itoa(days)
		return text{n + " dager", n + " dagar", n + " days"}
	}
	n, unit := numbers[years-1], " years"
	if years == 1 {
		unit = " year"
	}
	return text{n.nb + " år", n.nn + " år", n.en + unit}
}

// LegalBases returns what the processing rests on (art. 6).
func (c *Category) LegalBases() []LegalBasis {
	out := make([]LegalBasis, len(c.of.bases))
	for i, b := range c.of.bases {
		out[i] = LegalBasis{b.provision, b.explains, c.language}
	}
	return out
}

// Text says what the provision allows, in a language: by default the person's.
func (b *LegalBasis) Text(language *debt.Language) string {
	return b.explains.in(chosen(language, b.language))
}

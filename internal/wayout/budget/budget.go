// Package budget reckons what a household can pay a month. It is pure: no database, no clock.
package budget

import (
	"slices"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
)

// MostChildren is how many children a household may have here.
const MostChildren = 15

// Household is what a person has said of theirs; amounts are of a month.
type Household struct {
	Kind        statute.Household `json:"household"`
	Income      money.Øre         `json:"incomeOre"` // after tax, with benefits
	OtherIncome money.Øre         `json:"otherIncomeOre"`
	Housing     money.Øre         `json:"housingOre"`
	Childcare   money.Øre         `json:"childcareOre"`
	Cars        money.Øre         `json:"carsOre"`
	OtherPlans  money.Øre         `json:"otherPlansOre"` // agreements and loans that are paid already
	Children    []int             `json:"childrenAges"`  // when it was saved, in years
}

// LineKind says what a line of the reckoning is.
type LineKind string

// The lines, in the order in which they stand.
const (
	Income      LineKind = "INCOME"
	OtherIncome LineKind = "OTHER_INCOME"
	Living      LineKind = "LIVING_COSTS"
	Children    LineKind = "CHILDREN"
	Housing     LineKind = "HOUSING"
	Childcare   LineKind = "CHILDCARE"
	Cars        LineKind = "CARS"
	OtherPlans  LineKind = "OTHER_PLANS"
)

// Line is one line of the reckoning.
type Line struct {
	Kind   LineKind
	Amount money.Øre // negative for what goes off
	Source *string   // of a rate that the law sets; nil: the person has said it
}

// Text says what the line is, in a language: bokmål where none is asked for.
func (x Line) Text(language *debt.Language) string {
	l := debt.Bokmal
	if language != nil {
		l = *language
	}
	return text.Label(l, "BudgetLineKind", string(x.Kind))
}

// Budget is a household's, with its reckoning.
type Budget struct {
	Household
	SavedAt    time.Time
	AsOf       norway.Date
	Affordable money.Øre // a month; zero where nothing is left
	Assumed    bool      // the rates are not set for the day
	Lines      []Line
	Shared     []string // codes of the agencies that may see it
}

// On reckons what a household can pay a month, by the rates of a day: income less what living, housing,
// children, cars and other plans cost, and never less than nothing.
func (h Household) On(day norway.Date) Budget {
	row, known := statute.LivingCosts.On(day)
	b := Budget{Household: h, AsOf: day, Assumed: known != statute.Known}
	add := func(kind LineKind, amount money.Øre, source *string) {
		if amount != 0 {
			b.Lines = append(b.Lines, Line{kind, amount, source})
		}
		b.Affordable += amount
	}
	add(Income, h.Income, nil)
	add(OtherIncome, h.OtherIncome, nil)
	add(Living, -row.Value.Adults(h.Kind), &row.Source)
	add(Children, -row.Value.Children(h.Kind, h.Children), &row.Source)
	add(Housing, -h.Housing, nil)
	add(Childcare, -h.Childcare, nil)
	add(Cars, -h.Cars, nil)
	add(OtherPlans, -h.OtherPlans, nil)
	b.Affordable = max(b.Affordable, 0)
	return b
}

// SharedWith says whether an agency may see it.
func (b *Budget) SharedWith(agency string) bool { return slices.Contains(b.Shared, agency) }

package debt

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Rate returns the contractual rate of the item, nil where it bears the statutory one.
func (x *ClaimItem) Rate() *BasisPoints {
	if x.RateBasisPoints == nil {
		return nil
	}
	return new(BasisPoints(*x.RateBasisPoints))
}

// Outstanding returns what is left of the item today, zero when the case is closed.
func (x *ClaimItem) Outstanding() money.Øre {
	for i, left := range x.Case.outstanding(x.Case.Terms.Today) {
		if x.Case.Items[i].Number == x.Number {
			return left
		}
	}
	return 0
}

// Reduced returns the case with less of its principal, off its latest items, as if the rest had never been owed.
func (c *Case) Reduced(by money.Øre) *Case {
	less := *c
	less.OriginalPrincipal = max(c.OriginalPrincipal-by, 0)
	less.Items = slices.Clone(c.Items)
	for i := len(less.Items) - 1; i >= 0; i-- {
		off := min(by, less.Items[i].Amount)
		less.Items[i].Amount -= off
		by -= off
	}
	return &less
}

// outstanding returns what is left of each item on a day; nil where nothing is claimed.
func (c *Case) outstanding(day norway.Date) []money.Øre {
	if day < c.OpenedOn || c.closedBy(day) {
		return nil
	}
	return c.walk(day, nil, nil).left
}

// Bearing says how a principal bears interest.
type Bearing struct {
	From            norway.Date // zero: it bears none
	RateBasisPoints *int        // null: the statutory rate
}

// Bearing returns how all of the principal that is left on a day bears interest; one is false
// where its items bear it in different ways, so that no single rate holds for them.
func (c *Case) Bearing(day norway.Date) (b Bearing, one bool) {
	if len(c.Items) == 0 {
		return Bearing{c.InterestFrom, c.RateBasisPoints}, true
	}
	one, first := true, true
	for i, left := range c.outstanding(day) {
		x := &c.Items[i]
		if left == 0 {
			continue
		}
		its := Bearing{x.InterestFrom, x.RateBasisPoints}
		if first {
			b, first = its, false
			continue
		}
		one = one && b.like(its, day)
		b.From = max(b.From, its.From)
	}
	return b, one
}

// like says whether two bear the same interest from a day on.
func (b Bearing) like(other Bearing, day norway.Date) bool {
	begun := func(x Bearing) bool { return !x.From.IsZero() && x.From <= day }
	sameRate := b.RateBasisPoints == other.RateBasisPoints ||
		b.RateBasisPoints != nil && other.RateBasisPoints != nil && *b.RateBasisPoints == *other.RateBasisPoints
	return sameRate && (b.From == other.From || begun(b) && begun(other))
}

// RateOn returns the rate in basis points a year at which it bears interest on a day, by the
// rates of the terms; 0 where it bears none.
func (b Bearing) RateOn(day norway.Date, terms *Terms) int {
	switch {
	case b.From.IsZero() || day < b.From || terms == nil:
		return 0
	case b.RateBasisPoints != nil:
		return *b.RateBasisPoints
	}
	bp := 0
	for _, r := range terms.Rates {
		if r.ValidFrom <= day {
			bp = r.BasisPoints
		}
	}
	return bp
}

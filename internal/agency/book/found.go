// Package book holds an agency's whole book against the law, beside everything else, and keeps which cases
// something was found in. It keeps that in memory alone, and nothing of a person's.
package book

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/page"
)

// Found is an open case in which a rule was not kept, or soon will not be.
type Found struct {
	ID      debt.Key
	Number  string
	Verdict audit.Verdict // the worst
	Rules   []audit.Rule  // the worst first, each once
	Count   int           // of findings
	Amount  money.Øre     // the most that is at stake in one finding: findings may be about the same money
	On      norway.Date   // when the latest thing came that something is wrong with
}

// Of returns what was found in a case; nil where that is nothing.
func Of(c *debt.Case) *Found {
	f := Found{ID: c.ID, Number: c.CaseNumber, On: c.OpenedOn}
	if c.Status != debt.Open {
		return nil
	}
	checked := audit.Of(c)
	f.Verdict = checked.Verdict()
	for i := range checked.Findings {
		x := &checked.Findings[i]
		if x.Verdict != audit.Breach && x.Verdict != audit.Near {
			continue
		}
		f.Count++
		if !slices.Contains(f.Rules, x.Rule) {
			f.Rules = append(f.Rules, x.Rule)
		}
		if x.Amount != nil {
			f.Amount = max(f.Amount, *x.Amount)
		}
		f.On = max(f.On, came(x))
	}
	if f.Count == 0 {
		return nil
	}
	return &f
}

// came is when that came which a finding is about; zero where it is about the case.
func came(x *audit.Finding) norway.Date {
	switch {
	case x.Fee != nil:
		return x.Fee.IncurredOn
	case x.Letter != nil:
		return x.Letter.SentOn
	}
	return 0
}

// Order is an order of what was found.
type Order string

// The orders.
const (
	Heaviest Order = "HEAVIEST" // the largest amount first
	Newest   Order = "NEWEST"   // the latest day first
)

// At is where something stands in the order.
func (o Order) At(f *Found) page.Position {
	if o == Newest {
		return page.Position{Sort: -int64(f.On), ID: f.ID.ID}
	}
	return page.Position{Sort: -int64(f.Amount), ID: f.ID.ID}
}

// Filter says what of it is shown.
type Filter struct {
	Rule    audit.Rule    // found among others; empty: any
	Verdict audit.Verdict // the worst; empty: any
	Least   money.Øre     // what is at stake
	Count   int           // how many findings at least
}

// Takes says whether something that was found is shown.
func (f Filter) Takes(x *Found) bool {
	return (f.Rule == "" || slices.Contains(x.Rules, f.Rule)) && (f.Verdict == "" || x.Verdict == f.Verdict) &&
		x.Amount >= f.Least && x.Count >= f.Count
}

// sorted returns what was found in an order.
func sorted(all map[string]*Found, o Order) []*Found {
	list := make([]*Found, 0, len(all))
	for _, f := range all {
		list = append(list, f)
	}
	slices.SortFunc(list, func(a, b *Found) int { return o.At(a).Compare(o.At(b)) })
	return list
}

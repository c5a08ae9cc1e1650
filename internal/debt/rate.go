package debt

import (
	"errors"
	"slices"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// footing says what the rate of some days rests on, beside the agency's table.
type footing struct {
	assumed bool // the agency's table has ended, and nothing says that its last rate goes on
	old     bool // it lacks a half-year whose rate the law has set otherwise
	law     int  // the rate of the law in basis points where the agency's is another; 0: the same, or not known
	source  string
}

// footed cuts the days [from, to) where the rate of a row comes to rest on something else. The
// agency's row holds until the next one, the last row to the end of its half-year.
func (t *Terms) footed(r *Rate, from, to norway.Date, each func(from, to norway.Date, on footing)) {
	set := to // the first day that the agency's table says nothing of
	if last := &t.Rates[len(t.Rates)-1]; r == last {
		set = statute.EndOfHalfYear(r.ValidFrom) + 1
	}
	old := false
	for day := r.ValidFrom; day < to; {
		end := min(statute.EndOfHalfYear(day)+1, to)
		row, known := statute.LatePayment.On(day)
		f := footing{source: row.Source}
		if known == statute.Known && row.Value != r.BasisPoints {
			f.law = row.Value
		}
		if day >= set {
			old = old || f.law != 0
			f.old, f.assumed = old, old || known != statute.Known
		}
		if end > from {
			each(max(day, from), end, f)
		}
		day = end
	}
}

// ratesReach returns the last day whose rates rest on no assumption: the end of the last half-year
// that the agency's table has.
func (t *Terms) ratesReach() norway.Date {
	if t == nil || len(t.Rates) == 0 {
		return 0
	}
	return statute.EndOfHalfYear(t.Rates[len(t.Rates)-1].ValidFrom)
}

// Assumed says whether the balance rests on a rate that is not set for its days, or that the
// agency's table lacks.
func (b *Balance) Assumed() bool {
	foreseen := func(f Fee) bool { return f.Assumed }
	if b.c == nil || b.AsOf <= b.c.Terms.ratesReach()+1 && !slices.ContainsFunc(b.c.Fees, foreseen) {
		return false
	}
	for _, x := range b.Lines() {
		if x.Assumed {
			return true
		}
	}
	return false
}

// act returns the act on collection in force on a day, nil when none is.
func (t *Terms) act(on norway.Date) *statute.Act {
	if t == nil || t.Acts == nil {
		return statute.InForce(statute.Acts, on)
	}
	return statute.InForce(t.Acts, on)
}

// Acts are the acts on collection by which cases are judged, in their order.
type Acts []statute.Act

// ActsFrom returns the acts with that of 2026 in force from a day, such as 2027-01-01; with an empty text,
// as long as none is set, it is in force on no day. A day before the act's adoption is an error.
func ActsFrom(day string) (Acts, error) {
	if day == "" {
		return statute.Acts, nil
	}
	from, err := norway.ParseDate(day)
	if err == nil && from <= statute.Adopted {
		err = errors.New("the act was adopted later")
	}
	return statute.ActsWith(from), err
}

// Law returns what the act of a day allows to charge, nil when that is not known.
func (t *Terms) Law(on norway.Date) *statute.Fees {
	if act := t.act(on); act != nil {
		return act.Fees
	}
	return nil
}

// OffRate is a half-year for which an agency's table has another rate than the law.
type OffRate struct {
	From           norway.Date // its first day
	Row            norway.Date // valid_from of the agency's row that holds then
	Has, Law       BasisPoints
	BeyondTheTable bool // the row is of an earlier half-year, and the last: the table is old
}

// LawReaches returns the last day for which OffRates knows the rate of the law.
func LawReaches() norway.Date { return statute.LatePayment.Last }

// OffRates compares an agency's rates of late-payment interest with those of the law, half-year by
// half-year to a day. What the law's table does not know is not compared.
func OffRates(rates []Rate, to norway.Date) []OffRate {
	var off []OffRate
	for i := range rates {
		end := to
		if i+1 < len(rates) {
			end = min(end, rates[i+1].ValidFrom-1)
		}
		for day := rates[i].ValidFrom; day <= end; day = statute.EndOfHalfYear(day) + 1 {
			row, known := statute.LatePayment.On(day)
			if known == statute.Known && row.Value != rates[i].BasisPoints {
				off = append(off, OffRate{
					From: day, Row: rates[i].ValidFrom, Has: BasisPoints(rates[i].BasisPoints), Law: BasisPoints(row.Value),
					BeyondTheTable: i == len(rates)-1 && day > statute.EndOfHalfYear(rates[i].ValidFrom),
				})
			}
		}
	}
	return off
}

package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// rates are the statutory rates as the agencies keep them.
var rates = func() []debt.Rate {
	var all []debt.Rate
	for _, r := range statute.LatePayment.Rows {
		all = append(all, debt.Rate{Kind: debt.RateLatePayment, ValidFrom: r.From, BasisPoints: r.Value, Source: r.Source})
	}
	return all
}()

// law is what the agencies of the demo charge by: the act of 1988.
var law = statute.Acts[0].Fees

// rateDays returns the sum of the rate of each day in [from, to), in basis points.
func rateDays(from, to norway.Date) int64 {
	sum := int64(0)
	for i := len(rates) - 1; i >= 0 && from < to; i-- {
		start := max(from, rates[i].ValidFrom)
		if i == 0 {
			start = from // the first rate serves earlier days too
		}
		if start < to {
			sum += int64(rates[i].BasisPoints) * int64(to-start)
			to = start
		}
	}
	return sum
}

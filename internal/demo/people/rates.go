package people

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/norway"
)

// latePaymentRates are the statutory rates (forsinkelsesrenteloven § 3) of each
// half-year from 2015 on, in basis points.
var latePaymentRates = []struct {
	year             int
	first, second    int
	source1, source2 string
}{
	{2015, 925, 900, ministry, ministry},
	{2016, 875, 850, ministry, ministry},
	{2017, 850, 850, ministry, ministry},
	{2018, 850, 850, ministry, ministry},
	{2019, 875, 925, ministry, ministry},
	{2020, 950, 800, ministry, ministry},
	{2021, 800, 800, ministry, ministry},
	{2022, 850, 925, ministry, ministry},
	{2023, 1075, 1175, ministry, ministry},
	{2024, 1250, 1250, ministry, ministry},
	{2025, 1250, 1225, ministry, authority},
	{2026, 1200, 1225, authority, authority},
}

const (
	ministry  = "Finansdepartementet, forskrift etter forsinkelsesrenteloven § 3"
	authority = "Finanstilsynet, forsinkelsesrenteloven § 3"
)

// rates are the same as records, ascending.
var rates = func() []debt.Rate {
	var all []debt.Rate
	for _, r := range latePaymentRates {
		all = append(all,
			debt.Rate{Kind: debt.RateLatePayment, ValidFrom: norway.NewDate(r.year, time.January, 1), BasisPoints: r.first, Source: r.source1},
			debt.Rate{Kind: debt.RateLatePayment, ValidFrom: norway.NewDate(r.year, time.July, 1), BasisPoints: r.second, Source: r.source2})
	}
	return all
}()

// rateDays returns the sum of the rate of each day in [from, to), in basis points.
func rateDays(from, to norway.Date) int64 {
	sum := int64(0)
	for i := len(rates) - 1; i >= 0 && from < to; i-- {
		start := max(from, rates[i].ValidFrom)
		if i == 0 {
			start = from
		}
		if start < to {
			sum += int64(rates[i].BasisPoints) * int64(to-start)
			to = start
		}
	}
	return sum
}

package people

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/norway"
)

// latePaymentRates are the statutory rates of each half-year from 2015 on, in basis
// points. Sources: forsinkelsesrente.net to the first half of 2024, then rate notices
// of agencies.
var latePaymentRates = [][2]int{
	{925, 900},   // 2015
	{875, 850},   // 2016
	{850, 850},   // 2017
	{850, 850},   // 2018
	{875, 925},   // 2019
	{950, 800},   // 2020
	{800, 800},   // 2021
	{850, 925},   // 2022
	{1075, 1175}, // 2023
	{1250, 1250}, // 2024
	{1250, 1225}, // 2025
	{1200, 1225}, // 2026
}

// The rate is set by the ministry, and since 18 June 2025 by Finanstilsynet.
const (
	byMinistry  = "forsinkelsesrenteloven § 3, Finansdepartementet"
	byAuthority = "forsinkelsesrenteloven § 3, Finanstilsynet"
)

// rates are the same as records, ascending.
var rates = func() []debt.Rate {
	var all []debt.Rate
	for i, year := range latePaymentRates {
		for half, basisPoints := range year {
			from, source := norway.NewDate(2015+i, time.Month(1+6*half), 1), byMinistry
			if from >= norway.MustDate("2025-07-01") {
				source = byAuthority
			}
			all = append(all, debt.Rate{Kind: debt.RateLatePayment, ValidFrom: from, BasisPoints: basisPoints, Source: source})
		}
	}
	return all
}()

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

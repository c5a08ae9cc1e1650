package statute

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The rate is set by the ministry, and since 18 June 2025 by Finanstilsynet.
const (
	byMinistry  = "forsinkelsesrenteloven § 3, Finansdepartementet"
	byAuthority = "forsinkelsesrenteloven § 3, Finanstilsynet"

	compensationMinistry  = "forsinkelsesrenteloven § 3 a, Finansdepartementet"
	compensationAuthority = "forsinkelsesrenteloven § 3 a, Finanstilsynet"
)

// LatePayment is the rate of late-payment interest (forsinkelsesrente) of each half-year,
// in basis points a year: the policy rate and at least eight points, for consumers and
// businesses alike. Agencies deliver the same through the contract, which is what
// balances are computed from; theirs are compared with this table. Sources of
// the figures: forsinkelsesrente.net to the first half of 2024, then agencies' notices.
var LatePayment = Table[int]{Rows: []Row[int]{
	{From: norway.MustDate("2015-01-01"), Value: 925, Source: byMinistry},
	{From: norway.MustDate("2015-07-01"), Value: 900, Source: byMinistry},
	{From: norway.MustDate("2016-01-01"), Value: 875, Source: byMinistry},
	{From: norway.MustDate("2016-07-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2017-01-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2017-07-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2018-01-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2018-07-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2019-01-01"), Value: 875, Source: byMinistry},
	{From: norway.MustDate("2019-07-01"), Value: 925, Source: byMinistry},
	{From: norway.MustDate("2020-01-01"), Value: 950, Source: byMinistry},
	{From: norway.MustDate("2020-07-01"), Value: 800, Source: byMinistry},
	{From: norway.MustDate("2021-01-01"), Value: 800, Source: byMinistry},
	{From: norway.MustDate("2021-07-01"), Value: 800, Source: byMinistry},
	{From: norway.MustDate("2022-01-01"), Value: 850, Source: byMinistry},
	{From: norway.MustDate("2022-07-01"), Value: 925, Source: byMinistry},
	{From: norway.MustDate("2023-01-01"), Value: 1075, Source: byMinistry},
	{From: norway.MustDate("2023-07-01"), Value: 1175, Source: byMinistry},
	{From: norway.MustDate("2024-01-01"), Value: 1250, Source: byMinistry},
	{From: norway.MustDate("2024-07-01"), Value: 1250, Source: byMinistry},
	{From: norway.MustDate("2025-01-01"), Value: 1250, Source: byMinistry},
	{From: norway.MustDate("2025-07-01"), Value: 1225, Source: byAuthority},
	{From: norway.MustDate("2026-01-01"), Value: 1200, Source: byAuthority},
	{From: norway.MustDate("2026-07-01"), Value: 1225, Source: byAuthority},
}, Last: norway.MustDate("2026-12-31")}

// EndOfHalfYear returns the last day of the half-year of a day: a rate is set for so long.
func EndOfHalfYear(day norway.Date) norway.Date {
	y, m, _ := day.Time().Date()
	if m <= time.June {
		return norway.NewDate(y, time.June, 30)
	}
	return norway.NewDate(y, time.December, 31)
}

// Compensation is the standard compensation for the costs of collecting from a business
// (standardkompensasjon, 40 euro), in øre, by half-year. Those that are left out were not found.
var Compensation = Table[money.Øre]{Rows: []Row[money.Øre]{
	{From: norway.MustDate("2014-01-01"), Value: 320_00, Source: compensationMinistry},
	{From: norway.MustDate("2014-07-01")},
	{From: norway.MustDate("2015-07-01"), Value: 330_00, Source: compensationMinistry},
	{From: norway.MustDate("2016-01-01"), Value: 370_00, Source: compensationMinistry},
	{From: norway.MustDate("2017-01-01"), Value: 360_00, Source: compensationMinistry},
	{From: norway.MustDate("2017-07-01")},
	{From: norway.MustDate("2018-01-01"), Value: 380_00, Source: compensationMinistry},
	{From: norway.MustDate("2018-07-01")},
	{From: norway.MustDate("2019-01-01"), Value: 380_00, Source: compensationMinistry},
	{From: norway.MustDate("2019-07-01"), Value: 390_00, Source: compensationMinistry},
	{From: norway.MustDate("2020-01-01"), Value: 400_00, Source: compensationMinistry},
	{From: norway.MustDate("2020-07-01"), Value: 430_00, Source: compensationMinistry},
	{From: norway.MustDate("2021-01-01")},
	{From: norway.MustDate("2021-07-01"), Value: 400_00, Source: compensationMinistry},
	{From: norway.MustDate("2022-01-01")},
	{From: norway.MustDate("2022-07-01"), Value: 400_00, Source: compensationMinistry},
	{From: norway.MustDate("2023-01-01"), Value: 410_00, Source: compensationMinistry},
	{From: norway.MustDate("2023-07-01"), Value: 460_00, Source: compensationMinistry},
	{From: norway.MustDate("2024-01-01"), Value: 470_00, Source: compensationMinistry},
	{From: norway.MustDate("2024-07-01"), Value: 460_00, Source: compensationMinistry},
	{From: norway.MustDate("2025-01-01"), Value: 470_00, Source: compensationMinistry},
	{From: norway.MustDate("2025-07-01"), Value: 460_00, Source: compensationAuthority},
	{From: norway.MustDate("2026-07-01"), Value: 430_00, Source: compensationAuthority},
}, Last: norway.MustDate("2026-12-31")}

// CompensationOn returns the compensation of a day.
func CompensationOn(on norway.Date) Figure {
	row, known := Compensation.On(on)
	return Figure{row.Value, known}
}

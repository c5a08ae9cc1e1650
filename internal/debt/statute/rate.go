package statute

import "github.com/oversikt/oversikt/internal/debt/norway"

// The rate is set by the ministry, and since 18 June 2025 by Finanstilsynet.
const (
	byMinistry  = "forsinkelsesrenteloven § 3, Finansdepartementet"
	byAuthority = "forsinkelsesrenteloven § 3, Finanstilsynet"
)

// LatePayment is the rate of late-payment interest (forsinkelsesrente) of each half-year,
// in basis points a year: the policy rate and at least eight points, for consumers and
// businesses alike. Agencies deliver the same through the contract, which is what
// balances are computed from; this table fills the demo and checks theirs. Sources of
// the figures: forsinkelsesrente.net to the first half of 2024, then agencies' notices.
var LatePayment = Table[int]{
	{norway.MustDate("2015-01-01"), 925, byMinistry},
	{norway.MustDate("2015-07-01"), 900, byMinistry},
	{norway.MustDate("2016-01-01"), 875, byMinistry},
	{norway.MustDate("2016-07-01"), 850, byMinistry},
	{norway.MustDate("2017-01-01"), 850, byMinistry},
	{norway.MustDate("2017-07-01"), 850, byMinistry},
	{norway.MustDate("2018-01-01"), 850, byMinistry},
	{norway.MustDate("2018-07-01"), 850, byMinistry},
	{norway.MustDate("2019-01-01"), 875, byMinistry},
	{norway.MustDate("2019-07-01"), 925, byMinistry},
	{norway.MustDate("2020-01-01"), 950, byMinistry},
	{norway.MustDate("2020-07-01"), 800, byMinistry},
	{norway.MustDate("2021-01-01"), 800, byMinistry},
	{norway.MustDate("2021-07-01"), 800, byMinistry},
	{norway.MustDate("2022-01-01"), 850, byMinistry},
	{norway.MustDate("2022-07-01"), 925, byMinistry},
	{norway.MustDate("2023-01-01"), 1075, byMinistry},
	{norway.MustDate("2023-07-01"), 1175, byMinistry},
	{norway.MustDate("2024-01-01"), 1250, byMinistry},
	{norway.MustDate("2024-07-01"), 1250, byMinistry},
	{norway.MustDate("2025-01-01"), 1250, byMinistry},
	{norway.MustDate("2025-07-01"), 1225, byAuthority},
	{norway.MustDate("2026-01-01"), 1200, byAuthority},
	{norway.MustDate("2026-07-01"), 1225, byAuthority},
}

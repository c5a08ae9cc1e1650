package people

import (
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
)

// dated is an amount in force from a day on.
type dated struct {
	from   norway.Date
	amount money.Øre
	source string
}

// at returns the amount in force on a day; the first one also before its day.
func at(table []dated, on norway.Date) money.Øre {
	amount := table[0].amount
	for _, row := range table {
		if row.from <= on {
			amount = row.amount
		}
	}
	return amount
}

// collectionUnit is the inkassosats that fees are multiples of.
var collectionUnit = []dated{
	{norway.MustDate("2016-01-01"), 670_00, "inkassoforskriften § 1-1; forliksraadet.no"},
	{norway.MustDate("2017-01-01"), 700_00, "inkassoforskriften § 1-1; unchanged to the end of 2025"},
	{norway.MustDate("2026-01-01"), 750_00, "FOR-2025-12-19-2709"},
}

// letterFee is what a reminder or a collection warning may cost, by sending date:
// a tenth of the unit, from October 2020 a twentieth, from 2026 in whole kroner.
var letterFee = []dated{
	{norway.MustDate("2016-01-01"), 67_00, "inkassoforskriften § 1-2, 1/10 of 670"},
	{norway.MustDate("2017-01-01"), 70_00, "inkassoforskriften § 1-2, 1/10 of 700"},
	{norway.MustDate("2020-10-01"), 35_00, "inkassoforskriften § 1-2 as of 1 Oct 2020, 1/20 of 700"},
	{norway.MustDate("2026-01-01"), 38_00, "FOR-2025-12-19-2709, 1/20 of 750 rounded"},
}

// courtUnit is the rettsgebyr.
var courtUnit = []dated{
	{norway.MustDate("2016-01-01"), 1025_00, "rettsgebyrloven § 1; forliksraadet.no"},
	{norway.MustDate("2017-01-01"), 1049_00, "rettsgebyrloven § 1; lovdata.no"},
	{norway.MustDate("2018-01-01"), 1130_00, "rettsgebyrloven § 1; domstol.no"},
	{norway.MustDate("2019-01-01"), 1150_00, "rettsgebyrloven § 1"},
	{norway.MustDate("2020-01-01"), 1172_00, "rettsgebyrloven § 1"},
	{norway.MustDate("2021-01-01"), 1199_00, "rettsgebyrloven § 1"},
	{norway.MustDate("2022-01-01"), 1223_00, "budget proposal for 2022"},
	{norway.MustDate("2023-01-01"), 1243_00, "rettsgebyrloven § 1; not confirmed"},
	{norway.MustDate("2024-01-01"), 1277_00, "Prop. 80 L (2023-2024)"},
	{norway.MustDate("2025-01-01"), 1314_00, "agencies' notice for 2025"},
	{norway.MustDate("2026-01-01"), 1345_00, "agencies' notice for 2026"},
}

// conciliation and enforcement are hundredths of the court unit. What applied to
// a conciliation before 2022 is not known: the same is used.
var (
	conciliation = []dated{{norway.MustDate("2016-01-01"), 110, "rettsgebyrloven § 7; Prop. 12 L (2021-2022)"}}
	enforcement  = []dated{
		{norway.MustDate("2016-01-01"), 170, "rettsgebyrloven § 14 before 2022"},
		{norway.MustDate("2022-01-01"), 121, "rettsgebyrloven § 14; Prop. 12 L (2021-2022)"},
	}
)

// band gives the light fee, in thousandths of the collection unit, of claims up
// to a principal. The heavy fee is twice the light one.
type band struct {
	upTo  money.Øre
	light int64
}

// regime is a set of bands for the claims that fell due from a day on.
type regime struct {
	dueFrom norway.Date
	bands   []band
	source  string
}

var regimes = []regime{
	{0, []band{
		{2_500_00, 500}, {10_000_00, 1000}, {50_000_00, 2000}, {250_000_00, 4000}, {money.Max, 8000},
	}, "inkassoforskriften § 2-2 before 1 Oct 2020"},
	{norway.MustDate("2020-10-01"), []band{
		{500_00, 250}, {1_000_00, 350}, {2_500_00, 400}, {10_000_00, 800},
		{50_000_00, 1600}, {250_000_00, 3600}, {money.Max, 7200},
	}, "inkassoforskriften § 2-2 as of 1 Oct 2020"},
}

// claim is what the size of a collection fee depends on.
type claim struct {
	principal money.Øre // with the interest from before the due date
	dueOn     norway.Date
	business  bool // the debtor is no consumer: one and a half times
	vat       bool // the creditor cannot deduct VAT: 25 per cent on top
}

// light returns the light collection fee (lett salær) with the unit of a day.
func (c claim) light(on norway.Date) money.Øre { return c.fee(on, 1) }

// heavy returns the heavy fee (tungt salær), which replaces the light one.
func (c claim) heavy(on norway.Date) money.Øre { return c.fee(on, 2) }

func (c claim) fee(on norway.Date, times int64) money.Øre {
	bands := regimes[0].bands
	for _, r := range regimes {
		if r.dueFrom <= c.dueOn {
			bands = r.bands
		}
	}
	multiple := bands[len(bands)-1].light
	for i := len(bands) - 1; i >= 0 && c.principal <= bands[i].upTo; i-- {
		multiple = bands[i].light
	}
	n := int64(at(collectionUnit, on)) * multiple * times
	const denominator = 1000 * 2 * 4
	if c.business {
		n *= 3
	} else {
		n *= 2
	}
	if c.vat {
		n *= 5
	} else {
		n *= 4
	}
	return money.Øre((n + denominator/2) / denominator)
}

// courtFee returns the fee of a complaint to the conciliation board (forliksklage).
func courtFee(on norway.Date) money.Øre {
	return wholeKroner(at(courtUnit, on) * at(conciliation, on) / 100)
}

// enforcementFee returns the fee of a request for attachment (begjæring om utlegg).
func enforcementFee(on norway.Date) money.Øre {
	return wholeKroner(at(courtUnit, on) * at(enforcement, on) / 100)
}

// setupFee returns the most that an agreement on many instalments may cost, 1.5 units.
func setupFee(on norway.Date) money.Øre { return at(collectionUnit, on) * 3 / 2 }

func wholeKroner(o money.Øre) money.Øre { return o / money.Krone * money.Krone }

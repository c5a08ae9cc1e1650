// Package statute has what Norwegian law says about the cost of debt collection, as dated tables
// with their sources: a new half-year, a new unit or a new act is a row. The rules that compute
// on the tables are pure, and use no case, database or clock.
package statute

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Row is a value in force from a day on, until the next row's.
type Row[T any] struct {
	From   norway.Date
	Value  T
	Source string
}

// Table is a list of rows, ascending by their first day.
type Table[T any] []Row[T]

// On returns the row in force on a day. The first row also serves the days before it.
func (t Table[T]) On(day norway.Date) Row[T] {
	row := t[0]
	for _, r := range t[1:] {
		if r.From > day {
			break
		}
		row = r
	}
	return row
}

// CollectionUnit is the inkassosats, in øre: what fees of collection are multiples of.
var CollectionUnit = Table[money.Øre]{
	{norway.MustDate("2016-01-01"), 670_00, "inkassoforskriften § 1-1; forliksraadet.no"},
	{norway.MustDate("2017-01-01"), 700_00, "inkassoforskriften § 1-1; unchanged to the end of 2025"},
	{norway.MustDate("2026-01-01"), 750_00, "FOR-2025-12-19-2709"},
}

// CourtUnit is the rettsgebyr (R), in øre.
var CourtUnit = Table[money.Øre]{
	{norway.MustDate("2015-01-01"), 860_00, "rettsgebyrloven § 1; forliksraadet.no"},
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

// Conciliation and Enforcement are the fees of a complaint to the conciliation board
// (forliksklage) and of a request for attachment (begjæring om utlegg), in hundredths of
// the court unit. What applied to a conciliation before 2022 is not known: the same is used.
var (
	Conciliation = Table[int64]{
		{norway.MustDate("2016-01-01"), 110, "rettsgebyrloven § 7; not confirmed before 2022"},
		{norway.MustDate("2022-01-01"), 110, "rettsgebyrloven § 7; Prop. 12 L (2021-2022)"},
	}
	Enforcement = Table[int64]{
		{norway.MustDate("2016-01-01"), 170, "rettsgebyrloven § 14 before 2022"},
		{norway.MustDate("2022-01-01"), 121, "rettsgebyrloven § 14; Prop. 12 L (2021-2022)"},
	}
)

// ConciliationFee returns the fee of a complaint on a day, down to whole kroner
// (rettsgebyrloven §§ 6 a, 7).
func ConciliationFee(on norway.Date) money.Øre { return court(Conciliation, on) }

// EnforcementFee returns the fee of a request for attachment on a day, down to whole
// kroner (rettsgebyrloven §§ 6 a, 14).
func EnforcementFee(on norway.Date) money.Øre { return court(Enforcement, on) }

func court(multiples Table[int64], on norway.Date) money.Øre {
	hundredths := int64(CourtUnit.On(on).Value) * multiples.On(on).Value
	return money.Øre(hundredths / 100 / int64(money.Krone) * int64(money.Krone))
}

// Package statute has what Norwegian law says about the cost of debt collection, as dated tables
// with their sources: a new half-year, a new unit or a new act is a row. The rules that compute
// on the tables are pure, and use no case, database or clock.
//
// A table says what it does not know. A row without a source is a gap: what applied then was not
// found, and no figure is given. After the last day that a table is set for, its last row is taken
// to go on, and every figure that rests on that says so.
package statute

import (
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Certainty says how well a figure of the law is known for a day.
type Certainty uint8

// The certainties, from good to bad.
const (
	Known   Certainty = iota // a source gives it
	Assumed                  // it is taken from the last day that is set, or its source was not confirmed
	Unknown                  // no source was found: there is no figure
)

// Row is a value in force from a day on, until the next row's.
type Row[T any] struct {
	From        norway.Date
	Value       T
	Source      string // empty: what applied is not known
	Unconfirmed bool   // the source was not read: figures rest on an assumption
}

// Table is what the law sets, by the day from which it applies.
type Table[T any] struct {
	Rows []Row[T]    // ascending by their first day; nothing is known of the days before
	Last norway.Date // the last day that is set; zero: the last row holds until it is changed
}

// On returns the row of a day and how well it is known. Of a day before the table it is empty.
func (t Table[T]) On(day norway.Date) (Row[T], Certainty) {
	var row Row[T]
	for _, r := range t.Rows {
		if r.From > day {
			break
		}
		row = r
	}
	switch {
	case row.Source == "":
		return Row[T]{From: row.From}, Unknown
	case row.Unconfirmed, !t.Last.IsZero() && day > t.Last:
		return row, Assumed
	default:
		return row, Known
	}
}

// Figure is an amount that the law sets.
type Figure struct {
	Amount    money.Øre // zero where it is not known
	Certainty Certainty
}

// CollectionUnit is the inkassosats, in øre: what fees of collection are multiples of. It followed
// the index of consumer prices year by year until 2017; the years between the rows were not found.
var CollectionUnit = Table[money.Øre]{
	Rows: []Row[money.Øre]{
		{From: norway.MustDate("2009-01-01"), Value: 590_00, Source: "inkassoforskriften § 1-1; agencies' notice for 2009"},
		{From: norway.MustDate("2010-01-01"), Value: 600_00, Source: "inkassoforskriften § 1-1"},
		{From: norway.MustDate("2011-01-01")},
		{From: norway.MustDate("2013-01-01"), Value: 630_00, Source: "inkassoforskriften § 1-1; faktura.no"},
		{From: norway.MustDate("2014-01-01")},
		{From: norway.MustDate("2015-01-01"), Value: 650_00, Source: "inkassoforskriften § 1-1; opas.no, faktura.no"},
		{From: norway.MustDate("2016-01-01"), Value: 670_00, Source: "inkassoforskriften § 1-1; forliksraadet.no"},
		{From: norway.MustDate("2017-01-01"), Value: 700_00, Source: "inkassoforskriften § 1-1; unchanged to 2025"},
		{From: norway.MustDate("2026-01-01"), Value: 750_00, Source: "FOR-2025-12-19-2709"},
	},
	Last: norway.MustDate("2026-12-31"),
}

// CourtUnit is the rettsgebyr (R), in øre.
var CourtUnit = Table[money.Øre]{
	Rows: []Row[money.Øre]{
		{From: norway.MustDate("2006-01-01"), Value: 860_00, Source: "rettsgebyrloven § 1; LOV-2005-12-21-132"},
		{From: norway.MustDate("2016-01-01"), Value: 1025_00, Source: "rettsgebyrloven § 1; LOV-2015-12-18-125"},
		{From: norway.MustDate("2017-01-01"), Value: 1049_00, Source: "rettsgebyrloven § 1; FOR-1983-02-15-86 § 2-1"},
		{From: norway.MustDate("2018-01-01"), Value: 1130_00, Source: "rettsgebyrloven § 1; domstol.no"},
		{From: norway.MustDate("2019-01-01"), Value: 1150_00, Source: "rettsgebyrloven § 1; totalkapital.no"},
		{From: norway.MustDate("2020-01-01"), Value: 1172_00, Source: "rettsgebyrloven § 1; agencies' notice for 2020"},
		{From: norway.MustDate("2021-01-01"), Value: 1199_00, Source: "rettsgebyrloven § 1; agencies' notice for 2021"},
		{From: norway.MustDate("2022-01-01"), Value: 1223_00, Source: "budget proposal for 2022"},
		{From: norway.MustDate("2023-01-01"), Value: 1243_00, Source: "rettsgebyrloven § 1; not read", Unconfirmed: true},
		{From: norway.MustDate("2024-01-01"), Value: 1277_00, Source: "Prop. 80 L (2023-2024)"},
		{From: norway.MustDate("2025-01-01"), Value: 1314_00, Source: "agencies' notice for 2025"},
		{From: norway.MustDate("2026-01-01"), Value: 1345_00, Source: "agencies' notice for 2026"},
	},
	Last: norway.MustDate("2026-12-31"),
}

// Conciliation and Enforcement are the fees of a complaint to the conciliation board
// (forliksklage) and of a request for attachment (begjæring om utlegg), in hundredths of
// the court unit. A request cost 2.0 R from 1 July 2004 (Ot.prp. nr. 75 (2003-2004)); until when
// was not found, so what it cost before 2016 is not known.
var (
	Conciliation = Table[int64]{Rows: []Row[int64]{
		{From: norway.MustDate("2006-01-01"), Value: 100, Source: "rettsgebyrloven § 7, Lovvedtak 20 (2018-2019)"},
		{From: norway.MustDate("2019-01-01"), Value: 115, Source: "rettsgebyrloven § 7; Lovvedtak 20 (2018-2019)"},
		{From: norway.MustDate("2022-01-01"), Value: 110, Source: "rettsgebyrloven § 7; Prop. 12 L (2021-2022)"},
	}}
	Enforcement = Table[int64]{Rows: []Row[int64]{
		{From: norway.MustDate("2016-01-01"), Value: 170, Source: "rettsgebyrloven § 14 before Prop. 34 L (2020-2021)"},
		{From: norway.MustDate("2021-01-01"), Value: 125, Source: "rettsgebyrloven § 14; Prop. 34 L (2020-2021)"},
		{From: norway.MustDate("2022-01-01"), Value: 121, Source: "rettsgebyrloven § 14; Prop. 12 L (2021-2022)"},
	}}
)

// ConciliationFee returns the fee of a complaint on a day, down to whole kroner
// (rettsgebyrloven §§ 6 a, 7).
func ConciliationFee(on norway.Date) Figure { return court(Conciliation, on) }

// EnforcementFee returns the fee of a request for attachment on a day, down to whole
// kroner (rettsgebyrloven §§ 6 a, 14).
func EnforcementFee(on norway.Date) Figure { return court(Enforcement, on) }

func court(multiples Table[int64], on norway.Date) Figure {
	unit, known := CourtUnit.On(on)
	multiple, sure := multiples.On(on)
	hundredths := int64(unit.Value) * multiple.Value
	return Figure{money.Øre(hundredths / 100 / int64(money.Krone) * int64(money.Krone)), max(known, sure)}
}

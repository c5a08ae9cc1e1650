package statute

import (
	"slices"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Act is an act on debt collection with the fees that regulations under it allow.
type Act struct {
	Code    string      // stable, such as 1988
	Name    string      // as it is cited in Norwegian
	InForce norway.Date // zero: adopted, and no day set
	Source  string
	Fees    *Fees // nil: no regulation has set any yet
}

// Fees are what an act and its regulations allow a collector to charge, and when.
type Fees struct {
	Letters  Table[Letters] // by the day on which the claim fell due
	Bands    Table[[]Band]  // by the day on which the claim fell due
	Business [2]int64       // factor on the bands when the debtor is no consumer
	VAT      [2]int64       // factor when most of the claim is a creditor's who cannot deduct VAT
	Setup    [2]int64       // units for an agreement of more than SetupFrom instalments

	SetupFrom     int
	LetterDays    int // least days to pay that a letter gives
	HeavyDays     int // days that pass after the demand's deadline before the heavy fee
	DemandMonths  int // after these a new payment demand is needed before legal steps
	MaxLetters    int // reminders and warnings that may bear a fee
	MaxDemands    int // a creditor's own payment demands that may
	LettersExpire int // months after the last letter with a fee: the count begins anew
	RemarkDays    int // days after the step that a payment remark may rest on

	// Where it stands that nothing more may be charged of who has paid all by the deadline of the
	// collection warning; empty: nowhere, or not known.
	PaidInTime string
}

// Letters are the fees of letters as shares of the unit; they are rounded to whole kroner.
type Letters struct {
	Reminder [2]int64 // of a reminder or a collection warning
	Demand   [2]int64 // of a creditor's own payment demand; zero: none may be charged
}

// Band gives the light fee of claims up to a principal, in thousandths of the unit. The
// heavy fee is twice the light one.
type Band struct {
	UpTo  money.Øre // interest from before the due date included
	Light int64
}

// Where the rules on fees stand in the regulation of 1989 (inkassoforskriften).
const (
	RuleLetter      = "inkassoforskriften § 1-2"
	RuleLetterCount = "inkassoforskriften § 1-3"
	RuleWarning     = "inkassoloven §§ 9, 17"
	RuleLight       = "inkassoforskriften § 2-2"
	RuleHeavy       = "inkassoforskriften § 2-3"
	RuleSetup       = "inkassoforskriften § 2-4"
	RuleCourt       = "rettsgebyrloven § 7"
	RuleEnforcement = "rettsgebyrloven § 14"
	// The compensation and the costs that it is set off against.
	RuleCompensation = "forsinkelsesrenteloven § 3 a; inkassoforskriften §§ 1-5, 2-6"
	RuleInterest     = "forsinkelsesrenteloven §§ 2, 3"
)

// Acts are in the order in which they replace each other. The act of 2026 is here but not in
// force: when the King has set a day, [ActsWith] has it, and later this table. Set its fees when the
// regulation that its § 19 calls for is there.
var Acts = []Act{
	{
		Code: "1988", Name: "inkassoloven (1988)", InForce: norway.MustDate("1989-07-01"),
		Source: "LOV-1988-05-13-26 and FOR-1989-07-14-562", Fees: &fees1988,
	},
	{
		Code: "2026", Name: "inkassoloven (2026)",
		Source: "LOV-2026-05-22-19, adopted 22 May 2026; §§ 20, 21: warning and demand by licensed agencies alone",
	},
}

// Adopted is the day on which the act of 2026 was adopted: it is in force later.
var Adopted = norway.MustDate("2026-05-22")

// ActsWith returns Acts with the act of 2026 in force from a day; Acts itself where the day is zero.
func ActsWith(newAct norway.Date) []Act {
	if newAct.IsZero() {
		return Acts
	}
	acts := slices.Clone(Acts)
	acts[len(acts)-1].InForce = newAct
	return acts
}

var fees1988 = Fees{
	Letters: Table[Letters]{Rows: []Row[Letters]{
		{From: norway.MustDate("2010-01-01"), Value: Letters{Reminder: [2]int64{1, 10}, Demand: [2]int64{3, 10}},
			Source: "inkassoforskriften § 1-2 before 1 Oct 2020"},
		{From: norway.MustDate("2020-10-01"), Value: Letters{Reminder: [2]int64{1, 20}, Demand: [2]int64{3, 20}},
			Source: "inkassoforskriften § 1-2 as of 1 Oct 2020"},
	}},
	Bands: Table[[]Band]{Rows: []Row[[]Band]{
		{From: norway.MustDate("2010-01-01"), Value: []Band{
			{2_500_00, 500}, {10_000_00, 1000}, {50_000_00, 2000}, {250_000_00, 4000}, {money.Max, 8000},
		}, Source: "inkassoforskriften § 2-2 before 1 Oct 2020"},
		{From: norway.MustDate("2020-10-01"), Value: []Band{
			{500_00, 250}, {1_000_00, 350}, {2_500_00, 400}, {10_000_00, 800},
			{50_000_00, 1600}, {250_000_00, 3600}, {money.Max, 7200},
		}, Source: "inkassoforskriften § 2-2 as of 1 Oct 2020"},
	}},
	Business: [2]int64{3, 2}, VAT: [2]int64{5, 4}, Setup: [2]int64{3, 2}, SetupFrom: 4,
	LetterDays: 14, HeavyDays: 28, DemandMonths: 6, MaxLetters: 2, MaxDemands: 1, LettersExpire: 6, RemarkDays: 30,
	PaidInTime: RulePaidInTime,
}

// InForce returns the act in force on a day, among acts in their order: nil when none is.
func InForce(acts []Act, on norway.Date) *Act {
	var now *Act
	for i := range acts {
		if a := &acts[i]; !a.InForce.IsZero() && a.InForce <= on {
			now = a
		}
	}
	return now
}

// Claim is what the size of a fee depends on.
type Claim struct {
	Principal money.Øre   // with the interest from before the due date
	DueOn     norway.Date // of the claim itself
	Business  bool        // the debtor is no consumer
	VAT       bool        // the creditor cannot deduct VAT
}

// Light returns the light collection fee (lett salær) of a claim with the unit of a day,
// rounded to the nearest øre (inkassoforskriften § 2-2).
func (f *Fees) Light(c Claim, on norway.Date) Figure { return f.collection(c, on, 1) }

// Heavy returns the heavy fee (tungt salær), which replaces the light one (§ 2-3).
func (f *Fees) Heavy(c Claim, on norway.Date) Figure { return f.collection(c, on, 2) }

func (f *Fees) collection(c Claim, on norway.Date, times int64) Figure {
	row, known := f.Bands.On(c.DueOn)
	if known == Unknown {
		return Figure{Certainty: Unknown}
	}
	bands := row.Value
	light := bands[len(bands)-1].Light
	for i := len(bands) - 1; i >= 0 && c.Principal <= bands[i].UpTo; i-- {
		light = bands[i].Light
	}
	factors := [3][2]int64{{light * times, 1000}, {1, 1}, {1, 1}}
	if c.Business {
		factors[1] = f.Business
	}
	if c.VAT {
		factors[2] = f.VAT
	}
	return units(on, 1, known, factors[:]...)
}

// Reminder returns the fee of a reminder or a collection warning that is sent on a day,
// in whole kroner (inkassoforskriften § 1-2). Neither VAT nor the debtor's kind changes it.
func (f *Fees) Reminder(dueOn, sent norway.Date) Figure {
	row, known := f.Letters.On(dueOn)
	return units(sent, money.Krone, known, row.Value.Reminder)
}

// Demand returns the fee of a payment demand that the creditor sends itself (§ 1-2).
func (f *Fees) Demand(dueOn, sent norway.Date) Figure {
	row, known := f.Letters.On(dueOn)
	return units(sent, money.Krone, known, row.Value.Demand)
}

// SetupFee returns the most that an agreement of more than SetupFrom instalments may cost
// (avdragssalær, § 2-4), with VAT where the claim has it.
func (f *Fees) SetupFee(vat bool, on norway.Date) Figure {
	if vat {
		return units(on, 1, Known, f.Setup, f.VAT)
	}
	return units(on, 1, Known, f.Setup)
}

// units returns so many units of a day, as certain as the unit and the factors are.
func units(on norway.Date, step money.Øre, known Certainty, fractions ...[2]int64) Figure {
	unit, sure := CollectionUnit.On(on)
	if known = max(known, sure); known == Unknown {
		return Figure{Certainty: Unknown}
	}
	return Figure{of(unit.Value, step, fractions...), known}
}

// of multiplies an amount by fractions and rounds once, half up, to whole steps.
func of(amount, step money.Øre, fractions ...[2]int64) money.Øre {
	n, d := int64(amount), int64(step)
	for _, f := range fractions {
		n, d = n*f[0], d*f[1]
	}
	if d == 0 { // the zero fraction: no such fee
		return 0
	}
	return money.Øre((n+d/2)/d) * step
}

// Package audit holds a case against the law: it says of each rule that the records can decide whether
// it was kept, what is at stake, and what is missing where they do not tell. It is pure: it reads
// nothing, and has no clock.
package audit

import (
	"cmp"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

// Rule is a rule of the law that a case is held against.
type Rule string

// The rules.
const (
	FeeCap         Rule = "FEE_CAP"
	FeeDay         Rule = "FEE_DAY"
	FeeOnce        Rule = "FEE_ONCE"
	LetterCount    Rule = "LETTER_COUNT"
	LetterDeadline Rule = "LETTER_DEADLINE"
	Warning        Rule = "WARNING"
	PaidInTime     Rule = "PAID_IN_TIME"
	Compensation   Rule = "COMPENSATION"
	VAT            Rule = "VAT"
	SameCreditor   Rule = "SAME_CREDITOR"
	InterestStart  Rule = "INTEREST_START"
	InterestRate   Rule = "INTEREST_RATE"
	Limitation     Rule = "LIMITATION"
	Objected       Rule = "OBJECTION"
)

// Verdict says whether a rule was kept.
type Verdict string

// The verdicts, from the worst to the best.
const (
	Breach       Verdict = "BREACH"
	Near         Verdict = "NEAR"
	CannotDecide Verdict = "CANNOT_DECIDE"
	OK           Verdict = "OK"
)

var severity = map[Verdict]int{Breach: 0, Near: 1, CannotDecide: 2, OK: 3}

// Missing says what would decide a rule that the records do not.
type Missing string

// What can be missing.
const (
	DueDate         Missing = "DUE_DATE"
	Letters         Missing = "LETTERS"
	Rate            Missing = "RATE"
	VATStatus       Missing = "VAT_STATUS"
	HandedOver      Missing = "HANDED_OVER"
	OtherCases      Missing = "OTHER_CASES"
	Acknowledgement Missing = "ACKNOWLEDGEMENT"
	LegalStep       Missing = "LEGAL_STEP"
	LoanTerms       Missing = "LOAN_TERMS"
	Grounds         Missing = "GROUNDS"
)

// Audit is what was found in one case.
type Audit struct {
	AsOf     norway.Date
	Findings []Finding // the worst first
}

// Verdict is the worst of all findings, OK where there are none.
func (a *Audit) Verdict() Verdict {
	if len(a.Findings) == 0 {
		return OK
	}
	return a.Findings[0].Verdict
}

// Finding is what came of one rule, for the case or for one fee, letter or objection of it.
type Finding struct {
	Case      *debt.Case
	Rule      Rule
	Verdict   Verdict
	Paragraph string     // where the rule stands
	Amount    *money.Øre // at stake; nil: no amount is
	Missing   *Missing   // with CannotDecide alone
	Assumed   bool       // it rests on a rate that is not set, or was not confirmed
	Fee       *debt.Fee
	Letter    *debt.Letter
	Objection *debt.Objection

	args func(debt.Language) []text.Arg // for the text; nil: none
}

// Of holds a case against the law as of its terms' day.
func Of(c *debt.Case) Audit {
	x := &auditor{Case: c, today: c.Terms.Today}
	for i := range c.Fees {
		if f := &c.Fees[i]; f.WaivedOn.IsZero() {
			x.fee(f)
		}
	}
	x.letters()
	x.warned()
	x.together()
	x.interest()
	x.limitation()
	slices.SortStableFunc(x.found, func(a, b Finding) int {
		return cmp.Compare(severity[a.Verdict], severity[b.Verdict])
	})
	return Audit{AsOf: x.today, Findings: x.found}
}

type auditor struct {
	*debt.Case
	today norway.Date
	found []Finding
}

// add notes a finding about the case.
func (x *auditor) add(f Finding) {
	f.Case = x.Case
	x.found = append(x.found, f)
}

// said returns the placeholders of a text, the same in each language.
func said(args ...text.Arg) func(debt.Language) []text.Arg {
	return func(debt.Language) []text.Arg { return args }
}

// letters holds the deadlines of warnings and demands against the least that the law allows.
func (x *auditor) letters() {
	kept := false
	for i := range x.AllLetters {
		l := &x.AllLetters[i]
		law := x.Terms.Law(l.SentOn)
		if l.Kind != debt.LetterCollectionWarning && l.Kind != debt.LetterPaymentDemand || l.DueOn.IsZero() || law == nil {
			continue
		}
		if least := l.SentOn.AddDays(law.LetterDays); l.DueOn < least {
			x.add(Finding{Rule: LetterDeadline, Verdict: Breach, Paragraph: ruleDeadline, Letter: l,
				args: said(text.With("sent", l.SentOn), text.With("due", l.DueOn), text.With("least", least))})
			continue
		}
		kept = true
	}
	if kept {
		x.add(Finding{Rule: LetterDeadline, Verdict: OK, Paragraph: ruleDeadline})
	}
}

// warned holds the first payment demand against the warning that must come before it, unless a fee
// has told of that already.
func (x *auditor) warned() {
	told := slices.ContainsFunc(x.found, func(f Finding) bool { return f.Rule == Warning })
	i := slices.IndexFunc(x.AllLetters, func(l debt.Letter) bool { return l.Kind == debt.LetterPaymentDemand })
	if told || i < 0 {
		return
	}
	demand := &x.AllLetters[i]
	f := Finding{Rule: Warning, Paragraph: ruleWarning, Letter: demand, args: said(text.With("sent", demand.SentOn))}
	switch x.Warned(demand.SentOn) {
	case debt.VerdictAllowed:
		f.Verdict = OK
	case debt.VerdictNotDecided:
		f.Verdict, f.Missing = CannotDecide, new(Letters)
	default:
		f.Verdict = Breach
	}
	x.add(f)
}

// together holds the collection fees of one creditor's cases against those of one case.
func (x *auditor) together() {
	fees, _ := collectionFees(x.Case)
	switch {
	case fees == 0 || !x.OutOfCourt():
		return
	case x.Beside == nil:
		x.add(Finding{Rule: SameCreditor, Verdict: CannotDecide, Paragraph: ruleNecessary, Missing: new(OtherCases)})
		return
	}
	var group []*debt.Case
	sameDay := true
	for _, c := range x.Beside {
		if c.CreditorID == x.CreditorID && c.DebtorID == x.DebtorID && c.OutOfCourt() {
			group = append(group, c)
			sameDay = sameDay && c.OpenedOn == x.OpenedOn
		}
	}
	if len(group) < 2 {
		return
	}
	x.group(group, sameDay)
}

func (x *auditor) group(group []*debt.Case, sameDay bool) {
	law := x.Terms.Law(x.today)
	if law == nil {
		return
	}
	var charged money.Øre
	heavy := false
	for _, c := range group {
		fees, any := collectionFees(c)
		charged, heavy = charged+fees, heavy || any
	}
	claim := debt.Merged(group)
	claim.VAT = true // this service does not know who can deduct it
	limit := law.Light(claim, x.today)
	if heavy {
		limit = law.Heavy(claim, x.today)
	}
	f := Finding{Rule: SameCreditor, Verdict: OK, Paragraph: ruleNecessary, Assumed: limit.Certainty == assumed,
		args: said(text.With("cases", len(group)), text.With("charged", charged), text.With("limit", limit.Amount))}
	switch over := charged - limit.Amount; {
	case limit.Certainty == unknown:
		f.Verdict, f.Missing = CannotDecide, new(Rate)
	case over > 0 && sameDay && !f.Assumed:
		f.Verdict, f.Amount = Breach, &over
	case over > 0:
		f.Verdict, f.Amount, f.Missing = CannotDecide, &over, new(HandedOver)
	}
	x.add(f)
}

// collectionFees sums the light and heavy fees of a case that stand, and says whether any is heavy.
func collectionFees(c *debt.Case) (sum money.Øre, heavy bool) {
	for i := range c.Fees {
		f := &c.Fees[i]
		if f.WaivedOn.IsZero() && (f.Kind == debt.CostLightFee || f.Kind == debt.CostHeavyFee) {
			sum, heavy = sum+f.Amount, heavy || f.Kind == debt.CostHeavyFee
		}
	}
	return sum, heavy
}

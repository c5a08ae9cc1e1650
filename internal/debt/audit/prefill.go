package audit

import "github.com/oversikt/oversikt/internal/debt"

// Prefill is what a debtor can send in one step because of a finding: an objection to the claim, a complaint
// about the agency's conduct, or either.
type Prefill struct {
	Objection *ObjectionPrefill // nil: the finding is none about the claim, or none is taken
	Complaint *ComplaintPrefill // nil: the finding is none about conduct, or none is taken
}

// ObjectionPrefill fits the input of submitObjection.
type ObjectionPrefill struct {
	CaseID         debt.Key
	Reasons        []debt.ObjectionReason
	DisputedAmount *string // kroner, as the input takes them; nil: the whole claim

	finding *Finding
}

// ComplaintPrefill fits the input of submitComplaint.
type ComplaintPrefill struct {
	CaseID     debt.Key
	Categories []debt.ComplaintCategory

	finding *Finding
}

// fit says what the breach of a rule is: an error in the claim, bad conduct, or both.
type fit struct {
	reason   debt.ObjectionReason   // empty: the claim is as large, and owed, all the same
	category debt.ComplaintCategory // empty: no conduct of the agency's
}

// fits has a row for each rule. A deadline that is too short takes nothing off the claim. What interest is
// reckoned from, who can deduct VAT and whether a claim is too old are about the claim alone.
var fits = map[Rule]fit{
	FeeCap:         {debt.ReasonWrongAmount, debt.ComplaintCosts},
	FeeDay:         {debt.ReasonWrongAmount, debt.ComplaintCosts},
	FeeOnce:        {debt.ReasonWrongAmount, debt.ComplaintCosts},
	LetterCount:    {debt.ReasonWrongAmount, debt.ComplaintCosts},
	LetterDeadline: {"", debt.ComplaintWarning},
	Warning:        {debt.ReasonNoInvoice, debt.ComplaintWarning},
	PaidInTime:     {debt.ReasonWrongAmount, debt.ComplaintCosts},
	Compensation:   {debt.ReasonWrongAmount, debt.ComplaintCosts},
	VAT:            {debt.ReasonWrongAmount, ""},
	SameCreditor:   {debt.ReasonWrongAmount, debt.ComplaintNotMerged},
	InterestStart:  {debt.ReasonWrongAmount, ""},
	InterestRate:   {debt.ReasonWrongAmount, ""},
	Limitation:     {debt.ReasonTimeBarred, ""},
	Objected:       {debt.ReasonWrongAmount, debt.ComplaintDisputed},
}

// Prefill returns what can be sent because of the finding; nil where nothing can. What is in doubt is
// disputed until it is shown, and complained about where the conduct itself is known. In a case that is
// closed there is nothing left to dispute.
func (f *Finding) Prefill() *Prefill {
	fit, p := fits[f.Rule], Prefill{}
	if f.Verdict == OK {
		return nil
	}
	if fit.reason != "" && f.Case.Status == debt.Open {
		p.Objection = &ObjectionPrefill{CaseID: f.Case.ID, Reasons: []debt.ObjectionReason{fit.reason}, finding: f}
		if f.Amount != nil && f.Rule != Limitation {
			p.Objection.DisputedAmount = new(f.Amount.String())
		}
	}
	if fit.category != "" && (f.Verdict == Breach || f.Rule == Objected) {
		p.Complaint = &ComplaintPrefill{CaseID: f.Case.ID, Categories: []debt.ComplaintCategory{fit.category}, finding: f}
	}
	if p == (Prefill{}) {
		return nil
	}
	return &p
}

// Statement is the text to send, in a language: by default the debtor's.
func (p *ObjectionPrefill) Statement(language *debt.Language) string {
	f, ask := p.finding, "audit.ASK.MEND"
	switch {
	case f.Verdict == CannotDecide:
		ask = "audit.ASK.SHOW"
	case f.Rule == Limitation:
		ask = "audit.ASK.STOP"
	case f.Amount != nil:
		ask = "audit.ASK.TAKE_OFF"
	}
	return f.asking(language, ask)
}

// Statement is the text to send, in a language: by default the debtor's.
func (p *ComplaintPrefill) Statement(language *debt.Language) string {
	return p.finding.asking(language, "audit.ASK.ANSWER")
}

// asking is what was found, and what is asked for because of it.
func (f *Finding) asking(language *debt.Language, ask string) string {
	l := f.Case.LanguageFor(language)
	return f.Text(&l) + " " + f.say(l, ask)
}

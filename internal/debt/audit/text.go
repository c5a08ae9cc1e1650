package audit

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/text"
)

// Text says what was found, in a language: by default the debtor's.
func (f *Finding) Text(language *debt.Language) string {
	l := f.Case.LanguageFor(language)
	said := f.say(l, "audit."+string(f.Rule)+"."+string(f.Verdict))
	if f.Missing != nil {
		said += " " + text.Of(l, "audit.MISSING", text.With("missing", text.Label(l, "AuditMissing", string(*f.Missing))))
	}
	if f.Assumed {
		said += " " + text.Of(l, "audit.ASSUMED")
	}
	return said
}

func (f *Finding) say(l debt.Language, key string) string {
	args := []text.Arg{text.With("paragraph", f.Paragraph)}
	if f.Amount != nil {
		args = append(args, text.With("stake", *f.Amount))
	}
	if f.args != nil {
		args = append(args, f.args(l)...)
	}
	return text.Of(l, key, args...)
}

// Prefill is what a debtor can send in one step: it fits the input of submitObjection.
type Prefill struct {
	Reasons        []debt.ObjectionReason
	DisputedAmount *string // kroner, as the input takes them; nil: the whole claim

	finding *Finding
}

// Prefill returns what can be sent because of the finding; nil where nothing is wrong or in doubt, and
// where the case is closed.
func (f *Finding) Prefill() *Prefill {
	if f.Verdict == OK || f.Case.Status != debt.Open {
		return nil
	}
	p := &Prefill{Reasons: []debt.ObjectionReason{debt.ReasonWrongAmount}, finding: f}
	switch f.Rule {
	case Limitation:
		p.Reasons[0] = debt.ReasonTimeBarred
		return p
	case Warning, LetterDeadline:
		p.Reasons[0] = debt.ReasonNoInvoice
	}
	if f.Amount != nil {
		p.DisputedAmount = new(f.Amount.String())
	}
	return p
}

// Statement is the text to send, in a language: by default the debtor's.
func (p *Prefill) Statement(language *debt.Language) string {
	f := p.finding
	l := f.Case.LanguageFor(language)
	ask := "audit.ASK.MEND"
	switch {
	case f.Verdict == CannotDecide:
		ask = "audit.ASK.SHOW"
	case f.Rule == Limitation:
		ask = "audit.ASK.STOP"
	case f.Amount != nil:
		ask = "audit.ASK.TAKE_OFF"
	}
	return f.Text(&l) + " " + f.say(l, ask)
}

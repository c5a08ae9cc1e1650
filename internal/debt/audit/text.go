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

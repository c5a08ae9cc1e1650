package statement

import (
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/text"
)

// InterestExplanation says how interest is computed, in a language: by default the debtor's.
func (s *Statement) InterestExplanation(language *debt.Language) string {
	l, rate := s.LanguageFor(language), s.interest()
	if rate == "INTEREST_NONE" {
		return text.Of(l, "statement."+rate)
	}
	return text.Of(l, "statement.INTEREST") + " " + text.Of(l, "statement."+rate)
}

// interest names the rates that the case bears interest at.
func (s *Statement) interest() string {
	agreed, statutory := false, false
	bears := func(bears bool, rate *int) {
		agreed, statutory = agreed || bears && rate != nil, statutory || bears && rate == nil
	}
	for i := range s.Items {
		bears(!s.Items[i].InterestFrom.IsZero(), s.Items[i].RateBasisPoints)
	}
	if len(s.Items) == 0 {
		bears(!s.InterestFrom.IsZero(), s.RateBasisPoints)
	}
	switch {
	case agreed && statutory:
		return "INTEREST_MIXED"
	case agreed:
		return "INTEREST_AGREED"
	case statutory:
		return "INTEREST_STATUTORY"
	default:
		return "INTEREST_NONE"
	}
}

// ImputationExplanation says in which order payments cover what is owed, in a language: by default
// the debtor's.
func (s *Statement) ImputationExplanation(language *debt.Language) string {
	l := s.LanguageFor(language)
	var order []string
	for _, part := range s.ImputationOrder() {
		order = append(order, strings.ToLower(text.Label(l, "BalanceComponent", string(part))))
	}
	return text.Of(l, "statement.IMPUTATION", text.With("order", strings.Join(order, ", ")))
}

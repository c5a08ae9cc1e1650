package act

import (
	"context"
	"slices"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// Reader reads the cases of an agency. [agency.Registry] is one.
type Reader interface {
	ReadCases(ctx context.Context, code string, scope caller.Scope, want debt.Relations, cases []string) (debt.Part, error)
	Offers(code, function string) bool
	Codes() []string
}

// InCase returns the plan of a One act about a case: field is the member of the input that
// names it, and input what the agency is sent. What can be told before the agency is asked is
// told here; where it does not answer now, it judges when it does.
func (a *Act) InCase(ctx context.Context, agencies Reader, by By, key debt.Key, field string, input any) (Plan, error) {
	if key.Kind != debt.KindCase || !slices.Contains(agencies.Codes(), key.Agency) || !by.Scope().Covers(key.Agency) ||
		len(by.Scope().Cases(key.Agency, []string{key.ID})) == 0 {
		return Plan{}, Wrong(NotFound, field)
	}
	if !a.Offered(agencies, key.Agency) {
		return Plan{}, Wrong(NotOffered, field)
	}
	plan := Plan{Parts: []Part{{Agency: key.Agency, Input: input}}, Cases: []debt.Key{key}}
	part, err := agencies.ReadCases(ctx, key.Agency, by.Scope(), a.Needs|debt.OfCases|debt.OfTerms, []string{key.ID})
	switch {
	case err != nil && fault.Of(err).Code == fault.AgencyUnavailable:
		return plan, nil
	case err != nil:
		return Plan{}, err
	}
	i := slices.IndexFunc(part.Cases, func(c *debt.Case) bool { return c.ID == key })
	if i < 0 {
		return Plan{}, Wrong(NotFound, field)
	}
	if ok, why, _ := a.Can(part.Cases[i], access.CallerOf(by.Principal)); !ok {
		return Plan{}, Wrong(why, field)
	}
	return plan, nil
}

package core

import (
	"slices"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// breaking describes a row that is left out.
func (a *assembly) breaking(b breach) debt.Withheld {
	return debt.Withheld{Agency: a.of, Reason: b.reason(), Relation: a.reading, Column: b.column, Cause: b.err.Error()}
}

// unread leaves out a row that belongs to no case.
func (a *assembly) unread(b breach) error {
	a.withheld = append(a.withheld, a.breaking(b))
	return nil
}

// withhold leaves out a case because of a row of it, once.
func (a *assembly) withhold(c *debt.Case, b breach) {
	if slices.Contains(a.broken, c) {
		return
	}
	w := a.breaking(b)
	w.ID, w.CaseNumber = &c.ID, &c.CaseNumber
	a.withheld, a.broken = append(a.withheld, w), append(a.broken, c)
}

// contradicted leaves out a case for what only its records together show.
func (a *assembly) contradicted(c *debt.Case, reason debt.WithheldReason, relation, column, why string) {
	a.reading = relation
	a.withhold(c, breach{column: column, err: unfit{reason, why}})
}

// sound leaves out what only the relations together show to be wrong: it would be an answer that
// looks exact and is not. What is wrong with the policy or the rates is wrong with every case.
func (a *assembly) sound(want debt.Relations) error {
	if want.Has(debt.OfTerms) {
		if err := a.soundTerms(); err != nil {
			return err
		}
	}
	if a.ambiguous {
		return misfit{"policy or rate", "single row of its key"}
	}
	for _, c := range a.caseRows {
		a.soundCase(c, want)
	}
	for _, c := range a.broken {
		for _, g := range c.Agreements {
			g.Cases = slices.DeleteFunc(g.Cases, func(other *debt.Case) bool { return other == c })
		}
	}
	if len(a.broken) > 0 {
		a.caseRows = slices.DeleteFunc(a.caseRows, func(c *debt.Case) bool { return slices.Contains(a.broken, c) })
	}
	return nil
}

func (a *assembly) soundTerms() error {
	p := &a.terms.Policy
	switch {
	case len(a.caseRows) == 0:
	case p.Imputation == "":
		return misfit{"policy.imputation", "row of the agency's policy"}
	case len(a.terms.Rates) == 0 && slices.ContainsFunc(a.caseRows, statutory):
		return misfit{"rate.valid_from", "rate in force"}
	case !counts(p.MaxInstalments) || !counts(p.SetupFreeInstalments) || !counts(p.MaxDeferralDays):
		return misfit{"policy", "policy whose counts are 0 to 10,000"}
	}
	for i := range a.terms.Rates {
		if bp := a.terms.Rates[i].BasisPoints; !rate(&bp) {
			return misfit{"rate.basis_points", "rate of interest"}
		}
	}
	return nil
}

// statutory says that a case bears interest at the rates of the law.
func statutory(c *debt.Case) bool {
	return c.RateBasisPoints == nil && !c.InterestFrom.IsZero() ||
		slices.ContainsFunc(c.Items, func(x debt.ClaimItem) bool {
			return x.RateBasisPoints == nil && !x.InterestFrom.IsZero()
		})
}

func (a *assembly) soundCase(c *debt.Case, want debt.Relations) {
	switch {
	case a.creditor != nil && c.Creditor == nil:
		b, ok := a.spoiled[c.CreditorID]
		if !ok {
			b = breach{err: unfit{debt.WithheldMissing, "no creditor of this key"}}
		}
		a.reading, b.column = "case", "creditor_id"
		a.withhold(c, b)
	case want.Has(debt.OfDebtors) && c.Debtor == nil:
		a.contradicted(c, debt.WithheldMissing, "case", "debtor_id", "no debtor of this key")
	case !rate(c.RateBasisPoints):
		a.contradicted(c, debt.WithheldRate, "case", "rate_basis_points", "no rate of interest")
	case want.Has(debt.OfTerms) && !a.rated(c.RateBasisPoints, c.InterestFrom):
		a.contradicted(c, debt.WithheldRate, "case", "interest_from", "no rate is in force when interest begins")
	case want.Has(debt.OfItems):
		a.soundItems(c, want)
	}
}

func (a *assembly) soundItems(c *debt.Case, want debt.Relations) {
	var sum money.Øre
	for i := range c.Items {
		x := &c.Items[i]
		sum += x.Amount
		switch {
		case !rate(x.RateBasisPoints):
			a.contradicted(c, debt.WithheldRate, "claim_item", "rate_basis_points", "no rate of interest")
		case want.Has(debt.OfTerms) && !a.rated(x.RateBasisPoints, x.InterestFrom):
			a.contradicted(c, debt.WithheldRate, "claim_item", "interest_from", "no rate is in force when interest begins")
		}
	}
	if len(c.Items) > 0 && sum != c.OriginalPrincipal {
		a.contradicted(c, debt.WithheldContradiction, "claim_item", "amount_ore", "the items do not sum to the principal")
	}
}

func counts(n int) bool { return n >= 0 && n <= spec.MaxCount }

func rate(basisPoints *int) bool {
	return basisPoints == nil || *basisPoints >= 0 && *basisPoints <= spec.MaxBasisPoints
}

// rated says that what bears interest from a day has a rate on that day.
func (a *assembly) rated(own *int, from norway.Date) bool {
	return own != nil || from.IsZero() || len(a.terms.Rates) > 0 && a.terms.Rates[0].ValidFrom <= from
}

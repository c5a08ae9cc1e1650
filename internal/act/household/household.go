// Package household saves what a person says of their household, and shares the budget that follows from
// it with the agencies that they choose (husholdningsbudsjett).
package household

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/statute"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/budget"
)

// NoBudget says that there is nothing to share.
const NoBudget act.Code = "NO_BUDGET"

var keep = act.Keep{Days: 365, Why: "That it was saved or shared, and when, is asked for as long as the budget is kept"}

// SaveInput is what a person says of their household; amounts are kroner a month as they were typed.
type SaveInput struct {
	act.Keyed
	Household    statute.Household `json:"household"`
	Income       string            `json:"income"`
	OtherIncome  *string           `json:"otherIncome"`
	Housing      *string           `json:"housing"`
	Childcare    *string           `json:"childcare"`
	CarCosts     *string           `json:"carCosts"`
	OtherPlans   *string           `json:"otherPlans"`
	ChildrenAges []int             `json:"childrenAges"` // in years
}

// Save keeps a household in place of what was saved before.
func Save(s *Store) *act.Of[SaveInput] {
	return &act.Of[SaveInput]{
		Act: act.Act{Name: "SAVE_BUDGET", Reach: act.Here, Who: access.Debtor, Keep: keep},
		Check: func(_ act.By, in SaveInput) act.Faults {
			_, faults := in.read()
			return faults
		},
		Plan: func(_ context.Context, by act.By, in SaveInput) (act.Plan, error) {
			home, _ := in.read()
			return act.Plan{Store: func(ctx context.Context, tx pgx.Tx) error {
				return s.save(ctx, tx, by.ID, by.NationalID, home, by.Now)
			}}, nil
		},
	}
}

// read returns the household, and everything that is wrong with it.
func (in *SaveInput) read() (budget.Household, act.Faults) {
	home := budget.Household{Kind: in.Household, Children: in.ChildrenAges}
	var faults act.Faults
	for _, x := range []struct {
		member string
		typed  *string
		into   *money.Øre
	}{
		{"income", &in.Income, &home.Income}, {"otherIncome", in.OtherIncome, &home.OtherIncome},
		{"housing", in.Housing, &home.Housing}, {"childcare", in.Childcare, &home.Childcare},
		{"carCosts", in.CarCosts, &home.Cars}, {"otherPlans", in.OtherPlans, &home.OtherPlans},
	} {
		if x.typed == nil {
			continue
		}
		amount, err := money.ParseTyped(*x.typed)
		switch {
		case err != nil:
			faults.Invalid(x.member, "input.AMOUNT")
		case amount < 0:
			faults.Invalid(x.member, "input.AMOUNT_NEGATIVE")
		}
		*x.into = amount
	}
	wrong := func(age int) bool { return age < 0 || age > 17 }
	if len(in.ChildrenAges) > budget.MostChildren || slices.ContainsFunc(in.ChildrenAges, wrong) {
		faults.Invalid("childrenAges", "input.CHILDREN", text.With("max", budget.MostChildren))
	}
	return home, faults
}

// ShareInput says which agencies may see the budget from now on.
type ShareInput struct {
	act.Keyed
	Agencies []debt.Key `json:"agencies"` // none: nobody
}

// Agencies are those that are connected. [agency.Registry] is one.
type Agencies interface{ Codes() []string }

// Share shares the budget with the agencies that are named, and with no others: it withdraws what was
// shared before.
func Share(s *Store, agencies Agencies) *act.Of[ShareInput] {
	return &act.Of[ShareInput]{
		Act: act.Act{Name: "SHARE_BUDGET", Reach: act.Here, Who: access.Debtor, Codes: []act.Code{NoBudget}, Keep: keep},
		Check: func(_ act.By, in ShareInput) act.Faults {
			if len(in.Agencies) == 0 {
				return nil
			}
			return act.CheckAgencies("agencies", in.Agencies, agencies.Codes())
		},
		Plan: func(_ context.Context, by act.By, in ShareInput) (act.Plan, error) {
			codes := []string{}
			for _, k := range in.Agencies {
				codes = append(codes, k.Agency)
			}
			slices.Sort(codes)
			codes = slices.Compact(codes)
			return act.Plan{Store: func(ctx context.Context, tx pgx.Tx) error {
				known, err := s.share(ctx, tx, by.NationalID, codes)
				if err == nil && !known {
					return act.Faults{{Code: NoBudget}}
				}
				return err
			}}, nil
		},
	}
}

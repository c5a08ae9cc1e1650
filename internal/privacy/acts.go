package privacy

import (
	"context"
	"fmt"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
)

// acts adds what a person has asked for, and of accepted solutions what is to be paid when.
func (s *Service) acts(ctx context.Context, p caller.Principal, into *personaldata.Portal) error {
	all, err := s.o.Acts(ctx, p)
	if err != nil {
		return err
	}
	for _, a := range all {
		into.Acts = append(into.Acts, actOf(a))
		if a.Name != solution.Name {
			continue
		}
		accepted, err := acceptanceOf(a)
		if err != nil {
			return err
		}
		into.Acceptances = append(into.Acceptances, accepted)
	}
	return nil
}

// budgets returns the household budget that the person has saved, if any.
func (s *Service) budgets(ctx context.Context, p caller.Principal) ([]personaldata.Budget, error) {
	kept := household.Store{DB: s.o.Portal, Secret: s.o.Secret}
	b, err := kept.Of(ctx, p.NationalID, norway.DateOf(s.o.Clock()))
	if err != nil || b == nil {
		return nil, err
	}
	return []personaldata.Budget{{
		SavedAt: b.SavedAt, Household: personaldata.BudgetHousehold(b.Kind), Income: b.Income, OtherIncome: b.OtherIncome,
		Housing: b.Housing, Childcare: b.Childcare, Cars: b.Cars, OtherPlans: b.OtherPlans, ChildrenAges: b.Children,
		Shared: b.Shared,
	}}, nil
}

// files returns what the person has sent to agencies.
func (s *Service) files(ctx context.Context, p caller.Principal) ([]personaldata.File, error) {
	kept := vault.Vault{DB: s.o.Portal, Secret: s.o.Secret}
	found, err := kept.OfPerson(ctx, s.o.Secret.References(p.NationalID))
	if err != nil {
		return nil, err
	}
	all := make([]personaldata.File, len(found))
	for i, f := range found {
		all[i] = personaldata.File{With: personaldata.ActName("SUBMIT_" + f.Kind), SentAt: f.CreatedAt,
			MediaType: f.MediaType.ContentType(), Bytes: f.Bytes,
			Case: debt.Key{Kind: debt.KindCase, Agency: f.Agency, ID: f.CaseID}}
	}
	return all, nil
}

func actOf(a *act.Record) personaldata.Act {
	out := personaldata.Act{Name: personaldata.ActName(a.Name), AskedAt: a.CreatedAt,
		Status: personaldata.ActStatus(a.Status), EndedAt: a.EndedAt}
	for _, part := range a.Agencies {
		out.Agencies = append(out.Agencies, part.Code)
	}
	if a.By != "" {
		out.By = &a.By
	}
	return out
}

// confirmed is what a solution is called that all agencies have agreed to.
const confirmed personaldata.PaymentSolutionAcceptanceStatus = "CONFIRMED"

func acceptanceOf(a *act.Record) (personaldata.Acceptance, error) {
	out := personaldata.Acceptance{AcceptedAt: a.CreatedAt, Status: personaldata.PaymentSolutionAcceptanceStatus(a.Status),
		EndedAt: a.EndedAt}
	if a.Status == act.Done {
		out.Status = confirmed
	}
	if a.Reason != "" {
		out.Reason = new(string(a.Reason))
	}
	for _, part := range a.Agencies {
		out.Agencies = append(out.Agencies, part.Code)
	}
	if a.Kept == nil {
		return out, nil
	}
	agreed, err := schedule.Decode(a.Kept)
	if err != nil {
		return out, fmt.Errorf("schedule of act %s: %w", a.ID, err)
	}
	for _, p := range agreed.Payments {
		out.Schedule = append(out.Schedule, personaldata.ScheduledPayment{DueOn: p.DueOn, Case: agreed.Key(p),
			Amount: p.Amount, Fee: p.Fee})
	}
	return out, nil
}

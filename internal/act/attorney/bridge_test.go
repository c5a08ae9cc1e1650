package attorney_test

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// bridge asks agencies by the functions of the contract's first version.
type bridge struct{ *agency.Registry }

func (bridge) Offers(string, string) bool { return true }

func (bridge) Propose(context.Context, string, agency.Call, debt.Relations, func(debt.Part) error) (agency.Answer,
	error) {
	return agency.Answer{}, errors.ErrUnsupported
}

func (b bridge) Ask(ctx context.Context, code string, c agency.Call) (agency.Answer, error) {
	var in struct {
		NationalID *string  `json:"attorney_national_id"`
		OrgNumber  *string  `json:"attorney_org_number"`
		Name       string   `json:"attorney_name"`
		MayAct     bool     `json:"may_act"`
		Cases      []string `json:"case_ids"`
		From       string   `json:"valid_from"`
		Until      string   `json:"valid_until"`
		ID         string   `json:"power_of_attorney_id"`
	}
	if err := json.Unmarshal(c.Input, &in); err != nil {
		return agency.Answer{}, err
	}
	if c.Function == "revoke_power_of_attorney" {
		a, err := b.RevokePowerOfAttorney(ctx, code, c.Scope, c.Key, in.ID)
		return agency.Answer{Status: string(a.Status), Reason: string(a.Reason)}, err
	}
	p := debt.NewPowerOfAttorney{AttorneyName: in.Name, MayAct: in.MayAct, Cases: in.Cases,
		ValidFrom: norway.MustDate(in.From), ValidUntil: norway.MustDate(in.Until)}
	if in.OrgNumber != nil {
		p.AttorneyOrgNumber = *in.OrgNumber
	} else {
		p.AttorneyID, _ = norway.ParseNationalID(*in.NationalID)
	}
	a, err := b.GivePowerOfAttorney(ctx, code, c.Scope, c.Key, p)
	result, _ := json.Marshal(map[string]string{"power_of_attorney_id": a.ID})
	return agency.Answer{Status: string(a.Status), Reason: string(a.Reason), Result: result}, err
}

package agency

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

type Call struct {
	Function string
	Key      uuid.UUID
	Scope    caller.Scope
	Input    json.RawMessage
}
type Answer struct {
	Status, Reason string
	Result         json.RawMessage
}

// Ask asks for powers of attorney alone, by the functions of the contract's first version.
func (r *Registry) Ask(ctx context.Context, code string, c Call) (Answer, error) {
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
		return Answer{}, err
	}
	switch c.Function {
	case "revoke_power_of_attorney":
		a, err := r.RevokePowerOfAttorney(ctx, code, c.Scope, c.Key, in.ID)
		return Answer{Status: string(a.Status), Reason: string(a.Reason)}, err
	case "give_power_of_attorney":
		p := debt.NewPowerOfAttorney{AttorneyName: in.Name, MayAct: in.MayAct, Cases: in.Cases,
			ValidFrom: norway.MustDate(in.From), ValidUntil: norway.MustDate(in.Until)}
		if in.OrgNumber != nil {
			p.AttorneyOrgNumber = *in.OrgNumber
		} else {
			p.AttorneyID, _ = norway.ParseNationalID(*in.NationalID)
		}
		a, err := r.GivePowerOfAttorney(ctx, code, c.Scope, c.Key, p)
		result, _ := json.Marshal(map[string]string{"power_of_attorney_id": a.ID})
		return Answer{Status: string(a.Status), Reason: string(a.Reason), Result: result}, err
	}
	return Answer{}, errors.ErrUnsupported
}
func (r *Registry) ProposeAct(ctx context.Context, code string, c Call, want debt.Relations, verify func(debt.Part) error) (Answer, error) {
	return Answer{}, errors.ErrUnsupported
}
func (r *Registry) Offers(code, function string) bool { return r.byCode[code] != nil }
func Unsent(err error) bool                           { return errors.As(err, new(unsent)) }

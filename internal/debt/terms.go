package debt

import (
	"encoding/json"

	"github.com/oversikt/oversikt/internal/debt/money"
)

// The terms of a proposal as the contract has them.
type (
	terms struct {
		CaseIDs    []string         `json:"case_ids"`
		Agreements []agreementTerms `json:"agreements"`
		Deferrals  []deferralTerms  `json:"deferrals"`
	}
	agreementTerms struct {
		CaseIDs     []string          `json:"case_ids"`
		Instalments []instalmentTerms `json:"instalments"`
	}
	instalmentTerms struct {
		Number int       `json:"number"`
		DueOn  string    `json:"due_on"`
		Amount money.Øre `json:"amount_ore"`
		Fee    money.Øre `json:"fee_ore"`
	}
	deferralTerms struct {
		CaseID string    `json:"case_id"`
		Until  string    `json:"until"`
		Days   int       `json:"days"`
		Fee    money.Øre `json:"fee_ore"`
	}
)

// MarshalJSON writes the proposal as the contract has it, with empty lists where there is
// nothing, never null.
func (p Proposal) MarshalJSON() ([]byte, error) {
	t := terms{CaseIDs: append([]string{}, p.Cases...), Agreements: []agreementTerms{}, Deferrals: []deferralTerms{}}
	for _, a := range p.Agreements {
		agreed := agreementTerms{CaseIDs: append([]string{}, a.Cases...), Instalments: []instalmentTerms{}}
		for _, i := range a.Instalments {
			agreed.Instalments = append(agreed.Instalments, instalmentTerms{i.Number, i.DueOn.String(), i.Amount, i.Fee})
		}
		t.Agreements = append(t.Agreements, agreed)
	}
	for _, d := range p.Deferrals {
		t.Deferrals = append(t.Deferrals, deferralTerms{d.Case, d.Until.String(), d.Days, d.Fee})
	}
	return json.Marshal(t)
}

package core

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// The functions of this file are Ask with the types of package debt.

// Propose asks the agency to agree to a proposal. Until the transaction ends nobody else
// can pay, object or agree in its cases. repeated says that the key was known before.
func Propose(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	p debt.Proposal) (answer debt.ProposalAnswer, repeated bool, err error) {
	input, err := SolutionInput(p)
	if err != nil {
		return answer, false, err
	}
	a, err := Ask(ctx, conn, Call{"propose_solution", key, scope, input})
	return onProposal(a), a.Repeated(), err
}

// Confirm puts a proposal into force.
func Confirm(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	a, err := Ask(ctx, conn, Call{"confirm_solution", key, scope, nil})
	return onProposal(a), err
}

// Withdraw undoes a proposal, confirmed or not, and one that has not come yet.
func Withdraw(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	a, err := Ask(ctx, conn, Call{"withdraw_solution", key, scope, nil})
	return onProposal(a), err
}

func onProposal(a Answer) debt.ProposalAnswer {
	return debt.ProposalAnswer{Status: debt.ProposalStatus(a.Status), Reason: debt.ProposalReason(a.Reason)}
}

// OrderCredentials orders a new password for a case. The zero scope is somebody who has
// not logged in.
func OrderCredentials(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	caseNumber string) (debt.CredentialOrder, error) {
	var result struct {
		Channel debt.CredentialChannel `json:"channel"`
	}
	a, err := asked(ctx, conn, "order_new_credentials", scope, key, map[string]string{"case_number": caseNumber}, &result)
	return debt.CredentialOrder{Status: debt.ActStatus(a.Status), Channel: result.Channel}, err
}

// CorrectContact corrects what the agency knows of the debtor.
func CorrectContact(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	c debt.ContactChange) (debt.ActAnswer, error) {
	a, err := asked(ctx, conn, "correct_contact", scope, key, ContactInput(c), nil)
	return onAct(a), err
}

// ContactInput is the input of correct_contact.
func ContactInput(c debt.ContactChange) map[string]any {
	return map[string]any{
		"email": c.Email, "phone": c.Phone, "street_address": c.StreetAddress, "postal_code": c.PostalCode,
		"city": c.City, "language": c.Language,
	}
}

// GivePowerOfAttorney gives a power of attorney and returns its key.
func GivePowerOfAttorney(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	p debt.NewPowerOfAttorney) (debt.PowerOfAttorneyAnswer, error) {
	var result struct {
		ID string `json:"power_of_attorney_id"`
	}
	a, err := asked(ctx, conn, "give_power_of_attorney", scope, key, PowerInput(p), &result)
	return debt.PowerOfAttorneyAnswer{ActAnswer: onAct(a), ID: result.ID}, err
}

// PowerInput is the input of give_power_of_attorney.
func PowerInput(p debt.NewPowerOfAttorney) map[string]any {
	return map[string]any{
		"attorney_national_id": null(p.AttorneyID.Reveal()), "attorney_org_number": null(p.AttorneyOrgNumber),
		"attorney_name": p.AttorneyName, "may_act": p.MayAct, "case_ids": p.Cases,
		"valid_from": null(p.ValidFrom.String()), "valid_until": null(p.ValidUntil.String()),
	}
}

// RevokePowerOfAttorney ends a power of attorney that the debtor has given.
func RevokePowerOfAttorney(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	id string) (debt.ActAnswer, error) {
	a, err := asked(ctx, conn, "revoke_power_of_attorney", scope, key, map[string]string{"power_of_attorney_id": id}, nil)
	return onAct(a), err
}

func onAct(a Answer) debt.ActAnswer {
	return debt.ActAnswer{Status: debt.ActStatus(a.Status), Reason: debt.ActReason(a.Reason)}
}

// asked asks with an input and reads the result into a pointer, nil for none.
func asked(ctx context.Context, conn Querier, function string, scope caller.Scope, key uuid.UUID, input,
	result any) (Answer, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", function, err)
	}
	a, err := Ask(ctx, conn, Call{function, key, scope, text})
	if err != nil || result == nil {
		return a, err
	}
	return a, a.Into(function, result)
}

// null passes an empty text as null.
func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

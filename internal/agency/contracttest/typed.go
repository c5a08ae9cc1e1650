package contracttest

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The functions of this file are core.Ask with the types of package debt.

// ActAnswer is an agency's answer to an act.
type ActAnswer struct {
	Status debt.ActStatus
	Reason debt.ActReason // empty unless Status is debt.ActRefused
}

// CredentialOrder is an agency's answer to an order of new credentials.
type CredentialOrder struct {
	Status  debt.ActStatus
	Channel debt.CredentialChannel // empty if it is refused
}

// PowerOfAttorneyAnswer is an agency's answer to a power of attorney.
type PowerOfAttorneyAnswer struct {
	ActAnswer
	ID string // the agency's key; empty if it is refused
}

// ContactChange corrects what an agency has registered about a debtor. Nil leaves a value as it
// is, and an empty text removes it.
type ContactChange struct {
	Email         *string
	Phone         *string
	StreetAddress *string
	PostalCode    *string
	City          *string
	Language      *debt.Language
}

// NewPowerOfAttorney is a power of attorney (fullmakt) to be given. Exactly one of
// AttorneyID and AttorneyOrgNumber is set.
type NewPowerOfAttorney struct {
	AttorneyID        norway.NationalID
	AttorneyOrgNumber string
	AttorneyName      string
	MayAct            bool
	Cases             []string    // the agency's keys; nil: all cases
	ValidFrom         norway.Date // the first day
	ValidUntil        norway.Date // the last day; zero: until it is revoked
}

// ProposalAnswer is an agency's answer to an act on a proposal.
type ProposalAnswer struct {
	Status debt.ProposalStatus
	Reason debt.ProposalReason // empty unless Status is debt.ProposalRefused
}

// Propose asks the agency to agree to a proposal. Until the transaction ends nobody else
// can pay, object or agree in its cases. repeated says that the key was known before.
func Propose(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID,
	p debt.Proposal) (answer ProposalAnswer, repeated bool, err error) {
	a, err := asked(ctx, conn, "propose_solution", scope, key, p, nil)
	return onProposal(a), a.Repeated(), err
}

// Confirm puts a proposal into force.
func Confirm(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID) (ProposalAnswer, error) {
	a, err := core.Ask(ctx, conn, core.Call{Function: "confirm_solution", Key: key, Scope: scope})
	return onProposal(a), err
}

// Withdraw undoes a proposal, confirmed or not, and one that has not come yet.
func Withdraw(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID) (ProposalAnswer, error) {
	a, err := core.Ask(ctx, conn, core.Call{Function: "withdraw_solution", Key: key, Scope: scope})
	return onProposal(a), err
}

func onProposal(a core.Answer) ProposalAnswer {
	return ProposalAnswer{Status: debt.ProposalStatus(a.Status), Reason: debt.ProposalReason(a.Reason)}
}

// OrderCredentials orders a new password for a case. The zero scope is somebody who has
// not logged in.
func OrderCredentials(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID,
	caseNumber string) (CredentialOrder, error) {
	var result struct {
		Channel debt.CredentialChannel `json:"channel"`
	}
	a, err := asked(ctx, conn, "order_new_credentials", scope, key, map[string]string{"case_number": caseNumber}, &result)
	return CredentialOrder{Status: debt.ActStatus(a.Status), Channel: result.Channel}, err
}

// CorrectContact corrects what the agency knows of the debtor.
func CorrectContact(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID,
	c ContactChange) (ActAnswer, error) {
	a, err := asked(ctx, conn, "correct_contact", scope, key, ContactInput(c), nil)
	return onAct(a), err
}

// ContactInput is the input of correct_contact.
func ContactInput(c ContactChange) map[string]any {
	return map[string]any{
		"email": c.Email, "phone": c.Phone, "street_address": c.StreetAddress, "postal_code": c.PostalCode,
		"city": c.City, "language": c.Language,
	}
}

// GivePowerOfAttorney gives a power of attorney and returns its key.
func GivePowerOfAttorney(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID,
	p NewPowerOfAttorney) (PowerOfAttorneyAnswer, error) {
	var result struct {
		ID string `json:"power_of_attorney_id"`
	}
	a, err := asked(ctx, conn, "give_power_of_attorney", scope, key, PowerInput(p), &result)
	return PowerOfAttorneyAnswer{ActAnswer: onAct(a), ID: result.ID}, err
}

// PowerInput is the input of give_power_of_attorney.
func PowerInput(p NewPowerOfAttorney) map[string]any {
	return map[string]any{
		"attorney_national_id": null(p.AttorneyID.Reveal()), "attorney_org_number": null(p.AttorneyOrgNumber),
		"attorney_name": p.AttorneyName, "may_act": p.MayAct, "case_ids": p.Cases,
		"valid_from": null(p.ValidFrom.String()), "valid_until": null(p.ValidUntil.String()),
	}
}

// RevokePowerOfAttorney ends a power of attorney that the debtor has given.
func RevokePowerOfAttorney(ctx context.Context, conn core.Querier, scope caller.Scope, key uuid.UUID,
	id string) (ActAnswer, error) {
	a, err := asked(ctx, conn, "revoke_power_of_attorney", scope, key, map[string]string{"power_of_attorney_id": id}, nil)
	return onAct(a), err
}

func onAct(a core.Answer) ActAnswer {
	return ActAnswer{Status: debt.ActStatus(a.Status), Reason: debt.ActReason(a.Reason)}
}

// asked asks with an input and reads the result into a pointer, nil for none.
func asked(ctx context.Context, conn core.Querier, function string, scope caller.Scope, key uuid.UUID, input,
	result any) (core.Answer, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return core.Answer{}, fmt.Errorf("%s: %w", function, err)
	}
	a, err := core.Ask(ctx, conn, core.Call{Function: function, Key: key, Scope: scope, Input: text})
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

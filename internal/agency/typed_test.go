package agency

import (
	"context"
	"encoding/json"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/contracttest"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// The methods of this file are Ask and Propose with the types of package debt, for those who
// do not declare their act yet.

// ProposeSolution is Propose of a combined payment solution.
func (r *Registry) ProposeSolution(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	p debt.Proposal, want debt.Relations, verify func(debt.Part) error) (contracttest.ProposalAnswer, error) {
	input, err := json.Marshal(p)
	if err != nil {
		return contracttest.ProposalAnswer{}, err
	}
	a, err := r.Propose(ctx, code, Call{Function: "propose_solution", Key: key, Scope: scope, Input: input}, want, verify)
	return onProposal(a), err
}

// Confirm puts a proposal into force.
func (r *Registry) Confirm(ctx context.Context, code string, scope caller.Scope,
	key uuid.UUID) (contracttest.ProposalAnswer, error) {
	a, err := r.Ask(ctx, code, Call{Function: "confirm_solution", Key: key, Scope: scope})
	return onProposal(a), err
}

// Withdraw undoes a proposal, also a confirmed one, and keeps one that is still on its way
// from being noted.
func (r *Registry) Withdraw(ctx context.Context, code string, scope caller.Scope,
	key uuid.UUID) (contracttest.ProposalAnswer, error) {
	a, err := r.Ask(ctx, code, Call{Function: "withdraw_solution", Key: key, Scope: scope})
	return onProposal(a), err
}

func onProposal(a Answer) contracttest.ProposalAnswer {
	return contracttest.ProposalAnswer{Status: debt.ProposalStatus(a.Status), Reason: debt.ProposalReason(a.Reason)}
}

// OrderCredentials orders a new password for a case; the zero scope is somebody who has
// not logged in. The answer does not tell whether there is such a case.
func (r *Registry) OrderCredentials(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	caseNumber string) (contracttest.CredentialOrder, error) {
	var result struct {
		Channel debt.CredentialChannel `json:"channel"`
	}
	input := map[string]string{"case_number": caseNumber}
	a, err := r.asked(ctx, code, "order_new_credentials", scope, key, input, &result)
	return contracttest.CredentialOrder{Status: debt.ActStatus(a.Status), Channel: result.Channel}, err
}

// CorrectContact corrects what an agency knows of the caller.
func (r *Registry) CorrectContact(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	c contracttest.ContactChange) (contracttest.ActAnswer, error) {
	a, err := r.asked(ctx, code, "correct_contact", scope, key, contracttest.ContactInput(c), nil)
	return onAct(a), err
}

// GivePowerOfAttorney gives somebody a power of attorney for the caller's cases.
func (r *Registry) GivePowerOfAttorney(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	p contracttest.NewPowerOfAttorney) (contracttest.PowerOfAttorneyAnswer, error) {
	var result struct {
		ID string `json:"power_of_attorney_id"`
	}
	a, err := r.asked(ctx, code, "give_power_of_attorney", scope, key, contracttest.PowerInput(p), &result)
	return contracttest.PowerOfAttorneyAnswer{ActAnswer: onAct(a), ID: result.ID}, err
}

// RevokePowerOfAttorney ends a power of attorney that the caller has given.
func (r *Registry) RevokePowerOfAttorney(ctx context.Context, code string, scope caller.Scope, key uuid.UUID,
	id string) (contracttest.ActAnswer, error) {
	input := map[string]string{"power_of_attorney_id": id}
	a, err := r.asked(ctx, code, "revoke_power_of_attorney", scope, key, input, nil)
	return onAct(a), err
}

func onAct(a Answer) contracttest.ActAnswer {
	return contracttest.ActAnswer{Status: debt.ActStatus(a.Status), Reason: debt.ActReason(a.Reason)}
}

// asked asks with an input and reads the result into a pointer, nil for none.
func (r *Registry) asked(ctx context.Context, code, function string, scope caller.Scope, key uuid.UUID, input,
	result any) (Answer, error) {
	text, err := json.Marshal(input)
	if err != nil {
		return Answer{}, err
	}
	a, err := r.Ask(ctx, code, Call{Function: function, Key: key, Scope: scope, Input: text})
	if err != nil || result == nil {
		return a, err
	}
	return a, a.Into(function, result)
}

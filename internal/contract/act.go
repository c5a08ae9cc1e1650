package contract

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/identity"
	"github.com/oversikt/oversikt/internal/money"
)

// The acts run in the transaction that conn is, or each in one of its own, and can be
// called again with the same key: they then do nothing. A database that does not keep the
// contract gives SCHEMA_MISMATCH.

var (
	proposeSQL  = function("propose_solution").call()
	confirmSQL  = function("confirm_solution").call()
	withdrawSQL = function("withdraw_solution").call()
)

// Propose asks the agency to agree to a proposal. Until the transaction ends nobody else
// can pay, object or agree in its cases. repeated says that the key was known before.
func Propose(ctx context.Context, conn Querier, scope identity.Scope, key uuid.UUID, p debt.Proposal) (answer debt.ProposalAnswer, repeated bool, err error) {
	terms, err := json.Marshal(termsOf(p))
	if err != nil {
		return answer, false, fmt.Errorf("propose solution: %w", err)
	}
	answer, err = onProposal(ctx, conn, "propose solution", scope, proposeSQL, []any{key, scope.NationalID().Reveal(), string(terms)}, &repeated)
	return answer, repeated, err
}

// Confirm puts a proposal into force.
func Confirm(ctx context.Context, conn Querier, scope identity.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	return onProposal(ctx, conn, "confirm solution", scope, confirmSQL, []any{key, scope.NationalID().Reveal()})
}

// Withdraw undoes a proposal, confirmed or not, and one that has not come yet.
func Withdraw(ctx context.Context, conn Querier, scope identity.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	return onProposal(ctx, conn, "withdraw solution", scope, withdrawSQL, []any{key, scope.NationalID().Reveal()})
}

// onProposal calls a function; more takes the results after status and reason.
func onProposal(ctx context.Context, conn Querier, what string, scope identity.Scope, sql string, args []any, more ...any) (answer debt.ProposalAnswer, err error) {
	if scope.IsZero() {
		return debt.ProposalAnswer{Status: debt.ProposalRefused, Reason: debt.RefusedNotFound}, nil
	}
	err = conn.QueryRow(ctx, sql, args...).Scan(append([]any{proposalStatus(&answer.Status), proposalReason(&answer.Reason)}, more...)...)
	if err != nil {
		return debt.ProposalAnswer{}, mismatch(fmt.Errorf("%s: %w", what, hushed(err)))
	}
	return answer, nil
}

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

// termsOf has empty lists where there is nothing, never null.
func termsOf(p debt.Proposal) terms {
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
	return t
}

package core

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// The acts run in the transaction that conn is, or each in one of its own, and can be
// called again with the same key: they then do nothing. A database that does not keep the
// contract gives SCHEMA_MISMATCH.

var (
	proposeSQL  = spec.FunctionNamed("propose_solution").Call()
	confirmSQL  = spec.FunctionNamed("confirm_solution").Call()
	withdrawSQL = spec.FunctionNamed("withdraw_solution").Call()
)

// Propose asks the agency to agree to a proposal. Until the transaction ends nobody else
// can pay, object or agree in its cases. repeated says that the key was known before.
func Propose(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID,
	p debt.Proposal) (answer debt.ProposalAnswer, repeated bool, err error) {
	terms, err := json.Marshal(termsOf(p))
	if err != nil {
		return answer, false, fmt.Errorf("propose solution: %w", err)
	}
	answer, err = onProposal(ctx, conn, "propose solution", scope, proposeSQL, []any{key, callerOf(scope), string(terms)},
		&repeated)
	return answer, repeated, err
}

// Confirm puts a proposal into force.
func Confirm(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	return onProposal(ctx, conn, "confirm solution", scope, confirmSQL, []any{key, callerOf(scope)})
}

// Withdraw undoes a proposal, confirmed or not, and one that has not come yet.
func Withdraw(ctx context.Context, conn Querier, scope caller.Scope, key uuid.UUID) (debt.ProposalAnswer, error) {
	return onProposal(ctx, conn, "withdraw solution", scope, withdrawSQL, []any{key, callerOf(scope)})
}

// onProposal calls a function; more takes the results after status and reason.
func onProposal(ctx context.Context, conn Querier, what string, scope caller.Scope, sql string, args []any,
	more ...any) (answer debt.ProposalAnswer, err error) {
	if scope.IsZero() {
		return debt.ProposalAnswer{Status: debt.ProposalRefused, Reason: debt.RefusedNotFound}, nil
	}
	err = act(ctx, conn, what, sql, args, append([]any{proposalStatus(&answer.Status), proposalReason(&answer.Reason)},
		more...)...)
	return answer, err
}

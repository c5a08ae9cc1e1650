package agency

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// Call asks an agency for an act.
type Call = core.Call

// Answer is what an agency answers to a call.
type Answer = core.Answer

// Ask asks an agency for an act, and can be asked again with the same key.
//
// AGENCY_UNAVAILABLE leaves open whether it has happened, unless the error is Unsent. An
// agency that is not known, or of which nothing is in scope, is NOT_FOUND, but where nobody
// may ask. An agency that does not have the function is NOT_OFFERED. One that has it of
// version 1 is asked for what was begun with it alone.
func (r *Registry) Ask(ctx context.Context, code string, c Call) (Answer, error) {
	c, err := r.admit(code, c)
	if err != nil {
		return Answer{}, err
	}
	var answer Answer
	err = r.act(ctx, code, c.Scope, 1, func(ctx context.Context, a *Agency, tx pgx.Tx) (keep bool, err error) {
		answer, err = a.ask(ctx, tx, c)
		return tx.Conn().PgConn().TxStatus() != 'E', err // a refusal may be the database's own
	})
	if err != nil {
		return Answer{}, err
	}
	return answer, nil
}

// Propose is Ask, and reads in the same transaction what is wanted of the caller's records, as
// they are now that nobody else can change the cases. It hands them to verify, whose error is
// returned as it is and leaves nothing at the agency. A proposal that the agency refuses, or
// whose key it knew before, is not verified.
func (r *Registry) Propose(ctx context.Context, code string, c Call, want debt.Relations,
	verify func(debt.Part) error) (Answer, error) {
	c, err := r.admit(code, c)
	if err != nil {
		return Answer{}, err
	}
	var answer Answer
	var refused error
	statements := 1 + core.Statements(want)
	err = r.act(ctx, code, c.Scope, statements, func(ctx context.Context, a *Agency, tx pgx.Tx) (bool, error) {
		answered, err := a.ask(ctx, tx, c)
		answer = answered
		if err != nil || answer.Repeated() || answer.Status != string(debt.ProposalProposed) {
			return true, err
		}
		part, err := core.ReadWithin(ctx, tx, a.facts, core.Query{Scope: c.Scope, Want: want, Today: r.Today(),
			Kept: a.kept.Load(), Acts: a.acts})
		if err != nil {
			return false, err
		}
		refused = verify(*part)
		return refused == nil, nil
	})
	if err == nil {
		err = refused
	}
	if err != nil {
		return Answer{}, err
	}
	return answer, nil
}

// ask calls the function of the version that the agency has.
func (a *Agency) ask(ctx context.Context, tx pgx.Tx, c Call) (Answer, error) {
	kept, err := a.keeps(ctx, tx, c.Function)
	if err != nil {
		return Answer{}, err
	}
	switch kept.Version(c.Function) {
	case spec.Version:
		return core.Ask(ctx, tx, c)
	case 1:
		return core.AskOld(ctx, tx, c)
	default:
		return Answer{}, errNotOffered
	}
}

// keeps returns what the agency has. Where a function is not among it, it looks again, so that
// nobody is refused what was made since, or was being made when it was looked at.
func (a *Agency) keeps(ctx context.Context, tx pgx.Tx, function string) (*core.Catalogue, error) {
	kept := a.kept.Load()
	if kept.Version(function) > 0 {
		return kept, nil
	}
	begun := a.looks.Add(1)
	kept, err := core.Look(ctx, tx.Conn(), a.schema)
	if err != nil {
		return nil, err
	}
	a.keep(begun, kept)
	return kept, nil
}

var errNotOffered = fault.New(fault.NotOffered, "the agency does not offer this")

// Offers says whether an agency has what an act, or a login with a letter ("case_login"),
// takes, as its catalogue was when it was last looked at: when a connection was made, and
// every few minutes. It is true where the agency has never answered: whoever asks it later is
// told.
func (r *Registry) Offers(code, function string) bool {
	a, ok := r.byCode[code]
	return ok && (a.kept.Load() == nil || a.kept.Load().Offers(function))
}

// admit says whether a call may go to an agency. Who has nothing there asks as nobody, where
// nobody may ask.
func (r *Registry) admit(code string, c Call) (Call, error) {
	if _, ok := r.byCode[code]; !ok {
		return c, ErrNotFound
	}
	if desk, ok := c.Scope.Desk(); c.Scope.Covers(code) || ok && desk == code {
		return c, nil
	}
	c.Scope = caller.Scope{}
	if !core.ForNobody(c.Function) {
		return c, ErrNotFound
	}
	return c, nil
}

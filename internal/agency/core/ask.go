package core

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
)

// Call asks for an act.
type Call struct {
	Function string // its name in the contract
	Key      uuid.UUID
	Scope    caller.Scope    // whose; zero: nobody
	Input    json.RawMessage // an object as the contract describes it; nil: {}
}

// Answer is what an agency answers to a call.
type Answer struct {
	Status string          // one of the contract's for the step
	Reason string          // why it is refused, OTHER where the contract does not know it; else empty
	Result json.RawMessage // an object; nil: none
}

// Repeated says that the agency knew the key of a proposal before.
func (a Answer) Repeated() bool {
	var result struct {
		Repeated bool `json:"repeated"`
	}
	return json.Unmarshal(a.Result, &result) == nil && result.Repeated
}

// Into reads the result of a function into a pointer, which it leaves alone where there is
// none. A result that does not fit is SCHEMA_MISMATCH.
func (a Answer) Into(function string, result any) error {
	if a.Result == nil || json.Unmarshal(a.Result, result) == nil {
		return nil
	}
	return mismatch(fmt.Errorf("%s: %w", function, misfit{function + ".result", "object of the contract"}))
}

// ForNobody says that who has not logged in may ask for the act too.
func ForNobody(function string) bool {
	f, ok := spec.FunctionNamed(function)
	return ok && f.Nobody
}

const (
	refused     = "REFUSED"
	notFound    = "NOT_FOUND"
	otherReason = "OTHER"

	invalidInput   = "INVALID_INPUT"
	untranslatable = "22P05" // the database's encoding has no sign for a character: a person's, not the agency's, fault
)

// Ask calls the function of an act. It runs in the transaction that conn is, or in one of its
// own, and can be called again with the same key: it then does nothing. Who asks for nobody
// is refused as NOT_FOUND, but where nobody may ask. A database that does not keep the
// contract gives SCHEMA_MISMATCH.
func Ask(ctx context.Context, conn Querier, c Call) (Answer, error) {
	f, ok := spec.FunctionNamed(c.Function)
	if !ok || !f.IsAct() {
		return Answer{}, fmt.Errorf("ask: the contract has no act of that name")
	}
	who, staff := asking(c.Scope)
	if len(who) == 0 && !f.Nobody || staff != f.Staff {
		return Answer{Status: refused, Reason: notFound}, nil
	}
	by, err := json.Marshal(who)
	if err != nil {
		return Answer{}, fmt.Errorf("%s: %w", f.Name, err)
	}
	input := c.Input
	if input == nil {
		input = json.RawMessage("{}")
	}
	var status string
	var reason *string
	var result []byte
	err = call(ctx, conn, f.Name, f.Call(), []any{c.Key, string(by), string(input)}, &status, &reason, &result)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == untranslatable && f.Reasons.Has(invalidInput) {
		return Answer{Status: refused, Reason: invalidInput}, nil
	}
	if err != nil {
		return Answer{}, err
	}
	return answerOf(f, status, reason, result)
}

// answerOf holds an answer against the contract.
func answerOf(f spec.Function, status string, reason *string, result []byte) (Answer, error) {
	if !f.Statuses.Has(status) {
		return Answer{}, mismatch(fmt.Errorf("%s: %w", f.Name, misfit{f.Name + ".status", "status of an act"}))
	}
	a := Answer{Status: status}
	if status == refused {
		a.Reason = otherReason
		if reason != nil && f.Reasons.Has(*reason) {
			a.Reason = *reason
		}
	}
	if len(result) == 0 || string(result) == "null" {
		return a, nil
	}
	if result[0] != '{' {
		return Answer{}, mismatch(fmt.Errorf("%s: %w", f.Name, misfit{f.Name + ".result", "object"}))
	}
	a.Result = result
	return a, nil
}

// asking is who asks, as the contract has it: empty for nobody. staff says that it is a case worker.
func asking(scope caller.Scope) (who map[string]any, staff bool) {
	if _, ok := scope.Desk(); ok {
		return map[string]any{"staff": true}, true
	}
	if one, ok := scope.Case(); ok {
		return map[string]any{"case_id": one.ID}, false
	}
	if id := scope.NationalID(); !id.IsZero() {
		return map[string]any{"national_id": id.Reveal()}, false
	}
	return map[string]any{}, false
}

package agency

import (
	"context"
	"encoding/json"
	"errors"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
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

func (r *Registry) Ask(ctx context.Context, code string, c Call) (Answer, error) {
	return Answer{}, errors.ErrUnsupported
}
func (r *Registry) ProposeAct(ctx context.Context, code string, c Call, want debt.Relations, verify func(debt.Part) error) (Answer, error) {
	return Answer{}, errors.ErrUnsupported
}
func (r *Registry) Offers(code, function string) bool { return false }
func Unsent(err error) bool                           { return errors.As(err, new(unsent)) }

package attorney

import (
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
)

func (in Input) Key() uuid.UUID { return in.IdempotencyKey }

type RevokeInput struct {
	act.Keyed
	ID debt.Key
}

func Give(r *Register) *act.Of[Input]         { return &act.Of[Input]{} }
func Revoke(r *Register) *act.Of[RevokeInput] { return &act.Of[RevokeInput]{} }

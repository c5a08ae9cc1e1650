package model

import (
	"context"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/text"
)

// Changes are what is new to a person.
type Changes struct {
	Since    time.Time
	Complete bool
	Items    []Change
	More     bool
}

// Change is one thing that is new.
type Change struct {
	debt.Change
	Act *Act // nil: it is no act that has ended
}

// Text says what is new.
func (c Change) Text(ctx context.Context, language *debt.Language) string {
	if c.Act == nil {
		return c.Change.Text(language)
	}
	l := Spoken(ctx, language)
	return text.Label(l, "ActName", string(c.Act.Name)) + ": " + text.Label(l, "ActStatus", string(c.Act.Status))
}

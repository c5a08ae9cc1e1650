package model

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
)

// Session is a login of a browser, as the person sees it whose it is.
type Session struct {
	ID         debt.Key
	Kind       LoginKind
	StartedAt  time.Time
	LastUsedAt time.Time
	ExpiresAt  time.Time
	Current    bool
}

package model

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/schedule"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Acceptance is a payment solution that a person has accepted.
type Acceptance struct {
	ID         debt.Key
	Act        Act
	Status     PaymentSolutionAcceptanceStatus
	Reason     *AcceptanceReason
	AcceptedAt time.Time
	EndedAt    *time.Time
	Kinds      []solver.Kind
	TotalPaid  money.Øre
	Cost       money.Øre
	LastDay    norway.Date
	Agencies   []AgencyAcceptance
	Schedule   *schedule.Standing // nil: none is kept, or it was not asked for
}

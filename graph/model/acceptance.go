package model

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/money"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/schedule"
	"github.com/oversikt/oversikt/internal/solution"
)

// Acceptance is a payment solution that a person has accepted.
type Acceptance struct {
	ID         debt.Key
	Status     PaymentSolutionAcceptanceStatus
	Reason     *AcceptanceReason
	AcceptedAt time.Time
	EndedAt    *time.Time
	Kinds      []solution.Kind
	TotalPaid  money.Øre
	Cost       money.Øre
	LastDay    norway.Date
	Agencies   []AgencyAcceptance
	Schedule   *schedule.Standing // nil: none is kept, or it was not asked for
}

// Package solution accepts a combined payment solution at several agencies at once: all
// confirm their part, or all withdraw it, whatever dies in between. docs/acceptance.md has
// the states and the guarantees.
package solution

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Plan is what is to be agreed.
type Plan struct {
	Scope    caller.Scope // whose cases they are
	Agencies []AgencyPlan // one or more, each once

	// Input is what the caller was asked for, and tells a repetition from another wish that
	// came with the same key: a plan that is computed anew may have changed. Nil: Agencies
	// tell.
	Input []byte

	// Summary is for the frontend, which gets it back, and is not read here. It is stored in
	// the clear and for good: nothing in it tells who the person is. At most 64 KiB; nil: {}.
	Summary json.RawMessage

	// Schedule is what is to be paid when. It is not read here, but kept sealed for as long as
	// the acceptance is, unless that is withdrawn. Nil: none.
	Schedule []byte
	LastDay  norway.Date // of its last payment; it and the acceptance are kept some years longer
}

// AgencyPlan is one agency's part of a plan.
type AgencyPlan struct {
	Agency   string // its code
	Proposal debt.Proposal
	Expects  []byte // fingerprint of the agency's records that the offer was computed from
}

// Status says how far an acceptance has come.
type Status string

// The states of an acceptance. The last one is for an operator: an agency has done the
// opposite of what was decided.
const (
	Pending        Status = "PENDING"
	Confirmed      Status = "CONFIRMED"
	Withdrawn      Status = "WITHDRAWN"
	NeedsAttention Status = "NEEDS_ATTENTION"
)

// Decision is what is to happen at every agency. It is taken once and never changes.
type Decision string

// The decisions. Empty: none has been taken.
const (
	Confirm  Decision = "CONFIRM"
	Withdraw Decision = "WITHDRAW"
)

// State says how far one agency has come.
type State string

// The states of one agency's part. While it is AgencyPending, the outcome may be unknown.
const (
	AgencyPending   State = "PENDING"
	AgencyProposed  State = "PROPOSED"
	AgencyRefused   State = "REFUSED"
	AgencyConfirmed State = "CONFIRMED"
	AgencyWithdrawn State = "WITHDRAWN"
)

// Reason says why something was not agreed: one of these, or a debt.ProposalReason that
// the agency gave.
type Reason string

// The reasons that are not the agency's.
const (
	CasesChanged      Reason = "CASES_CHANGED"      // the records are others than the offer was computed from
	AgencyUnavailable Reason = "AGENCY_UNAVAILABLE" // an agency did not answer before DecideBy
	Expired           Reason = "EXPIRED"            // the service did not get to it before DecideBy
)

// Acceptance is what came of a plan.
type Acceptance struct {
	ID        uuid.UUID
	Status    Status
	Decision  Decision // empty: open
	Reason    Reason   // why it is withdrawn; empty otherwise
	Summary   json.RawMessage
	CreatedAt time.Time
	DecideBy  time.Time  // what has not been decided by then is withdrawn
	DecidedAt *time.Time // nil: open
	EndedAt   *time.Time // when the last agency had carried the decision out; nil: not yet
	Agencies  []Agency   // in the plan's order
	Schedule  []byte     // sealed, see OpenSchedule; nil: none is kept
}

// Agency is what came of one agency's part.
type Agency struct {
	Code      string
	State     State
	Reason    Reason // why it is not proposed, or was withdrawn first; empty otherwise
	ChangedAt time.Time
}

// PendingError says that another acceptance of the same person is on its way.
type PendingError struct{ ID uuid.UUID }

// Error names the acceptance.
func (e *PendingError) Error() string {
	return fmt.Sprintf("acceptance %s is pending", e.ID)
}

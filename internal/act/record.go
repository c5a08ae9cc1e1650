package act

import (
	"encoding/json"
	"slices"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Status says how far an act is: whether it has reached who decides, not what they decide.
type Status string

// The states of an act. All but Pending and NeedsAttention are its end.
const (
	Pending        Status = "PENDING"
	Done           Status = "DONE"
	Refused        Status = "REFUSED"
	Withdrawn      Status = "WITHDRAWN"
	NeedsAttention Status = "NEEDS_ATTENTION" // an agency did what it must not: people look into it
)

// Decision is what is to happen at every agency of an All act. It is taken once and never
// changes.
type Decision string

// The decisions. Empty: none has been taken.
const (
	Confirm  Decision = "CONFIRM"
	Withdraw Decision = "WITHDRAW"
)

// State says how far one agency is.
type State string

// The states of an agency's part. While it is Asked, nobody may know what it has done.
const (
	Asked         State = "PENDING"
	Proposed      State = "PROPOSED" // it would, and waits for the others
	PartDone      State = "DONE"
	PartRefused   State = "REFUSED"
	PartWithdrawn State = "WITHDRAWN"
)

// Record is an act as it stands.
type Record struct {
	ID        uuid.UUID
	Name      Name
	Reach     Reach
	Status    Status
	Decision  Decision // of an All act
	Reason    Code     // why it is refused or withdrawn; empty otherwise
	CreatedAt time.Time
	DecideBy  time.Time  // of an All act: what is not decided by then is withdrawn
	DecidedAt *time.Time // nil: not decided, or no All act
	Until     time.Time  // agencies are asked until then
	EndedAt   *time.Time
	Cases     []debt.Key
	Agencies  []Agency
	Summary   json.RawMessage
	By        string // who acted for the person; empty: the person
	Kept      []byte // see Plan; nil where there is none any more

	rests *norway.Date // see Plan
	new   bool
}

// Agency is one agency's part.
type Agency struct {
	Code      string
	State     State
	Reason    Code
	ChangedAt time.Time
	Result    json.RawMessage // what its function answered, until the act has ended elsewhere
}

// New says that this call has stored the act: it is no repetition.
func (r *Record) New() bool { return r.new }

// Key is the act's global id, once it is sealed.
func (r *Record) Key() debt.Key { return debt.Key{Kind: debt.KindAct, ID: r.ID.String()} }

// Answered returns what an agency answered; nil where it has not.
func (r *Record) Answered(code string) json.RawMessage {
	i := slices.IndexFunc(r.Agencies, func(a Agency) bool { return a.Code == code })
	if i < 0 {
		return nil
	}
	return r.Agencies[i].Result
}

// faults returns why the agency of a One act refuses, as userErrors have it.
func (r *Record) faults(a *Act) Faults {
	if r.Status != Refused || r.Reach != One {
		return nil
	}
	code := r.Reason
	if !slices.Contains(a.AllCodes(), code) {
		code = Other
	}
	return Faults{{Code: code, Field: a.Fields[code]}}
}

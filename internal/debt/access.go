package debt

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// ActStatus says what became of an act.
type ActStatus string

// What becomes of an act.
const (
	ActDone    ActStatus = "DONE"
	ActRefused ActStatus = "REFUSED"
)

// ActReason says why an act is refused.
type ActReason string

// The reasons to refuse an act.
const (
	ActInvalidInput ActReason = "INVALID_INPUT"
	ActNotFound     ActReason = "NOT_FOUND"
	ActKeyReused    ActReason = "KEY_REUSED"
	ActOther        ActReason = "OTHER"
)

// CredentialChannel says how new credentials are sent.
type CredentialChannel string

// The ways of sending credentials.
const (
	CredentialsByLetter       CredentialChannel = "LETTER"
	CredentialsByContactPoint CredentialChannel = "CONTACT_POINT"
)

// The codes of all three, for reading and for checking what an agency delivers.
var (
	ActStatuses        = []ActStatus{ActDone, ActRefused}
	ActReasons         = []ActReason{ActInvalidInput, ActNotFound, ActKeyReused, ActOther}
	CredentialChannels = []CredentialChannel{CredentialsByLetter, CredentialsByContactPoint}
)

// ActAnswer is an agency's answer to an act.
type ActAnswer struct {
	Status ActStatus
	Reason ActReason // empty unless Status is ActRefused
}

// CredentialOrder is an agency's answer to an order of new credentials.
type CredentialOrder struct {
	Status  ActStatus
	Channel CredentialChannel // empty if it is refused
}

// PowerOfAttorneyAnswer is an agency's answer to a power of attorney.
type PowerOfAttorneyAnswer struct {
	ActAnswer
	ID string // the agency's key; empty if it is refused
}

// CaseLogin is what a password from a letter is checked against. It counts as failed until the
// agency is told that it succeeded.
type CaseLogin struct {
	CaseID     string            // the agency's key; empty when there is no such case with a valid password
	NationalID norway.NationalID // of the case's debtor; zero also when the agency does not know it
	Hash       PasswordHash      // never empty but while Wait lasts; of no password when there is none to check
	Attempt    [16]byte          // names the attempt; zero while Wait lasts
	Wait       time.Duration     // how long the case number is locked; 0: it is not
}

// ContactChange corrects what an agency has registered about a debtor. Nil leaves a value as it
// is, and an empty text removes it.
type ContactChange struct {
	Email         *string
	Phone         *string
	StreetAddress *string
	PostalCode    *string
	City          *string
	Language      *Language
}

// NewPowerOfAttorney is a power of attorney (fullmakt) to be given. Exactly one of
// AttorneyID and AttorneyOrgNumber is set.
type NewPowerOfAttorney struct {
	AttorneyID        norway.NationalID
	AttorneyOrgNumber string
	AttorneyName      string
	MayAct            bool
	Cases             []string    // the agency's keys; nil: all cases
	ValidFrom         norway.Date // the first day
	ValidUntil        norway.Date // the last day; zero: until it is revoked
}

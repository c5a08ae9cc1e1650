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

// CaseLogin is what a password from a letter is checked against. It counts as failed until the
// agency is told that it succeeded.
type CaseLogin struct {
	CaseID     string            // the agency's key; empty when there is no such case with a valid password
	NationalID norway.NationalID // of the case's debtor; zero also when the agency does not know it
	Hash       PasswordHash      // never empty but while Wait lasts; of no password when there is none to check
	Attempt    [16]byte          // names the attempt; zero while Wait lasts
	Wait       time.Duration     // how long the case number is locked; 0: it is not
}

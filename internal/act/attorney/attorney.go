// Package attorney keeps powers of attorney (fullmakter): who may look at or act in whose
// cases, how far and how long. It gives, lists, limits and revokes them, makes callers act
// under them, and tells the agencies.
//
// A power of attorney that the other party has been told of ends for that party when it is
// told so (avtaleloven of 31 May 1918 no. 4, §§ 12 and 13). Here it ends with the
// revocation itself; agencies are told until they know.
package attorney

import (
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
)

// Header names, by its global id, the power of attorney that a request acts under. It is in
// the form that http.Header has as a key.
const Header = "X-Oversikt-Acting-For"

// MaxYears is how long a power of attorney may be in force. No rule of law bounds it, but
// agencies want its duration stated (https://sergel.no/faq/fullmakt/), and one that is
// forgotten opens a person's debts to somebody else: after two years it is given again.
const MaxYears = 2

const (
	maxInForce = 30 // of one grantor
	maxADay    = 30 // given by one grantor, each with a document of up to document.MaxSize
)

// Status is how far a power of attorney is.
type Status string

// The states.
const (
	Pending Status = "PENDING" // its first day is to come
	Active  Status = "ACTIVE"
	Expired Status = "EXPIRED" // its last day is over
	Revoked Status = "REVOKED"
)

// Signing is how the grantor has signed.
type Signing string

// The ways to sign.
const (
	SignedWithBankID   Signing = "BANKID"   // by the login that it was given in
	SignedWithDocument Signing = "DOCUMENT" // on a document that was uploaded
)

// Knowledge is what an agency knows of a power of attorney.
type Knowledge string

// What an agency may know.
const (
	Untold Knowledge = "PENDING" // it is told as soon as it answers
	Told   Knowledge = "TOLD"    // it has it
	// it does not know the person, or never heard of it before it was revoked
	NotNeeded         Knowledge = "NOT_NEEDED"
	Refused           Knowledge = "REFUSED"            // it does not take it
	RevocationPending Knowledge = "REVOCATION_PENDING" // it is told of the revocation as soon as it answers
	RevocationTold    Knowledge = "REVOKED"            // it knows that it has ended
)

// AgencyPart is what one agency knows.
type AgencyPart struct {
	Agency    string // code
	Knowledge Knowledge
}

// Power is a power of attorney.
type Power struct {
	ID          uuid.UUID
	Grantor     norway.NationalID // (fullmaktsgiver)
	GrantorName string            // as the grantor's login has it; empty where it has none
	Attorney    norway.NationalID // (fullmektig); zero for an organisation
	OrgNumber   string            // of the organisation; empty for a person
	Name        string            // of the attorney, as the grantor wrote it
	CoversAll   bool              // every case at every agency, also at those that come later
	Agencies    []string          // codes of the agencies where it covers all cases
	Cases       []caller.CaseKey
	MayAct      bool
	From, Until norway.Date // first and last day
	Signed      Signing
	Document    document.Info // zero unless it is signed on one
	CreatedAt   time.Time
	RevokedAt   *time.Time
	RevokedBy   uuid.UUID    // the act that revoked it; zero: none, or not read
	Today       norway.Date  // the date that the rest was read on
	Told        []AgencyPart // of those that are given; by agency
}

// Status returns how far it was when it was read.
func (p Power) Status() Status {
	switch {
	case p.RevokedAt != nil:
		return Revoked
	case p.Until < p.Today:
		return Expired
	case p.Today < p.From:
		return Pending
	default:
		return Active
	}
}

// GlobalID is what clients know it by, once it is sealed.
func GlobalID(id uuid.UUID) debt.Key {
	return debt.Key{Kind: debt.KindPowerOfAttorney, ID: id.String()}
}

// OfGlobalID returns the id of a global one; ok is false for one of something else.
func OfGlobalID(k debt.Key) (id uuid.UUID, ok bool) {
	if k.Kind != debt.KindPowerOfAttorney || k.Agency != "" {
		return uuid.Nil, false
	}
	id, err := uuid.Parse(k.ID)
	return id, err == nil
}

// Package letterlogin has what somebody with a letter can do: log in to its case with the
// password in it, order a new password, and ask whether a case is open.
//
// Nobody learns anything by guessing passwords: every refusal is the same, and costs the same.
// Attempts are counted by the agency for each case number, and in the portal database for
// each address and agency.
package letterlogin

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"strings"
	"sync/atomic"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

const (
	issuer = "letter" // who vouches for a session
	acr    = "letter" // no assurance level that an issuer names

	maxNumber   = 64  // characters of a case number
	maxPassword = 128 // characters
)

// ErrFailed is the one answer to a login that did not work: no such agency or case, no
// password that is valid, or another password.
var ErrFailed = errors.New("the agency, the case number or the password is wrong, or the password has expired")

// ThrottledError says how long everybody has to wait before the next try.
type ThrottledError struct{ Wait time.Duration }

// Error says how long to wait.
func (e *ThrottledError) Error() string {
	return fmt.Sprintf("too many attempts: try again in %d seconds", e.Seconds())
}

// Seconds returns how long to wait, in whole seconds.
func (e *ThrottledError) Seconds() int { return int(math.Ceil(e.Wait.Seconds())) }

// Options is what a Desk works with. All but Refused and Patience is required.
type Options struct {
	Agencies *agency.Registry
	Throttle *throttle.Throttle
	Secret   *portal.Secret
	Log      *slog.Logger
	// Refused is told when a case has a password and somebody typed a wrong one, so that the
	// debtor gets to know, whose number is zero where the agency does not know it. It must take no
	// noticeable time, or a guesser learns that there is such a case. Nil tells nobody.
	Refused func(ctx context.Context, at caller.CaseKey, debtor norway.NationalID) error
	// Patience is how long an attempt waits for its turn, since a few passwords are checked at
	// once; 0 is 5 seconds.
	Patience time.Duration
}

// Desk is where letters are shown. It is safe for concurrent use.
type Desk struct {
	agencies  *agency.Registry
	throttle  *throttle.Throttle
	secret    *portal.Secret
	log       *slog.Logger
	refused   func(ctx context.Context, at caller.CaseKey, debtor norway.NationalID) error
	passwords *passwords
	refusals  *atomic.Int64
}

// Refusals returns how many logins this process has refused.
func (d *Desk) Refusals() int64 { return d.refusals.Load() }

// NewDesk returns a Desk.
func NewDesk(o Options) *Desk {
	return &Desk{agencies: o.Agencies, throttle: o.Throttle, secret: o.Secret, log: o.Log, refused: o.Refused,
		passwords: newPasswords(o.Patience), refusals: new(atomic.Int64)}
}

// Credentials are what stands in a letter. They do not print themselves.
type Credentials struct {
	Agency     string // code
	CaseNumber string
	Password   string
}

// String hides the password, and whose case it is.
func (Credentials) String() string { return "[credentials]" }

// GoString hides them.
func (c Credentials) GoString() string { return c.String() }

// LogValue hides them from structured logs.
func (c Credentials) LogValue() slog.Value { return slog.StringValue(c.String()) }

// Login starts a session for one case, for the browser of the request. from is the network that
// the request comes from. The errors are ErrFailed, a ThrottledError, and the faults of
// [session.Request.MayStart], BAD_USER_INPUT, AGENCY_UNAVAILABLE and PORTAL_UNAVAILABLE. None of
// them tells whether there is such a case.
func (d *Desk) Login(ctx context.Context, from string, c Credentials) (session.Session, error) {
	browser, ok := session.FromContext(ctx)
	if !ok {
		return session.Session{}, errors.New("login by letter: the request has no sessions")
	}
	if err := browser.MayStart(); err != nil {
		return session.Session{}, err
	}
	var err error
	if c.CaseNumber, err = PlainNumber(c.CaseNumber); err != nil {
		return session.Session{}, err
	}
	if utf8.RuneCountInString(c.Password) > maxPassword {
		return session.Session{}, fault.Invalid("input.password", "a password has at most %d characters", maxPassword).
			Saying("input.PASSWORD", "max", maxPassword)
	}
	leave, err := d.passwords.admit()
	if err != nil {
		return session.Session{}, err
	}
	defer leave()
	buckets := loginBuckets(from, c.Agency)
	if err := d.take(ctx, buckets); err != nil {
		d.refusals.Add(1)
		return session.Session{}, err
	}
	opened, tried, err := d.open(ctx, c)
	if tried && err != nil {
		d.refusals.Add(1)
	}
	if err == nil || !tried {
		d.forgive(ctx, buckets)
	}
	if err != nil {
		return session.Session{}, err
	}
	start := session.Login{
		Holder: session.Holder{
			Kind: session.KindCase, NationalID: opened.NationalID, Issuer: issuer, ACR: acr, Agency: c.Agency,
			CaseID: opened.CaseID,
		},
		Password: opened.Hash,
	}
	if err := browser.Start(ctx, start); err != nil {
		return session.Session{}, err
	}
	s, _ := browser.Session()
	return s, nil
}

// open checks a password, and tells the agency when it is right.
func (d *Desk) open(ctx context.Context, c Credentials) (opened debt.CaseLogin, tried bool, err error) {
	opened, tried, err = d.check(ctx, c)
	if err != nil {
		return opened, tried, err
	}
	status, err := d.agencies.CaseLoginSucceeded(ctx, c.Agency, opened.Attempt)
	if err == nil && status != debt.ActDone {
		err = ErrFailed // it took too long
	}
	return opened, true, err
}

// check checks a password. tried says whether it was checked. An unknown agency fails as late as a known one.
func (d *Desk) check(ctx context.Context, c Credentials) (opened debt.CaseLogin, tried bool, err error) {
	password := d.agencies.Password(c.Agency, c.Password)
	opened, err = d.agencies.CaseLogin(ctx, c.Agency, c.CaseNumber, password)
	unknown := errors.Is(err, agency.ErrNotFound)
	switch {
	case err != nil && !unknown:
		return opened, false, err
	case opened.Wait > 0:
		return opened, false, &ThrottledError{opened.Wait}
	}
	right, odd, err := d.passwords.match(ctx, password, opened.Hash)
	if err != nil {
		return opened, false, err
	}
	switch {
	case unknown: // what was typed as its code may be anything, and is not logged
		return opened, true, ErrFailed
	case odd != nil:
		d.log.ErrorContext(ctx, "an agency's password hash cannot be used", "agency", c.Agency, "cause", odd)
		return opened, true, ErrFailed
	case !right || opened.CaseID == "":
		d.log.InfoContext(ctx, "login by letter refused", "agency", c.Agency)
		d.tell(ctx, caller.CaseKey{Agency: c.Agency, ID: opened.CaseID}, opened.NationalID)
		return opened, true, ErrFailed
	}
	return opened, true, nil
}

// tell records a wrong password. It never changes the answer.
func (d *Desk) tell(ctx context.Context, at caller.CaseKey, debtor norway.NationalID) {
	if d.refused == nil || at.ID == "" {
		return
	}
	if err := d.refused(ctx, at, debtor); err != nil {
		d.log.ErrorContext(ctx, "a refused login is not in the access log", "agency", at.Agency, "cause", err)
	}
}

// TakeOrder counts an order of a new password; a ThrottledError where there have been too many
// from the network, or at the agency.
func (d *Desk) TakeOrder(ctx context.Context, from, agency string) error {
	return d.take(ctx, orderBuckets(from, agency))
}

// EndSessions ends, in the transaction that stores an order of the debtor's own, the sessions that
// began with letters of theirs: the order says that a letter may be in the wrong hands.
func (d *Desk) EndSessions(ctx context.Context, tx pgx.Tx, debtor norway.NationalID) error {
	return session.EndLetters(ctx, tx, d.secret, debtor)
}

// Status returns whether a case is open. It is empty when that cannot be told, whatever the
// reason. The error is a ThrottledError.
func (d *Desk) Status(ctx context.Context, from, code, caseNumber string) (debt.CaseStatus, error) {
	number, err := PlainNumber(caseNumber)
	if err != nil {
		return "", nil
	}
	err = d.take(ctx, askBuckets(from))
	switch {
	case errors.As(err, new(*ThrottledError)):
		return "", err
	case err != nil:
		d.log.WarnContext(ctx, "the status of a case is not told", "cause", err)
		return "", nil
	}
	return d.agencies.CaseStatus(ctx, code, number), nil
}

func (d *Desk) take(ctx context.Context, buckets []throttle.Bucket) error {
	wait, err := d.throttle.Take(ctx, buckets...)
	if err == nil && wait > 0 {
		err = &ThrottledError{wait}
	}
	return err
}

// forgive takes back what was counted of an attempt that guessed nothing.
func (d *Desk) forgive(ctx context.Context, buckets []throttle.Bucket) {
	if err := d.throttle.Forgive(ctx, buckets...); err != nil {
		d.log.WarnContext(ctx, "an attempt is counted that should not be", "cause", err)
	}
}

// PlainNumber returns a case number without the space around it. A text that no agency's number
// can be is BAD_USER_INPUT at input.caseNumber, and no agency is asked: a database would refuse
// some of them.
func PlainNumber(typed string) (string, error) {
	number := strings.TrimSpace(typed)
	odd := func(r rune) bool { return unicode.IsControl(r) || r == utf8.RuneError }
	if number == "" || utf8.RuneCountInString(number) > maxNumber || strings.ContainsFunc(number, odd) {
		return "", fault.Invalid("input.caseNumber", "a case number has 1 to %d plain characters", maxNumber).
			Saying("input.CASE_NUMBER", "max", maxNumber)
	}
	return number, nil
}

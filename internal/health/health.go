// Package health looks at what the service stands on, its own database and those of the agencies,
// when it starts and every few minutes, and says what it found: once in the log when something has
// changed, and to anybody who asks. It refuses nothing: whoever can be served is.
package health

import (
	"slices"
	"sync"
	"time"
)

// State is how one part is.
type State string

// The states. A part that is UNKNOWN has not been looked at yet. One that is WRONG serves, and
// something about it is to be mended. One that is DOWN does not serve.
const (
	Unknown State = "UNKNOWN"
	OK      State = "OK"
	Wrong   State = "WRONG"
	Down    State = "DOWN"
)

// Code is what is the matter with a part. docs/operations.md says what to do about each.
type Code string

// The codes.
const (
	Unreachable        Code = "UNREACHABLE"
	NoAnswer           Code = "NO_ANSWER"
	NoSuchDatabase     Code = "NO_SUCH_DATABASE"
	LoginRefused       Code = "LOGIN_REFUSED"
	TooManyConnections Code = "TOO_MANY_CONNECTIONS"
	Starting           Code = "STARTING"
	Encoding           Code = "ENCODING"
	RoleTooPowerful    Code = "ROLE_TOO_POWERFUL"
	NotMigrated        Code = "NOT_MIGRATED"
	NoRights           Code = "NO_RIGHTS"
	WrongKey           Code = "WRONG_KEY"
	ContractBroken     Code = "CONTRACT_BROKEN"
	ContractBreach     Code = "CONTRACT_BREACH"
	LimitTooLow        Code = "LIMIT_TOO_LOW"
)

// Codes are all codes.
var Codes = []Code{Unreachable, NoAnswer, NoSuchDatabase, LoginRefused, TooManyConnections, Starting, Encoding,
	RoleTooPowerful, NotMigrated, NoRights, WrongKey, ContractBroken, ContractBreach, LimitTooLow}

// Part is what is known of one part. It names no host, no person and no connection string.
type Part struct {
	Agency string    `json:"agency,omitzero"` // its code; empty: the portal database
	State  State     `json:"state"`
	Codes  []Code    `json:"codes"` // none where the state is OK or UNKNOWN
	Since  time.Time `json:"since"` // when state and codes became what they are
	// Migration is the newest migration that the portal database has had.
	Migration int64 `json:"migration,omitzero"`
	// Acts are how many of the contract's acts an agency has, of how many there are.
	Acts   int `json:"acts,omitzero"`
	ActsOf int `json:"actsOf,omitzero"`

	what []string
}

// Up says that the part serves.
func (p Part) Up() bool { return p.State == OK || p.State == Wrong }

// What is what is the matter in words, for operators: it may name hosts and roles, and no person.
func (p Part) What() []string { return p.what }

// same says that nothing has changed between two looks. Why there is no connection is said in
// other words each time.
func (p Part) same(q Part) bool {
	return p.State == q.State && slices.Equal(p.Codes, q.Codes) && p.Migration == q.Migration && p.Acts == q.Acts &&
		(p.State == Down || slices.Equal(p.what, q.what))
}

// add notes what is the matter. A part that is down stays so.
func (p *Part) add(state State, code Code, what ...string) {
	if p.State != Down {
		p.State = state
	}
	if !slices.Contains(p.Codes, code) {
		p.Codes = append(p.Codes, code)
	}
	p.what = append(p.what, what...)
	slices.Sort(p.Codes)
	slices.Sort(p.what)
}

// Report is what is known of all parts.
type Report struct {
	Portal   Part   `json:"portal"`
	Agencies []Part `json:"agencies"` // in their configured order
}

// Parts are all parts.
func (r Report) Parts() []Part { return append([]Part{r.Portal}, r.Agencies...) }

// Ready says that something can be answered: the portal database, or an agency, serves.
func (r Report) Ready() bool {
	return slices.ContainsFunc(r.Parts(), Part.Up)
}

// Well says that nothing is the matter with any part.
func (r Report) Well() bool {
	return !slices.ContainsFunc(r.Parts(), func(p Part) bool { return p.State != OK })
}

// board is what was found last.
type board struct {
	mu    sync.Mutex
	parts []Part
}

// set notes what was found of a part, and says whether that is a change.
func (b *board) set(i int, p Part, now time.Time) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	last := b.parts[i]
	if last.same(p) {
		return false
	}
	if p.Since = last.Since; last.State != p.State || !slices.Equal(last.Codes, p.Codes) {
		p.Since = now.UTC().Truncate(time.Second)
	}
	b.parts[i] = p
	return true
}

func (b *board) all() []Part {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.parts)
}

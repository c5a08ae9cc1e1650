// Package act carries out what people ask for: every act goes the same way, is on record
// before it is tried, and ends exactly once, whatever dies in between. docs/acts.md has the
// invariants; a folder below has each act.
package act

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// Name is the name of an act as the schema's enum ActName has it, such as REQUEST_DEFERRAL.
type Name string

// Mutation returns the name of the act's mutation, such as requestDeferral.
func (n Name) Mutation() string {
	words := strings.Split(strings.ToLower(string(n)), "_")
	for i, w := range words[1:] {
		words[i+1] = strings.ToUpper(w[:1]) + w[1:]
	}
	return strings.Join(words, "")
}

// MarshalGQL writes the name as the value of ActName.
func (n Name) MarshalGQL(w io.Writer) { _, _ = io.WriteString(w, strconv.Quote(string(n))) }

// UnmarshalGQL reads a value of ActName, which the schema has checked.
func (n *Name) UnmarshalGQL(v any) error {
	text, ok := v.(string)
	if !ok {
		return fmt.Errorf("ActName is a name")
	}
	*n = Name(text)
	return nil
}

// Reach says who has to answer.
type Reach string

// The reaches of an act.
const (
	Here Reach = "HERE" // nobody else: our own database
	One  Reach = "ONE"  // the agency of a case
	Each Reach = "EACH" // every agency that is asked, each for itself
	All  Reach = "ALL"  // all agencies that are asked, or none: propose, then confirm or withdraw
)

// Act is what is declared of an act once. Mutation, access, entry in the access log, job,
// event, record for the person and retention follow from it.
type Act struct {
	Name  Name
	Reach Reach
	Who   access.Caller // who may; zero: anybody, logged in or not

	// Holds: it holds here from the transaction that stores it, and so is done in the end,
	// whatever the agencies answer.
	Holds bool
	// Hidden: the service does it by itself. It is in no list, and in the access log as the
	// service's own.
	Hidden bool
	Why    string // stands for the reason of a case worker in the access log; empty: they decide

	// Function is the contract's function; of an All act, the one that proposes, beside
	// Confirm and Withdraw. Empty: Here.
	Function, Confirm, Withdraw string

	// Codes are what its userErrors may say beside those that every act has. Where an agency
	// refuses with one of them, it stands at the member of the input that Fields names.
	Codes  []Code
	Fields Places

	Alone Code          // what is said while another one of the person has not ended; empty: any number at once
	Lasts time.Duration // how long agencies are asked; 0 is three days
	// Often is how often one caller may ask for it, whatever becomes of it; zero is usualOften. What
	// is repeated under its key does not count.
	Often throttle.Limits
	Keep  Keep

	// Of says whether the act can be asked for in a case, from what Needs are read of it. Nil:
	// it is not about one case. It says nothing of the agency's capabilities.
	Of    func(c *debt.Case) Availability
	Needs debt.Relations

	// Own writes what an answer changes in tables of the act's own, in the transaction that
	// notes the answer. Nil: nothing.
	Own func(ctx context.Context, tx pgx.Tx, id uuid.UUID, code string, a agency.Answer) error

	// Ready returns what an agency is sent, where that depends on what came since the act was
	// stored. Nil: what was stored.
	Ready func(ctx context.Context, id uuid.UUID, code string, stored json.RawMessage) (json.RawMessage, Readiness, error)

	// Reads and Verify are of an All act: in the transaction of the proposal, Verify sees what
	// was read of the person's records, and refuses them where they are not what was expected.
	Reads  debt.Relations
	Verify func(now debt.Part, expects []byte) error
}

// usualOften is more than anybody needs who is not a program.
var usualOften = throttle.Limits{PerMinute: 10, PerDay: 60}

// MayNotAct is what an attorney is told who may only see.
const MayNotAct Code = "MAY_NOT_ACT"

// Can says whether a kind of caller can ask for the act in a case, or why not.
func (a *Act) Can(c *debt.Case, who access.Caller) (ok bool, why Code, until *norway.Date) {
	if a.Who != 0 && a.Who&who == 0 {
		return false, MayNotAct, nil
	}
	can := a.Of(c)
	if can.Why != "" {
		return false, can.Why, nil
	}
	return true, "", can.Until
}

// Readiness says whether an agency is asked now.
type Readiness int

// What may become of a question.
const (
	Ask    Readiness = iota
	Later            // something else must come first: it is looked at again
	Spared           // it need not be asked any more
)

// Availability says whether an act can be asked for in a case.
type Availability struct {
	Why   Code         // why not; empty: it can
	Until *norway.Date // the last day that can be asked for, where it asks for a day
}

// Keep is the rule of retention: how many days an act is kept after it has ended (or after
// Plan.Rests), and why so long.
type Keep struct {
	Days int
	Why  string
}

// Rule is the name of the act's rule in the retention schedule.
func (a *Act) Rule() string { return a.Name.Rule() }

// RulePrefix begins the names of the rules of acts in the retention schedule.
const RulePrefix = "act_"

// Rule is the name of the rule of the acts of that name in the retention schedule.
func (n Name) Rule() string { return RulePrefix + strings.ToLower(string(n)) }

// Offered says whether the act can be asked of an agency: it has the functions.
func (a *Act) Offered(agencies interface {
	Offers(code, function string) bool
}, code string) bool {
	for _, f := range []string{a.Function, a.Confirm, a.Withdraw} {
		if f != "" && !agencies.Offers(code, f) {
			return false
		}
	}
	return true
}

// CheckOffered returns what is wrong with the member agency of an input: there is no such agency, or it does not
// offer the act.
func (a *Act) CheckOffered(agencies *agency.Registry, code string) (faults Faults) {
	switch {
	case !slices.Contains(agencies.Codes(), code):
		faults.Invalid("agency", "input.AGENCY")
	case !a.Offered(agencies, code):
		return Wrong(NotOffered, "agency")
	}
	return faults
}

// HowOften returns how often one caller may ask for the act.
func (a *Act) HowOften() throttle.Limits {
	if a.Who&AtDesk != 0 {
		return cmp.Or(a.Often, deskOften)
	}
	return cmp.Or(a.Often, usualOften)
}

// Input is what an act takes.
type Input interface {
	// IdempotencyKey is the caller's name for this one wish.
	Key() uuid.UUID
}

// Keyed is the member of every input that makes it safe to repeat.
type Keyed struct {
	IdempotencyKey uuid.UUID `json:"idempotencyKey"`
}

// Key returns it.
func (k Keyed) Key() uuid.UUID { return k.IdempotencyKey }

// Of is an act with the input that it takes.
type Of[In Input] struct {
	Act

	// Check returns everything that is wrong with what was given, without reading anything.
	Check func(by By, in In) Faults

	// Plan says what is to be done, or returns Faults. It may read; it changes nothing.
	Plan func(ctx context.Context, by By, in In) (Plan, error)
}

// Declared returns what is declared of the act.
func (a *Of[In]) Declared() *Act { return &a.Act }

// By is who asks, when, and the id that the act will have.
type By struct {
	caller.Principal        // zero: nobody is logged in
	Network          string // where nobody is logged in: the network that the request comes from
	Now              time.Time
	Today            norway.Date
	ID               uuid.UUID
}

// Plan is what is to be done.
type Plan struct {
	Parts []Part       // the agencies to be asked, each once; none of a Here act; none: it is done at once
	Cases []debt.Key   // the cases that it is about
	Rests *norway.Date // it is kept so long after this day, where that is later than its end

	// Summary is kept in the clear: nothing in it tells who the person is. At most 64 KiB.
	Summary json.RawMessage
	Until   *time.Time // agencies are asked until then; nil: as long as the act says
	// Nobody: the agency is not told who asks.
	Nobody bool
	// Debtor is whose it is what a case worker decides; zero where nobody knows.
	Debtor caller.Debtor

	// Kept is kept sealed, unless the act is withdrawn. At most 4 MiB.
	Kept []byte

	about handling // what waits for a case worker, and whose hand it is in then

	// Store writes the act's own rows, in the transaction that stores the act; its error,
	// which may be Faults, undoes that. Nil: there are none.
	Store func(ctx context.Context, tx pgx.Tx) error
}

// Part is what one agency is asked.
type Part struct {
	Agency  string // its code
	Input   any    // as the contract's function takes it, once it is JSON
	Expects []byte // of an All act: for Verify

	// Before is the key under which it may have been asked already, by an earlier version of
	// the service. Nil: it was not.
	Before *uuid.UUID
}

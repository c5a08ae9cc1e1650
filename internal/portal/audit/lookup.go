package audit

import (
	"context"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

const (
	lookupHolds = 30 * time.Minute
	mostLookups = 100 // of one member of staff

	boundLookup = "staff look-up"
	ofCase      = "case:" // before the key of a case whose debtor is known by no number
)

var (
	//go:embed sql/remember.sql
	rememberSQL string
	//go:embed sql/remembers.sql
	remembersSQL string
	//go:embed sql/looked_up.sql
	lookedUpSQL string
)

// errLookups says that the portal database does not answer.
var errLookups = fault.New(fault.PortalUnavailable, "this cannot be looked up now: try again later")

// LookedUp is a person whom a member of staff has looked up, and why.
type LookedUp struct {
	Subject Reference
	Debtor  caller.Debtor
	Reason  string

	is [][]byte // what stands for the person in rows of any key
}

// Is says whether a reference, from a row of whichever key, stands for the person.
func (l *LookedUp) Is(of Reference) bool {
	return slices.ContainsFunc(l.is, func(r []byte) bool { return Reference(r) == of })
}

// Remember notes that a member of staff has looked a debtor up, after that was recorded. For 30
// minutes LookedUp names them. The error is PORTAL_UNAVAILABLE.
func (c *Recorder) Remember(ctx context.Context, p caller.Principal, d caller.Debtor, reason string) error {
	args := c.lookup(p)
	of, name := c.OfDebtor(d), d.NationalID.Reveal()
	if d.NationalID.IsZero() {
		name = ofCase + d.Case.ID
	}
	args["subject"], args["reason"], args["at"] = of[:], reason, c.Now()
	args["person"] = c.Secret.Seal([]byte(name), boundLookup)
	if _, err := c.Log.store.db.Exec(ctx, rememberSQL, args); err != nil {
		return errLookups.Because(fmt.Errorf("remember a look-up: %w", err))
	}
	return nil
}

// Remembers says whether LookedUp would name the debtor. The error is PORTAL_UNAVAILABLE.
func (c *Recorder) Remembers(ctx context.Context, p caller.Principal, d caller.Debtor) (known bool, err error) {
	if c == nil {
		return false, ErrNoLog
	}
	args := c.lookup(p)
	args["subjects"] = c.DebtorReferences(d)
	if err := c.Log.store.db.QueryRow(ctx, remembersSQL, args).Scan(&known); err != nil {
		return false, errLookups.Because(fmt.Errorf("read a look-up: %w", err))
	}
	return known, nil
}

// LookedUp returns whom a member of staff has looked up at their agency in the last 30 minutes,
// the latest first, at most 100. The error is PORTAL_UNAVAILABLE.
func (c *Recorder) LookedUp(ctx context.Context, p caller.Principal) ([]LookedUp, error) {
	if c == nil {
		return nil, ErrNoLog
	}
	args := c.lookup(p)
	rows, err := c.Log.store.db.Query(ctx, lookedUpSQL, args)
	if err != nil {
		return nil, errLookups.Because(fmt.Errorf("read look-ups: %w", err))
	}
	found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (l LookedUp, err error) {
		var sealed []byte
		if err = row.Scan(&sealed, &l.Reason); err != nil {
			return l, err
		}
		name, err := c.Secret.Unseal(sealed, boundLookup)
		if err != nil {
			return l, err
		}
		if id, is := strings.CutPrefix(string(name), ofCase); is {
			l.Debtor.Case = caller.CaseKey{Agency: p.Agency, ID: id}
		} else if l.Debtor.NationalID, err = norway.ParseNationalID(string(name)); err != nil {
			return l, err
		}
		l.is = c.DebtorReferences(l.Debtor)
		l.Subject = Reference(l.is[0])
		return l, err
	})
	if err != nil {
		return nil, errLookups.Because(fmt.Errorf("read look-ups: %w", err))
	}
	return found, nil
}

func (c *Recorder) lookup(p caller.Principal) pgx.NamedArgs {
	actors := ActorsOf(c.Secret, p)
	return pgx.NamedArgs{"actor": actors[0], "actors": actors, "agency": p.Agency, "since": c.Now().Add(-lookupHolds),
		"most": mostLookups}
}

package act

import (
	"context"
	_ "embed"
	"encoding/hex"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

var (
	//go:embed sql/claim_take.sql
	claimTakeSQL string
	//go:embed sql/claim_release.sql
	claimReleaseSQL string
	//go:embed sql/claim_decide.sql
	claimDecideSQL string
	//go:embed sql/claim_end.sql
	claimEndSQL string
	//go:embed sql/claims.sql
	claimsSQL string
)

// ClaimLasts is how long an item is in the hand of who claims it.
const ClaimLasts = 30 * time.Minute

// ClaimedByOther is told of what another case worker has in hand.
const ClaimedByOther Code = "CLAIMED_BY_OTHER"

// Claim says who has an item of a queue in hand.
type Claim struct {
	By    string // stands for the case worker, as in what auditors read
	Mine  bool
	Until time.Time
}

// claims are what of the queues is in whose hand, in the portal database.
type claims struct {
	db     *portal.DB
	secret *portal.Secret
}

// handling is what an act does about an item, in the transaction that stores it.
type handling struct {
	item debt.Key
	do   func(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) error
}

// stores returns the plan's own rows with what it does about its item.
func (c *claims) stores(plan Plan, by By) func(context.Context, pgx.Tx) error {
	if plan.about.do == nil {
		return plan.Store
	}
	return func(ctx context.Context, tx pgx.Tx) error {
		workers := audit.ActorsOf(c.secret, by.Principal)
		err := plan.about.do(ctx, tx, pgx.NamedArgs{"agency": plan.about.item.Agency, "item": plan.about.item.ID,
			"now": by.Now, "until": by.Now.Add(ClaimLasts), "worker": workers[0], "workers": workers, "decision": by.ID,
			"anybodys": by.Role == caller.Supervisor})
		if err != nil || plan.Store == nil {
			return err
		}
		return plan.Store(ctx, tx)
	}
}

// Claims returns the plan of taking an item of the case worker's agency in hand, for [ClaimLasts]. Of
// many who claim it at once, one does.
func (a *Act) Claims(ctx context.Context, queues Queues, by By, key debt.Key) (Plan, error) {
	return a.handles(ctx, queues, by, key, func(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) error {
		tag, err := tx.Exec(ctx, claimTakeSQL, args)
		if err == nil && tag.RowsAffected() == 0 {
			err = Wrong(ClaimedByOther, itemID)
		}
		return err
	})
}

// Releases returns the plan of letting go of an item: one's own, or, as a supervisor, anybody's. What
// nobody has in hand is free already.
func (a *Act) Releases(ctx context.Context, queues Queues, by By, key debt.Key) (Plan, error) {
	return a.handles(ctx, queues, by, key, func(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) error {
		if tag, err := tx.Exec(ctx, claimReleaseSQL, args); err != nil || tag.RowsAffected() > 0 {
			return err
		}
		return free(ctx, tx, args)
	})
}

// handles returns the plan of an act about an item that changes nothing but whose hand it is in.
func (a *Act) handles(ctx context.Context, queues Queues, by By, key debt.Key,
	do func(context.Context, pgx.Tx, pgx.NamedArgs) error) (Plan, error) {
	item, err := a.waiting(ctx, queues, by, key)
	if err != nil {
		return Plan{}, err
	}
	return planOf(item, do), nil
}

// decides is what a decision does about an item that waits.
func decides(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) error {
	if _, err := tx.Exec(ctx, claimDecideSQL, args); err != nil {
		return err
	}
	return free(ctx, tx, args)
}

// free returns an error where another case worker has the item in hand.
func free(ctx context.Context, tx pgx.Tx, args pgx.NamedArgs) error {
	var others bool
	err := tx.QueryRow(ctx, "select exists (select from ("+claimsSQL+") c where worker <> all(@workers::bytea[]))",
		args).Scan(&others)
	if err == nil && others {
		err = Wrong(ClaimedByOther, itemID)
	}
	return err
}

// ended says that what an act at the desk is about waits no more: the agency has taken the decision, or had one
// already.
func (a *Act) ended(answer agency.Answer) bool {
	return a.Who&AtDesk != 0 && (answer.Status == string(saidDone) || Code(answer.Reason) == AlreadyDecided)
}

// endClaim lets go of what an act has decided.
func endClaim(id uuid.UUID) func(context.Context, pgx.Tx) error {
	return func(ctx context.Context, tx pgx.Tx) error {
		_, err := tx.Exec(ctx, claimEndSQL, pgx.NamedArgs{"decision": id})
		return err
	}
}

// Claims returns what of the queue of a case worker's agency is in somebody's hand, by the agency's keys
// of the items.
func (e *Engine) Claims(ctx context.Context, p caller.Principal) (map[string]Claim, error) {
	right, err := p.Lookup()
	if err != nil {
		return nil, err
	}
	ctx, cancel := e.Portal.Bounded(ctx)
	defer cancel()
	rows, err := e.Portal.Query(ctx, claimsSQL, pgx.NamedArgs{"agency": right.Agency(), "item": nil, "now": e.now()})
	if err != nil {
		return nil, unavailable("read claims", err)
	}
	defer rows.Close()
	all, me := map[string]Claim{}, audit.ActorsOf(e.Secret, p)
	var item string
	var worker []byte
	var until time.Time
	_, err = pgx.ForEachRow(rows, []any{&item, &worker, &until}, func() error {
		current, _ := e.Secret.Current(worker)
		all[item] = Claim{By: hex.EncodeToString(current), Mine: isOneOf(worker, me), Until: until}
		return nil
	})
	if err != nil {
		return nil, unavailable("read claims", err)
	}
	return all, nil
}

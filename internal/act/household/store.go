package household

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/wayout/budget"
)

var (
	//go:embed sql/find.sql
	findSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/update.sql
	updateSQL string
	//go:embed sql/share.sql
	shareSQL string
)

// Store keeps budgets in the portal database, sealed: one for each person.
type Store struct {
	DB     *portal.DB
	Secret *portal.Secret
}

type row struct {
	ID        uuid.UUID
	Household []byte
	Shared    []string
	SavedAt   time.Time
}

func bound(id uuid.UUID) string { return "budget " + id.String() }

// Of returns a person's budget as of a day, nil where none is saved. A database that does not answer is
// PORTAL_UNAVAILABLE.
func (s *Store) Of(ctx context.Context, person norway.NationalID, today norway.Date) (*budget.Budget, error) {
	if person.IsZero() {
		return nil, nil
	}
	ctx, cancel := s.DB.Bounded(ctx)
	defer cancel()
	found, err := s.find(ctx, s.DB, person)
	if errors.Is(err, pgx.ErrNoRows) {
		return nil, nil
	}
	var home budget.Household
	if err == nil {
		home, err = s.open(found)
	}
	if err != nil {
		return nil, fault.New(fault.PortalUnavailable, "this cannot be looked up now: try again later").
			Because(fmt.Errorf("read a budget: %w", err))
	}
	b := home.On(today)
	b.SavedAt, b.Shared = found.SavedAt, found.Shared
	return &b, nil
}

type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func (s *Store) find(ctx context.Context, q querier, person norway.NationalID) (row, error) {
	rows, err := q.Query(ctx, findSQL, pgx.NamedArgs{"subjects": s.Secret.References(person)})
	if err != nil {
		return row{}, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByName[row])
}

func (s *Store) open(r row) (home budget.Household, err error) {
	text, err := s.Secret.Unseal(r.Household, bound(r.ID))
	if err == nil {
		err = json.Unmarshal(text, &home)
	}
	return home, err
}

// save writes what a person has said of their household, in place of what they said before.
func (s *Store) save(ctx context.Context, tx pgx.Tx, id uuid.UUID, person norway.NationalID, home budget.Household,
	now time.Time) error {
	subjects := s.Secret.References(person)
	if _, err := tx.Exec(ctx, portal.LockSQL, "budget", subjects); err != nil {
		return err
	}
	sql := updateSQL
	old, err := s.find(ctx, tx, person)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		sql, old.ID = insertSQL, id
	case err != nil:
		return err
	}
	text, err := json.Marshal(home)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, sql, pgx.NamedArgs{"id": old.ID, "subject": s.Secret.Reference(person),
		"household": s.Secret.Seal(text, bound(old.ID)), "saved_at": now})
	return err
}

// share says which agencies may see a person's budget from now on; known is false where there is none.
func (s *Store) share(ctx context.Context, tx pgx.Tx, person norway.NationalID, agencies []string) (known bool,
	err error) {
	tag, err := tx.Exec(ctx, shareSQL, pgx.NamedArgs{"subjects": s.Secret.References(person), "agencies": agencies})
	return tag.RowsAffected() > 0, err
}

// UnderKey says where budgets have references and sealed values.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{
		Table: "portal.budget", Key: []string{"id"}, References: []string{"subject"},
		Sealed: []portal.Sealed{{Column: "household", Bound: "'budget ' || id"}},
	}}
}

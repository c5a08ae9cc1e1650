package audit

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/oversikt/oversikt/internal/portal"
)

//go:embed sql/insert.sql
var insertSQL string

const monthSQL = "select portal.create_access_log_month($1)"

// store is the table portal.access_log.
type store struct {
	db  *portal.DB
	now func() time.Time

	made time.Time // the month for which months has run
}

// errData says that the database refuses what is in an entry, today and tomorrow.
var errData = errors.New("the database refuses the entry")

// insert stores a JSON array of entries; those that are stored already stay as they are.
func (s *store) insert(ctx context.Context, entries []byte) error {
	err := s.try(ctx, entries)
	if noPartition(err) {
		if err = s.makeMonths(ctx, entries); err == nil {
			err = s.try(ctx, entries)
		}
	}
	var refused *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case errors.As(err, &refused) && (refused.Code[:2] == "22" || refused.Code[:2] == "23"):
		// its detail has the row
		return fmt.Errorf("insert into access log: %w: SQLSTATE %s %s", errData, refused.Code, refused.ConstraintName)
	default:
		return fmt.Errorf("insert into access log: %w", err)
	}
}

// try tries twice: a connection may have died while nobody used it, and an entry that is
// sent again is one entry.
func (s *store) try(ctx context.Context, entries []byte) error {
	args := pgx.NamedArgs{"entries": entries}
	_, err := s.db.Exec(ctx, insertSQL, args)
	if refused := (*pgconn.PgError)(nil); err != nil && ctx.Err() == nil &&
		(!errors.As(err, &refused) || refused.Code[:2] == "57") {
		_, err = s.db.Exec(ctx, insertSQL, args)
	}
	return err
}

// noPartition: a check violation without a constraint is that no partition takes the row.
func noPartition(err error) bool {
	var refused *pgconn.PgError
	return errors.As(err, &refused) && refused.Code == "23514" && refused.ConstraintName == ""
}

func (s *store) makeMonths(ctx context.Context, entries []byte) error {
	var list []struct{ At time.Time }
	if err := json.Unmarshal(entries, &list); err != nil {
		return fmt.Errorf("read entries: %w", err)
	}
	made := map[time.Time]bool{}
	for _, e := range list {
		if m := month(e.At); !made[m] {
			made[m] = true
			if _, err := s.db.Exec(ctx, monthSQL, m); err != nil {
				return err
			}
		}
	}
	return nil
}

// months makes the partitions of this month and the next, once a month.
func (s *store) months(ctx context.Context) error {
	this := month(s.now())
	if s.made.Equal(this) {
		return nil
	}
	for n := range 2 {
		if _, err := s.db.Exec(ctx, monthSQL, this.AddDate(0, n, 0)); err != nil {
			return fmt.Errorf("make month of access log: %w", err)
		}
	}
	s.made = this
	return nil
}

func month(t time.Time) time.Time {
	y, m, _ := t.UTC().Date()
	return time.Date(y, m, 1, 0, 0, 0, 0, time.UTC)
}

// UnderKey says where the access log and the look-ups of staff have references and sealed values.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{
		{Table: "portal.access_log", Key: []string{"at", "id"}, References: []string{"actor", "subject", "mark"},
			Rows: 500},
		{Table: "portal.access_log_key", Key: []string{"one"},
			Sealed: []portal.Sealed{{Column: "sealed", Bound: "'" + boundChain + "'"}}},
		{Table: "portal.staff_lookup", Key: []string{"actor", "agency", "subject"},
			References: []string{"actor", "subject"}, Brief: true,
			Sealed: []portal.Sealed{{Column: "person", Bound: "'" + boundLookup + "'"}}},
	}
}

package migrate

import (
	"context"
	"database/sql"
	_ "embed"
	"errors"
	"fmt"

	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed role.sql
	roleSQL string
	//go:embed rights.sql
	rightsSQL string
)

// errTemporary says that the connected user may not take the right away, which public has.
var errTemporary = errors.New("role " + portal.Role + " may make temporary objects in this database: " +
	"let the database's owner run `revoke temporary on database NAME from public, " + portal.Role + "`, then migrate again")

// makeRole makes the service's role where it is missing, before a migration grants it something.
func makeRole(ctx context.Context, db *sql.DB) error {
	if _, err := db.ExecContext(ctx, roleSQL); err != nil {
		return fmt.Errorf("make role %s, or let somebody make it who may: %w", portal.Role, err)
	}
	return nil
}

// setRights gives the service's role what rights.sql says, and nothing else.
func setRights(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("rights of role %s: %w", portal.Role, err)
	}
	defer func() { _ = tx.Rollback() }() // after a commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, rightsSQL); err != nil {
		return fmt.Errorf("rights of role %s: %w", portal.Role, err)
	}
	var temporary bool
	err = tx.QueryRowContext(ctx, "select pg_catalog.has_database_privilege($1, pg_catalog.current_database(), 'TEMPORARY')",
		portal.Role).Scan(&temporary)
	if err == nil && temporary {
		return errTemporary
	}
	return errors.Join(err, tx.Commit())
}

package health

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

//go:embed sql/portal.sql
var portalSQL string

const portalTime = 10 * time.Second // for a look, which takes several round trips

// portalAnswers asks the portal database for nothing, as requests would.
func (w *Watch) portalAnswers(ctx context.Context) bool {
	return w.Portal.Ping(ctx) == nil
}

// portal finds out how the portal database is.
func (w *Watch) portal(ctx context.Context) Part {
	f := Part{State: OK, Codes: []Code{}}
	ctx, cancel := context.WithTimeout(ctx, portalTime)
	defer cancel()
	conn, err := pgx.ConnectConfig(ctx, w.Portal.ConnConfig())
	if err == nil {
		defer conn.Close(context.WithoutCancel(ctx))
		err = w.examine(ctx, conn, &f)
	}
	if err != nil {
		f.add(Down, codeOf(err), err.Error())
	}
	return f
}

// examine notes what is the matter with the portal database.
func (w *Watch) examine(ctx context.Context, conn *pgx.Conn, f *Part) error {
	var encoding string
	var powerful, owner, migrated, rights bool
	err := conn.QueryRow(ctx, portalSQL, pgx.QueryExecModeExec).Scan(&encoding, &powerful, &owner, &migrated, &rights)
	if err != nil {
		return fmt.Errorf("look: %w", err)
	}
	switch encoding {
	case "UTF8":
	case "SQL_ASCII": // no connection of the service to it is used
		f.add(Down, Encoding, portal.ErrEncoding.Error())
	default:
		f.add(Wrong, Encoding, "its encoding is "+encoding+", not UTF8")
	}
	if powerful || owner {
		f.add(Wrong, RoleTooPowerful, "the service's role is a superuser, may make roles, or owns what the migrations made:"+
			" connect as oversikt_portal")
	}
	switch {
	case !migrated:
		f.add(Down, NotMigrated, "it has none of the migrations: run `oversikt migrate`")
		return nil
	case !rights:
		f.add(Down, NoRights, "the service's role lacks rights that `oversikt migrate` grants: run it")
		return nil
	}
	err = conn.QueryRow(ctx, "select coalesce(max(version_id), 0) from public.oversikt_migration where is_applied",
		pgx.QueryExecModeExec).Scan(&f.Migration)
	if err != nil {
		return fmt.Errorf("look: %w", err)
	}
	if f.Migration < w.Needs {
		f.add(Down, NotMigrated, fmt.Sprintf("it has migration %d, and %d is needed: run `oversikt migrate`", f.Migration,
			w.Needs))
		return nil
	}
	if err = w.Portal.TakesKeys(ctx, conn); errors.Is(err, portal.ErrKey) {
		f.add(Down, WrongKey, err.Error())
		return nil
	}
	return err
}

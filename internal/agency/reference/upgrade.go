package reference

import (
	"context"
	_ "embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

//go:embed missing.sql
var selectMissing string

//go:embed differing.sql
var selectDiffering string

// ErrNotInstalled is returned by Upgrade where there is no reference core.
var ErrNotInstalled = errors.New("the database has no reference core of these names: nothing was changed; " +
	"install one with oversikt agency init, or name its --schema")

// Upgrade brings a reference core of an earlier release up to this one, all or nothing: tables,
// columns, keys and indexes that it lacks are added, and the views and functions of the contract
// are replaced. Rows stay, and so do tables and columns of somebody else. Whoever could read the
// contract can do so afterwards.
//
// It refuses a core whose tables are of another kind than those of this release, and one where
// something outside rests on the views. The user of conn must own the core. Options.Role is who
// may read it where nobody could.
func Upgrade(ctx context.Context, conn *pgx.Conn, o Options) error {
	o, err := o.checked()
	if err != nil {
		return err
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := lockInstallation(ctx, tx); err != nil {
			return err
		}
		u := upgrade{tx: tx, o: o, scratch: Options{Role: o.Role, Schema: o.Schema + "_new"}}
		readers, err := u.readers(ctx)
		if err != nil {
			return err
		}
		if len(readers) > 0 {
			u.o.Role = readers[0]
		}
		if err := u.tables(ctx); err != nil {
			return err
		}
		if err := u.contract(ctx); err != nil {
			return err
		}
		for _, role := range readers {
			if err := runFile(ctx, tx, Options{Role: role, Schema: o.Schema}, roleFile); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("upgrade: %w", err)
	}
	return nil
}

// The files that are not the contract's views and functions.
const (
	tablesFile = "1_core.sql"
	roleFile   = "6_role.sql"
)

type upgrade struct {
	tx      pgx.Tx
	o       Options
	scratch Options // where the tables of this release are made, to compare with
}

// readers returns the roles that may use the contract, besides its owner.
func (u upgrade) readers(ctx context.Context) ([]string, error) {
	var tables, contract bool
	err := u.tx.QueryRow(ctx, "select to_regclass($1) is not null, to_regnamespace($2) is not null",
		u.o.tables()+".agency", u.o.Schema).Scan(&tables, &contract)
	if err != nil {
		return nil, err
	}
	if !tables || !contract {
		return nil, ErrNotInstalled
	}
	rows, err := u.tx.Query(ctx, `
		select distinct pg_catalog.pg_get_userbyid(a.grantee)::text
		from pg_catalog.pg_namespace n cross join pg_catalog.aclexplode(n.nspacl) a
		where n.nspname = $1 and a.grantee <> n.nspowner and a.grantee <> 0 and a.privilege_type = 'USAGE'`, u.o.Schema)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}

// tables adds to the tables what they lack. Those of this release are made beside them, compared
// and dropped.
func (u upgrade) tables(ctx context.Context) error {
	if err := runFile(ctx, u.tx, u.scratch, tablesFile); err != nil {
		return err
	}
	if err := u.addTables(ctx); err != nil {
		return err
	}
	wanted, own := u.scratch.tables(), u.o.tables()
	rows, err := u.tx.Query(ctx, selectDiffering, wanted, own)
	if err != nil {
		return fmt.Errorf("compare the tables: %w", err)
	}
	differing, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("compare the tables: %w", err)
	}
	if len(differing) > 0 {
		return fmt.Errorf("nothing was changed, as these are of another kind in this release: %s",
			strings.Join(differing, ", "))
	}
	for _, kind := range []string{"column", "key", "index"} {
		if err := u.exec(ctx, selectMissing, wanted, own, kind); err != nil {
			return fmt.Errorf("add what the tables lack: %w", err)
		}
	}
	_, err = u.tx.Exec(ctx, "drop schema "+wanted+" cascade")
	return err
}

// exec runs the statements that a query selects.
func (u upgrade) exec(ctx context.Context, query string, args ...any) error {
	rows, err := u.tx.Query(ctx, query, args...)
	if err != nil {
		return err
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, statement := range statements {
		_, err := u.tx.Exec(ctx, statement)
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && pg.Code == dependent {
			return fmt.Errorf("this is none of the contract's, move it away first: %s", pg.Detail)
		}
		if err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
	}
	return nil
}

const dependent = "2BP01" // SQLSTATE: something rests on what is to be dropped

var createTable = regexp.MustCompile(`(?ms)^create table core\.(\w+) \(.*?^\);`)

func (u upgrade) addTables(ctx context.Context) error {
	sql, err := fs.ReadFile(Files(), tablesFile)
	if err != nil {
		return err
	}
	for _, found := range createTable.FindAllStringSubmatch(string(sql), -1) {
		var there bool
		if err := u.tx.QueryRow(ctx, "select to_regclass($1) is not null", u.o.tables()+"."+found[1]).
			Scan(&there); err != nil {
			return err
		}
		if there {
			continue
		}
		if _, err := u.tx.Exec(ctx, u.o.named(found[0])); err != nil {
			return fmt.Errorf("add table %s: %w", found[1], err)
		}
	}
	return nil
}

var createOwn = regexp.MustCompile(`(?m)^create (?:function|view) (?:core|oversikt_rules)\.(\w+)`)

// Without cascade: what rests on the views and functions, or lies between them, is somebody else's.
const selectDrops = `
	with owned as (
		select c.oid::regclass::text as name, 'view' as kind
		from pg_catalog.pg_class c
		where c.relkind = 'v' and (c.relnamespace = to_regnamespace($1)
			or c.relnamespace = to_regnamespace($2) and c.relname = any ($3))
		union all
		select p.oid::regprocedure::text, 'function'
		from pg_catalog.pg_proc p
		where p.pronamespace = to_regnamespace($1)
		   or p.pronamespace in (to_regnamespace($2), to_regnamespace($1 || '_rules')) and p.proname = any ($3)
	)
	select statement
	from (select format('drop %s %s', kind, string_agg(name, ', ')), kind = 'function' from owned group by kind
	      union all select 'drop schema ' || $1, null) s (statement, later)
	order by later nulls last`

// contract replaces the views and functions. What somebody else has built on them stops it.
func (u upgrade) contract(ctx context.Context) error {
	names, err := fs.Glob(Files(), "*.sql")
	if err != nil {
		return err
	}
	var rest, own []string // files; what they make that is not in the contract's schema
	for _, name := range names {
		if name == tablesFile {
			continue
		}
		sql, err := fs.ReadFile(Files(), name)
		if err != nil {
			return err
		}
		for _, f := range createOwn.FindAllStringSubmatch(string(sql), -1) {
			own = append(own, f[1])
		}
		rest = append(rest, name)
	}
	if err := u.exec(ctx, selectDrops, u.o.Schema, u.o.tables(), own); err != nil {
		return fmt.Errorf("replace the contract: %w", err)
	}
	for _, name := range rest {
		if err := runFile(ctx, u.tx, u.o, name); err != nil {
			return err
		}
	}
	return nil
}

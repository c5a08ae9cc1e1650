// Package reference installs the reference core: a collection database for an agency that
// has none of its own to map, with the contract on it.
package reference

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

//go:embed sql/*.sql
var files embed.FS

// Files are the reference core, the contract on it and the run-time role, in the
// order of their names.
func Files() fs.FS {
	sub, err := fs.Sub(files, "sql")
	if err != nil {
		panic(fmt.Sprintf("reference core: %v", err)) // the folder is compiled in
	}
	return sub
}

// Options says how the reference core is installed; the zero value serves.
type Options struct {
	// Role is the role that Oversikt will connect as, spec.DefaultRole unless given.
	// It is created if it does not exist.
	Role string

	// Schema is the schema that Oversikt will read, spec.Schema unless given. The tables are in
	// the schema core then, else in that of its name with _core.
	Schema string
}

// ErrInstalled is returned by Install where a schema that it would create exists.
var ErrInstalled = errors.New("the database has a schema of these names already: nothing was changed; " +
	"use an empty database, another --schema, or write views on your own tables (docs/contract.md); " +
	"a reference core of an earlier release is brought up to date by oversikt agency upgrade")

var (
	validRole   = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,62}$`)
	validSchema = regexp.MustCompile(`^[a-z_][a-z0-9_]{0,55}$`) // what is added to it has its place too
)

// ours are the names in the files that an installation may give itself.
var ours = regexp.MustCompile(`\b(` + spec.DefaultRole + `|` + spec.Schema + `(_rules)?|` + tables + `)\b`)

// tables is the schema of the core's own tables, in the files.
const tables = "core"

// named returns SQL of the files with the names of an installation.
func (o Options) named(sql string) string {
	return ours.ReplaceAllStringFunc(sql, func(name string) string {
		switch {
		case name == spec.DefaultRole:
			return pgx.Identifier{o.Role}.Sanitize()
		case name == tables:
			return o.tables()
		default:
			return o.Schema + strings.TrimPrefix(name, spec.Schema)
		}
	})
}

func (o Options) tables() string {
	if o.Schema == spec.Schema {
		return tables
	}
	return o.Schema + "_" + tables
}

// Install creates the reference core and the contract on it, all or nothing. The
// user of conn becomes their owner, and must be allowed to create schemas and roles.
func Install(ctx context.Context, conn *pgx.Conn, o Options) error {
	o, err := o.checked()
	if err != nil {
		return fmt.Errorf("install: %w", err)
	}
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		if err := lockInstallation(ctx, tx); err != nil {
			return fmt.Errorf("install: %w", err)
		}
		var exists bool
		err := tx.QueryRow(ctx, "select exists (select from pg_catalog.pg_namespace where nspname in ($1, $2, $3))",
			o.tables(), o.Schema, o.Schema+"_rules").Scan(&exists)
		if err != nil {
			return fmt.Errorf("install: %w", err)
		}
		if exists {
			return ErrInstalled
		}
		names, err := fs.Glob(Files(), "*.sql")
		if err != nil {
			return fmt.Errorf("install: %w", err)
		}
		for _, name := range names {
			if err := runFile(ctx, tx, o, name); err != nil {
				return fmt.Errorf("install %w", err)
			}
		}
		return nil
	})
}

// checked fills in the defaults and refuses what is no name.
func (o Options) checked() (Options, error) {
	if o.Role == "" {
		o.Role = spec.DefaultRole
	}
	if o.Schema == "" {
		o.Schema = spec.Schema
	}
	if !validRole.MatchString(o.Role) {
		return o, fmt.Errorf("%q is no name of a role: use a-z, 0-9 and _", o.Role)
	}
	if !validSchema.MatchString(o.Schema) {
		return o, fmt.Errorf("%q is no name of a schema: use a-z, 0-9 and _", o.Schema)
	}
	return o, nil
}

// lockInstallation makes the second of two at once wait, and then see what the first has done.
func lockInstallation(ctx context.Context, tx pgx.Tx) error {
	_, err := tx.Exec(ctx, `
		set local search_path = '';
		select pg_catalog.pg_advisory_xact_lock(pg_catalog.hashtext('oversikt install'))`)
	return err
}

// runFile runs one of the files with the names of an installation.
func runFile(ctx context.Context, tx pgx.Tx, o Options, name string) error {
	sql, err := fs.ReadFile(Files(), name)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, o.named(string(sql))); err != nil {
		return fmt.Errorf("%s: %w", name, err)
	}
	return nil
}

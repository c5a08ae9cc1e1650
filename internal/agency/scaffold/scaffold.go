// Package scaffold writes a first draft of the contract's schema for the tables that a core has. It
// goes by names and types alone, and says what it does not know.
package scaffold

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// Options says what the draft is called.
type Options struct {
	Schema string // that holds the contract, spec.Schema unless given
	Role   string // that Oversikt connects as, spec.DefaultRole unless given
}

//go:embed tables.sql
var tablesSQL string

//go:embed kit.sql
var kitSQL string

// table is a table of the agency.
type table struct {
	schema, name string
	columns      []column
	key          []string
	refers       []reference
	indexed      []string // what an index begins with, as PostgreSQL writes it
}

type column struct{ name, typ string }

type reference struct {
	Schema, Table string
	Columns, To   []string
}

func (t *table) sanitized() string { return pgx.Identifier{t.schema, t.name}.Sanitize() }

// Write looks at the tables of a database and writes SQL for it, which makes the schema, the views,
// the role with its rights, a kit of functions and the indexes. It changes nothing itself.
func Write(ctx context.Context, w io.Writer, conn *pgx.Conn, o Options) error {
	if o.Schema == "" {
		o.Schema = spec.Schema
	}
	if o.Role == "" {
		o.Role = spec.DefaultRole
	}
	tables, err := introspect(ctx, conn, o.Schema)
	if err != nil {
		return fmt.Errorf("look at the tables: %w", err)
	}
	d := newDraft(o, tables)
	_, err = io.WriteString(w, d.sql())
	return err
}

func introspect(ctx context.Context, conn *pgx.Conn, schema string) ([]*table, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return nil, err
	}
	defer func() { _ = tx.Rollback(ctx) }() // it has changed nothing
	rows, err := tx.Query(ctx, tablesSQL, pgx.QueryExecModeExec, schema)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (*table, error) {
		var t table
		var names, types []string
		var refers string
		if err := row.Scan(&t.schema, &t.name, &names, &types, &t.key, &refers, &t.indexed); err != nil {
			return nil, err
		}
		for i, n := range names {
			t.columns = append(t.columns, column{n, types[i]})
		}
		return &t, json.Unmarshal([]byte(refers), &t.refers)
	})
}

// draft is what is known of the core.
type draft struct {
	Options
	tables  map[string]*table // by relation of the contract
	keys    map[string]string // the type of each relation's key
	indexes []string
}

func newDraft(o Options, tables []*table) *draft {
	d := &draft{Options: o, tables: assign(tables), keys: map[string]string{}}
	for _, r := range spec.Relations {
		for _, c := range r.Columns {
			if c.IsKey() && c.Refers == "" {
				d.keys[r.Name] = "bigint"
				if e, ok := d.key(r.Name, nil); ok {
					d.keys[r.Name] = e.typ
				}
			}
		}
	}
	return d
}

func (d *draft) sql() string {
	var b strings.Builder
	fmt.Fprintf(&b, head, d.Schema, quoted(d.Schema), quoted(d.Role), literal(d.Role))
	b.WriteString(strings.NewReplacer("KIT", quoted(d.Schema+"_kit"), "ROLE", quoted(d.Role)).Replace(kitSQL))
	for _, r := range spec.Relations {
		b.WriteString("\n")
		b.WriteString(d.view(r))
	}
	if len(d.indexes) > 0 {
		b.WriteString("\n-- Indexes for what the reads look up. On tables in use, make them concurrently first.\n")
		slices.Sort(d.indexes)
		b.WriteString(strings.Join(slices.Compact(d.indexes), "\n") + "\n")
	}
	fmt.Fprintf(&b, foot, quoted(d.Schema), quoted(d.Role))
	return b.String()
}

const head = `-- A first draft of schema %[1]s, by the names and types of this database's tables. Nothing is known
-- of what a column means: read each view. TODO marks what is not known. Then:
--   oversikt agency check DSN
-- names what is left to do. Acts come later: see docs/contract.md.
begin;

create schema if not exists %[2]s;

do $$ begin
    if not exists (select from pg_catalog.pg_roles where rolname = %[4]s) then
        create role %[3]s login noinherit nosuperuser nocreatedb nocreaterole nobypassrls;
        alter role %[3]s set statement_timeout = '5s';
        alter role %[3]s set idle_in_transaction_session_timeout = '10s';
    end if;
end $$;

`

const foot = `
grant usage on schema %[1]s to %[2]s;
grant select on all tables in schema %[1]s to %[2]s;

commit;
`

func quoted(name string) string { return pgx.Identifier{name}.Sanitize() }

func literal(text string) string { return "'" + strings.ReplaceAll(text, "'", "''") + "'" }

package core

import (
	"cmp"
	"context"
	_ "embed"
	"fmt"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

//go:embed catalogue.sql
var catalogueSQL string

// Catalogue is what one agency's database has of the contract, and in which schema. The nil
// Catalogue has all of it, in spec.Schema. It is never changed.
type Catalogue struct {
	schema    string
	reads     []statement
	relations map[string][]string // columns by relation
	functions map[string]int      // version by name
	rates     []debt.Rate         // as they were when a connection was made ready; nil: not looked at
}

// Rates returns the agency's table of late-payment interest as it was when a connection was made
// ready, nil where it was not looked at.
func (c *Catalogue) Rates() []debt.Rate { return c.rates }

// Look looks for the contract in a schema of a database, spec.Schema when it is empty, in one
// round trip.
func Look(ctx context.Context, conn *pgx.Conn, schema string) (*Catalogue, error) {
	schema = cmp.Or(schema, spec.Schema)
	rows, err := conn.Query(ctx, catalogueSQL, pgx.QueryExecModeExec, schema)
	if err != nil {
		return nil, fmt.Errorf("look into the catalogue: %w", err)
	}
	c := &Catalogue{schema: schema, relations: map[string][]string{}, functions: map[string]int{}}
	var kind, name string
	var parts []string
	_, err = pgx.ForEachRow(rows, []any{&kind, &name, &parts}, func() error {
		if kind == "relation" {
			c.relations[name] = slices.Clone(parts)
		} else {
			c.functions[name] = max(c.functions[name], versionOf(name, parts))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look into the catalogue: %w", err)
	}
	for _, s := range statements {
		if s, ok := c.fitted(s); ok {
			s.sql, s.fromCase = spec.Placed(s.sql, schema), spec.Placed(s.fromCase, schema)
			c.reads = append(c.reads, s)
		}
	}
	return c, nil
}

// versionOf is the version of the contract that a function with these arguments keeps, 0 for none.
func versionOf(name string, arguments []string) int {
	f, ok := spec.FunctionNamed(name)
	if !ok {
		return 0
	}
	has := func(names []spec.Column) bool {
		return len(names) == len(arguments) && !slices.ContainsFunc(names, func(c spec.Column) bool {
			return !slices.Contains(arguments, c.Name)
		})
	}
	if has(f.Arguments) {
		return spec.Version
	}
	if old, ok := spec.OldNamed(name); ok && has(old.Arguments) {
		return 1
	}
	return 0
}

// fitted returns a read as the database can answer it: without it where an optional relation
// is missing, with null in place of an optional column.
func (c *Catalogue) fitted(s statement) (statement, bool) {
	for _, name := range s.relations {
		if spec.RelationNamed(name).Optional && c.relations[name] == nil {
			return s, false
		}
	}
	lacks := func(relation, column string) bool { return !slices.Contains(c.relations[relation], column) }
	s.sql, s.fromCase = WithoutColumns(s.sql, s.relations, lacks), WithoutColumns(s.fromCase, s.relations, lacks)
	return s, true
}

// WithoutColumns returns SQL of a read with null in place of the optional columns that the relations
// lack.
func WithoutColumns(sql string, relations []string, lacks func(relation, column string) bool) string {
	for _, name := range relations {
		for _, col := range spec.RelationNamed(name).Columns {
			if col.Optional && lacks(name, col.Name) {
				sql = regexp.MustCompile(`\w+\.`+col.Name+`\b`).ReplaceAllString(sql, "null::"+col.Types[0])
			}
		}
	}
	return sql
}

// place returns what is written for spec.Schema for the schema of the contract.
func (c *Catalogue) place(sql string) string {
	if c == nil {
		return sql
	}
	return spec.Placed(sql, c.schema)
}

// On returns a connection that sends what is written for spec.Schema to the schema of the
// contract.
func (c *Catalogue) On(conn Querier) Querier {
	if c == nil || c.schema == spec.Schema {
		return conn
	}
	return placed{conn, c.schema}
}

type placed struct {
	Querier
	schema string
}

// QueryRow sends the statement to the other schema.
func (p placed) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return p.Querier.QueryRow(ctx, spec.Placed(sql, p.schema), args...)
}

// In is On for a transaction.
func (c *Catalogue) In(tx pgx.Tx) pgx.Tx {
	if c == nil || c.schema == spec.Schema {
		return tx
	}
	return placedTx{tx, c.On(tx)}
}

type placedTx struct {
	pgx.Tx
	placed Querier
}

// QueryRow sends the statement to the other schema.
func (t placedTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.placed.QueryRow(ctx, sql, args...)
}

func (c *Catalogue) statements() []statement {
	if c == nil {
		return statements
	}
	return c.reads
}

// Statements returns how many statements a read of the relations sends.
func (c *Catalogue) Statements(want debt.Relations) int {
	n := 0
	for _, s := range c.statements() {
		if want&s.serves != 0 {
			n++
		}
	}
	return n
}

// Version returns the version of the contract that a function keeps; 0: it is not there.
func (c *Catalogue) Version(function string) int {
	if c == nil {
		return spec.Version
	}
	return c.functions[function]
}

// Offers says whether an act can be asked for, or a login begun: its functions are there in
// this version, and what shows what came of it.
func (c *Catalogue) Offers(function string) bool {
	f, ok := spec.FunctionNamed(function)
	if !ok {
		return false
	}
	for _, name := range f.Together() {
		if c.Version(name) != spec.Version {
			return false
		}
	}
	return !slices.ContainsFunc(f.Shown, func(name string) bool { return !c.Has(name) })
}

// Has says whether the database has a relation of the contract.
func (c *Catalogue) Has(relation string) bool { return c == nil || c.relations[relation] != nil }

package core

import (
	"cmp"
	"context"
	_ "embed" // for the look at the catalogue
	"fmt"
	"regexp"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// Layout is how one database keeps the contract: the schema that it is in, and which of its
// optional parts are there. It is never changed.
type Layout struct {
	schema       string
	statements   []statement
	caseStatus   string
	debtorOfCase string
}

// NewLayout returns the layout of a database that keeps the contract in a schema, spec.Schema when
// it is empty, but for what it lacks: an optional "relation" or "relation.column". What it lacks is read as no rows, or null.
func NewLayout(schema string, lacks ...string) *Layout {
	if schema == "" {
		schema = spec.Schema
	}
	l := &Layout{schema: schema, caseStatus: spec.Placed(caseStatusSQL, schema),
		debtorOfCase: spec.Placed(debtorOfCaseSQL, schema)}
	for _, s := range statements {
		if sql, ok := without(s.sql, lacks); ok {
			s.sql = spec.Placed(sql, schema)
			l.statements = append(l.statements, s)
		}
	}
	return l
}

// whole is the layout of a database that has everything.
var whole = NewLayout(spec.Schema)

var relationWithAlias = regexp.MustCompile(`\b` + spec.Schema + `\.([a-z_]+) ([a-z]+)\b`)

// without returns a read that does without some columns; ok is false where it goes to a relation
// that is not there.
func without(sql string, lacks []string) (_ string, ok bool) {
	for _, m := range relationWithAlias.FindAllStringSubmatch(sql, -1) {
		relation, alias := m[1], m[2]
		if slices.Contains(lacks, relation) {
			return "", false
		}
		for _, name := range lacks {
			if r, c := spec.Find(name); r.Name == relation && c.Name != "" {
				column := regexp.MustCompile(`\b` + alias + `\.` + c.Name + `\b`)
				sql = column.ReplaceAllString(sql, "null::"+c.Types[0])
			}
		}
	}
	return sql, true
}

//go:embed catalogue.sql
var catalogueSQL string

// look finds in the catalogue which optional parts of the contract a schema has.
func look(ctx context.Context, conn *pgx.Conn, schema string) (*Layout, error) {
	var names []string
	for _, r := range spec.Relations {
		if r.Optional || slices.ContainsFunc(r.Columns, func(c spec.Column) bool { return c.Optional }) {
			names = append(names, r.Name)
		}
	}
	rows, err := conn.Query(ctx, catalogueSQL, pgx.QueryExecModeExec, cmp.Or(schema, spec.Schema), names)
	if err != nil {
		return nil, fmt.Errorf("look at the catalogue: %w", err)
	}
	found := map[string][]string{}
	var relation string
	var columns []string
	if _, err := pgx.ForEachRow(rows, []any{&relation, &columns}, func() error {
		found[relation] = columns
		return nil
	}); err != nil {
		return nil, fmt.Errorf("look at the catalogue: %w", err)
	}
	return NewLayout(schema, lacking(found)...), nil
}

// lacking names the optional parts that are not among the columns found of each relation.
func lacking(found map[string][]string) (lacks []string) {
	for _, r := range spec.Relations {
		columns, there := found[r.Name]
		if !there && r.Optional {
			lacks = append(lacks, r.Name)
			continue
		}
		for _, c := range r.Columns {
			if c.Optional && !slices.Contains(columns, c.Name) {
				lacks = append(lacks, r.Name+"."+c.Name)
			}
		}
	}
	return lacks
}

// Statements returns how many statements a read of the relations sends.
func (l *Layout) Statements(want debt.Relations) int {
	n := 0
	for i := range l.statements {
		if want&l.statements[i].serves != 0 {
			n++
		}
	}
	return n
}

// In returns a transaction in which the contract's functions are called where the layout has them.
func (l *Layout) In(tx pgx.Tx) pgx.Tx {
	if l.schema == spec.Schema {
		return tx
	}
	return placedTx{tx, l.schema}
}

// placedTx sends each statement to another schema.
type placedTx struct {
	pgx.Tx
	schema string
}

func (t placedTx) QueryRow(ctx context.Context, sql string, args ...any) pgx.Row {
	return t.Tx.QueryRow(ctx, spec.Placed(sql, t.schema), args...)
}

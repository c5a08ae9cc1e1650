package check

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// columnRow is one column of a relation in schema oversikt; Column is empty for
// a relation without columns.
type columnRow struct {
	Relation string
	Readable bool
	Options  []string
	Column   string
	Type     string
}

// schema looks at relations, columns and types in the catalogue.
func (c *checker) schema(ctx context.Context) error {
	var exists bool
	err := c.tx.QueryRow(ctx, "select exists (select from pg_catalog.pg_namespace where nspname = $1)",
		pgx.QueryExecModeExec, c.Schema).Scan(&exists)
	if err != nil {
		return err
	}
	if !exists {
		c.noSchema = true
		c.breach(Breach{
			Relation: "schema " + spec.Schema, Rule: RuleSchema,
			What:   "the schema is missing",
			Remedy: "create schema oversikt, and in it the views of docs/contract.md",
		})
		return nil
	}
	rows, err := catalogue(ctx, c, "columns.sql", pgx.RowToStructByPos[columnRow])
	if err != nil {
		return err
	}
	found := map[string][]columnRow{}
	for _, row := range rows {
		found[row.Relation] = append(found[row.Relation], row)
	}
	for _, r := range spec.Relations {
		c.relation(r, found[r.Name])
	}
	c.keyTypes(found)
	return nil
}

func (c *checker) relation(r spec.Relation, rows []columnRow) {
	if len(rows) == 0 {
		c.unfit[r.Name] = true
		if r.Optional {
			c.lacking = append(c.lacking, r.Name)
			return
		}
		c.breach(Breach{
			Relation: r.Name, Rule: RuleRelation,
			What:   "the relation is missing",
			Remedy: fmt.Sprintf("create view oversikt.%s (%s); a view that selects nothing (where false) serves if you have no such data", r.Name, r.Norwegian),
		})
		return
	}
	if !rows[0].Readable {
		c.unread = append(c.unread, r.Name)
	}
	c.options(r, rows[0].Options)
	for _, col := range r.Columns {
		i := slices.IndexFunc(rows, func(row columnRow) bool { return row.Column == col.Name })
		name := r.Name + "." + col.Name
		switch {
		case i < 0 && col.Optional:
			c.unfit[name] = true
			c.lacking = append(c.lacking, name)
		case i < 0:
			c.unfit[name] = true
			c.breach(Breach{
				Relation: r.Name, Column: col.Name, Rule: RuleColumn,
				What:   "the column is missing",
				Remedy: missingColumn(col),
			})
		case !slices.Contains(col.Types, rows[i].Type):
			c.unfit[name] = true
			c.breach(Breach{
				Relation: r.Name, Column: col.Name, Rule: RuleType,
				What:   fmt.Sprintf("its type is %s, not %s", rows[i].Type, anyOf(col.Types)),
				Remedy: castRemedy(col, rows[i].Type),
			})
		}
	}
}

func missingColumn(col spec.Column) string {
	if col.Null != "" {
		return fmt.Sprintf("add it to the view; null::%s as %s serves if you do not have it: %s", col.Types[0], col.Name,
			col.Null)
	}
	return fmt.Sprintf("add it to the view as %s: %s", anyOf(col.Types), col.About)
}

// options looks at what changes the rights or the plans of a view.
func (c *checker) options(r spec.Relation, options []string) {
	for _, option := range options {
		name, value, _ := strings.Cut(option, "=")
		if !slices.Contains([]string{"true", "on", "1", "yes"}, strings.ToLower(value)) {
			continue
		}
		switch name {
		case "security_invoker":
			c.breach(Breach{
				Relation: r.Name, Rule: RuleInvoker,
				What:   "the view has security_invoker: it reads your tables with the rights of Oversikt's role, which has none there",
				Remedy: fmt.Sprintf("alter view oversikt.%s reset (security_invoker), so that it reads with its owner's rights; do not grant the tables", r.Name),
			})
		case "security_barrier":
			c.breach(Breach{
				Relation: r.Name, Rule: RuleBarrier,
				What:   "the view has security_barrier: PostgreSQL computes it apart, so a join cannot ride on your indexes",
				Remedy: fmt.Sprintf("alter view oversikt.%s reset (security_barrier): Oversikt's role alone reads it and sends no functions of its own", r.Name),
			})
		default:
			continue
		}
		c.unfit[r.Name] = true
	}
}

// keyTypes compares the type of each reference with that of the key.
func (c *checker) keyTypes(found map[string][]columnRow) {
	typeOf := func(relation, column string) string {
		for _, row := range found[relation] {
			if row.Column == column {
				return strings.Replace(row.Type, "character varying", "text", 1)
			}
		}
		return ""
	}
	for _, r := range spec.Relations {
		for _, col := range r.Columns {
			name := r.Name + "." + col.Name
			if col.Refers == "" || !c.fit(name, col.Refers) {
				continue
			}
			target, targetColumn := spec.Find(col.Refers)
			have, want := typeOf(r.Name, col.Name), typeOf(target.Name, targetColumn.Name)
			if have == want {
				continue
			}
			c.unfit[name] = true
			c.breach(Breach{
				Relation: r.Name, Column: col.Name, Rule: RuleKeyType,
				What: fmt.Sprintf("its type is %s, and that of %s, which it refers to, is %s: they cannot be joined by index",
					have, col.Refers, want),
				Remedy: fmt.Sprintf("give both the type that your tables have; if those differ, cast the one that is not looked up by (%s) and index the expression", col.Name),
			})
		}
	}
}

// castRemedy says how to get from the type that a view has to one that serves.
func castRemedy(col spec.Column, have string) string {
	n := col.Name
	switch {
	case col.IsAmount() && have == "numeric":
		return fmt.Sprintf("whole øre: round(kroner * 100)::bigint as %s", n)
	case col.IsAmount():
		return fmt.Sprintf("whole øre: %s::bigint; kroner are multiplied by 100 before the cast", n)
	case col.Types[0] == "date" && strings.HasPrefix(have, "timestamp with time zone"):
		return fmt.Sprintf("the date in Oslo: (%s at time zone 'Europe/Oslo')::date as %s", n, n)
	case col.Types[0] == "date":
		return fmt.Sprintf("cast it in the view: %s::date", n)
	case col.Types[0] == "timestamp with time zone":
		return fmt.Sprintf("say which zone the time is in: (%s at time zone 'Europe/Oslo') as %s", n, n)
	case col.IsArray():
		return fmt.Sprintf("cast it in the view: %s::text[] (also an array of a domain or an enum)", n)
	case col.IsKey():
		return fmt.Sprintf("cast it in the view, %s::bigint or %s::text, with an index on the same expression; the keys that refer to it get the same type", n, n)
	case have == "character":
		return fmt.Sprintf("a character(n) column is padded with blanks: rtrim(%s)::text as %s, with an index on the expression if it is looked up", n, n)
	default:
		return fmt.Sprintf("cast it in the view: %s::%s", n, col.Types[0])
	}
}

func anyOf(types []string) string {
	if n := len(types); n > 1 {
		return strings.Join(types[:n-1], ", ") + " or " + types[n-1]
	}
	return types[0]
}

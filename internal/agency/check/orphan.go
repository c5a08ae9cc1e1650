package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// orphans counts references to rows that are not there.
func (c *checker) orphans(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	for _, col := range r.Columns {
		target, targetColumn := spec.Find(col.Refers)
		if col.Refers == "" || !c.fit(r.Name+"."+col.Name, col.Refers) || slices.Contains(c.unread, target.Name) {
			continue
		}
		n, keys, err := c.count(ctx, tx, fmt.Sprintf(
			"(select %s as k from %s where r.%s is not null and not exists (select from %s t where t.%s = r.%s)) o",
			c.keyText("r", r), c.from(r, sample), quoted(col.Name), c.named(target.Name), quoted(targetColumn.Name),
			quoted(col.Name)))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		remedy := "leave these rows out here too"
		if col.Null != "" {
			remedy = "give null here"
		}
		c.breach(Breach{
			Relation: r.Name, Column: col.Name, Rule: RuleReference,
			What: fmt.Sprintf("%d rows refer to a %s that is not there", n, target.Name),
			Remedy: fmt.Sprintf("the view of %s leaves out rows that this one needs: show them there, or %s, by a scalar subquery; "+
				"a join or an exists can keep the reads from your indexes", target.Name, remedy),
			Keys: keys,
		})
	}
	return nil
}

// curesOfOrphans gives the breaches of references the SQL that cures them all: for each view one
// statement, and for those that refer to rows which another statement takes away.
func (c *checker) curesOfOrphans(ctx context.Context) error {
	lost := map[string][]spec.Column{} // by relation: references to rows that are not there, or will not be
	var lose func(r spec.Relation, col spec.Column)
	lose = func(r spec.Relation, col spec.Column) {
		if slices.ContainsFunc(lost[r.Name], func(o spec.Column) bool { return o.Name == col.Name }) || !c.fit(r.Name, r.Name+"."+col.Name) {
			return
		}
		lost[r.Name] = append(lost[r.Name], col)
		if col.Null != "" {
			return // the row stays
		}
		for _, other := range spec.Relations {
			for _, o := range other.Columns {
				if target, _ := spec.Find(o.Refers); o.Refers != "" && target.Name == r.Name {
					lose(other, o)
				}
			}
		}
	}
	var first *Breach
	of := map[string]*Breach{}
	for i := range c.breaches {
		if b := &c.breaches[i]; b.Rule == RuleReference {
			r := spec.RelationNamed(b.Relation)
			lose(r, r.Column(b.Column))
			if of[b.Relation] == nil {
				of[b.Relation] = b
			}
			if first == nil {
				first = b
			}
		}
	}
	for _, r := range spec.Relations {
		if lost[r.Name] == nil {
			continue
		}
		sql, err := c.without(ctx, r, lost[r.Name])
		if err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		b := of[r.Name]
		if b == nil {
			b = first
		}
		b.DDL = strings.TrimSpace(b.DDL + "\n" + sql)
	}
	return nil
}

// without is SQL that makes a view again without rows whose references lead nowhere, or without the
// references where there may be none. It is empty where the relation is no view.
func (c *checker) without(ctx context.Context, r spec.Relation, lost []spec.Column) (string, error) {
	var text string
	err := c.tx.QueryRow(ctx, `select pg_catalog.pg_get_viewdef(c.oid) from pg_catalog.pg_class c
		where c.relnamespace = $1::text::pg_catalog.regnamespace and c.relname = $2 and c.relkind = 'v'`,
		pgx.QueryExecModeExec, quoted(c.Schema), r.Name).Scan(&text)
	if errors.Is(err, pgx.ErrNoRows) {
		return "", nil
	}
	if err != nil {
		return "", err
	}
	columns, err := c.columnsOf(ctx, r.Name)
	if err != nil {
		return "", err
	}
	var conditions []string
	for _, col := range lost {
		target, key := spec.Find(col.Refers)
		found := fmt.Sprintf("(select %%s from %s t where t.%s = x.%s limit 1)", c.named(target.Name), quoted(key.Name),
			quoted(col.Name))
		if col.Null == "" {
			conditions = append(conditions, fmt.Sprintf(found, "true"))
			continue
		}
		i := slices.Index(columns, "x."+quoted(col.Name))
		columns[i] = fmt.Sprintf(found, "t."+quoted(key.Name)) + " as " + quoted(col.Name)
	}
	sql := fmt.Sprintf("create or replace view %s as\nselect %s\nfrom (\n%s\n) x", c.named(r.Name), strings.Join(columns, ", "),
		strings.TrimSuffix(strings.TrimSpace(text), ";"))
	if len(conditions) > 0 {
		sql += "\nwhere " + strings.Join(conditions, "\n  and ")
	}
	return sql + ";", nil
}

// columnsOf returns all columns of a view, each as x has it.
func (c *checker) columnsOf(ctx context.Context, relation string) ([]string, error) {
	rows, err := c.tx.Query(ctx, `select a.attname::text from pg_catalog.pg_attribute a
		where a.attrelid = $1::text::pg_catalog.regclass and a.attnum > 0 and not a.attisdropped order by a.attnum`,
		pgx.QueryExecModeExec, c.named(relation))
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(row pgx.CollectableRow) (column string, err error) {
		err = row.Scan(&column)
		return "x." + quoted(column), err
	})
}

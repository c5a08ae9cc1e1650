package check

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// data looks at the rows of each relation, and then across relations.
func (c *checker) data(ctx context.Context) error {
	for _, name := range c.unread {
		c.unfit[name] = true
	}
	c.unplanned = maps.Clone(c.unfit)
	for _, name := range c.lacking {
		if strings.Contains(name, ".") {
			delete(c.unplanned, name) // it is read as null
		}
	}
	for _, r := range spec.Relations {
		if !c.fit(r.Name) {
			continue
		}
		if err := c.scan(ctx, r); err != nil {
			return fmt.Errorf("%s: %w", r.Name, err)
		}
		for _, look := range []struct {
			name string
			run  func(context.Context, pgx.Tx, spec.Relation, int) error
		}{{"keys", c.duplicates}, {"keys", c.repeated}, {"references", c.orphans}, {"bounds", c.tooMany}} {
			if !c.fit(r.Name) {
				break
			}
			err := c.sampled(ctx, r.Name, look.name, func(tx pgx.Tx, sample int) error { return look.run(ctx, tx, r, sample) })
			if err != nil {
				return fmt.Errorf("%s: %w", r.Name, err)
			}
		}
	}
	if err := c.curesOfOrphans(ctx); err != nil {
		return fmt.Errorf("references: %w", err)
	}
	if err := c.rates(ctx); err != nil {
		return fmt.Errorf("rate: %w", err)
	}
	return c.rules(ctx)
}

// from is the sample of a relation, with the columns that are fit, for a from clause.
func (c *checker) from(r spec.Relation, sample int) string {
	var columns []string
	for _, col := range r.Columns {
		if c.fit(r.Name + "." + col.Name) {
			columns = append(columns, quoted(col.Name))
		}
	}
	return fmt.Sprintf("(select %s from %s%s) r", strings.Join(columns, ", "), c.named(r.Name), limit(sample))
}

// limit is a clause; 0 is no limit.
func limit(rows int) string {
	if rows == 0 {
		return ""
	}
	return fmt.Sprintf(" limit %d", rows)
}

func (c *checker) limit() string { return limit(c.Sample) }

func quoted(column string) string { return pgx.Identifier{column}.Sanitize() }

// of tells how much was looked at: "345 rows", "the first 100,000 rows".
func of(rows int64, whole bool) string {
	switch {
	case whole && rows == 1:
		return "the only row"
	case whole:
		return Thousands(int(rows)) + " rows"
	default:
		return "the first " + Thousands(int(rows)) + " rows"
	}
}

// looksLikeCode says that a value can be printed: it is no sentence, name or number of a person.
var looksLikeCode = regexp.MustCompile(`^[A-ZÆØÅa-zæøå_.-][A-ZÆØÅa-zæøå0-9_.-]{0,31}$|^[0-9]{1,4}$`)

var formats = map[spec.Format]struct {
	rule  Rule
	valid func(string) bool
	what  string
}{
	spec.FormatNationalID: {RuleNationalID, func(s string) bool { _, err := norway.ParseNationalID(s); return err == nil },
		"eleven digits without a space, that begin with a date and end in two check digits"},
	spec.FormatOrgNumber: {RuleOrgNumber, norway.ValidOrgNumber, "nine digits without a space, the last a check digit"},
	spec.FormatKID:       {RuleKID, norway.ValidKID, "4 to 25 digits, the last a check digit of modulus 10 or 11"},
	spec.FormatAccount:   {RuleAccount, norway.ValidAccount, "eleven digits without dots, the last a check digit unless the fifth and sixth are 00"},
}

// duplicates counts values that identify more than one row.
func (c *checker) duplicates(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	for _, key := range r.Unique {
		if slices.ContainsFunc(key, func(column string) bool { return !c.fit(r.Name + "." + column) }) {
			continue
		}
		columns := make([]string, len(key))
		for i, column := range key {
			columns[i] = "r." + quoted(column)
		}
		list := strings.Join(columns, ", ")
		n, keys, err := c.count(ctx, tx, fmt.Sprintf(
			"(select min(%s) as k from %s where num_nulls(%s) = 0 group by %s having count(*) > 1) d",
			c.keyText("r", r), c.from(r, sample), list, list))
		if err != nil {
			return err
		}
		if n == 0 {
			continue
		}
		remedy := "a join in the view multiplies rows: join what has one row for each, or select distinct on the key"
		if r.Name == "debtor" && key[0] == "national_id" {
			remedy = "merge the rows: one person is one debtor, or a login sees only some of what it owes"
		}
		c.breach(Breach{
			Relation: r.Name, Column: strings.Join(key, ", "), Rule: RuleUnique,
			What:   fmt.Sprintf("%d values identify more than one row", n),
			Remedy: remedy, Keys: keys,
		})
	}
	return nil
}

// repeated counts rows that come again in a relation without a key.
func (c *checker) repeated(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	if len(r.Unique) > 0 || r.OneRow {
		return nil
	}
	var n int64
	err := tx.QueryRow(ctx, "select count(*) from (select from "+c.from(r, sample)+" group by r having count(*) > 1) d",
		pgx.QueryExecModeExec).Scan(&n)
	if err != nil || n == 0 {
		return err
	}
	c.warn(Breach{
		Relation: r.Name, Rule: RuleRepeated,
		What:   fmt.Sprintf("%d rows come more than once, and are counted once", n),
		Remedy: "a join in the view multiplies rows, or your table has them twice: leave all but one out",
	})
	return nil
}

// count counts the rows of a query whose column k is a key, and returns the first few.
func (c *checker) count(ctx context.Context, tx pgx.Tx, from string) (n int64, keys []string, err error) {
	var found []string
	err = tx.QueryRow(ctx, fmt.Sprintf("select count(*), coalesce((array_agg(k order by k))[1:%d], '{}') from %s", fewKeys, from),
		pgx.QueryExecModeExec).Scan(&n, &found)
	for _, k := range found {
		if k != "" {
			keys = append(keys, shown(strings.Split(k, keySeparator)))
		}
	}
	return n, keys, err
}

// keyText is SQL for the key of a relation's row, empty where its columns are not fit.
func (c *checker) keyText(alias string, r spec.Relation) string {
	key := core.KeyOf(r)
	if len(key) == 0 || slices.ContainsFunc(key, func(k string) bool { return !c.fit(r.Name + "." + k) }) {
		return "''::text"
	}
	return keyText(alias, key)
}

// tooMany counts cases, debtors and the like with more rows of a relation than one answer may have.
func (c *checker) tooMany(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	i := slices.IndexFunc(r.Columns, func(col spec.Column) bool { return col.Refers != "" && col.Index != "" })
	if i < 0 || !c.fit(r.Name+"."+r.Columns[i].Name) || len(c.seen) == 0 || c.seen[len(c.seen)-1].Rows <= spec.MaxRows {
		return nil
	}
	col := r.Columns[i].Name
	n, keys, err := c.count(ctx, tx, fmt.Sprintf("(select %s as k from %s group by r.%s having count(*) > %d) m",
		keyText("r", []string{col}), c.from(r, sample), quoted(col), spec.MaxRows))
	if err != nil || n == 0 {
		return err
	}
	c.breach(Breach{
		Relation: r.Name, Column: col, Rule: RuleMany,
		What:   fmt.Sprintf("%d values have more than %s rows each", n, Thousands(spec.MaxRows)),
		Remedy: "leave out of the view what no debtor can look through: the first keys are of " + r.Columns[i].Refers,
		Keys:   keys,
	})
	return nil
}

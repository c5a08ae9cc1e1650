package check

import (
	"context"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// data looks at the rows of each relation, and then across relations.
func (c *checker) data(ctx context.Context) error {
	for _, name := range c.unread {
		c.unfit[name] = true
	}
	c.unplanned = maps.Clone(c.unfit)
	for _, r := range spec.Relations {
		for _, look := range []func(context.Context, pgx.Tx, spec.Relation, int) error{
			c.values, c.codes, c.formats, c.duplicates, c.repeated, c.orphans,
		} {
			if !c.fit(r.Name) {
				break
			}
			err := c.sampled(ctx, r.Name, func(tx pgx.Tx, sample int) error { return look(ctx, tx, r, sample) })
			if err != nil {
				return fmt.Errorf("%s: %w", r.Name, err)
			}
		}
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
	return fmt.Sprintf("(select %s from %s limit %d) r", strings.Join(columns, ", "),
		pgx.Identifier{c.Schema, r.Name}.Sanitize(), sample)
}

func quoted(column string) string { return pgx.Identifier{column}.Sanitize() }

// of tells how much was looked at: "345 rows", "the first 100,000 rows".
func of(rows int64, sample int) string {
	switch {
	case rows == 1:
		return "the only row"
	case rows < int64(sample):
		return Thousands(int(rows)) + " rows"
	default:
		return "the first " + Thousands(int(rows)) + " rows"
	}
}

// values counts, in one pass, nulls that are not allowed and values beyond their bounds.
func (c *checker) values(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	var breaches []Breach
	counts := []string{"count(r)"} // the whole row, so that every column is computed
	for _, col := range r.Columns {
		if !c.fit(r.Name + "." + col.Name) {
			continue
		}
		for _, b := range bounds(r, col) {
			counts = append(counts, "count(*) filter (where "+b.where+")")
			breaches = append(breaches, Breach{r.Name, col.Name, b.rule, b.what + " in %d of %s", b.remedy})
		}
	}
	rows, err := tx.Query(ctx, "select "+strings.Join(counts, ", ")+" from "+c.from(r, sample), pgx.QueryExecModeExec)
	if err != nil {
		return err
	}
	values, err := pgx.CollectExactlyOneRow(rows, func(row pgx.CollectableRow) ([]int64, error) {
		values := make([]int64, len(counts))
		targets := make([]any, len(counts))
		for i := range values {
			targets[i] = &values[i]
		}
		return values, row.Scan(targets...)
	})
	if err != nil {
		return err
	}
	for i, b := range breaches {
		if n := values[i+1]; n > 0 {
			b.What = fmt.Sprintf(b.What, n, of(values[0], sample))
			c.breach(b)
		}
	}
	return nil
}

// looksLikeCode says that a value can be printed: it is no sentence, name or number of a person.
var looksLikeCode = regexp.MustCompile(`^[A-ZÆØÅa-zæøå_.-][A-ZÆØÅa-zæøå0-9_.-]{0,31}$|^[0-9]{1,4}$`)

// codes looks for values outside the lists.
func (c *checker) codes(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	for _, col := range r.Columns {
		if col.Codes == nil || !c.fit(r.Name+"."+col.Name) {
			continue
		}
		value, source := "r."+quoted(col.Name), c.from(r, sample)
		if col.IsArray() {
			value, source = "u", source+" cross join lateral unnest("+value+") u"
		}
		rows, err := tx.Query(ctx, fmt.Sprintf(
			"select coalesce(%[1]s::text, ''), count(*) from %[2]s where %[1]s::text <> all ($1::text[]) group by 1 order by 2 desc, 1",
			value, source), pgx.QueryExecModeExec, col.Codes.Values())
		if err != nil {
			return err
		}
		var total int64
		var shown []string
		var found string
		var n int64
		_, err = pgx.ForEachRow(rows, []any{&found, &n}, func() error {
			total += n
			if len(shown) < 5 && looksLikeCode.MatchString(found) {
				shown = append(shown, fmt.Sprintf("%q", found))
			}
			return nil
		})
		if err != nil {
			return err
		}
		if total == 0 {
			continue
		}
		what := fmt.Sprintf("%d values outside the list", total)
		if len(shown) > 0 {
			what += ", such as " + strings.Join(shown, ", ")
		}
		c.breach(Breach{
			Relation: r.Name, Column: col.Name, Rule: RuleCode,
			What: what + "; they are " + col.Codes.Unlisted,
			Remedy: fmt.Sprintf("map your own codes in the view (case %s when ... then '%s' ... end) to one of %s", col.Name,
				col.Codes.Codes[0].Value, strings.Join(col.Codes.Values(), ", ")),
		})
	}
	return nil
}

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

// formats counts numbers whose check digits are wrong; it never repeats one.
func (c *checker) formats(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	for _, col := range r.Columns {
		if col.Format == "" || !c.fit(r.Name+"."+col.Name) {
			continue
		}
		f := formats[col.Format]
		rows, err := tx.Query(ctx, fmt.Sprintf("select distinct %[1]s::text from %[2]s where %[1]s is not null", "r."+
			quoted(col.Name), c.from(r, sample)), pgx.QueryExecModeExec)
		if err != nil {
			return err
		}
		var value string
		wrong, all := 0, 0
		_, err = pgx.ForEachRow(rows, []any{&value}, func() error {
			all++
			if !f.valid(value) {
				wrong++
			}
			return nil
		})
		if err != nil {
			return err
		}
		if wrong > 0 {
			c.breach(Breach{
				Relation: r.Name, Column: col.Name, Rule: f.rule,
				What: fmt.Sprintf("%s of %s different values are malformed", Thousands(wrong), Thousands(all)),
				Remedy: "the form is " + f.what +
					": strip blanks and dots in the view, mend the rows, or give null where it is allowed",
			})
		}
	}
	return nil
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
		var n int64
		err := tx.QueryRow(ctx, fmt.Sprintf(
			"select count(*) from (select from %s where num_nulls(%s) = 0 group by %s having count(*) > 1) d",
			c.from(r, sample), list, list), pgx.QueryExecModeExec).Scan(&n)
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
			Remedy: remedy,
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

// orphans counts references to rows that are not there.
func (c *checker) orphans(ctx context.Context, tx pgx.Tx, r spec.Relation, sample int) error {
	for _, col := range r.Columns {
		target, targetColumn := spec.Find(col.Refers)
		if col.Refers == "" || !c.fit(r.Name+"."+col.Name, col.Refers) || slices.Contains(c.unread, target.Name) {
			continue
		}
		var n int64
		err := tx.QueryRow(ctx, fmt.Sprintf(
			"select count(*) from %s where r.%s is not null and not exists (select from %s t where t.%s = r.%s)",
			c.from(r, sample), quoted(col.Name), pgx.Identifier{c.Schema, target.Name}.Sanitize(),
			quoted(targetColumn.Name), quoted(col.Name)), pgx.QueryExecModeExec).Scan(&n)
		if err != nil {
			return err
		}
		if n > 0 {
			c.breach(Breach{
				Relation: r.Name, Column: col.Name, Rule: RuleReference,
				What: fmt.Sprintf("%d rows refer to a %s that is not there", n, target.Name),
				Remedy: fmt.Sprintf("the view of %s leaves out rows that this one needs: use the same condition in both",
					target.Name),
			})
		}
	}
	return nil
}

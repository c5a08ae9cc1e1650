package check

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// Seen is how much of a view was looked at.
type Seen struct {
	Relation  string `json:"relation"`
	Rows      int64  `json:"rows"`
	Estimated int64  `json:"estimated"` // by PostgreSQL's planner; Rows where all were seen
	Whole     bool   `json:"whole"`     // all rows, by all looks

	// Short are looks that took too long and saw the first ShortRows rows alone.
	Short     []string `json:"short,omitempty"`
	ShortRows int      `json:"shortRows,omitempty"`
}

// scan reads the rows of a relation as the service does, and counts what it would leave out.
func (c *checker) scan(ctx context.Context, r spec.Relation) error {
	for {
		t := tally{relation: r, found: map[finding]*tallied{}, types: c.tx.Conn().TypeMap()}
		var rows int64
		err := c.savepoint(ctx, func(tx pgx.Tx) (err error) {
			rows, err = core.Survey{Schema: c.Schema, Relation: r, Limit: c.Sample,
				Fit: func(column string) bool { return c.fit(r.Name + "." + column) }}.Rows(ctx, tx, t.row)
			return err
		})
		pg, ok := errors.AsType[*pgconn.PgError](err)
		switch {
		case err == nil:
			whole := c.Sample == 0 || rows < int64(c.Sample)
			t.report(c, rows, whole)
			return c.saw(ctx, r, rows, whole)
		case isTimeout(ctx, err):
			if rows == 0 {
				c.slow(r.Name)
				return nil
			}
			t.report(c, rows, false)
			return c.saw(ctx, r, rows, false)
		case !ok:
			return err
		}
		columns, err := c.unreadable(ctx, r, pg)
		if err != nil {
			return err
		}
		if len(columns) == 0 {
			return nil
		}
	}
}

// saw notes how much was seen of a relation.
func (c *checker) saw(ctx context.Context, r spec.Relation, rows int64, whole bool) error {
	seen := Seen{Relation: r.Name, Rows: rows, Estimated: rows, Whole: whole}
	if !whole {
		err := c.savepoint(ctx, func(tx pgx.Tx) error {
			plan, err := explain(ctx, tx, hotRead{sql: "select from " + c.named(r.Name)})
			if err == nil {
				seen.Estimated = max(int64(plan.Rows), rows)
			}
			return err
		})
		if err != nil {
			return fmt.Errorf("estimate: %w", err)
		}
	}
	c.seen = append(c.seen, seen)
	return nil
}

// short notes that a look has seen the first few rows of a relation alone.
func (c *checker) short(relation, look string) {
	for i := range c.seen {
		if s := &c.seen[i]; s.Relation == relation && s.Rows > fallbackSample {
			s.Whole, s.ShortRows = false, fallbackSample
			if !slices.Contains(s.Short, look) {
				s.Short = append(s.Short, look)
			}
		}
	}
}

func (c *checker) named(relation string) string { return pgx.Identifier{c.Schema, relation}.Sanitize() }

// finding is one thing that is wrong with a column.
type finding struct {
	column string
	rule   Rule
}

// tallied is how often it was found.
type tallied struct {
	what  string
	rows  int64
	keys  []string // of the first rows
	codes map[string]int
}

type tally struct {
	relation spec.Relation
	found    map[finding]*tallied
	types    *pgtype.Map
}

const (
	fewKeys   = 3
	manyCodes = 1000 // that are told apart
)

func (t *tally) at(column string, rule Rule, what string) *tallied {
	f := finding{column, rule}
	if t.found[f] == nil {
		t.found[f] = &tallied{what: what, codes: map[string]int{}}
	}
	return t.found[f]
}

func (n *tallied) add(row *core.Surveyed) {
	n.rows++
	if len(n.keys) < fewKeys {
		n.keys = append(n.keys, shown(row.Key()))
	}
}

var ruleOf = map[debt.WithheldReason]Rule{debt.WithheldMissing: RuleNull, debt.WithheldDate: RuleDate,
	debt.WithheldAmount: RuleAmount, debt.WithheldRate: RuleRate, debt.WithheldText: RuleText}

func (t *tally) row(row *core.Surveyed) {
	for _, m := range row.Misfits {
		rule, ok := ruleOf[m.Reason]
		switch {
		case m.Reason == debt.WithheldCode:
			continue // named below, with the code
		case !ok && t.relation.OneRow:
			rule = RuleCount
		case !ok:
			rule = RuleUnreadable
		}
		what := m.What
		if rule == RuleNull {
			what = "null"
		}
		t.at(m.Column, rule, what).add(row)
	}
	for _, col := range t.relation.Columns {
		if col.Codes == nil && col.Format == "" {
			continue
		}
		value := row.Value(col.Name)
		if value == nil {
			continue
		}
		values := []string{string(value)}
		if col.IsArray() {
			values = nil
			if t.types.Scan(pgtype.TextArrayOID, pgtype.BinaryFormatCode, value, &values) != nil {
				continue // a misfit
			}
		}
		for _, v := range values {
			if col.Codes != nil && !col.Codes.Has(v) {
				n := t.at(col.Name, RuleCode, "")
				n.add(row)
				if len(n.codes) < manyCodes || n.codes[v] > 0 {
					n.codes[v]++
				}
			}
			if f, ok := formats[col.Format]; ok && !f.valid(v) {
				t.at(col.Name, f.rule, "malformed").add(row)
			}
		}
	}
}

// report makes breaches of what was counted, in the order of the columns.
func (t *tally) report(c *checker, rows int64, whole bool) {
	for _, rules := range [][]Rule{
		{RuleNull, RuleDate, RuleAmount, RuleRate, RuleCount, RuleText, RuleUnreadable}, {RuleCode},
		{RuleNationalID, RuleOrgNumber, RuleKID, RuleAccount},
	} {
		for _, col := range append([]spec.Column{{}}, t.relation.Columns...) {
			for _, rule := range rules {
				n := t.found[finding{col.Name, rule}]
				if n == nil {
					continue
				}
				b := Breach{Relation: t.relation.Name, Column: col.Name, Rule: rule, Keys: n.keys,
					What: fmt.Sprintf("%s in %s of %s", n.what, Thousands(int(n.rows)), of(rows, whole)), Remedy: remedyOf(rule, col)}
				if rule == RuleCode {
					b.What = n.unlisted() + "; they are " + col.Codes.Unlisted
				}
				c.breach(b)
			}
		}
	}
}

func (n *tallied) unlisted() string {
	codes := make([]string, 0, len(n.codes))
	for code := range n.codes {
		codes = append(codes, code)
	}
	slices.SortFunc(codes, func(a, b string) int {
		if d := n.codes[b] - n.codes[a]; d != 0 {
			return d
		}
		return strings.Compare(a, b)
	})
	var some []string
	for _, code := range codes {
		if len(some) < 5 && looksLikeCode.MatchString(code) {
			some = append(some, fmt.Sprintf("%q", code))
		}
	}
	what := fmt.Sprintf("%d values outside the list", n.rows)
	if len(some) > 0 {
		what += ", such as " + strings.Join(some, ", ")
	}
	return what
}

func remedyOf(rule Rule, col spec.Column) string {
	switch rule {
	case RuleNull:
		return fmt.Sprintf("null is not allowed here: give those rows a value (coalesce in the view), or leave them out of the view (%s)",
			col.About)
	case RuleDate:
		return "give null for a day that is not known or never comes, where null is allowed; mend the row where it is not"
	case RuleAmount:
		return "mend the rows, or the mapping: kroner are multiplied by 100 once, and no amount has a minus sign"
	case RuleRate:
		return "mend the rows, or the mapping: 12.25 per cent is 1225"
	case RuleCount:
		return "mend the row, or the mapping"
	case RuleText:
		return "cut it in the view, and keep keys free of characters that nobody sees"
	case RuleCode:
		return fmt.Sprintf("map your own codes in the view (case %s when ... then '%s' ... end) to one of %s", col.Name,
			col.Codes.Codes[0].Value, strings.Join(col.Codes.Values(), ", "))
	case RuleNationalID, RuleOrgNumber, RuleKID, RuleAccount:
		return "the form is " + formats[col.Format].what +
			": strip blanks and dots in the view, mend the rows, or give null where it is allowed"
	default:
		return "cast it in the view to a type of the contract"
	}
}

var (
	plainKey  = regexp.MustCompile(`^[0-9A-Za-z][0-9A-Za-z_./:-]{0,63}$`)
	uuidKey   = regexp.MustCompile(`^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$`)
	separator = regexp.MustCompile(`[_./:-]`)
	digits    = regexp.MustCompile(`\d`)
	personal  = regexp.MustCompile(`\d{11}`)
)

// shown is a key as it is printed: not where it may be a person's number, name or address.
func shown(parts []string) string {
	var out []string
	for _, p := range parts {
		if !uuidKey.MatchString(p) && (!plainKey.MatchString(p) || !digits.MatchString(p) && !isCode(p) ||
			personal.MatchString(separator.ReplaceAllString(p, ""))) {
			p = hiddenKey
		}
		out = append(out, p)
	}
	return strings.Join(out, " ")
}

const hiddenKey = "(not shown: it may be a person's)"

// isCode says that a part of a key is one of the contract's own names.
func isCode(s string) bool {
	return s == debt.RateLatePayment || slices.ContainsFunc(spec.Relations, func(r spec.Relation) bool {
		return slices.ContainsFunc(r.Columns, func(c spec.Column) bool { return c.Codes != nil && c.Codes.Has(s) })
	})
}

package scaffold

import (
	"fmt"
	"hash/fnv"
	"regexp"
	"slices"
	"strings"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// expression is SQL for a column of a view, x being the table.
type expression struct {
	sql, typ string
	columns  []string // of the table that it is computed from
	todo     string   // what is not known of it
}

// key returns how the key of a relation is written from its own columns, or from those of a table that
// refers to it.
func (d *draft) key(relation string, from []string) (expression, bool) {
	t := d.tables[relation]
	if t == nil || len(t.key) == 0 {
		return expression{}, false
	}
	if from == nil {
		from = t.key
	}
	var parts []string
	typ := ""
	for i, k := range t.key {
		c := t.columns[slices.IndexFunc(t.columns, func(c column) bool { return c.name == k })]
		part, has, ok := keyPart(c, "x."+quoted(from[i]))
		if !ok {
			return expression{}, false
		}
		if typ = has; len(t.key) > 1 && has != "text" {
			part = "(" + part + ")::text"
		}
		parts = append(parts, part)
	}
	if len(parts) > 1 {
		return expression{sql: "(" + strings.Join(parts, " || '-' || ") + ")", typ: "text", columns: from}, true
	}
	return expression{sql: parts[0], typ: typ, columns: from}, true
}

// keyPart keeps the type of a key where the contract has it, so that its own index serves.
func keyPart(c column, name string) (sql, typ string, ok bool) {
	base, _, _ := strings.Cut(c.typ, "(")
	switch base {
	case "bigint", "integer", "uuid", "text", "character varying":
		return name, strings.Replace(base, "character varying", "text", 1), true
	case "smallint":
		return name + "::integer", "integer", true
	case "numeric":
		return name + "::bigint", "bigint", true
	case "character":
		return name + "::text", "text", true
	default:
		return "", "", false
	}
}

// refer returns how a reference to another relation is written, by a foreign key.
func (d *draft) refer(t *table, target string) (expression, bool) {
	to := d.tables[target]
	if to == nil {
		return expression{}, false
	}
	for _, f := range t.refers {
		if f.Schema == to.schema && f.Table == to.name && len(f.To) == len(to.key) {
			from := make([]string, len(to.key))
			for i, k := range f.To {
				at := slices.Index(to.key, k)
				if at < 0 {
					return expression{}, false
				}
				from[at] = f.Columns[i]
			}
			return d.key(target, from)
		}
	}
	return expression{}, false
}

// view is SQL for a relation of the contract.
func (d *draft) view(r spec.Relation) string {
	t := d.tables[r.Name]
	switch {
	case r.Name == "rate" && t == nil:
		return d.lawsRates()
	case t == nil && r.OneRow:
		return d.row(r)
	case t == nil:
		return d.nothing(r, "no table was found")
	}
	var columns []expression
	known, unknown := 0, 0
	for _, c := range r.Columns {
		e := d.expression(r, t, c)
		switch {
		case e.todo != "" && c.IsKey() && c.Null == "":
			return d.nothing(r, fmt.Sprintf("table %s was found, but not its %s", t.sanitized(), c.Name))
		case c.Null == "" && !c.IsKey() && e.columns == nil && e.todo != "":
			unknown++
		case c.Null == "" && e.columns != nil:
			known++
		}
		columns = append(columns, e)
	}
	if unknown > known && !r.OneRow {
		return d.nothing(r, fmt.Sprintf("table %s was found, but most of its columns were not", t.sanitized()))
	}
	var b strings.Builder
	fmt.Fprintf(&b, "-- %s (%s), from %s\ncreate view %s as\nselect", r.Name, r.Norwegian, t.sanitized(), d.named(r.Name))
	for i, c := range r.Columns {
		e := columns[i]
		comma := ","
		if i == len(columns)-1 {
			comma = ""
		}
		fmt.Fprintf(&b, "\n    %s as %s%s", e.sql, quoted(c.Name), comma)
		if e.todo != "" {
			fmt.Fprintf(&b, " -- TODO %s", e.todo)
		}
		if c.Index != "" && e.columns != nil {
			d.index(t, e)
		}
	}
	fmt.Fprintf(&b, "\nfrom %s x;\n", t.sanitized())
	return b.String()
}

func (d *draft) named(relation string) string { return quoted(d.Schema) + "." + quoted(relation) }

// nothing is a view without rows, with the columns that the contract has.
func (d *draft) nothing(r spec.Relation, why string) string {
	var columns []string
	for _, c := range r.Columns {
		columns = append(columns, fmt.Sprintf("    null::%s as %s", d.typeOf(r, c), quoted(c.Name)))
	}
	return fmt.Sprintf("-- TODO %s (%s): %s. %s\ncreate view %s as\nselect\n%s\nwhere false;\n", r.Name, r.Norwegian, why,
		r.About, d.named(r.Name), strings.Join(columns, ",\n"))
}

// row is a view of one row that is not known yet.
func (d *draft) row(r spec.Relation) string {
	var columns []string
	for i, c := range r.Columns {
		value, comma, about := "null::"+d.typeOf(r, c), ",", "TODO "+c.About
		switch {
		case c.Name == "contract_version":
			value, about = fmt.Sprint(spec.Version), c.About
		case c.Null != "":
			about = c.About
		}
		if i == len(r.Columns)-1 {
			comma = ""
		}
		columns = append(columns, fmt.Sprintf("    %s as %s%s -- %s", value, quoted(c.Name), comma, about))
	}
	return fmt.Sprintf("-- TODO %s (%s): write its one row here, or take it from a table.\ncreate view %s as\nselect\n%s\n;\n", r.Name,
		r.Norwegian, d.named(r.Name), strings.Join(columns, "\n"))
}

// lawsRates are the rates of the law, which every agency has.
func (d *draft) lawsRates() string {
	var rows []string
	for _, r := range statute.LatePayment.Rows {
		rows = append(rows, fmt.Sprintf("    (%s, date '%s', %d, %s)", literal(debt.RateLatePayment), r.From, r.Value,
			literal(r.Source)))
	}
	return fmt.Sprintf("-- rate (rentesats): the law's, to %s. Add a row for each half-year that comes.\ncreate view %s as\nselect kind, valid_from, basis_points, source\nfrom (values\n%s\n) r (kind, valid_from, basis_points, source);\n",
		statute.LatePayment.Last, d.named("rate"), strings.Join(rows, ",\n"))
}

// typeOf is the type of a column that is not known: references have that of the key.
func (d *draft) typeOf(r spec.Relation, c spec.Column) string {
	target := r.Name
	if c.Refers != "" {
		to, _ := spec.Find(c.Refers)
		target = to.Name
	}
	if typ := d.keys[target]; c.IsKey() && typ != "" {
		return typ
	}
	return c.Types[0]
}

func (d *draft) expression(r spec.Relation, t *table, c spec.Column) expression {
	unknown := expression{sql: "null::" + d.typeOf(r, c), todo: "not found: " + c.About}
	switch {
	case c.Name == "contract_version":
		return expression{sql: fmt.Sprint(spec.Version)}
	case c.Refers != "":
		target, _ := spec.Find(c.Refers)
		if e, ok := d.refer(t, target.Name); ok {
			return e
		}
		return unknown
	case c.IsKey():
		if e, ok := d.key(r.Name, nil); ok {
			return e
		}
		return unknown
	}
	if c.Name == "name" && r.Name == "debtor" {
		if e, ok := wholeName(t); ok {
			return e
		}
	}
	have, ok := t.find(c.Name)
	if !ok && c.Name == "case_number" && len(t.key) == 1 {
		have, ok = t.columns[slices.IndexFunc(t.columns, func(c column) bool { return c.name == t.key[0] })], true
	}
	if !ok || slices.ContainsFunc(t.refers, func(f reference) bool {
		return slices.Contains(f.Columns, have.name) && !slices.Contains(t.key, have.name)
	}) {
		return unknown
	}
	e, ok := d.convert(c, have)
	if !ok {
		unknown.todo = fmt.Sprintf("%s is %s, which may be it: %s", quoted(have.name), have.typ, c.About)
		return unknown
	}
	e.columns = []string{have.name}
	if r.Name == "rate" && c.Name == "kind" {
		e.todo = "give " + debt.RateLatePayment + " for late-payment interest, and pass the others on"
	}
	if c.Codes != nil {
		e.todo = "name each of your codes and pass the others on: coalesce(case ... when ... then '" + c.Codes.Codes[0].Value +
			"' end, your_code), of " + strings.Join(c.Codes.Values(), ", ")
	}
	return e
}

// wholeName puts first and last name together.
func wholeName(t *table) (expression, bool) {
	var parts []string
	for _, names := range [][]string{words("fornavn first_name given_name"), words("etternavn last_name surname family_name")} {
		for _, c := range t.columns {
			if slices.Contains(names, plain(c.name)) {
				parts = append(parts, c.name)
				break
			}
		}
	}
	if len(parts) != 2 {
		return expression{}, false
	}
	sql := fmt.Sprintf("concat_ws(' ', x.%s, x.%s)", quoted(parts[0]), quoted(parts[1]))
	return expression{sql: sql, columns: parts}, true
}

var øreNamed = regexp.MustCompile(`(ore|cents?)$`)

// convert casts a column to the type of the contract, where the types tell how.
func (d *draft) convert(c spec.Column, have column) (expression, bool) {
	name := "x." + quoted(have.name)
	base, _, _ := strings.Cut(have.typ, "(")
	number := slices.Contains([]string{"bigint", "integer", "smallint"}, base)
	texts := slices.Contains([]string{"text", "character varying"}, base)
	kit := quoted(d.Schema + "_kit")
	switch {
	case c.IsAmount():
		switch {
		case number && øreNamed.MatchString(plain(have.name)):
			return expression{sql: name + "::bigint"}, true
		case base == "numeric" || base == "money":
			return expression{sql: "round(" + name + "::numeric * 100)::bigint"}, true
		}
	case c.IsRate():
		switch {
		case base == "numeric":
			return expression{sql: "round(" + name + " * 100)::integer"}, true
		case number && strings.Contains(plain(have.name), "basispoint"):
			return expression{sql: name + "::integer"}, true
		}
	case c.Types[0] == "date":
		switch base {
		case "date":
			return expression{sql: name}, true
		case "timestamp with time zone":
			return expression{sql: "(" + name + " at time zone 'Europe/Oslo')::date"}, true
		case "timestamp without time zone":
			return expression{sql: name + "::date"}, true
		case "character", "text", "character varying", "integer":
			return expression{sql: kit + ".day(" + name + "::text)"}, true
		}
	case c.IsDay():
		switch base {
		case "timestamp with time zone":
			return expression{sql: name}, true
		case "timestamp without time zone":
			return expression{sql: "(" + name + " at time zone 'Europe/Oslo')"}, true
		case "date":
			return expression{sql: "(" + name + "::timestamp at time zone 'Europe/Oslo')"}, true
		}
	case c.Types[0] == "boolean":
		return expression{sql: name}, base == "boolean"
	case c.IsArray():
		return expression{sql: name + "::text[]"}, base == "text[]"
	case c.Name == "postal_code" && number:
		return expression{sql: "lpad(" + name + "::text, 4, '0')"}, true
	case c.IsText():
		if texts {
			return expression{sql: name}, true
		}
		return expression{sql: name + "::text"}, number || base == "character" || base == "uuid"
	case number:
		return expression{sql: name + "::" + c.Types[0]}, true
	}
	return expression{}, false
}

// index adds an index for what is looked up, where none begins with it.
func (d *draft) index(t *table, e expression) {
	own := strings.ReplaceAll(e.sql, "x.", "")
	if len(e.columns) == 1 && own == quoted(e.columns[0]) {
		if slices.ContainsFunc(t.indexed, func(i string) bool { return strings.Trim(i, `"`) == e.columns[0] }) {
			return
		}
	} else {
		own = "(" + own + ")"
	}
	h := fnv.New32a()
	_, _ = h.Write([]byte(t.sanitized() + own)) // it never fails
	d.indexes = append(d.indexes, fmt.Sprintf("create index if not exists %s on %s (%s);",
		quoted(fmt.Sprintf("oversikt_%.30s_%08x", t.name, h.Sum32())), t.sanitized(), own))
}

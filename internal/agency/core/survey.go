package core

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Survey is a look at the rows of one relation, whosever they are. It reads them with what Read
// reads them with: what it finds wrong, Read leaves out or fails at.
type Survey struct {
	Schema   string
	Relation spec.Relation
	Fit      func(column string) bool // whether a column is looked at
	Limit    int                      // of rows; 0: all of them
}

// Surveyed is a row that a survey has read. It holds until the next one.
type Surveyed struct {
	Misfits []Misfit
	columns []spec.Column
	values  [][]byte
	key     [][]byte
}

// Misfit is a value that breaks the contract.
type Misfit struct {
	Column string
	Reason debt.WithheldReason
	What   string // without the value
}

// Value returns the value of a column of texts as it came; nil for null.
func (s *Surveyed) Value(column string) []byte {
	for i, c := range s.columns {
		if c.Name == column {
			return s.values[i]
		}
	}
	return nil
}

// Key returns the row's key, its parts in the order of KeyOf.
func (s *Surveyed) Key() (parts []string) {
	for _, k := range s.key {
		parts = append(parts, string(k))
	}
	return parts
}

// KeyOf returns the columns that name a row of a relation to its DBA.
func KeyOf(r spec.Relation) []string {
	if len(r.Unique) > 0 {
		return r.Unique[0]
	}
	for _, c := range r.Columns {
		if c.Refers != "" {
			return []string{c.Name}
		}
	}
	return nil
}

// surveyor takes the place of what Read does with rows.
type surveyor struct {
	columns []spec.Column // of the read, and then the others; the zero Column is not looked at
	row     func(*Surveyed)
	rest    []any // where the columns are read that no read of the relation has
	seen    int64
}

// Rows reads the relation to its limit and calls row for each row. It returns how many rows it has
// seen, also with an error.
func (s Survey) Rows(ctx context.Context, tx pgx.Tx, row func(*Surveyed)) (int64, error) {
	a := newAssembly(debt.Agency{}, 0)
	a.reading = s.Relation.Name
	v := &surveyor{row: row}
	a.survey = v
	receiver := func(a *assembly, rows pgx.Rows) error { return a.each(rows, nil, nil, nil) }
	var items []string
	if i := slices.IndexFunc(statements, func(st statement) bool { return st.name == s.Relation.Name }); i >= 0 {
		items, receiver = s.items(v, statements[i].sql), statements[i].receiver
	}
	for _, c := range s.Relation.Columns {
		if !slices.ContainsFunc(v.columns, func(o spec.Column) bool { return o.Name == c.Name }) && s.Fit(c.Name) {
			v.columns, v.rest = append(v.columns, c), append(v.rest, destination(c))
			items = append(items, s.item(c))
		}
	}
	for _, k := range KeyOf(s.Relation) {
		if s.Fit(k) {
			items = append(items, "x."+pgx.Identifier{k}.Sanitize()+"::text")
		}
	}
	sql := "select " + strings.Join(items, ", ") + " from " + pgx.Identifier{s.Schema, s.Relation.Name}.Sanitize() + " x"
	if s.Limit > 0 {
		sql += fmt.Sprintf(" limit %d", s.Limit)
	}
	registerTypes(tx.Conn())
	rows, err := tx.Query(ctx, sql, pgx.QueryExecModeDescribeExec)
	if err != nil {
		return 0, err
	}
	err = receiver(a, rows)
	rows.Close()
	return v.seen, errors.Join(err, rows.Err())
}

var (
	relationOf = regexp.MustCompile(`\b` + spec.Schema + `\.([a-z_]+) (\w+)\b`)
	plainItem  = regexp.MustCompile(`^(?:coalesce\()?(\w+)\.(\w+)(?:::text)?(?:, ''\))?(?: as \w+)?$`)
	ownItem    = regexp.MustCompile(`^(\w+)$`)
)

// items are the columns of a read, each from the relation itself, or null where it is another's.
func (s Survey) items(v *surveyor, read string) (items []string) {
	alias := ""
	for _, m := range relationOf.FindAllStringSubmatch(read, -1) {
		if m[1] == s.Relation.Name && alias == "" {
			alias = m[2]
		}
	}
	for _, item := range itemsOf(read) {
		var c spec.Column
		switch m := plainItem.FindStringSubmatch(item); {
		case m != nil && (m[1] == alias || m[2] == "case_id"):
			c = s.Relation.Column(m[2])
		case ownItem.MatchString(item):
			c = s.Relation.Column(item)
		}
		switch {
		case c.Name != "" && s.Fit(c.Name):
			items = append(items, s.item(c))
			if strings.HasPrefix(item, "coalesce(") {
				items[len(items)-1] = "coalesce(" + s.item(c) + ", '')"
			}
		case c.Name != "":
			items, c = append(items, "null::"+c.Types[0]), spec.Column{}
			if i := len(items) - 1; strings.Contains(item, "::text") {
				items[i] = "null::text"
			}
		case strings.HasPrefix(item, "array("):
			items = append(items, "null::text[]")
		default:
			items = append(items, "null::text")
		}
		v.columns = append(v.columns, c)
	}
	return items
}

// item is a column as the reads have it: keys are texts.
func (s Survey) item(c spec.Column) string {
	name := "x." + pgx.Identifier{c.Name}.Sanitize()
	if c.IsKey() {
		name += "::text"
	}
	return name
}

// itemsOf returns the columns of the first select of a statement.
func itemsOf(sql string) (items []string) {
	_, list, _ := strings.Cut(sql, "select ")
	list, _, _ = strings.Cut(list, "\nfrom ")
	depth, from := 0, 0
	for i, r := range list + "," {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			items = append(items, strings.TrimSpace(list[from:i]))
			from = i + 1
		}
	}
	return items
}

// destination is where a column is read that no read of its relation has.
func destination(c spec.Column) any {
	switch null := c.Null != ""; {
	case c.IsAmount():
		return either(null, new(*money.Øre), new(money.Øre))
	case c.Types[0] == "bigint" && !c.IsKey():
		return either(null, new(*int64), new(int64))
	case c.IsArray():
		return new([]string)
	case c.IsText() || c.IsKey():
		return either(null, new(*string), new(string))
	case c.Ends:
		return until(new(norway.Date))
	case c.Types[0] == "date":
		return either(null, new(norway.Date), never(new(norway.Date)))
	case c.IsDay():
		return either(null, new(*time.Time), new(time.Time))
	case c.Types[0] == "boolean":
		return either(null, new(*bool), new(bool))
	default:
		return either(null, new(*int), new(int))
	}
}

func either(null bool, nullable, never any) any {
	if null {
		return nullable
	}
	return never
}

// each reads the rows as assembly.each does.
func (v *surveyor) each(a *assembly, rows pgx.Rows, dst []any) error {
	dst = append(slices.Clone(dst), v.rest...)
	fields := rows.FieldDescriptions()
	if len(v.columns) != len(dst) || len(fields) < len(dst) {
		return misfit{a.reading, fmt.Sprintf("relation of %d columns", len(dst))}
	}
	for i, c := range v.columns {
		if c.Name == "" {
			continue
		}
		if err := fit(fields[i:i+1], dst[i:i+1]); err != nil {
			return err
		}
	}
	types := rows.Conn().TypeMap()
	a.plans = a.plans[:0]
	for i, d := range dst {
		a.plans = append(a.plans, planOf(types, fields[i], d))
	}
	for rows.Next() {
		v.seen++
		all := rows.RawValues()
		row := Surveyed{columns: v.columns, values: all[:len(dst)], key: all[len(dst):]}
		for i, c := range v.columns {
			if c.Name != "" {
				row.look(a, i, fields[i], dst[i])
			}
		}
		size := 0
		for _, value := range all {
			size += len(value)
		}
		if size > spec.MaxRow {
			row.Misfits = append(row.Misfits, Misfit{"", debt.WithheldText,
				fmt.Sprintf("a row of more than %d MiB", spec.MaxRow>>20)})
		}
		v.row(&row)
	}
	return rows.Err()
}

// look scans one value, and holds it against the bounds that Read holds it against afterwards.
func (s *Surveyed) look(a *assembly, i int, field pgconn.FieldDescription, dst any) {
	c, value := s.columns[i], s.values[i]
	if err := a.plans[i].Scan(value, dst); err != nil {
		if value == nil {
			err = missing("value")
		}
		b := breach{err: err}
		m := Misfit{c.Name, b.reason(), "a value that cannot be read"}
		if u, ok := errors.AsType[unfit](err); ok {
			m.What = u.text
		}
		s.Misfits = append(s.Misfits, m)
		return
	}
	if value == nil && c.Null == "" {
		s.Misfits = append(s.Misfits, Misfit{c.Name, debt.WithheldMissing, "null in place of a value"})
		return
	}
	if len(value) != 4 || field.DataTypeOID != pgtype.Int4OID {
		return
	}
	n := int(int32(binary.BigEndian.Uint32(value)))
	switch {
	case c.IsRate() && !rate(&n):
		s.Misfits = append(s.Misfits, Misfit{c.Name, debt.WithheldRate, "a rate that is not from 0 to 1,000 per cent"})
	case a.reading == "policy" && !counts(n):
		s.Misfits = append(s.Misfits, Misfit{c.Name, debt.WithheldOther,
			fmt.Sprintf("a count that is not from 0 to %d", spec.MaxCount)})
	}
}

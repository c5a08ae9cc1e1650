// Package reseal gives what is in the portal database the first key of the secret, so that the
// others can be taken away. It runs beside the service, in small steps, as the owner of the
// database: the service itself must not rewrite what it has written.
package reseal

import (
	"bytes"
	"context"
	_ "embed"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/begin.sql
	beginSQL string
	//go:embed sql/forget.sql
	forgetSQL string
)

const (
	usualRows = 100
	maxPasses = 20
)

// Job gives rows another key.
type Job struct {
	Conn   *pgx.Conn // as the owner of the database
	Secret *portal.Secret
	Tables []portal.Keyed
	Rings  []portal.Ring             // whose other keys are forgotten at the end
	Tell   func(table string, n int) // is told what was changed; nil: nobody is
}

// Run goes through all tables until no row has another key than the first, and then has the
// database forget the other keys. It can be interrupted, and run again, at any time. The error says
// so where a replica still writes with another key.
func (j *Job) Run(ctx context.Context) (changed int, err error) {
	for range maxPasses {
		n := 0
		for _, t := range j.Tables {
			of, err := j.table(ctx, t)
			if n += of; err != nil {
				return changed + n, fmt.Errorf("%s: %w", t.Table, err)
			}
			if j.Tell != nil && of > 0 {
				j.Tell(t.Table, of)
			}
		}
		changed += n
		if n == 0 {
			return changed, j.forget(ctx)
		}
	}
	return changed, errors.New("rows with another key come as fast as they are renewed: " +
		"does every replica have the new key first?")
}

func (j *Job) forget(ctx context.Context) error {
	for _, r := range j.Rings {
		if _, err := j.Conn.Exec(ctx, forgetSQL, r.Name, r.Checks[0]); err != nil {
			return fmt.Errorf("forget the other keys: %w", err)
		}
	}
	return nil
}

// table goes once through a table, in the order of its primary key.
func (j *Job) table(ctx context.Context, t portal.Keyed) (changed int, err error) {
	if t.Rows == 0 {
		t.Rows = usualRows
	}
	var last []any
	for {
		rows, err := j.read(ctx, t, last)
		if err != nil || len(rows) == 0 {
			return changed, err
		}
		n, err := j.write(ctx, t, rows)
		if changed += n; err != nil {
			return changed, err
		}
		if len(rows) < t.Rows {
			return changed, nil
		}
		last = rows[len(rows)-1].key
	}
}

// row is what there is to renew of a row.
type row struct {
	key      []any
	old, new [][]byte // of the references, then of what is sealed; nil where it is null
}

func (j *Job) read(ctx context.Context, t portal.Keyed, after []any) ([]row, error) {
	key := strings.Join(t.Key, ", ")
	columns := slices.Clone(t.Key)
	columns = append(columns, t.References...)
	for _, s := range t.Sealed {
		columns = append(columns, s.Column)
	}
	for _, s := range t.Sealed {
		columns = append(columns, "("+s.Bound+")::text")
	}
	sql := "select " + strings.Join(columns, ", ") + " from " + t.Table
	if after != nil {
		sql += " where (" + key + ") > (" + parameters(1, len(after)) + ")"
	}
	rows, err := j.Conn.Query(ctx, fmt.Sprintf("%s order by %s limit %d", sql, key, t.Rows), after...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, func(r pgx.CollectableRow) (row, error) {
		values, err := r.Values()
		if err != nil {
			return row{}, err
		}
		return j.renew(t, values)
	})
}

// renew reads the values of a row: its key, references, sealed values, and what they are bound to.
func (j *Job) renew(t portal.Keyed, values []any) (row, error) {
	r := row{key: values[:len(t.Key)]}
	references := values[len(t.Key):][:len(t.References)]
	sealed := values[len(t.Key)+len(t.References):]
	for _, v := range references {
		was, _ := v.([]byte)
		is := was
		if was != nil {
			var err error
			if is, _, err = j.Secret.Renew(was); err != nil {
				return r, fmt.Errorf("a reference: %w", err)
			}
		}
		r.old, r.new = append(r.old, was), append(r.new, is)
	}
	for i, s := range t.Sealed {
		was, _ := sealed[i].([]byte)
		bound, ok := sealed[len(t.Sealed)+i].(string)
		is := was
		if was != nil && ok {
			var err error
			if is, _, err = j.Secret.Reseal(was, bound); err != nil {
				return r, fmt.Errorf("%s: %w", s.Column, err)
			}
		}
		r.old, r.new = append(r.old, was), append(r.new, is)
	}
	return r, nil
}

// write renews rows in one transaction. What somebody has changed meanwhile stays as it is, for the
// next pass.
func (j *Job) write(ctx context.Context, t portal.Keyed, rows []row) (changed int, err error) {
	var todo []row
	for _, r := range rows {
		if !slices.EqualFunc(r.old, r.new, bytes.Equal) {
			todo = append(todo, r)
		}
	}
	if len(todo) == 0 {
		return 0, nil
	}
	update := updateSQL(t)
	return len(todo), pgx.BeginFunc(ctx, j.Conn, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, beginSQL); err != nil {
			return err
		}
		var batch pgx.Batch
		for _, r := range todo {
			args := slices.Clone(r.key)
			for _, b := range slices.Concat(r.old, r.new) {
				args = append(args, b)
			}
			batch.Queue(update, args...)
			if t.Brief { // where another row has the reference, there was nothing to update
				batch.Queue(removeSQL(t), args[:len(t.Key)+len(r.old)]...)
			}
		}
		return tx.SendBatch(ctx, &batch).Close()
	})
}

// updateSQL writes a row whose key is the first parameters, then what it had, then what it gets.
func updateSQL(t portal.Keyed) string {
	columns := renewed(t)
	had, gets := len(t.Key)+1, len(t.Key)+len(columns)+1
	var set []string
	for i, c := range columns {
		set = append(set, fmt.Sprintf("%s = $%d", c, gets+i))
	}
	sql := "update " + t.Table + " set " + strings.Join(set, ", ") + " where " + same(t, had)
	if !t.Brief {
		return sql
	}
	var other []string
	for i, k := range t.Key {
		place := i + 1
		if c := slices.Index(columns, k); c >= 0 {
			place = gets + c
		}
		other = append(other, fmt.Sprintf("other.%s = $%d", k, place))
	}
	return sql + " and not exists (select from " + t.Table + " other where " + strings.Join(other, " and ") + ")"
}

func removeSQL(t portal.Keyed) string {
	return "delete from " + t.Table + " where " + same(t, len(t.Key)+1)
}

// same says that a row has the key and still what it had.
func same(t portal.Keyed, had int) string {
	var where []string
	for i, k := range t.Key {
		where = append(where, fmt.Sprintf("%s = $%d", k, i+1))
	}
	for i, c := range renewed(t) {
		where = append(where, fmt.Sprintf("%s is not distinct from $%d", c, had+i))
	}
	return strings.Join(where, " and ")
}

func renewed(t portal.Keyed) []string {
	columns := slices.Clone(t.References)
	for _, s := range t.Sealed {
		columns = append(columns, s.Column)
	}
	return columns
}

func parameters(first, n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprintf("$%d", first+i)
	}
	return strings.Join(all, ", ")
}

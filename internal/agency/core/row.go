package core

import (
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// breach is a row that breaks the contract.
type breach struct {
	columns uint64 // those that do, a bit for each
	column  string // the first of them
	err     error
}

// spoils says that a column cannot be used: it has the value of the row before.
func (b breach) spoils(column int) bool { return b.columns&(1<<column) != 0 }

// reason says what is wrong.
func (b breach) reason() debt.WithheldReason {
	if u, ok := errors.AsType[unfit](b.err); ok {
		return u.reason
	}
	return debt.WithheldOther
}

// costly is for a row that concerns every case: it costs the agency.
func costly(b breach) error { return b.err }

// each reads rows into the same destinations and calls add after each, or broken where the row
// breaks the contract. An error of broken ends the read.
func (a *assembly) each(rows pgx.Rows, dst []any, add func(), broken func(breach) error) error {
	if a.survey != nil {
		return a.survey.each(a, rows, dst)
	}
	columns := rows.FieldDescriptions()
	if len(columns) != len(dst) {
		return misfit{a.reading, fmt.Sprintf("relation of %d columns", len(dst))}
	}
	if err := fit(columns, dst); err != nil {
		return err
	}
	a.plans = a.plans[:0]
	types := rows.Conn().TypeMap()
	for i, d := range dst {
		a.plans = append(a.plans, planOf(types, columns[i], d))
	}
	for n := 1; rows.Next(); n++ {
		values := rows.RawValues()
		for _, v := range values {
			a.bytes += len(v)
		}
		if n > spec.MaxRows || a.bytes > spec.MaxAnswer {
			_ = rows.Conn().PgConn().Conn().Close() // else the rest would have to be received
			return unfit{debt.WithheldOther,
				fmt.Sprintf("more than %d rows or %d MiB for one person", spec.MaxRows, spec.MaxAnswer>>20)}
		}
		b := a.scan(columns, values, dst)
		if b.err == nil {
			add()
		} else if err := broken(b); err != nil {
			return err
		}
	}
	return rows.Err()
}

// scan reads every column of a row, also behind one that breaks the contract.
func (a *assembly) scan(columns []pgconn.FieldDescription, values [][]byte, dst []any) (b breach) {
	for i, plan := range a.plans {
		err := plan.Scan(values[i], dst[i])
		if err == nil {
			continue
		}
		b.columns |= 1 << i
		if b.err != nil {
			continue
		}
		if values[i] == nil {
			err = missing("value")
		}
		b.column = columns[i].Name
		b.err = pgx.ScanArgError{ColumnIndex: i, FieldName: b.column, Err: err}
	}
	return b
}

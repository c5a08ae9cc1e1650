// Package core reads the schema `oversikt` that every agency keeps in its core database
// (docs/contract.md), and calls its functions. It knows the records of
// internal/debt, SQL and the caller's scope; it knows nothing of GraphQL or of other agencies.
package core

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// Conn is a connection or a pool of them.
type Conn interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// Query says what is read.
type Query struct {
	Scope caller.Scope
	Want  debt.Relations
	Cases []string    // keys of the only cases wanted; nil: all in scope; those outside are left out
	Today norway.Date // the day that the records are looked at from
}

const (
	begin  = "begin isolation level repeatable read read only"
	commit = "commit"
)

// Read returns what the scope may see at one agency: all that is wanted, from one
// snapshot, in one round trip. A database that does not keep the contract gives
// SCHEMA_MISMATCH. agency names the agency and what is known of it without its database.
func Read(ctx context.Context, conn Conn, agency debt.Agency, q Query) (*debt.Part, error) {
	return whole.Read(ctx, conn, agency, q)
}

// Read is the function Read, for a database of the layout.
func (l *Layout) Read(ctx context.Context, conn Conn, agency debt.Agency, q Query) (*debt.Part, error) {
	return l.read(ctx, conn, agency, q, true)
}

// ReadWithin is Read within the transaction of an act: each statement sees what was
// committed before it, and what the act itself has done.
func ReadWithin(ctx context.Context, tx pgx.Tx, agency debt.Agency, q Query) (*debt.Part, error) {
	return whole.ReadWithin(ctx, tx, agency, q)
}

// ReadWithin is the function ReadWithin, for a database of the layout.
func (l *Layout) ReadWithin(ctx context.Context, tx pgx.Tx, agency debt.Agency, q Query) (*debt.Part, error) {
	return l.read(ctx, tx, agency, q, false)
}

// read sends the statements, framed by a transaction of their own or within one.
func (l *Layout) read(ctx context.Context, conn Conn, agency debt.Agency, q Query, framed bool) (*debt.Part, error) {
	var batch pgx.Batch
	if framed {
		batch.Queue(begin)
	}
	// The number is null where nothing is in scope: a core may hold empty numbers.
	args := []any{nil, q.Scope.Cases(agency.Code, q.Cases)}
	if q.Scope.Covers(agency.Code) {
		args[0] = q.Scope.NationalID().Reveal()
	}
	sent := make([]*statement, 0, len(l.statements))
	for i := range l.statements {
		s := &l.statements[i]
		if q.Want&s.serves == 0 {
			continue
		}
		sent = append(sent, s)
		batch.Queue(s.sql, args[:s.params]...)
	}
	if framed {
		batch.Queue(commit)
	}

	results := conn.SendBatch(ctx, &batch)
	a := newAssembly(agency, q.Today)
	err := a.take(results, sent, framed)
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err == nil {
		err = a.sound(q.Want)
	}
	if err != nil {
		return nil, mismatch(fmt.Errorf("read agency %s: %w", agency.Code, err))
	}
	return a.part(), nil
}

func (a *assembly) take(results pgx.BatchResults, sent []*statement, framed bool) error {
	if framed {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("begin: %w", hushed(err))
		}
	}
	for _, s := range sent {
		rows, err := results.Query()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, hushed(err))
		}
		err = s.receiver(a, rows)
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, hushed(err))
		}
	}
	if !framed {
		return nil
	}
	_, err := results.Exec()
	return err
}

// hushed takes the text away where it may repeat what is in a row: PostgreSQL does that in
// errors of data, class 22, and a function may raise any text, class P0.
func hushed(err error) error {
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code[:2] == "22" || pg.Code[:2] == "P0") {
		return &pgconn.PgError{Severity: pg.Severity, Code: pg.Code,
			Message: "its text is left out, as it may repeat a value"}
	}
	return err
}

// mismatch turns errors that only a change of the agency's views can mend into SCHEMA_MISMATCH.
func mismatch(err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ok && slices.Contains(mended, pg.Code[:2]), errors.As(err, new(pgx.ScanArgError)), errors.As(err, new(misfit)):
		return fault.New(fault.SchemaMismatch, "the agency's database does not keep the contract").Because(err)
	default:
		return err
	}
}

// mended are classes of PostgreSQL's errors: what is missing or not allowed, not supported,
// impossible with the data, against the agency's own constraints, raised by a function.
var mended = []string{"42", "0A", "22", "23", "P0"}

// Warm finds out how a new connection's database keeps the contract, in a schema, and prepares
// every read on it by reading for nobody, in three round trips; it fails where the database does
// not keep the contract.
func Warm(ctx context.Context, conn *pgx.Conn, schema string) (*Layout, error) {
	Register(conn)
	l, err := look(ctx, conn, schema)
	if err != nil {
		return nil, err
	}
	if _, err := l.Read(ctx, conn, debt.Agency{}, Query{Want: ^debt.Relations(0)}); err != nil {
		return nil, err
	}
	return l, nil
}

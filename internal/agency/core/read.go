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
	"github.com/jackc/pgx/v5/pgproto3"

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
	Kept  *Catalogue  // what the database has; nil: all of the contract
	Acts  debt.Acts   // on collection; nil: as the law tables have them
}

const (
	begin  = "begin isolation level repeatable read read only"
	commit = "commit"
)

// Read returns what the scope may see at one agency: all that is wanted, from one
// snapshot, in one round trip. A database that does not keep the contract gives
// SCHEMA_MISMATCH. agency names the agency and what is known of it without its database.
func Read(ctx context.Context, conn Conn, agency debt.Agency, q Query) (*debt.Part, error) {
	a, err := read(ctx, conn, agency, q, true)
	if err != nil {
		return nil, err
	}
	return a.part(), nil
}

// ReadWithin is Read within the transaction of an act: each statement sees what was
// committed before it, and what the act itself has done.
func ReadWithin(ctx context.Context, tx pgx.Tx, agency debt.Agency, q Query) (*debt.Part, error) {
	a, err := read(ctx, tx, agency, q, false)
	if err != nil {
		return nil, err
	}
	return a.part(), nil
}

// ReadEach is Read for several scopes, from one snapshot and in one round trip: a part for each.
func ReadEach(ctx context.Context, conn Conn, agency debt.Agency, q Query, scopes []caller.Scope) ([]*debt.Part,
	error) {
	var batch pgx.Batch
	batch.Queue(begin)
	sent := make([][]*statement, len(scopes))
	for i, scope := range scopes {
		q.Scope = scope
		sent[i] = enqueue(&batch, agency, q)
	}
	batch.Queue(commit)
	results := conn.SendBatch(ctx, &batch)
	parts, err := takeEach(results, agency, q, scopes, sent)
	if closed := results.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return nil, mismatch(fmt.Errorf("read agency %s: %w", agency.Code, err))
	}
	return parts, nil
}

func takeEach(results pgx.BatchResults, agency debt.Agency, q Query, scopes []caller.Scope,
	sent [][]*statement) (parts []*debt.Part, err error) {
	if _, err := results.Exec(); err != nil {
		return nil, fmt.Errorf("begin: %w", Hushed(err))
	}
	for i, statements := range sent {
		q.Scope = scopes[i]
		a := assemblyFor(agency, q)
		err := a.take(results, statements, false)
		if err == nil {
			err = a.sound(q.Want)
		}
		if err != nil {
			return nil, err
		}
		parts = append(parts, a.part())
	}
	_, err = results.Exec()
	return parts, err
}

// read sends the statements, framed by a transaction of their own or within one.
func read(ctx context.Context, conn Conn, agency debt.Agency, q Query, framed bool) (*assembly, error) {
	var batch pgx.Batch
	if framed {
		batch.Queue(begin)
	}
	sent := enqueue(&batch, agency, q)
	if framed {
		batch.Queue(commit)
	}

	results := conn.SendBatch(ctx, &batch)
	a := assemblyFor(agency, q)
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
	return a, nil
}

func assemblyFor(agency debt.Agency, q Query) *assembly {
	a := newAssembly(agency, q.Today)
	a.terms.Acts, a.whole = q.Acts, q.Scope.Cases(agency.Code, q.Cases) == nil
	a.terms.Policy.NothingAgreed = !q.Kept.Offers("propose_solution")
	return a
}

// enqueue adds the statements of a read to a batch, and returns them.
func enqueue(batch *pgx.Batch, agency debt.Agency, q Query) []*statement {
	var caller any // null where nothing is in scope: a core may hold empty numbers
	cases := q.Scope.Cases(agency.Code, q.Cases)
	one, fromCase := q.Scope.Case()
	switch {
	case !q.Scope.Covers(agency.Code):
	case fromCase:
		caller = one.ID
	default:
		caller = q.Scope.NationalID().Reveal()
	}
	args := [...][]any{nil, {caller}, {caller, cases}} // by how many a read takes
	if fromCase {                                      // and its debtor, where that is known
		debtor := null(q.Scope.NationalID().Reveal())
		args[1], args[2] = append(args[1], debtor), append(args[2], debtor)
	}
	reads := q.Kept.statements()
	sent := make([]*statement, 0, len(reads))
	for i := range reads {
		s := &reads[i]
		if q.Want&s.serves == 0 {
			continue
		}
		sql := s.sql
		if fromCase && s.params > 0 {
			if sql = s.fromCase; sql == "" {
				continue
			}
		}
		sent = append(sent, s)
		batch.Queue(sql, args[s.params]...)
	}
	return sent
}

func (a *assembly) take(results pgx.BatchResults, sent []*statement, framed bool) error {
	if framed {
		if _, err := results.Exec(); err != nil {
			return fmt.Errorf("begin: %w", Hushed(err))
		}
	}
	for _, s := range sent {
		rows, err := results.Query()
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, Hushed(err))
		}
		a.begin(s.name)
		err = s.receiver(a, rows)
		rows.Close()
		if err == nil {
			err = rows.Err()
		}
		if err != nil {
			return fmt.Errorf("%s: %w", s.name, Hushed(err))
		}
	}
	if !framed {
		return nil
	}
	_, err := results.Exec()
	return err
}

// Hushed takes the text away where it may repeat what is in a row: PostgreSQL does that in
// errors of data, class 22, and a function may raise any text, class P0.
func Hushed(err error) error {
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
	case ok && slices.Contains(mended, pg.Code[:2]), errors.As(err, new(pgx.ScanArgError)), errors.As(err, new(misfit)),
		errors.As(err, new(unfit)), errors.As(err, new(*pgproto3.ExceededMaxBodyLenErr)):
		return fault.New(fault.SchemaMismatch, "the agency's database does not keep the contract").Because(err)
	default:
		return err
	}
}

// mended are classes of PostgreSQL's errors: what is missing or not allowed, not supported,
// impossible with the data, against the agency's own constraints, raised by a function.
var mended = []string{"42", "0A", "22", "23", "P0"}

// Warm looks what the database has of the contract in a schema and prepares every read of it on
// a new connection, in five round trips, by reading for nobody, from a person and from a case.
// It fails where the database does not keep the contract. agency is named in what it fails with.
func Warm(ctx context.Context, conn *pgx.Conn, agency debt.Agency, schema string) (*Catalogue, error) {
	Register(conn)
	if !Encoded(conn) {
		return nil, mismatch(unfit{debt.WithheldText,
			"the database is in SQL_ASCII: nobody knows what its bytes mean; `oversikt agency check` tells what to do"})
	}
	kept, err := Look(ctx, conn, schema)
	if err != nil {
		return nil, err
	}
	for _, scope := range []caller.Scope{{}, caseOfNobody} {
		a, err := read(ctx, conn, agency, Query{Scope: scope, Want: ^debt.Relations(0), Kept: kept}, true)
		if err != nil {
			return nil, err
		}
		kept.rates = a.terms.Rates
	}
	return kept, nil
}

// Encoded says that the database knows in which encoding its texts are. PostgreSQL then turns them
// into UTF-8, and ours into its own.
func Encoded(conn *pgx.Conn) bool {
	return conn.PgConn().ParameterStatus("server_encoding") != "SQL_ASCII"
}

// caseOfNobody is a scope that begins from a case and covers no agency.
var caseOfNobody = caller.Principal{Kind: caller.LetterCase, Case: caller.CaseKey{Agency: "-", ID: "-"}}.Scope()

// null passes an empty text as null.
func null(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

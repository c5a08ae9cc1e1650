// Package sample opens an agency's database for the tools of its DBA: as the role that Oversikt
// connects as, in a transaction that is rolled back, with a few of the debtors in it.
package sample

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Options says how a database is opened; the zero value serves for reading.
type Options struct {
	Role    string        // that Oversikt connects as, spec.DefaultRole unless given
	Schema  string        // that holds the contract, spec.Schema unless given
	Timeout time.Duration // of each statement, DefaultTimeout unless given
	Lock    time.Duration // how long others' locks are waited for; zero: nothing is locked or changed
}

// DefaultTimeout bounds a statement where the options do not.
const DefaultTimeout = 10 * time.Second

// View is a database as Oversikt's role has it, from one snapshot.
type View struct {
	pgx.Tx                 // which goes to the schema of the contract
	Kept   *core.Catalogue // what the role may use of the contract
	Schema string
}

// Facts is the agency where its configuration is not known.
var Facts = debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: "agency"}, Code: "agency", Name: "the agency"}

// Open begins a transaction of one snapshot as Oversikt's role. Whoever calls rolls it back.
func Open(ctx context.Context, conn *pgx.Conn, o Options) (*View, error) {
	core.Register(conn)
	access := pgx.ReadOnly
	if o.Lock > 0 {
		access = pgx.ReadWrite
	}
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: access})
	if err != nil {
		return nil, fmt.Errorf("begin: %w", err)
	}
	v := &View{Tx: tx, Schema: cmp.Or(o.Schema, spec.Schema)}
	if err = v.settle(ctx, o); err == nil {
		v.Kept, err = core.Look(ctx, conn, v.Schema)
	}
	if err == nil && !v.Kept.Has("case") {
		err = fmt.Errorf("role %s finds no contract in schema %s: run agency check", cmp.Or(o.Role, spec.DefaultRole),
			v.Schema)
	}
	if err != nil {
		return nil, errors.Join(err, tx.Rollback(ctx))
	}
	v.Tx = v.Kept.In(tx)
	return v, nil
}

// settle takes the role and the bounds on, until the transaction ends.
func (v *View) settle(ctx context.Context, o Options) error {
	var user string
	if err := v.QueryRow(ctx, "select current_user::text").Scan(&user); err != nil {
		return err
	}
	role := cmp.Or(o.Role, spec.DefaultRole)
	settings := [][2]string{
		{"search_path", ""}, {"jit", "off"},
		{"statement_timeout", strconv.FormatInt(cmp.Or(o.Timeout, DefaultTimeout).Milliseconds(), 10)},
		{"lock_timeout", strconv.FormatInt(o.Lock.Milliseconds(), 10)},
	}
	if role != user {
		settings = append(settings, [2]string{"role", role})
	}
	for _, s := range settings {
		_, err := v.Exec(ctx, "select pg_catalog.set_config($1, $2, true)", pgx.QueryExecModeExec, s[0], s[1])
		if pg, ok := errors.AsType[*pgconn.PgError](err); ok && s[0] == "role" {
			return fmt.Errorf("user %s cannot become role %s (SQLSTATE %s): connect as the role itself, or as a member of it",
				user, role, pg.Code)
		}
		if err != nil {
			return fmt.Errorf("set %s: %w", s[0], err)
		}
	}
	return nil
}

// Savepoint begins a part of the transaction that can be rolled back alone.
func (v *View) Savepoint(ctx context.Context) (*View, error) {
	sp, err := v.Tx.Begin(ctx)
	if err != nil {
		return nil, fmt.Errorf("savepoint: %w", err)
	}
	return &View{Tx: v.Kept.In(sp), Kept: v.Kept, Schema: v.Schema}, nil
}

// Try reads what a scope may see, and leaves the transaction as it was where that fails.
func (v *View) Try(ctx context.Context, scope caller.Scope, want debt.Relations, today norway.Date) (*debt.Part,
	error) {
	sp, err := v.Savepoint(ctx)
	if err != nil {
		return nil, err
	}
	part, err := sp.Read(ctx, scope, want, today)
	return part, errors.Join(err, sp.Rollback(ctx))
}

// Read reads what a scope may see, as Oversikt reads it.
func (v *View) Read(ctx context.Context, scope caller.Scope, want debt.Relations, today norway.Date) (*debt.Part,
	error) {
	return core.ReadWithin(ctx, v.Tx, Facts, core.Query{Scope: scope, Want: want, Today: today, Kept: v.Kept})
}

// Today is the day at the agency.
func (v *View) Today(ctx context.Context) (norway.Date, error) {
	var day string
	if err := v.QueryRow(ctx, "select (now() at time zone 'Europe/Oslo')::date::text").Scan(&day); err != nil {
		return 0, fmt.Errorf("the day at the agency: %w", err)
	}
	return norway.ParseDate(day)
}

// near is how many open cases are looked through for debtors.
const near = 20_000

// Persons returns up to n debtors with open cases whom somebody can log in as. They are spread
// over the first that the views give, and the same ones each time while those are the same.
func (v *View) Persons(ctx context.Context, n int) ([]caller.Scope, error) {
	return v.persons(ctx, n, `select d.national_id
		from (select c.debtor_id from (select c.debtor_id from oversikt.case c where c.status = 'OPEN' limit $1) c
		      group by c.debtor_id) c
		join oversikt.debtor d on d.debtor_id = c.debtor_id
		where d.national_id is not null
		order by pg_catalog.md5(d.debtor_id::text)
		limit $2`, near, 2*n)
}

// Of returns the debtors of cases whom somebody can log in as.
func (v *View) Of(ctx context.Context, cases []string) ([]caller.Scope, error) {
	return v.persons(ctx, len(cases), `select distinct d.national_id
		from oversikt.case c join oversikt.debtor d on d.debtor_id = c.debtor_id
		where c.case_id::text = any ($1) and d.national_id is not null
		order by d.national_id`, cases)
}

// persons leaves out numbers that nobody can have: agency check counts them.
func (v *View) persons(ctx context.Context, n int, sql string, args ...any) ([]caller.Scope, error) {
	rows, err := v.Query(ctx, spec.Placed(sql, v.Schema), args...)
	if err != nil {
		return nil, fmt.Errorf("find sample persons: %w", core.Hushed(err))
	}
	numbers, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return nil, fmt.Errorf("find sample persons: %w", core.Hushed(err))
	}
	var found []caller.Scope
	for _, digits := range numbers {
		if id, err := norway.ParseNationalID(digits); err == nil && len(found) < n {
			found = append(found, caller.Principal{Kind: caller.Person, NationalID: id}.Scope())
		}
	}
	return found, nil
}

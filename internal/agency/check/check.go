// Package check proves a database against the contract and names what is wrong with its
// remedy.
package check

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// Breach is one way in which a database does not keep the contract.
type Breach struct {
	Relation string // relation or function of the contract, or what else is at fault: "core.fee", "role oversikt_app"
	Column   string // column, argument or result; empty where it is not about one
	Rule     Rule
	What     string // what is wrong, without personal data
	Remedy   string // what the DBA does about it

	Keys []string // of the first rows that are at fault, but none that may be a person's
	Plan string   // of a read that lacks an index, as PostgreSQL explains it
	DDL  string   // SQL that cures it, to be run by the owner of what it changes; empty where there is none to copy
}

// Options says how a database is checked; the zero value serves.
type Options struct {
	// Role is the role that Oversikt connects as. Empty takes the connected
	// user if that is spec.DefaultRole or owns nothing here, and else spec.DefaultRole.
	Role string

	// Schema is the schema that holds the contract, spec.Schema unless given.
	Schema string

	// Sample is the number of rows of each relation that are looked at, 100,000 unless given.
	Sample int

	// Timeout bounds each query, 5 s unless given.
	Timeout time.Duration

	// Deadline is the agency's in the configuration, 1.5 s unless given: a limit of the role's below
	// it is warned of.
	Deadline time.Duration

	// Full looks at every row, whatever time it takes: Sample and Timeout do not count.
	Full bool
}

// What a check is bounded by where its options do not say.
const (
	DefaultSample  = 100_000
	DefaultTimeout = 5 * time.Second

	DefaultDeadline = 1500 * time.Millisecond
)

const fallbackSample = 1_000 // looked at where the sample takes too long

//go:embed sql
var files embed.FS

// Findings is what a check has found.
type Findings struct {
	Warnings []Breach // what keeps the contract and may still be wrong
	Breaches []Breach // in the order of the contract; none: the reads are kept, and so is what can be called
	Lacking  []string // optional relations, and "relation.column"s, that are not there: they are read as empty
	Missing  []string // acts that are not there, and are not offered
	Old      []string // those of Missing that are there as version 1 had them: what was begun with them can be ended
	NoLogin  bool     // nobody can log in with a letter
	Seen     []Seen   // how much of each relation was looked at, in the order of the contract
}

// Complete says that every row of every view that is there was looked at.
func (f Findings) Complete() bool {
	return !slices.ContainsFunc(f.Seen, func(s Seen) bool { return !s.Whole }) && len(f.unseen()) == 0
}

// unseen are the views that are there and of which nothing was looked at.
func (f Findings) unseen() (names []string) {
	for _, r := range spec.Relations {
		if len(f.Seen) > 0 && !slices.Contains(f.Lacking, r.Name) &&
			!slices.ContainsFunc(f.Seen, func(s Seen) bool { return s.Relation == r.Name }) {
			names = append(names, r.Name)
		}
	}
	return names
}

// Acts returns how many of the contract's acts there are.
func (f Findings) Acts() (offered, all int) {
	for _, a := range spec.Functions {
		if a.IsAct() {
			all++
		}
	}
	return all - len(f.Missing), all
}

// Run proves a database against the contract. It connects as nobody: conn is the owner's or the
// run-time role's. It only reads, in one snapshot, and each query is bounded in
// time; what it finds names no person.
func Run(ctx context.Context, conn *pgx.Conn, o Options) (Findings, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Findings{}, fmt.Errorf("check: begin: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // it has changed nothing
	return within(ctx, tx, o)
}

// Glance proves what the catalogue alone tells of a database, for who is connected, in a few
// queries that read no row of the agency's: often enough for a service that looks again and again.
func Glance(ctx context.Context, conn *pgx.Conn, o Options) (Findings, error) {
	tx, err := conn.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return Findings{}, fmt.Errorf("glance: begin: %w", err)
	}
	defer func() { _ = tx.Rollback(ctx) }() // it has changed nothing
	c := newChecker(tx, o)
	return c.take(ctx, step{"who", c.who}, step{"schema", c.schema}, step{"functions", c.functions},
		step{"role", func(ctx context.Context) error { c.Role = c.user; return c.rights(ctx) }},
		step{"limits", c.limits}, step{"calls", c.called})
}

// step is one part of a check.
type step struct {
	name string
	run  func(context.Context) error
}

// within proves what the transaction sees.
func within(ctx context.Context, tx pgx.Tx, o Options) (Findings, error) {
	c := newChecker(tx, o)
	return c.take(ctx, step{"settings", c.settings}, step{"schema", c.schema}, step{"functions", c.functions},
		step{"role", c.rights}, step{"limits", c.limits}, step{"calls", c.called}, step{"data", c.data},
		step{"defaults", c.defaults}, step{"indexes", c.plans})
}

// take takes the steps of a check, and stops where there is no schema.
func (c *checker) take(ctx context.Context, steps ...step) (Findings, error) {
	for _, s := range steps {
		if err := s.run(ctx); err != nil {
			return Findings{}, fmt.Errorf("check %s: %w", s.name, err)
		}
		if c.noSchema {
			break
		}
	}
	return Findings{c.warnings, c.breaches, c.lacking, c.missing, c.old, c.noLogin, c.seen}, nil
}

// newChecker fills in what the options do not say.
func newChecker(tx pgx.Tx, o Options) *checker {
	if o.Sample == 0 {
		o.Sample = DefaultSample
	}
	if o.Schema == "" {
		o.Schema = spec.Schema
	}
	if o.Timeout == 0 {
		o.Timeout = DefaultTimeout
	}
	if o.Deadline == 0 {
		o.Deadline = DefaultDeadline
	}
	if o.Full {
		o.Sample, o.Timeout = 0, 0
	}
	return &checker{tx: tx, Options: o, unfit: map[string]bool{}}
}

type checker struct {
	Options
	tx       pgx.Tx
	user     string
	noSchema bool
	noLogin  bool
	// unfit are the relations and "relation.column"s that later steps leave alone:
	// one fault is reported once.
	unfit     map[string]bool
	unplanned map[string]bool // the same for the reads' plans
	unread    []string        // relations that the connected user cannot read
	breaches  []Breach
	warnings  []Breach
	seen      []Seen
	lacking   []string // optional relations and "relation.column"s that are not there
	missing   []string // acts that are not there, in the order of the contract
	old       []string // those of them whose function is version 1's
}

func (c *checker) breach(b Breach) { c.breaches = append(c.breaches, c.here(b)) }

func (c *checker) warn(b Breach) { c.warnings = append(c.warnings, c.here(b)) }

// here names the schema that is checked.
func (c *checker) here(b Breach) Breach {
	for _, text := range []*string{&b.Relation, &b.What, &b.Remedy} {
		*text = c.placed(*text)
	}
	return b
}

// placed names the schema that is checked in a text that is written for the usual one.
func (c *checker) placed(text string) string {
	text = spec.Placed(text, c.Schema)
	if c.Schema != spec.Schema {
		text = strings.ReplaceAll(text, "schema "+spec.Schema, "schema "+quoted(c.Schema))
	}
	return text
}

// fit says whether the relations, or "relation.column"s, are as the contract has them.
func (c *checker) fit(names ...string) bool {
	for _, name := range names {
		relation, _, _ := strings.Cut(name, ".")
		if c.unfit[relation] || c.unfit[name] {
			return false
		}
	}
	return true
}

func (c *checker) settings(ctx context.Context) error {
	if err := c.who(ctx); err != nil {
		return err
	}
	return c.set(ctx, "statement_timeout", strconv.FormatInt(c.Timeout.Milliseconds(), 10))
}

// who finds who is connected, and leaves the limits of the connection as they are.
func (c *checker) who(ctx context.Context) error {
	err := c.tx.QueryRow(ctx, "select current_user::text").Scan(&c.user)
	if err != nil {
		return err
	}
	if !core.Encoded(c.tx.Conn()) {
		c.breach(Breach{Relation: "the database", Rule: RuleEncoding,
			What:   "its encoding is SQL_ASCII: PostgreSQL hands out its bytes as they are, whatever they mean",
			Remedy: "dump it, name in the dump's line SET client_encoding what its bytes are in, and restore it into a database with encoding UTF8"})
	}
	return c.set(ctx, "search_path", "", "jit", "off")
}

// set changes settings, given as name and value, until the transaction ends.
func (c *checker) set(ctx context.Context, namesAndValues ...string) error {
	for pair := range slices.Chunk(namesAndValues, 2) {
		if _, err := c.tx.Exec(ctx, "select pg_catalog.set_config($1, $2, true)", pgx.QueryExecModeExec, pair[0],
			pair[1]); err != nil {
			return fmt.Errorf("set %s: %w", pair[0], err)
		}
	}
	return nil
}

// catalogue runs a query of check/ and returns its rows as scan reads them.
func catalogue[T any](ctx context.Context, c *checker, file string, scan pgx.RowToFunc[T]) ([]T, error) {
	sql, err := files.ReadFile("sql/" + file)
	if err != nil {
		return nil, err
	}
	rows, err := c.tx.Query(ctx, string(sql), pgx.QueryExecModeExec,
		pgx.NamedArgs{"schema": c.Schema, "role": c.Role, "functions": spec.FunctionNames()})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	found, err := pgx.CollectRows(rows, scan)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", file, err)
	}
	return found, nil
}

// sampled runs a look at the data of a relation behind a savepoint, and once more
// on few rows if it takes too long. It reports what keeps the data from being read.
func (c *checker) sampled(ctx context.Context, relation, name string, look func(tx pgx.Tx, sample int) error) error {
	err := c.savepoint(ctx, func(tx pgx.Tx) error { return look(tx, c.Sample) })
	if isTimeout(ctx, err) {
		if err = c.savepoint(ctx, func(tx pgx.Tx) error { return look(tx, fallbackSample) }); err == nil {
			c.short(relation, name)
		}
	}
	var pg *pgconn.PgError
	switch {
	case err == nil:
		return nil
	case isTimeout(ctx, err):
		c.slow(relation)
		return nil
	case errors.As(err, &pg):
		c.unreadableRelation(relation, pg)
		return nil
	default:
		return err
	}
}

// slow notes that a relation does not answer in time.
func (c *checker) slow(relation string) {
	c.breach(Breach{
		Relation: relation, Rule: RuleSlow,
		What: fmt.Sprintf("its first rows did not come within %s", c.Timeout),
		Remedy: "look at explain (analyze) select * from oversikt." + relation +
			" limit 1000: a view that sorts, groups or aggregates is computed whole before its first row",
	})
	c.unfit[relation] = true
}

// savepoint runs f so that an error of the database does not end the transaction.
func (c *checker) savepoint(ctx context.Context, f func(tx pgx.Tx) error) error {
	sp, err := c.tx.Begin(ctx)
	if err != nil {
		return err
	}
	if err := f(sp); err != nil {
		return errors.Join(err, sp.Rollback(ctx))
	}
	return sp.Commit(ctx)
}

// isTimeout says that the server stopped a statement that took too long, and not the caller.
func isTimeout(ctx context.Context, err error) bool {
	var pg *pgconn.PgError
	return ctx.Err() == nil && errors.As(err, &pg) && pg.Code == "57014"
}

// Thousands writes 100000 as "100,000".
func Thousands(n int) string {
	s := strconv.Itoa(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

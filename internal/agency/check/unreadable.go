package check

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// unreadable names the columns at which reading a relation fails, each with the key of a row, and
// returns them. Where none can be told, the relation is at fault. It leaves them alone afterwards.
func (c *checker) unreadable(ctx context.Context, r spec.Relation, cause *pgconn.PgError) (columns []string,
	err error) {
	for _, col := range r.Columns {
		name := r.Name + "." + col.Name
		if !c.fit(name) {
			continue
		}
		pg, err := c.fails(ctx, fmt.Sprintf("select count(q) from (select x.%s as q from %s x%s) q", quoted(col.Name),
			c.named(r.Name), c.limit()))
		switch {
		case err != nil:
			return nil, err
		case pg != nil:
			columns = append(columns, col.Name)
			cause = pg
		}
	}
	fit := 0
	for _, col := range r.Columns {
		if c.fit(r.Name + "." + col.Name) {
			fit++
		}
	}
	if len(columns) == 0 || len(columns) == fit && fit > 1 {
		c.unreadableRelation(r.Name, cause)
		return nil, nil
	}
	for _, column := range columns {
		key, pg, err := c.keyOfFailure(ctx, r, column)
		if err != nil {
			return nil, err
		}
		if pg == nil {
			pg = cause
		}
		b := Breach{
			Relation: r.Name, Column: column, Rule: RuleUnreadable,
			What: fmt.Sprintf("reading it fails with SQLSTATE %s", pg.Code) + blame(pg.Code),
			Remedy: fmt.Sprintf("run select %s from oversikt.%s to see the error, and mend the view: a cast or division in it meets a value that it cannot take, or its owner lacks a right",
				column, r.Name),
		}
		if key != "" {
			b.Keys = []string{key}
		}
		c.breach(b)
		c.unfit[r.Name+"."+column] = true
	}
	return columns, nil
}

func (c *checker) unreadableRelation(relation string, pg *pgconn.PgError) {
	// The message of the server may repeat data.
	c.breach(Breach{
		Relation: relation, Rule: RuleUnreadable,
		What: fmt.Sprintf("reading it fails with SQLSTATE %s", pg.Code) + blame(pg.Code),
		Remedy: "run select * from oversikt." + relation +
			" to see the error, and mend the view: a cast or division in it meets a value that it cannot take, or its owner lacks a right",
	})
	c.unfit[relation] = true
}

// fails runs a query that returns one number, and returns the error that the database has for it.
func (c *checker) fails(ctx context.Context, sql string, args ...any) (*pgconn.PgError, error) {
	var n int64
	err := c.savepoint(ctx, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, sql, append([]any{pgx.QueryExecModeExec}, args...)...).Scan(&n)
	})
	pg, ok := errors.AsType[*pgconn.PgError](err)
	if ok && !isTimeout(ctx, err) {
		return pg, nil
	}
	if ok || err == nil {
		return nil, ctx.Err()
	}
	return nil, err
}

const manyKeys = 1_000_000 // that are searched for one

// keyOfFailure returns the key of a row at which a column cannot be read; empty where it cannot be told.
func (c *checker) keyOfFailure(ctx context.Context, r spec.Relation, column string) (string, *pgconn.PgError, error) {
	key := core.KeyOf(r)
	if len(key) == 0 || slices.ContainsFunc(key, func(k string) bool { return k == column || !c.fit(r.Name+"."+k) }) {
		return "", nil, nil
	}
	sample := c.Sample
	if sample == 0 || sample > manyKeys {
		sample = manyKeys
	}
	var keys []string
	err := c.savepoint(ctx, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, fmt.Sprintf("select %s from %s x limit %d", keyText("x", key), c.named(r.Name), sample),
			pgx.QueryExecModeExec)
		if err != nil {
			return err
		}
		keys, err = pgx.CollectRows(rows, pgx.RowTo[string])
		return err
	})
	if pg := new(pgconn.PgError); errors.As(err, &pg) {
		return "", nil, ctx.Err()
	} else if err != nil {
		return "", nil, err
	}
	sql := fmt.Sprintf("select count(q) from (select x.%s as q from %s x where %s = any ($1::text[])) q", quoted(column),
		c.named(r.Name), keyText("x", key))
	if pg, err := c.fails(ctx, sql, []string{"\u0001"}); pg != nil || err != nil {
		return "", nil, err // it fails whatever is asked for
	}
	pg, err := c.fails(ctx, sql, keys)
	for err == nil && pg != nil && len(keys) > 1 {
		half := keys[:len(keys)/2]
		var left *pgconn.PgError
		if left, err = c.fails(ctx, sql, half); left != nil {
			keys, pg = half, left
			continue
		}
		keys = keys[len(half):]
	}
	if err != nil || pg == nil || len(keys) != 1 {
		return "", nil, err
	}
	if pg, err = c.fails(ctx, sql, keys); pg == nil || err != nil {
		return "", nil, err
	}
	return shown(strings.Split(keys[0], keySeparator)), pg, nil
}

const keySeparator = "\u001f"

// keyText is SQL for a row's key as one text.
func keyText(alias string, key []string) string {
	var parts []string
	for _, k := range key {
		parts = append(parts, alias+"."+quoted(k)+"::text")
	}
	return "concat_ws(chr(31), " + strings.Join(parts, ", ") + ")"
}

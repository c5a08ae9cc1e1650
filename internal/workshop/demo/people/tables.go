package people

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// tableNames takes the columns off.
func tableNames(tables []string) []string {
	names := make([]string, len(tables))
	for i, t := range tables {
		names[i], _, _ = strings.Cut(t, " ")
	}
	return names
}

// SQLSTATEs
const (
	undefinedTable  = "42P01"
	undefinedSchema = "3F000"
)

// claimTables locks the tables and makes sure that they are empty.
func claimTables(ctx context.Context, tx pgx.Tx, names []string) error {
	_, err := tx.Exec(ctx, `
		set local search_path = '';
		set local timezone = 'Europe/Oslo';
		set local synchronous_commit = off;
		set local maintenance_work_mem = '256MB';
		lock table `+strings.Join(names, ", ")+` in access exclusive mode`)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code == undefinedTable || pg.Code == undefinedSchema) {
		return ErrNoTables
	}
	if err != nil {
		return fmt.Errorf("lock tables: %w", err)
	}
	for _, name := range names {
		var some bool
		if err := tx.QueryRow(ctx, "select exists (select from "+name+")").Scan(&some); err != nil {
			return fmt.Errorf("look into %s: %w", name, err)
		}
		if some {
			return fmt.Errorf("%s has rows: %w; load into a new database", name, ErrNotEmpty)
		}
	}
	return nil
}

// Keys and indexes are built over all rows at the end, in a fraction of the time.
// References go first and come back last, as they rest on keys. What partitions have comes and
// goes with the table that they are of.
const (
	selectConstraints = `
		select format('alter table %s drop constraint %I', conrelid::regclass, conname),
		       format('alter table %s add constraint %I %s', conrelid::regclass, conname, pg_get_constraintdef(oid))
		from pg_constraint
		where conparentid = 0 and (conrelid = any ($1::text[]::regclass[]) and contype in ('f', 'p', 'u')
		   or confrelid = any ($1::text[]::regclass[]) and contype = 'f')
		order by contype = 'f' desc, conrelid, conname`
	selectIndexes = `
		select format('drop index %s', indexrelid::regclass), replace(pg_get_indexdef(indexrelid), ' ON ONLY ', ' ON ')
		from pg_index i
		where indrelid = any ($1::text[]::regclass[])
		  and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
		order by indrelid, indexrelid`
	selectTriggers = `
		select distinct format('alter table %s disable trigger user', tgrelid::regclass),
		       format('alter table %s enable trigger user', tgrelid::regclass)
		from pg_trigger
		where tgrelid = any ($1::text[]::regclass[]) and not tgisinternal`
	selectSequences = `
		select format('select setval(%L, coalesce(max(%I), 0) + 1, false) from %s',
		              pg_get_serial_sequence(attrelid::regclass::text, attname), attname, attrelid::regclass)
		from pg_attribute
		where attrelid = any ($1::text[]::regclass[]) and attidentity <> ''
		order by attrelid`
)

// dropIndexes drops references, keys and indexes, disables triggers, and returns
// the statements that undo it, in order.
func dropIndexes(ctx context.Context, tx pgx.Tx, names []string) ([]string, error) {
	var rebuild []string
	for _, query := range []string{selectConstraints, selectIndexes, selectTriggers} {
		rows, err := tx.Query(ctx, query, names)
		if err != nil {
			return nil, fmt.Errorf("list keys, indexes and triggers: %w", err)
		}
		var undo []string
		pairs, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (p [2]string, err error) {
			err = row.Scan(&p[0], &p[1])
			return p, err
		})
		if err != nil {
			return nil, fmt.Errorf("list keys, indexes and triggers: %w", err)
		}
		for _, p := range pairs {
			if _, err := tx.Exec(ctx, p[0]); err != nil {
				return nil, fmt.Errorf("%s: %w", p[0], err)
			}
			undo = append([]string{p[1]}, undo...)
		}
		rebuild = append(undo, rebuild...)
	}
	return rebuild, nil
}

// finishTables undoes dropIndexes, moves the sequences on and gathers statistics. progress is told
// which share of that is done.
func finishTables(ctx context.Context, tx pgx.Tx, names, rebuild []string, progress func(float64)) error {
	rows, err := tx.Query(ctx, selectSequences, names)
	if err != nil {
		return fmt.Errorf("list sequences: %w", err)
	}
	statements, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return fmt.Errorf("list sequences: %w", err)
	}
	statements = append(append(rebuild, statements...), "analyze "+strings.Join(names, ", "))
	for i, statement := range statements {
		if _, err := tx.Exec(ctx, statement); err != nil {
			return fmt.Errorf("%s: %w", statement, err)
		}
		progress(float64(i+1) / float64(len(statements)))
	}
	return nil
}

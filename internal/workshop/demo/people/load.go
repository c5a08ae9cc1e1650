package people

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"runtime"
	"strings"

	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"
)

// layout is how an agency's own tables look.
type layout struct {
	creditors string
	tables    []string // the others, with their columns, in the order of their references
	parted    bool     // some have partitions, and rows cannot be frozen as they are copied
	// master writes the agency itself, its policy, rates and creditors.
	master func(ctx context.Context, tx pgx.Tx, a *Agency) error
	// write adds the rows of a debtor, one sheet a table.
	write func(sheets []sheet, p *Person, d *Debtor)
}

// LoadReference fills the reference core (schema core) with those of the first n
// people that the agency knows. It runs in one transaction, which refuses a core that
// holds any case already. progress, if not nil, is told which share of the work is done, to 1.
func LoadReference(ctx context.Context, conn *pgx.Conn, g *Generator, agency string, n int,
	progress func(share float64)) error {
	return load(ctx, conn, g, referenceLayout, agency, n, progress)
}

// LoadLegacy fills the legacy core (schema inkasso) in the same way.
func LoadLegacy(ctx context.Context, conn *pgx.Conn, g *Generator, agency string, n int,
	progress func(share float64)) error {
	return load(ctx, conn, g, legacyLayout, agency, n, progress)
}

// LoadJournal fills the core that keeps books (schema journal) in the same way.
func LoadJournal(ctx context.Context, conn *pgx.Conn, g *Generator, agency string, n int,
	progress func(share float64)) error {
	return load(ctx, conn, g, journalLayout, agency, n, progress)
}

// rowsShare is how much of the time the rows take; keys, indexes and statistics take the rest.
const rowsShare = 0.6

func load(ctx context.Context, conn *pgx.Conn, g *Generator, to layout, code string, n int,
	progress func(float64)) error {
	if progress == nil {
		progress = func(float64) {}
	}
	a, err := AgencyOf(code)
	if err != nil {
		return err
	}
	if n < 1 || n > MaxPeople {
		return fmt.Errorf("the number of people is 1 to %d, not %d", MaxPeople, n)
	}
	err = pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		names := tableNames(to.tables)
		if err := claimTables(ctx, tx, append(names, to.creditors)); err != nil {
			return err
		}
		rebuild, err := dropIndexes(ctx, tx, names)
		if err != nil {
			return err
		}
		// Rows can be frozen as they are copied into what this transaction truncated.
		if _, err := tx.Exec(ctx, "truncate "+strings.Join(names, ", ")); err != nil {
			return fmt.Errorf("truncate: %w", err)
		}
		if err := to.master(ctx, tx, a); err != nil {
			return fmt.Errorf("write the agency itself: %w", err)
		}
		err = stream(ctx, runtime.GOMAXPROCS(0), n, func(from, until int) []sheet {
			return g.sheets(to, a, from, until)
		}, func(sheets []sheet, done int) error {
			for i := range sheets {
				if err := copySheet(ctx, tx, to.tables[i], &sheets[i], !to.parted); err != nil {
					return fmt.Errorf("copy into %s: %w", names[i], err)
				}
			}
			progress(rowsShare * float64(done) / float64(n))
			return nil
		})
		if err != nil {
			return err
		}
		return finishTables(ctx, tx, names, rebuild, func(share float64) {
			progress(rowsShare + (1-rowsShare)*share)
		})
	})
	if err != nil {
		return fmt.Errorf("load %s: %w", code, err)
	}
	return nil
}

func copySheet(ctx context.Context, tx pgx.Tx, table string, s *sheet, freeze bool) error {
	if s.rows == 0 {
		return nil
	}
	_, err := tx.Conn().PgConn().CopyFrom(ctx, bytes.NewReader(s.buf),
		fmt.Sprintf("copy %s from stdin (freeze %t)", table, freeze))
	return err
}

// sheets writes the rows of some people at an agency.
func (g *Generator) sheets(to layout, a *Agency, from, until int) []sheet {
	sheets := make([]sheet, len(to.tables))
	for i := from; i < until; i++ {
		p := g.Person(i)
		for k := range p.Debtors {
			if p.Debtors[k].Agency == a {
				to.write(sheets, &p, &p.Debtors[k])
			}
		}
	}
	return sheets
}

const batch = 2_000

// stream makes batches of people in parallel and hands them over in order. No more
// than two batches a worker are in memory.
func stream(ctx context.Context, workers, n int, produce func(from, until int) []sheet,
	deliver func(sheets []sheet, done int) error) error {
	type job struct {
		from, until int
		result      chan []sheet
	}
	group, ctx := errgroup.WithContext(ctx)
	jobs, queue := make(chan job), make(chan job, workers)
	group.Go(func() error {
		defer close(queue)
		defer close(jobs)
		size := min(batch, (n+workers-1)/workers)
		for from := 0; from < n; from += size {
			j := job{from, min(from+size, n), make(chan []sheet, 1)}
			for _, next := range []chan job{queue, jobs} {
				select {
				case next <- j:
				case <-ctx.Done():
					return ctx.Err()
				}
			}
		}
		return nil
	})
	for range workers {
		group.Go(func() error {
			for j := range jobs {
				j.result <- produce(j.from, j.until)
			}
			return nil
		})
	}
	group.Go(func() error {
		for j := range queue {
			select {
			case sheets := <-j.result:
				if err := deliver(sheets, j.until); err != nil {
					return err
				}
			case <-ctx.Done():
				return ctx.Err()
			}
		}
		return nil
	})
	return group.Wait()
}

// ErrNoTables says that a database is no core of the layout that it is to be filled as.
var ErrNoTables = errors.New("the database has not the tables of this layout")

// ErrNotEmpty says that a core has debtors or cases already.
var ErrNotEmpty = errors.New("the tables are not empty")

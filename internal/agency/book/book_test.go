package book_test

import (
	"context"
	"log/slog"
	"os"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/book"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/audit"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

var today = norway.MustDate("2026-03-02")

const population = 300

var fjord = pgtest.Template{Name: "book_fjord", Hash: pgtest.Hash(reference.Files(),
	os.DirFS("../../workshop/demo/people")),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
			return err
		}
		return people.LoadReference(ctx, conn, people.New(1, today), people.Fjord, population, nil)
	}}

// world is one agency, its books, and a clock.
type world struct {
	db       *pgtest.DB
	agencies *agency.Registry
	books    *book.Books
	right    caller.Lookup
	now      chan time.Time // holds one
	rests    chan struct{}  // a page has been read; nil: nobody is told
	goes     chan struct{}  // on to the next
}

func build(t testing.TB, stepwise bool) *world {
	t.Helper()
	w := &world{db: pgtest.New(t, fjord), now: make(chan time.Time, 1)}
	w.now <- today.Time().Add(12 * time.Hour)
	log := slog.New(slog.DiscardHandler)
	agencies, err := agency.Open([]agency.Config{{Code: people.Fjord, Name: "Fjord", DSN: w.db.RoleDSN(spec.DefaultRole),
		Deadline: time.Minute, MaxConns: 4}}, w.clock, log)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	w.agencies = agencies
	pause := func(context.Context, time.Duration) {}
	if stepwise {
		w.rests, w.goes = make(chan struct{}), make(chan struct{})
		pause = func(ctx context.Context, _ time.Duration) {
			for _, c := range []chan struct{}{w.rests, w.goes} {
				select {
				case <-ctx.Done():
				case c <- struct{}{}:
				}
			}
		}
	}
	w.books = book.New(agencies, w.clock, pause, log)
	t.Cleanup(w.stop)
	w.right, err = caller.Principal{Kind: caller.Staff, Agency: people.Fjord, Role: caller.CaseWorker}.Lookup()
	if err != nil {
		t.Fatal(err)
	}
	return w
}

func (w *world) stop() {
	ended, end := context.WithCancel(context.Background())
	end()
	w.books.Run(ended)
}

func (w *world) clock() time.Time {
	at := <-w.now
	w.now <- at
	return at
}

func (w *world) pass(d time.Duration) { w.now <- (<-w.now).Add(d) }

func (w *world) open(t testing.TB) (n int) {
	t.Helper()
	const sql = "select count(*) from oversikt.case where status = 'OPEN'"
	if err := w.db.Conn().QueryRow(t.Context(), sql).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// whole waits until a check of the book has ended.
func (w *world) whole(t testing.TB) *book.Book {
	t.Helper()
	k := w.books.Of(w.right)
	for k.Sweep().FinishedAt == nil {
		if t.Context().Err() != nil {
			t.Fatal("it does not end")
		}
		time.Sleep(time.Millisecond)
	}
	return k
}

// numbers returns the case numbers, in order.
func numbers(found []*book.Found) (all []string) {
	for _, f := range found {
		all = append(all, f.Number)
	}
	slices.Sort(all)
	return all
}

// dearer puts a third of the light fees over their caps.
const dearer = "update core.fee set amount_ore = amount_ore + 10000000 where kind = 'LIGHT_FEE' and fee_id % 3 = 0"

// TestBook: every open case is looked at once, with all of its debtor's beside it. What is put right, or
// closed, is gone after the next check, which is made when somebody asks half a day later.
func TestBook(t *testing.T) {
	t.Parallel()
	w := build(t, false)
	conn := w.db.Conn()
	if _, err := conn.Exec(t.Context(), dearer); err != nil {
		t.Fatal(err)
	}
	k := w.whole(t)
	if s := k.Sweep(); s.CasesLookedAt != w.open(t) || s.Broken || s.CasesLookedAt < 100 {
		t.Errorf("%+v, and %d cases are open", s, w.open(t))
	}
	var dear []string
	rows, err := conn.Query(t.Context(), `select distinct c.case_number from core.case c join core.fee f on f.case_id = c.case_id
		where c.status = 'OPEN' and f.kind = 'LIGHT_FEE' and f.fee_id % 3 = 0 and f.waived_on is null order by 1`)
	if err == nil {
		dear, err = pgx.CollectRows(rows, pgx.RowTo[string])
	}
	if err != nil {
		t.Fatal(err)
	}
	heavy, _ := k.Page(book.Filter{Rule: audit.FeeCap, Least: 9_900_000}, book.Heaviest, nil, 1000)
	if got := numbers(heavy); !slices.Equal(got, dear) || len(dear) < 10 {
		t.Errorf("%d fees over their caps are found, %d are there", len(got), len(dear))
	}
	together, _ := k.Page(book.Filter{Rule: audit.SameCreditor, Verdict: audit.Breach}, book.Newest, nil, 1000)
	if len(together) < 2 {
		t.Errorf("%d cases that should be one", len(together))
	}
	_, before := k.Page(book.Filter{}, book.Newest, nil, 0)
	mend := "update core.fee set amount_ore = amount_ore - 10000000 where kind = 'LIGHT_FEE' and amount_ore > 10000000"
	if _, err := conn.Exec(t.Context(), mend); err != nil {
		t.Fatal(err)
	}
	w.pass(11 * time.Hour)
	if _, n := w.whole(t).Page(book.Filter{}, book.Newest, nil, 0); n != before {
		t.Errorf("%d cases after 11 hours, %d before", n, before)
	}
	w.pass(2 * time.Hour)
	if left, n := w.whole(t).Page(book.Filter{Least: 9_900_000}, book.Newest, nil, 1000); len(left) > 0 || n >= before {
		t.Errorf("what was put right is found: %v", numbers(left))
	}
}

// TestPages: each order has everything once, whatever the size of the page.
func TestPages(t *testing.T) {
	t.Parallel()
	w := build(t, false)
	all, total := w.whole(t).Page(book.Filter{}, book.Heaviest, nil, 1000)
	if len(all) != total || total < 5 {
		t.Fatalf("%d of %d", len(all), total)
	}
	for _, order := range []book.Order{book.Heaviest, book.Newest} {
		var got []*book.Found
		for {
			after := new(order.At(&book.Found{ID: debt.Key{}, Amount: 1 << 40, On: 1 << 20}))
			if len(got) > 0 {
				after = new(order.At(got[len(got)-1]))
			}
			next, _ := w.whole(t).Page(book.Filter{}, order, after, 3)
			if len(next) == 0 {
				break
			}
			got = append(got, next...)
		}
		if !slices.Equal(numbers(got), numbers(all)) {
			t.Errorf("%s: %d of %d", order, len(got), total)
		}
	}
}

// TestGoesAfterOthers: while others have half of the connections, no page of the book is read, and the check
// goes on when they have let go.
func TestGoesAfterOthers(t *testing.T) {
	t.Parallel()
	w := build(t, true)
	k := w.books.Of(w.right)
	<-w.rests
	first := k.Sweep().CasesLookedAt
	tx, err := w.db.Conn().Begin(t.Context())
	if err == nil {
		_, err = tx.Exec(t.Context(), "lock table core.case in access exclusive mode")
	}
	if err != nil {
		t.Fatal(err)
	}
	var debtors sync.WaitGroup
	for i := range 2 {
		who := caller.Principal{Kind: caller.Person, NationalID: people.New(1, today).Person(i).NationalID}
		debtors.Go(func() {
			if _, err := w.agencies.ReadCases(context.Background(), people.Fjord, who.Scope(), debt.OfCases, nil); err != nil {
				t.Error(err)
			}
		})
	}
	waiting := func() (n int) {
		if err := tx.QueryRow(t.Context(), `select count(*) from pg_catalog.pg_stat_activity
			where datname = pg_catalog.current_database() and wait_event_type = 'Lock'`).Scan(&n); err != nil {
			t.Fatal(err)
		}
		return n
	}
	for waiting() < 2 {
		time.Sleep(time.Millisecond)
	}
	<-w.goes // it tries the next page
	<-w.rests
	if s := k.Sweep(); s.CasesLookedAt != first || first < 10 || first > 100 || waiting() != 2 {
		t.Errorf("%+v after a first page of %d, and %d wait", s, first, waiting())
	}
	if err := tx.Rollback(t.Context()); err != nil {
		t.Fatal(err)
	}
	debtors.Wait()
	for k.Sweep().FinishedAt == nil {
		select {
		case <-w.goes:
		case <-w.rests:
		case <-time.After(time.Millisecond):
		}
	}
	if s := k.Sweep(); s.Broken || s.CasesLookedAt != w.open(t) {
		t.Errorf("%+v of %d", s, w.open(t))
	}
}

// TestAway: of an agency that does not answer the check is left, and begun anew a minute later.
func TestAway(t *testing.T) {
	t.Parallel()
	w := build(t, false)
	if _, err := w.db.Conn().Exec(t.Context(), "revoke all on oversikt.case from public, oversikt_app"); err != nil {
		t.Fatal(err)
	}
	if s := w.whole(t).Sweep(); !s.Broken || s.CasesLookedAt != 0 {
		t.Errorf("%+v", s)
	}
	if _, err := w.db.Conn().Exec(t.Context(), "grant select on oversikt.case to oversikt_app"); err != nil {
		t.Fatal(err)
	}
	if s := w.whole(t).Sweep(); !s.Broken {
		t.Errorf("begun anew at once: %+v", s)
	}
	w.pass(time.Minute)
	if s := w.whole(t).Sweep(); s.Broken || s.CasesLookedAt != w.open(t) {
		t.Errorf("%+v of %d", s, w.open(t))
	}
}

// BenchmarkBook tells how many cases of a book are looked at in a second, without the rests.
func BenchmarkBook(b *testing.B) {
	w := build(b, false)
	n := 0
	for b.Loop() {
		w.pass(13 * time.Hour)
		n += w.whole(b).Sweep().CasesLookedAt
	}
	b.ReportMetric(float64(n)/b.Elapsed().Seconds(), "cases/s")
}

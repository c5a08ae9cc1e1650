package book

import (
	"context"
	"log/slog"
	"maps"
	"slices"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/page"
)

const (
	rows     = 32             // cases in a page of a book: what a debtor waits for behind it at most
	lasts    = 12 * time.Hour // what was found is looked for anew after that, where somebody asks
	later    = 2 * time.Second
	tries    = 30 // of a page, a while apart, until the rest is left for another time
	mostKept = 250_000
)

// wanted is what the check of a case rests on.
const wanted = debt.OfAudit | debt.OfCases | debt.OfTerms

// Books are the books of all agencies.
type Books struct {
	agencies *agency.Registry
	clock    func() time.Time
	pause    func(context.Context, time.Duration)
	log      *slog.Logger

	ctx     context.Context
	stop    context.CancelFunc
	running sync.WaitGroup
	mu      sync.Mutex
	of      map[string]*Book
}

// New returns the books of agencies. They are looked at when somebody asks for them first. pause passes the
// time between two pages; nil: it is waited, as long as the page took.
func New(agencies *agency.Registry, clock func() time.Time, pause func(context.Context, time.Duration),
	log *slog.Logger) *Books {
	b := &Books{agencies: agencies, clock: clock, pause: pause, log: log, of: map[string]*Book{}}
	if pause == nil {
		b.pause = wait
	}
	b.ctx, b.stop = context.WithCancel(context.Background())
	return b
}

func wait(ctx context.Context, d time.Duration) {
	select {
	case <-ctx.Done():
	case <-time.After(d):
	}
}

// Run keeps the books until the context ends, and then waits for the checks that go on.
func (b *Books) Run(ctx context.Context) {
	<-ctx.Done()
	b.mu.Lock() // nothing begins after that
	b.stop()
	b.mu.Unlock()
	b.running.Wait()
}

// Book is what was found in one agency's book. It is safe for use by many.
type Book struct {
	mu    sync.Mutex
	found map[string]*Found // by the agency's key of the case
	sweep Sweep
	lists map[Order][]*Found // as found stands; none after a change
}

// Sweep is one check of a whole book.
type Sweep struct {
	StartedAt     time.Time
	FinishedAt    *time.Time // nil: it goes on
	CasesLookedAt int
	Broken        bool // it has ended before the last case
}

// Of returns the book of the agency where the caller may look people up, and begins to look through it in
// that right where that was not done of late.
func (b *Books) Of(right caller.Lookup) *Book {
	b.mu.Lock()
	defer b.mu.Unlock()
	k := b.of[right.Agency()]
	if k == nil {
		k = &Book{found: map[string]*Found{}}
		b.of[right.Agency()] = k
	}
	if b.ctx.Err() == nil && k.begin(b.clock()) {
		b.running.Go(func() { b.check(right, k) })
	}
	return k
}

// begin says whether a check is due, and notes that it has begun.
func (k *Book) begin(now time.Time) bool {
	k.mu.Lock()
	defer k.mu.Unlock()
	old := lasts
	if k.sweep.Broken {
		old = time.Minute
	}
	if s := k.sweep; !s.StartedAt.IsZero() && (s.FinishedAt == nil || now.Sub(*s.FinishedAt) < old) {
		return false
	}
	k.sweep = Sweep{StartedAt: now}
	return true
}

// check looks through a whole book, page by page, and rests as long as it has worked.
func (b *Books) check(right caller.Lookup, k *Book) {
	seen, after, failed := map[string]bool{}, "", 0
	for {
		start := time.Now()
		last, err := b.leaf(right, k, seen, after)
		if err != nil {
			if failed++; failed == tries || b.ctx.Err() != nil {
				b.log.Warn("the check of the book is left for later", "agency", right.Agency(), "cause", err)
				k.end(b.clock(), nil)
				return
			}
			b.pause(b.ctx, later)
			continue
		}
		if failed = 0; last == "" {
			k.end(b.clock(), seen)
			b.log.Info("the book was held against the law", "agency", right.Agency(), "cases", len(seen))
			return
		}
		after = last
		b.pause(b.ctx, time.Since(start))
	}
}

// leaf looks at a page of a book, and returns its last case number; empty: the book is at its end. Whoever
// has several cases is looked at once, so that what is in the one tells on the other.
func (b *Books) leaf(right caller.Lookup, k *Book, seen map[string]bool, after string) (last string, err error) {
	leaf, err := b.agencies.Leaf(b.ctx, right, after, rows, wanted, func(all []agency.Owed) []caller.Scope {
		var scopes []caller.Scope
		asked := map[caller.Debtor]bool{}
		for _, o := range all {
			if !seen[o.ID.ID] && !asked[o.Debtor] {
				asked[o.Debtor] = true
				scopes = append(scopes, right.Scope(o.Debtor))
			}
		}
		return scopes
	})
	if err != nil || len(leaf.Cases) == 0 {
		return "", err
	}
	aside.Do(func() {
		for _, part := range leaf.Parts {
			for _, c := range part.Cases {
				if c.Status == debt.Open {
					seen[c.ID.ID] = true
					k.Put(c.ID, Of(c))
				}
			}
		}
	})
	for _, o := range leaf.Cases { // one that is withheld is not looked at again either
		seen[o.ID.ID] = true
	}
	k.looked(len(seen))
	return leaf.Cases[len(leaf.Cases)-1].Number, nil
}

func (k *Book) looked(n int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sweep.CasesLookedAt = n
}

// end ends a check. What it has not seen is no open case any more; nil: it has not seen all.
func (k *Book) end(now time.Time, seen map[string]bool) {
	k.mu.Lock()
	defer k.mu.Unlock()
	k.sweep.FinishedAt, k.sweep.Broken = &now, seen == nil
	if seen != nil {
		maps.DeleteFunc(k.found, func(id string, _ *Found) bool { return !seen[id] })
		k.lists = nil
	}
}

// Put notes what was found in a case now; nil: nothing.
func (k *Book) Put(id debt.Key, f *Found) {
	k.mu.Lock()
	defer k.mu.Unlock()
	switch was := k.found[id.ID]; {
	case f == nil && was == nil, f != nil && was == nil && len(k.found) >= mostKept:
		return
	case f == nil:
		delete(k.found, id.ID)
	default:
		k.found[id.ID] = f
	}
	k.lists = nil
}

// Page returns what was found after a position, some rows at most, with how many there are in all.
func (k *Book) Page(f Filter, o Order, after *page.Position, rows int) (found []*Found, total int) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.lists == nil {
		k.lists = map[Order][]*Found{}
	}
	if k.lists[o] == nil {
		k.lists[o] = sorted(k.found, o)
	}
	for _, x := range k.lists[o] {
		if !f.Takes(x) {
			continue
		}
		total++
		if len(found) < rows && (after == nil || o.At(x).Compare(*after) > 0) {
			found = append(found, x)
		}
	}
	return slices.Clip(found), total
}

// Sweep is the last check of the book.
func (k *Book) Sweep() Sweep {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.sweep
}

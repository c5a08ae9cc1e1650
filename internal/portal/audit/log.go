// Package audit is the access log (innsynslogg): who looked at or did what, about whom, on
// which ground, when and from which client. The entry is stored before data leaves, or the
// data does not leave.
//
// A debtor's look at their own data goes to a spool file, and from there to the portal
// database in batches. Every other look, and every act, is in the database first.
package audit

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"path/filepath"
	"sync"
	"sync/atomic"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

const (
	syncEvery    = 100 * time.Millisecond // what a loss of power may cost of the spool
	deliverEvery = time.Second
	keepEvery    = time.Minute // orphans and partitions are looked for
	maxBackoff   = 15 * time.Second
	deliverTime  = 10 * time.Second // for a batch that nobody waits for
	maxBatch     = 500              // entries in a statement
	maxFile      = 4 << 20
	maxSpool     = 1 << 30
)

// Options says where a Log keeps its entries.
type Options struct {
	Portal *portal.DB       // how long a caller waits, too
	Secret *portal.Secret   // marks what is in the spool, so that nobody else's lines are delivered
	Dir    string           // of the spool: on a disk of this machine, private to the service
	Now    func() time.Time // the clock
	Log    *slog.Logger     // for operators: never an entry
	// MaxBytes bounds the files of the spool. When they are larger, a debtor's own looks go
	// straight to the database. 0 is 1 GiB.
	MaxBytes int64
	// DeliverEvery is how long an entry of the spool waits for others; 0 is a second.
	DeliverEvery time.Duration
}

// Log is the access log. Its methods may be called from many goroutines.
type Log struct {
	spool  *spool
	store  *store
	secret *portal.Secret
	log    *slog.Logger
	every  time.Duration

	delivering sync.Mutex // one delivers at a time
	stop       context.CancelFunc
	running    sync.WaitGroup
	buffers    sync.Pool
	counts     counts
}

type counts struct{ spooled, direct, refused, delivered, rejected, torn atomic.Int64 }

// Stats counts what happened to entries since the Log was opened.
type Stats struct {
	Spooled   int64 // looks that were written to the spool
	Direct    int64 // inserted while a caller waited
	Refused   int64 // neither was possible
	Delivered int64 // from the spool to the database, orphans included
	Rejected  int64 // the database refused them: they are in the file "rejected"
	Torn      int64 // lines that a crash or a full disk had cut
	Pending   int64 // bytes in the spool
}

// Open begins to deliver what is in the spool, also from earlier processes. It needs the
// folder, and does not wait for the database.
func Open(o Options) (*Log, error) {
	if err := ownFolder(o.Dir); err != nil {
		return nil, fmt.Errorf("open access log: %w", err)
	}
	l := &Log{
		spool: &spool{dir: o.Dir, maxFile: maxFile, maxBytes: cmp.Or(o.MaxBytes, maxSpool)},
		store: &store{db: o.Portal, now: o.Now}, secret: o.Secret, log: o.Log, every: cmp.Or(o.DeliverEvery, deliverEvery),
	}
	l.buffers.New = func() any { return new([]byte) }
	if err := l.adopt(); err != nil {
		_, _ = l.spool.close()
		return nil, fmt.Errorf("open access log: %w", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	l.stop = stop
	l.running.Go(func() { l.syncs(ctx) })
	l.running.Go(func() { l.deliveries(ctx) })
	return l, nil
}

var errNotRecorded = fault.New(fault.AccessNotRecorded,
	"the access log cannot be written now, so nothing is shown: try again later")

// Record stores entries, all or none. Call it after execution, and send the answer only when it
// returned nil; its error is ACCESS_NOT_RECORDED. It does not stop when ctx ends: an act that is
// done belongs in the log, whether or not somebody still waits.
func (l *Log) Record(ctx context.Context, entries ...Entry) error {
	spooled := true
	for _, e := range entries {
		if e.id == [16]byte{} {
			return errNotRecorded.Because(errors.New("an entry was not made by New"))
		}
		spooled = spooled && e.inSpool()
	}
	var failed error
	if spooled {
		if failed = l.write(entries); failed == nil {
			l.counts.spooled.Add(int64(len(entries)))
			return nil
		}
	}
	if err := l.insert(ctx, entries); err != nil {
		l.counts.refused.Add(int64(len(entries)))
		return errNotRecorded.Because(errors.Join(failed, err))
	}
	l.counts.direct.Add(int64(len(entries)))
	return nil
}

func (l *Log) write(entries []Entry) error {
	buffer := l.buffers.Get().(*[]byte)
	defer l.buffers.Put(buffer)
	lines := (*buffer)[:0]
	var err error
	for _, e := range entries {
		if lines, err = appendLine(lines, e, l.secret); err != nil {
			return err
		}
	}
	*buffer = lines
	return l.spool.append(lines)
}

func (l *Log) insert(ctx context.Context, entries []Entry) error {
	ctx, cancel := l.store.db.Bounded(context.WithoutCancel(ctx))
	defer cancel()
	var list batch
	for _, e := range entries {
		text, err := e.appendJSON(nil)
		if err != nil {
			return err
		}
		list = append(list, text)
	}
	return l.store.insert(ctx, list.json())
}

// Stats returns the counts so far.
func (l *Log) Stats() Stats {
	c := &l.counts
	return Stats{c.spooled.Load(), c.direct.Load(), c.refused.Load(), c.delivered.Load(), c.rejected.Load(), c.torn.Load(),
		l.spool.pending()}
}

// Close delivers what it can until ctx ends. The rest stays in the spool, for the next
// process that opens it. Call it when no request is left.
func (l *Log) Close(ctx context.Context) error {
	l.stop()
	l.running.Wait()
	failed := l.Flush(ctx)
	left, err := l.spool.close()
	if left > 0 {
		l.log.Warn("access log: entries wait in the spool for the next start", "bytes", left, "cause", failed)
	}
	if err != nil {
		return fmt.Errorf("close access log: %w", err)
	}
	return nil
}

// syncs puts the spool on the disk again and again.
func (l *Log) syncs(ctx context.Context) {
	tick := time.NewTicker(syncEvery)
	defer tick.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
			if err := l.spool.sync(); err != nil {
				l.log.Error("access log: the spool is not safe on the disk", "cause", err)
			}
		}
	}
}

func (l *Log) adopt() error {
	n, err := l.spool.adopt()
	if n > 0 {
		l.log.Warn("access log: files of a process that is gone are delivered", "files", n, "folder",
			filepath.Base(l.spool.dir))
	}
	return err
}

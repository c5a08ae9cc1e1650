package agency

import (
	"context"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
)

// Usage is what one read cost at one agency.
type Usage struct {
	Agency     string
	RoundTrips int64 // counted on the connection: a write that follows a read begins a new one
	Statements int   // reads; the transaction's begin and commit are not counted
	Took       time.Duration
}

// Tally sums what the reads of one request cost.
type Tally struct {
	mu    sync.Mutex
	usage []Usage
}

type tallyKey struct{}

// WithTally returns a context whose reads are counted in the tally.
func WithTally(ctx context.Context) (context.Context, *Tally) {
	t := &Tally{}
	return context.WithValue(ctx, tallyKey{}, t), t
}

func note(ctx context.Context, u Usage) {
	t, ok := ctx.Value(tallyKey{}).(*Tally)
	if !ok {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	for i := range t.usage {
		if t.usage[i].Agency == u.Agency {
			t.usage[i].RoundTrips += u.RoundTrips
			t.usage[i].Statements += u.Statements
			t.usage[i].Took += u.Took
			return
		}
	}
	t.usage = append(t.usage, u)
}

// Usage returns the sums per agency that was asked.
func (t *Tally) Usage() []Usage {
	t.mu.Lock()
	defer t.mu.Unlock()
	return append([]Usage(nil), t.usage...)
}

// wire counts round trips on a connection.
type wire struct {
	net.Conn
	keep  func() bool // stops that it is cut
	trips atomic.Int64
	wrote atomic.Bool
}

func (w *wire) Write(b []byte) (int, error) {
	if !w.wrote.Swap(true) {
		w.trips.Add(1)
	}
	return w.Conn.Write(b)
}

func (w *wire) Read(b []byte) (int, error) {
	n, err := w.Conn.Read(b)
	if n > 0 {
		w.wrote.Store(false)
	}
	return n, err
}

// Close closes the connection.
func (w *wire) Close() error {
	w.keep()
	return w.Conn.Close()
}

// dialCounting makes connections that are counted, and cut when lines ends.
func dialCounting(dial pgconn.DialFunc, lines context.Context) pgconn.DialFunc {
	return func(ctx context.Context, network, addr string) (net.Conn, error) {
		conn, err := dial(ctx, network, addr)
		if err != nil {
			return nil, err
		}
		return &wire{Conn: conn, keep: context.AfterFunc(lines, func() { _ = conn.Close() })}, nil
	}
}

// tripsOf returns the round trips of a connection so far; under TLS,
// those of the connection below it.
func tripsOf(conn *pgx.Conn) int64 {
	c := conn.PgConn().Conn()
	if t, ok := c.(interface{ NetConn() net.Conn }); ok {
		c = t.NetConn()
	}
	if w, ok := c.(*wire); ok {
		return w.trips.Load()
	}
	return 0
}

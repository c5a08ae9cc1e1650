// Package peer is what Oversikt is measured against: a handler that is written by
// hand for one question, the flagship query, and answers it with the same bytes. It
// sends each agency one statement, the contract's reads joined by UNION ALL, reads the
// rows in binary, and has the rules of law and the ids from the same packages. It has no
// GraphQL in it, no look-ahead, no circuit breaker, no request ids, no access log and no
// check of what an agency says: less than anybody could put into production.
package peer

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"strconv"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Config is what the product is given too.
type Config struct {
	Agencies []agency.Config
	SQL      map[string]string // the contract's reads by file name
	Verifier *token.Verifier
	IDs      *model.IDs
	Clock    func() time.Time
}

// Peer answers GET /overview for the bearer of a token.
type Peer struct {
	sources  []*source
	verifier *token.Verifier
	ids      *model.IDs
	clock    func() time.Time
}

// Open connects to the agencies.
func Open(ctx context.Context, c Config) (*Peer, error) {
	p := &Peer{verifier: c.Verifier, ids: c.IDs, clock: c.Clock}
	sql, err := statement(c.SQL)
	if err != nil {
		return nil, err
	}
	for _, a := range c.Agencies {
		s, err := open(ctx, a, sql)
		if err != nil {
			p.Close()
			return nil, fmt.Errorf("agency %s: %w", a.Code, err)
		}
		p.sources = append(p.sources, s)
	}
	return p, nil
}

// Close closes all connections.
func (p *Peer) Close() {
	for _, s := range p.sources {
		s.pool.Close()
	}
}

// Serve answers on the listener until ctx is done, with the time limits of the product.
func (p *Peer) Serve(ctx context.Context, listener net.Listener) error {
	server := &http.Server{
		Handler:           p,
		ReadHeaderTimeout: 5 * time.Second,
		ReadTimeout:       10 * time.Second,
		WriteTimeout:      30 * time.Second,
		IdleTimeout:       time.Minute,
		MaxHeaderBytes:    16 << 10,
	}
	stop := context.AfterFunc(ctx, func() { _ = server.Close() })
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return fmt.Errorf("serve: %w", err)
	}
	return nil
}

var (
	contentType = []string{"application/json"}
	buffers     = sync.Pool{New: func() any { b := make([]byte, 0, 64<<10); return &b }}
)

// ServeHTTP implements [http.Handler].
func (p *Peer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodGet || r.URL.Path != "/overview" {
		http.Error(w, "use GET /overview", http.StatusNotFound)
		return
	}
	caller, ok, err := p.verifier.Authenticate(r)
	if err != nil || !ok {
		http.Error(w, "log in first", http.StatusUnauthorized)
		return
	}
	today := norway.DateOf(p.clock())
	parts, err := p.read(r.Context(), caller.NationalID.Reveal(), today)
	if err != nil {
		slog.Error("no answer", "cause", err)
		http.Error(w, "an agency does not answer", http.StatusServiceUnavailable)
		return
	}
	buf := buffers.Get().(*[]byte)
	out := writer{b: (*buf)[:0], ids: p.ids}
	out.answer(caller.Name, today, parts)
	h := w.Header()
	h["Content-Type"] = contentType
	h["Content-Length"] = []string{strconv.Itoa(len(out.b))}
	_, _ = w.Write(out.b)
	*buf = out.b
	buffers.Put(buf)
}

// read asks all agencies at once.
func (p *Peer) read(ctx context.Context, nationalID string, today norway.Date) ([]*part, error) {
	parts := make([]*part, len(p.sources))
	if len(parts) == 1 {
		var err error
		parts[0], err = p.sources[0].read(ctx, nationalID, today)
		return parts, err
	}
	group, ctx := errgroup.WithContext(ctx)
	for i, s := range p.sources {
		group.Go(func() (err error) {
			parts[i], err = s.read(ctx, nationalID, today)
			return err
		})
	}
	return parts, group.Wait()
}

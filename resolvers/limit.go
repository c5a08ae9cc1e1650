package resolvers

import (
	"context"
	"sync"
	"time"

	"github.com/hashicorp/golang-lru/v2/expirable"
	"golang.org/x/sync/semaphore"
	"golang.org/x/time/rate"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/offer"
	"github.com/oversikt/oversikt/internal/throttle"
)

type clientKey struct{}

// WithClient returns a context that says from which address the request comes.
func WithClient(ctx context.Context, address string) context.Context {
	return context.WithValue(ctx, clientKey{}, throttle.Network(address))
}

// clientOf returns the network that the request comes from.
func clientOf(ctx context.Context) string {
	network, _ := ctx.Value(clientKey{}).(string)
	return network
}

// PerClient limits how often each client may ask, on one replica. It forgets clients that have been
// quiet for ten minutes, and the quietest when there are very many.
type PerClient struct {
	every   rate.Limit
	burst   int
	clients *expirable.LRU[string, *rate.Limiter]
}

// NewPerClient returns a limiter of so many questions a minute for each client.
func NewPerClient(aMinute int) *PerClient {
	return &PerClient{
		every:   rate.Every(time.Minute / time.Duration(aMinute)),
		burst:   aMinute,
		clients: expirable.NewLRU[string, *rate.Limiter](100_000, nil, 10*time.Minute),
	}
}

// Allow says whether the client of the context may ask now.
func (p *PerClient) Allow(ctx context.Context) bool {
	client := clientOf(ctx)
	l, ok := p.clients.Get(client)
	if !ok {
		l = rate.NewLimiter(p.every, p.burst)
		p.clients.Add(client, l)
	}
	return l.Allow()
}

// Solving bounds how many payment solutions are computed at once: each takes a core for
// many times what a read does. A caller has one at a time, so that who asks for many
// keeps nobody else waiting for more than one of them.
type Solving struct {
	free *semaphore.Weighted

	mu    sync.Mutex
	turns map[solver]*turn // of those who compute or wait
}

// solver is who has a solution computed.
type solver struct {
	id              norway.NationalID
	issuer, subject string
}

type turn struct {
	free  *semaphore.Weighted
	users int
}

// How long a request waits for its turn. A question is soon asked again; that an act is
// refused for want of a turn is to be rare.
const (
	solvingWait = 3 * time.Second
	acceptWait  = 15 * time.Second
)

// NewSolving returns a bound of so many at once.
func NewSolving(atOnce int) *Solving {
	return &Solving{free: semaphore.NewWeighted(int64(atOnce)), turns: map[solver]*turn{}}
}

func (s *Solving) begin(ctx context.Context, wait time.Duration) (done func(), err error) {
	p, err := caller(ctx)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	own, leave := s.enter(solver{p.NationalID, p.Issuer, p.Subject})
	if err := own.Acquire(ctx, 1); err != nil {
		leave()
		return nil, errSolving
	}
	next := func() {
		own.Release(1)
		leave()
	}
	if err := s.free.Acquire(ctx, 1); err != nil {
		next()
		return nil, errSolving
	}
	return func() {
		s.free.Release(1)
		next()
	}, nil
}

var errSolving = fault.New(fault.RateLimited, "too many payment solutions are being computed: try again in a moment")

// enter returns the turn of a caller, which is forgotten when the last user has left.
func (s *Solving) enter(who solver) (own *semaphore.Weighted, leave func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.turns[who]
	if t == nil {
		t = &turn{free: semaphore.NewWeighted(1)}
		s.turns[who] = t
	}
	t.users++
	return t.free, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if t.users--; t.users == 0 {
			delete(s.turns, who)
		}
	}
}

// suggest computes payment solutions when it is their turn.
func (r *Resolver) suggest(ctx context.Context, p *debt.Person, input offer.Input) (*offer.Solutions, error) {
	done, err := r.Solving.begin(ctx, solvingWait)
	if err != nil {
		return nil, err
	}
	defer done()
	return offer.Suggest(p, input)
}

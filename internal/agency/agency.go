package agency

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/failsafe-go/failsafe-go/circuitbreaker"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/sync/semaphore"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/tcp"
)

const (
	failuresToOpen = 3                      // failures in a row until the breaker opens
	probeEvery     = 500 * time.Millisecond // while it is open
	defaultConns   = 16
	idleConns      = 2
	lookEvery      = 3 * time.Minute
	connectTime    = 10 * time.Second // for a new connection, which takes several round trips
)

// Agency is one agency's cell: nothing in it is shared with another one's.
type Agency struct {
	facts    debt.Agency       // what is known without its database
	acts     debt.Acts         // on collection
	schema   string            // of the contract in its database; empty: the usual one
	printed  debt.PasswordForm // of the passwords that are hashed as they are printed
	archive  []string          // hosts that links to documents may lead to
	pool     *pgxpool.Pool
	deadline time.Duration
	grace    time.Duration // for who had nothing here
	breaker  circuitbreaker.CircuitBreaker[any]
	log      *slog.Logger

	lastStatus atomic.Value                   // debt.AgencyStatus of the latest failure
	lastBreach atomic.Pointer[fault.Error]    // what the latest failure was a breach of; nil: it was none
	kept       atomic.Pointer[core.Catalogue] // as it was last looked at; nil: it never answered
	looks      atomic.Int64                   // that have begun
	keeping    sync.Mutex
	latest     int64                 // of the looks that kept comes from
	lastFacts  atomic.Pointer[facts] // as its database last had them; nil: it has not been asked
	lastFAQ    atomic.Pointer[answers]
	askingFAQ  asking
	asking     asking
	unknown    *semaphore.Weighted // the places of the pool that callers who are not logged in share
	late       atomic.Bool         // its last answer took longer than the grace
	strangers  strangers
	said       sync.Map // what was said of its rows, by what it is about
	clock      func() time.Time
	probes     sync.WaitGroup
	told       told
	counts     counts
	ctx        context.Context
	cancel     context.CancelFunc
	lines      context.Context // as long as it lives, so do the connections
	cut        context.CancelFunc
}

func open(c Config, clock func() time.Time, log *slog.Logger) (*Agency, error) {
	if c.Deadline == 0 {
		c.Deadline = DefaultDeadline
	}
	if c.MaxConns == 0 {
		c.MaxConns = defaultConns
	}
	a := &Agency{
		acts:     c.Acts,
		facts:    debt.Agency{ID: debt.Key{Kind: debt.KindAgency, Agency: c.Code}, Code: c.Code, Name: c.Name},
		deadline: c.Deadline,
		grace:    cmp.Or(c.Grace, DefaultGrace),
		schema:   c.Schema,
		printed:  c.Passwords,
		archive:  c.ArchiveHosts,
		unknown:  semaphore.NewWeighted(int64(max(c.MaxConns/shareOfUnknown, 1))),
		clock:    clock,
		log:      log.With("agency", c.Code),
	}
	a.lastStatus.Store(debt.AgencyUnavailable)
	a.ctx, a.cancel = context.WithCancel(context.Background())
	a.lines, a.cut = context.WithCancel(context.Background())
	a.breaker = circuitbreaker.NewBuilder[any]().
		WithFailureThreshold(failuresToOpen).
		WithDelay(time.Duration(1 << 62)). // it is closed by the probe, never by a caller who waits
		OnOpen(func(circuitbreaker.StateChangedEvent) { a.probes.Go(a.probe) }).
		Build()
	pool, err := a.poolConfig(c)
	if err != nil {
		return nil, err
	}
	if a.pool, err = pgxpool.NewWithConfig(a.ctx, pool); err != nil {
		return nil, fmt.Errorf("open pool: %w", err)
	}
	a.probes.Go(a.watch)
	return a, nil
}

// warm makes a connection ready for reads, and notes what the agency has of the contract.
func (a *Agency) warm(ctx context.Context, conn *pgx.Conn) error {
	begun := a.looks.Add(1)
	kept, err := core.Warm(ctx, conn, a.facts, a.schema)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnfit, err)
	}
	a.keep(begun, kept)
	return nil
}

// errUnfit says that nobody can be read: something is missing or not allowed.
var errUnfit = errors.New("the agency's database is not fit to be read")

// keep notes what a look has seen, unless one that began after it has been noted.
func (a *Agency) keep(begun int64, kept *core.Catalogue) {
	a.keeping.Lock()
	defer a.keeping.Unlock()
	if begun > a.latest {
		a.latest = begun
		a.kept.Store(kept)
		a.compareRates(kept.Rates())
	}
}

// watch looks again from time to time: an agency may have made a function or a view.
func (a *Agency) watch() {
	tick := time.NewTicker(lookEvery)
	defer tick.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case <-tick.C:
		}
		a.forget()
		if !a.breaker.IsClosed() {
			continue // the probe looks
		}
		if err := a.look(); err != nil {
			a.log.Debug("what the agency has of the contract is not known anew", "cause", err)
		}
	}
}

func (a *Agency) look() error {
	ctx, cancel := context.WithTimeout(a.ctx, a.deadline)
	defer cancel()
	return a.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		begun := a.looks.Add(1)
		kept, err := core.Look(ctx, c.Conn(), a.schema)
		if err == nil {
			a.keep(begun, kept)
		}
		return err
	})
}

func (a *Agency) poolConfig(c Config) (*pgxpool.Config, error) {
	config, err := pgxpool.ParseConfig(c.DSN)
	if err != nil {
		return nil, fmt.Errorf("connection string: %s", reason(err))
	}
	if err := tcp.CheckPlain(&config.ConnConfig.Config); err != nil {
		return nil, fmt.Errorf("dsn: %w", err)
	}
	params := config.ConnConfig.RuntimeParams
	params["application_name"] = "oversikt"
	params["client_encoding"] = "UTF8" // whatever the database, the role or the configuration says
	params["search_path"] = ""
	params["default_transaction_read_only"] = "on"
	params["plan_cache_mode"] = "force_generic_plan" // every read is a few index look-ups from one person
	config.ConnConfig.DialFunc = dialCounting(tcp.Dial, a.lines)
	// Nobody's deadline holds for a connection that is being made: one to a server that
	// hangs would keep its place in the pool.
	config.ConnConfig.ConnectTimeout = connectTime
	config.AfterConnect = func(ctx context.Context, conn *pgx.Conn) error {
		ctx, cancel := context.WithTimeout(ctx, connectTime)
		defer cancel()
		if err := a.limit(ctx, conn); err != nil {
			return err
		}
		return a.warm(ctx, conn)
	}
	config.MaxConns = c.MaxConns
	config.MinIdleConns = min(idleConns, c.MaxConns)
	config.MaxConnLifetimeJitter = config.MaxConnLifetime / 10
	// A ping would be a second round trip. A dead connection shows at its first use,
	// and the read is tried once more.
	config.ShouldPing = func(context.Context, pgxpool.ShouldPingParams) bool { return false }
	return config, nil
}

// reason is what is wrong with a connection string. pgx shows the string as well, and
// hides a password only where it can tell that it is one.
func reason(err error) string {
	text := err.Error()
	if i := strings.LastIndex(text, "`: "); i >= 0 {
		text = text[i+len("`: "):]
	}
	what, _, _ := strings.Cut(text, " (")
	return what
}

func (a *Agency) close() {
	a.cancel()
	a.probes.Wait()
	late := time.AfterFunc(a.deadline, a.cut) // pgx would wait for a server that hangs
	a.pool.Close()
	late.Stop()
	a.cut()
}

// read returns the agency's part of an answer. With an error, the part still names the
// agency and says how it failed; where only some cases are withheld, it has the others.
func (a *Agency) read(ctx context.Context, q core.Query) (debt.Part, error) {
	var part *debt.Part
	start := time.Now()
	status, err := a.guard(ctx, repeatable, func(ctx context.Context) (err error) {
		part, err = a.once(ctx, q)
		return err
	})
	a.late.Store(time.Since(start) > a.grace)
	if err != nil {
		return debt.Part{Agency: new(a.facts), Status: status}, err
	}
	if q.Want.Has(debt.OfAgency) {
		a.lastFacts.Store(&facts{*part.Agency, a.clock()})
	}
	a.repeats(part.Repeated)
	return *part, a.withheld(part.Withheld, q.Today)
}

// guard runs f within the deadline unless the breaker is open, and once more when its
// connection turned out to be dead and again says that f can be repeated. Its errors are
// faults that name the agency, with a cause unless the breaker is open: one log line a
// failure.
func (a *Agency) guard(ctx context.Context, again func(error) bool, f func(context.Context) error) (debt.AgencyStatus,
	error) {
	if !a.breaker.TryAcquirePermit() {
		a.counts.away.Add(1)
		status := a.lastStatus.Load().(debt.AgencyStatus)
		if breach := a.lastBreach.Load(); breach != nil {
			return status, breach
		}
		return status, a.unavailable()
	}
	start := time.Now()
	ctx, ended := a.counts.begin(ctx, a.facts.Code)
	status, err := a.guarded(ctx, again, f)
	outcome := outcomeOf(status, err)
	ended(outcome)
	a.counts.asked(a.facts.Code, outcome, time.Since(start))
	return status, err
}

// unavailable is what a caller is told while the agency does not answer.
func (a *Agency) unavailable() *fault.Error {
	return fault.New(fault.AgencyUnavailable, "%s does not answer now; its part of this answer is missing",
		a.facts.Name).At(a.facts.Code)
}

// guarded is guard for a caller who is let through.
func (a *Agency) guarded(ctx context.Context, again func(error) bool,
	f func(context.Context) error) (debt.AgencyStatus, error) {
	limited, cancel := context.WithTimeout(ctx, a.deadline)
	defer cancel()
	err := calmly(limited, f)
	if err != nil && stale(limited, err) {
		a.pool.Reset()
		if again(err) {
			err = calmly(limited, f)
		}
	}
	var known *fault.Error
	switch {
	case err == nil:
		a.breaker.RecordSuccess()
		return debt.AgencyOK, nil
	case ctx.Err() != nil: // the caller went away, or its own time is up: no fault of the agency's
		return debt.AgencyTimeout, a.unavailable().Because(ctx.Err())
	case errors.Is(err, errBusy), errors.Is(err, errLocked):
		return debt.AgencyTimeout, a.unavailable().Because(err)
	case outOfFiles(err):
		return debt.AgencyUnavailable, a.unavailable().Because(err)
	case errors.As(err, &known): // it answers, but not by the contract
		known = known.At(a.facts.Code)
		if errors.Is(err, errUnfit) {
			a.lastStatus.Store(debt.AgencyUnavailable)
			a.lastBreach.Store(known.Because(nil)) // one log line a failure
			a.breaker.RecordFailure()
		}
		return debt.AgencyUnavailable, known
	}
	status := statusOf(err)
	a.lastStatus.Store(status)
	a.lastBreach.Store(nil)
	a.breaker.RecordFailure()
	return status, a.unavailable().Because(err)
}

// repeatable is the answer for whatever only reads.
func repeatable(error) bool { return true }

// calmly makes a panic of f an error: f runs in goroutines where nobody else would recover,
// and a fault of ours in reading one agency must not end the service.
func calmly(ctx context.Context, f func(context.Context) error) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.Of(fmt.Errorf("panic: %v\n%s", r, debug.Stack()))
		}
	}()
	return f(ctx)
}

// once reads on one connection and notes what it cost on the wire.
func (a *Agency) once(ctx context.Context, q core.Query) (*debt.Part, error) {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return nil, err
	}
	defer release()
	q.Kept, q.Acts = a.kept.Load(), a.acts
	defer a.note(ctx, conn, tripsOf(conn.Conn()), q.Kept.Statements(q.Want), start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	begun := time.Now()
	part, err := core.Read(ctx, conn, a.facts, q)
	if err != nil && conn.Conn().PgConn().TxStatus() == 'E' {
		_, _ = conn.Exec(ctx, "rollback") // or the pool would close it
	}
	err = a.tooLate(err, begun)
	if pg, ok := errors.AsType[*pgconn.PgError](err); ok && (pg.Code[:2] == "42" || pg.Code[:2] == "0A") {
		err = fmt.Errorf("%w: %w", errUnfit, err)
	}
	return part, err
}

// find returns whose case a number is, and notes what that cost on the wire.
func (a *Agency) find(ctx context.Context, read func(context.Context, core.Querier) error) error {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return err
	}
	defer release()
	defer a.note(ctx, conn, tripsOf(conn.Conn()), 1, start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	return read(ctx, a.kept.Load().On(conn))
}

// lasting returns a context for a read that has a connection: it ends at the deadline of ctx
// and not when the caller leaves. pgx closes a connection whose read is cancelled, while the
// agency goes on with it, and a new one takes several round trips: on a long line more than
// the next caller has time for, who would count that against the agency.
func lasting(ctx context.Context) (context.Context, context.CancelFunc) {
	end, limited := ctx.Deadline()
	if ctx.Err() != nil || !limited {
		return context.WithCancel(ctx)
	}
	return context.WithDeadline(context.WithoutCancel(ctx), end)
}

// note adds what was done on a connection since it had made so many trips.
func (a *Agency) note(ctx context.Context, conn *pgxpool.Conn, before int64, statements int, start time.Time) {
	u := Usage{Agency: a.facts.Code, RoundTrips: tripsOf(conn.Conn()) - before, Statements: statements,
		Took: time.Since(start)}
	a.counts.trips.Add(u.RoundTrips)
	a.counts.statements.Add(int64(u.Statements))
	note(ctx, u)
}

// stale says whether a connection turned out to be dead, so that f may succeed on a new
// one.
func stale(ctx context.Context, err error) bool {
	var pg *pgconn.PgError
	if ctx.Err() != nil || errors.As(err, new(*pgconn.ConnectError)) || errors.Is(err, errLocked) ||
		errors.Is(err, context.DeadlineExceeded) {
		return false
	}
	if !errors.As(err, &pg) {
		return !errors.As(err, new(*fault.Error))
	}
	return slices.Contains(passing, pg.Code) || slices.Contains(passing, pg.Code[:2])
}

// passing are the errors of PostgreSQL, or classes of them, that a new connection may not have.
var passing = []string{
	"57",    // shutting down, or cancelled
	"40",    // a standby had to undo what the read looks at
	"0A000", // a view was made anew with other types, and its plan is of the old ones
	"26000", // a pooler in between lost the prepared statement
}

// probe asks the agency until it answers, then closes the breaker.
func (a *Agency) probe() {
	a.log.Warn("agency is out of service: no caller waits for it until it answers again")
	tick := time.NewTicker(probeEvery)
	defer tick.Stop()
	for {
		select {
		case <-a.ctx.Done():
			return
		case <-tick.C:
		}
		err := a.ping()
		if err == nil {
			a.log.Info("agency is back")
			a.breaker.Close()
			return
		}
		a.log.Debug("agency is still out of service", "cause", err)
	}
}

// ping makes a new connection, which also prepares and so checks every read, and asks on
// it as a caller would: within the deadline.
func (a *Agency) ping() error {
	ctx, cancel := context.WithTimeout(a.ctx, connectTime)
	defer cancel()
	a.pool.Reset()
	return a.pool.AcquireFunc(ctx, func(c *pgxpool.Conn) error {
		ctx, cancel := context.WithTimeout(ctx, a.deadline)
		defer cancel()
		return a.warm(ctx, c.Conn())
	})
}

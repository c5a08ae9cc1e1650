package act

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"sync"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

const (
	decideWithin = 2 * time.Minute    // from the storing of an All act to its decision
	askFor       = 3 * 24 * time.Hour // how long agencies are asked, where an act does not say
	patience     = 5 * time.Second    // what a caller waits at most
	leaseTime    = 40 * time.Second   // how long one drives undisturbed: two rounds of questions
)

// Agencies is where the agencies are asked. [agency.Registry] is one.
type Agencies interface {
	Ask(ctx context.Context, code string, c agency.Call) (agency.Answer, error)
	Propose(ctx context.Context, code string, c agency.Call, want debt.Relations,
		verify func(debt.Part) error) (agency.Answer, error)
	Offers(code, function string) bool
}

// Options is what an engine works with. Portal to Log are required.
type Options struct {
	Portal   *portal.DB
	Secret   *portal.Secret
	Agencies Agencies
	Recorder *audit.Recorder
	Clock    func() time.Time
	Log      *slog.Logger
	Acts     []*Act // all that there are

	// Allow counts that somebody asks for an act once more; its error refuses it, and nothing was
	// done. It is not asked about what the service does by itself. Nil: nobody counts.
	Allow func(ctx context.Context, a *Act, by By) error

	Patience time.Duration // how long a caller waits at most; 0 is 5 seconds
	Lease    time.Duration // how long a process that has died stands in the way; 0 is 40 seconds

	// Step is called before and after everything that is written or asked, such as "do
	// fjord" and "do fjord done", in the goroutine that drives. Tests end it there.
	Step func(name string)
}

// Engine carries out acts, and brings what was begun to its end. Any number of them may work
// on one portal database.
type Engine struct {
	Options
	acts   map[Name]*Act
	store  store
	claims claims
	river  *river.Client[pgx.Tx]

	reached func(passage)    // counts which rows of the machine are reached
	unsent  func(error) bool // [agency.Unsent], but for agencies that are simulated
}

// passage is a row of the machine: in a table, from where, and why it is left, or is not.
type passage struct{ table, from, when string }

// New returns an engine that carries out and reads. Run makes it take up what others left.
func New(o Options) (*Engine, error) {
	e := newEngine(o)
	client, err := newRiver(e)
	if err != nil {
		return nil, err
	}
	e.river = client
	e.store = &database{DB: o.Portal, secret: o.Secret, river: client}
	return e, nil
}

func newEngine(o Options) *Engine {
	if o.Step == nil {
		o.Step = func(string) {}
	}
	o.Patience, o.Lease = cmp.Or(o.Patience, patience), cmp.Or(o.Lease, leaseTime)
	e := &Engine{Options: o, acts: map[Name]*Act{}, claims: claims{o.Portal, o.Secret},
		reached: func(passage) {}, unsent: agency.Unsent}
	for _, a := range o.Acts {
		e.acts[a.Name] = a
	}
	return e
}

// now is the time as PostgreSQL keeps it.
func (e *Engine) now() time.Time { return e.Clock().Truncate(time.Microsecond) }

func (e *Engine) today() norway.Date { return norway.DateOf(e.Clock()) }

// store is where acts are kept: the portal database, or that of a simulation.
type store interface {
	// insert stores an act with all that belongs to it, or stores nothing; false says that
	// the person's key is taken, or that another act must end first.
	insert(ctx context.Context, s *saga, with stored) (bool, error)
	// byKey and pending return nil where there is none; pending is what others wait for.
	byKey(ctx context.Context, subjects [][]byte, key uuid.UUID) (*saga, error)
	pending(ctx context.Context, subjects [][]byte, name Name) (*saga, error)
	// list returns the acts of a person, the newest first, at most a thousand.
	list(ctx context.Context, subjects [][]byte) ([]*saga, error)
	// take makes the caller the only driver for a while, and returns the act as it stands;
	// errBusy, with the act, where somebody else drives it, [agency.ErrNotFound] for none.
	take(ctx context.Context, id, driver uuid.UUID, lease time.Duration) (*saga, error)
	// release lets an act go, so that the next driver need not wait for the end of the lease.
	release(ctx context.Context, id, driver uuid.UUID)
	// save writes where an act is, or nothing and errLost where the caller drives it no
	// more. It drives on unless the act is let go.
	save(ctx context.Context, s *saga, driver uuid.UUID, lease time.Duration,
		own []func(context.Context, pgx.Tx) error) error
}

// stored is what is stored beside an act, in one transaction with it.
type stored struct {
	alone  bool
	driver uuid.UUID // who drives it at once
	lease  time.Duration
	own    func(context.Context, pgx.Tx) error
	entry  audit.Entry
	again  time.Time // when its job looks after it
}

var (
	errBusy = errors.New("the act is being driven")
	errLost = errors.New("somebody else drives the act")
)

// Resume goes on with an act as far as it comes now: once to every agency for what is next,
// and once more where that led to a decision. It returns how far it is; with an error that
// is errBusy, how far somebody else has come.
func (e *Engine) resume(ctx context.Context, id uuid.UUID) (*saga, error) {
	driver := uuid.New()
	s, err := e.store.take(ctx, id, driver, e.Lease)
	if err != nil {
		return s, fmt.Errorf("resume act: %w", err)
	}
	if err := e.drive(ctx, s, driver); err != nil {
		e.store.release(ctx, id, driver)
		return nil, fmt.Errorf("resume act: %w", err) // nobody knows what of s is stored
	}
	return s, nil
}

// Resume goes on with an act as far as it comes now, and returns how far it is.
// [agency.ErrNotFound] for one that does not exist.
func (e *Engine) Resume(ctx context.Context, id uuid.UUID) (Record, error) {
	s, err := e.resume(ctx, id)
	if s == nil {
		return Record{}, err
	}
	return s.Record, err
}

// drive asks every agency once for what is next, and once more after a decision.
func (e *Engine) drive(ctx context.Context, s *saga, driver uuid.UUID) error {
	if s.EndedAt != nil {
		return nil
	}
	if a := e.acts[s.Name]; a != nil {
		s.holds = a.Holds
	}
	if s.Reach == All && s.Decision == "" {
		var own []func(context.Context, pgx.Tx) error
		if e.now().Before(s.DecideBy) {
			var err error
			if _, own, err = e.round(ctx, s); err != nil {
				return err
			}
		}
		e.reached(passage{"decision", "", s.decide(e.now())})
		if err := e.save(ctx, s, driver, "decide", own); err != nil || s.Decision == "" {
			return err
		}
	}
	e.expire(s)
	wrong, own, err := e.round(ctx, s)
	if err != nil {
		return err
	}
	e.expire(s)
	if s.late(e.now()) && s.any(Asked) {
		wrong = true
		e.Log.Error("it is too late, and an agency may have carried it out: see docs/acts.md", "act", s.ID, "name", s.Name)
	}
	from := s.Status
	e.reached(passage{"after " + s.next().name, string(from), s.conclude(wrong, e.now())})
	return e.save(ctx, s, driver, "end", own)
}

func (e *Engine) save(ctx context.Context, s *saga, driver uuid.UUID, step string,
	own []func(context.Context, pgx.Tx) error) error {
	lease := e.Lease
	if step == "end" || s.Reach == All && s.Decision == "" {
		lease = 0
	}
	e.Step(step)
	// What the agencies have done is noted also where nobody waits any more.
	noting, cancel := context.WithTimeout(context.WithoutCancel(ctx), e.Patience)
	defer cancel()
	if err := e.store.save(noting, s, driver, lease, own); err != nil {
		return fmt.Errorf("%s: %w", step, err)
	}
	e.Step(step + " done")
	return nil
}

// round asks all agencies at once that have not reached the goal, each once and within its
// own deadline. wrong says that one has given a wrong answer; own is what the answers change
// in tables of the act's own.
func (e *Engine) round(ctx context.Context, s *saga) (wrong bool, own []func(context.Context, pgx.Tx) error,
	err error) {
	st, a := s.next(), e.acts[s.Name]
	if a == nil {
		return false, nil, fmt.Errorf("there is no act %s", s.Name)
	}
	scope, err := e.scope(s)
	if err != nil {
		return false, nil, fmt.Errorf("whose it is: %w", err)
	}
	type reply struct {
		i      int
		answer agency.Answer
		err    error
	}
	asking, cancel := context.WithCancel(ctx)
	var asked sync.WaitGroup
	defer asked.Wait()
	defer cancel()
	replies := make(chan reply, len(s.Agencies))
	var questions []func()
	for i := range s.Agencies {
		if !slices.Contains(st.from, s.Agencies[i].State) {
			continue
		}
		input, ready, err := e.input(ctx, a, s, i, st)
		if err != nil {
			return false, nil, err
		}
		switch ready {
		case Spared:
			e.hear(s, i, st, spared, agency.Answer{})
			continue
		case Later:
			continue
		}
		e.Step(st.name + " " + s.Agencies[i].Code)
		call := agency.Call{Key: s.parts[i].key, Scope: scope, Input: input}
		questions = append(questions, func() {
			answer, err := e.ask(asking, a, s, i, st, call)
			replies <- reply{i, answer, err}
		})
	}
	for _, ask := range questions {
		asked.Go(ask)
	}
	for range questions {
		r := <-replies
		code := s.Agencies[r.i].Code
		e.Step(st.name + " " + code + " done")
		if r.err != nil {
			e.Log.Warn("an agency could not be asked", "act", s.ID, "name", s.Name, "agency", code, "step", st.name, "cause",
				r.err)
		}
		s.parts[r.i].sent = s.parts[r.i].sent || r.err != nil && !e.unsent(r.err)
		if e.hear(s, r.i, st, heardOf(r.answer, r.err), r.answer) {
			wrong = true
			e.Log.Error("an agency has answered what it must not: see docs/acts.md",
				"act", s.ID, "name", s.Name, "agency", code, "step", st.name, "status", r.answer.Status, "reason", r.answer.Reason)
		}
		if r.err == nil && a.ended(r.answer) {
			own = append(own, endClaim(s.ID))
		}
		if a.Own != nil && r.err == nil {
			own = append(own, func(ctx context.Context, tx pgx.Tx) error { return a.Own(ctx, tx, s.ID, code, r.answer) })
		}
	}
	return wrong, own, nil
}

// expire gives up what was never sent and is too late now.
func (e *Engine) expire(s *saga) {
	if !s.late(e.now()) {
		return
	}
	for i := range s.Agencies {
		if s.Agencies[i].State == Asked && !s.parts[i].sent {
			e.hear(s, i, s.next(), late, agency.Answer{})
		}
	}
}

// hear notes what was heard of agency i.
func (e *Engine) hear(s *saga, i int, st step, h heard, answer agency.Answer) (wrong bool) {
	from := s.Agencies[i].State
	wrong = s.hear(i, st, h, answer, e.now())
	h, _ = st.on(h)
	e.reached(passage{st.name, string(from), string(h)})
	return wrong
}

package act

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
)

// memory is a store in memory that does what the SQL of the portal database does, one
// transaction at a time: TestStoresAgree holds it against the database. Every call goes over
// the line of a simulation, and what is written is held against the invariants.
type memory struct {
	sim  *sim
	now  func() time.Time
	rows []*memoryRow
	jobs []*job

	lists map[string][]*saga // what persons were last told of all their acts
}

// memoryRow is the row of an act with its agencies.
type memoryRow struct {
	saga   *saga
	alone  bool
	driver uuid.UUID // zero: nobody
	until  time.Time // of the lease
	has    bool      // the row is there; a simulated fault may delay that

	// What the invariants look at.
	holder    uuid.UUID // who took it last and has not let it go
	held      time.Time
	versions  []version
	stored    time.Time
	entries   int // in the access log
	own       int // rows of the act's own
	events    []Status
	answered  map[string]string // what Own was told last
	confirmed bool
}

// version is an act as it was told at some time.
type version struct {
	tick     int
	status   Status
	decision Decision
}

// job is one of the queue.
type job struct {
	act     uuid.UUID
	at      time.Time // when it is due; of one that runs, when it is taken for lost
	running *process
	gone    bool
}

func clone(s *saga) *saga {
	c := *s
	c.Agencies = slices.Clone(s.Agencies)
	c.parts = slices.Clone(s.parts)
	return &c
}

func (m *memory) find(id uuid.UUID) *memoryRow {
	for _, r := range m.rows {
		if r.has && r.saga.ID == id {
			return r
		}
	}
	return nil
}

// byPart returns the act that an agency's key belongs to, and which part.
func (m *memory) byPart(key uuid.UUID) (*memoryRow, int) {
	for _, r := range m.rows {
		if !r.has {
			continue
		}
		for i, p := range r.saga.parts {
			if p.key == key {
				return r, i
			}
		}
	}
	return nil, 0
}

// has says whether an act is stored under somebody's key.
func (m *memory) has(key uuid.UUID) bool {
	return slices.ContainsFunc(m.rows, func(r *memoryRow) bool { return r.saga.key == key })
}

// inTheWay says that an act is one at a time, and stands in the way of others.
func (m *memory) inTheWay(r *memoryRow) bool {
	pending := r.saga.Status == Pending || r.saga.Status == NeedsAttention && m.sim.bug != "attention makes room"
	return r.has && pending && r.saga.Decision != Withdraw
}

func (m *memory) insert(ctx context.Context, s *saga, with stored) (bool, error) {
	ok, err := exchange(ctx, m.sim, "insert", nil, func() (bool, error) {
		ok, err := m.insertNow(clone(s), with)
		if ok {
			m.sim.begun(m.rows[len(m.rows)-1], s)
		}
		return ok, err
	})
	if err != nil {
		return false, unavailable("store act", err)
	}
	return ok, nil
}

func (m *memory) insertNow(s *saga, with stored) (bool, error) {
	for _, r := range m.rows {
		same := bytes.Equal(r.saga.subject, s.subject)
		if r.saga.ID == s.ID || same && r.saga.key == s.key && m.sim.bug != "key taken twice" ||
			same && with.alone && r.alone && r.saga.Name == s.Name && m.inTheWay(r) && m.sim.bug != "not alone" {
			return false, nil
		}
	}
	if with.own != nil {
		if err := with.own(context.Background(), nil); err != nil {
			return false, err
		}
	}
	r := &memoryRow{saga: s, alone: with.alone, has: m.sim.bug != "stored after asked", entries: 1, own: 1,
		stored: m.now(), answered: map[string]string{}}
	m.rows = append(m.rows, r)
	s.Kept = nil
	if s.EndedAt == nil {
		r.driver, r.until = with.driver, m.now().Add(with.lease)
		r.holder, r.held = r.driver, r.until
		if m.sim.bug != "no job" {
			m.jobs = append(m.jobs, &job{act: s.ID, at: with.again})
		}
	} else {
		s.whose = nil
	}
	m.wrote(r, "", "")
	m.sim.storedOne(r)
	return true, nil
}

func (m *memory) byKey(ctx context.Context, subjects [][]byte, key uuid.UUID) (*saga, error) {
	return m.read(ctx, "by key", isOf(subjects[0], key))
}

func (m *memory) pending(ctx context.Context, subjects [][]byte, name Name) (*saga, error) {
	return m.read(ctx, "pending", m.isPending(subjects[0], name))
}

func isOf(subject []byte, key uuid.UUID) func(*memoryRow) bool {
	return func(r *memoryRow) bool { return bytes.Equal(r.saga.subject, subject) && r.saga.key == key }
}

func (m *memory) isPending(subject []byte, name Name) func(*memoryRow) bool {
	return func(r *memoryRow) bool {
		return bytes.Equal(r.saga.subject, subject) && r.saga.Name == name && m.inTheWay(r)
	}
}

func (m *memory) list(ctx context.Context, subjects [][]byte) ([]*saga, error) {
	all, err := exchange(ctx, m.sim, "list", nil, func() ([]*saga, error) { return m.listNow(subjects[0]), nil })
	if err != nil {
		return nil, unavailable("read acts", err)
	}
	return all, nil
}

func (m *memory) listNow(subject []byte) (all []*saga) {
	if old, ok := m.lists[string(subject)]; ok && m.sim.bug == "old list" {
		return old
	}
	for _, r := range m.rows {
		if r.has && bytes.Equal(r.saga.subject, subject) {
			all = append(all, m.opened(r))
		}
	}
	slices.SortFunc(all, func(a, b *saga) int {
		return cmp.Or(b.CreatedAt.Compare(a.CreatedAt), bytes.Compare(a.ID[:], b.ID[:]))
	})
	m.lists[string(subject)] = all
	return all
}

func (m *memory) read(ctx context.Context, name string, is func(*memoryRow) bool) (*saga, error) {
	s, err := exchange(ctx, m.sim, name, nil, func() (*saga, error) { return m.first(is), nil })
	if err != nil {
		return nil, unavailable("read acts", err)
	}
	return s, nil
}

// first returns the newest act that is meant, nil for none.
func (m *memory) first(is func(*memoryRow) bool) *saga {
	for _, r := range slices.Backward(m.rows) {
		if is(r) {
			return m.opened(r)
		}
	}
	return nil
}

// opened is what a reader has of a row.
func (m *memory) opened(r *memoryRow) *saga {
	s := clone(r.saga)
	if m.sim.bug == "no digest" {
		s.digest = nil
	}
	if m.sim.bug == "ends again" && s.EndedAt != nil {
		s.Status, s.EndedAt = Pending, nil
	}
	if m.sim.bug == "asks first after the time" {
		s.Until = s.Until.Add(time.Hour)
	}
	if m.sim.bug == "decides again" && s.Reach == All && s.EndedAt == nil {
		s.Decision, s.DecidedAt = "", nil
	}
	return s
}

func (m *memory) take(ctx context.Context, id, driver uuid.UUID, lease time.Duration) (*saga, error) {
	taken, err := exchange(ctx, m.sim, "take", nil, func() (bool, error) { return m.takeNow(id, driver, lease), nil })
	if err != nil {
		return nil, unavailable("take act", err)
	}
	s, err := m.read(ctx, "by id", func(r *memoryRow) bool { return r.has && r.saga.ID == id })
	switch {
	case err != nil:
		return nil, err
	case s == nil:
		return nil, agency.ErrNotFound
	case !taken && s.EndedAt == nil:
		return s, errBusy
	}
	s.driver = driver
	return s, nil
}

func (m *memory) takeNow(id, driver uuid.UUID, lease time.Duration) bool {
	now, r := m.now(), m.find(id)
	if r == nil || r.saga.EndedAt != nil && m.sim.bug != "ends again" || r.driver != uuid.Nil && !r.until.Before(now) &&
		m.sim.bug != "no lease" {
		return false
	}
	if r.holder != uuid.Nil && r.held.After(now) {
		m.sim.violated("one drives at a time", "%s is taken while its lease runs", r.saga.Name)
	}
	if r.driver != uuid.Nil && m.sim.bug != "no doubt" {
		for i := range r.saga.parts {
			if r.saga.Agencies[i].State == Asked {
				r.saga.parts[i].sent = true
			}
		}
	}
	r.driver, r.until = driver, now.Add(lease)
	r.holder, r.held = r.driver, r.until
	return true
}

func (m *memory) release(ctx context.Context, id, driver uuid.UUID) {
	_, _ = exchange(ctx, m.sim, "release", nil, func() (bool, error) { m.releaseNow(id, driver); return true, nil })
}

func (m *memory) releaseNow(id, driver uuid.UUID) {
	if r := m.find(id); r != nil && r.driver == driver {
		r.until, r.held = m.now(), m.now()
	}
}

func (m *memory) save(ctx context.Context, s *saga, driver uuid.UUID, lease time.Duration,
	own []func(context.Context, pgx.Tx) error) error {
	s = clone(s)
	_, err := exchange(ctx, m.sim, "save", nil, func() (bool, error) { return true, m.saveNow(s, driver, lease, own) })
	if err != nil {
		return unavailable("write how far an act is", err)
	}
	return nil
}

var errConstraint = errors.New("the tables refuse that")

func (m *memory) saveNow(s *saga, driver uuid.UUID, lease time.Duration,
	own []func(context.Context, pgx.Tx) error) error {
	r := m.find(s.ID)
	if r == nil && m.sim.bug == "stored after asked" {
		r = m.rows[slices.IndexFunc(m.rows, func(r *memoryRow) bool { return r.saga.ID == s.ID })]
		r.has = true
	}
	if r == nil || r.driver != driver && m.sim.bug != "no fence" || r.saga.EndedAt != nil && m.sim.bug != "ends again" {
		return errLost
	}
	if err := m.refuses(r, s, lease); err != nil {
		return err
	}
	m.sim.wouldWrite(r, s, driver)
	from, decided := r.saga.Status, r.saga.Decision
	r.saga.Status, r.saga.Decision, r.saga.Reason = s.Status, s.Decision, s.Reason
	r.saga.DecidedAt, r.saga.EndedAt = s.DecidedAt, s.EndedAt
	for i, a := range s.Agencies {
		r.saga.Agencies[i] = a
		r.saga.parts[i].sent = r.saga.parts[i].sent || s.parts[i].sent
		if s.EndedAt != nil && m.sim.bug != "sealed for ever" {
			r.saga.parts[i].input = nil
		}
	}
	if s.EndedAt != nil {
		r.saga.whose = nil
	}
	if s.Decision == Withdraw {
		r.saga.kept = nil
	}
	r.driver, r.until = uuid.Nil, m.now()
	if lease > 0 {
		r.driver, r.until = driver, m.now().Add(lease)
	}
	r.holder, r.held = r.driver, r.until
	for _, write := range own {
		if err := write(context.WithValue(context.Background(), rowKey{}, r), nil); err != nil {
			return err
		}
	}
	m.wrote(r, from, decided)
	return nil
}

type rowKey struct{}

// refuses is what the constraints and the trigger of the tables do.
func (m *memory) refuses(r *memoryRow, s *saga, lease time.Duration) error {
	open := s.Status == Pending || s.Status == NeedsAttention
	switch {
	case r.saga.Decision != "" && s.Decision != r.saga.Decision && m.sim.bug != "decides again",
		(s.Decision == "") != (s.DecidedAt == nil), open != (s.EndedAt == nil), s.EndedAt != nil && lease > 0,
		s.Reach != All && s.Decision != "",
		s.Reach == All && s.Status == Done && s.Decision != Confirm,
		s.Reach == All && s.Status == Withdrawn && s.Decision != Withdraw:
		m.sim.violated("what is written can be written", "%s: %s %q over %s %q", s.Name, s.Status, s.Decision, r.saga.Status,
			r.saga.Decision)
		return errConstraint
	case s.EndedAt != nil && s.EndedAt.Before(s.CreatedAt): // the clocks of two replicas differ
		return errConstraint
	}
	for _, a := range s.Agencies {
		if !slices.Contains([]State{Asked, Proposed, PartDone, PartRefused, PartWithdrawn}, a.State) {
			m.sim.violated("what is written can be written", "%s: a part is %q", s.Name, a.State)
			return errConstraint
		}
	}
	return nil
}

// wrote notes what the row says now, and raises the event.
func (m *memory) wrote(r *memoryRow, from Status, decided Decision) {
	s := r.saga
	if from != s.Status && (m.sim.bug != "no event" || s.Status == Pending) {
		r.events = append(r.events, s.Status)
	}
	if from != s.Status || decided != s.Decision {
		r.versions = append(r.versions, version{m.sim.tick, s.Status, s.Decision})
		m.sim.say("%s %s is %s %s %s", s.Name, short(s.ID, m), s.Status, s.Decision, s.Reason)
	}
}

// short names an act by its place, which is the same in every run of a seed.
func short(id uuid.UUID, m *memory) string {
	return fmt.Sprint("#", slices.IndexFunc(m.rows, func(r *memoryRow) bool { return r.saga.ID == id }))
}

// due returns the times at which something changes by itself.
func (m *memory) due() (all []time.Time) {
	now := m.now()
	add := func(t time.Time) {
		if t.After(now) {
			all = append(all, t)
		}
	}
	for _, j := range m.jobs {
		if !j.gone {
			add(j.at)
		}
	}
	for _, r := range m.rows {
		if r.saga.EndedAt == nil {
			add(r.until)
			add(r.saga.Until)
			if r.saga.Decision == "" {
				add(r.saga.DecideBy)
			}
		}
	}
	slices.SortFunc(all, func(a, b time.Time) int { return cmp.Compare(a.UnixNano(), b.UnixNano()) })
	return all
}

// work has a replica do a job that is due, if there is one. One that has run for too long is
// taken for lost.
func (w *sim) work(r *replica) bool {
	for _, j := range w.memory.jobs {
		if j.gone || j.at.After(w.now()) || w.line && !w.healing {
			continue
		}
		if j.running != nil {
			j.running, j.at = nil, w.now().Add(shortWait)
			continue
		}
		j.at = w.now().Add(jobTime + time.Duration(w.rand.Int64N(int64(30*time.Second))))
		w.start(r, "job", func(ctx context.Context, e *Engine, p *process) {
			j.running = p
			ctx, cancel := context.WithTimeout(ctx, jobTime)
			defer cancel()
			again, err := e.work(ctx, j.act)
			if p.dead {
				return
			}
			j.running, j.at, j.gone = nil, w.now().Add(again), err != nil || again == 0
			if err != nil {
				w.violated("an act has its job", "a job found no act")
			}
		})
		return true
	}
	return false
}

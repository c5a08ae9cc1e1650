package act

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"slices"
	"sync"
	"testing/synctest"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// sim is one history of the engine: several replicas, callers and jobs work on one store and
// ask agencies, all of them simulated. It runs in a bubble of testing/synctest, where time
// passes when the history says so. Of all goroutines one runs at a time: whatever a process
// sends or hears goes through park, and the history chooses, from one seed, who goes on and
// what becomes of the message.
type sim struct {
	rand  *rand.Rand
	rates rates
	bug   string
	trace func(format string, args ...any) // nil: nobody reads it

	mu     sync.Mutex
	parked []*parked

	floats    []message
	replicas  []*replica
	processes int
	memory    *memory
	bureaus   []*bureau
	people    []caller.Principal
	plans     []wish
	calls     []*call
	looks     []*look
	acts      simActs
	line      bool // the portal's line is down
	healing   bool
	turns     int
	tick      int // counts what happens, for what comes before what
	reached   map[passage]int
	broken    []string // the invariants that did not hold
}

// rates says how often something goes wrong, in a thousand; each history has others.
type rates struct {
	crash, mood, line, lost, late, twice, lostAnswer, slow int
	skew                                                   time.Duration
}

// replica is a process of the service; engine is nil while it is down.
type replica struct {
	engine  *Engine
	running []*process
	skew    time.Duration // of its clock against the database's
}

// process is a request or a job. When its replica dies, nothing that it does has an effect.
type process struct {
	id      int
	name    string
	replica *replica
	dead    bool
	done    bool
}

// parked is a process, or one of the questions that it asks at once, that waits: to send, or
// to hear.
type parked struct {
	process *process
	name    string
	ctx     context.Context
	asks    bool // an agency, not the store
	reply   bool
	wake    chan fate
}

// message is what is still under way when nobody waits for it any more.
type message struct {
	name   string
	arrive func()
}

// fate is what becomes of a message.
type fate int

const (
	arrives fate = iota
	vanishes
	comesLate  // when the sender has given up
	comesTwice // and a second time later
	unsent     // and the sender knows
	killed     // the sender is dead
)

var (
	errLine   = errors.New("the line is cut")
	errUnsent = errors.New("nothing was sent")
	errDead   = errors.New("the process is dead")
)

type processKey struct{}

// simulated is when histories begin.
var simulated = time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC)

// now is the time of the store and of the agencies.
func (w *sim) now() time.Time {
	return time.Now().Add(simulated.Sub(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)))
}

func (w *sim) say(format string, args ...any) {
	if w.trace != nil {
		w.trace(w.now().Format("01-02 15:04:05.000 ")+format, args...)
	}
}

// violated notes that an invariant did not hold.
func (w *sim) violated(invariant, format string, args ...any) {
	text := invariant + ": " + fmt.Sprintf(format, args...)
	w.broken = append(w.broken, text)
	w.say("VIOLATED %s", text)
}

// park waits until the history goes on with this one.
func (w *sim) park(ctx context.Context, name string, asks, reply bool) fate {
	p := ctx.Value(processKey{}).(*process)
	w.mu.Lock()
	if p.dead {
		w.mu.Unlock()
		return killed
	}
	k := &parked{p, name, ctx, asks, reply, make(chan fate)}
	w.parked = append(w.parked, k)
	w.mu.Unlock()
	return <-k.wake
}

// exchange sends a message, which has an effect when it arrives, and hears the answer. leaves
// looks at a question to an agency when it leaves; nil: it is one to the store.
func exchange[T any](ctx context.Context, w *sim, name string, leaves func(), effect func() (T, error)) (T, error) {
	var none T
	asks := leaves != nil
	f := w.park(ctx, name, asks, false)
	if asks && f != killed && ctx.Err() == nil {
		leaves()
	}
	if f == arrives || f == comesTwice {
		if err := ctx.Err(); err != nil {
			f = comesLate // it was on its way when the sender's time was over
		}
	}
	again := message{name, func() { _, _ = effect() }}
	switch f {
	case killed:
		return none, errDead
	case unsent:
		return none, errUnsent
	case comesLate:
		w.floats = append(w.floats, again)
		return none, errLine
	case vanishes:
		return none, errLine
	}
	out, err := effect()
	if f == comesTwice {
		w.floats = append(w.floats, again)
	}
	switch w.park(ctx, name, asks, true) {
	case killed:
		return none, errDead
	case vanishes:
		return none, errLine
	}
	if gone := ctx.Err(); gone != nil {
		return none, gone
	}
	return out, err
}

// start runs something as a process of a replica.
func (w *sim) start(r *replica, name string, do func(context.Context, *Engine, *process)) *process {
	w.processes++
	p := &process{id: w.processes, name: name, replica: r}
	r.running = append(r.running, p)
	engine := r.engine
	go func() {
		do(context.WithValue(context.Background(), processKey{}, p), engine, p)
		p.done = true
	}()
	synctest.Wait()
	r.running = slices.DeleteFunc(r.running, func(p *process) bool { return p.done })
	return p
}

// boot starts a replica.
func (w *sim) boot(r *replica) {
	if w.rates.skew > 0 {
		r.skew = time.Duration(w.rand.Int64N(int64(2*w.rates.skew))) - w.rates.skew
	}
	clock := func() time.Time { return w.now().Add(r.skew) }
	r.engine = newEngine(Options{
		Secret: simSecret, Agencies: w, Clock: clock, Log: slog.New(slog.DiscardHandler), Acts: w.registered(),
		Recorder: &audit.Recorder{
			Secret: simSecret, Now: clock,
			Request: func(context.Context) string { return "" }, Client: func(context.Context) string { return "" },
		},
	})
	r.engine.store = w.memory
	r.engine.reached = func(p passage) { w.reached[p]++ }
	r.engine.unsent = func(err error) bool { return errors.Is(err, errUnsent) || w.bug == "all unsent" }
}

// registered are the acts that a replica knows.
func (w *sim) registered() []*Act {
	all := w.acts.all()
	if w.bug == "does not hold" {
		for i, a := range all {
			forgetful := *a
			forgetful.Holds = false
			all[i] = &forgetful
		}
	}
	return all
}

// crash kills a replica with everything that it runs.
func (w *sim) crash(r *replica) {
	w.say("a replica is killed")
	for _, p := range r.running {
		p.dead = true
	}
	w.sort()
	of := func(k *parked) bool { return k.process.replica == r }
	for _, k := range w.parked {
		if of(k) {
			k.wake <- killed
			synctest.Wait()
		}
	}
	w.parked = slices.DeleteFunc(w.parked, of)
	r.engine, r.running = nil, nil
}

// turn is one step of the history.
func (w *sim) turn() {
	w.turns++
	up := w.up()
	switch {
	case w.in1000(w.rates.crash) && len(up) > 0:
		w.crash(up[w.rand.IntN(len(up))])
	case w.in1000(w.rates.mood):
		b := w.bureaus[w.rand.IntN(len(w.bureaus))]
		b.mood = moods[w.rand.IntN(len(moods))]
		w.say("%s is %s", b.code, b.mood)
	case w.in1000(w.rates.line):
		w.line = !w.line
		w.say("the portal's line is cut: %t", w.line)
	case len(up) < len(w.replicas) && w.in1000(100):
		w.boot(w.replicas[slices.IndexFunc(w.replicas, func(r *replica) bool { return r.engine == nil })])
	case len(w.plans) > 0 && len(up) > 0 && w.in1000(150):
		w.begin(up[w.rand.IntN(len(up))])
	case len(w.floats) > 0 && w.in1000(80):
		w.deliver()
	case len(up) > 0 && w.in1000(15):
		w.look(up[w.rand.IntN(len(up))])
	case len(up) > 0 && w.in1000(300) && w.work(up[w.rand.IntN(len(up))]):
	case len(w.parked) > 0 && !w.in1000(60):
		w.wake()
	default:
		w.pass()
	}
}

func (w *sim) in1000(n int) bool { return n > 0 && w.rand.IntN(1000) < n }

func (w *sim) up() (up []*replica) {
	for _, r := range w.replicas {
		if r.engine != nil {
			up = append(up, r)
		}
	}
	return up
}

// deliver lets a late message arrive.
func (w *sim) deliver() {
	i := w.rand.IntN(len(w.floats))
	m := w.floats[i]
	w.floats = slices.Delete(w.floats, i, i+1)
	w.say("late: %s", m.name)
	w.tick++
	m.arrive()
}

// sort orders those that wait: the questions of one process come in any order.
func (w *sim) sort() {
	slices.SortFunc(w.parked, func(a, b *parked) int {
		if a.process != b.process {
			return a.process.id - b.process.id
		}
		return cmp.Compare(a.name, b.name)
	})
}

// wake goes on with one that waits.
func (w *sim) wake() {
	w.sort()
	i := w.rand.IntN(len(w.parked))
	k := w.parked[i]
	if k.reply && !w.healing && w.in1000(w.rates.slow) {
		return
	}
	w.parked = slices.Delete(w.parked, i, i+1)
	f := w.fate(k)
	w.tick++
	w.say("%s %d: %s %s: %s", k.process.name, k.process.id, k.name,
		map[bool]string{true: "answer", false: "request"}[k.reply], fates[f])
	k.wake <- f
	synctest.Wait()
	r := k.process.replica
	r.running = slices.DeleteFunc(r.running, func(p *process) bool { return p.done })
}

var fates = map[fate]string{arrives: "arrives", vanishes: "lost", comesLate: "comes late", comesTwice: "comes twice",
	unsent: "not sent"}

func (w *sim) fate(k *parked) fate {
	if w.healing {
		return arrives
	}
	if k.asks {
		for _, b := range w.bureaus {
			if len(k.name) >= len(b.code) && k.name[len(k.name)-len(b.code):] == b.code && b.mood == down {
				return []fate{unsent, unsent, vanishes, comesLate}[w.rand.IntN(4)]
			}
		}
	} else if w.line {
		return []fate{vanishes, comesLate}[w.rand.IntN(2)]
	}
	switch {
	case k.reply && w.in1000(w.rates.lostAnswer):
		return vanishes
	case k.reply:
	case w.in1000(w.rates.lost):
		return vanishes
	case w.in1000(w.rates.late):
		return comesLate
	case w.in1000(w.rates.twice):
		return comesTwice
	}
	return arrives
}

// pass lets time pass: mostly little, sometimes to just before or after something is due.
func (w *sim) pass() {
	d := time.Duration(1+w.rand.IntN(500)) * time.Millisecond
	switch n := w.rand.IntN(100); {
	case n < 25:
		d = time.Duration(1+w.rand.IntN(10)) * time.Second
	case n < 40 || len(w.parked) == 0 && n < 90:
		if due := w.memory.due(); len(due) > 0 {
			d = due[w.rand.IntN(len(due))].Sub(w.now()) + time.Duration(w.rand.IntN(3)-1)*time.Microsecond
		}
	case n < 43:
		d = time.Duration(1+w.rand.IntN(60)) * time.Minute
	}
	w.sleep(d)
}

func (w *sim) sleep(d time.Duration) {
	if d > 0 {
		time.Sleep(d)
		synctest.Wait()
	}
}

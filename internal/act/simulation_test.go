package act

import (
	"bytes"
	"context"
	"encoding/json"
	"flag"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	oneSeed = flag.Uint64("seed", 0, "simulate this history alone, and show it")
	builtIn = flag.String("bug", "", "build this bug into that history")
	seconds = flag.Int("seconds", 0, "simulate as many histories as fit into so many seconds")
)

var simSecret = func() *portal.Secret {
	s, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		panic(err) // the key has the right size
	}
	return s
}()

// The acts of a simulation, of each reach.
const (
	simHere  Name = "SIM_HERE"
	simOne   Name = "SIM_ONE"
	simEach  Name = "SIM_EACH"
	simHolds Name = "SIM_HOLDS" // as simEach, and done whatever the agencies say
	simAll   Name = "SIM_ALL"
)

var simNames = []Name{simHere, simOne, simEach, simHolds, simAll}

type simInput struct {
	Keyed
	What     int      `json:"what"`
	Agencies []string `json:"agencies"`
	Before   bool     `json:"before"` // an earlier version has asked the first agency, and may have heard nothing
}

// text is all of it but the key.
func (in simInput) text() string {
	in.Keyed = Keyed{}
	text, err := json.Marshal(in)
	if err != nil {
		panic(err) // numbers and strings
	}
	return string(text)
}

type simActs map[Name]*Of[simInput]

func (a simActs) all() []*Act {
	var all []*Act
	for _, name := range simNames {
		all = append(all, a[name].Declared())
	}
	return all
}

// declare makes them. Some inputs are wrong: 13 at once, 14 in the plan, 15 in the transaction,
// and 16 as soon as somebody has asked for it.
func (w *sim) declare() simActs {
	all := simActs{
		simHere: {Act: Act{Name: simHere, Reach: Here}},
		simOne:  {Act: Act{Name: simOne, Reach: One, Function: fnDo, Codes: []Code{Disputed}, Lasts: 20 * time.Minute}},
		simEach: {Act: Act{Name: simEach, Reach: Each, Function: fnDo, Lasts: 10 * time.Minute, Ready: w.ready, Own: w.own}},
		simHolds: {Act: Act{Name: simHolds, Reach: Each, Function: fnDo, Lasts: 10 * time.Minute, Holds: true,
			Ready: w.ready}},
		simAll: {Act: Act{Name: simAll, Reach: All, Function: fnPropose, Confirm: fnConfirm, Withdraw: fnWithdraw,
			Alone: "OTHER_PENDING", Verify: func(now debt.Part, _ []byte) error {
				if now.Agency.Name != "" {
					return ErrChanged
				}
				return nil
			}}},
	}
	for name, a := range all {
		a.Check = func(_ By, in simInput) Faults {
			if in.What == 13 {
				return Wrong(Invalid, "what")
			}
			return nil
		}
		a.Plan = func(_ context.Context, by By, in simInput) (Plan, error) {
			if in.What == 14 || in.What >= 16 && w.memory.has(in.IdempotencyKey) {
				return Plan{}, Wrong(Disputed, "what")
			}
			p := Plan{Summary: json.RawMessage(in.text()), Kept: []byte("kept")}
			p.Store = func(context.Context, pgx.Tx) error {
				if in.What == 15 {
					return Wrong(NotFound, "what")
				}
				return nil
			}
			if name == simHere {
				return p, nil
			}
			for _, code := range in.Agencies {
				p.Parts = append(p.Parts, Part{Agency: code, Input: map[string]int{"what": in.What}})
			}
			if in.Before && name != simAll {
				p.Parts[0].Before = new(uuid.NewSHA1(in.IdempotencyKey, []byte(by.NationalID.Reveal())))
			}
			return p, nil
		}
	}
	return all
}

// ready makes some questions wait, and spares others; both end when everything heals.
func (w *sim) ready(_ context.Context, _ uuid.UUID, code string, in json.RawMessage) (json.RawMessage, Readiness,
	error) {
	switch n := w.rand.IntN(1000); {
	case w.healing || n > 150:
		return in, Ask, nil
	case n > 50:
		return in, Later, nil
	default:
		w.say("%s is spared", code)
		return in, Spared, nil
	}
}

func (w *sim) own(ctx context.Context, _ pgx.Tx, _ uuid.UUID, code string, a agency.Answer) error {
	ctx.Value(rowKey{}).(*memoryRow).answered[code] = a.Status
	return nil
}

// wish is what somebody is going to ask for.
type wish struct {
	act    Name
	person int
	in     simInput
}

// look is what somebody was told of all their acts.
type look struct {
	subject          []byte
	called, returned int // ticks
	records          []*Record
}

// look lets somebody read what they have asked for.
func (w *sim) look(r *replica) {
	w.tick++
	person := w.people[w.rand.IntN(len(w.people))]
	l := &look{called: w.tick}
	w.start(r, "look", func(ctx context.Context, e *Engine, p *process) {
		l.subject = e.subjects(By{Principal: person})[0]
		var err error
		if l.records, err = e.List(ctx, person); p.dead || err != nil {
			return
		}
		l.returned = w.tick
		w.say("look %d shows %d", p.id, len(l.records))
		w.looks = append(w.looks, l)
	})
}

// call is what somebody has asked for, and was told.
type call struct {
	act              Name
	subject          []byte
	key              uuid.UUID
	what             string
	called, returned int // ticks
	record           *Record
	err              error
}

// begin lets one of the callers call.
func (w *sim) begin(r *replica) {
	x := w.plans[0]
	w.plans = w.plans[1:]
	w.tick++
	c := &call{act: x.act, key: x.in.IdempotencyKey, what: x.in.text(), called: w.tick}
	w.say("person %d asks for %s %s, key %d", x.person, x.act, c.what, x.in.IdempotencyKey[0])
	w.start(r, "call", func(ctx context.Context, e *Engine, p *process) {
		by := By{Principal: w.people[x.person]}
		c.subject = e.subjects(by)[0]
		c.record, c.err = w.acts[x.act].Perform(ctx, e, by, x.in)
		if !p.dead {
			c.returned = w.tick
			w.say("call %d is told %v %v", p.id, status(c.record), c.err)
			w.calls = append(w.calls, c)
		}
	})
}

func status(r *Record) string {
	if r == nil {
		return "nothing"
	}
	return string(r.Status)
}

var simCodes = []string{"fjord", "lita", "tradisjon"}

// newSim draws a history from its seed: who asks for what, and how often what goes wrong.
func newSim(seed uint64, bug string) *sim {
	w := &sim{rand: rand.New(rand.NewPCG(seed, 8)), bug: bug, reached: map[passage]int{}}
	some := func(n int) int { // often nothing at all
		if w.rand.IntN(2) == 0 {
			return 0
		}
		return 1 + w.rand.IntN(n)
	}
	w.rates = rates{crash: some(25), mood: some(60), line: some(20), lost: some(100), late: some(100), twice: some(100),
		lostAnswer: some(150), slow: some(800), skew: time.Duration(some(2000)) * time.Millisecond}
	w.memory = &memory{sim: w, now: w.now, lists: map[string][]*saga{}}
	for _, code := range simCodes {
		w.bureaus = append(w.bureaus, &bureau{sim: w, code: code, mood: well, records: map[uuid.UUID]*record{}})
	}
	w.acts = w.declare()
	for range 1 + w.rand.IntN(3) {
		w.replicas = append(w.replicas, &replica{})
	}
	for _, digits := range simPeople[:1+w.rand.IntN(2)] {
		id, err := norway.ParseNationalID(digits)
		if err != nil {
			panic(err) // they are those below
		}
		w.people = append(w.people, caller.Principal{Kind: caller.Person, NationalID: id})
	}
	w.plan()
	return w
}

// plan draws what is asked for: often with the same key again, at times with other input.
func (w *sim) plan() {
	for range 2 + w.rand.IntN(8) {
		if n := len(w.plans); n > 0 && w.in1000(450) {
			again := w.plans[w.rand.IntN(n)]
			switch {
			case w.in1000(150):
				again.in.What++
			case w.in1000(80):
				again.act = simNames[w.rand.IntN(len(simNames))]
				again.in.Agencies = again.in.Agencies[:1]
			case w.in1000(80):
				again.person = w.rand.IntN(len(w.people))
			}
			w.plans = append(w.plans, again)
			continue
		}
		x := wish{act: []Name{simHere, simOne, simOne, simEach, simEach, simHolds, simAll, simAll, simAll}[w.rand.IntN(9)],
			person: w.rand.IntN(len(w.people)), in: simInput{What: w.rand.IntN(20), Before: w.in1000(200)}}
		x.in.IdempotencyKey = uuid.UUID{byte(len(w.plans)), 1}
		x.in.Agencies = slices.Clone(simCodes)
		w.rand.Shuffle(3, func(i, j int) { x.in.Agencies[i], x.in.Agencies[j] = x.in.Agencies[j], x.in.Agencies[i] })
		x.in.Agencies = x.in.Agencies[:1+w.rand.IntN(3)]
		if x.act == simOne {
			x.in.Agencies = x.in.Agencies[:1]
		}
		w.plans = append(w.plans, x)
	}
}

// run lets a history go, heals everything, lets it come to rest, and looks at it.
func (w *sim) run() {
	for _, r := range w.replicas {
		w.boot(r)
	}
	for turns := 40 + w.rand.IntN(400); w.turns < turns && len(w.broken) == 0; {
		w.turn()
	}
	w.heal()
	healed := w.now()
	for w.turns = 0; w.settle(); w.turns++ {
		if w.turns > 20000 {
			w.violated("an act ends", "it goes on for ever")
			break
		}
	}
	w.sleep(healed.Add(decideWithin).Sub(w.now()))
	if len(w.broken) == 0 {
		w.look(w.replicas[0])
		for len(w.parked) > 0 {
			w.wake()
		}
		w.healed(healed)
		w.check()
	}
	for _, r := range w.replicas {
		if r.engine != nil {
			w.crash(r)
		}
	}
}

func (w *sim) heal() {
	w.say("everything heals")
	w.healing, w.line, w.plans = true, false, nil
	for _, b := range w.bureaus {
		b.mood = well
		b.mend()
	}
	for _, r := range w.replicas {
		if r.engine == nil {
			w.boot(r)
		}
	}
}

// settle does one thing that is left to do, and says whether there was one.
func (w *sim) settle() bool {
	up := w.up()
	switch {
	case len(w.parked) > 0:
		w.wake()
	case w.work(up[w.rand.IntN(len(up))]):
	case slices.ContainsFunc(w.memory.jobs, func(j *job) bool { return !j.gone }):
		for _, b := range w.bureaus {
			b.mend()
		}
		var next time.Time
		for _, j := range w.memory.jobs {
			if !j.gone && (next.IsZero() || j.at.Before(next)) {
				next = j.at
			}
		}
		w.sleep(max(next.Sub(w.now()), time.Microsecond))
	case len(w.floats) > 0:
		w.deliver()
	default:
		return false
	}
	return true
}

// seeds is how many histories there are. make check runs them without the race detector: it has
// nothing to find where one goroutine runs at a time.
const seeds = 20_000

// TestSimulation runs histories from many seeds: in none of them does an invariant of
// docs/acts.md break, and together they reach every row of the machine.
func TestSimulation(t *testing.T) {
	if *oneSeed > 0 {
		var told []string
		w := simulate(t, *oneSeed, *builtIn, &told)
		t.Log(strings.Join(told, "\n"))
		if len(w.broken) > 0 {
			t.Fatal(strings.Join(w.broken, "\n"))
		}
		return
	}
	begun, reached, turns := time.Now(), map[passage]int{}, 0
	n := uint64(0)
	for n < seeds && *seconds == 0 || *seconds > 0 && time.Since(begun) < time.Duration(*seconds)*time.Second {
		n++
		w := simulate(t, n, "", nil)
		if len(w.broken) > 0 {
			t.Fatalf("seed %d: %s\nshow it with: go test ./internal/act -run 'TestSimulation$' -v -seed %d", n,
				strings.Join(w.broken, "\n"), n)
		}
		for p, times := range w.reached {
			reached[p] += times
		}
		turns += w.turns
	}
	missing := 0
	for _, p := range passages() {
		if reached[p] == 0 {
			missing++
			t.Errorf("no history has come to %q from %q: %s", p.table, p.from, p.when)
		}
		delete(reached, p)
	}
	for p := range reached {
		t.Errorf("a history has come to what is in no table: %+v", p)
	}
	t.Logf("%d histories in %s; %d rows of the machine, %d not reached", n, time.Since(begun).Round(time.Second),
		len(passages()), missing)
}

// passages are all rows of the machine.
func passages() (all []passage) {
	for _, st := range []step{doing, proposing, confirming, withdrawing} {
		for h := range st.moves {
			for _, from := range st.from {
				all = append(all, passage{st.name, string(from), string(h)})
			}
		}
	}
	for _, l := range deciding {
		all = append(all, passage{"decision", "", l.when})
	}
	for name, table := range map[string][]line[Status]{doing.name: singly, confirming.name: confirmed,
		withdrawing.name: withdrawn} {
		for _, l := range table {
			for _, from := range []Status{Pending, NeedsAttention} {
				if l.to == Withdrawn && name == doing.name && from == NeedsAttention {
					continue // then an agency was asked, and answers
				}
				all = append(all, passage{"after " + name, string(from), l.when})
			}
		}
	}
	return all
}

var simPeople = []string{"12812199631", "17912099997"}

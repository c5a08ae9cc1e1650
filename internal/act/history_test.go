package act_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/portal"
)

// What somebody did, and what they were told. A read has no key.
type (
	asked struct {
		person int
		key    uuid.UUID
		input  int
	}
	told struct {
		unknown bool // nobody knows whether anything was done
		reused  bool
		pending bool // another one stands in the way
		status  standing
		all     map[uuid.UUID]standing // of a read
	}
	standing string // status and decision
)

func standingOf(r act.Record) standing { return standing(fmt.Sprint(r.Status, " ", r.Decision)) }

// onward is where an act may be found after it was found somewhere.
var onward = map[standing][]standing{
	"PENDING ":         {"PENDING CONFIRM", "PENDING WITHDRAW", "DONE CONFIRM", "WITHDRAWN WITHDRAW"},
	"PENDING CONFIRM":  {"DONE CONFIRM"},
	"PENDING WITHDRAW": {"WITHDRAWN WITHDRAW"},
}

func (s standing) before(now standing) bool { return s == now || slices.Contains(onward[s], now) }

// mayBlock says that an act may still stand in another's way. It goes on by itself.
func (s standing) mayBlock() bool { return s == "PENDING " || s == "PENDING CONFIRM" }

// entry is an act of a person's, under a key.
type entry struct {
	input  int
	status standing
}

// person is what the model knows of one person: an act for each key that was used.
type person map[uuid.UUID]entry

func (p person) with(key uuid.UUID, e entry) person {
	p = maps.Clone(p)
	p[key] = e
	return p
}

// model says what the engine may answer to one person: one key is one act, another input is
// told so, one act at a time is open, and what an act is only goes forward.
var model = (&porcupine.NondeterministicModel{
	Init:  func() []any { return []any{person{}} },
	Equal: func(a, b any) bool { return maps.Equal(a.(person), b.(person)) },
	Partition: func(history []porcupine.Operation) [][]porcupine.Operation {
		parts := map[int][]porcupine.Operation{}
		for _, op := range history {
			who := op.Input.(asked).person
			parts[who] = append(parts[who], op)
		}
		return slices.Collect(maps.Values(parts))
	},
	Step: func(state, input, output any) []any {
		p, in, out := state.(person), input.(asked), output.(told)
		if in.key == uuid.Nil {
			return p.read(out)
		}
		return p.perform(in, out)
	},
	DescribeOperation: func(input, output any) string { return fmt.Sprintf("%+v: %+v", input, output) },
}).ToModel()

func (p person) read(out told) []any {
	if out.unknown {
		return []any{p}
	}
	if len(out.all) != len(p) {
		return nil
	}
	next := person{}
	for key, e := range p {
		now, ok := out.all[key]
		if !ok || !e.status.before(now) {
			return nil
		}
		next[key] = entry{e.input, now}
	}
	return []any{next}
}

func (p person) perform(in asked, out told) []any {
	e, exists := p[in.key]
	switch {
	case out.unknown && exists:
		return []any{p}
	case out.unknown:
		return []any{p, p.with(in.key, entry{in.input, "PENDING "})}
	case out.reused:
		return some(exists && e.input != in.input, p)
	case out.pending:
		return some(!exists && slices.ContainsFunc(slices.Collect(maps.Values(p)),
			func(e entry) bool { return e.status.mayBlock() }), p)
	case exists:
		return some(e.input == in.input && e.status.before(out.status), p.with(in.key, entry{in.input, out.status}))
	}
	return []any{p.with(in.key, entry{in.input, out.status})}
}

func some(ok bool, p person) []any {
	if !ok {
		return nil
	}
	return []any{p}
}

// TestModelRefuses: the checker finds histories that no engine may have.
func TestModelRefuses(t *testing.T) {
	t.Parallel()
	key, other := uuid.New(), uuid.New()
	cases := map[string]struct {
		reason string
		ok     bool
		told   []told
		asked  []asked
	}{
		"repeated": {"the same key is the same act", true, []told{{status: "PENDING "}, {status: "DONE CONFIRM"}},
			[]asked{{key: key}, {key: key}}},
		"backwards": {"what is done stays so", false, []told{{status: "DONE CONFIRM"}, {status: "PENDING CONFIRM"}},
			[]asked{{key: key}, {key: key}}},
		"decided anew": {"a decision is taken once", false, []told{{status: "PENDING CONFIRM"},
			{status: "WITHDRAWN WITHDRAW"}}, []asked{{key: key}, {key: key}}},
		"another input": {"it is another act's key", false, []told{{status: "DONE CONFIRM"}, {status: "DONE CONFIRM"}},
			[]asked{{key: key}, {key: key, input: 1}}},
		"reused by none":  {"nobody has used it", false, []told{{reused: true}}, []asked{{key: key}}},
		"in nobody's way": {"there is no other", false, []told{{pending: true}}, []asked{{key: key}}},
		"in the way": {"the other one is open", true, []told{{status: "PENDING "}, {pending: true}},
			[]asked{{key: other}, {key: key}}},
		"forgotten": {"what was told is stored", false, []told{{status: "DONE CONFIRM"}, {all: map[uuid.UUID]standing{}}},
			[]asked{{key: key}, {}}},
		"perhaps": {"it may have been stored", true, []told{{unknown: true},
			{all: map[uuid.UUID]standing{key: "DONE CONFIRM"}}},
			[]asked{{key: key}, {}}},
	}
	for name, tc := range cases {
		var history []porcupine.Operation
		for i, in := range tc.asked {
			history = append(history, porcupine.Operation{Input: in, Output: tc.told[i], Call: int64(2 * i),
				Return: int64(2*i + 1)})
		}
		if got := porcupine.CheckOperations(model, history); got != tc.ok {
			t.Errorf("%s: %t: %s", name, got, tc.reason)
		}
	}
}

// recorder notes what happens, by one clock.
type recorder struct {
	begun time.Time
	mu    sync.Mutex
	ops   []porcupine.Operation
}

func (r *recorder) do(client int, in asked, f func() told) told {
	call := time.Since(r.begun).Nanoseconds()
	out := f()
	end := time.Since(r.begun).Nanoseconds()
	if out.unknown { // it may still happen
		end = math.MaxInt64
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	// An act is seen by others from when it is stored, which is before its caller is answered.
	if in.key != uuid.Nil && !out.unknown {
		r.ops = append(r.ops, porcupine.Operation{ClientId: 100 + client, Input: in, Call: call, Output: told{unknown: true},
			Return: end})
	}
	r.ops = append(r.ops, porcupine.Operation{ClientId: client, Input: in, Call: call, Output: out, Return: end})
	return out
}

// TestHistory lets callers ask for acts with a few keys at three engines, some of them in
// processes that are killed, while the portal's line is cut now and then. What they are told
// is held against the model.
func TestHistory(t *testing.T) {
	t.Parallel()
	const clients, each = 4, 15 // and as many persons
	w := newWorld(t)
	h := &history{world: w, people: w.persons(clients, 2), log: recorder{begun: time.Now()}}
	for range clients {
		h.keys = append(h.keys, slices.Repeat([]uuid.UUID{{}}, 8))
		for i := range h.keys[len(h.keys)-1] {
			h.keys[len(h.keys)-1][i] = uuid.New()
		}
	}
	stop := w.Run(w.engine(nil))
	over := make(chan struct{})
	var killing, cutting, calling sync.WaitGroup
	for client := range clients { // one at each of the first steps, before anything is in the way
		killing.Go(func() {
			in := asked{person: client, key: h.keys[client][0]}
			h.log.do(client, in, func() told { return h.kill(h.people[client], in.key, client) })
		})
	}
	killing.Wait()
	cutting.Go(func() { h.cutNowAndThen(over) })
	for client := range clients {
		calling.Go(func() {
			choose := rand.New(rand.NewPCG(uint64(client), 5))
			e := w.engine(nil)
			for range each {
				h.call(client, choose, e)
			}
		})
	}
	calling.Wait()
	close(over)
	cutting.Wait()
	h.rest()
	stop()
	if known := h.log.count(func(o told) bool { return !o.unknown }); known < clients*each/3 || h.killed < clients {
		t.Errorf("%d calls were answered and %d callers killed: that proves little", known, h.killed)
	}
	result, info := porcupine.CheckOperationsVerbose(model, h.log.ops, time.Minute)
	if result != porcupine.Ok {
		var page strings.Builder
		_ = porcupine.Visualize(model, info, &page)
		for _, op := range h.log.ops {
			t.Logf("%d-%d %s", op.Call/1e6, op.Return/1e6, model.DescribeOperation(op.Input, op.Output))
		}
		t.Errorf("%s: no order of these calls is what the model allows", result)
	}
	t.Logf("%d calls: %d unknown, %d killed, %d reused, %d with another in the way", len(h.log.ops),
		h.log.count(func(o told) bool { return o.unknown }), h.killed,
		h.log.count(func(o told) bool { return o.reused }), h.log.count(func(o told) bool { return o.pending }))
}

func (r *recorder) count(is func(told) bool) (n int) {
	for _, op := range r.ops {
		if op.ClientId < 100 && is(op.Output.(told)) {
			n++
		}
	}
	return n
}

type history struct {
	*world
	people []someone
	keys   [][]uuid.UUID
	log    recorder
	mu     sync.Mutex
	killed int
}

// cutNowAndThen cuts the portal's line for a moment.
func (h *history) cutNowAndThen(over <-chan struct{}) {
	choose := rand.New(rand.NewPCG(9, 9))
	for down := false; ; down = !down {
		wait := time.Duration(400+choose.IntN(800)) * time.Millisecond
		if down {
			wait /= 8
		}
		select {
		case <-over:
			h.Cut(h.PortalTo, false)
			return
		case <-time.After(wait):
			h.Cut(h.PortalTo, !down)
		}
	}
}

// call does one thing that a caller may do.
func (h *history) call(client int, choose *rand.Rand, e *act.Engine) {
	i := choose.IntN(len(h.people))
	in := asked{person: i, key: h.keys[i][choose.IntN(len(h.keys[i]))], input: choose.IntN(5) / 4}
	s := h.people[i]
	if in.input == 1 {
		s = s.changed()
	}
	switch n := choose.IntN(10); {
	case n < 3:
		h.log.do(client, asked{person: i}, func() told { return h.read(e, i) })
	case n < 5:
		h.log.do(client, in, func() told { return h.kill(s, in.key, choose.IntN(14)) })
	default:
		h.log.do(client, in, func() told { return perform(h.T.Context(), e, s, in.key) })
	}
}

func perform(ctx context.Context, e *act.Engine, s someone, key uuid.UUID) told {
	r, err := s.ask(ctx, e, key)
	switch {
	case isReused(r, err):
		return told{reused: true}
	case isPending(err):
		return told{pending: true}
	case err != nil:
		return told{unknown: true}
	}
	return told{status: standingOf(r)}
}

func (h *history) read(e *act.Engine, i int) told {
	all, err := e.List(h.T.Context(), h.people[i].principal())
	if err != nil {
		return told{unknown: true}
	}
	out := told{all: map[uuid.UUID]standing{}}
	conn := h.Portal.Conn()
	for _, r := range all {
		var key uuid.UUID
		if err := conn.QueryRow(h.T.Context(), "select key from portal.act where id = $1", r.ID).Scan(&key); err != nil {
			h.T.Error(err)
		}
		out.all[key] = standingOf(*r)
	}
	return out
}

// kill asks in a process that kills itself at a step, if it comes to that.
func (h *history) kill(s someone, key uuid.UUID, step int) told {
	text, err := json.Marshal(childWork{
		Portal: acttest.LineDSN(h.PortalTo, portal.Role, h.Portal), Agencies: h.Configs,
		Now: h.Clock(), Person: s.id.Reveal(),
		Plans: s.plan.Agencies, Key: key, Step: step,
	})
	if err != nil {
		h.T.Error(err)
	}
	cmd := exec.CommandContext(h.T.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	if exit := (*exec.ExitError)(nil); errors.As(cmd.Run(), &exit) && !exit.Exited() {
		h.mu.Lock()
		h.killed++
		h.mu.Unlock()
	}
	return told{unknown: true}
}

// rest waits until every act has ended, and reads them all once more.
func (h *history) rest() {
	e := h.engine(nil)
	for i := range h.people {
		acttest.Eventually(h.T, "all acts end", func() bool {
			out := h.read(e, i)
			return !out.unknown && !slices.ContainsFunc(slices.Collect(maps.Values(out.all)), func(s standing) bool {
				return strings.HasPrefix(string(s), "PENDING")
			})
		})
		h.log.do(0, asked{person: i}, func() told { return h.read(e, i) })
	}
}

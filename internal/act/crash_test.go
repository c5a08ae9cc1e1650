package act_test

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"syscall"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
)

// outcomes are the two ways that an act can end.
var outcomes = map[string]struct {
	reason string
	plan   func(someone) someone
	want   act.Status
}{
	"confirmed": {"nothing is in the way", func(s someone) someone { return s }, act.Done},
	"withdrawn": {"one agency's records have changed", someone.changed, act.Withdrawn},
}

// TestDiesAtEachStep ends the driver at each step, in two ways, and lets another engine
// go on.
func TestDiesAtEachStep(t *testing.T) {
	t.Parallel()
	for name, tc := range outcomes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := tc.plan(w.persons(1, 3)[0])
			before := w.records()
			steps := w.steps(s)
			t.Logf("%d steps: %q", len(steps), steps)
			if len(steps) < 18 {
				t.Fatalf("only %d steps: %q", len(steps), steps)
			}
			for n, step := range steps {
				for i, die := range []func(*world, someone, int){dieByPanic, dieByContext} {
					if i == 1 && n < 2 {
						continue // a caller's context ends only what comes after it was stored
					}
					e := w.engine(nil)
					earlier := len(w.list(e, s))
					die(w, s, n)
					all := w.list(e, s)
					if stored := n > 0; len(all) > earlier != stored {
						t.Fatalf("died at %q: it is stored: %t", step, !stored)
					}
					if n > 0 {
						a := w.finish(e, all[0].ID)
						w.agreed(s, a, tc.want)
						w.undo(s, a.ID)
					}
					if diff := gocmp.Diff(before, w.records()); diff != "" {
						t.Fatalf("died at %q: the agencies' records have changed\n%s", step, diff)
					}
				}
			}
		})
	}
}

// dieByPanic unwinds the goroutine that drives.
func dieByPanic(w *world, s someone, n int) {
	w.T.Helper()
	e := w.engine(acttest.At(n, func() { acttest.Die() }))
	if !acttest.Dies(func() { _, _ = s.ask(w.T.Context(), e, uuid.New()) }) {
		w.T.Errorf("step %d was not reached", n)
	}
}

// dieByContext ends what a driver's connections live in; what is under way is cut off.
func dieByContext(w *world, s someone, n int) {
	w.T.Helper()
	ctx, cancel := context.WithCancel(w.T.Context())
	defer cancel()
	dieByPanic(w, s, 1) // Resume begins after the two steps of storing
	reached := false
	e, id := w.engine(acttest.At(n-2, func() { reached = true; cancel() })), w.list(w.engine(nil), s)[0].ID
	w.Lapse()
	_, err := e.Resume(ctx, id)
	if !reached || err != nil && !errors.Is(err, context.Canceled) {
		w.T.Errorf("step %d was reached: %t; %v", n, reached, err)
	}
}

// childEnv holds the work of a process that ends itself.
const childEnv = "OVERSIKT_ACT_CHILD"

type childWork struct {
	Portal   string
	Agencies []agency.Config
	Now      time.Time
	Person   string
	Plans    []agencyPlan
	Key      uuid.UUID
	Step     int
	Held     string // it stops before this step until it is told to go on, and kills itself nowhere
	Patience time.Duration
}

// child accepts a plan and kills its process at a step.
func child(text string) {
	var work childWork
	if err := json.Unmarshal([]byte(text), &work); err != nil {
		panic(err)
	}
	clock := func() time.Time { return work.Now }
	person, err := norway.ParseNationalID(work.Person)
	if err != nil {
		panic(err)
	}
	pool, err := portal.Open(work.Portal, cmp.Or(work.Patience, time.Minute))
	if err != nil {
		panic(err)
	}
	log := slog.New(slog.NewTextHandler(os.Stderr, nil))
	registry, err := agency.Open(work.Agencies, clock, log)
	if err != nil {
		panic(err)
	}
	e, err := acttest.NewEngine(act.Options{
		Portal: pool, Agencies: registry, Clock: clock, Log: log, Patience: time.Minute, Lease: time.Second,
		Acts: []*act.Act{accepting.Declared()},
		Step: work.step(),
	})
	if err != nil {
		panic(err)
	}
	a, err := someone{person, plan{Agencies: work.Plans}}.ask(context.Background(), e, work.Key)
	panic(fmt.Sprintf("nobody was killed: %+v, %v", a, err))
}

func (w childWork) step() func(string) {
	if w.Held != "" {
		return func(name string) {
			if name == w.Held {
				fmt.Println(name)
				_, _ = os.Stdin.Read(make([]byte, 1))
			}
		}
	}
	return acttest.At(w.Step, func() {
		_ = syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {}
	})
}

// TestKilledAtEachStep kills a process at each step, and then lets one engine take up
// everything by itself, through the job queue.
func TestKilledAtEachStep(t *testing.T) {
	t.Parallel()
	for name, tc := range outcomes {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			all := w.persons(15, 2)
			before := w.records()
			steps := w.steps(tc.plan(all[14]))
			if len(steps) != 14 {
				t.Fatalf("%d steps: %q", len(steps), steps)
			}
			for n, step := range steps {
				s := tc.plan(all[n])
				killed(t, w, childWork{Person: s.id.Reveal(), Plans: s.plan.Agencies, Step: n}, step)
			}
			e := w.engine(nil)
			stop := w.Run(e)
			for n, step := range steps {
				s := tc.plan(all[n])
				if stored := n > 0; len(w.list(e, s)) > 0 != stored {
					t.Fatalf("killed at %q: it is stored: %t", step, !stored)
				}
				if n == 0 {
					continue
				}
				var a act.Record
				acttest.Eventually(t, "killed at "+step, func() bool {
					a = w.list(e, s)[0]
					return a.EndedAt != nil
				})
				w.agreed(s, a, tc.want)
				w.undo(s, a.ID)
			}
			stop()
			if diff := gocmp.Diff(before, w.records()); diff != "" {
				t.Errorf("the agencies' records have changed\n%s", diff)
			}
		})
	}
}

// killed runs the work in a process of its own until it is dead.
func killed(t *testing.T, w *world, work childWork, step string) {
	t.Helper()
	work.Portal, work.Agencies = acttest.LineDSN(w.PortalTo, portal.Role, w.Portal), w.Configs
	work.Now, work.Key = acttest.Begun, uuid.New()
	text, err := json.Marshal(work)
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Sys().(syscall.WaitStatus).Signal() != syscall.SIGKILL {
		t.Fatalf("at %q: %v\n%s", step, err, out)
	}
}

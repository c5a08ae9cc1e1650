package act_test

import (
	"context"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
)

// TestRescued: the job of a process that was killed while it worked on it is taken up.
func TestRescued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	dieByPanic(w, s, 4)
	_, err := w.portal.Conn().Exec(t.Context(), `update portal.river_job set state = 'running', attempt = 1,
		attempted_by = '{somebody who was killed}', attempted_at = now() - interval '41 seconds'`)
	if err != nil {
		t.Fatal(err)
	}
	e := w.engine(nil)
	stop := w.run(e)
	var a act.Record
	eventually(t, "the job is taken up", func() bool {
		a = w.list(e, s)[0]
		return a.EndedAt != nil
	})
	stop()
	w.agreed(s, a, act.Done)
}

// TestRunWithoutPortal: the queue is taken up when the portal database is there, and Run
// ends when it is told to, also while it is not.
func TestRunWithoutPortal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	dieByPanic(w, s, 1)
	w.cut(w.portalTo, true)
	e := w.engine(nil)
	w.run(e)()
	stop := w.run(e)
	w.cut(w.portalTo, false)
	var a act.Record
	eventually(t, "the job is taken up", func() bool {
		all, err := e.List(t.Context(), s.principal()) // connections that were cut are found dead first
		if err == nil {
			a = *all[0]
		}
		return a.EndedAt != nil
	})
	stop()
	w.agreed(s, a, act.Done)
}

// run works on the queue until stop is called.
func (w *world) run(e *act.Engine) (stop func()) {
	ctx, cancel := context.WithCancel(w.t.Context())
	done := make(chan struct{})
	go func() { defer close(done); e.Run(ctx) }()
	stop = func() { cancel(); <-done }
	w.t.Cleanup(stop)
	return stop
}

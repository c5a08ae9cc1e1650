package act_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
)

// TestRescued: the job of a process that was killed while it worked on it is taken up.
func TestRescued(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	dieByPanic(w, s, 4)
	_, err := w.Books.Exec(t.Context(), `update portal.river_job set state = 'running', attempt = 1,
		attempted_by = '{somebody who was killed}', attempted_at = now() - interval '41 seconds'`)
	if err != nil {
		t.Fatal(err)
	}
	e := w.engine(nil)
	stop := w.Run(e)
	var a act.Record
	acttest.Eventually(t, "the job is taken up", func() bool {
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
	w.Cut(w.PortalTo, true)
	e := w.engine(nil)
	w.Run(e)()
	stop := w.Run(e)
	w.Cut(w.PortalTo, false)
	var a act.Record
	acttest.Eventually(t, "the job is taken up", func() bool {
		all, err := e.List(t.Context(), s.principal()) // connections that were cut are found dead first
		if err == nil {
			a = *all[0]
		}
		return a.EndedAt != nil
	})
	stop()
	w.agreed(s, a, act.Done)
}

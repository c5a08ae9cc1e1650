package solution_test

import (
	"errors"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/portal"
)

// TestScheduleIsKept: what is to be paid outlives the end of the acceptance, sealed and in its
// row alone, unless the acceptance is withdrawn.
func TestScheduleIsKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const text = `{"payments": "what is to be paid"}`
	s := w.persons(1, 2)[0]
	s.plan.Schedule, s.plan.LastDay = []byte(text), today.AddMonths(60)
	e := w.engine(nil)

	withdrawn := w.accept(e, s.changed())
	if withdrawn.Status != solution.Withdrawn {
		t.Fatalf("%+v", withdrawn)
	}
	kept := w.accept(e, s)
	if kept.Status != solution.Confirmed {
		t.Fatalf("%+v", kept)
	}
	for _, a := range w.list(w.engine(nil), s) { // as another process has it
		if a.ID == withdrawn.ID {
			if a.Schedule != nil {
				t.Error("a withdrawn acceptance has a schedule")
			}
			continue
		}
		if got, err := e.OpenSchedule(a); err != nil || string(got) != text {
			t.Errorf("%q: %v", got, err)
		}
		a.ID = uuid.New()
		if _, err := e.OpenSchedule(a); !errors.Is(err, portal.ErrSealed) {
			t.Errorf("in another row: %v", err)
		}
	}
	var plain, late bool
	err := w.portal.Conn().QueryRow(t.Context(),
		`select position('payments'::bytea in schedule) > 0, kept_from > ended_at + interval '59 months'
		from portal.acceptance where id = $1 and person is null`, kept.ID).Scan(&plain, &late)
	if err != nil || plain || !late {
		t.Errorf("readable: %v; kept until after the last payment: %v; %v", plain, late, err)
	}
}

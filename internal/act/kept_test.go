package act_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
)

// TestKept: what is kept of an act outlives its end, sealed and in its row alone, unless the
// act is withdrawn.
func TestKept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const text = `{"payments": "what is to be paid"}`
	s := w.persons(1, 2)[0]
	s.plan.Kept, s.plan.Rests = []byte(text), new(today.AddMonths(60))
	e := w.engine(nil)

	withdrawn := w.accept(e, s.changed())
	if withdrawn.Status != act.Withdrawn || withdrawn.Kept != nil {
		t.Fatalf("%+v", withdrawn)
	}
	kept := w.accept(e, s)
	if kept.Status != act.Done {
		t.Fatalf("%+v", kept)
	}
	for _, a := range w.list(w.engine(nil), s) { // as another process has it
		want := text
		if a.ID == withdrawn.ID {
			want = ""
		}
		if string(a.Kept) != want {
			t.Errorf("%s has kept %q, want %q", a.Status, a.Kept, want)
		}
	}
	var plain, late bool
	err := w.Books.QueryRow(t.Context(), `select position('payments'::bytea in kept) > 0,
		kept_from > ended_at + interval '59 months' from portal.act where id = $1 and whose is null`, kept.ID).Scan(&plain, &late)
	if err != nil || plain || !late {
		t.Errorf("readable: %v; kept until after the last payment: %v; %v", plain, late, err)
	}
	w.undo(s, kept.ID)
	w.accept(e, s)
	conn := w.Portal.Conn()
	if _, err := conn.Exec(t.Context(), "set session_replication_role = replica"); err != nil {
		t.Fatal(err)
	}
	_, err = conn.Exec(t.Context(), "update portal.act set kept = (select kept from portal.act where id = $1) where kept is not null", kept.ID)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := e.List(t.Context(), s.principal()); err == nil {
		t.Error("what was sealed for one act opens in another")
	}
}

package act_test

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
)

// BenchmarkAccept has plans for three agencies accepted and confirmed, one after the other.
func BenchmarkAccept(b *testing.B) {
	w := newWorld(b)
	s := w.persons(1, 3)[0]
	e := w.engine(nil)
	for b.Loop() {
		w.Pass(1e6)
		a := w.accept(e, s)
		if a.Status != act.Done {
			b.Fatalf("%+v", a)
		}
		b.StopTimer()
		w.undo(s, a.ID)
		b.StartTimer()
	}
}

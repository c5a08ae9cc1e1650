package people

import "testing"

func BenchmarkSheets(b *testing.B) {
	g := New(1, asOf)
	a, _ := AgencyOf(Fjord)
	for b.Loop() {
		g.sheets(referenceLayout, a, 1000, 2000)
	}
}

package solver

import (
	"fmt"
	"testing"
)

func BenchmarkSolve(b *testing.B) {
	for _, size := range [][2]int{{3, 12}, {5, 12}, {8, 12}, {8, 24}, {30, 60}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			var all []Instance
			for seed := range uint64(8) {
				all = append(all, newDice(seed+1).instance(size[0], size[1]))
			}
			for n := 0; b.Loop(); n++ {
				if _, err := Solve(all[n%len(all)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkSuggest(b *testing.B) {
	for _, size := range [][2]int{{5, 12}, {8, 24}} {
		b.Run(fmt.Sprintf("%dx%d", size[0], size[1]), func(b *testing.B) {
			var all []Instance
			for seed := range uint64(8) {
				all = append(all, newDice(seed+1).instance(size[0], size[1]))
			}
			for n := 0; b.Loop(); n++ {
				if _, err := Suggest(b.Context(), all[n%len(all)]); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkLayout(b *testing.B) {
	in := newDice(1).instance(8, 12)
	p := compile(&in, 12)
	l, s := newLayout(p), p.newState()
	b.ReportAllocs()
	for b.Loop() {
		l.run(s)
	}
}

func BenchmarkEvaluate(b *testing.B) {
	in := newDice(1).instance(8, 12)
	a, err := Solve(in)
	if err != nil {
		b.Fatal(err)
	}
	d := a.Plan.Decisions()
	for b.Loop() {
		if _, err := Evaluate(in, d); err != nil {
			b.Fatal(err)
		}
	}
}

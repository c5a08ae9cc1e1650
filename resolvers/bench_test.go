package resolvers_test

import (
	"strings"
	"testing"
)

// BenchmarkFlagship asks for the overview with all cases, over HTTP.
func BenchmarkFlagship(b *testing.B) { ask(b, "") }

// BenchmarkFlagshipWithSolutions asks for the payment solutions of the nine cases that
// count as well, in the same operation.
func BenchmarkFlagshipWithSolutions(b *testing.B) {
	ask(b, `paymentSolutions(input: {monthlyBudget: "9000.00"}) { leastMonthlyAmount { ...money }
		suggestions { kinds cost { ...money } schedule { dueOn payments { case { id } amount { ...money } } } }
		tradeOff { monthlyAmount { ...money } months cost { ...money } } }`)
}

func ask(b *testing.B, more string) {
	p := newPortal(b)
	query := strings.Replace(flagship(b), "viewer {", "viewer { "+more, 1)
	b.ReportAllocs()
	for b.Loop() {
		if a := p.ask(kari(), query, nil); len(a.Errors) > 0 {
			b.Fatalf("%+v", a.Errors)
		}
	}
}

package resolvers_test

import (
	"strings"
	"testing"
)

// BenchmarkFlagship asks for the overview with all cases, over HTTP; and with it, in the same
// operation, for the payment solutions of the nine cases that count.
//
//	go test -run '^$' -bench Flagship -count 10 ./resolvers | benchstat -col /solutions -
func BenchmarkFlagship(b *testing.B) {
	p, who := newPortal(b), kari().Reveal()
	alone := flagship(b)
	with := strings.Replace(alone, "viewer {",
		`viewer { paymentSolutions(input: {monthlyBudget: "9000.00"}) { leastMonthlyAmount { ...money }
		suggestions { kinds cost { ...money } schedule { dueOn payments { case { id } amount { ...money } } } }
		tradeOff { monthlyAmount { ...money } months cost { ...money } } }`, 1)
	for name, query := range map[string]string{"solutions=no": alone, "solutions=yes": with} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if a := p.askAs(who, query, nil); len(a.Errors) > 0 {
					b.Fatalf("%+v", a.Errors)
				}
			}
		})
	}
}

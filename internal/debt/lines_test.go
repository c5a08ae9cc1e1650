package debt_test

import (
	"math/big"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// anyFullCase is anyCase with waived fees, contractual rates and payments as booked.
func anyFullCase(t *rapid.T) *debt.Case {
	c := anyCase(t)
	for i := range c.Fees {
		if rapid.IntRange(0, 4).Draw(t, "waived") == 0 {
			c.Fees[i].WaivedOn = c.Fees[i].IncurredOn.AddDays(rapid.IntRange(0, 60).Draw(t, "days to waiver"))
		}
	}
	for i := range c.AllPayments {
		for range rapid.IntRange(0, 2).Draw(t, "allocations") {
			c.AllPayments[i].Allocations = append(c.AllPayments[i].Allocations, debt.Allocation{
				Component: rapid.SampledFrom(debt.Components).Draw(t, "component"),
				Amount:    money.Øre(rapid.Int64Range(0, int64(c.AllPayments[i].Amount)).Draw(t, "allocated")),
			})
		}
	}
	if rapid.IntRange(0, 4).Draw(t, "closed") == 0 {
		c.ClosedOn = anyDay(t, c)
	}
	if rapid.Bool().Draw(t, "contractual") {
		bp := rapid.IntRange(0, 100_00).Draw(t, "basis points")
		c.RateBasisPoints = &bp
	}
	return c
}

func anyDay(t *rapid.T, c *debt.Case) norway.Date {
	return c.OpenedOn.AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
}

// TestLinesSumToTheBalance holds for any case on any day, for the total and every part.
func TestLinesSumToTheBalance(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyFullCase(t)
		b := c.BalanceOn(anyDay(t, c) - 5)
		lines := b.Lines()
		var total money.Øre
		parts := map[debt.Component]money.Øre{}
		for i := range lines {
			x := &lines[i]
			total += x.Amount
			if x.Component != nil {
				parts[*x.Component] += x.Amount
			}
			if (x.Kind == debt.LineInterest) != (x.Days != nil) || x.Days != nil &&
				(*x.Days != int(x.To-x.From)+1 || *x.Base <= 0) {
				t.Fatalf("line %d: %+v", i, x)
			}
			if x.On > b.AsOf {
				t.Fatalf("line %d is of %s, after %s", i, x.On, b.AsOf)
			}
			checkInterest(t, x)
			for _, l := range debt.Languages {
				if text := x.Text(&l); len(text) < 5 || slices.Contains([]byte(text), '!') {
					t.Fatalf("line %d in %s: %q", i, l, text)
				}
			}
		}
		want := map[debt.Component]money.Øre{debt.Principal: b.Principal, debt.Interest: b.Interest, debt.Fees: b.Fees,
			debt.LegalCosts: b.LegalCosts}
		for component, part := range want {
			if parts[component] != part {
				t.Fatalf("the lines of %s sum to %s, the balance has %s", component, parts[component], part)
			}
		}
		if total != b.Total {
			t.Fatalf("the lines sum to %s, the total is %s", total, b.Total)
		}
		over := money.Øre(0)
		if b.AsOf >= c.OpenedOn {
			for _, p := range c.AllPayments {
				if p.ReceivedOn <= b.AsOf {
					over += p.Amount
				}
			}
			for _, x := range lines {
				if x.Kind == debt.LinePayment {
					over += x.Amount
				}
			}
		}
		if over != b.Overpaid {
			t.Fatalf("%s was paid beyond what the lines say was covered, the balance has %s", over, b.Overpaid)
		}
	})
}

// checkInterest recomputes a line with big numbers: it is less than an øre off.
func checkInterest(t *rapid.T, x *debt.BalanceLine) {
	if x.Kind != debt.LineInterest {
		return
	}
	exact := new(big.Rat).SetFrac(
		new(big.Int).Mul(big.NewInt(int64(*x.Base)), big.NewInt(int64(*x.Rate)*int64(*x.Days))), big.NewInt(3_650_000))
	off := exact.Sub(exact, new(big.Rat).SetInt64(int64(x.Amount)))
	if off.Abs(off).Cmp(big.NewRat(1, 1)) >= 0 {
		t.Fatalf("%+v is %s øre off", x, off.FloatString(3))
	}
}

// TestSameDayOrder: records of one day may come in any order, if no booking is beyond its payment.
func TestSameDayOrder(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyFullCase(t)
		for i := range c.AllPayments { // more often on one day
			p := &c.AllPayments[i]
			p.ReceivedOn = c.OpenedOn.AddDays(i / 3 * 40)
			left := p.Amount
			for k := range p.Allocations {
				p.Allocations[k].Amount = min(p.Allocations[k].Amount, left)
				left -= p.Allocations[k].Amount
			}
		}
		other := *c
		other.Fees = rapid.Permutation(c.Fees).Draw(t, "fees")
		other.AllPayments = rapid.Permutation(c.AllPayments).Draw(t, "payments")
		slices.SortStableFunc(other.Fees, func(a, b debt.Fee) int { return int(a.IncurredOn - b.IncurredOn) })
		slices.SortStableFunc(other.AllPayments, func(a, b debt.Payment) int { return int(a.ReceivedOn - b.ReceivedOn) })
		day := anyDay(t, c)
		if diff := cmp.Diff(parts(c.BalanceOn(day)), parts(other.BalanceOn(day))); diff != "" {
			t.Fatalf("another order of the same days' records changes the balance:\n%s", diff)
		}
	})
}

func parts(b debt.Balance) [6]money.Øre {
	return [6]money.Øre{b.Total, b.Principal, b.Interest, b.Fees, b.LegalCosts, b.Overpaid}
}

// TestSplittingInterest: an empty payment or a new row with the same rate splits the
// reckoning at a day, and changes nothing. Two claims in place of one lose less than an øre.
func TestSplittingInterest(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyFullCase(t)
		c.AllPayments, c.ClosedOn = nil, 0
		day := anyDay(t, c)
		whole := c.BalanceOn(day)
		at := c.OpenedOn.AddDays(rapid.IntRange(0, 700).Draw(t, "split"))
		split := *c
		split.AllPayments = []debt.Payment{{ReceivedOn: at}}
		if parts(split.BalanceOn(day)) != parts(whole) {
			t.Fatalf("split by an empty payment on %s: %+v, whole %+v", at, split.BalanceOn(day), whole)
		}
		if got := split.BalanceOn(day); !slices.EqualFunc(got.Lines(), whole.Lines(),
			func(x, y debt.BalanceLine) bool { return x.Amount == y.Amount && x.On == y.On }) {
			t.Fatal("an empty payment splits a line")
		}
		one, two := *c, *c
		one.Fees, two.Fees, one.PriorInterest, two.PriorInterest = nil, nil, 0, 0
		one.OriginalPrincipal = money.Øre(rapid.Int64Range(0, int64(c.OriginalPrincipal)).Draw(t, "one half"))
		two.OriginalPrincipal -= one.OriginalPrincipal
		c.Fees, c.PriorInterest = nil, 0
		lost := c.BalanceOn(day).Total - one.BalanceOn(day).Total - two.BalanceOn(day).Total
		if lost < 0 || lost > 1 {
			t.Fatalf("two claims bear %d øre less than one", lost)
		}
	})
}

func TestLines(t *testing.T) {
	t.Parallel()
	basis := "inkassoforskriften § 2-2"
	c := claim(func(c *debt.Case) {
		c.Fees = []debt.Fee{
			{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2025-12-10"), WaivedOn: date("2026-01-05")},
			{Kind: debt.CostLightFee, Amount: 600_00, IncurredOn: date("2026-01-01"), LegalBasis: &basis},
		}
		c.AllPayments = []debt.Payment{
			{Amount: 1000_00, ReceivedOn: date("2026-01-01")},
			{Amount: 20_000_00, ReceivedOn: date("2026-03-02")},
		}
	})
	b := c.BalanceOn(date("2026-03-02"))
	want := []struct{ nb, nn, en, amount string }{
		{"Opprinnelig hovedstol", "Opphavleg hovudstol", "Original principal", "10000.00"},
		{"Forsinkelsesrente, 12,25 % av 10 000,00 kr i 31 dager, fra og med 1. desember 2025 til og med 31. desember 2025",
			"Forseinkingsrente, 12,25 % av 10 000,00 kr i 31 dagar, frå og med 1. desember 2025 til og med 31. desember 2025",
			"Late-payment interest, 12.25% of NOK 10,000.00 for 31 days, from 1 December 2025 to 31 December 2025, both included", "104.04"},
		{"Purregebyr på 38,00 kr fra 10. desember 2025 er ettergitt 5. januar 2026 og kreves ikke",
			"Purregebyr på 38,00 kr frå 10. desember 2025 er ettergjeve 5. januar 2026 og skal ikkje betalast",
			"Reminder fee (purregebyr) of NOK 38.00 added on 10 December 2025 was waived on 5 January 2026 and is not claimed",
			"0.00"},
		{"Lett salær, lagt til 1. januar 2026", "Lett salær, lagt til 1. januar 2026",
			"Light collection fee (lett salær), added on 1 January 2026", "600.00"},
		{"Innbetaling på 1 000,00 kr mottatt 1. januar 2026: 600,00 kr dekker gebyrer og salær",
			"Innbetaling på 1 000,00 kr motteken 1. januar 2026: 600,00 kr dekkjer gebyr og salær",
			"Payment of NOK 1,000.00 received on 1 January 2026: NOK 600.00 covers collection fees", "-600.00"},
		{"Innbetaling på 1 000,00 kr mottatt 1. januar 2026: 104,04 kr dekker renter", "", "", "-104.04"},
		{"Innbetaling på 1 000,00 kr mottatt 1. januar 2026: 295,96 kr dekker hovedstol", "", "", "-295.96"},
		{"Forsinkelsesrente, 12,00 % av 9 704,04 kr i 60 dager, fra og med 1. januar 2026 til og med 1. mars 2026", "", "",
			"191.42"},
		{"Innbetaling på 20 000,00 kr mottatt 2. mars 2026: 191,42 kr dekker renter", "", "", "-191.42"},
		{"Innbetaling på 20 000,00 kr mottatt 2. mars 2026: 9 704,04 kr dekker hovedstol", "", "", "-9704.04"},
		{"Innbetaling på 20 000,00 kr mottatt 2. mars 2026: 10 104,54 kr er betalt for mye",
			"Innbetaling på 20 000,00 kr motteken 2. mars 2026: 10 104,54 kr er betalt for mykje", "", "0.00"},
	}
	lines := b.Lines()
	if len(lines) != len(want) {
		t.Fatalf("%d lines, want %d: %+v", len(lines), len(want), lines)
	}
	for i, w := range want {
		for l, text := range map[debt.Language]string{debt.Bokmal: w.nb, debt.Nynorsk: w.nn, debt.English: w.en} {
			if got := plain(lines[i].Text(&l)); text != "" && got != text {
				t.Errorf("line %d in %s:\n got %s\nwant %s", i, l, got, text)
			}
		}
		if got := lines[i].Amount.String(); got != w.amount {
			t.Errorf("line %d (%s): %s, want %s", i, w.nb, got, w.amount)
		}
	}
	if got := *lines[3].LegalBasis; got != basis {
		t.Errorf("the agency's basis wins: %s", got)
	}
	if got := *lines[2].LegalBasis; got != "inkassoforskriften § 1-2" {
		t.Errorf("without one, the statute's: %s", got)
	}
	c.DebtorLanguage = debt.Nynorsk
	if got := lines[0].Text(nil); got != want[0].nn {
		t.Errorf("by default in the debtor's language: %s", got)
	}
}

func TestInterestOfOneDay(t *testing.T) {
	t.Parallel()
	b := claim(nil).BalanceOn(date("2025-12-02"))
	lines := b.Lines()
	for l, want := range map[debt.Language]string{
		debt.Bokmal:  "Forsinkelsesrente, 12,25 % av 10 000,00 kr for 1. desember 2025",
		debt.Nynorsk: "Forseinkingsrente, 12,25 % av 10 000,00 kr for 1. desember 2025",
		debt.English: "Late-payment interest, 12.25% of NOK 10,000.00 for 1 December 2025",
	} {
		if got := plain(lines[1].Text(&l)); got != want {
			t.Errorf("%s: %q, want %q", l, got, want)
		}
	}
}

// plain has ordinary spaces.
func plain(s string) string { return strings.ReplaceAll(s, "\u00a0", " ") }

func BenchmarkLines(b *testing.B) {
	c, day := busyCase(), date("2026-03-02")
	for b.Loop() {
		balance := c.BalanceOn(day)
		balance.Lines()
	}
}

func BenchmarkLineTexts(b *testing.B) {
	c := busyCase()
	balance := c.BalanceOn(date("2026-03-02"))
	for b.Loop() {
		lines := balance.Lines()
		for i := range lines {
			lines[i].Text(nil)
		}
	}
}

// TestMonotone: as long as nobody pays and nothing is waived, a later day is never cheaper.
func TestMonotone(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyFullCase(t)
		c.AllPayments, c.ClosedOn = nil, 0
		for i := range c.Fees {
			c.Fees[i].WaivedOn = 0
		}
		one, two := anyDay(t, c), anyDay(t, c)
		a, b := c.BalanceOn(min(one, two)), c.BalanceOn(max(one, two))
		if b.Total < a.Total || b.Interest < a.Interest || b.Fees < a.Fees || b.LegalCosts < a.LegalCosts ||
			b.Principal != a.Principal {
			t.Fatalf("cheaper with time: %+v, then %+v", a, b)
		}
	})
}

// TestNoOverflow compares with big numbers up to the largest amounts and rates, over a century.
func TestNoOverflow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		bp := rapid.IntRange(0, 100_000).Draw(t, "basis points")
		c := claim(func(c *debt.Case) {
			c.RateBasisPoints, c.InterestFrom, c.OpenedOn = &bp, date("2000-01-01"), date("2000-01-01")
			c.OriginalPrincipal = money.Øre(rapid.Int64Range(int64(money.Max)/2, int64(money.Max)).Draw(t, "principal"))
			c.PriorInterest = money.Max
			for range 50 {
				c.Fees = append(c.Fees, debt.Fee{Kind: debt.CostLightFee, Amount: money.Max, IncurredOn: c.OpenedOn})
			}
		})
		day := c.OpenedOn.AddDays(rapid.IntRange(0, 36_525).Draw(t, "days"))
		b := c.BalanceOn(day)
		want := new(big.Int).Mul(big.NewInt(int64(c.OriginalPrincipal)), big.NewInt(int64(bp)*int64(day-c.OpenedOn)))
		want.Div(want, big.NewInt(3_650_000))
		want.Add(want, big.NewInt(int64(money.Max)))
		if want.Cmp(big.NewInt(int64(b.Interest))) != 0 || b.Fees != 50*money.Max ||
			b.Total != b.Principal+b.Interest+b.Fees || b.Total < 0 {
			t.Fatalf("interest %d, want %s: %+v", b.Interest, want, b)
		}
		var sum money.Øre
		for _, x := range b.Lines() {
			sum += x.Amount
		}
		if sum != b.Total {
			t.Fatalf("the lines sum to %d, the total is %d", sum, b.Total)
		}
	})
}

func TestClosedLines(t *testing.T) {
	t.Parallel()
	c := claim(func(c *debt.Case) {
		c.InterestFrom, c.Status, c.ClosedOn = 0, debt.Closed, date("2026-02-01")
		c.Fees = []debt.Fee{{Kind: debt.CostReminder, Amount: 38_00, IncurredOn: date("2025-12-10")}}
	})
	b := c.BalanceOn(date("2026-03-01"))
	lines := b.Lines()
	en := debt.English
	if len(lines) != 4 || lines[2].Amount != -10_000_00 ||
		plain(lines[3].Text(&en)) != "The case was closed on 1 February 2026: NOK 38.00 of collection fees is no longer claimed" {
		t.Errorf("what was left is let go: %+v", lines)
	}
	c.AllPayments = []debt.Payment{{Amount: 300_00, ReceivedOn: date("2026-02-01")},
		{Amount: 500_00, ReceivedOn: date("2026-02-02")}}
	b = c.BalanceOn(date("2026-03-01"))
	lines = b.Lines()
	last := lines[len(lines)-1]
	if b.Total != 0 || b.Overpaid != 500_00 || last.Kind != debt.LineOverpaid || last.On != date("2026-02-02") {
		t.Errorf("what is paid after the closing covers nothing, as nothing is claimed: %s overpaid, last line %+v",
			b.Overpaid, last)
	}
	c.Fees[0].WaivedOn = date("2026-02-20")
	c.AllPayments = []debt.Payment{{Amount: 10_038_00, ReceivedOn: date("2026-01-05")}}
	b = c.BalanceOn(date("2026-03-01"))
	lines = b.Lines()
	if last := lines[len(lines)-1]; b.Overpaid != 38_00 || last.Kind != debt.LineOverpaid {
		t.Errorf("a fee that was paid, and let go after the closing, is to be paid back: %s overpaid, last line %+v",
			b.Overpaid, last)
	}
	early := c.BalanceOn(c.OpenedOn - 1)
	if lines := early.Lines(); lines == nil || len(lines) != 0 {
		t.Errorf("before the opening there is nothing to explain: %+v", lines)
	}
}

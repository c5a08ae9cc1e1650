package debt_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// collecting makes a case of 10,000 kr one of items.
func collecting(c *debt.Case, items ...debt.ClaimItem) *debt.Case {
	c.Items, c.OriginalPrincipal = items, 0
	for i := range c.Items {
		c.Items[i].Case, c.Items[i].Number = c, i+1
		c.OriginalPrincipal += items[i].Amount
	}
	return c
}

func TestItemsBearInterestByThemselves(t *testing.T) {
	t.Parallel()
	january, february := date("2026-01-01"), date("2026-02-01")
	for name, tc := range map[string]struct {
		reason string
		items  []debt.ClaimItem
		paid   money.Øre // on 1 February
		want   debt.Balance
		left   []money.Øre
	}{
		"own days": {"60 days of 6,000 kr and 29 of 4,000 kr at 12 %",
			[]debt.ClaimItem{{Amount: 6_000_00, InterestFrom: january}, {Amount: 4_000_00, InterestFrom: february}}, 0,
			debt.Balance{Principal: 10_000_00, Interest: 156_49}, []money.Øre{6_000_00, 4_000_00}},
		"own rates": {"60 days of 6,000 kr at 12 % and of 4,000 kr at 20 %",
			[]debt.ClaimItem{{Amount: 6_000_00, InterestFrom: january},
				{Amount: 4_000_00, InterestFrom: january, RateBasisPoints: new(2000)}}, 0,
			debt.Balance{Principal: 10_000_00, Interest: 249_86}, []money.Øre{6_000_00, 4_000_00}},
		"none": {"an item without a day bears none, whatever the case has",
			[]debt.ClaimItem{{Amount: 10_000_00}}, 0, debt.Balance{Principal: 10_000_00}, []money.Øre{10_000_00}},
		"rounded once": {"three items of 0.33 øre are one øre: the case is rounded, not the items",
			[]debt.ClaimItem{{Amount: 1700, InterestFrom: date("2026-03-01")}, {Amount: 1700, InterestFrom: date("2026-03-01")},
				{Amount: 1700, InterestFrom: date("2026-03-01")}}, 0,
			debt.Balance{Principal: 51_00, Interest: 1}, []money.Øre{1700, 1700, 1700}},
		"paid in order": {"a payment covers interest, then the first item and then the next",
			[]debt.ClaimItem{{Amount: 1_000_00, InterestFrom: february}, {Amount: 4_000_00, InterestFrom: february}}, 3_000_00,
			debt.Balance{Principal: 2_000_00, Interest: 19_06}, []money.Øre{0, 2_000_00}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := collecting(claim(nil), tc.items...)
			if tc.paid > 0 {
				c.AllPayments = []debt.Payment{{Case: c, Amount: tc.paid, ReceivedOn: february}}
			}
			b := c.BalanceOn(c.Terms.Today)
			want := tc.want
			want.AsOf, want.Total = c.Terms.Today, want.Principal+want.Interest
			if diff := cmp.Diff(want, b, cmpopts.IgnoreUnexported(debt.Balance{})); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			var left []money.Øre
			for i := range c.Items {
				left = append(left, c.Items[i].Outstanding())
			}
			if diff := cmp.Diff(tc.left, left); diff != "" {
				t.Errorf("%s: left of each (-want +got):\n%s", tc.reason, diff)
			}
		})
	}
}

// TestOneItemIsTheCase: a case whose one item has its own values is the case without it, to the
// øre, in its sums, lines and payments.
func TestOneItemIsTheCase(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		if rapid.Bool().Draw(t, "contractual") {
			c.RateBasisPoints = new(rapid.IntRange(0, 5000).Draw(t, "rate"))
		}
		if rapid.Bool().Draw(t, "bears none") {
			c.InterestFrom = 0
		}
		if rapid.Bool().Draw(t, "closed") {
			c.Status, c.ClosedOn = debt.Closed, c.OpenedOn.AddDays(rapid.IntRange(0, 300).Draw(t, "closed after"))
		}
		with := *c
		with.AllPayments = slices.Clone(c.AllPayments)
		for i := range with.AllPayments {
			with.AllPayments[i].Case = &with
		}
		collecting(&with, debt.ClaimItem{Amount: c.OriginalPrincipal, InterestFrom: c.InterestFrom,
			RateBasisPoints: c.RateBasisPoints})
		with.InterestFrom, with.RateBasisPoints = date("2020-01-01"), new(9999) // they count for nothing
		day := c.OpenedOn.AddDays(rapid.IntRange(-1, 700).Draw(t, "day"))
		if diff := cmp.Diff(c.BalanceOn(day), with.BalanceOn(day), cmpopts.IgnoreUnexported(debt.Balance{})); diff != "" {
			t.Fatalf("with an item (-without +with):\n%s", diff)
		}
		if c.InterestFraction(day) != with.InterestFraction(day) {
			t.Fatal("the fraction of an øre differs")
		}
		for i := range c.AllPayments {
			if diff := cmp.Diff(c.AllPayments[i].Imputed(), with.AllPayments[i].Imputed()); diff != "" {
				t.Fatalf("payment %d (-without +with):\n%s", i, diff)
			}
		}
		alone, its := c.BalanceOn(day), with.BalanceOn(day)
		strip := func(b debt.Balance) (all []string) {
			for _, x := range b.Lines() {
				if x.Kind != debt.LinePriorInterest { // it names the day that the case has
					all = append(all, strings.TrimPrefix(x.Text(new(debt.English)), "Claim 1: "))
				}
			}
			return all
		}
		if diff := cmp.Diff(strip(alone), strip(its)); diff != "" {
			t.Fatalf("lines (-without +with):\n%s", diff)
		}
	})
}

// TestItemsAddUp: the lines of a case with items sum to its balance, each item's to what is left
// of it, and its interest is that of cases of one item each, but for less than an øre for each.
func TestItemsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c := anyCase(t)
		var items []debt.ClaimItem
		for range rapid.IntRange(1, 4).Draw(t, "items") {
			x := debt.ClaimItem{Amount: money.Øre(rapid.Int64Range(1, 50_000_00).Draw(t, "amount"))}
			if rapid.Bool().Draw(t, "bears") {
				x.InterestFrom = c.OpenedOn.AddDays(rapid.IntRange(-200, 100).Draw(t, "from"))
			}
			if rapid.Bool().Draw(t, "agreed") {
				x.RateBasisPoints = new(rapid.IntRange(1, 5000).Draw(t, "rate"))
			}
			items = append(items, x)
		}
		collecting(c, items...)
		c.Terms.Today = c.OpenedOn.AddDays(rapid.IntRange(0, 700).Draw(t, "day"))
		b := c.BalanceOn(c.Terms.Today)
		var sum, left money.Øre
		of := map[*debt.ClaimItem]money.Øre{}
		for _, x := range b.Lines() {
			sum += x.Amount
			if x.Component != nil && *x.Component == debt.Principal {
				of[x.Item()] += x.Amount
			}
		}
		for i := range c.Items {
			x := &c.Items[i]
			left += x.Outstanding()
			if of[x] != x.Outstanding() {
				t.Fatalf("the lines of item %d sum to %d, %d is left", x.Number, of[x], x.Outstanding())
			}
		}
		if sum != b.Total || left != b.Principal || of[nil] != 0 {
			t.Fatalf("the lines sum to %d and the items to %d: %+v", sum, left, b)
		}
		if len(c.AllPayments) > 0 {
			return
		}
		apart := money.Øre(0)
		for _, x := range c.Items {
			one := claim(func(one *debt.Case) {
				one.OriginalPrincipal, one.InterestFrom, one.RateBasisPoints = x.Amount, x.InterestFrom, x.RateBasisPoints
				one.Terms, one.OpenedOn = c.Terms, c.OpenedOn
			})
			apart += one.BalanceOn(c.Terms.Today).Interest
		}
		if more := b.Interest - c.PriorInterest - apart; more < 0 || more >= money.Øre(len(c.Items)) {
			t.Fatalf("together they bear %d more than apart", more)
		}
	})
}

func TestBearing(t *testing.T) {
	t.Parallel()
	january, april := date("2026-01-01"), date("2026-04-01")
	for name, tc := range map[string]struct {
		reason string
		items  []debt.ClaimItem
		rate   int // of today
		one    bool
	}{
		"no items": {"the case's own", nil, 1200, true},
		"alike": {"all have begun: on which day says nothing any more", []debt.ClaimItem{
			{Amount: 1, InterestFrom: january},
			{Amount: 1, InterestFrom: january + 9},
		}, 1200, true},
		"agreed": {"the same agreed rate", []debt.ClaimItem{
			{Amount: 1, InterestFrom: january, RateBasisPoints: new(900)},
			{Amount: 1, InterestFrom: january, RateBasisPoints: new(900)},
		}, 900, true},
		"two rates": {"an agreed rate beside the statutory one", []debt.ClaimItem{
			{Amount: 1, InterestFrom: january},
			{Amount: 1, InterestFrom: january, RateBasisPoints: new(1200)},
		}, 1200, false},
		"to come": {"one bears none yet", []debt.ClaimItem{
			{Amount: 1, InterestFrom: january},
			{Amount: 1, InterestFrom: april},
		}, 0, false},
		"all to come": {"none bears any yet", []debt.ClaimItem{
			{Amount: 1, InterestFrom: april},
			{Amount: 1, InterestFrom: april},
		}, 0, true},
		"never": {"one bears none", []debt.ClaimItem{
			{Amount: 1, InterestFrom: january},
			{Amount: 1},
		}, 1200, false},
		"paid": {"what is paid bears nothing", []debt.ClaimItem{
			{Amount: 100, InterestFrom: january, RateBasisPoints: new(1)},
			{Amount: 1, InterestFrom: january},
		}, 1200, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := claim(nil)
			if tc.items != nil {
				collecting(c, tc.items...)
			}
			if name == "paid" {
				c.AllPayments = []debt.Payment{{Case: c, Amount: 100, ReceivedOn: c.OpenedOn}}
			}
			b, one := c.Bearing(c.Terms.Today)
			if got := b.RateOn(c.Terms.Today, c.Terms); one != tc.one || one && got != tc.rate {
				t.Errorf("%s: one %v, %d", tc.reason, one, got)
			}
		})
	}
}

package solver

import (
	"fmt"
	"slices"

	"github.com/go-json-experiment/json"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// writtenPlan is a plan as it is written, with what a checker reads of it.
type writtenPlan struct {
	Cost       *int64 `json:"cost_ore"`
	TotalPaid  *int64 `json:"total_paid_ore"`
	Deferrals  []Deferral
	Agreements []Agreement
	Payments   []struct {
		PayDay  int    `json:"pay_day"`
		Case    string `json:"case"`
		Amount  int64  `json:"amount_ore"`
		Balance *int64 `json:"balance_ore"`
	}
}

// checked plays a written plan by the rules of docs/solution.md, as one reads them there: case by case,
// with dates and not with the pay days on which something takes effect. It shares no code with the
// evaluator or the search.
type checked struct {
	in     *Instance
	plan   writtenPlan
	errs   []string
	spent  []int64
	closed map[string]int
	cost   int64
}

// check returns what a plan costs and which rules it breaks.
func check(in *Instance, text []byte) (cost int64, errs []string) {
	k := checked{in: in, spent: make([]int64, len(in.PayDays)), closed: map[string]int{}}
	if err := json.Unmarshal(text, &k.plan, json.MatchCaseInsensitiveNames(true)); err != nil {
		return 0, []string{err.Error()}
	}
	opening := int64(0)
	for i := range in.Cases {
		if c := &in.Cases[i]; !c.Objection {
			opening += int64(c.Principal + c.Costs + c.Interest)
			k.play(c)
		}
	}
	k.agreements()
	k.budgets()
	total := int64(0)
	for _, x := range k.spent {
		total += x
	}
	k.claim("cost_ore", k.plan.Cost, k.cost)
	k.claim("total_paid_ore", k.plan.TotalPaid, opening+k.cost)
	k.claim("what is paid", &total, opening+k.cost)
	return k.cost, k.errs
}

func (k *checked) fail(format string, args ...any) {
	k.errs = append(k.errs, fmt.Sprintf(format, args...))
}

func (k *checked) claim(what string, said *int64, is int64) {
	if said != nil && *said != is {
		k.fail("%s is said to be %d, and is %d", what, *said, is)
	}
}

func (k *checked) agency(id string) *Agency {
	return &k.in.Agencies[slices.IndexFunc(k.in.Agencies, func(a Agency) bool { return a.ID == id })]
}

func (k *checked) rhythm(t int) bool { return !slices.Contains(k.in.OffRhythm, t) }

// play plays one case through.
func (k *checked) play(c *Case) {
	a := k.agency(c.Agency)
	principal, costs, interest := int64(c.Principal), int64(c.Costs), int64(c.Interest)
	shift := norway.Date(0)
	for _, f := range k.plan.Deferrals {
		if f.Case != c.ID {
			continue
		}
		if shift != 0 || f.Days < 1 || f.Days > a.MaxDeferralDays || c.Stage == Notice {
			k.fail("case %s may not be deferred by %d days", c.ID, f.Days)
		}
		shift = norway.Date(f.Days)
		costs += int64(a.DeferralFee)
		k.cost += int64(a.DeferralFee)
	}
	begun := norway.Date(1 << 30)
	for _, g := range k.plan.Agreements {
		if slices.Contains(g.Cases, c.ID) && !a.StepsGoOn {
			begun = k.in.PayDays[g.First]
		}
	}
	accrued, posted, yesterday := c.Fraction, int64(0), k.in.AsOf
	arose := map[int]bool{}
	for t, day := range k.in.PayDays {
		for d := yesterday; d < day; d++ {
			accrued += principal * int64(rateOn(c, d))
		}
		interest += accrued/unitsPerØre - posted
		k.cost += accrued/unitsPerØre - posted
		posted = accrued / unitsPerØre
		for i, e := range c.Events {
			on := e.Date + shift
			_, paidOff := k.closed[c.ID]
			if on <= day && !arose[i] {
				arose[i] = true
				if !paidOff && begun > yesterday { // neither stopped it on an earlier pay day
					costs += int64(e.Fee)
					k.cost += int64(e.Fee)
				}
			}
		}
		yesterday = day
		for _, p := range k.plan.Payments {
			if p.PayDay != t || p.Case != c.ID {
				continue
			}
			if p.Amount < 1 || p.Amount > principal+costs+interest {
				k.fail("case %s gets %d on pay day %d and owes %d", c.ID, p.Amount, t, principal+costs+interest)
			}
			order := []*int64{&principal, &interest, &costs}
			if k.in.costsFirst(a) {
				order = []*int64{&costs, &interest, &principal}
			}
			left := p.Amount
			for _, part := range order {
				x := min(left, *part)
				*part -= x
				left -= x
			}
			k.spent[t] += p.Amount
			k.claim("the balance of "+c.ID, p.Balance, principal+costs+interest)
		}
		if _, paidOff := k.closed[c.ID]; !paidOff && principal+costs+interest == 0 {
			k.closed[c.ID] = t
		}
	}
	if _, paidOff := k.closed[c.ID]; !paidOff {
		k.fail("case %s is not paid off", c.ID)
	}
}

func rateOn(c *Case, day norway.Date) int {
	rate := c.RateBasisPoints
	for _, r := range c.Rates {
		if r.From <= day {
			rate = r.BasisPoints
		}
	}
	return rate
}

// agreements holds each agreement to its agency's terms, and charges its fees.
func (k *checked) agreements() {
	seen := map[string]bool{}
	for n, g := range k.plan.Agreements {
		a := k.agency(g.Agency)
		end, group := 0, ""
		for i, id := range g.Cases {
			at := slices.IndexFunc(k.in.Cases, func(c Case) bool { return c.ID == id && !c.Objection })
			if at < 0 || seen[id] {
				k.fail("agreement %d: case %s is in none, or in two", n, id)
				continue
			}
			c := &k.in.Cases[at]
			seen[id] = true
			if i == 0 {
				group = c.AgreementGroup
			}
			if c.Agency != g.Agency || c.AgreementGroup != group || c.AgreementFrom.IsZero() ||
				c.AgreementFrom > k.in.PayDays[g.First] || k.closed[id] < g.First {
				k.fail("agreement %d: case %s may not be in it", n, id)
			}
			end = max(end, k.closed[id])
		}
		if of := g.Agency + "/" + group; a.Joint && seen["*"+of] || len(g.Cases) > 1 && !a.Joint {
			k.fail("agreement %d joins what %s does not join", n, g.Agency)
		} else {
			seen["*"+of] = true
		}
		var days []int
		for t := g.First; t <= end; t++ {
			if k.rhythm(t) {
				days = append(days, t)
			}
		}
		if len(days) == 0 || days[0] != g.First || days[len(days)-1] != g.Last || len(days) > a.MaxInstalments {
			k.fail("agreement %d of %d instalments at most is from %d to %d: %v", n, a.MaxInstalments, g.First, g.Last, days)
			continue
		}
		for _, t := range days {
			fee, paid := int64(a.InstalmentFee), int64(0)
			if t == g.First && len(days) > a.SetupFreeInstalments {
				fee += int64(a.SetupFee)
			}
			for _, p := range k.plan.Payments {
				if p.PayDay == t && slices.Contains(g.Cases, p.Case) {
					paid += p.Amount
				}
			}
			if t < end && paid < int64(a.MinInstalment) {
				k.fail("agreement %d: %d is paid on pay day %d", n, paid, t)
			}
			k.spent[t] += fee
			k.cost += fee
		}
	}
}

func (k *checked) budgets() {
	sum := int64(0)
	for t, x := range k.spent {
		b := int64(k.in.Budget)
		if k.in.Budgets != nil {
			b = int64(k.in.Budgets[t])
		}
		if b == int64(NoBudget) {
			b = 1 << 50
		}
		if sum += b - x; sum < 0 {
			k.fail("pay day %d takes %d, and there is %d", t, x, sum+x)
		}
		if !k.in.CarryOver {
			sum = 0
		}
	}
}

// second gives an instance what version 2 knows: days off the rhythm, today, budgets that differ, saving.
func (d dice) second(in *Instance) {
	mean := in.Budget
	if d.chance(60) { // another day of each month
		var days []norway.Date
		for _, day := range in.PayDays {
			if other := day - norway.Date(d.between(1, 25)); other > in.AsOf && (len(days) == 0 || other > days[len(days)-1]) {
				days = append(days, other)
				in.OffRhythm = append(in.OffRhythm, len(days)-1)
			}
			days = append(days, day)
		}
		in.PayDays, mean = days, mean*2/3
	}
	if d.chance(60) { // today
		in.PayDays = append([]norway.Date{in.AsOf}, in.PayDays...)
		for i := range in.OffRhythm {
			in.OffRhythm[i]++
		}
		if d.chance(70) {
			in.OffRhythm = append(in.OffRhythm, 0)
		}
	}
	if d.chance(70) {
		for range in.PayDays {
			in.Budgets = append(in.Budgets, mean*pick[money.Øre](d, 0, 50, 100, 100, 100, 150, 300)/100/100*100)
		}
	}
	in.CarryOver = d.chance(50)
}

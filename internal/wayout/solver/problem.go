package solver

import (
	"cmp"
	"slices"
)

// problem is an instance in the form that the search works on: pay-day indices in place
// of dates, sorted by id so that the order in the input has no effect, objections left out.
type problem struct {
	in      *Instance
	n, t    int
	budgets []int64 // per pay day, what the promises leave of them
	today   int64   // the whole of today's, zero when today is no pay day
	pledged []promised
	carry   bool // what a pay day leaves of its budget can be paid later
	calendar
	principals bool    // some agency covers the principal first
	snowball   bool    // pay the smallest balance first, whatever it costs
	since      []int64 // per pay day: days since AsOf
	cases      []caseData
	groups     []groupData
	opening    int64
}

// caseData is one case. Of a deferral only the longest is worth asking for: it is never
// dearer than a shorter one, and never stops less.
type caseData struct {
	src                    *Case
	principal, costs, open int64 // open is the interest owed on AsOf
	rate                   int64
	fraction               int64
	bears                  []int64 // per pay day: basis points × days since the one before
	borne                  []int64 // per pay day: that of all days until it
	costsFirst, stepsGoOn  bool
	group                  int // the agreement it may be part of; -1: none
	from                   int // first rhythm day on which it may be
	days                   int // longest deferral; 0: none that moves a cost step past a pay day
	deferFee               int64
	hits                   [2][]int // pay day on which each cost step is charged; [1] deferred
	fees                   [2][]int64
	until                  [2][]int64 // per pay day: the deferral and the cost steps charged until then
	deadlines              [2][]int   // last days to close, each just before a cost step; the end last
	modes                  []mode     // what may be decided about it outside an agreement
}

func (c *caseData) balance() int64 { return c.principal + c.costs + c.open }

// groupData is one possible agreement: all cases of an agency that joins, else one case.
type groupData struct {
	agency            *Agency
	least, fee, setup int64
	most, free        int
	members           []int
	starts            []int // pay days on which it may be worth beginning it
}

// compile returns the problem of an instance on its first pay days. Without a budget it has zero on them.
func compile(in *Instance, payDays int) *problem {
	p := &problem{in: in, t: payDays, carry: in.CarryOver, calendar: calendarOf(in, payDays),
		pledged: in.promised(payDays)}
	left := in.left()
	for t, d := range in.PayDays[:payDays] {
		p.since = append(p.since, int64(d-in.AsOf))
		p.budgets = append(p.budgets, max(left[t], 0))
	}
	if in.Today() {
		p.today = max(int64(in.budget(0)), 0)
	}
	var sources []*Case
	for i := range in.Cases {
		if !in.Cases[i].Objection {
			sources = append(sources, &in.Cases[i])
		}
	}
	slices.SortFunc(sources, func(a, b *Case) int { return cmp.Compare(a.ID, b.ID) })
	joint := map[[2]string]int{}
	for i, src := range sources {
		a := &in.Agencies[slices.IndexFunc(in.Agencies, func(a Agency) bool { return a.ID == src.Agency })]
		c := p.caseOf(src, a)
		p.principals = p.principals || !c.costsFirst
		p.opening += c.balance()
		if c.from < p.t-1 && a.MaxInstalments > 1 {
			of := [2]string{a.ID, src.AgreementGroup}
			g, ok := joint[of]
			if !ok {
				g = len(p.groups)
				p.groups = append(p.groups, groupData{
					agency: a, least: int64(a.MinInstalment), fee: int64(a.InstalmentFee),
					setup: int64(a.SetupFee), most: a.MaxInstalments, free: a.SetupFreeInstalments,
				})
				if a.Joint {
					joint[of] = g
				}
			}
			c.group = g
			p.groups[g].members = append(p.groups[g].members, i)
		}
		p.cases = append(p.cases, c)
	}
	p.n = len(p.cases)
	for g := range p.groups {
		p.groups[g].starts = p.startsOf(p.groups[g].members)
	}
	return p
}

// each sets the budget of every pay day but today; the promises are taken from it.
func (p *problem) each(budget int64) {
	for t := range p.budgets {
		p.budgets[t] = budget
		if p.since[t] == 0 {
			p.budgets[t] = p.today
		}
	}
	for i := range p.pledged {
		p.pledged[i].take(p.budgets)
	}
}

// pledgedOn is what the promises can take from a pay day.
func (p *problem) pledgedOn(day int) (sum int64) {
	for _, x := range p.pledged {
		if slices.Contains(x.from, day) {
			sum += x.amount
		}
	}
	return sum
}

// later is how many pay days there are after today.
func (p *problem) later() int {
	if p.t > 0 && p.since[0] == 0 {
		return p.t - 1
	}
	return p.t
}

// inSnowball makes it the problem in which the smallest balance is paid first: no case has
// a deadline, deferrals and agreements alone are chosen.
func (p *problem) inSnowball() *problem {
	p.snowball = true
	end := p.t - 1
	for i := range p.cases {
		c := &p.cases[i]
		c.deadlines = [2][]int{{end}, {end}}
		c.modes = []mode{{0, int16(end), c.feesUntil(0, end)}}
		if c.days > 0 {
			c.modes = append(c.modes, mode{1, int16(end), c.feesUntil(1, end)})
		}
	}
	return p
}

// startsOf lists the rhythm days just before a cost step of a case and the first that it may
// be in an agreement: on no other is it worth beginning one.
func (p *problem) startsOf(members []int) (list []int) {
	for _, i := range members {
		c := &p.cases[i]
		list = append(list, c.from)
		for _, hits := range c.hits {
			for _, hit := range hits {
				if first := p.before(hit); first > c.from {
					list = append(list, first)
				}
			}
		}
	}
	slices.Sort(list)
	return slices.Compact(list)
}

func (p *problem) caseOf(src *Case, a *Agency) caseData {
	c := caseData{
		src: src, principal: int64(src.Principal), costs: int64(src.Costs), open: int64(src.Interest),
		rate: int64(src.RateBasisPoints), group: -1, from: p.t,
		costsFirst: p.in.costsFirst(a), stepsGoOn: a.StepsGoOn, fraction: src.Fraction,
	}
	if p.later() > 0 && len(src.Rates) > 0 { // where one rate has to stand for all, the mean does
		c.rate = src.bearing(p.in.AsOf, p.in.PayDays[p.t-1]) / p.since[p.t-1]
	}
	before := p.in.AsOf
	for _, day := range p.in.PayDays[:p.t] {
		c.bears = append(c.bears, src.bearing(before, day))
		c.borne = append(c.borne, src.bearing(p.in.AsOf, day))
		before = day
	}
	if !src.AgreementFrom.IsZero() {
		c.from = p.next[p.payDay(int64(src.AgreementFrom-p.in.AsOf))]
	}
	if src.Stage != Notice {
		c.days, c.deferFee = a.MaxDeferralDays, int64(a.DeferralFee)
	}
	events := slices.Clone(src.Events)
	slices.SortFunc(events, func(a, b Event) int {
		return cmp.Or(cmp.Compare(a.Date, b.Date), cmp.Compare(a.Fee, b.Fee))
	})
	for deferred, shift := range []int{0, c.days} {
		for _, e := range events {
			if t := p.payDay(int64(e.Date-p.in.AsOf) + int64(shift)); t < p.t && e.Fee > 0 {
				c.hits[deferred] = append(c.hits[deferred], t)
				c.fees[deferred] = append(c.fees[deferred], int64(e.Fee))
				if t > 0 && !slices.Contains(c.deadlines[deferred], t-1) {
					c.deadlines[deferred] = append(c.deadlines[deferred], t-1)
				}
			}
		}
		if !slices.Contains(c.deadlines[deferred], p.t-1) {
			c.deadlines[deferred] = append(c.deadlines[deferred], p.t-1)
		}
	}
	for deferred, sum := range []int64{0, c.deferFee} {
		k := 0
		for t := range p.t {
			for ; k < len(c.hits[deferred]) && c.hits[deferred][k] <= t; k++ {
				sum += c.fees[deferred][k]
			}
			c.until[deferred] = append(c.until[deferred], sum)
		}
	}
	if slices.Equal(c.hits[0], c.hits[1]) {
		c.days = 0
	}
	c.modes = c.worthwhile()
	return c
}

// mode is a way to deal with a case outside an agreement.
type mode struct {
	deferred int8
	due      int16
	fees     int64 // deferral and cost steps, if it is closed when due
}

// worthwhile lists the modes that no other beats in both time and fees.
func (c *caseData) worthwhile() []mode {
	var all, kept []mode
	for deferred := range 2 {
		if deferred == 1 && c.days == 0 {
			break
		}
		for _, due := range c.deadlines[deferred] {
			all = append(all, mode{int8(deferred), int16(due), c.feesUntil(deferred, due)})
		}
	}
	for i, m := range all {
		beaten := slices.ContainsFunc(all[:i], func(o mode) bool { return o.due >= m.due && o.fees <= m.fees })
		beaten = beaten || slices.ContainsFunc(all[i+1:], func(o mode) bool {
			return o.due >= m.due && o.fees <= m.fees && (o.due > m.due || o.fees < m.fees)
		})
		if !beaten {
			kept = append(kept, m)
		}
	}
	return kept
}

// feesUntil is what a case comes to cost in fees if cost steps stop after pay day due.
func (c *caseData) feesUntil(deferred, due int) int64 { return c.until[deferred][due] }

// payDay returns the first pay day that is days after AsOf or later.
func (p *problem) payDay(days int64) int {
	t, _ := slices.BinarySearch(p.since, days)
	return t
}

// state is a point of the search: what is decided before money is laid out.
type state struct {
	deferred []int8  // per case, 0 or 1
	due      []int16 // per case, the pay day by which it should be closed
	member   []bool  // per case, part of its group's agreement
	boost    []int8  // per case, steps up or down in the order of payment
	first    []int16 // per group
	last     []int16 // per group, the pay day by which its cases should be closed, on or off the rhythm
}

func (p *problem) newState() *state {
	s := &state{
		deferred: make([]int8, p.n), due: make([]int16, p.n), member: make([]bool, p.n), boost: make([]int8, p.n),
		first: make([]int16, len(p.groups)), last: make([]int16, len(p.groups)),
	}
	for i := range s.due {
		s.due[i] = int16(p.t - 1)
	}
	return s
}

func (s *state) copyFrom(o *state) {
	copy(s.deferred, o.deferred)
	copy(s.due, o.due)
	copy(s.member, o.member)
	copy(s.boost, o.boost)
	copy(s.first, o.first)
	copy(s.last, o.last)
}

// dueOf returns the pay day by which a case should be closed, in or out of an agreement.
func (p *problem) dueOf(s *state, i int) int {
	if s.member[i] {
		return int(s.last[p.cases[i].group])
	}
	return int(s.due[i])
}

package people

import (
	"math/rand/v2"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// step is something that an agency does in a case, in the order of collection.
type step int

const (
	stepReminder step = iota
	stepWarning
	stepLightFee
	stepDemand
	stepDeadline // of the payment demand, which passes
	stepHeavyFee
	stepNotice
	stepConciliation
	stepJudgment
	stepEnforcement
	stepOutcome
	stepMonitoring
	steps
)

// plan is how a case will go if nobody pays: what is claimed, and the days that the
// agency waits before each step beyond what the law demands.
type plan struct {
	creditor  *Creditor
	principal money.Øre
	prior     money.Øre
	rate      int // 0: statutory
	term      int // days from invoice to due date
	reminder  bool
	legal     bool
	court     bool // conciliation board first
	outcome   debt.LegalStep
	wait      [steps]int
}

func drawPlan(r *rand.Rand, c *Creditor, principal money.Øre) plan {
	p := plan{
		creditor: c, principal: principal, term: choose(r, []int{14, 14, 14, 21, 30}),
		reminder: r.IntN(100) < 45,
		court:    r.IntN(100) < 35,
		outcome: choose(r, []debt.LegalStep{
			debt.StepWageDeduction, debt.StepWageDeduction, debt.StepWageDeduction, debt.StepAttachment,
			debt.StepLien, debt.StepNothingToAttach, debt.StepNothingToAttach,
		}),
	}
	if principal > 150_000_00 && r.IntN(4) == 0 {
		p.outcome = debt.StepForcedSale
	}
	p.legal = principal > 1_000_00 && r.IntN(100) < 70 || r.IntN(100) < 15
	if c.rate > 0 && r.IntN(100) < 70 {
		p.rate = c.rate
		p.prior = money.Øre(int64(principal) * int64(c.rate) * int64(30+r.IntN(90)) / yearOfBasisPoints)
	}
	for s, most := range [steps]int{6, 7, 0, 3, 0, 0, 25, 40, 90, 60, 90, 120} {
		if most > 0 {
			p.wait[s] = r.IntN(most + 1)
		}
	}
	return p
}

// first returns the first step and its day, for an invoice that falls due on a day.
func (p *plan) first(due norway.Date) (step, norway.Date) {
	if p.reminder {
		return stepReminder, workday(due + 14 + norway.Date(p.wait[stepReminder]))
	}
	return stepWarning, workday(due + 14 + norway.Date(p.wait[stepWarning]))
}

// next returns the step that follows one done on a day, and its day. The step is
// steps when none follows. A deadline of 14 days passes before the next letter.
func (p *plan) next(s step, on norway.Date) (step, norway.Date) {
	wait := func(s step, days int) (step, norway.Date) {
		return s, workday(on + norway.Date(days+p.wait[s]))
	}
	switch s {
	case stepReminder:
		return wait(stepWarning, 15)
	case stepWarning:
		return stepLightFee, on + 15
	case stepLightFee:
		return wait(stepDemand, 0)
	case stepDemand:
		return stepDeadline, on + 15
	case stepDeadline:
		return stepHeavyFee, on + 28 // the demand's day + 14 + 28 + 1: inkassoforskriften § 2-3
	case stepHeavyFee:
		return wait(stepNotice, 3)
	case stepNotice:
		switch {
		case p.legal && p.court:
			return wait(stepConciliation, 15)
		case p.legal:
			return wait(stepEnforcement, 15)
		}
		return wait(stepMonitoring, 45)
	case stepConciliation:
		return wait(stepJudgment, 60)
	case stepJudgment:
		return wait(stepEnforcement, 20)
	case stepEnforcement:
		return wait(stepOutcome, 30)
	case stepOutcome:
		if p.outcome == debt.StepNothingToAttach {
			return wait(stepMonitoring, 30)
		}
	}
	return steps, 0
}

// span returns the days [from, to) that a case with this due date is in a phase, if
// all goes as planned; from is zero for a phase that it never reaches.
func (p *plan) span(due norway.Date, phase debt.Phase) (from, to norway.Date) {
	s, on := p.first(due)
	for s < steps {
		switch now := phaseOf(s); {
		case now == phase && from == 0:
			from = on
		case now != phase && from != 0:
			return from, on
		}
		s, on = p.next(s, on)
	}
	if from != 0 {
		to = from + 1200
	}
	return from, to
}

// phaseOf is the phase that a step leaves a case in.
func phaseOf(s step) debt.Phase {
	switch s {
	case stepReminder:
		return debt.PhaseReminder
	case stepWarning:
		return debt.PhaseCollectionWarning
	case stepLightFee, stepDemand:
		return debt.PhasePaymentDemand
	case stepDeadline:
		return debt.PhaseLightFee
	case stepHeavyFee, stepNotice:
		return debt.PhaseHeavyFee
	case stepMonitoring:
		return debt.PhaseMonitoring
	}
	return debt.PhaseLegal
}

// reaching makes the plan one that reaches a phase.
func (p *plan) reaching(phase debt.Phase) {
	switch phase {
	case debt.PhaseReminder:
		p.reminder = true
	case debt.PhaseLegal:
		p.legal = true
	case debt.PhaseMonitoring:
		if p.legal {
			p.outcome = debt.StepNothingToAttach
		}
	}
}

// dueFor returns the due date with which the case is in a phase on a day, for so
// many days. Days that run beyond the phase count from its end: -1 is its last day.
func (p *plan) dueFor(phase debt.Phase, on norway.Date, days int) norway.Date {
	p.reaching(phase)
	guess := on - 60
	from, to := p.span(guess, phase)
	if days < 0 {
		days += int(to - from)
	}
	guess += on - from - norway.Date(min(max(days, 0), int(to-from)-1))
	// Weekends move steps by a day or two, hence the search around the guess.
	for i := norway.Date(0); i < 15; i++ {
		for _, due := range [2]norway.Date{guess - i, guess + i} {
			if from, to := p.span(due, phase); from <= on && on < to {
				return due
			}
		}
	}
	panic("a phase lasts days, and due dates around the guess cover all of them")
}

// workday returns the day itself, or the Monday after it.
func workday(d norway.Date) norway.Date {
	switch (d.UnixDays()%7 + 7) % 7 { // 1970-01-01 was a Thursday
	case 2:
		return d + 2
	case 3:
		return d + 1
	}
	return d
}

// workdayBefore returns the day itself, or the Friday before it.
func workdayBefore(d norway.Date) norway.Date {
	if w := workday(d); w != d {
		return w - 3
	}
	return d
}

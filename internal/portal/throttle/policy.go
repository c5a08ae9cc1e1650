package throttle

import "time"

// Policy says how often something may be done. Times are forgotten one by one, so somebody who
// seldom does it never notices.
type Policy struct {
	// Free is how many times it may be done at once.
	Free int
	// Forget is how long it takes until one is forgotten.
	Forget time.Duration
	// First is how long to wait after the Free-th time. Each further time that is not forgotten
	// yet doubles it, up to Most. Zero: until one is forgotten.
	First, Most time.Duration
}

// state is what was done of late.
type state struct {
	emptyAt     time.Time // when all of it is forgotten
	lockedUntil time.Time
}

// wait returns how long nobody may do it; zero or less: it may be done.
func (p Policy) wait(s state, now time.Time) time.Duration {
	if p.First == 0 {
		return s.emptyAt.Sub(now) - time.Duration(p.Free-1)*p.Forget
	}
	return s.lockedUntil.Sub(now)
}

// count returns the state after it was done once more.
func (p Policy) count(s state, now time.Time) state {
	if s.emptyAt.Before(now) {
		s.emptyAt = now
	}
	s.emptyAt = s.emptyAt.Add(p.Forget)
	if over := p.level(s, now) - p.Free; p.First > 0 && over >= 0 {
		s.lockedUntil = now.Add(min(p.First<<min(over, maxDoublings), p.Most))
	}
	return s
}

const maxDoublings = 20 // no delay is so short that more would not be over Most

// forgive returns the state as if it had not been done once.
func (p Policy) forgive(s state, now time.Time) state {
	s.emptyAt = s.emptyAt.Add(-p.Forget)
	if p.level(s, now) < p.Free {
		s.lockedUntil = now
	}
	return s
}

// level is how many times are not forgotten, the last of them perhaps in part.
func (p Policy) level(s state, now time.Time) int {
	return int((s.emptyAt.Sub(now) + p.Forget - 1) / p.Forget)
}

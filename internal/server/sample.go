package server

import (
	"sync"
	"time"
)

// linesAMinute is how many lines a minute there are for refusals of one kind to people who are not
// logged in: anybody can cause as many as they like.
const linesAMinute = 60

// sample bounds those lines. The kinds are few: a route and a status.
type sample struct {
	mu   sync.Mutex
	seen map[refusalKind]*minute
}

type refusalKind struct {
	route  string
	status int
}

type minute struct {
	since time.Time
	lines int
	left  int // since the last line
}

func newSample() *sample { return &sample{seen: map[refusalKind]*minute{}} }

// line says whether there is a line for one more, and how many were left out before it.
func (s *sample) line(route string, status int, now time.Time) (left int, ok bool) {
	if s == nil {
		return 0, true
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	m := s.seen[refusalKind{route, status}]
	if m == nil {
		m = &minute{}
		s.seen[refusalKind{route, status}] = m
	}
	if now.Sub(m.since) >= time.Minute {
		m.since, m.lines = now, 0
	}
	if m.lines >= linesAMinute {
		m.left++
		return 0, false
	}
	m.lines++
	left, m.left = m.left, 0
	return left, true
}

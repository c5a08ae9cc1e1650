package internal

import (
	"maps"
	"slices"
	"strings"
	"testing"
)

// rooms is the house on one page, from the ground up: what each room of internal/ is for, and
// which others it looks into. deps_test.go has the same for every package, with the reasons.
var rooms = map[string]struct{ is, into string }{
	// Ground: whatever stands on it.
	"document": {"what people hand in: looked through, and kept", "fault portal"},
	"aside":    {"what computes for long, and lets others go first", ""},
	"fault":    {"one type of error, and its codes", "text"},
	"page":     {"pages of lists", "fault"},
	"paper":    {"what people read on paper, as tagged PDF", "text"},
	"tcp":      {"lines to databases", ""},
	"text":     {"what is said to people, in three languages", "debt"}, // amounts and days alone

	// Pure: no database, no HTTP, no clock.
	"debt":   {"what is owed", "fault page paper text"},
	"wayout": {"what to pay when", "debt fault text"},

	// Who, where, and what for.
	"caller": {"who calls, and what they may read", "agency aside debt fault portal text"}, // agency: letters alone
	"agency": {"the cores of agencies: reads and acts", "aside caller debt fault page tcp text workshop"},
	"portal": {"our own database", "caller debt fault page tcp"},
	"act":    {"what a person does", "agency caller debt document fault portal privacy text wayout workshop"},
	"privacy": {"what people demand about their data",
		"act agency caller debt document fault paper portal text wayout"},

	// Around it.
	"metrics":  {"what is counted and measured, for Prometheus", "act agency health portal server"},
	"trace":    {"what took how long, for OpenTelemetry", "agency server"},
	"health":   {"what the service stands on, looked at from the side", "agency portal"},
	"server":   {"HTTP, for any schema", "aside fault text"},
	"workshop": {"the demo, and what builds and tests", "agency caller debt portal"},
}

// TestRooms holds the page to the code: no arrow is missing, and none is too many. What packages
// for tests import counts too.
func TestRooms(t *testing.T) {
	t.Parallel()
	arrows := map[string]map[string]bool{}
	for name, imports := range list(t, "Imports") {
		from, ok := roomOf(name)
		if !ok {
			continue
		}
		if arrows[from] == nil {
			arrows[from] = map[string]bool{}
		}
		for _, imported := range imports {
			ours, _ := strings.CutPrefix(imported, module)
			if to, ok := roomOf(ours); ok && to != from {
				arrows[from][to] = true
			}
		}
	}
	for name, into := range arrows {
		if got := strings.Join(slices.Sorted(maps.Keys(into)), " "); got != rooms[name].into || rooms[name].is == "" {
			t.Errorf("the room %s looks into %q, and the page says %q", name, got, rooms[name].into)
		}
	}
	for name := range rooms {
		if arrows[name] == nil {
			t.Errorf("there is no room %s", name)
		}
	}
}

// roomOf returns the room of a package under internal/.
func roomOf(name string) (string, bool) {
	rest, ok := strings.CutPrefix(name, "internal/")
	room, _, _ := strings.Cut(rest, "/")
	return room, ok
}

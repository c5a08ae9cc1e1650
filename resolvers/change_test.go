package resolvers_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const changesOf = `{ viewer { changes%s { since complete more items { kind on text(language: NB) amount { amount } agency { code }
	case { caseNumber } act { name } } } } }`

// TestChangesOfViewer: what is new at the reference core and the old one comes in one answer and one
// round trip to each, newest first, and an agency that is down costs its own part.
func TestChangesOfViewer(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	ask := func(arguments string) answer { return p.ask(kari(), fmt.Sprintf(changesOf, arguments), nil) }
	since := fmt.Sprintf(`(since: "%s")`, noon().AddDate(-3, 0, 0).Format(time.RFC3339))
	a := ask(since)
	if a.codes() != "[]" || at(a.object(t), "viewer", "changes", "complete") != true {
		t.Fatal(string(a.Raw))
	}
	from, kinds, last := map[string]bool{}, map[string]bool{}, "9999"
	for _, item := range at(a.object(t), "viewer", "changes", "items").([]any) {
		if on := at(item, "on").(string); on > last || on > today.String() {
			t.Errorf("%s comes after %s", on, last)
		} else {
			last = on
		}
		from[fmt.Sprint(at(item, "agency", "code"))], kinds[at(item, "kind").(string)] = true, true
	}
	for _, code := range []string{people.Fjord, people.Tradisjon, people.Lita} {
		if !from[code] {
			t.Errorf("nothing is new at %s", code)
		}
	}
	for _, kind := range []string{"OPENED", "LETTER", "COST", "PAYMENT", "RATE"} {
		if !kinds[kind] {
			t.Errorf("nothing is of the kind %s: %v", kind, kinds)
		}
	}
	for _, u := range a.Extensions.Usage {
		if u.RoundTrips != 1 {
			t.Errorf("%s is asked %d times", u.Agency, u.RoundTrips)
		}
	}
	if a := ask(`(since: "2199-01-01T00:00:00Z")`); a.codes() != "[BAD_USER_INPUT]" {
		t.Errorf("%s", a.Raw)
	}
	p.line(people.Lita, false)
	a = ask(since)
	if a.codes() != "[AGENCY_UNAVAILABLE]" || at(a.object(t), "viewer", "changes", "complete") != false ||
		strings.Contains(string(a.Raw), `"code":"lita"`) || !strings.Contains(string(a.Raw), `"code":"tradisjon"`) {
		t.Errorf("with an agency that is down: %s", a.Raw)
	}
}

// TestChangesSinceLastVisit: without an instant, it is the time of the last visit: a visit ends when
// an hour goes by. What was paid since is told; the looks of others are no visits.
func TestChangesSinceLastVisit(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	since := func() time.Time {
		t.Helper()
		a := p.ask(kari(), fmt.Sprintf(changesOf, ""), nil)
		instant, err := time.Parse(time.RFC3339, at(a.object(t), "viewer", "changes", "since").(string))
		if err != nil {
			t.Fatalf("%v: %s", err, a.Raw)
		}
		return instant
	}
	if got, want := since(), noon().AddDate(0, 0, -30); !got.Equal(want) {
		t.Errorf("who was never here sees what is new since %v, not %v", got, want)
	}
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	for _, visit := range []struct {
		after time.Duration
		as    string
	}{{46 * time.Hour, kari().Reveal()}, {30 * time.Minute, kari().Reveal()}, {44*time.Hour + 30*time.Minute, "attorney"},
		{4*time.Hour + 20*time.Minute, kari().Reveal()}, {30 * time.Minute, kari().Reveal()}} {
		p.pass(visit.after)
		if a := p.askAs(visit.as, "{ viewer { overview { complete } } }", nil); a.codes() != "[]" {
			t.Fatal(string(a.Raw))
		}
	}
	p.live(today + 4)
	want := noon().Add(46*time.Hour + 30*time.Minute)
	end := time.Now().Add(10 * time.Second)
	for ; !since().Truncate(time.Second).Equal(want); time.Sleep(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("the last visit was %v, not %v", since(), want)
		}
	}
}

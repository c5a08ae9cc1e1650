package resolvers_test

import (
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

// TestActsTooOften: sixty corrections at once, each under a key of its own, are five; a key that
// comes again does not count, and neither does somebody else's.
func TestActsTooOften(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.resolver.Engine.Allow = resolvers.AllowActs(p.resolver.Guard, p.resolver.Recorder)
	first := correction(map[string]any{"email": "a@eksempel.no"})
	p.get(kari(), correcting, first)
	var documents [6]strings.Builder
	for i := range 60 {
		fmt.Fprintf(&documents[i%6], ` m%d: correctContactData(input: {idempotencyKey: "00000000-0000-4000-8000-0000000000%02d",
			email: "b%d@eksempel.no"}) { act { status } }`, i, i, i)
	}
	stored := func() int {
		return p.scalar("select count(*) from portal.act where name = 'CORRECT_CONTACT_DATA'")
	}
	var wg sync.WaitGroup
	var answers [len(documents)]answer
	for i := range documents {
		wg.Go(func() { answers[i] = p.ask(kari(), "mutation {"+documents[i].String()+"}", nil) })
	}
	wg.Wait()
	a := answers[0]
	if n := stored(); n != 5 || !strings.Contains(a.Raw, "retryAfterSeconds") {
		t.Fatalf("%d corrections are stored: %.500s", n, a.Raw)
	}
	if a := p.ask(kari(), correcting, first); len(a.Errors) > 0 {
		t.Errorf("the same key: %s", a.Raw)
	}
	if a := p.ask(people.DemoPeople(today)[1].NationalID, correcting, correction(map[string]any{
		"email": "c@eksempel.no"})); len(a.Errors) > 0 {
		t.Errorf("somebody else: %s", a.Raw)
	}
	a = p.askAs(kari().Reveal(), `mutation($input: RequestBreathingSpaceInput!) { requestBreathingSpace(input: $input) {
		userErrors { code } } }`, map[string]any{"input": map[string]any{
		"idempotencyKey": "00000000-0000-4000-8000-000000000100", "until": today.AddDays(20).String()}})
	if strings.Contains(a.Raw, "RATE_LIMITED") {
		t.Errorf("another act: %s", a.Raw)
	}
	before := stored()
	for i := range 100 {
		p.pass(time.Minute)
		p.ask(kari(), correcting, correction(map[string]any{"email": fmt.Sprintf("d%d@eksempel.no", i)}))
	}
	if n := stored() - before; n != 15+1 { // one is forgotten in 72 minutes
		t.Errorf("%d more in 100 minutes, not 16", n)
	}
}

// TestEveryActHasLimits: the schema's every act is counted.
func TestEveryActHasLimits(t *testing.T) {
	t.Parallel()
	for _, a := range resolvers.NewActs(resolvers.ActDeps{}).All() {
		if l := a.HowOften(); l == (throttle.Limits{}) || l.PerMinute > 30 || l.PerDay > 500 {
			t.Errorf("%s may be asked for %+v", a.Name, l)
		}
	}
}

package resolvers_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const handQuery = `query($claim: ClaimState) { staff { queue(first: 100, filter: {claim: $claim}) {
	nodes { id claim { by mine until } } } } }`

// workers are who claims: a name for each, and their own subject at the issuer.
func (p *portal) workers(code string, n int) (names []string) {
	for i := range n {
		p.know(fmt.Sprint("hand", i), func() (caller.Principal, error) {
			return caller.Principal{Kind: caller.Staff, Role: caller.CaseWorker, Agency: code, Issuer: "https://staff.example",
				Subject: fmt.Sprint("hand ", i)}, nil
		})
		names = append(names, fmt.Sprint("hand", i))
	}
	return names
}

// deskAct asks for an act about an item, and returns the code of what is wrong; empty for nothing.
func (p *portal) deskAct(as, mutation, item string, more map[string]any) string {
	input := with(map[string]any{"itemId": item}, "idempotencyKey", uuid.NewString())
	for name, value := range more {
		input[name] = value
	}
	a := p.getAs(as, fmt.Sprintf(`mutation($input: %[2]sInput!) { it: %[1]s(input: $input) {
		act { status } userErrors { code field message(language: NN) } } }`, mutation, initial(mutation)),
		map[string]any{"input": input})
	wrong := at(a, "it", "userErrors").([]any)
	if len(wrong) == 0 {
		return ""
	}
	if at(wrong, 0, "message") == "" ||
		at(wrong, 0, "code") == "CLAIMED_BY_OTHER" && at(wrong, 0, "field", 1) != "itemId" {
		p.t.Errorf("%s is told %v", as, wrong)
	}
	return fmt.Sprint(at(wrong, 0, "code"))
}

func initial(name string) string { return string(name[0]-'a'+'A') + name[1:] }

// held returns who has an item in hand, as somebody reads it, who finds it under the right filters alone.
func (p *portal) held(as, item string) (claim any) {
	p.t.Helper()
	found := map[string]bool{}
	for _, state := range []string{"", "CLAIMED", "UNCLAIMED", "MINE"} {
		var asked any
		if state != "" {
			asked = state
		}
		for _, node := range at(p.getAs(as, handQuery, map[string]any{"claim": asked}), "staff", "queue", "nodes").([]any) {
			if at(node, "id") == item {
				found[state], claim = true, at(node, "claim")
			}
		}
	}
	want := map[string]bool{"": true, "UNCLAIMED": true}
	if claim != nil {
		want = map[string]bool{"": true, "CLAIMED": true}
		if at(claim, "mine") == true {
			want["MINE"] = true
		}
	}
	if diff := cmp.Diff(want, found); diff != "" && len(found) > 0 {
		p.t.Errorf("what is held by %v is found under (-want +got)\n%s", claim, diff)
	}
	return claim
}

// TestClaim: what a case worker has in hand is theirs to decide for half an hour.
func TestClaim(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	_, asked := p.suiting(p.resolver.Acts.DecideDeferral.Declared())
	in := asked.Good.(deferral.DecideInput)
	code, item := in.ItemID.Agency, p.resolver.IDs.Seal(in.ItemID)
	p.workers(code, 2)
	p.know("supervisor", staff(caller.Supervisor, code))
	elsewhere := map[bool]string{true: people.Fjord, false: people.Lita}[code == people.Lita]
	p.know("stranger", staff(caller.CaseWorker, elsewhere))
	refusal := map[string]any{"decision": "REFUSE", "text": "To ganger er nok."}
	for _, step := range []struct {
		reason, as, does, told string
		after                  time.Duration
		holder                 string // who has it in hand then
	}{
		{"it is nobody's", "hand0", "claimItem", "", 0, "hand0"},
		{"it is somebody's", "hand1", "claimItem", "CLAIMED_BY_OTHER", 0, "hand0"},
		{"it waits elsewhere", "stranger", "claimItem", "NOT_FOUND", 0, "hand0"},
		{"it is kept longer", "hand0", "claimItem", "", 20 * time.Minute, "hand0"},
		{"it is held since then", "hand1", "claimItem", "CLAIMED_BY_OTHER", 29 * time.Minute, "hand0"},
		{"it is not theirs to let go of", "hand1", "releaseItem", "CLAIMED_BY_OTHER", 0, "hand0"},
		{"it is not theirs to decide", "hand1", "decideDeferral", "CLAIMED_BY_OTHER", 0, "hand0"},
		{"who leads takes it away first", "supervisor", "decideDeferral", "CLAIMED_BY_OTHER", 0, "hand0"},
		{"who leads takes it away", "supervisor", "releaseItem", "", 0, ""},
		{"what is free is let go of", "hand1", "releaseItem", "", 0, ""},
		{"it is free", "hand1", "claimItem", "", 0, "hand1"},
		{"it lapses to the minute", "hand0", "claimItem", "", 30 * time.Minute, "hand0"},
		{"it was theirs once", "hand1", "releaseItem", "CLAIMED_BY_OTHER", 0, "hand0"},
		{"it is theirs to let go of", "hand0", "releaseItem", "", 0, ""},
		{"it is free once more", "hand1", "claimItem", "", 0, "hand1"},
		{"who has it decides", "hand1", "decideDeferral", "", 0, ""},
		{"it does not wait", "hand0", "claimItem", "ALREADY_DECIDED", 0, ""},
	} {
		p.pass(step.after)
		more := map[string]any{}
		if step.does == "decideDeferral" {
			more = refusal
		}
		if told := p.deskAct(step.as, step.does, item, more); told != step.told {
			t.Fatalf("%s: %s is told %q by %s, want %q", step.reason, step.as, told, step.does, step.told)
		}
		for _, as := range []string{"hand0", "hand1", "supervisor"} {
			claim := p.held(as, item)
			if (claim != nil) != (step.holder != "") || claim != nil && (at(claim, "mine") == true) != (as == step.holder) {
				t.Errorf("%s: %s sees %v", step.reason, as, claim)
			}
		}
	}
	if left := p.scalar("select count(*) from portal.claim"); left != 0 {
		t.Errorf("what is decided is held: %d", left)
	}
	p.claimedAtOnce()
}

// claimedAtOnce: of eight who claim at once, one does; and keeps it when the agency refuses what they decide.
func (p *portal) claimedAtOnce() {
	p.t.Helper()
	_, asked := p.suiting(p.resolver.Acts.DecideObjection.Declared())
	key := asked.Good.(objection.DecideInput).ItemID
	item, names := p.resolver.IDs.Seal(key), p.workers(key.Agency, 8)
	var all sync.WaitGroup
	told := make([]string, len(names))
	for i, name := range names {
		all.Go(func() { told[i] = p.deskAct(name, "claimItem", item, nil) })
	}
	all.Wait()
	count, holder := map[string]int{}, ""
	for i, code := range told {
		if count[code]++; code == "" {
			holder = names[i]
		}
	}
	if diff := cmp.Diff(map[string]int{"": 1, "CLAIMED_BY_OTHER": 7}, count); diff != "" {
		p.t.Fatalf("at once (-want +got)\n%s", diff)
	}
	claim := p.held(holder, item)
	until, err := time.Parse(time.RFC3339, fmt.Sprint(at(claim, "until")))
	if err != nil || !until.Equal(p.now().Add(30*time.Minute)) || at(claim, "mine") != true {
		p.t.Errorf("%s has %v, %v", holder, claim, err)
	}
	partly := map[string]any{"decision": "PARTLY_UPHELD", "reduction": "9 999 999", "text": "Frakten er trukket fra."}
	if code := p.deskAct(holder, "decideObjection", item, partly); code != "TOO_MUCH" || p.held(holder, item) == nil {
		p.t.Errorf("a decision that is refused is told %q, and the claim is %v", code, p.held(holder, item))
	}
	partly["reduction"] = "1"
	if code := p.deskAct(holder, "decideObjection", item, partly); code != "" || p.held(holder, item) != nil {
		p.t.Errorf("a decision is told %q, and the claim is %v", code, p.held(holder, item))
	}
}

package resolvers_test

import (
	"testing"
	"time"

	"github.com/google/uuid"
)

const deferralMutation = `mutation($input: RequestDeferralInput!) { requestDeferral(input: $input) {
	act { id name status cases { id } agencies { agency { code } status reason } }
	viewer { overview { openCaseCount } }
	cases { id deferrals { status until } }
	userErrors { code field message } } }`

// TestPayload: one answer refreshes a page. It has the act, the case anew and the person, and a
// repeated act answers the same.
func TestPayload(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	caseID, until := "", time.Now().AddDate(0, 0, 5).Format(time.DateOnly) // the agencies have their own clocks
	for _, c := range at(p.get(kari(), `{ viewer { cases { nodes { id availableActs { name allowed until } } } } }`, nil),
		"viewer", "cases", "nodes").([]any) {
		for _, a := range at(c, "availableActs").([]any) {
			if at(a, "name") == "REQUEST_DEFERRAL" && at(a, "allowed") == true {
				caseID = at(c, "id").(string)
			}
		}
	}
	if caseID == "" {
		t.Fatal("she can put off nothing")
	}
	input := map[string]any{"idempotencyKey": uuid.NewString(), "caseId": caseID, "until": until}
	var first string
	for range 2 {
		a := p.ask(kari(), deferralMutation, map[string]any{"input": input})
		done := at(a.object(t), "requestDeferral")
		if len(a.Errors) > 0 || at(done, "act", "status") != "DONE" || at(done, "cases", 0, "id") != caseID ||
			at(done, "act", "cases", 0, "id") != caseID || at(done, "viewer", "overview", "openCaseCount") == nil {
			t.Fatalf("%s", a.Raw)
		}
		if at(done, "cases", 0, "deferrals", 0, "status") != "GRANTED" ||
			at(done, "cases", 0, "deferrals", 0, "until") != until {
			t.Errorf("the case is not read anew: %s", a.Raw)
		}
		if id := at(done, "act", "id").(string); first != "" && id != first {
			t.Errorf("repeated, it is another act: %s", a.Raw)
		} else {
			first = id
		}
	}
	// The same key with another input does nothing, and says so in the caller's language.
	input["reason"] = "I forgot"
	a := p.ask(kari(), deferralMutation, map[string]any{"input": input})
	done := at(a.object(t), "requestDeferral")
	if at(done, "act") != nil || at(done, "cases") != nil || at(done, "userErrors", 0, "code") != "KEY_REUSED" ||
		at(done, "userErrors", 0, "message") == "" {
		t.Errorf("%s", a.Raw)
	}
}

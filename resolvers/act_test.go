package resolvers_test

import (
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
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

// TestPayloadAsksItsAgencyAlone: after an act in one case, the case anew is no reason to wait for
// other agencies; what is selected of the person is.
func TestPayloadAsksItsAgencyAlone(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	fjord := naming("$fjord", p.agencyIDs())
	object := func(selected string) (a answer, lita bool) {
		a = p.ask(s.id, `mutation($input: SubmitObjectionInput!) { submitObjection(input: $input) {
			act { id } userErrors { code } `+selected+` } }`, map[string]any{"input": map[string]any{
			"idempotencyKey": "4c1c7f9e-7d0c-4f7e-9b1f-1d2a6c0f9a11", "caseId": s.caseID, "reasons": []any{"OTHER"},
			"statement": "I have never bought this."}})
		if len(a.Errors) > 0 || at(a.object(t), "submitObjection", "act", "id") == nil {
			t.Errorf("with %s: %s", selected, a.Raw)
		}
		return a, slices.ContainsFunc(a.Extensions.Usage, func(u agency.Usage) bool { return u.Agency == people.Lita })
	}
	if a, asked := object(`viewer { overview { total { amount } } }`); !asked {
		t.Errorf("the person is known to all: %s", a.Raw)
	}
	p.stuck(people.Lita)
	for name, tc := range map[string]struct{ reason, selected string }{
		"case":         {"its agency has it", `cases { id balance { total { amount } } holds { kind } }`},
		"act":          {"and its facts", `act { cases { id } agencies { agency { phone } } }`},
		"one agency":   {"the person there", `viewer { cases(filter: {agencies: ` + fjord + `}) { totalCount } }`},
		"nothing read": {"nobody is asked", `act { status } viewer { name }`},
	} {
		if a, asked := object(tc.selected); asked {
			t.Errorf("%s: %s: lita is asked: %s", name, tc.reason, a.Raw)
		}
	}
}

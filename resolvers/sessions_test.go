package resolvers_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const sessionFields = `{ id kind startedAt lastUsedAt expiresAt current }`

// TestSessions: the debtor ends the session of whoever reads her letters, and it is on record.
func TestSessions(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	p.logIn("thief", s.code, s.caseNumber, people.Password)
	p.pass(5 * time.Minute)
	p.logIn("mailbox", s.code, s.caseNumber, people.Password)
	all := at(p.get(s.id, `{ viewer { sessions `+sessionFields+` } }`, nil), "viewer", "sessions").([]any)
	if len(all) != 2 || at(all[1], "startedAt") != "2026-03-02T12:00:00Z" || at(all[1], "kind") != "CASE_LOGIN" ||
		at(all[1], "current") != false || at(all[1], "expiresAt") != "2026-03-02T12:30:00Z" {
		t.Fatalf("%v", all)
	}
	own := at(p.getAs("thief", `{ viewer { sessions `+sessionFields+` } }`, nil), "viewer", "sessions").([]any)
	if len(own) != 1 || at(own[0], "current") != true || at(own[0], "id") != at(all[1], "id") {
		t.Errorf("a letter sees %v", own)
	}
	const end = `mutation($id: ID!) { endSession(input: {id: $id}) { sessions { current } userErrors { code field message } } }`
	if a := p.askAs("thief", end, map[string]any{"id": at(all[0], "id")}); a.userError(t, "endSession") != "NOT_FOUND" {
		t.Errorf("a letter ends another: %s", a.Raw)
	}
	for name, id := range map[string]any{"a case": s.caseID, "ended": at(all[1], "id")} {
		if name == "ended" {
			if a := p.ask(s.id, end, map[string]any{"id": id}); a.userError(t, "endSession") != "" ||
				len(at(a.object(t), "endSession", "sessions").([]any)) != 1 {
				t.Errorf("%s", a.Raw)
			}
		}
		if a := p.ask(s.id, end, map[string]any{"id": id}); a.userError(t, "endSession") != "NOT_FOUND" {
			t.Errorf("%s: %s", name, a.Raw)
		}
	}
	if a := p.askAs("thief", `{ viewer { name } }`, nil); a.Status != http.StatusUnauthorized {
		t.Errorf("the thief goes on: %s", a.Raw)
	}
	const endAll = `mutation { endAllSessions(input: {}) { endedCount sessions { id } } }`
	if a := p.ask(people.DemoPeople(today)[1].NationalID, endAll, nil); at(a.object(t), "endAllSessions",
		"endedCount") != 0.0 {
		t.Errorf("somebody else: %s", a.Raw)
	}
	if a := p.ask(s.id, endAll, nil); at(a.object(t), "endAllSessions", "endedCount") != 1.0 {
		t.Errorf("%s", a.Raw)
	}
	if a := p.askAs("mailbox", `{ viewer { name } }`, nil); a.Status != http.StatusUnauthorized {
		t.Errorf("after all were ended: %s", a.Raw)
	}
	var got []string
	for _, e := range p.seen(s)[:4] {
		got = append(got, fmt.Sprint(at(e, "action"), " ", at(e, "kind"), " ", at(e, "outcome")))
	}
	want := "[endAllSessions PERSON OK endSession PERSON FAILED endSession PERSON OK endSession PERSON FAILED]"
	other := "[endAllSessions PERSON OK endSession PERSON FAILED endSession PERSON FAILED endSession PERSON OK]"
	if fmt.Sprint(got) != want && fmt.Sprint(got) != other { // the order of the map
		t.Errorf("on record: %v", got)
	}
}

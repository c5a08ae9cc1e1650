package resolvers_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const lookUp = `query($by: StaffLookupBy!, $reason: String!) { staff { person(input: {by: $by, reason: $reason}) { nationalId debtors { id name } cases { totalCount } } } }`

// byNumber and byPerson are variables of lookUp.
func byNumber(caseNumber, reason string) map[string]any {
	return map[string]any{"by": map[string]any{"caseNumber": caseNumber}, "reason": reason}
}

func byPerson(id any, reason string) map[string]any {
	return map[string]any{"by": map[string]any{"nationalId": id}, "reason": reason}
}

const why = "a call from the debtor about case 7"

// TestStaffLookUp: the same person, by number and by case, with what a debtor's own
// fragments show at the agency, and nothing of the others.
func TestStaffLookUp(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, s.code))
	const fragments = ` fragment C on CaseConnection { totalCount nodes { id caseNumber agency { name orgNumber } balance { total { amount } lines { text } } letters { nodes { id } } agreement { cases { id } } timeline { text } } }
		fragment D on Debtor { id name email phone }`
	agencies := at(p.get(s.id, `{ agencies { id code } }`, nil), "agencies").([]any)
	var own any
	for _, a := range agencies {
		if at(a, "code") == s.code {
			own = at(a, "id")
		}
	}
	want := at(p.get(s.id,
		`query($own: ID!) { viewer { overview { agencies { agency { code } openCaseCount total { amount } } } debtors { ...D agency { code } } cases(first: 100, filter: {agencies: [$own]}) { ...C } } }`+fragments,
		map[string]any{"own": own}), "viewer")
	for by, who := range map[string]string{"number": `caseNumber: "` + s.caseNumber + `"`, "person": `nationalId: "` +
		s.id.Reveal() + `"`} {
		query := `{ staff { role agency { code } person(input: {by: {` + who + `}, reason: "` + why + `"}) {
			overview { complete agencies { agency { code } openCaseCount total { amount } } } debtors { ...D agency { code } } cases(first: 100) { ...C } } } }` + fragments
		p.getAs("worker", query, nil)
		p.looked()
		a := p.askAs("worker", query, nil)
		if len(a.Errors) > 0 {
			t.Fatalf("by %s: %+v", by, a.Errors)
		}
		staff := at(a.object(t), "staff")
		if at(staff, "role") != "CASE_WORKER" || at(staff, "agency", "code") != s.code {
			t.Errorf("by %s: as %v at %v", by, at(staff, "role"), at(staff, "agency"))
		}
		person := at(staff, "person")
		if diff := cmp.Diff(at(want, "cases"), at(person, "cases")); diff != "" {
			t.Errorf("by %s: cases (-debtor +staff):\n%s", by, diff)
		}
		if diff := cmp.Diff([]any{at(want, "debtors", 0)}, at(person, "debtors")); diff != "" {
			t.Errorf("by %s: debtors (-debtor +staff):\n%s", by, diff)
		}
		if diff := cmp.Diff([]any{at(want, "overview", "agencies", 0)}, at(person, "overview", "agencies")); diff != "" {
			t.Errorf("by %s: overview (-debtor +staff):\n%s", by, diff)
		}
		trips := map[string]int64{"number": 2, "person": 1}[by]
		if u := a.Extensions.Usage; len(u) != 1 || u[0].Agency != s.code || u[0].RoundTrips != trips {
			t.Errorf("by %s: it costs %+v", by, u)
		}
		looks := p.looked()
		actor := p.secret.StaffReference("https://staff.example", "CASE_WORKER at "+s.code)
		if len(looks) != 1 || looks[0].What != "staff.person" || !p.about(looks[0], s.id) ||
			fmt.Sprint(looks[0].Agencies) != "["+s.code+"]" ||
			looks[0].Reason != why || looks[0].Outcome != "OK" || !bytes.Equal(looks[0].Actor, actor) {
			t.Errorf("by %s: %d looks are recorded", by, len(looks))
		}
	}
}

// TestStaffFindNobody: who is not there, and who is another agency's, answer alike.
func TestStaffFindNobody(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("worker", staff(caller.CaseWorker, people.Lita))
	unknown, ok := norway.CheckNationalID("018199999")
	if !ok {
		t.Fatal("no such number")
	}
	elsewhere := people.DemoPeople(today)[1] // known at Fjord alone
	var want answer
	for name, variables := range map[string]map[string]any{
		"no such case":            {"by": map[string]any{"caseNumber": "nothing"}},
		"another agency's case":   {"by": map[string]any{"caseNumber": s.caseNumber}},
		"nobody":                  {"by": map[string]any{"nationalId": unknown.Reveal()}},
		"another agency's debtor": {"by": map[string]any{"nationalId": elsewhere.NationalID.Reveal()}},
	} {
		p.looked()
		variables["reason"] = why
		a := p.askAs("worker", lookUp, variables)
		if a.codes() != "[NOT_FOUND]" || string(a.Data) != `{"staff":{"person":null}}` {
			t.Errorf("%s: %s", name, a.Raw)
		}
		a.Raw, a.Extensions.Usage = "", nil
		if want.Status == 0 {
			want = a
		}
		if diff := cmp.Diff(want, a); diff != "" {
			t.Errorf("%s answers otherwise:\n%s", name, diff)
		}
		if looks := p.looked(); len(looks) != 1 || looks[0].Subject != nil || looks[0].Reason != why {
			t.Errorf("%s: %d looks are recorded", name, len(looks))
		}
	}
}

func TestStaffInput(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.know("auditor", staff(caller.Auditor, people.Fjord))
	id := kari().Reveal()
	cases := map[string]struct {
		reason    string
		variables map[string]any
		field     string
	}{
		"neither": {"whom?", map[string]any{"by": map[string]any{}, "reason": why}, "by"},
		"both": {"which of them?", map[string]any{
			"by": map[string]any{"caseNumber": "100002", "nationalId": id}, "reason": why}, "by"},
		"empty number": {"no case has it", byNumber(" ", why), "input.by.caseNumber"},
		"lines in it":  {"nor this", byNumber("100\n002", why), "input.by.caseNumber"},
		"long number":  {"nor this", byNumber(strings.Repeat("1", 65), why), "input.by.caseNumber"},
		"nine letters": {"no reason at all", byPerson(id, "curiosity"), "input.reason"},
		"only space":   {"nor is this", byPerson(id, strings.Repeat(" ", 30)), "input.reason"},
		"a long story": {"over 500 characters", byPerson(id, strings.Repeat("å", 501)),
			"input.reason"},
		"two lines": {"it goes into a list", byPerson(id, why+"\nand more"), "input.reason"},
		"a number in it": {"the debtor reads it, and others", byNumber("100002", why+" of "+id),
			"input.reason"},
		"mistyped":       {"check digits", byPerson("12867521029", why), "input.by.nationalId"},
		"half a number":  {"eleven digits", byPerson("128675", why), "input.by.nationalId"},
		"a mere integer": {"a number is a text", byPerson(12867521028, why), "input.by.nationalId"},
	}
	for name, tc := range cases {
		a := p.askAs("worker", lookUp, tc.variables)
		if a.codes() != "[BAD_USER_INPUT]" || a.Errors[0].Extensions.Field != tc.field {
			t.Errorf("%s (%s): %s", name, tc.reason, a.Raw)
		}
		given, _ := tc.variables["by"].(map[string]any)
		if number := fmt.Sprint(given["nationalId"]); given["nationalId"] != nil && strings.Contains(a.Raw, number) {
			t.Errorf("%s: the answer repeats the number: %s", name, a.Raw)
		}
	}
	if looks := p.looked(); len(looks) > 0 {
		t.Errorf("nothing was looked at, and %d looks are recorded", len(looks))
	}
	for length, ok := range map[int]bool{9: false, 10: true, 500: true, 501: false} {
		a := p.askAs("worker", lookUp, byPerson(id, string([]rune("hun ringer" + strings.Repeat("å", 500))[:length])))
		if (len(a.Errors) == 0) != ok {
			t.Errorf("a reason of %d characters: %s", length, a.Raw)
		}
	}
}

// TestReveal: the number is hidden until somebody says why it is needed.
func TestReveal(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.know("worker", staff(caller.Supervisor, people.Fjord))
	id := kari().Reveal()
	ask := func(arguments string) (answer, any) {
		p.looked()
		a := p.askAs("worker", `query($id: NationalId!) { staff { person(input: {by: {nationalId: $id}, reason: "`+why+
			`"}) { nationalId`+arguments+` } } }`, map[string]any{"id": id})
		return a, at(a.object(t), "staff", "person", "nationalId")
	}
	for arguments, hidden := range map[string]string{
		``:                        id[:6] + "*****",
		`(reveal: false)`:         id[:6] + "*****",
		`(reveal: null)`:          id[:6] + "*****",
		`(reason: "` + why + `")`: id[:6] + "*****",
	} {
		if a, shown := ask(arguments); shown != hidden || strings.Contains(a.Raw, id) || len(p.looked()) != 1 {
			t.Errorf("%s: %s", arguments, a.Raw)
		}
	}
	for arguments, code := range map[string]string{
		`(reveal: true)`:                  "[BAD_USER_INPUT]",
		`(reveal: true, reason: "short")`: "[BAD_USER_INPUT]",
	} {
		if a, _ := ask(arguments); a.codes() != code || strings.Contains(a.Raw, id) {
			t.Errorf("%s: %s", arguments, a.Raw)
		}
	}
	p.execute(`alter table portal.access_log add constraint unshown check (what[1] <> 'staff.person.nationalId')`)
	if a, _ := ask(`(reveal: true, reason: "` + why + `")`); a.codes() != "[ACCESS_NOT_RECORDED]" ||
		strings.Contains(a.Raw, id) || len(p.looked()) != 1 {
		t.Errorf("what is not recorded is shown: %s", a.Raw)
	}
	p.execute(`alter table portal.access_log drop constraint unshown`)
	a, shown := ask(`(reveal: true, reason: " to write to the bailiff ")`)
	if looks := p.looked(); shown != id || len(looks) != 2 || looks[1].What != "staff.person.nationalId" ||
		!p.about(looks[1], kari()) || looks[1].Reason != "to write to the bailiff" {
		t.Errorf("with a reason: %s", a.Raw)
	}
}

func TestUnrecordedLookShowsNothing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.execute(`revoke insert on portal.access_log from oversikt_portal`)
	a := p.askAs("worker", lookUp, byPerson(kari().Reveal(), why))
	if a.Status != 200 || a.codes() != "[ACCESS_NOT_RECORDED]" || string(a.Data) != `{"staff":{"person":null}}` ||
		strings.Contains(a.Raw, "permission") {
		t.Errorf("got %s", a.Raw)
	}
}

func TestStaffWhileTheAgencyIsDown(t *testing.T) {
	t.Parallel()
	p := serve(t, nil)
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	for _, variables := range []map[string]any{byPerson(kari().Reveal(), why), byNumber("100002", why)} {
		a := p.askAs("worker", lookUp, variables)
		if a.codes() != "[AGENCY_UNAVAILABLE]" || string(a.Data) != `{"staff":{"person":null}}` ||
			fmt.Sprint(a.Errors[0].Path) != "[staff person]" {
			t.Errorf("got %s", a.Raw)
		}
	}
	a := p.askAs("worker", `{ staff { role own: agency { code orgNumber } } }`, nil)
	if a.codes() != "[AGENCY_UNAVAILABLE]" ||
		string(a.Data) != `{"staff":{"role":"CASE_WORKER","own":{"code":"fjord","orgNumber":null}}}` ||
		fmt.Sprint(a.Errors[0].Path) != "[staff own orgNumber]" {
		t.Errorf("got %s", a.Raw)
	}
	looks := p.looked()
	if len(looks) != 2 || !p.about(looks[0], kari()) || looks[1].Subject != nil || looks[0].Outcome != "FAILED" ||
		looks[1].Outcome != "FAILED" || looks[0].Reason != why {
		t.Errorf("%d looks that failed are recorded, not both", len(looks))
	}
}

// TestStaffFindADebtorWithoutNumber: whom the agency knows by no national identity number is found by
// a case, which is then all that is shown, at each layout of a core.
func TestStaffFindADebtorWithoutNumber(t *testing.T) {
	t.Parallel()
	for code := range forgetNumber {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			a := newAlone(t, code)
			a.p.know("worker", staff(caller.CaseWorker, code))
			a.p.know("elsewhere", staff(caller.CaseWorker, people.Lita))
			const query = `query($number: String!, $reason: String!) { staff { person(input: {by: {caseNumber: $number}, reason: $reason}) {
				nationalId debtors { id } overview { openCaseCount } powersOfAttorney { id } paymentSolutions(input: {}) { owed { amount } }
				cases(first: 100) { nodes { id caseNumber } } } } }`
			variables := map[string]any{"number": a.number, "reason": why}
			got := at(a.p.getAs("worker", query, variables), "staff", "person")
			nodes := at(got, "cases", "nodes").([]any)
			if at(got, "nationalId") != nil || len(nodes) != 1 || at(nodes[0], "id") != a.id || at(got, "debtors", 0) == nil ||
				at(got, "overview", "openCaseCount") != 1.0 || len(at(got, "powersOfAttorney").([]any)) > 0 {
				t.Errorf("found %v", got)
			}
			looks := a.p.looked()
			if len(looks) != 1 || !bytes.Equal(looks[0].Subject, a.p.secret.CaseReference(code, a.key)) ||
				looks[0].Reason != why || looks[0].Outcome != "OK" {
				t.Errorf("%d looks are recorded: %+v", len(looks), looks)
			}
			const node = `query($id: ID!) { node(id: $id) { id } }`
			if at(a.p.getAs("worker", node, map[string]any{"id": a.id}), "node", "id") != a.id || len(a.p.looked()) != 1 {
				t.Error("the case is not found by its id afterwards, or not recorded")
			}
			for name, ask := range map[string]answer{
				"another case": a.p.askAs("worker", node, map[string]any{"id": a.otherID}),
				"elsewhere":    a.p.askAs("elsewhere", query, variables),
				"their node":   a.p.askAs("elsewhere", node, map[string]any{"id": a.id}),
			} {
				if ask.codes() != "[NOT_FOUND]" {
					t.Errorf("%s: %s", name, ask.Raw)
				}
			}
		})
	}
}

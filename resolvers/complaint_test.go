package resolvers_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/act/complaint"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

const myComplaints = `{ viewer { cases(first: 100) { nodes { caseNumber
	complaints { status categories statement answerBy overdue answeredOn reply
		next { name address phone website decides deadline source text(language: EN) } }
	timeline { kind on complaint { status } text(language: NN) }
	availableActs { name allowed reason(language: NN) } } } } }`

const answering = `mutation($input: AnswerComplaintInput!) { answerComplaint(input: $input) {
	act { status } cases { complaints { status reply } } userErrors { code field message(language: NB) } } }`

// TestComplaint: at each core a complaint waits with its clock, is answered once, and the debtor is told
// where to take it next.
func TestComplaint(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	seen := map[string]bool{}
	for i := 0; len(seen) < 3 && i < 12; i++ {
		who, asked := p.suiting(p.resolver.Acts.AnswerComplaint.Declared())
		in := asked.Good.(complaint.AnswerInput)
		if !seen[in.ItemID.Agency] {
			seen[in.ItemID.Agency] = true
			p.answers(who, in)
		}
	}
	if len(seen) != 3 {
		t.Errorf("the agencies are %v", seen)
	}
}

// answers has a case worker answer a person's complaint.
func (p *portal) answers(who norway.NationalID, in complaint.AnswerInput) {
	p.t.Helper()
	t, code, item := p.t, in.ItemID.Agency, p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, code))
	now := norway.DateOf(time.Now())
	node := p.waits("worker", "COMPLAINT", item)
	want := map[string]any{"overdue": false, "statement": "they rang my employer", "categories": []any{"PRESSURE", "SECRECY"}}
	if diff := cmp.Diff(want, at(node, "subject")); diff != "" || at(node, "answerBy") != now.AddDays(7).String() {
		t.Errorf("to be answered by %v (-want +got)\n%s", at(node, "answerBy"), diff)
	}
	number := at(node, "case", "caseNumber")
	mine := at(p.casesBy(who, myComplaints, number), "complaints", 0)
	if at(mine, "status") != "RECEIVED" || at(mine, "next") != nil || at(mine, "answerBy") != at(node, "answerBy") ||
		p.why(who, number, "SUBMIT_COMPLAINT") == "" {
		t.Errorf("the person has %v", mine)
	}
	done := p.settles(answering, "answerComplaint", item, map[string]any{"outcome": "REJECTED", "text": "Vi er uenige."})
	if at(done, "cases", 0, "complaints", 0, "status") != "REJECTED" {
		t.Errorf("the answer is %v", done)
	}
	c := p.casesBy(who, myComplaints, number)
	mine = at(c, "complaints", 0)
	if at(mine, "status") != "REJECTED" || at(mine, "reply") != "Vi er uenige." ||
		at(mine, "answeredOn") != now.String() ||
		at(mine, "next", "website") == nil || at(mine, "next", "source") == "" || at(mine, "next", "text") == "" {
		t.Errorf("the person has %v", mine)
	}
	kinds := map[any]int{}
	for _, e := range at(c, "timeline").([]any) {
		if at(e, "complaint") != nil {
			kinds[at(e, "kind")]++
		}
	}
	if kinds["COMPLAINT"] == 0 || kinds["COMPLAINT_ANSWERED"] == 0 || p.why(who, number, "SUBMIT_COMPLAINT") != "" {
		t.Errorf("the timeline has %v, and another complaint is refused: %q", kinds, p.why(who, number, "SUBMIT_COMPLAINT"))
	}
	if p.waits("worker", "COMPLAINT", item) != nil {
		t.Error("what is answered waits")
	}
}

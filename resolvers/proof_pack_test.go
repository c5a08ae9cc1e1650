package resolvers_test

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/act/complaint"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const packed = `{ viewer { cases(first: 100) { nodes { id caseNumber
	timeline { on kind source amount { amount } text(language: NN) }
	letters(first: 100) { nodes { sentOn kind title channel dueOn amount { amount } } }
	objections { status reasons statement submittedAt decidedOn withdrawnOn reply creditorStandpoint }
	deferrals { status until reason requestedAt decidedOn reply }
	complaints { status categories statement submittedAt answerBy answeredOn reply }
	receipts { kind paidOn amount { amount } statement status submittedAt decidedOn reply }
	invoiceCopies { status requestedAt decidedOn reply } } } %s } }`

const looked = `accessLog(first: 100) { nodes { at kind staffAgency own reason action outcome caseIds } }`

// TestProofPack: every list of a pack is the one that the schema shows, as data and on paper, and a link of it
// works as others do.
func TestProofPack(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	who, asked := p.suiting(p.resolver.Acts.AnswerComplaint.Declared())
	item := asked.Good.(complaint.AnswerInput).ItemID
	as := who.Reveal()
	p.know("worker", staff(caller.CaseWorker, item.Agency))
	number := at(p.waits("worker", "COMPLAINT", p.resolver.IDs.Seal(item)), "case", "caseNumber")
	links := p.casesBy(who, `{ viewer { cases(first: 100) { nodes { id caseNumber proofPack {
		pdf(language: NN) { link } json(language: NN) { link } } } } } }`, number)
	id := at(links, "id")
	p.getAs(as, fmt.Sprintf(`{ node(id: %q) { ... on Case { phase } } }`, id), nil)
	var shown map[string]any
	for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
		shown = p.shown(as, number, id)
		if len(shown["accesses"].([]any)) > 1 || time.Now().After(end) {
			break
		}
	}
	made, err := p.fetch(as, at(links, "proofPack", "json", "link").(string))
	if err != nil || made.Name != "proof-pack.json" || made.MediaType != "application/json" {
		t.Fatalf("%s, %v", made.Name, err)
	}
	var pack map[string]any
	if err := json.Unmarshal(made.Content, &pack); err != nil {
		t.Fatal(err)
	}
	for list, want := range shown {
		if diff := cmp.Diff(want, pack[list]); diff != "" {
			t.Errorf("%s (-shown +packed)\n%s", list, diff)
		}
		may := []string{"objections", "deferrals", "receipts", "invoiceCopies"} // be empty
		if len(want.([]any)) == 0 && !slices.Contains(may, list) {
			t.Errorf("nothing of %s is tried", list)
		}
	}
	made, err = p.fetch(as, at(links, "proofPack", "pdf", "link").(string))
	if err != nil || made.Name != "proof-pack.pdf" {
		t.Fatalf("%s, %v", made.Name, err)
	}
	paper := words(t, made.Content)
	for list, key := range map[string]string{"timeline": "text", "letters": "title", "complaints": "statement"} {
		for _, x := range shown[list].([]any) {
			if said := strings.NewReplacer(" ", "", "\u00a0", "").Replace(at(x, key).(string)); !strings.Contains(paper, said) {
				t.Errorf("%q of %s is not on paper", said, list)
			}
		}
	}
	if !strings.Contains(paper, "Kvensomharsettpåsaka") || !strings.Contains(paper, "proofPackData") {
		t.Errorf("who has looked is not on paper: %s", paper)
	}
	key := caller.CaseKey{Agency: item.Agency, ID: caseKey(t, p, item.Agency, number.(string))}
	p.know("letter", func() (caller.Principal, error) {
		return caller.Principal{Kind: caller.LetterCase, Case: key, ExpiresAt: p.now().Add(time.Hour)}, nil
	})
	p.letterPack(id, at(links, "proofPack", "json", "link").(string))
}

// TestPapersOfJointPlan: what was paid in another case of a plan counts on paper as it does in the schema.
func TestPapersOfJointPlan(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	who := kari()
	p.change(people.Fjord, `with two as (
			select c.case_id, c.debtor_id, row_number() over (order by c.case_id) as n
			from core.case c join core.debtor d using (debtor_id)
			where d.national_id = $2::text and c.status = 'OPEN'
			  and not exists (select from core.agreement_case x where x.case_id = c.case_id)
			  and not exists (select from core.objection o where o.case_id = c.case_id)
			order by c.case_id limit 2),
		a as (insert into core.agreement (debtor_id, status, started_on)
			select min(debtor_id), 'ACTIVE', $1::text::date - 10 from two having count(*) = 2 returning agreement_id),
		x as (insert into core.agreement_case select a.agreement_id, two.case_id from a, two),
		i as (insert into core.instalment select a.agreement_id, n, $1::text::date + 30 * n, 10000 from a, generate_series(1, 3) n)
		insert into core.payment (case_id, amount_ore, received_on, channel)
		select case_id, 12345, $1::text::date - 3, 'BANK' from two where n = 2`, today.String(), who.Reveal())
	told := 0
	for _, c := range at(p.get(who, `{ viewer { cases(first: 100) { nodes { id caseNumber agreement { cases { id } }
		proofPack { json(language: NN) { link } } } } } }`, nil), "viewer", "cases", "nodes").([]any) {
		if a, ok := at(c, "agreement").(map[string]any); !ok || len(a["cases"].([]any)) != 2 {
			continue
		}
		made, err := p.fetch(who.Reveal(), at(c, "proofPack", "json", "link").(string))
		if err != nil {
			t.Fatal(err)
		}
		var pack map[string]any
		if err := json.Unmarshal(made.Content, &pack); err != nil {
			t.Fatal(err)
		}
		want := p.shown(who.Reveal(), at(c, "caseNumber"), at(c, "id"))["timeline"]
		if diff := cmp.Diff(want, pack["timeline"]); diff != "" {
			t.Errorf("the timeline (-shown +packed)\n%s", diff)
		}
		if strings.Contains(fmt.Sprint(want), "76,55") { // 123.45 less the first instalment: so much is paid of the second
			told++
		}
	}
	if told < 2 {
		t.Errorf("%d cases tell what is left of the second instalment", told)
	}
}

// shown is what the schema shows of what is packed.
func (p *portal) shown(as string, number, id any) map[string]any {
	p.t.Helper()
	viewer := at(p.getAs(as, fmt.Sprintf(packed, looked), nil), "viewer")
	out := map[string]any{}
	for _, c := range at(viewer, "cases", "nodes").([]any) {
		if at(c, "caseNumber") != number {
			continue
		}
		for _, list := range []string{"timeline", "objections", "deferrals", "complaints", "receipts", "invoiceCopies"} {
			out[list] = at(c, list)
		}
		out["letters"] = at(c, "letters", "nodes")
	}
	accesses := []any{}
	for _, e := range at(viewer, "accessLog", "nodes").([]any) {
		if slices.Contains(at(e, "caseIds").([]any), id) {
			delete(e.(map[string]any), "caseIds")
			accesses = append(accesses, e)
		}
	}
	out["accesses"] = accesses
	return out
}

// letterPack: who came in with a letter gets a pack of the case without who has looked, and nothing by
// the debtor's link.
func (p *portal) letterPack(id any, hers string) {
	t := p.t
	t.Helper()
	if _, err := p.fetch("letter", hers); fault.Of(err).Code != fault.NotFound {
		t.Errorf("the debtor's link, with a letter: %v", err)
	}
	link := at(p.getAs("letter", fmt.Sprintf(`{ node(id: %q) { ... on Case { proofPack { json { link } pdf { link } } } } }`, id),
		nil), "node", "proofPack")
	made, err := p.fetch("letter", at(link, "json", "link").(string))
	var pack map[string]any
	if err != nil || json.Unmarshal(made.Content, &pack) != nil || pack["accesses"] != nil || pack["timeline"] == nil {
		t.Errorf("with a letter: %v, %v", pack, err)
	}
	if made, err = p.fetch("letter", at(link, "pdf", "link").(string)); err != nil || len(made.Content) == 0 {
		t.Errorf("with a letter: %v", err)
	}
}

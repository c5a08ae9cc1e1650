package resolvers_test

import (
	"bytes"
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/resolvers"
)

const stating = `{ viewer { cases(first: 100) { nodes { caseNumber agency { code } balance { total { amount } lines { text } }
	statement { asOf caseNumber invoiceNumbers imputationOrder interestExplanation(language: NN)
	imputationExplanation(language: EN) claim { ...line } interest { ...line } costs { ...line } payments { ...line }
	closing { ...line } balance { total { amount } } nextSteps { on source text }
	nb: document(language: NB) { link expiresAt } nn: document(language: NN) { link } en: document(language: EN) { link } } } } } }
	fragment line on BalanceLine { amount { amount } text }`

// fetch fetches what a link leads to, as somebody.
func (p *portal) fetch(as, link string) (resolvers.Paper, error) {
	p.t.Helper()
	who, err := p.caller(as)
	if err != nil {
		p.t.Fatal(err)
	}
	return p.resolver.Paper(caller.NewContext(p.t.Context(), who), link)
}

// words reads what a PDF says, without blanks.
func words(t testing.TB, file []byte) string {
	t.Helper()
	r, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	plain, err := r.GetPlainText()
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := out.ReadFrom(plain); err != nil {
		t.Fatal(err)
	}
	if r.Trailer().Key("Root").Key("StructTreeRoot").Kind() != pdf.Dict {
		t.Error("the PDF is not tagged")
	}
	return strings.NewReplacer(" ", "", "\u00a0", "", "\n", "").Replace(out.String())
}

var sumRow = regexp.MustCompile(`Sum[^0-9]*(\d+),(\d\d)kr`)

// TestStatement: what a statement has adds up to the balance, to the øre, as JSON and on paper.
func TestStatement(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.change(people.Fjord, `update core.case set status = 'CLOSED', phase = 'CLOSED', due_on = null, closed_on = $1::text::date
		where case_id = (select min(c.case_id) from core.case c join core.debtor d using (debtor_id)
		where d.national_id = $2::text and c.status = 'OPEN')`, today.String(), kari().Reveal())
	paid, closed, steps := false, false, false
	for _, who := range people.DemoPeople(today) {
		if who.NationalID.IsZero() {
			continue
		}
		as := who.NationalID.Reveal()
		for i, c := range at(p.getAs(as, stating, nil), "viewer", "cases", "nodes").([]any) {
			s, total, lines := at(c, "statement"), øre(t, at(c, "balance", "total", "amount")), 0
			var sum money.Øre
			for _, list := range []string{"claim", "interest", "costs", "payments", "closing"} {
				for _, x := range at(s, list).([]any) {
					sum += øre(t, at(x, "amount", "amount"))
					lines++
				}
			}
			if sum != total || øre(t, at(s, "balance", "total", "amount")) != total ||
				lines != len(at(c, "balance", "lines").([]any)) || at(s, "caseNumber") != at(c, "caseNumber") {
				t.Errorf("%v: %d lines add up to %v of %v", at(c, "caseNumber"), lines, sum, total)
			}
			paid = paid || len(at(s, "payments").([]any)) > 0
			closed = closed || len(at(s, "closing").([]any)) > 0
			steps = steps || len(at(s, "nextSteps").([]any)) > 0
			if i > 1 {
				continue // on paper, a few of each will do
			}
			for key, said := range map[string]string{"nb": "Åbetaleialt", "nn": "Kvasomskjervidare", "en": "Owedinall"} {
				start := time.Now()
				made, err := p.fetch(as, at(s, key, "link").(string))
				if err != nil || made.Name != "statement.pdf" || made.MediaType != "application/pdf" {
					t.Fatalf("%+v, %v", made.Name, err)
				}
				if took := time.Since(start); took > time.Second*5 {
					t.Errorf("it took %v", took)
				}
				read := words(t, made.Content)
				if !strings.Contains(read, said) || !strings.Contains(read, at(c, "caseNumber").(string)) {
					t.Errorf("%s: %s", key, read)
				}
				if key != "nb" {
					continue
				}
				var sum money.Øre
				claimed, covered, _ := strings.Cut(read, "Innbetalinger") // the reader loses the sign of what is taken off
				for _, row := range sumRow.FindAllStringSubmatch(claimed, -1) {
					sum += øre(t, row[1]+"."+row[2])
				}
				for _, row := range sumRow.FindAllStringSubmatch(covered, -1) {
					sum -= øre(t, row[1]+"."+row[2])
				}
				if says := strings.NewReplacer("\u00a0", "").Replace("Åbetaleialt" + text.NB.Kroner(total)); sum != total ||
					!strings.Contains(read, says) {
					t.Errorf("%v: the sums on paper add up to %v, and it is %v: %s", at(c, "caseNumber"), sum, total, read)
				}
			}
		}
	}
	if !paid || !closed || !steps {
		t.Errorf("payments %t, closings %t, steps %t: too little was tried", paid, closed, steps)
	}
}

func øre(t *testing.T, amount any) money.Øre {
	t.Helper()
	parsed, err := money.Parse(amount.(string))
	if err != nil {
		t.Fatal(err)
	}
	return parsed
}

// TestPaperLinks: a link works for the login that asked for it, for some minutes, while the case is in its
// scope, and each fetch is in the access log.
func TestPaperLinks(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	p.know("letter", s.letter)
	p.know("worker", staff(caller.CaseWorker, s.code))
	asked := fmt.Sprintf(`{ node(id: %q) { ... on Case { statement { document(language: NB) { link expiresAt } } } } }`, s.caseID)
	link := func(as string) string {
		return at(p.getAs(as, asked, nil), "node", "statement", "document", "link").(string)
	}
	kari, other := s.id.Reveal(), people.DemoPeople(today)[1].NationalID.Reveal()
	mine := link(kari)
	for name, tc := range map[string]struct {
		as, link string
		want     fault.Code
		reason   string
	}{
		"own":              {kari, mine, "", "she asked for it"},
		"attorney":         {"attorney", link("attorney"), "", "they see what she sees"},
		"letter":           {"letter", link("letter"), "", "it is the letter's case"},
		"somebody else":    {other, mine, fault.NotFound, "not theirs"},
		"her own attorney": {"attorney", mine, fault.NotFound, "another login"},
		"the other way":    {kari, link("attorney"), fault.NotFound, "another login"},
		"her letter":       {"letter", mine, fault.NotFound, "another login"},
		"staff":            {"worker", mine, fault.NotFound, "another login"},
		"made up":          {kari, "1" + strings.Repeat("A", 60), fault.BadUserInput, "not sealed here"},
		"an id":            {kari, s.caseID, fault.BadUserInput, "sealed for something else"},
		"nothing":          {kari, "", fault.BadUserInput, "no link"},
	} {
		made, err := p.fetch(tc.as, tc.link)
		if code := fault.Of(err).Code; err != nil && code != tc.want || err == nil && tc.want != "" ||
			(len(made.Content) > 0) != (tc.want == "") {
			t.Errorf("%s (%s): %v, %d bytes", name, tc.reason, err, len(made.Content))
		}
	}
	if _, err := p.resolver.Paper(context.Background(), mine); fault.Of(err).Code != fault.Unauthenticated {
		t.Errorf("nobody: %v", err)
	}
	p.onRecord("caseStatement", map[string]int{"OK": 3, "DENIED": 5}, kari, mine)
	p.line(s.code, false)
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.AgencyUnavailable {
		t.Errorf("an agency that is down: %v", err)
	}
	p.line(s.code, true)
	p.pass(10*time.Minute - time.Second)
	if _, err := p.fetch(kari, mine); err != nil {
		t.Errorf("before its time: %v", err)
	}
	p.pass(time.Second)
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.BadUserInput {
		t.Errorf("after its time: %v", err)
	}
	mine = link(kari)
	p.change(s.code, `update core.case set debtor_id = (select debtor_id from core.debtor where national_id is null limit 1)`)
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.NotFound {
		t.Errorf("a case that is not hers any more: %v", err)
	}
}

// onRecord: so many looks at papers are in the access log, by their outcome, and none leaves without.
func (p *portal) onRecord(action string, looks map[string]int, as, link string) {
	p.t.Helper()
	for outcome, n := range looks {
		of := fmt.Sprintf("select count(*) from portal.access_log where action = '%s' and outcome = '%s'", action, outcome)
		for end := time.Now().Add(10 * time.Second); p.scalar(of) != n; time.Sleep(10 * time.Millisecond) {
			if time.Now().After(end) {
				p.t.Fatalf("the access log has %d %s", p.scalar(of), outcome)
			}
		}
	}
	recorder := p.resolver.Recorder
	defer func() { p.resolver.Recorder = recorder }()
	p.resolver.Recorder = nil
	if made, err := p.fetch(as, link); err == nil || len(made.Content) > 0 {
		p.t.Error("a paper leaves without an entry in the access log")
	}
}

// TestClosingProof: a closed case has one, an open one has none, and it adds up.
func TestClosingProof(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	closed := fmt.Sprintf(`update core.case set status = 'CLOSED', phase = 'CLOSED', due_on = null, closed_on = '%s'
		where case_id = (select min(c.case_id) from core.case c join core.debtor d using (debtor_id)
		where d.national_id = '%s' and c.status = 'OPEN')`, today, kari().Reveal())
	p.change(people.Fjord, closed)
	paid, left, open := 0, 0, 0
	var link, as string
	for _, who := range people.DemoPeople(today) {
		if who.NationalID.IsZero() {
			continue
		}
		for _, c := range at(p.get(who.NationalID, `{ viewer { cases(first: 100) { nodes { status closedOn payments(first: 100)
			{ nodes { amount { amount } } } closingProof { closedOn claimed { amount } paid { amount } notClaimed { amount }
			overpaid { amount } paidInFull paymentRemark(language: NB) document(language: NB) { link } } } } } }`,
			nil), "viewer", "cases", "nodes").([]any) {
			proof := at(c, "closingProof")
			if (proof != nil) != (at(c, "status") == "CLOSED") {
				t.Errorf("a case that is %v has the proof %v", at(c, "status"), proof)
			}
			if proof == nil {
				open++
				continue
			}
			amount := func(key string) money.Øre { return øre(t, at(proof, key, "amount")) }
			var received money.Øre
			for _, x := range at(c, "payments", "nodes").([]any) {
				received += øre(t, at(x, "amount", "amount"))
			}
			if amount("claimed") != amount("paid")+amount("notClaimed") || received != amount("paid")+amount("overpaid") ||
				at(proof, "paidInFull") != (amount("notClaimed") == 0) || at(proof, "closedOn") != at(c, "closedOn") {
				t.Errorf("%v does not add up: %v was received", proof, received)
			}
			begins := "Inkassoforetaket krever ikke resten."
			if at(proof, "paidInFull") == true {
				begins = "Kravet er betalt."
				paid++
			} else {
				link, as = at(proof, "document", "link").(string), who.NationalID.Reveal()
				left++
			}
			if !strings.HasPrefix(at(proof, "paymentRemark").(string), begins) {
				t.Errorf("%v", proof)
			}
		}
	}
	if paid == 0 || left == 0 || open == 0 {
		t.Fatalf("%d paid, %d with something left, %d open: too little was tried", paid, left, open)
	}
	made, err := p.fetch(as, link)
	if err != nil || made.Name != "closing-proof.pdf" || !strings.Contains(words(t, made.Content), "avsluttetsaken2.mars2026") {
		t.Errorf("%s, %v", made.Name, err)
	}
	p.change(people.Fjord, `update core.case set status = 'OPEN', phase = 'LIGHT_FEE', closed_on = null
		where closed_on = $1::text::date`, today.String())
	if _, err := p.fetch(as, link); fault.Of(err).Code != fault.NotFound {
		t.Errorf("a case that is open again: %v", err)
	}
}

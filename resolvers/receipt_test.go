package resolvers_test

import (
	"slices"
	"testing"

	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/fault"
)

const (
	receiptsWaiting = `{ staff { queue(kind: RECEIPT, first: 100) { nodes { id case { caseNumber } subject { ... on Receipt {
		kind paidOn amount { amount } statement files { mediaType byteSize document { link } } } } } } } }`
	myReceipts = `{ viewer { changes(since: "2020-01-01T00:00:00Z") { items { kind } }
		cases(first: 100) { nodes { caseNumber balance { total { amount } }
		receipts { status decidedOn reply files { mediaType byteSize document { link } } }
		timeline { kind on receipt { status } text(language: NN) } } } } }`
	decidingReceipt = `mutation($input: DecideReceiptInput!) { decideReceipt(input: $input) {
		act { status } cases { receipts { status reply } } userErrors { code field message(language: NB) } } }`
)

// TestReceipt: at each core proof of a payment waits with its files, which the debtor and the case worker open by links
// of their own, and is decided once.
func TestReceipt(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	seen := map[string]bool{}
	for i := 0; len(seen) < 3 && i < 12; i++ {
		who, asked := p.suiting(p.resolver.Acts.DecideReceipt.Declared())
		in := asked.Good.(receipt.DecideInput)
		if !seen[in.ItemID.Agency] {
			seen[in.ItemID.Agency] = true
			p.decidesReceipt(who, in)
		}
	}
	if len(seen) != 3 {
		t.Errorf("the agencies are %v", seen)
	}
}

func (p *portal) decidesReceipt(who norway.NationalID, in receipt.DecideInput) {
	p.t.Helper()
	t, code, item := p.t, in.ItemID.Agency, p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, code))
	nodes := at(p.getAs("worker", receiptsWaiting, nil), "staff", "queue", "nodes").([]any)
	i := slices.IndexFunc(nodes, func(n any) bool { return at(n, "id") == item })
	if i < 0 {
		t.Fatalf("%s: it does not wait", code)
	}
	node := at(nodes[i], "subject")
	if at(node, "kind") != "TO_CREDITOR" || at(node, "amount", "amount") != "250.50" ||
		at(node, "statement") != "paid at the counter in Bodø" || len(at(node, "files").([]any)) != 3 {
		t.Errorf("%s: what waits is %v", code, node)
	}
	number := at(nodes[i], "case", "caseNumber")
	c := p.casesBy(who, myReceipts, number)
	mine, theirs := p.linkOf(at(c, "receipts", 0)), p.linkOf(node)
	p.opens(code, "worker", theirs)
	p.opens(code, who.Reveal(), mine)
	p.know("another", func() (caller.Principal, error) {
		colleague, err := staff(caller.CaseWorker, code)()
		colleague.Subject += " and not the same"
		return colleague, err
	})
	for as, link := range map[string]string{"another": theirs, "worker": mine, who.Reveal(): theirs,
		kari().Reveal(): mine} {
		if as == kari().Reveal() && who == kari() {
			continue
		}
		if _, err := p.fetch(as, link); fault.Of(err).Code != fault.NotFound {
			t.Errorf("%s: another's link is answered with %v", code, err)
		}
	}
	done := p.settles(decidingReceipt, "decideReceipt", item, map[string]any{"decision": "PARTLY", "amount": "100",
		"effect": "BOOK_PAYMENT", "costs": "KEEP", "text": "Hundre kroner er kommet."})
	if at(done, "cases", 0, "receipts", 0, "status") != "PARTLY" {
		t.Errorf("%s: the decision is %v", code, done)
	}
	after := p.casesBy(who, myReceipts, number)
	if at(after, "receipts", 0, "status") != "PARTLY" || at(after, "receipts", 0, "reply") != "Hundre kroner er kommet." ||
		at(after, "balance", "total", "amount") == at(c, "balance", "total", "amount") {
		t.Errorf("%s: the person has %v", code, after)
	}
	var kinds []any
	for _, e := range at(after, "timeline").([]any) {
		if at(e, "receipt") != nil {
			kinds = append(kinds, at(e, "kind"))
		}
	}
	if !slices.Equal(kinds, []any{"RECEIPT", "RECEIPT_DECIDED"}) || p.why(who, number, "SUBMIT_RECEIPT") != "" {
		t.Errorf("%s: the timeline has %v, and another one is refused: %q", code, kinds, p.why(who, number, "SUBMIT_RECEIPT"))
	}
	p.opens(code, who.Reveal(), p.linkOf(at(after, "receipts", 0)))
}

// linkOf returns the link to the first file of a receipt.
func (p *portal) linkOf(x any) string { return at(x, "files", 0, "document", "link").(string) }

func (p *portal) opens(code, as, link string) { p.opensFile(code, as, link, "receipt") }

// opensFile follows a link to a slip that was sent with something, which is recorded.
func (p *portal) opensFile(code, as, link, of string) {
	p.t.Helper()
	looks := `select count(*) from portal.access_log where outcome = 'OK' and action = '` + of + `File'`
	before := p.scalar(looks)
	got, err := p.fetch(as, link)
	if err != nil || got.Name != of+".pdf" || got.MediaType != "application/pdf" ||
		string(got.Content) != documenttest.PDF("1 0 obj << /Type /Catalog >> endobj") {
		p.t.Errorf("%s: %q of %d bytes, %v", code, got.Name, len(got.Content), err)
	}
	if after := p.scalar(looks); after != before+1 {
		p.t.Errorf("%s: %d looks are recorded", code, after-before)
	}
}

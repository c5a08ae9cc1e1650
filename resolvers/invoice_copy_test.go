package resolvers_test

import (
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/act/invoicecopy"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

const myCopies = `{ viewer { cases(first: 100) { nodes { caseNumber invoiceCopies { status requestedAt decidedOn reply }
	availableActs { name allowed reason(language: NN) } } } } }`

// TestInvoiceCopy: an order of a copy waits, is answered once, and the debtor is told.
func TestInvoiceCopy(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	who, asked := p.suiting(p.resolver.Acts.AnswerInvoiceCopy.Declared())
	in := asked.Good.(invoicecopy.AnswerInput)
	item := p.resolver.IDs.Seal(in.ItemID)
	p.know("worker", staff(caller.CaseWorker, in.ItemID.Agency))
	node := p.waits("worker", "INVOICE_COPY", item)
	number := at(node, "case", "caseNumber")
	mine := at(p.casesBy(who, myCopies, number), "invoiceCopies", 0)
	if at(node, "subject", "became") != "ORDERED" || at(mine, "status") != "ORDERED" || at(mine, "decidedOn") != nil ||
		at(node, "subject", "requestedAt") != at(mine, "requestedAt") || p.why(who, number, "ORDER_INVOICE_COPY") == "" {
		t.Errorf("%v waits, and the person has %v", node, mine)
	}
	const answering = `mutation($input: AnswerInvoiceCopyInput!) { answerInvoiceCopy(input: $input) {
		act { status } cases { invoiceCopies { status reply } } userErrors { code field message(language: NB) } } }`
	done := p.settles(answering, "answerInvoiceCopy", item, map[string]any{"outcome": "SENT", "text": "I posten i dag."})
	if at(done, "cases", 0, "invoiceCopies", 0, "status") != "SENT" {
		t.Errorf("the answer is %v", done)
	}
	mine = at(p.casesBy(who, myCopies, number), "invoiceCopies", 0)
	if at(mine, "status") != "SENT" || at(mine, "reply") != "I posten i dag." ||
		at(mine, "decidedOn") != norway.DateOf(time.Now()).String() || p.why(who, number, "ORDER_INVOICE_COPY") != "" {
		t.Errorf("the person has %v", mine)
	}
	if p.waits("worker", "INVOICE_COPY", item) != nil {
		t.Error("what is answered waits")
	}
}

package contracttest

import (
	"bytes"
	"strings"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// documentContent: a letter says what the records say of it, to the debtor and to who came in with a letter
// of the case, and to nobody else.
func documentContent(t *testing.T, c *Core) {
	conn := c.connect(t)
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	opened := 0
	for _, x := range c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases | debt.OfLetters}).Cases {
		for _, l := range x.AllLetters {
			if l.DocumentID == nil {
				continue
			}
			got := content(t, conn, s.scope, *l.DocumentID)
			if got.MediaType != "application/pdf" || got.Link != "" || !bytes.HasSuffix(got.File, []byte("%%EOF\n")) {
				t.Fatalf("a letter is %d bytes of %q", len(got.File), got.MediaType)
			}
			for _, said := range []string{l.Title, x.CaseNumber, l.SentOn.String(), x.KID, "/StructTreeRoot", "/Lang"} {
				if !bytes.Contains(got.File, latin1(said)) {
					t.Errorf("letter %s of case %s does not say %q", l.ID.ID, x.CaseNumber, said)
				}
			}
			opened++
			if with := content(t, conn, c.letterScope(x.ID.ID), *l.DocumentID); !bytes.Equal(with.File, got.File) {
				t.Errorf("who came in with a letter reads %d bytes, not %d", len(with.File), len(got.File))
			}
			for who, scope := range map[string]caller.Scope{"another debtor": stranger.scope, "nobody": {},
				"who came in with another letter": c.letterScope(s.cases[0].ID.ID), "a case worker": c.desk(t).Deciding()} {
				if got := content(t, conn, scope, *l.DocumentID); got.File != nil || got.Link != "" || got.MediaType != "" {
					t.Errorf("%s reads %d bytes of somebody's letter", who, len(got.File))
				}
			}
		}
	}
	if opened == 0 {
		t.Error("the subject has no letter")
	}
	for _, id := range []string{"", "' or true --", "0", longText} {
		if got := content(t, conn, s.scope, id); got.File != nil {
			t.Errorf("%q is a document", id)
		}
	}
}

func content(t *testing.T, conn *pgx.Conn, scope caller.Scope, id string) core.Content {
	t.Helper()
	got, err := core.Document(t.Context(), conn, nil, scope, id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// latin1 is how the standard font of a PDF has a text.
func latin1(text string) []byte {
	var out []byte
	for _, r := range strings.NewReplacer("(", `\(`, ")", `\)`).Replace(text) {
		out = append(out, byte(r))
	}
	return out
}

// invoiceCopy: an order waits, changes nothing else, and is answered once by a case worker.
func invoiceCopy(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	must(t, owner, c.Happen.Close, x.ID.ID) // which is no reason not to ask
	in := rehearse.Input{"case_id": x.ID.ID}
	refusedActs(t, owner, "order_invoice_copy", map[string]refusal{
		"another's":     {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"no such case":  {"text that no key type holds", s.scope, in.With("case_id", "' or true --"), nil, "NOT_FOUND"},
		"no case":       {"it is about one", s.scope, in.With("case_id", nil), nil, "NOT_FOUND"},
		"a case worker": {"a debtor orders", c.desk(t).Deciding(), in, nil, "NOT_FOUND"},
	})
	before := snapshot(t, owner)
	id := member(askTwice(t, conn, s, "order_invoice_copy", in), "request_id")
	if a := ask(t, conn, s.scope, uuid.New(), "order_invoice_copy", in); a.Reason != "ORDER_EXISTS" {
		t.Errorf("two in one case: %+v", a)
	}
	unchanged(t, before, snapshot(t, owner), "request", "queue_item")
	if q := c.copyOf(t, conn, s, x); q.ID != id || q.InvoiceCopyStatus() != debt.InvoiceCopyOrdered ||
		!q.DecidedOn.IsZero() || q.Reply != nil || !q.Until.IsZero() {
		t.Errorf("the case has %+v", q)
	}
	c.answersCopy(t, conn, s, id, x)
}

func (c *Core) copyOf(t *testing.T, conn *pgx.Conn, s *subject, x *debt.Case) *debt.Request {
	t.Helper()
	all := c.again(t, conn, s)[x.ID.ID].InvoiceCopies()
	if len(all) != 1 {
		t.Fatalf("the case has %d orders", len(all))
	}
	return &all[0]
}

func (c *Core) answersCopy(t *testing.T, conn *pgx.Conn, s *subject, id string, x *debt.Case) {
	t.Helper()
	item := c.waitsIn(t, conn, s, x, debt.QueueInvoiceCopy, id)
	worker := c.desk(t).Deciding()
	const said = "Fordringshaver har ingen kopi."
	in := rehearse.Input{"request_id": id, "outcome": "NONE_EXISTS", "reply": said}
	refusedActs(t, c.DB.Conn(), "answer_invoice_copy", map[string]refusal{
		"no outcome":  {"there are two", worker, in.With("outcome", nil), nil, "INVALID_INPUT"},
		"another":     {"it is no answer", worker, in.With("outcome", "GRANTED"), nil, "INVALID_INPUT"},
		"no word why": {"the debtor is told why", worker, in.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":  {"a bound on what is kept", worker, in.With("reply", strings.Repeat("æ", 2001)), nil, "INVALID_INPUT"},
		"no such":     {"text that no key type holds", worker, in.With("request_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":  {"a case worker answers", s.scope, in, nil, "NOT_FOUND"},
		"nobody":      {"a case worker answers", caller.Scope{}, in, nil, "NOT_FOUND"},
	})
	before := snapshot(t, c.DB.Conn())
	c.decided(t, conn, s, item, "answer_invoice_copy", in)
	unchanged(t, before, snapshot(t, c.DB.Conn()), "request", "queue_item")
	if q := c.copyOf(t, conn, s, x); q.InvoiceCopyStatus() != debt.InvoiceCopyNoneExists || q.DecidedOn != s.today ||
		q.Reply == nil || *q.Reply != said {
		t.Errorf("the case has %+v", q)
	}
	again := ask(t, conn, s.scope, uuid.New(), "order_invoice_copy", rehearse.Input{"case_id": x.ID.ID})
	sent := rehearse.Input{"request_id": member(again, "request_id"), "outcome": "SENT"}
	if a := ask(t, conn, worker, uuid.New(), "answer_invoice_copy", sent); a.Status != "DONE" {
		t.Errorf("sent without a word: %+v", a)
	}
}

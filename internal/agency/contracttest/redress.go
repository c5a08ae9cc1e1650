package contracttest

import (
	"slices"
	"strings"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statute"
)

// complaint: it waits with its clock, stops nothing, and is answered once by a case worker.
func complaint(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	x := s.cases[0]
	must(t, owner, c.Happen.Close, x.ID.ID) // which is no reason not to complain
	in := rehearse.Input{"case_id": x.ID.ID, "categories": []string{"SECRECY", "COSTS"},
		"statement": "Ringte sjefen min.", "files": 1}
	refusedActs(t, owner, "submit_complaint", map[string]refusal{
		"nothing":       {"it is about something", s.scope, in.With("categories", []string{}).With("statement", " "), nil, "INVALID_INPUT"},
		"no category":   {"the list has no such", s.scope, in.With("categories", []string{"COSTS", "FORDI"}), nil, "INVALID_INPUT"},
		"long words":    {"a bound on what is kept", s.scope, in.With("statement", strings.Repeat("æ", 4001)), nil, "INVALID_INPUT"},
		"a text":        {"files are counted", s.scope, in.With("files", "1"), nil, "INVALID_INPUT"},
		"another's":     {"a known key opens nothing", stranger.scope, in, nil, "NOT_FOUND"},
		"no such case":  {"text that no key type holds", s.scope, in.With("case_id", "' or true --"), nil, "NOT_FOUND"},
		"a case worker": {"a debtor complains", c.desk(t).Deciding(), in, nil, "NOT_FOUND"},
	})
	before := snapshot(t, owner)
	first := askTwice(t, conn, s, "submit_complaint", in)
	var made struct {
		ID       string `json:"complaint_id"`
		AnswerBy string `json:"answer_by"`
	}
	by := s.today.AddDays(statute.AnswerDays).String()
	if err := first.Into("submit_complaint", &made); err != nil || made.AnswerBy != by {
		t.Fatalf("%+v: %v", first, err)
	}
	if a := ask(t, conn, s.scope, uuid.New(), "submit_complaint", in); a.Reason != "COMPLAINT_EXISTS" {
		t.Errorf("two in one case: %+v", a)
	}
	unchanged(t, before, snapshot(t, owner), "complaint", "queue_item")
	if n := len(c.again(t, conn, s)[x.ID.ID].Complaints); n != 1 {
		t.Fatalf("the case has %d", n)
	}
	now := c.again(t, conn, s)[x.ID.ID].Complaints[0]
	about := []debt.ComplaintCategory{debt.ComplaintSecrecy, debt.ComplaintCosts}
	if now.ID != made.ID || now.Status != debt.ComplaintReceived || !slices.Equal(now.Categories, about) ||
		*now.Statement != "Ringte sjefen min." || now.AnswerBy.String() != made.AnswerBy ||
		!now.AnsweredOn.IsZero() || now.Reply != nil {
		t.Errorf("the case has %+v", now)
	}
	c.answersComplaint(t, conn, s, made.ID, x)
}

func (c *Core) answersComplaint(t *testing.T, conn *pgx.Conn, s *subject, id string, x *debt.Case) {
	t.Helper()
	item := c.waitsIn(t, conn, s, x, debt.QueueComplaint, id)
	if item.AnswerBy != s.today.AddDays(statute.AnswerDays) {
		t.Errorf("it is to be answered by %s", item.AnswerBy)
	}
	worker := c.desk(t).Deciding()
	const said = "Vi beklager, og sletter salæret."
	in := rehearse.Input{"complaint_id": id, "outcome": "PARTLY_UPHELD", "reply": said}
	refusedActs(t, c.DB.Conn(), "answer_complaint", map[string]refusal{
		"no outcome":  {"there are three", worker, in.With("outcome", nil), nil, "INVALID_INPUT"},
		"not yet":     {"it is no answer", worker, in.With("outcome", "RECEIVED"), nil, "INVALID_INPUT"},
		"no word why": {"the debtor is told why", worker, in.With("reply", " "), nil, "INVALID_INPUT"},
		"long words":  {"a bound on what is kept", worker, in.With("reply", strings.Repeat("æ", 4001)), nil, "INVALID_INPUT"},
		"no such":     {"text that no key type holds", worker, in.With("complaint_id", "' or true --"), nil, "NOT_FOUND"},
		"the debtor":  {"a case worker answers", s.scope, in, nil, "NOT_FOUND"},
	})
	before := snapshot(t, c.DB.Conn())
	c.decided(t, conn, s, item, "answer_complaint", in)
	unchanged(t, before, snapshot(t, c.DB.Conn()), "complaint", "queue_item")
	now := c.again(t, conn, s)[x.ID.ID].Complaints[0]
	if now.Status != debt.ComplaintPartlyUpheld || now.AnsweredOn != s.today || now.Reply == nil || *now.Reply != said {
		t.Errorf("the case has %+v", now)
	}
	again := rehearse.Input{"case_id": x.ID.ID, "categories": []string{}, "statement": "Det hjelper ikke."}
	if a := ask(t, conn, s.scope, uuid.New(), "submit_complaint", again); a.Status != "DONE" {
		t.Errorf("after an answer: %+v", a)
	}
}

// askTwice has the subject ask for something twice under one key, and returns the answer, which is the same.
func askTwice(t *testing.T, conn *pgx.Conn, s *subject, function string, in rehearse.Input) core.Answer {
	t.Helper()
	key := uuid.New()
	first := ask(t, conn, s.scope, key, function, in)
	if diff := gocmp.Diff(first, ask(t, conn, s.scope, key, function, in)); diff != "" || first.Status != "DONE" {
		t.Fatalf("%+v, and again (-first +again)\n%s", first, diff)
	}
	return first
}

// waitsIn returns the item of a kind that is about something in a case of the subject.
func (c *Core) waitsIn(t *testing.T, conn *pgx.Conn, s *subject, x *debt.Case, kind debt.QueueKind,
	id string) core.Waiting {
	t.Helper()
	item := c.waitsFor(t, conn, kind, id)
	if item.CaseID == nil || item.CaseID.ID != x.ID.ID || item.Debtor.NationalID != s.scope.NationalID() {
		t.Errorf("what waits is %+v", item)
	}
	return item
}

// waitsFor returns the item of a kind that is about a subject.
func (c *Core) waitsFor(t *testing.T, conn *pgx.Conn, kind debt.QueueKind, subject string) core.Waiting {
	t.Helper()
	for _, item := range c.waiting(t, conn, core.QueueQuery{Kind: kind, Rows: 10_000}) {
		if item.SubjectID == subject {
			return item
		}
	}
	t.Fatalf("what was asked for does not wait")
	return core.Waiting{}
}

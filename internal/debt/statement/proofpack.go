package statement

import (
	"encoding/json"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/paper"
	"github.com/oversikt/oversikt/internal/text"
)

// OfProofPack is what a proof pack is made from.
const OfProofPack = OfPDF | debt.OfLetters | debt.OfObjections | debt.OfDeferrals | debt.OfComplaints | debt.OfRequests

// Access is one time that somebody has looked at a case, or acted in it.
type Access struct {
	At          time.Time `json:"at"`
	Kind        string    `json:"kind"`
	StaffAgency *string   `json:"staffAgency"`
	Own         bool      `json:"own"`
	Reason      *string   `json:"reason"`
	Action      string    `json:"action"`
	Outcome     string    `json:"outcome"`
}

// ProofPack is what somebody encloses with a complaint about an agency: what has happened in the case,
// what was sent, what was decided, and who has looked.
type ProofPack struct {
	*debt.Case
	Accesses []Access // newest first; nil: who asks is not shown them
	Cut      bool     // there are more accesses than were looked through
}

type amount struct {
	Amount string `json:"amount"`
}

func kroner(o *money.Øre) *amount {
	if o == nil {
		return nil
	}
	return &amount{string(o.AppendTo(nil))}
}

// on is a day as the schema has it, nil for none.
func on(d norway.Date) *string {
	if d.IsZero() {
		return nil
	}
	return new(d.String())
}

// event, letter and the decisions have the names of the schema.
type (
	event struct {
		On     string           `json:"on"`
		Kind   debt.EventKind   `json:"kind"`
		Source debt.EventSource `json:"source"`
		Amount *amount          `json:"amount"`
		Text   string           `json:"text"`
	}
	letter struct {
		SentOn  string             `json:"sentOn"`
		Kind    debt.LetterKind    `json:"kind"`
		Title   string             `json:"title"`
		Channel debt.LetterChannel `json:"channel"`
		DueOn   *string            `json:"dueOn"`
		Amount  *amount            `json:"amount"`
	}
	objection struct {
		Status      debt.ObjectionStatus   `json:"status"`
		Reasons     []debt.ObjectionReason `json:"reasons"`
		Statement   *string                `json:"statement"`
		SubmittedAt time.Time              `json:"submittedAt"`
		DecidedOn   *string                `json:"decidedOn"`
		WithdrawnOn *string                `json:"withdrawnOn"`
		Reply       *string                `json:"reply"`
		Creditor    *string                `json:"creditorStandpoint"`
	}
	deferral struct {
		Status      debt.DeferralStatus `json:"status"`
		Until       string              `json:"until"`
		Reason      *string             `json:"reason"`
		RequestedAt time.Time           `json:"requestedAt"`
		DecidedOn   *string             `json:"decidedOn"`
		Reply       *string             `json:"reply"`
	}
	complaint struct {
		Status      debt.ComplaintStatus     `json:"status"`
		Categories  []debt.ComplaintCategory `json:"categories"`
		Statement   *string                  `json:"statement"`
		SubmittedAt time.Time                `json:"submittedAt"`
		AnswerBy    string                   `json:"answerBy"`
		AnsweredOn  *string                  `json:"answeredOn"`
		Reply       *string                  `json:"reply"`
	}
	receipt struct {
		Kind        debt.ReceiptKind   `json:"kind"`
		PaidOn      string             `json:"paidOn"`
		Amount      *amount            `json:"amount"`
		Statement   *string            `json:"statement"`
		Status      debt.ReceiptStatus `json:"status"`
		SubmittedAt time.Time          `json:"submittedAt"`
		DecidedOn   *string            `json:"decidedOn"`
		Reply       *string            `json:"reply"`
	}
	copyOrder struct {
		Status      debt.InvoiceCopyStatus `json:"status"`
		RequestedAt time.Time              `json:"requestedAt"`
		DecidedOn   *string                `json:"decidedOn"`
		Reply       *string                `json:"reply"`
	}
)

// contents is a pack as data, with the names that the schema has for the same.
type contents struct {
	AsOf       string      `json:"asOf"`
	Agency     string      `json:"agency"`
	CaseNumber string      `json:"caseNumber"`
	Timeline   []event     `json:"timeline"`
	Letters    []letter    `json:"letters"`
	Objections []objection `json:"objections"`
	Deferrals  []deferral  `json:"deferrals"`
	Complaints []complaint `json:"complaints"`
	Receipts   []receipt   `json:"receipts"`
	Copies     []copyOrder `json:"invoiceCopies"`
	Accesses   []Access    `json:"accesses"`
	Cut        bool        `json:"accessesCut"`
}

func each[T, U any](list []T, as func(*T) U) []U {
	out := make([]U, len(list))
	for i := range list {
		out[i] = as(&list[i])
	}
	return out
}

// JSON returns the pack as data, its texts in a language: by default the debtor's.
func (p *ProofPack) JSON(language *debt.Language) ([]byte, error) {
	l := p.LanguageFor(language)
	return json.MarshalIndent(contents{
		AsOf: p.Terms.Today.String(), Agency: p.Agency.Name, CaseNumber: p.CaseNumber,
		Timeline: each(p.Timeline(), func(e *debt.TimelineEvent) event {
			return event{e.On.String(), e.Kind, e.Source, kroner(e.Amount), e.Text(&l)}
		}),
		Letters: each(p.AllLetters, func(x *debt.Letter) letter {
			return letter{x.SentOn.String(), x.Kind, x.Title, x.Channel, on(x.DueOn), kroner(x.Amount)}
		}),
		Objections: each(p.Objections, func(x *debt.Objection) objection {
			return objection{x.Status, x.Reasons, x.Statement, x.SubmittedAt.UTC(), on(x.DecidedOn), on(x.WithdrawnOn), x.Reply,
				x.CreditorStandpoint}
		}),
		Deferrals: each(p.Deferrals, func(x *debt.Deferral) deferral {
			return deferral{x.Status, x.Until.String(), x.Reason, x.RequestedAt.UTC(), on(x.DecidedOn), x.Reply}
		}),
		Complaints: each(p.Complaints, func(x *debt.Complaint) complaint {
			return complaint{x.Status, x.Categories, x.Statement, x.SubmittedAt.UTC(), x.AnswerBy.String(), on(x.AnsweredOn),
				x.Reply}
		}),
		Receipts: each(p.Receipts, func(x *debt.Receipt) receipt {
			return receipt{x.Kind, x.PaidOn.String(), kroner(&x.Amount), x.Statement, x.Status, x.SubmittedAt.UTC(),
				on(x.DecidedOn), x.Reply}
		}),
		Copies: each(p.InvoiceCopies(), func(x *debt.Request) copyOrder {
			return copyOrder{x.InvoiceCopyStatus(), x.RequestedAt.UTC(), on(x.DecidedOn), x.Reply}
		}),
		Accesses: p.Accesses, Cut: p.Cut,
	}, "", "  ")
}

// PDF returns the pack as a tagged PDF, in a language: by default the debtor's.
func (p *ProofPack) PDF(language *debt.Language, made time.Time) ([]byte, error) {
	s, l := Of(p.Case), p.LanguageFor(language)
	x := &sheet{paper.Start(l, text.Of(l, "paper.PACK")+" "+p.CaseNumber, made), &s, l}
	x.made(made)
	x.claim()
	x.balance()
	x.days("TIMELINE", each(p.Timeline(), func(e *debt.TimelineEvent) []string {
		return []string{l.Day(e.On), e.Text(&l), x.kroner(e.Amount)}
	}))
	x.days("LETTERS", each(p.AllLetters, func(d *debt.Letter) []string {
		return []string{l.Day(d.SentOn), d.Title, x.kroner(d.Amount)}
	}))
	x.Heading(1, x.word("DECISIONS"))
	x.decisions(p)
	x.Heading(1, x.word("ACCESSES"))
	x.accesses(p)
	return x.PDF()
}

func (x *sheet) kroner(o *money.Øre) string {
	if o == nil {
		return ""
	}
	return x.l.Kroner(*o)
}

// days writes what has a day, and perhaps an amount.
func (x *sheet) days(heading string, rows [][]string) {
	x.Heading(1, x.word(heading))
	if len(rows) == 0 {
		x.Line(0, x.say("NONE"))
		return
	}
	x.Table([]paper.Column{{Header: x.word("DAY"), Width: 35}, {Header: x.word("WHAT"), Width: 105},
		{Header: x.word("AMOUNT"), Width: 30, Amount: true}}, rows)
}

// decisions writes what was asked for, and what came of it.
func (x *sheet) decisions(p *ProofPack) {
	none := true
	ask := func(kind, enum, status string, at time.Time, decided norway.Date, said, reply *string) {
		none = false
		x.Heading(2, text.Label(x.l, "QueueKind", kind)+", "+x.l.Day(norway.DateOf(at)))
		x.row("STATE", text.Label(x.l, enum, status))
		x.row("DECIDED", x.day(decided))
		x.row("STATEMENT", plain(said))
		x.row("REPLY", plain(reply))
	}
	for _, o := range p.Objections {
		ask("OBJECTION", "ObjectionStatus", string(o.Status), o.SubmittedAt, max(o.DecidedOn, o.WithdrawnOn),
			o.Statement, o.Reply)
		x.row("CREDITOR", plain(o.CreditorStandpoint))
	}
	for _, d := range p.Deferrals {
		ask("DEFERRAL", "DeferralStatus", string(d.Status), d.RequestedAt, d.DecidedOn, d.Reason, d.Reply)
	}
	for _, c := range p.Complaints {
		ask("COMPLAINT", "ComplaintStatus", string(c.Status), c.SubmittedAt, c.AnsweredOn, c.Statement, c.Reply)
	}
	for _, r := range p.Receipts {
		ask("RECEIPT", "ReceiptStatus", string(r.Status), r.SubmittedAt, r.DecidedOn, r.Statement, r.Reply)
	}
	for _, q := range p.InvoiceCopies() {
		ask("INVOICE_COPY", "InvoiceCopyStatus", string(q.InvoiceCopyStatus()), q.RequestedAt, q.DecidedOn, nil, q.Reply)
	}
	if none {
		x.Line(0, x.say("NONE"))
	}
}

func plain(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

func (x *sheet) accesses(p *ProofPack) {
	switch {
	case p.Accesses == nil:
		x.Line(0, x.say("ACCESSES_WITHHELD"))
		return
	case len(p.Accesses) == 0:
		x.Line(0, x.say("NONE"))
		return
	case p.Cut:
		x.Line(0, x.say("ACCESSES_CUT"))
	}
	x.Table([]paper.Column{{Header: x.word("TIME"), Width: 35}, {Header: x.word("WHO"), Width: 45},
		{Header: x.word("ACTION"), Width: 90}}, each(p.Accesses, func(a *Access) []string {
		who := text.Label(x.l, "AccessActorKind", a.Kind)
		if a.StaffAgency != nil {
			who += " (" + *a.StaffAgency + ")"
		}
		what := []string{a.Action, text.Label(x.l, "AccessOutcome", a.Outcome)}
		if a.Reason != nil {
			what = append(what, *a.Reason)
		}
		return []string{a.At.In(norway.Oslo).Format("2006-01-02 15:04"), who, strings.Join(what, ", ")}
	}))
}

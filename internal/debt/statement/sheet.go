package statement

import (
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/paper"
	"github.com/oversikt/oversikt/internal/text"
)

// sheet writes a statement on paper.
type sheet struct {
	*paper.Sheet
	s *Statement
	l debt.Language
}

// PDF returns the statement as a tagged PDF, in a language: by default the debtor's.
func (s *Statement) PDF(language *debt.Language, made time.Time) ([]byte, error) {
	l := s.LanguageFor(language)
	x := &sheet{paper.Start(l, text.Of(l, "paper.TITLE")+" "+s.CaseNumber, made), s, l}
	x.made(made)
	x.claim()
	x.balance()
	x.lines("PRINCIPAL", s.Claim)
	x.Heading(1, x.word("INTEREST"))
	x.Line(0, s.InterestExplanation(&l))
	x.table(s.Interest)
	x.lines("COSTS", s.Costs)
	x.Heading(1, x.word("PAYMENTS"))
	x.Line(0, s.ImputationExplanation(&l))
	x.table(s.Payments)
	if len(s.Closing) > 0 {
		x.lines("CLOSING", s.Closing)
	}
	x.next()
	return x.PDF()
}

func (x *sheet) say(key string, args ...text.Arg) string {
	return text.Of(x.l, "statement."+key, args...)
}

func (x *sheet) word(key string) string { return text.Of(x.l, "paper."+key) }

// row writes what there is to say of a key; nothing where there is nothing.
func (x *sheet) row(key, words string) {
	if words != "" {
		x.Row(x.word(key), words)
	}
}

func (x *sheet) day(d norway.Date) string {
	if d.IsZero() {
		return ""
	}
	return x.l.Day(d)
}

func (x *sheet) made(at time.Time) {
	x.Line(0, x.say("MADE", text.With("on", norway.DateOf(at)), text.With("agency", x.s.Agency.Name)))
}

func (x *sheet) claim() {
	s := x.s
	x.Heading(1, x.word("CASE"))
	x.row("CASE_NUMBER", s.CaseNumber)
	x.row("AGENCY", s.Agency.Name)
	x.row("CREDITOR", s.Creditor.Name)
	x.row("DEBTOR", s.Debtor.Name)
	x.row("DESCRIPTION", s.Description)
	x.row("INVOICES", strings.Join(s.InvoiceNumbers(), ", "))
	x.row("OPENED", x.day(s.OpenedOn))
	x.row("CLOSED", x.day(s.ClosedOn))
}

func (x *sheet) balance() {
	b := &x.s.Today
	x.Heading(1, x.word("BALANCE"))
	for _, part := range []struct {
		component debt.Component
		amount    money.Øre
	}{{debt.Principal, b.Principal}, {debt.Interest, b.Interest}, {debt.Fees, b.Fees}, {debt.LegalCosts, b.LegalCosts}} {
		x.Row(text.Label(x.l, "BalanceComponent", string(part.component)), x.l.Kroner(part.amount))
	}
	x.Row(x.word("TOTAL"), x.l.Kroner(b.Total))
	if b.Overpaid > 0 {
		x.Row(x.word("OVERPAID"), x.l.Kroner(b.Overpaid))
	}
	if b.Assumed() {
		x.Line(0, x.say("ASSUMED"))
	}
}

func (x *sheet) lines(heading string, lines []debt.BalanceLine) {
	x.Heading(1, x.word(heading))
	x.table(lines)
}

// table writes lines of the balance, with their sum.
func (x *sheet) table(lines []debt.BalanceLine) {
	if len(lines) == 0 {
		x.Line(0, x.say("NONE"))
		return
	}
	var rows [][]string
	for i := range lines {
		line := &lines[i]
		rows = append(rows, []string{line.Text(&x.l), plain(line.LegalBasis), x.l.Kroner(line.Amount)})
	}
	rows = append(rows, []string{x.word("SUM"), "", x.l.Kroner(sum(lines))})
	x.Table([]paper.Column{{Header: x.word("WHAT"), Width: 95}, {Header: x.word("BASIS"), Width: 45},
		{Header: x.word("AMOUNT"), Width: 30, Amount: true}}, rows)
}

func (x *sheet) next() {
	x.Heading(1, x.word("NEXT"))
	var rows [][]string
	for _, e := range x.s.NextSteps() {
		amount := ""
		if e.Amount != nil {
			amount = x.l.Kroner(*e.Amount)
		}
		rows = append(rows, []string{x.l.Day(e.On), e.Text(&x.l), amount})
	}
	if rows == nil {
		x.Line(0, x.say("NOTHING_NEXT"))
	} else {
		x.Table([]paper.Column{{Header: x.word("DAY"), Width: 35}, {Header: x.word("WHAT"), Width: 105},
			{Header: x.word("AMOUNT"), Width: 30, Amount: true}}, rows)
	}
	if x.s.Today.Total == 0 {
		return
	}
	x.Heading(1, x.word("HOW_TO_PAY"))
	x.row("ACCOUNT", x.s.Account)
	x.row("KID", x.s.KID)
	x.row("PAYEE", x.s.Payee)
}

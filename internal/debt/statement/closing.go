package statement

import (
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/paper"
	"github.com/oversikt/oversikt/internal/text"
)

// ClosingProof says that a case is closed, and how what was claimed in it ended: Claimed is what was
// paid and what is no longer claimed.
type ClosingProof struct {
	of Statement

	ClosedOn   norway.Date
	Claimed    money.Øre // principal, interest and costs
	Paid       money.Øre // of that
	NotClaimed money.Øre
	Overpaid   money.Øre
}

// Closed returns the proof that a case is closed, nil while it is open.
func Closed(c *debt.Case) *ClosingProof {
	if c.Status != debt.Closed || c.ClosedOn.IsZero() || c.ClosedOn > c.Terms.Today {
		return nil
	}
	s := Of(c)
	return &ClosingProof{of: s, ClosedOn: c.ClosedOn, Claimed: sum(s.Claim) + sum(s.Interest) + sum(s.Costs),
		Paid: -sum(s.Payments), NotClaimed: -sum(s.Closing), Overpaid: s.Today.Overpaid}
}

func sum(lines []debt.BalanceLine) (total money.Øre) {
	for i := range lines {
		total += lines[i].Amount
	}
	return total
}

// Case is the case that it is about.
func (p *ClosingProof) Case() *debt.Case { return p.of.Case }

// PaidInFull says that everything was paid.
func (p *ClosingProof) PaidInFull() bool { return p.NotClaimed == 0 }

// PaymentRemark says what becomes of a payment remark, in a language: by default the debtor's.
func (p *ClosingProof) PaymentRemark(language *debt.Language) string {
	l, key := p.of.LanguageFor(language), "REMARK_LEFT"
	if p.PaidInFull() {
		key = "REMARK_PAID"
	}
	return text.Of(l, "statement."+key) + " " + text.Of(l, "statement.REMARK_UNKNOWN")
}

// PDF returns the proof as a tagged PDF, in a language: by default the debtor's.
func (p *ClosingProof) PDF(language *debt.Language, made time.Time) ([]byte, error) {
	l := p.of.LanguageFor(language)
	x := &sheet{paper.Start(l, text.Of(l, "paper.PROOF")+" "+p.of.CaseNumber, made), &p.of, l}
	x.made(made)
	x.Line(0, x.say("PROOF", text.With("agency", p.of.Agency.Name), text.With("on", p.ClosedOn)))
	x.claim()
	x.Heading(1, x.word("BALANCE"))
	x.row("CLAIMED", l.Kroner(p.Claimed))
	x.row("PAYMENTS", l.Kroner(p.Paid))
	x.row("CLOSING", l.Kroner(p.NotClaimed))
	x.row("TOTAL", l.Kroner(p.of.Today.Total))
	if p.Overpaid > 0 {
		x.row("OVERPAID", l.Kroner(p.Overpaid))
	}
	x.Heading(1, x.word("REMARK"))
	x.Line(0, p.PaymentRemark(&l))
	return x.PDF()
}

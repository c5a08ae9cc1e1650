package peer

import (
	"encoding/binary"
	"math"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// row is one row as PostgreSQL sent it, in binary.
type row [][]byte

func (r row) relation() int { return int(binary.BigEndian.Uint16(r[0])) }

func (r row) text(s slot) string { return string(r[s]) }

func (r row) number(s slot) int64 {
	if r[s] == nil {
		return 0
	}
	return int64(binary.BigEndian.Uint64(r[s]))
}

func (r row) money(s slot) money.Øre { return money.Øre(r.number(s)) }

func (r row) moneyOrNull(s slot) *money.Øre {
	if r[s] == nil {
		return nil
	}
	return new(r.money(s))
}

var postgresEpoch = norway.NewDate(2000, time.January, 1)

// day is zero for null and infinity.
func (r row) day(s slot) norway.Date {
	if r[s] == nil {
		return 0
	}
	days := int32(binary.BigEndian.Uint32(r[s]))
	if days == math.MaxInt32 {
		return 0
	}
	return postgresEpoch + norway.Date(days)
}

func (r row) instant(s slot) time.Time {
	return time.UnixMicro(postgresEpoch.Time().UnixMicro() + r.number(s)).UTC()
}

// part is what one agency knows about a person.
type part struct {
	code      string
	name      string
	terms     debt.Terms
	creditors []debt.Creditor
	cases     []debt.Case
	agreed    []*debt.Agreement
	at        int // the case of the row before: rows come in the order of cases
}

func (p *part) caseOf(r row) *debt.Case {
	for range p.cases {
		if p.cases[p.at].ID.ID == string(r[text1]) {
			return &p.cases[p.at]
		}
		p.at = (p.at + 1) % len(p.cases)
	}
	return &debt.Case{} // somebody else's, or of another kind: written nowhere
}

func (p *part) key(kind debt.Kind, id string) debt.Key {
	return debt.Key{Kind: kind, Agency: p.code, ID: id}
}

func (p *part) policy(r row) { p.terms.Policy.Imputation = debt.Imputation(r.text(text1)) }

func (p *part) rate(r row) {
	if string(r[text1]) == debt.RateLatePayment {
		p.terms.Rates = append(p.terms.Rates, debt.Rate{ValidFrom: r.day(day1), BasisPoints: int(r.number(number1))})
	}
}

func (p *part) creditor(r row) {
	p.creditors = append(p.creditors, debt.Creditor{
		ID: p.key(debt.KindCreditor, r.text(text1)), Name: r.text(text2), Trade: debt.Trade(r.text(text3)),
	})
}

func (p *part) readCase(r row) {
	c := debt.Case{
		ID: p.key(debt.KindCase, r.text(text1)), CaseNumber: r.text(text2),
		Status: debt.CaseStatus(r.text(text4)), Phase: debt.Phase(r.text(text5)),
		OpenedOn: r.day(day1), DueOn: r.day(day2), ClosedOn: r.day(day3),
		OriginalPrincipal: r.money(number1), PriorInterest: r.money(number2), InterestFrom: r.day(day4),
		KID: r.text(text7), Account: r.text(text8), Payee: r.text(text9),
		DebtorKind: debt.DebtorKind(r.text(text10)), Terms: &p.terms,
	}
	if r[text6] != nil {
		c.LegalStep = new(debt.LegalStep(r.text(text6)))
	}
	if r[number3] != nil {
		c.RateBasisPoints = new(int(r.number(number3)))
	}
	for i := range p.creditors {
		if p.creditors[i].ID.ID == string(r[text3]) {
			c.Creditor = &p.creditors[i]
		}
	}
	p.cases = append(p.cases, c)
}

func (p *part) hold(r row) {
	c := p.caseOf(r)
	c.AllHolds = append(c.AllHolds, debt.Hold{
		Kind: debt.HoldKind(r.text(text2)), Since: r.day(day1), Until: r.day(day2),
	})
}

func (p *part) fee(r row) {
	c := p.caseOf(r)
	c.Fees = append(c.Fees, debt.Fee{
		ID: p.key(debt.KindFee, r.text(text2)), Kind: debt.CostKind(r.text(text3)), Amount: r.money(number1),
		IncurredOn: r.day(day1), WaivedOn: r.day(day2),
	})
}

func (p *part) scheduledCost(r row) {
	c := p.caseOf(r)
	c.ScheduledCosts = append(c.ScheduledCosts, debt.ScheduledCost{
		On: r.day(day1), Kind: debt.CostKind(r.text(text2)), Amount: r.money(number1),
	})
}

func (p *part) letter(r row) {
	c := p.caseOf(r)
	c.AllLetters = append(c.AllLetters, debt.Letter{
		ID: p.key(debt.KindLetter, r.text(text2)), Kind: debt.LetterKind(r.text(text3)), Title: r.text(text4),
		Channel: debt.LetterChannel(r.text(text5)), SentOn: r.day(day1), DueOn: r.day(day2),
		Amount: r.moneyOrNull(number1),
	})
}

func (p *part) payment(r row) {
	c := p.caseOf(r)
	c.AllPayments = append(c.AllPayments, debt.Payment{
		ID: p.key(debt.KindPayment, r.text(text2)), Amount: r.money(number1), ReceivedOn: r.day(day1),
		Channel: debt.PaymentChannel(r.text(text3)),
	})
}

func (p *part) allocation(r row) {
	c := p.caseOf(r)
	for i := range c.AllPayments {
		if x := &c.AllPayments[i]; x.ID.ID == string(r[text2]) {
			x.Allocations = append(x.Allocations, debt.Allocation{
				Component: debt.Component(r.text(text3)), Amount: r.money(number1),
			})
		}
	}
}

func (p *part) agreementOf(id []byte) *debt.Agreement {
	for _, g := range p.agreed {
		if g.ID.ID == string(id) {
			return g
		}
	}
	return nil
}

func (p *part) readAgreement(r row) {
	c, g := p.caseOf(r), p.agreementOf(r[text2])
	if g == nil {
		g = &debt.Agreement{
			ID: p.key(debt.KindAgreement, r.text(text2)), Kind: debt.AgreementKind(r.text(text3)),
			Status: debt.AgreementStatus(r.text(text4)), MonthlyAmount: r.moneyOrNull(number1),
			StartedOn: r.day(day1), EndedOn: r.day(day2),
		}
		p.agreed = append(p.agreed, g)
	}
	g.Cases = append(g.Cases, c)
	c.Agreements = append(c.Agreements, g)
}

func (p *part) instalment(r row) {
	if g := p.agreementOf(r[text1]); g != nil {
		g.Instalments = append(g.Instalments, debt.Instalment{
			Number: int(r.number(number1)), DueOn: r.day(day1), Amount: r.money(number2), Fee: r.money(number3),
			PaidOn: r.day(day2),
		})
	}
}

func (p *part) objection(r row) {
	c := p.caseOf(r)
	var reasons []debt.ObjectionReason
	for reason := range strings.SplitSeq(r.text(text4), ",") {
		reasons = append(reasons, debt.ObjectionReason(reason))
	}
	c.Objections = append(c.Objections, debt.Objection{
		ID: p.key(debt.KindObjection, r.text(text2)), Status: debt.ObjectionStatus(r.text(text3)), Reasons: reasons,
		SubmittedAt: r.instant(instant), DecidedOn: r.day(day1),
	})
}

package peer

import (
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
)

// part is what one agency knows about a person.
type part struct {
	code      string
	name      string
	terms     debt.Terms
	creditor  []debt.Creditor
	cases     []debt.Case
	agreement []*debt.Agreement
	at        int // the case of the row before: rows come in the order of cases
}

func (p *part) caseOf(id string) *debt.Case {
	for range p.cases {
		if p.cases[p.at].ID.ID == id {
			return &p.cases[p.at]
		}
		p.at = (p.at + 1) % len(p.cases)
	}
	return nil
}

func (p *part) key(kind debt.Kind, id string) debt.Key {
	return debt.Key{Kind: kind, Agency: p.code, ID: id}
}

func (p *part) policy(rows pgx.Rows) error {
	dst := []any{(*string)(&p.terms.Policy.Imputation), nil, nil, nil, nil, nil, nil, nil, nil, nil}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
	}
	return nil
}

func (p *part) rates(rows pgx.Rows) error {
	p.terms.Rates = make([]debt.Rate, 0, 64)
	var r debt.Rate
	dst := []any{&r.Kind, &r.ValidFrom, &r.BasisPoints, nil}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if r.Kind == debt.RateLatePayment {
			p.terms.Rates = append(p.terms.Rates, r)
		}
	}
	return nil
}

func (p *part) creditors(rows pgx.Rows) error {
	p.creditor = make([]debt.Creditor, 0, 8)
	var c debt.Creditor
	dst := []any{&c.ID.ID, &c.Name, nil, (*string)(&c.Trade)}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		c.ID = p.key(debt.KindCreditor, c.ID.ID)
		p.creditor = append(p.creditor, c)
	}
	return nil
}

func (p *part) readCases(rows pgx.Rows) error {
	p.cases = make([]debt.Case, 0, 8)
	var c debt.Case
	var step *string
	dst := []any{
		&c.ID.ID, &c.CaseNumber, nil, &c.CreditorID, (*string)(&c.Status), (*string)(&c.Phase), &step, nil, nil,
		&c.OpenedOn, &c.DueOn, &c.ClosedOn, &c.OriginalPrincipal, &c.PriorInterest, &c.InterestFrom,
		&c.RateBasisPoints, nil, nil, &c.KID, &c.Account, &c.Payee, (*string)(&c.DebtorKind), nil,
	}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		row := c
		row.ID, row.Terms = p.key(debt.KindCase, c.ID.ID), &p.terms
		if step != nil {
			row.LegalStep = new(debt.LegalStep(*step))
		}
		for i := range p.creditor {
			if p.creditor[i].ID.ID == c.CreditorID {
				row.Creditor = &p.creditor[i]
			}
		}
		p.cases = append(p.cases, row)
	}
	return nil
}

func (p *part) holds(rows pgx.Rows) error {
	var id string
	var h debt.Hold
	dst := []any{&id, (*string)(&h.Kind), &h.Since, &h.Until}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if c := p.caseOf(id); c != nil {
			c.AllHolds = append(c.AllHolds, h)
		}
	}
	return nil
}

func (p *part) fees(rows pgx.Rows) error {
	var id string
	var f debt.Fee
	dst := []any{&id, &f.ID.ID, (*string)(&f.Kind), &f.Amount, &f.IncurredOn, &f.WaivedOn, nil}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if c := p.caseOf(id); c != nil {
			f.ID = p.key(debt.KindFee, f.ID.ID)
			c.Fees = append(c.Fees, f)
		}
	}
	return nil
}

func (p *part) scheduledCosts(rows pgx.Rows) error {
	var id string
	var s debt.ScheduledCost
	dst := []any{&id, &s.On, (*string)(&s.Kind), &s.Amount}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if c := p.caseOf(id); c != nil {
			c.ScheduledCosts = append(c.ScheduledCosts, s)
		}
	}
	return nil
}

func (p *part) letters(rows pgx.Rows) error {
	var id string
	var l debt.Letter
	dst := []any{&id, &l.ID.ID, (*string)(&l.Kind), &l.Title, (*string)(&l.Channel), &l.SentOn, &l.DueOn, &l.Amount}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if c := p.caseOf(id); c != nil {
			l.ID = p.key(debt.KindLetter, l.ID.ID)
			c.AllLetters = append(c.AllLetters, l)
		}
	}
	return nil
}

func (p *part) payments(rows pgx.Rows) error {
	var id string
	var x debt.Payment
	dst := []any{&id, &x.ID.ID, &x.Amount, &x.ReceivedOn, nil, (*string)(&x.Channel)}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if c := p.caseOf(id); c != nil {
			x.ID = p.key(debt.KindPayment, x.ID.ID)
			c.AllPayments = append(c.AllPayments, x)
		}
	}
	return nil
}

func (p *part) allocations(rows pgx.Rows) error {
	var id, payment string
	var x debt.Allocation
	dst := []any{&id, &payment, (*string)(&x.Component), &x.Amount}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		c := p.caseOf(id)
		if c == nil {
			continue
		}
		for i := range c.AllPayments {
			if c.AllPayments[i].ID.ID == payment {
				c.AllPayments[i].Allocations = append(c.AllPayments[i].Allocations, x)
			}
		}
	}
	return nil
}

func (p *part) agreementOf(id string) *debt.Agreement {
	for _, g := range p.agreement {
		if g.ID.ID == id {
			return g
		}
	}
	return nil
}

func (p *part) agreements(rows pgx.Rows) error {
	var id string
	var g debt.Agreement
	dst := []any{&id, &g.ID.ID, (*string)(&g.Kind), (*string)(&g.Status), &g.MonthlyAmount, &g.StartedOn, &g.EndedOn}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		c := p.caseOf(id)
		if c == nil {
			continue
		}
		seen := p.agreementOf(g.ID.ID)
		if seen == nil {
			row := g
			row.ID = p.key(debt.KindAgreement, g.ID.ID)
			seen = &row
			p.agreement = append(p.agreement, seen)
		}
		seen.Cases = append(seen.Cases, c)
		c.Agreements = append(c.Agreements, seen)
	}
	return nil
}

func (p *part) instalments(rows pgx.Rows) error {
	var id string
	var n debt.Instalment
	dst := []any{&id, &n.Number, &n.DueOn, &n.Amount, &n.Fee, &n.PaidOn}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		if g := p.agreementOf(id); g != nil {
			g.Instalments = append(g.Instalments, n)
		}
	}
	return nil
}

func (p *part) objections(rows pgx.Rows) error {
	var id string
	var reasons []string
	var o debt.Objection
	dst := []any{&id, &o.ID.ID, (*string)(&o.Status), &reasons, nil, &o.SubmittedAt, &o.DecidedOn, nil, nil, nil}
	for rows.Next() {
		if err := rows.Scan(dst...); err != nil {
			return err
		}
		c := p.caseOf(id)
		if c == nil {
			continue
		}
		o.ID = p.key(debt.KindObjection, o.ID.ID)
		o.Reasons = make([]debt.ObjectionReason, len(reasons))
		for i, r := range reasons {
			o.Reasons[i] = debt.ObjectionReason(r)
		}
		c.Objections = append(c.Objections, o)
	}
	return nil
}

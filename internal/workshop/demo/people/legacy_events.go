package people

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

func (p *Payment) writeLegacy(sheets []sheet, c *Case, id int64) {
	s := &sheets[oldPayment]
	s.uuid(oldPayment, id)
	s.text(c.Number)
	s.kroner(p.Amount)
	s.date(p.ReceivedOn)
	s.moment(p.RegisteredAt)
	s.text(oldPaymentChannels[p.Channel])
	s.end()
	var part struct{ principal, interest, letters, fees, legal money.Øre }
	for _, a := range p.Allocations {
		switch a.Component {
		case debt.Principal:
			part.principal = a.Amount
		case debt.Interest:
			part.interest = a.Amount
		case debt.LegalCosts:
			part.legal = a.Amount
		default:
			part.letters = min(a.Amount, 70_00) // the old system has two columns for them
			part.fees = a.Amount - part.letters
		}
	}
	s = &sheets[oldAllocation]
	s.uuid(oldPayment, id)
	s.kroner(part.principal)
	s.kroner(part.interest)
	s.kroner(part.letters)
	s.kroner(part.fees)
	s.kroner(part.legal)
	s.end()
}

func (a *Agreement) writeLegacy(sheets []sheet, d *Debtor) {
	s := &sheets[oldAgreement]
	s.uuid(oldAgreement, a.ID)
	s.uuid(oldDebtor, d.ID)
	if a.Kind == debt.AgreementSettlement {
		s.text("U")
	} else {
		s.text("A")
	}
	s.text(oldAgreements[a.Status])
	if a.Monthly > 0 {
		s.kroner(a.Monthly)
	} else {
		s.null()
	}
	s.date(a.StartedOn)
	s.date(a.EndedOn)
	s.end()
	for _, c := range a.Cases {
		s := &sheets[oldAgreementCase]
		s.uuid(oldAgreement, a.ID)
		s.text(c.Number)
		s.end()
	}
	for _, in := range a.Instalments {
		s := &sheets[oldInstalment]
		s.uuid(oldAgreement, a.ID)
		s.int(int64(in.Number))
		s.date(in.DueOn)
		s.kroner(in.Amount - in.Fee)
		s.kroner(in.Fee)
		s.date(in.PaidOn)
		s.end()
	}
}

func (c *Case) writeLegacyDisputes(sheets []sheet) {
	first := c.ID * childrenOfCase
	for i, o := range c.Objections {
		s := &sheets[oldObjection]
		s.uuid(oldObjection, first+int64(i))
		s.text(c.Number)
		s.text(oldObjections[o.Status])
		s.text(join(o.Reasons, func(r debt.ObjectionReason) string { return oldReasons[r] }))
		s.textOr(o.Statement)
		s.moment(o.SubmittedAt)
		s.date(o.DecidedOn)
		s.textOr(o.Reply)
		s.end()
	}
	for i, q := range c.Requests {
		s := &sheets[oldRequest]
		s.uuid(oldRequest, first+int64(i))
		s.text(c.Number)
		s.int(1)
		s.int(oldRequests[q.Status])
		s.moment(q.RequestedAt)
		s.date(q.Until)
		s.date(q.DecidedOn)
		s.textOr(q.Reply)
		s.end()
	}
}

func writeLegacyMessages(sheets []sheet, d *Debtor) {
	first := d.ID * childrenOfDebtor
	for i, m := range d.Messages {
		s := &sheets[oldMessage]
		s.uuid(oldMessage, first+int64(i))
		s.uuid(oldDebtor, d.ID)
		if m.Case != nil {
			s.text(m.Case.Number)
		} else {
			s.null()
		}
		s.text(map[string]string{"DEBTOR": "I", "AGENCY": "U"}[m.Sender])
		s.textOr(m.Subject)
		s.text(m.Body)
		s.moment(m.SentAt)
		s.moment(m.ReadAt)
		s.end()
	}
	for i, p := range d.Powers {
		s := &sheets[oldPower]
		s.uuid(oldPower, first+int64(i))
		s.uuid(oldDebtor, d.ID)
		s.textOr(p.NationalID)
		s.textOr(p.OrgNumber)
		s.text(p.Name)
		s.text(map[bool]string{false: "I", true: "H"}[p.MayAct])
		s.text(map[bool]string{false: "U", true: "A"}[len(p.Cases) == 0])
		s.date(p.ValidFrom)
		s.date(p.ValidUntil)
		s.moment(p.RevokedAt)
		s.end()
		for _, c := range p.Cases {
			s := &sheets[oldPowerCase]
			s.uuid(oldPower, first+int64(i))
			s.text(c.Number)
			s.end()
		}
	}
}

package people

import "strings"

// writeReferenceItems writes the invoices; the first letter is a copy of all of them.
func (c *Case) writeReferenceItems(s *sheet) {
	for i, x := range c.Items() {
		s.int(c.ID*childrenOfCase + int64(i))
		s.int(c.ID)
		s.int(int64(i + 1))
		s.textOr(x.InvoiceNumber)
		s.date(c.Letters[0].SentOn)
		s.date(c.InterestFrom)
		s.int(int64(x.Amount))
		s.date(c.InterestFrom)
		s.intOr(int64(c.RateBasisPoints))
		s.int(c.ID * childrenOfCase)
		s.end()
	}
}

func (l *Letter) writeReference(sheets []sheet, c *Case, id int64) {
	s := &sheets[refDocument]
	s.int(id)
	s.int(c.ID)
	s.text(l.Title)
	s.int(int64(l.Bytes))
	s.moment(l.created())
	s.end()
	s = &sheets[refLetter]
	s.int(id)
	s.int(c.ID)
	s.text(string(l.Kind))
	s.text(l.Title)
	s.text(string(l.Channel))
	s.date(l.SentOn)
	s.date(l.DueOn)
	s.intOr(int64(l.Amount))
	s.int(id)
	s.end()
}

// created is when the document was made: in the night before the letter was sent.
func (l *Letter) created() Moment { return Moment{l.SentOn, 30 + l.Bytes%180} }

func (p *Payment) writeReference(sheets []sheet, c *Case, id int64) {
	s := &sheets[refPayment]
	s.int(id)
	s.int(c.ID)
	s.int(int64(p.Amount))
	s.date(p.ReceivedOn)
	s.moment(p.RegisteredAt)
	s.text(string(p.Channel))
	s.end()
	for _, a := range p.Allocations {
		s := &sheets[refAllocation]
		s.int(id)
		s.text(string(a.Component))
		s.int(int64(a.Amount))
		s.end()
	}
}

func (a *Agreement) writeReference(sheets []sheet, d *Debtor) {
	s := &sheets[refAgreement]
	s.int(a.ID)
	s.int(d.ID)
	s.text(string(a.Kind))
	s.text(string(a.Status))
	s.intOr(int64(a.Monthly))
	s.date(a.StartedOn)
	s.date(a.EndedOn)
	s.end()
	for _, c := range a.Cases {
		s := &sheets[refAgreementCase]
		s.int(a.ID)
		s.int(c.ID)
		s.end()
	}
	for _, in := range a.Instalments {
		s := &sheets[refInstalment]
		s.int(a.ID)
		s.int(int64(in.Number))
		s.date(in.DueOn)
		s.int(int64(in.Amount))
		s.int(int64(in.Fee))
		s.date(in.PaidOn)
		s.end()
	}
}

func writeReferenceMessages(sheets []sheet, d *Debtor) {
	first := d.ID * childrenOfDebtor
	for i, m := range d.Messages {
		s := &sheets[refMessage]
		s.int(first + int64(i))
		s.int(d.ID)
		if m.Case != nil {
			s.int(m.Case.ID)
		} else {
			s.null()
		}
		s.text(m.Sender)
		s.textOr(m.Subject)
		s.text(m.Body)
		s.moment(m.SentAt)
		s.moment(m.ReadAt)
		s.end()
	}
	for i, p := range d.Powers {
		s := &sheets[refPower]
		s.int(first + int64(i))
		s.int(d.ID)
		s.textOr(p.NationalID)
		s.textOr(p.OrgNumber)
		s.text(p.Name)
		s.bool(p.MayAct)
		s.bool(len(p.Cases) == 0)
		s.date(p.ValidFrom)
		s.date(p.ValidUntil)
		s.moment(p.RevokedAt)
		s.end()
		for _, c := range p.Cases {
			s := &sheets[refPowerCase]
			s.int(first + int64(i))
			s.int(c.ID)
			s.end()
		}
	}
}

func join[T any](list []T, text func(T) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = text(v)
	}
	return strings.Join(parts, ",")
}

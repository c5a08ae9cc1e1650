package people

import (
	"strconv"

	"github.com/oversikt/oversikt/internal/debt"
)

// Numbers of rows that a mapping must leave out, beyond those of any debtor or case.
const (
	doubles    = 1 << 40
	lastOfCase = casesOfDebtor - 1
)

func writeJournal(sheets []sheet, p *Person, d *Debtor) {
	p.writeJournal(sheets, d, d.ID, Moment{})
	for _, c := range d.Cases {
		c.writeJournal(sheets, d, Moment{})
	}
	if first := d.Cases; len(first) > 0 && d.ID%5 < 2 {
		deleted := Moment{first[0].OpenedOn, 700}
		p.writeJournal(sheets, d, doubles+d.ID, deleted)
		double := *first[0]
		double.ID = (d.ID-1)*casesOfDebtor + lastOfCase
		double.writeJournal(sheets, d, deleted)
	}
	for _, a := range d.Agreements {
		a.writeJournal(sheets, d)
	}
	writeJournalMessages(sheets, d)
}

func (p *Person) writeJournal(sheets []sheet, d *Debtor, id int64, deleted Moment) {
	s := &sheets[bookDebtor]
	s.serial(id)
	s.text(map[debt.DebtorKind]string{debt.DebtorPerson: "P", debt.DebtorBusiness: "F"}[p.Kind])
	if d.Identified {
		s.textOr(p.NationalID.Reveal())
	} else {
		s.null()
	}
	for _, v := range []string{p.OrgNumber, p.Name, p.Email, p.Phone, p.Street, p.PostalCode, p.City} {
		s.textOr(v)
	}
	s.text(map[debt.Language]string{debt.Bokmal: "B", debt.Nynorsk: "N", debt.English: "E"}[p.Language])
	s.moment(deleted)
	s.end()
}

func (c *Case) writeJournal(sheets []sheet, d *Debtor, deleted Moment) {
	s := &sheets[bookCase]
	s.serial(c.ID)
	s.text(c.Number)
	s.serial(d.ID)
	s.int(c.Creditor.ID)
	s.int(oldPhases[c.Phase])
	s.textOr(oldSteps[c.LegalStep])
	s.text(c.Description)
	s.textOr(c.CreditorReference)
	s.day(c.OpenedOn)
	s.day(c.DueOn)
	s.day(c.ClosedOn)
	s.day(c.InterestFrom)
	s.fraction(fraction(c.RateBasisPoints) * perØre) // hundredths of a percent look like øre
	s.day(c.AgreementFrom)
	s.text(c.KID)
	s.text(d.Agency.Account)
	s.text(d.Agency.Name)
	s.moment(deleted)
	s.end()
	for _, h := range c.Holds {
		s := &sheets[bookStop]
		s.serial(c.ID)
		s.int(oldHolds[h.Kind])
		s.day(h.Since)
		s.day(h.Until)
		s.end()
	}
	for _, x := range c.Scheduled {
		s := &sheets[bookPlanned]
		s.serial(c.ID)
		s.day(x.On)
		s.int(oldCosts[x.Kind])
		s.kroner(x.Amount)
		s.end()
	}
	c.writeCredential(&sheets[bookCredential], func(s *sheet) { s.serial(c.ID) })
	c.writeVouchers(sheets)
	c.writeJournalLetters(&sheets[bookLetter])
	c.writeJournalDisputes(sheets)
}

// writeVouchers books what is claimed, added and paid. Invoices and costs are split as no øre
// can be, and have a crumb too much, which is gone when their vouchers are rounded.
func (c *Case) writeVouchers(sheets []sheet) {
	n := c.ID * childrenOfCase * 8
	write := func(v voucher) {
		v.id = n
		n++
		v.write(sheets, c)
	}
	items := c.Items()
	if items == nil {
		items = []Item{{c.CreditorReference, c.Principal}}
	}
	for i, x := range items {
		amount := fraction(x.Amount) * perØre
		lines := []line{{onPrincipal, amount / 3}, {onPrincipal, amount - amount/3 + crumb}}
		if c.ID%11 == 3 { // a credit note is booked on its invoice
			lines = append(lines, line{onPrincipal, 150_00 * perØre}, line{onPrincipal, -150_00 * perØre})
		}
		write(voucher{kind: "K", on: c.OpenedOn, place: int64(i + 1), invoice: x.InvoiceNumber,
			issued: c.Letters[0].SentOn, due: c.InterestFrom, against: toCreditor, lines: lines})
	}
	if c.PriorInterest > 0 {
		write(voucher{kind: "R", on: c.OpenedOn, against: toCreditor,
			lines: []line{{onInterest, fraction(c.PriorInterest)*perØre - crumb}}})
	}
	for _, f := range c.Fees {
		amount, account := fraction(f.Amount)*perØre, int64(onFees)
		if f.Kind.Legal() {
			account = onLegalCosts
		}
		fee := voucher{kind: "F", on: f.IncurredOn, cost: f.Kind, basis: f.LegalBasis, against: asIncome,
			lines: []line{{account, amount*4/5 + crumb/2}, {account, amount - amount*4/5}}}
		write(fee)
		if f.WaivedOn != 0 {
			write(voucher{kind: "W", on: f.WaivedOn, reverses: n - 1, against: asIncome,
				lines: []line{{account, -amount - crumb/2}}})
		}
		if c.ID%7 == 2 { // booked twice, and deleted
			fee.deleted = Moment{f.IncurredOn, 600}
			write(fee)
		}
	}
	for _, p := range c.Payments {
		paid := voucher{kind: "P", on: p.ReceivedOn, channel: p.Channel, booked: p.RegisteredAt, against: atBank}
		for _, a := range p.Allocations {
			paid.lines = append(paid.lines, line{accountOf[a.Component], -fraction(a.Amount) * perØre})
		}
		write(paid)
		if c.ID%7 == 2 {
			paid.deleted = Moment{p.ReceivedOn, 601}
			write(paid)
		}
	}
}

func (c *Case) writeJournalLetters(s *sheet) {
	write := func(id int64, l *Letter, deleted Moment) {
		s.serial(id)
		s.serial(c.ID)
		s.text(oldLetters[l.Kind])
		s.text(l.Title)
		s.text(oldLetterChannels[l.Channel])
		s.day(l.SentOn)
		s.day(l.DueOn)
		s.kronerOr(l.Amount)
		s.moment(l.created())
		s.int(int64(l.Bytes))
		s.moment(deleted)
		s.end()
	}
	for i := range c.Letters {
		id := c.ID*childrenOfCase + int64(i)
		write(id, &c.Letters[i], Moment{})
		if c.ID%7 == 2 {
			write(id+childrenOfCase/2, &c.Letters[i], Moment{c.Letters[i].SentOn, 602})
		}
	}
}

func (c *Case) writeJournalDisputes(sheets []sheet) {
	first := c.ID * childrenOfCase
	for i, o := range c.Objections {
		s := &sheets[bookObjection]
		s.serial(first + int64(i))
		s.serial(c.ID)
		s.text(oldObjections[o.Status])
		s.text(join(o.Reasons, func(r debt.ObjectionReason) string { return oldReasons[r] }))
		s.textOr(o.Statement)
		s.moment(o.SubmittedAt)
		s.day(o.DecidedOn)
		s.textOr(o.Reply)
		s.end()
	}
	for i, q := range c.Requests {
		s := &sheets[bookDeferral]
		s.serial(first + int64(i))
		s.serial(c.ID)
		s.text(strconv.FormatInt(oldRequests[q.Status], 10))
		s.moment(q.RequestedAt)
		s.day(q.Until)
		s.day(q.DecidedOn)
		s.textOr(q.Reply)
		s.end()
	}
}

func (a *Agreement) writeJournal(sheets []sheet, d *Debtor) {
	s := &sheets[bookAgreement]
	s.serial(a.ID)
	s.serial(d.ID)
	s.text(map[bool]string{false: "A", true: "U"}[a.Kind == debt.AgreementSettlement])
	s.text(oldAgreements[a.Status])
	s.kronerOr(a.Monthly)
	s.day(a.StartedOn)
	s.day(a.EndedOn)
	s.end()
	for _, c := range a.Cases {
		s := &sheets[bookAgreementCase]
		s.serial(a.ID)
		s.serial(c.ID)
		s.end()
	}
	for _, in := range a.Instalments {
		s := &sheets[bookInstalment]
		s.serial(a.ID)
		s.int(int64(in.Number))
		s.day(in.DueOn)
		s.kroner(in.Amount - in.Fee)
		s.kroner(in.Fee)
		s.day(in.PaidOn)
		s.end()
	}
}

func writeJournalMessages(sheets []sheet, d *Debtor) {
	first := d.ID * childrenOfDebtor
	for i, m := range d.Messages {
		s := &sheets[bookMessage]
		s.serial(first + int64(i))
		s.serial(d.ID)
		if m.Case != nil {
			s.serial(m.Case.ID)
		} else {
			s.serialOr(0)
		}
		s.text(map[string]string{"DEBTOR": "I", "AGENCY": "U"}[m.Sender])
		s.textOr(m.Subject)
		s.text(m.Body)
		s.moment(m.SentAt)
		s.moment(m.ReadAt)
		s.end()
	}
	for i, p := range d.Powers {
		s := &sheets[bookPower]
		s.serial(first + int64(i))
		s.serial(d.ID)
		s.textOr(p.NationalID)
		s.textOr(p.OrgNumber)
		s.text(p.Name)
		s.bool(p.MayAct)
		s.bool(len(p.Cases) == 0)
		s.day(p.ValidFrom)
		s.day(p.ValidUntil)
		s.moment(p.RevokedAt)
		s.end()
		for _, c := range p.Cases {
			s := &sheets[bookPowerCase]
			s.serial(first + int64(i))
			s.serial(c.ID)
			s.end()
		}
	}
}

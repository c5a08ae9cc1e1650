package people

import (
	"strconv"
	"strings"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

func writeLegacy(sheets []sheet, p *Person, d *Debtor) {
	s := &sheets[oldDebtor]
	s.uuid(oldDebtor, d.ID)
	first, last := "", p.Name
	switch {
	case p.Kind == debt.DebtorPerson:
		s.text("P")
		at := strings.LastIndexByte(p.Name, ' ')
		first, last = p.Name[:at], p.Name[at+1:]
	case p.NationalID.IsZero():
		s.text("F")
	default:
		s.text("E")
	}
	if d.Identified {
		s.textOr(p.NationalID.Reveal())
	} else {
		s.null()
	}
	for _, v := range []string{p.OrgNumber, first, last, p.Email, p.Phone, p.Street} {
		s.textOr(v)
	}
	code, _ := strconv.Atoi(p.PostalCode)
	s.int(int64(code))
	s.text(p.City)
	s.text(map[debt.Language]string{debt.Bokmal: "B", debt.Nynorsk: "N", debt.English: "E"}[p.Language])
	s.end()
	for _, c := range d.Cases {
		c.writeLegacy(sheets, d)
	}
	for _, a := range d.Agreements {
		a.writeLegacy(sheets, d)
	}
	writeLegacyMessages(sheets, d)
}

func (c *Case) writeLegacy(sheets []sheet, d *Debtor) {
	s := &sheets[oldCase]
	s.text(c.Number)
	s.uuid(oldDebtor, d.ID)
	s.uuid(oldCreditorID, c.Creditor.ID)
	status := oldPhases[c.Phase]
	if n := len(c.Objections); n > 0 && c.Status == debt.Closed && c.Objections[n-1].Status == debt.ObjectionUpheld {
		status = 81
	}
	s.int(status)
	s.textOr(oldSteps[c.LegalStep])
	s.text(c.Description)
	s.textOr(c.CreditorReference)
	s.date(c.OpenedOn)
	s.date(c.DueOn)
	s.date(c.ClosedOn)
	if c.RateBasisPoints > 0 {
		s.text("A")
		s.kroner(money.Øre(c.RateBasisPoints)) // hundredths of a percent look like øre
	} else {
		s.text("L")
		s.null()
	}
	s.date(c.InterestFrom)
	s.date(c.AgreementFrom)
	s.text(c.KID)
	s.text(d.Agency.Account)
	s.text(d.Agency.Name)
	s.text([]string{"KLN", "OBH", "TSM", "AGR"}[c.ID%4])
	s.end()
	c.writeCredential(&sheets[oldCredential], func(s *sheet) { s.text(c.Number) })
	c.writeLegacyClaims(&sheets[oldClaim])
	c.writeLegacyFees(sheets)
	for i, h := range c.Holds {
		s := &sheets[oldHold]
		s.uuid(oldHold, c.ID*childrenOfCase+int64(i))
		s.text(c.Number)
		s.int(oldHolds[h.Kind])
		s.date(h.Since)
		s.date(h.Until)
		s.end()
	}
	c.writeLegacyLetters(&sheets[oldLetter])
	for i, p := range c.Payments {
		p.writeLegacy(sheets, c, c.ID*childrenOfCase+int64(i))
	}
	c.writeLegacyDisputes(sheets)
}

// writeLegacyClaims writes what adds up to the principal: here and there two
// invoices, or a credit note.
func (c *Case) writeLegacyClaims(s *sheet) {
	line := 0
	write := func(kind, number string, amount money.Øre) {
		line++
		s.text(c.Number)
		s.int(int64(line))
		s.text(kind)
		s.textOr(number)
		s.date(c.Letters[0].SentOn)
		s.date(c.InterestFrom)
		s.kroner(amount)
		s.end()
	}
	const credit = 150_00
	items := c.Items()
	for _, x := range items {
		write("H", x.InvoiceNumber, x.Amount)
	}
	switch {
	case items != nil:
	case c.Principal > 500_00 && c.ID%11 == 3:
		write("H", c.CreditorReference, c.Principal+credit)
		write("K", c.CreditorReference+"9", -credit)
	default:
		write("H", c.CreditorReference, c.Principal)
	}
	if c.PriorInterest > 0 {
		write("R", "", c.PriorInterest)
	}
}

// writeLegacyFees writes the fees, some of them too high at first and then corrected.
func (c *Case) writeLegacyFees(sheets []sheet) {
	s := &sheets[oldFee]
	const excess = 25_00
	for i, f := range c.Fees {
		id := c.ID*childrenOfCase + int64(i)
		corrected := f.Kind == debt.CostLightFee && f.WaivedOn == 0 && c.ID%9 == 2
		amount := f.Amount
		if corrected {
			amount += excess
		}
		s.uuid(oldFee, id)
		s.text(c.Number)
		s.int(oldCosts[f.Kind])
		s.kroner(amount)
		s.date(f.IncurredOn)
		s.date(f.WaivedOn)
		s.null()
		s.textOr(f.LegalBasis)
		s.end()
		if corrected {
			s.uuid(oldCorrectionID, id)
			s.text(c.Number)
			s.int(oldCosts[f.Kind])
			s.kroner(-excess)
			s.date(f.IncurredOn)
			s.null()
			s.uuid(oldFee, id)
			s.text("feil sats")
			s.end()
		}
	}
	s = &sheets[oldScheduled]
	for _, x := range c.Scheduled {
		s.text(c.Number)
		s.date(x.On)
		s.int(oldCosts[x.Kind])
		s.kroner(x.Amount)
		s.end()
	}
}

// writeLegacyLetters writes the letters, and a note among them that debtors must not see.
func (c *Case) writeLegacyLetters(s *sheet) {
	for i := range c.Letters {
		l := &c.Letters[i]
		s.uuid(oldLetter, c.ID*childrenOfCase+int64(i))
		s.text(c.Number)
		s.text(oldLetters[l.Kind])
		s.text(l.Title)
		s.text(oldLetterChannels[l.Channel])
		s.date(l.SentOn)
		if l.DueOn == 0 {
			s.text("00000000")
		} else {
			s.text(strings.ReplaceAll(l.DueOn.String(), "-", ""))
		}
		if l.Amount > 0 {
			s.kroner(l.Amount)
		} else {
			s.null()
		}
		s.moment(l.created())
		s.text("PDF")
		s.int(int64(l.Bytes))
		s.end()
	}
	for i, o := range c.Objections {
		s.uuid(oldNoteID, c.ID*childrenOfCase+int64(i))
		s.text(c.Number)
		s.text("NO")
		s.text("Notat: innsigelse sendt oppdragsgiver for uttalelse")
		s.text("P")
		s.date(o.SubmittedAt.On)
		s.text("00000000")
		s.null()
		s.moment(o.SubmittedAt)
		s.text("TXT")
		s.int(240)
		s.end()
	}
}

package contracttest

import (
	"cmp"
	"slices"
	"strconv"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// expect translates what was generated for a debtor into the records that a read of
// everything returns.
func (c *Core) expect(p *people.Person, d *people.Debtor, rates []debt.Rate) *debt.Part {
	agency := c.facts()
	a := d.Agency
	agency.OrgNumber, agency.Phone, agency.Email = &a.OrgNumber, &a.Phone, &a.Email
	agency.Website, agency.PostalAddress = &a.Website, &a.PostalAddress
	agency.Domains, agency.Senders, agency.Phones, agency.Accounts = a.Domains, []string{a.Sender}, a.Phones,
		[]string{a.Account}
	debtor := &debt.Debtor{
		ID: c.key(debt.KindDebtor, d.ID), Agency: &agency, Kind: p.Kind, OrgNumber: some(p.OrgNumber), Name: p.Name,
		Email: some(p.Email), Phone: some(p.Phone),
		StreetAddress: some(p.Street), PostalCode: some(p.PostalCode), City: some(p.City), Language: p.Language,
	}
	e := expectation{core: c, debtor: debtor, terms: &debt.Terms{Today: c.Today, Policy: a.Policy, Rates: rates}}
	part := &debt.Part{Agency: &agency, Status: debt.AgencyOK, Debtors: []*debt.Debtor{debtor}}
	part.FAQ = a.FAQ
	part.Messages = e.messages(d)
	part.PowersOfAttorney = append(e.powers(d), c.held(p.NationalID)...)
	byRecord := map[*people.Case]*debt.Case{}
	for _, record := range d.Cases {
		byRecord[record] = e.caseOf(d, record)
		part.Cases = append(part.Cases, byRecord[record])
	}
	for _, record := range d.Agreements {
		e.agree(record, byRecord)
	}
	return part
}

// childrenOfCase is how many rows of a kind a case may have in the generator's keys.
const childrenOfCase = 128

func (c *Core) key(kind debt.Kind, id int64) debt.Key {
	return debt.Key{Kind: kind, Agency: c.Agency, ID: strconv.FormatInt(id, 10)}
}

type expectation struct {
	core   *Core
	debtor *debt.Debtor
	terms  *debt.Terms
}

func (e expectation) caseOf(d *people.Debtor, r *people.Case) *debt.Case {
	creditor := &debt.Creditor{
		ID: e.core.key(debt.KindCreditor, r.Creditor.ID), Name: r.Creditor.Name, OrgNumber: some(r.Creditor.OrgNumber),
		Trade: r.Creditor.Trade,
	}
	out := &debt.Case{
		ID: e.core.key(debt.KindCase, r.ID), CaseNumber: r.Number, DebtorID: e.debtor.ID.ID, CreditorID: creditor.ID.ID,
		Status: r.Status, Phase: r.Phase, LegalStep: some(r.LegalStep), Description: r.Description,
		CreditorReference: some(r.CreditorReference),
		OpenedOn:          r.OpenedOn, DueOn: r.DueOn, ClosedOn: r.ClosedOn, OriginalPrincipal: r.Principal,
		PriorInterest: r.PriorInterest,
		InterestFrom:  r.InterestFrom, RateBasisPoints: some(r.RateBasisPoints), AgreementFrom: r.AgreementFrom,
		KID: r.KID, Account: d.Agency.Account, Payee: d.Agency.Name, DebtorKind: e.debtor.Kind,
		DebtorLanguage: e.debtor.Language,
		Agency:         e.debtor.Agency, Creditor: creditor, Debtor: e.debtor, Terms: e.terms,
		ScheduledCosts: r.Scheduled,
	}
	key := func(kind debt.Kind, i int) debt.Key { return e.core.key(kind, r.ID*childrenOfCase+int64(i)) }
	for i, f := range r.Fees {
		out.Fees = append(out.Fees, debt.Fee{
			ID: key(debt.KindFee, i), Case: out, Kind: f.Kind, Amount: f.Amount, IncurredOn: f.IncurredOn, WaivedOn: f.WaivedOn,
			LegalBasis: some(f.LegalBasis),
		})
	}
	for i, l := range r.Letters {
		out.AllLetters = append(out.AllLetters, debt.Letter{
			ID: key(debt.KindLetter, i), Case: out, Kind: l.Kind, Title: l.Title, Channel: l.Channel, SentOn: l.SentOn,
			DueOn: l.DueOn, Amount: some(l.Amount), DocumentID: new(key(debt.KindLetter, i).ID),
		})
	}
	for i, p := range r.Payments {
		out.AllPayments = append(out.AllPayments, debt.Payment{
			ID: key(debt.KindPayment, i), Case: out, Amount: p.Amount, ReceivedOn: p.ReceivedOn,
			RegisteredAt: instant(p.RegisteredAt), Channel: p.Channel, Allocations: p.Allocations,
		})
	}
	for i, o := range r.Objections {
		out.Objections = append(out.Objections, debt.Objection{
			ID: key(debt.KindObjection, i), Case: out, Status: o.Status, Reasons: o.Reasons, Statement: some(o.Statement),
			SubmittedAt: instant(o.SubmittedAt), DecidedOn: o.DecidedOn, Reply: some(o.Reply),
		})
	}
	for i, x := range r.Items() {
		item := debt.ClaimItem{ID: key(0, i).ID, Case: out, Number: i + 1, InvoiceNumber: some(x.InvoiceNumber),
			IssuedOn: r.Letters[0].SentOn, DueOn: r.InterestFrom, Amount: x.Amount, InterestFrom: r.InterestFrom,
			RateBasisPoints: some(r.RateBasisPoints)}
		if e.core.CaseKey == nil {
			item.DocumentID = new(key(0, 0).ID)
		}
		out.Items = append(out.Items, item)
	}
	out.AllHolds, out.Documents, out.Requests = e.holds(r), e.documents(r), e.requests(r)
	out.Deferrals = deferrals(out.Requests)
	return out
}

// holds are those of the case itself and those that follow from what the debtor sent.
func (expectation) holds(r *people.Case) []debt.Hold {
	all := slices.Clone(r.Holds)
	for _, o := range r.Objections {
		if o.DecidedOn.IsZero() && o.Status != debt.ObjectionReceived && o.Status != debt.ObjectionUnderReview {
			continue // it ended on a day that nobody wrote down
		}
		all = append(all, debt.Hold{Kind: debt.HoldDisputed, Since: o.SubmittedAt.On, Until: o.DecidedOn})
	}
	for _, q := range r.Requests {
		if q.Status == "GRANTED" {
			all = append(all, debt.Hold{Kind: debt.HoldDeferred, Since: cmp.Or(q.DecidedOn, q.RequestedAt.On), Until: q.Until})
		}
	}
	return all
}

// agree adds an agreement to its cases, and the hold that follows from it.
func (e expectation) agree(r *people.Agreement, cases map[*people.Case]*debt.Case) {
	out := &debt.Agreement{
		ID: e.core.key(debt.KindAgreement, r.ID), Kind: r.Kind, Status: r.Status, MonthlyAmount: some(r.Monthly),
		StartedOn: r.StartedOn, EndedOn: r.EndedOn, Instalments: r.Instalments, Covers: len(r.Cases),
	}
	for _, record := range r.Cases {
		c := cases[record]
		out.Cases = append(out.Cases, c)
		c.Agreements = append(c.Agreements, out)
		if r.Status == debt.AgreementActive || !r.EndedOn.IsZero() {
			c.AllHolds = append(c.AllHolds, debt.Hold{Kind: debt.HoldAgreement, Since: r.StartedOn, Until: r.EndedOn})
		}
	}
}

// some returns null for the zero value.
func some[T ~string | ~int | ~int64](v T) *T {
	var none T
	if v == none {
		return nil
	}
	return new(v)
}

func instant(m people.Moment) time.Time {
	y, month, d := m.On.Time().Date()
	return time.Date(y, month, d, 0, m.Minute, 0, 0, norway.Oslo)
}

// totalOf sums amounts.
func totalOf(parts []debt.Allocation) money.Øre {
	var sum money.Øre
	for _, a := range parts {
		sum += a.Amount
	}
	return sum
}

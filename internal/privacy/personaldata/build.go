package personaldata

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Person is whom an archive is about.
type Person struct {
	Name       string
	NationalID norway.NationalID
}

func (r *Register) document(p Person, asked *debt.Language) *document {
	l := chosen(asked, r.language)
	d := &document{
		Format: Format, GeneratedAt: instant(r.GeneratedAt), Language: l,
		Person: person{p.Name, p.NationalID.Masked()}, Complete: r.Complete(),
		Missing: each(r.Missing, func(m *Missing) missing { return missing{m.Kind, m.Name} }),
		Rights:  each(rights, func(t *text) string { return t.in(l) }),
	}
	d.Sources = each(r.Sources, func(s *Source) source { return r.source(s, l) })
	return d
}

func (r *Register) source(s *Source, l debt.Language) source {
	out := source{Kind: s.Kind, Name: s.Name, Categories: each(s.Categories,
		func(c *Category) category { return categoryIn(c, l) })}
	if s.Agency != nil {
		a := s.Agency
		out.Contact = &controller{a.Code, a.OrgNumber, a.Phone, a.Email, a.Website, a.PostalAddress}
	}
	if s.part != nil {
		out.Agency = agencyDataOf(s.part)
	}
	if s.portal != nil {
		out.Portal = r.portalDataOf(s.portal)
	}
	return out
}

func categoryIn(c *Category, l debt.Language) category {
	return category{
		Code: c.Code, Name: c.Name(&l), Purpose: c.Purpose(&l), Origin: c.Origin(&l), Recipients: c.Recipients(&l),
		Retention: c.Retention(&l), RetentionDays: c.RetentionDays, RecordCount: c.RecordCount,
		LegalBases: each(c.LegalBases(), func(b *LegalBasis) legalBasis { return legalBasis{b.Provision, b.Text(&l)} }),
	}
}

func agencyDataOf(p *debt.Part) *agencyData {
	number := map[string]string{}
	for _, c := range p.Cases {
		number[c.ID.ID] = c.CaseNumber
	}
	return &agencyData{
		Debtors: each(p.Debtors, func(d **debt.Debtor) debtor { return debtorOf(*d) }),
		Cases:   each(p.Cases, func(c **debt.Case) caseData { return caseOf(*c) }),
		Agreements: each(agreementsOf(p), func(a **debt.Agreement) agreement {
			return agreementOf(*a)
		}),
		Messages: each(p.Messages, func(m *debt.Message) message {
			out := message{SentAt: instant(m.SentAt), Sender: m.Sender, Subject: m.Subject, Body: m.Body,
				ReadAt: (*instant)(m.ReadAt)}
			if m.CaseID != nil {
				out.CaseNumber = new(number[*m.CaseID])
			}
			return out
		}),
		PowersOfAttorney: each(p.PowersOfAttorney, func(a *debt.PowerOfAttorney) powerOfAttorney {
			return powerOfAttorney{
				a.Held, a.AttorneyName, a.OrgNumber, a.MayAct, a.AllCases,
				each(a.CaseIDs, func(id *string) string { return number[*id] }),
				day(a.ValidFrom), day(a.ValidUntil), (*instant)(a.RevokedAt),
			}
		}),
		Difficulties: each(p.Difficulties, func(d *debt.Difficulty) difficulty {
			return difficulty{d.Kinds, d.InterpreterLanguage, d.Statement, d.ContactChannel, d.ContactFrom, d.ContactUntil,
				instant(d.DeclaredAt), day(d.Until)}
		}),
		CaseLinks: each(p.CaseLinks, func(l *debt.CaseLink) caseLink {
			return caseLink{instant(l.RequestedAt), l.CaseNumber, l.Statement, l.Status, day(l.DecidedOn), l.Reply}
		}),
	}
}

func debtorOf(d *debt.Debtor) debtor {
	return debtor{d.Kind, d.Name, d.OrgNumber, d.Email, d.Phone, d.StreetAddress, d.PostalCode, d.City, d.Language}
}

func caseOf(c *debt.Case) caseData {
	b := c.BalanceOn(c.Terms.Today)
	out := caseData{
		CaseNumber: c.CaseNumber, Status: c.Status, Phase: c.Phase, LegalStep: c.LegalStep, Description: c.Description,
		Creditor: creditor{c.Creditor.Name, c.Creditor.OrgNumber, c.Creditor.Trade}, CreditorReference: c.CreditorReference,
		OpenedOn: day(c.OpenedOn), DueOn: day(c.DueOn), ClosedOn: day(c.ClosedOn),
		OriginalPrincipal: amount(c.OriginalPrincipal), PriorInterest: amount(c.PriorInterest),
		InterestFrom:  day(c.InterestFrom),
		AgreementFrom: day(c.AgreementFrom), KID: c.KID, Account: c.Account, Payee: c.Payee,
		Balance: balance{
			day(c.Terms.Today), amount(b.Total), amount(b.Principal), amount(b.Interest), amount(b.Fees), amount(b.LegalCosts),
		},
		Items: each(c.Items, itemOf),
		Holds: each(c.AllHolds, func(h *debt.Hold) hold { return hold{h.Kind, day(h.Since), day(h.Until)} }),
		ScheduledCosts: each(c.ScheduledCosts, func(s *debt.ScheduledCost) scheduledCost {
			return scheduledCost{day(s.On), s.Kind, amount(s.Amount)}
		}),
		Fees: each(c.Fees, func(f *debt.Fee) fee {
			return fee{f.Kind, amount(f.Amount), day(f.IncurredOn), day(f.WaivedOn), f.LegalBasis}
		}),
		Payments: each(c.AllPayments, paymentOf),
		Letters: each(c.AllLetters, func(l *debt.Letter) letter {
			return letter{day(l.SentOn), l.Kind, l.Title, l.Channel, day(l.DueOn), amountOf(l.Amount)}
		}),
		Documents: each(c.Documents, func(d *debt.Document) documentData {
			return documentData{d.Title, d.MediaType, d.Bytes, instant(d.CreatedAt), d.LetterID != nil}
		}),
		Objections: each(c.Objections, func(o *debt.Objection) objection {
			return objection{instant(o.SubmittedAt), o.Status, o.Reasons, o.Statement, amountOf(o.Disputed),
				o.ContactWithCreditor, day(o.DecidedOn), o.Reply, o.CreditorStandpoint, day(o.WithdrawnOn)}
		}),
		Deferrals: each(c.Deferrals, func(d *debt.Deferral) deferral {
			return deferral{instant(d.RequestedAt), d.Status, day(d.Until), d.Reason, amountOf(d.CostBefore),
				amountOf(d.CostAfter), day(d.DecidedOn), d.Reply}
		}),
		Receipts: each(c.Receipts, func(x *debt.Receipt) receiptData {
			return receiptData{instant(x.SubmittedAt), x.Kind, day(x.PaidOn), amount(x.Amount), x.Statement, x.Status,
				day(x.DecidedOn), x.Reply}
		}),
		Complaints: each(c.Complaints, func(x *debt.Complaint) complaint {
			return complaint{instant(x.SubmittedAt), x.Status, x.Categories, x.Statement, day(x.AnswerBy), day(x.AnsweredOn),
				x.Reply}
		}),
		Requests: each(c.Requests, func(q *debt.Request) request {
			return request{instant(q.RequestedAt), q.Kind, q.Status, day(q.Until), day(q.DecidedOn), q.Reply}
		}),
	}
	out.ContractualRate = rateOf(c.RateBasisPoints)
	return out
}

func itemOf(x *debt.ClaimItem) claimItem {
	return claimItem{
		x.Number, x.InvoiceNumber, day(x.IssuedOn), day(x.DueOn), amount(x.Amount), day(x.InterestFrom),
		rateOf(x.RateBasisPoints),
	}
}

func rateOf(basisPoints *int) *percent {
	if basisPoints == nil {
		return nil
	}
	return new(percent(*basisPoints))
}

func paymentOf(p *debt.Payment) payment {
	return payment{
		day(p.ReceivedOn), amount(p.Amount), p.Channel, instant(p.RegisteredAt),
		each(p.Allocations, func(a *debt.Allocation) allocation { return allocation{a.Component, amount(a.Amount)} }),
	}
}

func agreementOf(a *debt.Agreement) agreement {
	return agreement{
		a.Kind, a.Status, each(a.Cases, func(c **debt.Case) string { return (*c).CaseNumber }),
		amountOf(a.MonthlyAmount), day(a.StartedOn), day(a.EndedOn),
		each(a.Instalments, func(i *debt.Instalment) instalment {
			return instalment{i.Number, day(i.DueOn), amount(i.Amount), amount(i.Fee), day(i.PaidOn)}
		}),
	}
}

func (r *Register) portalDataOf(p *Portal) *portalData {
	names := func(codes []string) []string { return each(codes, func(c *string) string { return r.nameOf(*c) }) }
	return &portalData{
		PrivacyRequests: each(p.Requests, func(q *Request) privacyRequest {
			to := PortalName
			if q.AgencyCode != nil {
				to = r.nameOf(*q.AgencyCode)
			}
			return privacyRequest{instant(q.SubmittedAt), q.Kind, to, q.Status, day(q.AnswerBy), q.Text,
				(*instant)(q.AnsweredAt), q.Reply}
		}),
		Logins: each(p.Logins, func(s *Login) login {
			return login{instant(s.CreatedAt), s.Kind, s.Assurance, instant(s.SeenAt), instant(s.ExpiresAt)}
		}),
		Acts: each(p.Acts, func(a *Act) actData {
			return actData{instant(a.AskedAt), a.Name, a.By, a.Status, names(a.Agencies), (*instant)(a.EndedAt)}
		}),
		SolutionAcceptances: each(p.Acceptances, func(a *Acceptance) acceptance {
			return acceptance{instant(a.AcceptedAt), a.Status, names(a.Agencies), (*instant)(a.EndedAt), a.Reason,
				each(a.Schedule, func(s *ScheduledPayment) scheduled {
					return scheduled{day(s.DueOn), r.numberOf(&s.Case), amount(s.Amount), amount(s.Fee)}
				})}
		}),
		HouseholdBudget: each(p.Budgets, func(b *Budget) budgetData {
			return budgetData{instant(b.SavedAt), b.Household, amount(b.Income), amount(b.OtherIncome), amount(b.Housing),
				amount(b.Childcare), amount(b.Cars), amount(b.OtherPlans), b.ChildrenAges, names(b.Shared)}
		}),
		SentFiles: each(p.Files, func(f *File) sentFile {
			return sentFile{f.With, instant(f.SentAt), r.numberOf(&f.Case), f.MediaType, f.Bytes}
		}),
		PowersOfAttorney: each(p.Powers, func(a *Power) givenPower {
			return givenPower{
				instant(a.GivenAt), a.Held, a.AttorneyName, a.OrgNumber, a.MayAct, a.AllCases,
				names(a.Agencies), each(a.Cases, r.numberOf), day(a.ValidFrom), day(a.ValidTo), (*instant)(a.RevokedAt),
				a.Signed, a.DocumentType, a.DocumentSize,
			}
		}),
		AccessLog: each(p.AccessLog, func(a *Access) access {
			out := access{instant(a.At), a.Actor, nil, a.Ground, a.Reason, a.Action, a.What, names(a.Agencies), a.Outcome}
			if a.Agency != nil {
				out.Agency = new(r.nameOf(*a.Agency))
			}
			return out
		}),
	}
}

// nameOf returns the name of an agency, its code when it is no longer connected.
func (r *Register) nameOf(code string) string {
	for _, s := range r.Sources {
		if s.Agency != nil && s.Agency.Code == code {
			return s.Name
		}
	}
	for _, m := range r.Missing {
		if m.Agency != nil && m.Agency.Code == code {
			return m.Name
		}
	}
	return code
}

// numberOf returns the number of a case with the name of its agency, or only the name when the
// agency has not told the number.
func (r *Register) numberOf(k *debt.Key) string {
	for _, s := range r.Sources {
		for _, c := range s.Cases {
			if c.ID == *k {
				return c.CaseNumber + ", " + s.Name
			}
		}
	}
	return r.nameOf(k.Agency)
}

// each translates a list; it is never null.
func each[A, B any](list []A, f func(*A) B) []B {
	out := make([]B, len(list))
	for i := range list {
		out[i] = f(&list[i])
	}
	return out
}

func amountOf(o *money.Øre) *amount { return (*amount)(o) }

package core

import (
	"reflect"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// assembly puts the rows of a read together: cases with their relations.
type assembly struct {
	of         *debt.Agency
	terms      *debt.Terms
	debtorRows []*debt.Debtor
	creditor   map[string]*debt.Creditor
	caseRows   []*debt.Case
	agreement  map[string]*debt.Agreement
	message    []debt.Message
	power      []debt.PowerOfAttorney
	faq        []debt.FAQ
	difficulty []debt.Difficulty
	link       []debt.CaseLink
	withheld   []debt.Withheld
	spoiled    map[string]breach // creditors whose row breaks the contract, by key
	broken     []*debt.Case      // those of caseRows that are withheld
	at         int               // the case that rows were last attached to: rows come in the cases' order
	id         repeated
	reading    string // the relation that is read
	bytes      int    // read so far
	columns    []any  // used again for each relation
	plans      []pgtype.ScanPlan
	survey     *surveyor // what is done with rows where they are looked at; nil: they are put together

	placed    map[string]place // of the relation's rows, by key
	twice     []string         // relations that brought a row again
	whole     bool             // all cases of the person are read
	ambiguous bool             // the policy, or the rate of a day, has rows that differ
}

func newAssembly(agency debt.Agency, today norway.Date) *assembly {
	return &assembly{of: &agency, terms: &debt.Terms{Today: today}}
}

func (a *assembly) part() *debt.Part {
	if a.whole && len(a.withheld) == 0 {
		for _, c := range a.caseRows {
			c.Beside = a.caseRows
		}
	}
	return &debt.Part{Agency: a.of, Status: debt.AgencyOK, Debtors: a.debtorRows, Cases: a.caseRows, Messages: a.message,
		PowersOfAttorney: a.power, FAQ: a.faq, Difficulties: a.difficulty, CaseLinks: a.link,
		Withheld: a.withheld, Repeated: a.twice}
}

func (a *assembly) key(kind debt.Kind, id string) debt.Key {
	return debt.Key{Kind: kind, Agency: a.of.Code, ID: id}
}

// find returns the case that a row belongs to. Relations come in the order of the cases.
func (a *assembly) find(id string) *debt.Case {
	for range a.caseRows {
		if a.caseRows[a.at].ID.ID == id {
			return a.caseRows[a.at]
		}
		a.at = (a.at + 1) % len(a.caseRows)
	}
	return nil
}

func (a *assembly) agency(rows pgx.Rows) error {
	g := a.of
	return a.each(rows, []any{&g.OrgNumber, &g.Phone, &g.Email, &g.Website, &g.PostalAddress,
		&g.Domains, &g.Senders, &g.Phones, &g.Accounts}, func() {}, costly)
}

func (a *assembly) policy(rows pgx.Rows) error {
	p := &a.terms.Policy
	var before *debt.Policy
	return a.each(rows, []any{
		imputation(&p.Imputation), &p.MinInstalment, &p.MaxInstalments, &p.InstalmentFee, &p.SetupFee,
		&p.SetupFreeInstalments, &p.MaxDeferralDays, &p.DeferralFee, &p.JointAgreements, &p.AgreementStopsCosts,
		&p.PlanLongest, &p.PlanGraceDays, &p.PlanSkips, &p.PlanAfterBreach,
	}, func() {
		if before == nil {
			before = new(*p)
			return
		}
		a.again()
		a.ambiguous = a.ambiguous || !before.Same(p)
	}, costly)
}

func (a *assembly) rates(rows pgx.Rows) error {
	var r debt.Rate
	return a.each(rows, []any{(*repeated)(&r.Kind), never(&r.ValidFrom), &r.BasisPoints, (*repeated)(&r.Source)}, func() {
		if r.Kind != debt.RateLatePayment {
			return
		}
		if n := len(a.terms.Rates); n > 0 && a.terms.Rates[n-1].ValidFrom == r.ValidFrom {
			a.again()
			a.ambiguous = a.ambiguous || a.terms.Rates[n-1].BasisPoints != r.BasisPoints
			return
		}
		a.terms.Rates = append(a.terms.Rates, r)
	}, func(b breach) error {
		if !b.spoils(0) && r.Kind != debt.RateLatePayment {
			return nil
		}
		return b.err
	})
}

func (a *assembly) debtors(rows pgx.Rows) error {
	var d debt.Debtor
	return a.each(rows, []any{
		key(&d.ID.ID), debtorKind(&d.Kind), &d.OrgNumber, &d.Name, &d.Email, &d.Phone, &d.StreetAddress, &d.PostalCode,
		&d.City, language(&d.Language),
	}, func() {
		row := d
		row.ID, row.Agency = a.key(debt.KindDebtor, d.ID.ID), a.of
		keep(a, nil, &a.debtorRows, d.ID.ID, &row)
	}, costly)
}

func (a *assembly) creditors(rows pgx.Rows) error {
	a.creditor, a.spoiled = map[string]*debt.Creditor{}, map[string]breach{}
	var c debt.Creditor
	return a.each(rows, []any{key(&c.ID.ID), &c.Name, &c.OrgNumber, trade(&c.Trade)}, func() {
		row := c
		row.ID = a.key(debt.KindCreditor, c.ID.ID)
		if a.creditor[c.ID.ID] != nil {
			a.again()
			return
		}
		a.creditor[c.ID.ID] = &row
	}, func(b breach) error {
		if !b.spoils(0) {
			a.spoiled[c.ID.ID] = b
		}
		return nil
	})
}

func (a *assembly) cases(rows pgx.Rows) error {
	var c debt.Case
	var step debt.LegalStep
	return a.each(rows, []any{
		key(&c.ID.ID), &c.CaseNumber, key(&c.DebtorID), key(&c.CreditorID), caseStatus(&c.Status), phase(&c.Phase),
		legalStep(&step), &c.Description, &c.CreditorReference, never(&c.OpenedOn), &c.DueOn, &c.ClosedOn,
		&c.OriginalPrincipal, &c.PriorInterest, &c.InterestFrom, &c.RateBasisPoints, &c.AgreementFrom,
		&c.AgreementGroup, &c.KID, &c.Account, &c.Payee, debtorKind(&c.DebtorKind), language(&c.DebtorLanguage),
	}, func() {
		row := c
		row.ID = a.key(debt.KindCase, c.ID.ID)
		if step != "" {
			row.LegalStep = new(step)
		}
		row.Agency, row.Terms, row.Creditor = a.of, a.terms, a.creditor[c.CreditorID]
		for _, d := range a.debtorRows {
			if d.ID.ID == c.DebtorID {
				row.Debtor = d
			}
		}
		if n := len(a.caseRows); n > 0 && a.caseRows[n-1].ID == row.ID {
			a.again()
			if !reflect.DeepEqual(a.caseRows[n-1], &row) {
				a.contradicts(a.caseRows[n-1])
			}
			return
		}
		a.caseRows = append(a.caseRows, &row)
	}, func(b breach) error {
		w := a.breaking(b)
		if !b.spoils(0) {
			w.ID = new(a.key(debt.KindCase, c.ID.ID))
		}
		if !b.spoils(1) {
			w.CaseNumber = new(c.CaseNumber)
		}
		a.withheld = append(a.withheld, w)
		return nil
	})
}

// attach reads the rows of a relation whose first column is the case's key; dst are the
// other columns, and add puts the row that they hold into its case.
func (a *assembly) attach(rows pgx.Rows, dst []any, add func(*debt.Case)) error {
	a.at = 0
	a.columns = append(append(a.columns[:0], &a.id), dst...)
	return a.each(rows, a.columns, func() {
		if c := a.find(string(a.id)); c != nil {
			add(c)
		}
	}, func(b breach) error {
		if c := a.find(string(a.id)); c != nil && !b.spoils(0) {
			a.withhold(c, b)
		}
		return nil
	})
}

func (a *assembly) items(rows pgx.Rows) error {
	var x debt.ClaimItem
	return a.attach(rows, []any{key(&x.ID), &x.Number, &x.InvoiceNumber, never(&x.IssuedOn), never(&x.DueOn), &x.Amount,
		&x.InterestFrom, &x.RateBasisPoints, &x.DocumentID}, func(c *debt.Case) {
		row := x
		row.Case = c
		keep(a, c, &c.Items, x.ID, row)
	})
}

func (a *assembly) holds(rows pgx.Rows) error {
	var h debt.Hold
	return a.attach(rows, []any{holdKind(&h.Kind), never(&h.Since), until(&h.Until)}, func(c *debt.Case) {
		if !among(a, c.AllHolds, h) {
			c.AllHolds = append(c.AllHolds, h)
		}
	})
}

func (a *assembly) fees(rows pgx.Rows) error {
	var f debt.Fee
	return a.attach(rows, []any{
		key(&f.ID.ID), costKind(&f.Kind), &f.Amount, never(&f.IncurredOn), &f.WaivedOn, &f.LegalBasis},
		func(c *debt.Case) {
			row := f
			row.ID, row.Case = a.key(debt.KindFee, f.ID.ID), c
			keep(a, c, &c.Fees, f.ID.ID, row)
		})
}

func (a *assembly) scheduledCosts(rows pgx.Rows) error {
	var s debt.ScheduledCost
	return a.attach(rows, []any{never(&s.On), costKind(&s.Kind), &s.Amount}, func(c *debt.Case) {
		if !among(a, c.ScheduledCosts, s) {
			c.ScheduledCosts = append(c.ScheduledCosts, s)
		}
	})
}

func (a *assembly) letters(rows pgx.Rows) error {
	var l debt.Letter
	return a.attach(rows, []any{key(&l.ID.ID), letterKind(&l.Kind), &l.Title, letterChannel(&l.Channel), never(&l.SentOn),
		&l.DueOn, &l.Amount, &l.DocumentID}, func(c *debt.Case) {
		row := l
		row.ID, row.Case = a.key(debt.KindLetter, l.ID.ID), c
		keep(a, c, &c.AllLetters, l.ID.ID, row)
	})
}

func (a *assembly) payments(rows pgx.Rows) error {
	var p debt.Payment
	return a.attach(rows, []any{
		key(&p.ID.ID), &p.Amount, never(&p.ReceivedOn), &p.RegisteredAt, paymentChannel(&p.Channel)},
		func(c *debt.Case) {
			row := p
			row.ID, row.Case = a.key(debt.KindPayment, p.ID.ID), c
			keep(a, c, &c.AllPayments, p.ID.ID, row)
		})
}

func (a *assembly) allocations(rows pgx.Rows) error {
	var payment repeated
	var x debt.Allocation
	return a.attach(rows, []any{&payment, component(&x.Component), &x.Amount}, func(c *debt.Case) {
		for i := range c.AllPayments {
			if p := &c.AllPayments[i]; p.ID.ID == string(payment) {
				a.allocate(p, x)
			}
		}
	})
}

func (a *assembly) allocate(p *debt.Payment, x debt.Allocation) {
	same := func(have debt.Allocation) bool { return have.Component == x.Component }
	i := slices.IndexFunc(p.Allocations, same)
	if i < 0 {
		p.Allocations = append(p.Allocations, x)
		return
	}
	a.again()
	if p.Allocations[i] != x {
		a.contradicts(p.Case)
	}
}

// agreements come with the case that each joins; one agreement may join several.
func (a *assembly) agreements(rows pgx.Rows) error {
	a.agreement = map[string]*debt.Agreement{}
	var g debt.Agreement
	return a.attach(rows, []any{key(&g.ID.ID), agreementKind(&g.Kind), agreementStatus(&g.Status), &g.MonthlyAmount,
		never(&g.StartedOn), until(&g.EndedOn), &g.WarnedOn, &g.BreachOn, &g.SkipsLeft, &g.Reply,
		&g.DecidedOn, &g.ChangedOn, &g.Covers}, func(c *debt.Case) {
		row := a.agreement[g.ID.ID]
		if row == nil {
			seen := g
			seen.ID = a.key(debt.KindAgreement, g.ID.ID)
			row = &seen
			a.agreement[g.ID.ID] = row
		} else if !alike(row, &g) {
			a.contradicts(append(row.Cases, c)...)
		}
		if slices.Contains(c.Agreements, row) {
			a.again()
			return
		}
		row.Cases = append(row.Cases, c)
		c.Agreements = append(c.Agreements, row)
	})
}

// alike says that two rows of an agreement say the same.
func alike(x, y *debt.Agreement) bool {
	return equal(x.MonthlyAmount, y.MonthlyAmount) && x.Kind == y.Kind && x.Status == y.Status &&
		x.StartedOn == y.StartedOn && x.EndedOn == y.EndedOn && x.WarnedOn == y.WarnedOn && x.BreachOn == y.BreachOn &&
		equal(x.SkipsLeft, y.SkipsLeft) && equal(x.Reply, y.Reply) && x.DecidedOn == y.DecidedOn &&
		x.ChangedOn == y.ChangedOn
}

// equal says that two values that may be missing are the same.
func equal[T comparable](x, y *T) bool { return x == y || x != nil && y != nil && *x == *y }

func (a *assembly) instalments(rows pgx.Rows) error {
	var agreement repeated
	var n debt.Instalment
	return a.each(rows, []any{&agreement, &n.Number, never(&n.DueOn), &n.Amount, &n.Fee, &n.PaidOn}, func() {
		g := a.agreement[string(agreement)]
		if g == nil {
			return
		}
		if last := len(g.Instalments) - 1; last >= 0 && g.Instalments[last].Number == n.Number {
			a.again()
			if g.Instalments[last] != n {
				a.contradicts(g.Cases...)
			}
			return
		}
		g.Instalments = append(g.Instalments, n)
	}, func(b breach) error {
		if g := a.agreement[string(agreement)]; g != nil && !b.spoils(0) {
			for _, c := range g.Cases {
				a.withhold(c, b)
			}
		}
		return nil
	})
}

func (a *assembly) objections(rows pgx.Rows) error {
	var o debt.Objection
	return a.attach(rows, []any{key(&o.ID.ID), objectionStatus(&o.Status), &o.Reasons, &o.Statement, &o.SubmittedAt,
		&o.DecidedOn, &o.Reply, &o.Disputed, &o.ContactWithCreditor, &o.WithdrawnOn,
		&o.CreditorStandpoint}, func(c *debt.Case) {
		row := o
		row.ID, row.Case = a.key(debt.KindObjection, o.ID.ID), c
		row.Reasons = known(o.Reasons, debt.ObjectionReasons, debt.ReasonOther)
		keep(a, c, &c.Objections, o.ID.ID, row)
	})
}

func (a *assembly) complaints(rows pgx.Rows) error {
	var x debt.Complaint
	return a.attach(rows, []any{key(&x.ID), complaintStatus(&x.Status), &x.Categories, &x.Statement, &x.SubmittedAt,
		never(&x.AnswerBy), &x.AnsweredOn, &x.Reply}, func(c *debt.Case) {
		row := x
		row.Case, row.Categories = c, known(x.Categories, debt.ComplaintCategories, debt.ComplaintOther)
		keep(a, c, &c.Complaints, x.ID, row)
	})
}

func (a *assembly) receipts(rows pgx.Rows) error {
	var x debt.Receipt
	return a.attach(rows, []any{key(&x.ID), receiptKind(&x.Kind), never(&x.PaidOn), &x.Amount, &x.Statement,
		receiptStatus(&x.Status), &x.SubmittedAt, &x.DecidedOn, &x.Reply}, func(c *debt.Case) {
		row := x
		row.Case = c
		keep(a, c, &c.Receipts, x.ID, row)
	})
}

func (a *assembly) documents(rows pgx.Rows) error {
	var x debt.Document
	columns := []any{key(&x.ID), &x.Title, &x.MediaType, &x.Bytes, &x.CreatedAt, &x.LetterID}
	return a.attach(rows, columns, func(c *debt.Case) {
		keep(a, c, &c.Documents, x.ID, x)
	})
}

func (a *assembly) requests(rows pgx.Rows) error {
	var q debt.Request
	return a.attach(rows, []any{key(&q.ID), requestKind(&q.Kind), requestStatus(&q.Status), &q.RequestedAt, &q.Until,
		&q.DecidedOn, &q.Reply}, func(c *debt.Case) {
		keep(a, c, &c.Requests, q.ID, q)
	})
}

func (a *assembly) deferrals(rows pgx.Rows) error {
	var d debt.Deferral
	return a.attach(rows, []any{key(&d.ID), deferralStatus(&d.Status), never(&d.Until), &d.Reason, &d.CostBefore,
		&d.CostAfter, &d.RequestedAt, &d.DecidedOn, &d.Reply}, func(c *debt.Case) {
		keep(a, c, &c.Deferrals, d.ID, d)
	})
}

func (a *assembly) messages(rows pgx.Rows) error {
	var m debt.Message
	columns := []any{key(&m.ID), &m.CaseID, sender(&m.Sender), &m.Subject, &m.Body, &m.SentAt, &m.ReadAt}
	return a.each(rows, columns, func() {
		keep(a, nil, &a.message, m.ID, m)
	}, a.unread)
}

func (a *assembly) difficulties(rows pgx.Rows) error {
	var d debt.Difficulty
	var channel debt.ContactChannel
	return a.each(rows, []any{key(&d.DebtorID), &d.Kinds, &d.InterpreterLanguage, &d.Statement, contactChannel(&channel),
		&d.ContactFrom, &d.ContactUntil, &d.DeclaredAt, never(&d.Until)}, func() {
		row := d
		row.Agency, row.Kinds = a.of, known(d.Kinds, debt.DifficultyKinds, debt.DifficultyOther)
		if channel != "" {
			row.ContactChannel = new(channel)
		}
		keep(a, nil, &a.difficulty, d.DebtorID, row)
	}, a.unread)
}

func (a *assembly) caseLinks(rows pgx.Rows) error {
	var x debt.CaseLink
	return a.each(rows, linkColumns(&x), func() {
		row := x
		row.Agency = a.of
		keep(a, nil, &a.link, x.ID, row)
	}, a.unread)
}

func linkColumns(x *debt.CaseLink) []any {
	return []any{key(&x.ID), &x.CaseNumber, &x.Statement, linkStatus(&x.Status), &x.RequestedAt, &x.DecidedOn, &x.Reply}
}

func (a *assembly) questions(rows pgx.Rows) error {
	var q debt.FAQ
	return a.each(rows, []any{&q.Key, language(&q.Language), &q.Question, &q.Answer}, func() {
		keep(a, nil, &a.faq, q.Key+" "+string(q.Language), q)
	}, func(breach) error { return nil }) // it is left out, and ours answers
}

func (a *assembly) powersOfAttorney(rows pgx.Rows) error {
	var p debt.PowerOfAttorney
	return a.each(rows, []any{key(&p.ID), &p.Held, &p.AttorneyName, &p.OrgNumber, &p.MayAct, &p.AllCases, &p.CaseIDs,
		never(&p.ValidFrom), until(&p.ValidUntil), &p.RevokedAt}, func() {
		key := p.ID
		if p.Held {
			key += " held"
		}
		keep(a, nil, &a.power, key, p)
	}, a.unread)
}

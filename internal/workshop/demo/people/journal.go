package people

import (
	"context"
	"strconv"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The sheets of the core that keeps books, by table.
const (
	bookDebtor = iota
	bookCase
	bookVoucher
	bookPosting
	bookLetter
	bookPlanned
	bookStop
	bookAgreement
	bookAgreementCase
	bookInstalment
	bookObjection
	bookDeferral
	bookMessage
	bookPower
	bookPowerCase
	bookCredential
)

var journalLayout = layout{
	creditors: "journal.creditor",
	parted:    true,
	tables: []string{
		bookDebtor:        "journal.debtor (office, serial, kind, national_id, org_number, name, email, phone, street, postal_code, city, language, deleted_at)",
		bookCase:          "journal.case (office, serial, number, debtor_office, debtor_serial, creditor, phase, step, description, creditor_ref, opened_on, due_on, closed_on, interest_from, percent, agreement_from, kid, account, payee, deleted_at)",
		bookVoucher:       "journal.voucher (office, serial, kind, case_office, case_serial, booked_on, place, invoice, issued_on, due_on, cost, legal_basis, reverses_office, reverses_serial, channel, registered_at, deleted_at)",
		bookPosting:       "journal.posting (office, voucher, line, booked_on, account, amount)",
		bookLetter:        "journal.letter (office, serial, case_office, case_serial, kind, title, channel, sent_on, due_on, amount, created_at, bytes, deleted_at)",
		bookPlanned:       "journal.planned_cost (case_office, case_serial, planned_on, cost, amount)",
		bookStop:          "journal.stop (case_office, case_serial, why, since, until)",
		bookAgreement:     "journal.agreement (office, serial, debtor_office, debtor_serial, kind, status, monthly, started_on, ended_on)",
		bookAgreementCase: "journal.agreement_case (office, serial, case_office, case_serial)",
		bookInstalment:    "journal.instalment (office, serial, number, due_on, amount, fee, paid_on)",
		bookObjection:     "journal.objection (office, serial, case_office, case_serial, status, reasons, statement, submitted_at, decided_on, reply)",
		bookDeferral:      "journal.deferral (office, serial, case_office, case_serial, status, requested_at, until, decided_on, reply)",
		bookMessage:       "journal.message (office, serial, debtor_office, debtor_serial, case_office, case_serial, sender, subject, body, sent_at, read_at)",
		bookPower:         "journal.power (office, serial, debtor_office, debtor_serial, national_id, org_number, name, may_act, all_cases, valid_from, valid_until, revoked_at)",
		bookPowerCase:     "journal.power_case (office, serial, case_office, case_serial)",
		bookCredential:    "journal.credential (case_office, case_serial, mark, hash, issued_on, valid_until)",
	},
	master: masterJournal,
	write:  writeJournal,
}

func masterJournal(ctx context.Context, tx pgx.Tx, a *Agency) error {
	var b pgx.Batch
	b.Queue(`insert into journal.agency (name, org_number, phone, email, website, postal_address)
		values ($1, $2, $3, $4, $5, $6)`, a.Name, a.OrgNumber, a.Phone, a.Email, a.Website, a.PostalAddress)
	b.Queue(`insert into journal.channel select '1', unnest($1::text[]) union all select '3', unnest($2::text[])
		union all values ('2', $3), ('4', $4)`, a.Domains, a.Phones, a.Sender, a.Account)
	for i, q := range a.FAQ {
		b.Queue("insert into journal.question (number, key, language, asked, answered) values ($1, $2, $3, $4, $5)", i+1, q.Key,
			map[debt.Language]string{debt.Bokmal: "B", debt.Nynorsk: "N", debt.English: "E"}[q.Language], q.Question, q.Answer)
	}
	p := a.Policy
	b.Queue(`insert into journal.policy (imputation, min_instalment, max_instalments, instalment_fee, setup_fee, setup_free,
			max_deferral, deferral_fee, joint, stops_costs, plan_most, grace, skips, again)
		values ($1, $2::numeric, $3, $4::numeric, $5::numeric, $6, $7, $8::numeric, $9, $10, $11, $12, $13, $14)`,
		map[debt.Imputation]string{debt.CostsFirst: "1", debt.PrincipalFirst: "2"}[p.Imputation],
		p.MinInstalment.String(), p.MaxInstalments, p.InstalmentFee.String(), p.SetupFee.String(),
		p.SetupFreeInstalments, p.MaxDeferralDays, p.DeferralFee.String(), p.JointAgreements, p.AgreementStopsCosts,
		*p.PlanLongest, *p.PlanGraceDays, *p.PlanSkips, *p.PlanAfterBreach)
	for _, r := range rates {
		b.Queue(`insert into journal.rate (kind, valid_from, percent, source) values ('1', $1::bigint, $2::numeric / 100, $3)`,
			dayNumber(r.ValidFrom), r.BasisPoints, r.Source)
	}
	for _, c := range a.Creditors {
		b.Queue(`insert into journal.creditor (creditor, name, org_number, trade) values ($1, $2, $3, $4)`,
			c.ID, c.Name, c.OrgNumber, strconv.Itoa(oldTrades[c.Trade]))
	}
	return tx.SendBatch(ctx, &b).Close()
}

// dayNumber writes a day as 20260131, and 0 for none.
func dayNumber(d norway.Date) int64 {
	if d == 0 {
		return 0
	}
	year, month, day := d.Time().Date()
	return int64(year*10_000 + int(month)*100 + day)
}

func (s *sheet) day(d norway.Date) { s.int(dayNumber(d)) }

func (s *sheet) kronerOr(v money.Øre) {
	if v == 0 {
		s.null()
		return
	}
	s.kroner(v)
}

// offices is how many there are: serial numbers are of an office, and the same elsewhere.
const offices = 3

func (s *sheet) serial(id int64) {
	s.int(10 * (1 + id%offices))
	s.int(id / offices)
}

// serialOr writes nulls for zero.
func (s *sheet) serialOr(id int64) {
	if id == 0 {
		s.null()
		s.null()
		return
	}
	s.serial(id)
}

// A fraction of a krone has four decimals.
type fraction int64

const (
	perØre fraction = 100
	// crumb is less than half an øre, and two of them are more.
	crumb fraction = 40
)

func (s *sheet) fraction(v fraction) {
	if v < 0 {
		s.buf, v = append(s.buf, '-'), -v
	}
	s.buf = strconv.AppendInt(s.buf, int64(v/10_000), 10)
	s.text("." + digits(int64(v%10_000), 4))
}

// The accounts of the journal: claims on debtors, what stands against them, and the bank.
const (
	onPrincipal  = 1500
	onInterest   = 1510
	onFees       = 1520
	onLegalCosts = 1530
	atBank       = 1900
	toCreditor   = 2400
	asIncome     = 3000
)

var accountOf = map[debt.Component]int64{debt.Principal: onPrincipal, debt.Interest: onInterest, debt.Fees: onFees,
	debt.LegalCosts: onLegalCosts}

// line is one of a voucher: debit above zero.
type line struct {
	account int64
	amount  fraction
}

// voucher is a row, and its lines but for the one that balances them.
type voucher struct {
	id       int64
	kind     string
	on       norway.Date
	place    int64
	invoice  string
	issued   norway.Date
	due      norway.Date
	cost     debt.CostKind
	basis    string
	reverses int64 // 0: nothing
	channel  debt.PaymentChannel
	booked   Moment
	deleted  Moment
	against  int64
	lines    []line
}

func (v *voucher) write(sheets []sheet, c *Case) {
	s := &sheets[bookVoucher]
	s.serial(v.id)
	s.text(v.kind)
	s.serial(c.ID)
	s.day(v.on)
	s.intOr(v.place)
	s.textOr(v.invoice)
	s.day(v.issued)
	s.day(v.due)
	if v.cost == "" {
		s.null()
	} else {
		s.int(oldCosts[v.cost])
	}
	s.textOr(v.basis)
	s.serialOr(v.reverses)
	s.textOr(oldPaymentChannels[v.channel])
	s.moment(v.booked)
	s.moment(v.deleted)
	s.end()
	var sum fraction
	for _, l := range v.lines {
		sum += l.amount
	}
	s = &sheets[bookPosting]
	for i, l := range append(v.lines, line{v.against, -sum}) {
		s.serial(v.id)
		s.int(int64(i + 1))
		s.day(v.on)
		s.int(l.account)
		s.fraction(l.amount)
		s.end()
	}
}

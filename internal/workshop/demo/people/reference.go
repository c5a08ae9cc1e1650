package people

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
)

// The sheets of the reference core, by table.
const (
	refDebtor = iota
	refCase
	refItem
	refHold
	refFee
	refScheduled
	refDocument
	refLetter
	refPayment
	refAllocation
	refAgreement
	refAgreementCase
	refInstalment
	refObjection
	refMessage
	refRequest
	refPower
	refPowerCase
	refCredential
)

var referenceLayout = layout{
	creditors: "core.creditor",
	tables: []string{
		refDebtor:        "core.debtor (debtor_id, kind, national_id, org_number, name, email, phone, street_address, postal_code, city, language)",
		refCase:          "core.case (case_id, case_number, debtor_id, creditor_id, status, phase, legal_step, description, creditor_reference, opened_on, due_on, closed_on, principal_ore, prior_interest_ore, interest_from, rate_basis_points, agreement_from, kid, account, payee)",
		refItem:          "core.claim_item (item_id, case_id, number, invoice_number, issued_on, due_on, amount_ore, interest_from, rate_basis_points, document_id)",
		refHold:          "core.hold (case_id, kind, since, until)",
		refFee:           "core.fee (fee_id, case_id, kind, amount_ore, incurred_on, waived_on, legal_basis)",
		refScheduled:     "core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)",
		refDocument:      "core.document (document_id, case_id, title, byte_size, created_at)",
		refLetter:        "core.letter (letter_id, case_id, kind, title, channel, sent_on, due_on, amount_ore, document_id)",
		refPayment:       "core.payment (payment_id, case_id, amount_ore, received_on, registered_at, channel)",
		refAllocation:    "core.payment_allocation (payment_id, component, amount_ore)",
		refAgreement:     "core.agreement (agreement_id, debtor_id, kind, status, monthly_amount_ore, started_on, ended_on)",
		refAgreementCase: "core.agreement_case (agreement_id, case_id)",
		refInstalment:    "core.instalment (agreement_id, number, due_on, amount_ore, fee_ore, paid_on)",
		refObjection:     "core.objection (objection_id, case_id, status, reasons, statement, submitted_at, decided_on, reply)",
		refMessage:       "core.message (message_id, debtor_id, case_id, sender, subject, body, sent_at, read_at)",
		refRequest:       "core.request (request_id, case_id, kind, status, requested_at, until, decided_on, reply)",
		refPower:         "core.power_of_attorney (power_of_attorney_id, debtor_id, attorney_national_id, attorney_org_number, attorney_name, may_act, all_cases, valid_from, valid_until, revoked_at)",
		refPowerCase:     "core.power_of_attorney_case (power_of_attorney_id, case_id)",
		refCredential:    "core.case_credential (case_id, mark, password_hash, issued_on, valid_until)",
	},
	master: masterReference,
	write:  writeReference,
}

func masterReference(ctx context.Context, tx pgx.Tx, a *Agency) error {
	var b pgx.Batch
	b.Queue(`insert into core.agency (name, org_number, phone, email, website, postal_address, domains, senders,
			phones, accounts)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) on conflict do nothing`,
		a.Name, a.OrgNumber, a.Phone, a.Email, a.Website, a.PostalAddress, a.Domains, []string{a.Sender},
		a.Phones, []string{a.Account})
	for _, q := range a.FAQ {
		b.Queue("insert into core.faq values ($1, $2, $3, $4) on conflict do nothing", q.Key, string(q.Language), q.Question,
			q.Answer)
	}
	p := a.Policy
	b.Queue(`insert into core.policy (imputation, min_instalment_ore, max_instalments, instalment_fee_ore,
			setup_fee_ore, setup_free_instalments, max_deferral_days, deferral_fee_ore, joint_agreements, agreement_stops_costs,
			plan_longest, plan_grace_days, plan_skips, plan_after_breach)
		values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14) on conflict do nothing`,
		string(p.Imputation), int64(p.MinInstalment), p.MaxInstalments, int64(p.InstalmentFee),
		int64(p.SetupFee), p.SetupFreeInstalments, p.MaxDeferralDays, int64(p.DeferralFee), p.JointAgreements,
		p.AgreementStopsCosts, *p.PlanLongest, *p.PlanGraceDays, *p.PlanSkips, *p.PlanAfterBreach)
	for _, r := range rates {
		b.Queue(`insert into core.rate (kind, valid_from, basis_points, source) values ($1, $2, $3, $4) on conflict do nothing`,
			r.Kind, r.ValidFrom.Time(), r.BasisPoints, r.Source)
	}
	for _, c := range a.Creditors {
		b.Queue(`insert into core.creditor (creditor_id, name, org_number, trade) values ($1, $2, $3, $4)`,
			c.ID, c.Name, c.OrgNumber, string(c.Trade))
	}
	b.Queue(`select setval(pg_get_serial_sequence('core.creditor', 'creditor_id'), max(creditor_id)) from core.creditor`)
	return tx.SendBatch(ctx, &b).Close()
}

func writeReference(sheets []sheet, p *Person, d *Debtor) {
	s := &sheets[refDebtor]
	s.int(d.ID)
	s.text(string(p.Kind))
	if d.Identified {
		s.textOr(p.NationalID.Reveal())
	} else {
		s.null()
	}
	for _, v := range []string{p.OrgNumber, p.Name, p.Email, p.Phone, p.Street, p.PostalCode, p.City} {
		s.textOr(v)
	}
	s.text(string(p.Language))
	s.end()
	for _, c := range d.Cases {
		c.writeReference(sheets, d)
	}
	for _, a := range d.Agreements {
		a.writeReference(sheets, d)
	}
	writeReferenceMessages(sheets, d)
}

func (c *Case) writeReference(sheets []sheet, d *Debtor) {
	s := &sheets[refCase]
	s.int(c.ID)
	s.text(c.Number)
	s.int(d.ID)
	s.int(c.Creditor.ID)
	s.text(string(c.Status))
	s.text(string(c.Phase))
	s.textOr(string(c.LegalStep))
	s.text(c.Description)
	s.textOr(c.CreditorReference)
	s.date(c.OpenedOn)
	s.date(c.DueOn)
	s.date(c.ClosedOn)
	s.int(int64(c.Principal))
	s.int(int64(c.PriorInterest))
	s.date(c.InterestFrom)
	s.intOr(int64(c.RateBasisPoints))
	s.date(c.AgreementFrom)
	s.text(c.KID)
	s.text(d.Agency.Account)
	s.text(d.Agency.Name)
	s.end()
	c.writeCredential(&sheets[refCredential], func(s *sheet) { s.int(c.ID) })
	c.writeReferenceItems(&sheets[refItem])
	for _, h := range c.Holds {
		s := &sheets[refHold]
		s.int(c.ID)
		s.text(string(h.Kind))
		s.date(h.Since)
		s.date(h.Until)
		s.end()
	}
	for _, x := range c.Scheduled {
		s := &sheets[refScheduled]
		s.int(c.ID)
		s.date(x.On)
		s.text(string(x.Kind))
		s.int(int64(x.Amount))
		s.end()
	}
	first := c.ID * childrenOfCase
	for i, f := range c.Fees {
		s := &sheets[refFee]
		s.int(first + int64(i))
		s.int(c.ID)
		s.text(string(f.Kind))
		s.int(int64(f.Amount))
		s.date(f.IncurredOn)
		s.date(f.WaivedOn)
		s.textOr(f.LegalBasis)
		s.end()
	}
	for i, l := range c.Letters {
		l.writeReference(sheets, c, first+int64(i))
	}
	for i, p := range c.Payments {
		p.writeReference(sheets, c, first+int64(i))
	}
	for i, o := range c.Objections {
		s := &sheets[refObjection]
		s.int(first + int64(i))
		s.int(c.ID)
		s.text(string(o.Status))
		s.text("{" + join(o.Reasons, func(r debt.ObjectionReason) string { return string(r) }) + "}")
		s.textOr(o.Statement)
		s.moment(o.SubmittedAt)
		s.date(o.DecidedOn)
		s.textOr(o.Reply)
		s.end()
	}
	for i, q := range c.Requests {
		s := &sheets[refRequest]
		s.int(first + int64(i))
		s.int(c.ID)
		s.text("DEFERRAL")
		s.text(q.Status)
		s.moment(q.RequestedAt)
		s.date(q.Until)
		s.date(q.DecidedOn)
		s.textOr(q.Reply)
		s.end()
	}
}

package core

import (
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// swapCase gives the second case another value in a column: views let through what the core's own
// rules would not.
func swapCase(column, value string) string {
	name, _, _ := strings.Cut(column, "::")
	return referencetest.Swap("case", column, "case when case_id = 2 then "+value+" else "+column+" end as "+name)
}

// TestWithheld: a row that breaks the contract costs its case alone, which is named by what can
// be read of it, and its value is repeated nowhere.
func TestWithheld(t *testing.T) {
	t.Parallel()
	type broken struct {
		reason, sql string
		want        debt.WithheldReason
		column      string
	}
	for name, tc := range map[string]broken{
		"negative rate":   {"interest is not paid back", "update core.case set rate_basis_points = -1 where case_id = 2", debt.WithheldRate, "case.rate_basis_points"},
		"absurd rate":     {"it is no number of basis points", "update core.case set rate_basis_points = 1225000 where case_id = 2", debt.WithheldRate, "case.rate_basis_points"},
		"largest rate":    {"int4", "update core.case set rate_basis_points = 2147483647 where case_id = 2", debt.WithheldRate, "case.rate_basis_points"},
		"rate of an item": {"the same", "update core.claim_item set rate_basis_points = -5 where number = 1", debt.WithheldRate, "claim_item.rate_basis_points"},
		"before rates":    {"no rate is known", "update core.case set interest_from = '1950-01-01' where case_id = 2", debt.WithheldRate, "case.interest_from"},
		"negative":        {"a debt would be a credit", referencetest.Swap("fee", "amount_ore::bigint", "(case when case_id = 2 then -98765 else 1 end)::bigint as amount_ore"), debt.WithheldAmount, "fee.amount_ore"},
		"too much":        {"sums would overflow", swapCase("principal_ore::bigint", "9223372036854775807::bigint"), debt.WithheldAmount, "case.principal_ore"},
		"no amount":       {"null is no zero", swapCase("prior_interest_ore::bigint", "null"), debt.WithheldMissing, "case.prior_interest_ore"},
		"no KID":          {"nobody could pay", swapCase("kid", "null"), debt.WithheldMissing, "case.kid"},
		"no number":       {"it cannot be named", swapCase("case_number", "null"), debt.WithheldMissing, "case.case_number"},
		"no text":         {"a letter has a title", "alter table core.letter alter title drop not null; update core.letter set case_id = 2, document_id = null, title = null", debt.WithheldMissing, "letter.title"},
		"no creditor":     {"who is owed?", referencetest.Swap("creditor", "creditor_id", "nullif(creditor_id, 2) as creditor_id"), debt.WithheldMissing, "case.creditor_id"},
		"no name": {"who is owed?", referencetest.Swap("creditor", "name",
			"nullif(name, 'Kari Utleier') as name"), debt.WithheldMissing, "case.creditor_id"},
		"status":     {"open or closed?", swapCase("status", "'hemmelig'"), debt.WithheldCode, "case.status"},
		"lower case": {"names are fixed", swapCase("status", "'open'"), debt.WithheldCode, "case.status"},
		"no reason":  {"a list does not hold null", "update core.objection set reasons = '{DEFECT,null}'", debt.WithheldOther, "objection.reasons"},
		"long":       {"a book", swapCase("description", "repeat('hemmelig', 9000)"), debt.WithheldText, "case.description"},
		"instalment": {"it belongs to both cases", "update core.instalment set due_on = 'infinity' where number = 2", debt.WithheldDate, "instalment.due_on"},
		"sum":        {"which is right?", "update core.claim_item set amount_ore = 1 where number = 2", debt.WithheldContradiction, "claim_item.amount_ore"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			referencetest.Exec(t, db.Conn(), tc.sql)
			part, err := readAll(t, warm(t, db))
			if err != nil {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			number, left, withheld := new("2026-2"), 1, 1
			switch name {
			case "no number":
				number = nil
			case "instalment":
				left, withheld = 0, 2
			}
			if len(part.Cases) != left || len(part.Withheld) != withheld || part.Status != debt.AgencyOK {
				t.Fatalf("%s: %d cases are there, and without %+v", tc.reason, len(part.Cases), part.Withheld)
			}
			relation, column, _ := strings.Cut(tc.column, ".")
			want := debt.Withheld{ID: &debt.Key{Kind: debt.KindCase, Agency: "test", ID: "2"}, CaseNumber: number,
				Reason: tc.want, Relation: relation, Column: column}
			got := part.Withheld[withheld-1]
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(debt.Withheld{}, "Agency", "Cause")); diff != "" {
				t.Errorf("%s\n%s", tc.reason, diff)
			}
			if strings.Contains(got.Cause, secret) || strings.Contains(got.Cause, "98765") || referencetest.Personal(got.Cause) {
				t.Errorf("it repeats the value: %s", got.Cause)
			}
			for _, c := range part.Cases {
				if c.ID.ID != "1" || len(c.Agreements) != 1 || len(c.Agreements[0].Cases) != 1 {
					t.Errorf("%s: %+v", tc.reason, c)
				}
			}
		})
	}
}

// TestDates: a date or time that no calendar of the service has costs its case alone.
func TestDates(t *testing.T) {
	t.Parallel()
	days := []string{"infinity", "-infinity", "0044-03-15 BC", "0001-01-01", "1899-12-31", "2200-01-01", "9999-12-31",
		"20000-01-01"}
	for column, sql := range map[string]string{
		"letter.sent_on":              "update core.letter set case_id = 2, document_id = null, sent_on = 'DAY'",
		"letter.due_on":               "update core.letter set case_id = 2, document_id = null, due_on = 'DAY'",
		"payment.received_on":         "update core.payment set case_id = 2, received_on = 'DAY' where payment_id = 2",
		"payment.registered_at":       "update core.payment set case_id = 2, registered_at = 'DAY' where payment_id = 2",
		"document.created_at":         "update core.letter set document_id = null; update core.document set case_id = 2, created_at = 'DAY'",
		"case.opened_on":              swapCase("opened_on", "'DAY'::date"),
		"case.due_on":                 swapCase("due_on", "'DAY'::date"),
		"case.closed_on":              swapCase("closed_on", "'DAY'::date"),
		"case.interest_from":          swapCase("interest_from", "'DAY'::date"),
		"case.agreement_from":         swapCase("agreement_from", "'DAY'::date"),
		"claim_item.issued_on":        "update core.claim_item set issued_on = 'DAY'",
		"claim_item.due_on":           "update core.claim_item set due_on = 'DAY'",
		"claim_item.interest_from":    "update core.claim_item set interest_from = 'DAY' where number = 2",
		"hold.since":                  "delete from core.hold where case_id = 2; insert into core.hold values (2, 'DISPUTED', 'DAY', null)",
		"fee.incurred_on":             "update core.fee set incurred_on = 'DAY' where case_id = 2",
		"fee.waived_on":               "update core.fee set waived_on = 'DAY' where case_id = 2",
		"objection.decided_on":        "update core.objection set decided_on = 'DAY'",
		"objection.submitted_at":      "update core.objection set submitted_at = 'DAY'",
		"request.until":               "update core.request set until = 'DAY'",
		"request.requested_at":        "update core.request set requested_at = 'DAY'",
		"scheduled_cost.scheduled_on": "delete from core.scheduled_cost where case_id = 2; insert into core.scheduled_cost values (2, 'DAY', 'HEAVY_FEE', 1)",
	} {
		t.Run(column, func(t *testing.T) {
			t.Parallel()
			db := referencetest.Filled(t)
			conn := warm(t, db)
			for _, day := range days {
				referencetest.Exec(t, db.Conn(), strings.ReplaceAll(sql, "DAY", day))
				part, err := readAll(t, conn)
				if err != nil || len(part.Withheld) != 1 || len(part.Cases) != 1 || part.Withheld[0].Reason != debt.WithheldDate ||
					*part.Withheld[0].CaseNumber != "2026-2" {
					t.Errorf("%s: %v: %+v", day, err, part)
				}
			}
		})
	}
}

// TestNoRates: an agency without rates is missed by those whose cases need one, and by nobody else.
func TestNoRates(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	conn := warm(t, db)
	referencetest.Exec(t, db.Conn(), "delete from core.rate")
	if _, err := readAll(t, conn); fault.Of(err).Code != fault.SchemaMismatch {
		t.Errorf("%v", err)
	}
	referencetest.Exec(t, db.Conn(), "update core.case set interest_from = null;"+
		"update core.claim_item set rate_basis_points = 800")
	if part, err := readAll(t, conn); err != nil || len(part.Cases) != 2 {
		t.Errorf("%v: %+v", err, part)
	}
}

// TestNoEnd: infinity means in a column of last days what null does.
func TestNoEnd(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), `insert into core.hold values (1, 'DISPUTED', '2026-05-01', 'infinity');
		update core.agreement set ended_on = 'infinity';
		update core.power_of_attorney set valid_until = 'infinity'`)
	part, err := readAll(t, warm(t, db))
	if err != nil || len(part.Withheld) > 0 {
		t.Fatalf("%v %+v", err, part)
	}
	for _, h := range part.Cases[0].AllHolds {
		if h.Kind == debt.HoldDisputed && !h.Until.IsZero() {
			t.Errorf("it ends on %s", h.Until)
		}
	}
	if end := part.Cases[0].Agreements[0].EndedOn; !end.IsZero() || !part.PowersOfAttorney[0].ValidUntil.IsZero() {
		t.Errorf("ended: %s, %s", end, part.PowersOfAttorney[0].ValidUntil)
	}
}

// TestUnreadOfNoCase: a message or power of attorney that cannot be read is left out alone.
func TestUnreadOfNoCase(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), `update core.message set sent_at = 'infinity';
		update core.power_of_attorney set valid_from = '-infinity'`)
	part, err := readAll(t, warm(t, db))
	if err != nil || len(part.Withheld) != 2 || len(part.WithheldCases()) != 0 || len(part.Cases) != 2 ||
		len(part.Messages)+len(part.PowersOfAttorney) != 0 {
		t.Errorf("%v: %+v", err, part)
	}
}

// TestTooMuch: an answer beyond the bounds is no answer, and is not received to its end, so that
// it costs no memory. It runs alone, since it counts bytes.
func TestTooMuch(t *testing.T) {
	for name, tc := range map[string]struct {
		reason, sql, says string
		most              uint64 // MiB that the read may allocate
	}{
		"rows": {"holds without end", "insert into core.hold select 1, 'OTHER', '2026-01-01', null from generate_series(1, 100000)",
			"more than", 8},
		"texts": {"each within its bound", `insert into core.message (debtor_id, sender, body, sent_at)
			select 1, 'AGENCY', repeat('a', 60000), now() from generate_series(1, 1000)`, "more than", 40},
		"row": {"one that is larger than any", "update core.case set description = repeat('hemmelig', 2500000) where case_id = 2",
			"body length", 4},
	} {
		t.Run(name, func(t *testing.T) {
			db := referencetest.Filled(t)
			referencetest.Exec(t, db.Conn(), tc.sql)
			conn := warm(t, db)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := readAll(t, conn)
			runtime.ReadMemStats(&after)
			if took := (after.TotalAlloc - before.TotalAlloc) >> 20; took > tc.most {
				t.Errorf("%s: %d MiB", tc.reason, took)
			}
			if err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), secret) ||
				fault.Of(err).Code != fault.SchemaMismatch || !conn.IsClosed() {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

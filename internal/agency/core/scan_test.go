package core

import (
	"encoding/binary"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"pgregory.net/rapid"
)

// TestReadDates reads days on both sides of the epochs, and none.
func TestReadDates(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	conn, owner := warm(t, db), db.Conn()
	cases := map[string]struct{ reason, date string }{
		"today":           {"the usual", "2026-11-20"},
		"PostgreSQL's":    {"day 0 there", "2000-01-01"},
		"before it":       {"negative there", "1999-12-31"},
		"Unix's":          {"day 0 here and there", "1970-01-01"},
		"before Unix":     {"a claim from long ago", "1938-05-17"},
		"leap day":        {"once in four years", "2024-02-29"},
		"no leap year":    {"once in four hundred", "1900-03-01"},
		"the first":       {"no earlier one is read", "1900-01-01"},
		"the last":        {"no later one is read", "2199-12-31"},
		"none":            {"no deadline is running", ""},
		"end of the year": {"a year ends in Oslo", "2025-12-31"},
	}
	for name, tc := range cases {
		if _, err := owner.Exec(t.Context(), "update core.case set due_on = nullif($1, '')::date", tc.date); err != nil {
			t.Fatal(err)
		}
		part, err := readAll(t, conn)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if got := part.Cases[0].DueOn.String(); got != tc.date {
			t.Errorf("%s (%s): read %q, want %q", name, tc.reason, got, tc.date)
		}
	}
}

// TestReadAmounts reads the bounds, and none.
func TestReadAmounts(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	conn, owner := warm(t, db), db.Conn()
	cases := map[string]struct {
		reason string
		amount *int64
	}{
		"none": {"the letter names no amount", nil},
		"zero": {"it names nothing to pay", new(int64(0))},
		"one":  {"the least", new(int64(1))},
		"most": {"the bound itself", new(int64(money.Max))},
	}
	for name, tc := range cases {
		if _, err := owner.Exec(t.Context(), "update core.letter set amount_ore = $1", tc.amount); err != nil {
			t.Fatal(err)
		}
		part, err := readAll(t, conn)
		if err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		if diff := cmp.Diff((*money.Øre)(tc.amount), part.Cases[0].AllLetters[0].Amount); diff != "" {
			t.Errorf("%s (%s)\n%s", name, tc.reason, diff)
		}
	}
}

// TestReadUnlisted: an agency may know more than we do, where nothing depends on it.
func TestReadUnlisted(t *testing.T) {
	t.Parallel()
	db := referencetest.Filled(t)
	referencetest.Exec(t, db.Conn(), `
		update core.debtor set kind = 'NEW', language = 'se';
		update core.creditor set trade = 'NEW';
		update core.case set phase = 'NEW', legal_step = 'NEW';
		insert into core.hold values (1, 'NEW', '2026-02-02');
		update core.fee set kind = 'NEW';
		update core.scheduled_cost set kind = 'NEW';
		update core.letter set kind = 'NEW', channel = 'NEW';
		update core.payment set channel = 'NEW';
		update core.agreement set kind = 'NEW', status = 'NEW';
		update core.objection set status = 'NEW', reasons = '{NEW,DEFECT}'`)
	part, err := readAll(t, warm(t, db))
	if err != nil {
		t.Fatal(err)
	}
	c, disputed := part.Cases[0], part.Cases[1]
	var hold debt.HoldKind
	for _, h := range c.AllHolds {
		if h.Since == norway.MustDate("2026-02-02") {
			hold = h.Kind
		}
	}
	got := []any{
		c.Debtor.Kind, c.Debtor.Language, c.Creditor.Trade, c.Phase, *c.LegalStep, hold, c.Fees[0].Kind,
		c.ScheduledCosts[0].Kind,
		c.AllLetters[0].Kind, c.AllLetters[0].Channel, c.AllPayments[0].Channel, c.Agreements[0].Kind, c.Agreements[0].Status,
		disputed.Objections[0].Status, disputed.Objections[0].Reasons,
	}
	want := []any{
		debt.DebtorPerson, debt.Bokmal, debt.TradeOther, debt.PhaseOther, debt.StepOther, debt.HoldOther, debt.CostOther,
		debt.CostOther,
		debt.LetterOther, debt.ByOtherLetter, debt.PaidOtherwise, debt.AgreementOther, debt.AgreementUnknown,
		debt.ObjectionUnknown, []debt.ObjectionReason{debt.ReasonOther, debt.ReasonDefect},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

func TestScanDate(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		days := rapid.Int32().Draw(t, "days since 2000")
		var b [4]byte
		binary.BigEndian.PutUint32(b[:], uint32(days))
		var d norway.Date
		err := scanNullDate{}.Scan(b[:], &d)
		want := int64(norway.MustDate("2000-01-01")) + int64(days)
		valid := want >= int64(norway.FirstDate) && want <= int64(norway.LastDate)
		if valid != (err == nil) || valid && int64(d) != want {
			t.Fatalf("%d days: %d (%s), %v", days, d, d, err)
		}
	})
}

func TestScanAmount(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		amount := rapid.OneOf(rapid.Int64(), rapid.Int64Range(int64(money.Max)-2, int64(money.Max)+2),
			rapid.Int64Range(-2, 2)).Draw(t, "øre")
		b := binary.BigEndian.AppendUint64(nil, uint64(amount))
		var got money.Øre
		err := scanAmount{}.Scan(b, &got)
		if valid := amount <= int64(money.Max) && amount >= 0; valid != (err == nil) || valid && int64(got) != amount {
			t.Fatalf("%d: %d, %v", amount, got, err)
		}
		if err != nil && strings.Contains(err.Error(), got.String()) && got != 0 {
			t.Fatalf("the error repeats the amount: %v", err)
		}
	})
}

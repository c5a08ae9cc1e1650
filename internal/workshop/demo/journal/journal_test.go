package journal_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// filled is a core with people in it.
var filled = pgtest.Template{
	Name: "journal",
	Hash: pgtest.Hash(journal.Files(), os.DirFS("../people")),
	Fill: func(ctx context.Context, conn *pgx.Conn) error {
		if err := journal.Install(ctx, conn); err != nil {
			return err
		}
		return people.LoadJournal(ctx, conn, people.New(1, norway.MustDate("2026-03-02")), people.Fjord, 200, nil)
	},
}

// examine runs the check and returns what it found, and its report.
func examine(t *testing.T, conn *pgx.Conn) (check.Findings, string) {
	t.Helper()
	found, err := check.Run(t.Context(), conn, check.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := check.WriteReport(&b, found); err != nil {
		t.Fatal(err)
	}
	return found, b.String()
}

// TestKept: shape, codes, keys, plans and functions, without a breach or a warning.
func TestKept(t *testing.T) {
	t.Parallel()
	found, text := examine(t, pgtest.New(t, filled).Conn())
	offered, acts := found.Acts()
	if len(found.Breaches)+len(found.Warnings)+len(found.Lacking)+len(found.Missing) > 0 || offered != acts ||
		!strings.Contains(text, "\nreads kept; ") {
		t.Errorf("%s", text)
	}
}

// TestTraits: what makes the mapping hard is in the rows, or nothing else here proves anything.
func TestTraits(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, filled).Conn()
	for name, tc := range map[string]struct {
		sql   string
		least int
	}{
		"serial numbers of several offices": {`select serial from journal.case group by serial having count(*) > 1`, 50},
		"amounts with parts of an øre":      {`select from journal.posting where amount <> round(amount, 2)`, 200},
		"sums that are an øre off when they are rounded late": {`select from (
			select v.case_office, v.case_serial, v.office, v.serial, sum(p.amount) as amount from journal.voucher v
			join journal.posting p on p.office = v.office and p.voucher = v.serial and p.account = 1500
			where v.kind = 'K' group by 1, 2, 3, 4) x
			group by case_office, case_serial having round(sum(amount), 2) <> sum(round(amount, 2))`, 10},
		"cases of several invoices": {`select case_office, case_serial from journal.voucher where kind = 'K' and deleted_at is null
			group by 1, 2 having count(*) > 1`, 10},
		"deleted cases with vouchers":      {`select from journal.voucher v join journal.case c on (c.office, c.serial) = (v.case_office, v.case_serial) where c.deleted_at is not null`, 20},
		"deleted payments in living cases": {`select from journal.voucher where kind = 'P' and deleted_at is not null`, 3},
		"deleted letters":                  {`select from journal.letter where deleted_at is not null`, 20},
		"deleted debtors of a living one":  {`select from journal.debtor d join journal.debtor o using (national_id) where d.deleted_at is not null and o.deleted_at is null`, 10},
		"postings in several partitions":   {`select tableoid from journal.posting group by tableoid`, 3},
		"letters in several partitions":    {`select tableoid from journal.letter group by tableoid`, 3},
		"credit notes on their invoice":    {`select from journal.posting where account = 1500 and amount = -150`, 3},
		"costs that were let go":           {`select from journal.voucher where kind = 'W'`, 3},
	} {
		var n int
		if err := conn.QueryRow(t.Context(), "select count(*) from ("+tc.sql+") x").Scan(&n); err != nil || n < tc.least {
			t.Errorf("%s: %d, %v", name, n, err)
		}
	}
	var unbalanced int
	if err := conn.QueryRow(t.Context(), `select count(*) from (
		select from journal.posting group by office, voucher having sum(amount) <> 0) x`).Scan(&unbalanced); err != nil || unbalanced > 0 {
		t.Errorf("%d vouchers do not balance, %v", unbalanced, err)
	}
}

// TestMistakesAreSeen: what goes wrong in such a mapping first is named by the check.
func TestMistakesAreSeen(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		from, to string // in the view that begins with view
		view     string
		sql      string
		want     string // the breach
	}{
		"no index on the partitioned root": {sql: `drop index journal.letter_expr_idx`, want: "journal.letter.case_office, case_serial index"},
		"half of a key": {view: "case", from: "x.office::text || '-' || x.serial::text as case_id",
			to: "x.serial::text as case_id", want: "case.case_id unique"},
		"a deleted case's vouchers": {view: "payment", from: live, to: "", want: "payment.case_id reference"},
		"a deleted debtor":          {view: "debtor", from: "where x.deleted_at is null", to: "", want: "debtor.national_id unique"},
		"rounded late": {view: "case", from: "select sum((select round(sum(p.amount) * 100)::bigint from journal.posting p",
			to: "select round(100 * sum((select sum(p.amount) from journal.posting p", want: "claim_item.amount_ore item-sum"},
		"a code of nothing": {sql: `update journal.case set phase = '55' where deleted_at is null`, want: "case.phase code"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := pgtest.New(t, filled).Conn()
			sql := tc.sql
			if tc.view != "" {
				sql = mistaken(t, tc.view, tc.from, tc.to)
			}
			if _, err := conn.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
			found, text := examine(t, conn)
			if !slices.ContainsFunc(found.Breaches, func(b check.Breach) bool {
				return fmt.Sprintf("%s.%s %s", b.Relation, b.Column, b.Rule) == tc.want
			}) {
				t.Errorf("%s is not found:\n%s", tc.want, text)
			}
		})
	}
}

const live = " and (select t.deleted_at is null from journal.case t where t.office = v.case_office and t.serial = v.case_serial)"

// mistaken is SQL that makes a view anew with a mistake.
func mistaken(t *testing.T, view, from, to string) string {
	t.Helper()
	all, err := os.ReadFile("views.sql")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(all), "create view oversikt."+view+" as")
	body, _, ok := strings.Cut(rest, ";")
	if !ok || !strings.Contains(body, from) {
		t.Fatalf("the view %s does not say %q", view, from)
	}
	body = strings.Replace(body, from, to, 1)
	if strings.HasPrefix(to, "select round(100") {
		body = strings.Replace(body, ")::bigint\n                 from journal.voucher v", "))::bigint\n                 from journal.voucher v", 1)
	}
	return "create or replace view oversikt." + view + " as" + body
}

// TestUnknownCodes: what no list has is passed on as it is.
func TestUnknownCodes(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, filled).Conn()
	if _, err := conn.Exec(t.Context(), `
		update journal.case set phase = 'Q1';
		update journal.letter set kind = 'Q2', channel = 'Q3';
		update journal.voucher set cost = 'Q4' where kind = 'F';
		update journal.voucher set channel = 'Q5' where kind = 'P';
		update journal.objection set status = 'Q6', reasons = '02,Q7'`); err != nil {
		t.Fatal(err)
	}
	for want, sql := range map[string]string{
		"Q1": "select phase from oversikt.case", "Q2": "select kind from oversikt.letter", "Q3": "select channel from oversikt.letter",
		"Q4": "select kind from oversikt.fee", "Q5": "select channel from oversikt.payment", "Q6": "select status from oversikt.objection",
		"Q7": "select reasons[2] from oversikt.objection where reasons[1] = 'ALREADY_PAID'",
	} {
		rows, err := conn.Query(t.Context(), sql)
		if err != nil {
			t.Fatal(err)
		}
		got, err := pgx.CollectRows(rows, pgx.RowTo[string])
		if err != nil || len(got) == 0 || slices.ContainsFunc(got, func(s string) bool { return s != want }) {
			t.Errorf("%s: %d rows, %v", sql, len(got), err)
		}
	}
}

func TestImpossibleRowsAreRefused(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, filled).Conn()
	for name, sql := range map[string]string{
		"no such day":             "update journal.case set due_on = 20240231",
		"a day of eight thousand": "update journal.case set due_on = 8",
		"a debtor twice":          "update journal.debtor set national_id = '17912099997' where deleted_at is null",
		"a case of nobody":        "update journal.case set debtor_serial = -1",
	} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s is taken", name)
		}
	}
}

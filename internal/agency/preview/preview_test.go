package preview_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/preview"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// core is a demo core without interest, so that SQL alone can say what its cases come to.
type core struct {
	agency  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(float64)) error
	still   string // takes interest away
	own     string // the core's own balances
	waive   string // waives fees of all cases
	after   string // the view of fees without what was waived
}

var cores = map[string]core{
	"reference": {people.Fjord, func(ctx context.Context, conn *pgx.Conn) error {
		return reference.Install(ctx, conn, reference.Options{})
	}, people.LoadReference,
		`update core.case set interest_from = null; update core.claim_item set interest_from = null`,
		`select c.case_id::text, case when c.status = 'OPEN' then greatest(0, c.principal_ore + c.prior_interest_ore
			+ coalesce((select sum(f.amount_ore) from core.fee f where f.case_id = c.case_id
			            and (f.waived_on is null or f.waived_on > core.today())), 0)
			- coalesce((select sum(p.amount_ore) from core.payment p where p.case_id = c.case_id), 0)) else 0 end::bigint
		from core.case c join core.debtor d using (debtor_id) where d.national_id is not null`,
		`update core.fee set waived_on = core.today() where kind = 'LIGHT_FEE'`,
		`create or replace view oversikt.fee as select fee_id, case_id, kind, amount_ore::bigint, incurred_on,
			null::date as waived_on, legal_basis from core.fee`},
	"legacy": {people.Tradisjon, legacy.Install, people.LoadLegacy,
		`update inkasso.sak set rentetype = 'I'`,
		`select s.saksnr, case when s.avsluttet is null then greatest(0, (select p.principal_ore + p.prior_interest_ore
				from oversikt.case p where p.case_id = s.saksnr)
			+ coalesce((select sum(f.belop) * 100 from inkasso.salaer f where f.saksnr = s.saksnr
			            and f.kreditert is null), 0)
			- coalesce((select sum(p.belop) * 100 from inkasso.innbetaling p where p.saksnr = s.saksnr), 0)) else 0 end::bigint
		from inkasso.sak s join inkasso.skyldner d using (skyldner_id) where d.fnr is not null`, "", ""},
	"journal": {people.Fjord, journal.Install, people.LoadJournal,
		`update journal.case set interest_from = 0`,
		`select c.office || '-' || c.serial, case when c.closed_on = 0 then greatest(0, coalesce((
				select sum(b.ore) from (
					select round(sum(p.amount) * 100) from journal.voucher v
					join journal.posting p on p.office = v.office and p.voucher = v.serial
					where v.case_office = c.office and v.case_serial = c.serial and v.deleted_at is null
					  and p.account between 1500 and 1599
					group by v.office, v.serial, p.account) b (ore)), 0)) else 0 end::bigint
		from journal.case c join journal.debtor d on (d.office, d.serial) = (c.debtor_office, c.debtor_serial)
		where c.deleted_at is null and d.national_id is not null`, "", ""},
}

func database(t *testing.T, name string) *pgx.Conn {
	t.Helper()
	c, today := cores[name], norway.DateOf(time.Now())
	return pgtest.New(t, pgtest.Template{
		Name: "preview_" + name,
		Hash: pgtest.Hash(reference.Files(), legacy.Files(), journal.Files(), os.DirFS("../../workshop/demo/people")) +
			today.String() + c.still,
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := errors.Join(c.install(ctx, conn), c.load(ctx, conn, people.New(1, today), c.agency, 60, nil)); err != nil {
				return err
			}
			_, err := conn.Exec(ctx, c.still)
			return err
		},
	}).Conn()
}

// own are the core's own balances.
func (c core) figures(t *testing.T, conn *pgx.Conn) (all []preview.Own) {
	t.Helper()
	rows, err := conn.Query(t.Context(), c.own)
	if err != nil {
		t.Fatal(err)
	}
	var id string
	var total int64
	if _, err := pgx.ForEachRow(rows, []any{&id, &total}, func() error {
		all = append(all, preview.Own{Case: id, Total: money.Øre(total)})
		return nil
	}); err != nil || len(all) < 40 {
		t.Fatalf("%d balances, %v", len(all), err)
	}
	return all
}

func exec(t *testing.T, conn *pgx.Conn, sql string) {
	t.Helper()
	if tag, err := conn.Exec(t.Context(), sql); err != nil {
		t.Fatalf("%s: %s, %v", sql, tag, err)
	}
}

func run(t *testing.T, conn *pgx.Conn, o preview.Options) (*preview.Preview, string) {
	t.Helper()
	o.Today = norway.DateOf(time.Now())
	p, err := preview.Run(t.Context(), conn, o)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := preview.WriteReport(&b, p); err != nil {
		t.Fatal(err)
	}
	return p, b.String()
}

func keys(all []preview.Own) (keys []string) {
	for _, o := range all {
		keys = append(keys, o.Case)
	}
	return keys
}

// TestBalances: what SQL says of a core's own tables is what debtors are shown, closed cases too.
func TestBalances(t *testing.T) {
	t.Parallel()
	for name, c := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := database(t, name)
			own := c.figures(t, conn)
			p, _ := run(t, conn, preview.Options{Sample: 5, Cases: keys(own)})
			if got := p.Compare(own); got.Compared != len(own) || len(got.Differ) > 0 || len(got.Uncompared) > 0 ||
				len(p.Persons) != 5 {
				t.Errorf("%d of %d, %d persons: %+v", got.Compared, len(own), len(p.Persons), got)
			}
			for _, f := range p.Figures {
				if f.Total != f.Principal+f.Interest+f.Fees+f.LegalCosts {
					t.Errorf("case %s is not the sum of its parts", f.Case)
				}
			}
			for _, person := range p.Persons {
				var sum money.Øre
				for _, x := range person.Cases {
					var lines money.Øre
					for _, l := range x.Lines {
						lines += l.Amount
					}
					if lines != x.Total {
						t.Errorf("case %s is not the sum of its lines", x.Case.ID.ID)
					}
					sum += x.Total
				}
				if sum != person.Overview.Total {
					t.Errorf("an overview has %s, its cases %s", person.Overview.Total, sum)
				}
			}
		})
	}
}

// TestMistake: a view that forgets what was waived shows as the øre of the waived fees.
func TestMistake(t *testing.T) {
	t.Parallel()
	c := cores["reference"]
	conn := database(t, "reference")
	exec(t, conn, c.waive)
	own := c.figures(t, conn)
	if p, _ := run(t, conn, preview.Options{Cases: keys(own)}); len(p.Compare(own).Differ) > 0 {
		t.Errorf("before: %+v", p.Compare(own))
	}
	exec(t, conn, c.after)
	p, _ := run(t, conn, preview.Options{Cases: keys(own)})
	got := p.Compare(own)
	var text strings.Builder
	if err := preview.WriteComparison(&text, got); err != nil {
		t.Fatal(err)
	}
	if len(got.Differ) < 5 {
		t.Fatalf("%d differ", len(got.Differ))
	}
	for _, d := range got.Differ {
		var waived int64
		if err := conn.QueryRow(t.Context(), `select coalesce(sum(amount_ore), 0)::bigint from core.fee
			where waived_on <= core.today() and case_id::text = $1`, d.Case).Scan(&waived); err != nil {
			t.Fatal(err)
		}
		if more := int64(d.Shown - d.Core); more <= 0 || more > waived || !strings.Contains(text.String(), "case "+d.Case+": the core has") {
			t.Errorf("%+v, and %d øre were waived:\n%s", d, waived, text.String())
		}
	}
}

// TestLeftOut: what nobody is shown is named, with the reason, and is no row of the balances.
func TestLeftOut(t *testing.T) {
	t.Parallel()
	conn := database(t, "reference")
	all := cores["reference"].figures(t, conn)
	p, _ := run(t, conn, preview.Options{Cases: keys(all)})
	open := p.Figures
	exec(t, conn, `insert into core.claim_item (case_id, number, invoice_number, issued_on, due_on, amount_ore)
		values (`+open[0].Case+`, 1, 'A1', current_date, current_date, 1)`)
	exec(t, conn, `update core.case set status = 'CLOSED', phase = 'CLOSED', closed_on = core.today()
		where case_id = `+open[1].Case)
	exec(t, conn, `update core.case set opened_on = core.today() + 1 where case_id = `+open[2].Case)
	p, text := run(t, conn, preview.Options{Cases: keys(all)})
	for i, why := range []string{"claim_item.amount_ore: the items do not sum to the principal", "it is closed", "it is opened later than today"} {
		if !strings.Contains(text, "left out: case "+open[i].Case+": "+why) {
			t.Errorf("case %s is not left out as %q", open[i].Case, why)
		}
		if slices.ContainsFunc(p.Figures, func(f preview.Figure) bool { return f.Case == open[i].Case }) {
			t.Errorf("case %s is left out, and is a row", open[i].Case)
		}
	}
	want := preview.Comparison{Compared: 1, Differ: []preview.Differing{{Case: open[1].Case, Core: 1}},
		Uncompared: []string{open[0].Case, "nothing"}}
	got := p.Compare([]preview.Own{{Case: open[1].Case, Total: 1}, {Case: open[0].Case}, {Case: "nothing"}})
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("compared (-want +got)\n%s", diff)
	}
}

// TestUnread: a debtor whose rows cannot be read is left out, and the others are shown.
func TestUnread(t *testing.T) {
	t.Parallel()
	conn := database(t, "reference")
	whole, _ := run(t, conn, preview.Options{Sample: 6})
	exec(t, conn, `create or replace view oversikt.fee as select fee_id, case_id, kind,
		(amount_ore / case when case_id = `+whole.Persons[2].Cases[0].Case.ID.ID+` then 0 else 1 end)::bigint as amount_ore,
		incurred_on, waived_on, legal_basis from core.fee`)
	p, text := run(t, conn, preview.Options{Sample: 6})
	if p.Unread != 1 || len(p.Persons) != 5 ||
		!strings.Contains(text, "left out: debtor 3: cannot be read: SCHEMA_MISMATCH") {
		t.Errorf("%d cannot be read, %d are shown:\n%s", p.Unread, len(p.Persons), text)
	}
}

// TestNobodyIsNamed: neither a name nor a number of a person is in what is printed.
func TestNobodyIsNamed(t *testing.T) {
	t.Parallel()
	for name := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := database(t, name)
			p, text := run(t, conn, preview.Options{Sample: 60})
			if endtoend.ElevenDigits(text) != "" || len(p.Persons) < 20 {
				t.Errorf("%d persons, or it has the number of one", len(p.Persons))
			}
			rows, err := conn.Query(t.Context(), "select name from oversikt.debtor where kind = 'PERSON'")
			if err != nil {
				t.Fatal(err)
			}
			names, err := pgx.CollectRows(rows, pgx.RowTo[string])
			if err != nil || len(names) < 20 {
				t.Fatalf("%d names, %v", len(names), err)
			}
			for _, n := range names {
				if strings.Contains(text, n) {
					t.Error("it names a person")
				}
			}
		})
	}
}

func TestReadOwn(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, text string
		want         []preview.Own
		err          string
	}{
		"two":         {"any order of columns, and others", "x,total_ore,case_id\n1,5,A\n2,-7,B\n", []preview.Own{{"A", 5}, {"B", -7}}, ""},
		"none":        {"a header alone", "case_id,total_ore\n", nil, ""},
		"empty":       {"nothing to read", "", nil, "no first line"},
		"no header":   {"which column is which", "A,5\n", nil, "does not name the columns"},
		"kroner":      {"øre are whole", "case_id,total_ore\nA,5\nB,12.50\n", nil, "line 3: total_ore is no whole number"},
		"beyond":      {"no such debt", "case_id,total_ore\nA,1000000000001\n", nil, "line 2: total_ore is no whole number"},
		"twice":       {"which one counts", "case_id,total_ore\nA,5\nA,6\n", nil, "line 3: case_id is empty, or is there already"},
		"no case":     {"of which case", "case_id,total_ore\n,5\n", nil, "line 2: case_id is empty"},
		"short row":   {"a value is missing", "case_id,total_ore\nA,5\nB\n", nil, "line 3 is no row of 2 columns"},
		"own columns": {"what is written can be read", written(t), []preview.Own{{"A", 0}}, ""},
	} {
		got, err := preview.ReadOwn(strings.NewReader(tc.text))
		if tc.err == "" && (err != nil || !cmp.Equal(tc.want, got)) ||
			tc.err != "" && (err == nil || !strings.Contains(err.Error(), tc.err)) {
			t.Errorf("%s (%s): %+v, %v", name, tc.reason, got, err)
		}
	}
}

func written(t *testing.T) string {
	t.Helper()
	var b bytes.Buffer
	if err := preview.WriteCSV(&b, []preview.Figure{{Case: "A"}}); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

package manual

import (
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// rowsAfter are rows that stand in the tables of the page as soon as they are there.
var rowsAfter = map[string]string{
	"create table inkasso.kunde_person": `insert into inkasso.kunde values (1, '17912099997', 'Kari'), (2, '17912099997', 'Kari N.'), (3, null, 'Ola');
		insert into inkasso.kunde select n, null, 'Ola' from generate_series(4, 3000) n;
		insert into inkasso.sak select 1, n, n, 7, 'Strøm', '2026-02-01', case when n = 4 then now() end, '12344', '86011117947', 'Inkasso AS'
		from generate_series(1, 3000) n; analyze`,
	"create table inkasso.kreditnota": `insert into inkasso.faktura values (1, 1, 1, 1, '2026-01-01', '2026-01-15', 100.004), (2, 1, 1, 2, '2026-01-01', '2026-01-15', 50.005),
			(3, 1, 2, 1, '2026-01-01', '2026-01-15', 10), (4, 1, 4, 1, '2026-01-01', '2026-01-15', 10);
		insert into inkasso.faktura select 100 + n, 1, 100 + n, 1, '2026-01-01', '2026-01-15', 9.999 from generate_series(1, 2000) n;
		insert into inkasso.kreditnota values (1, 2, 20), (2, 3, 30); analyze`,
	"create table inkasso.tilbakebetaling": `insert into inkasso.betaling select n, 1, n, 10.006, '2026-03-01' from generate_series(1, 2000) n;
		insert into inkasso.tilbakebetaling values (1, 1, 4), (2, 2, 10.006); analyze`,
	"create table inkasso.gebyr": `insert into inkasso.gebyr (avdeling, lopenr, type, belop, dato) select 1, n, 'PU', 35, '2025-12-01'::date + n % 60
		from generate_series(1, 2000) n; analyze`,
}

// TestRecipes runs every SQL of docs/recipes.md in its order, on rows, and checks the result.
func TestRecipes(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../../../docs/recipes.md")
	if err != nil {
		t.Fatal(err)
	}
	conn, core := pgtest.New(t, pgtest.Template{}).Conn(), pgtest.New(t, pgtest.Template{})
	referencetest.Exec(t, core.Conn(), `create schema inkasso; create table inkasso.brev (brevnr integer primary key, saksnr text, tittel text, sendt date);
		create index on inkasso.brev (saksnr); insert into inkasso.brev select n, '1-' || n, 'Krav', '2026-02-01' from generate_series(1, 3000) n where n <> 4;
		insert into inkasso.brev select 10000 + n, '1-' || n % 3000 / 5 * 5 + 1, 'Krav', '2026-02-01' from generate_series(1, 50000) n; analyze`)
	c := core.Conn().Config()
	place := strings.NewReplacer("core.example", c.Host, "oversikt_owner", c.User,
		"dbname 'core'", fmt.Sprintf("dbname '%s', port '%d'", c.Database, c.Port))
	var used []string
	foreign := false
	for _, m := range regexp.MustCompile("(?s)```sql\n(.*?)```").FindAllStringSubmatch(string(page), -1) {
		sql := place.Replace(m[1])
		if _, err := conn.Exec(t.Context(), sql); err != nil {
			t.Fatalf("%s\n%v", m[1], err)
		}
		for table, rows := range rowsAfter {
			if strings.Contains(sql, table+" (") {
				used = append(used, table)
				referencetest.Exec(t, conn, rows)
			}
		}
		if strings.Contains(sql, "create foreign table") {
			foreign = true
			if b := ofRecipes(t, conn); len(b) > 0 {
				t.Errorf("foreign tables: %+v", b)
			}
			referencetest.Exec(t, conn, "alter server fjernt options (set use_remote_estimate 'false')")
			if b := ofRecipes(t, conn); len(b) != 1 || b[0].Relation != "inkasso.brev_fjernt" || b[0].Rule != check.RuleIndex {
				t.Errorf("without remote estimates: %+v", b)
			}
		}
	}
	if len(used) != len(rowsAfter) || !foreign {
		t.Errorf("rows for %s alone, foreign tables %v", used, foreign)
	}
	if b := ofRecipes(t, conn); len(b) > 0 {
		t.Errorf("%+v", b)
	}
	for sql, want := range map[string]string{
		"select string_agg(amount_ore::text, ' ' order by number) from oversikt.claim_item where case_id = '1-1'": "10000 3001",
		"select principal_ore::text from oversikt.case where case_id = '1-1'":                                     "13001",
		"select principal_ore::text from oversikt.case where case_id = '1-2'":                                     "0",
		"select count(*)::text from oversikt.case where case_id = '1-4'":                                          "0",
		"select count(*)::text from oversikt.claim_item where case_id = '1-4'":                                    "0",
		"select count(*)::text from oversikt.payment where case_id in ('1-2', '1-4')":                             "0",
		"select count(*)::text from oversikt.fee where case_id = '1-4'":                                           "0",
		"select amount_ore::text from oversikt.payment where case_id = '1-1'":                                     "601",
		"select string_agg(debtor_id::text, ' ' order by debtor_id) from oversikt.debtor where debtor_id < 4":     "1 3",
		"select count(distinct debtor_id)::text from oversikt.case":                                               "2998",
		"select inkasso.merke('K7MP-4XWT-9BRD')::text = inkasso.merke('k7mp 4xwt9brd')::text":                     "true",
	} {
		var got string
		if err := conn.QueryRow(t.Context(), "select ("+sql+")::text").Scan(&got); err != nil || got != want {
			t.Errorf("%s: %s, want %s: %v", sql, got, want, err)
		}
	}
}

// ofRecipes are the breaches of the check but for the views that the page does not have.
func ofRecipes(t *testing.T, conn *pgx.Conn) []check.Breach {
	t.Helper()
	found, err := check.Run(t.Context(), conn, check.Options{Role: "postgres", Full: true, Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(found.Breaches, func(b check.Breach) bool {
		return b.Rule == check.RuleRelation || b.Rule == check.RulePower
	})
}

package post

import (
	"bytes"
	"context"
	"encoding/base64"
	"fmt"
	"html"
	"log/slog"
	"math"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/crypto/argon2"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var sources = pgtest.Hash(reference.Files(), os.DirFS("../people"), legacy.Files(), journal.Files())

func filled(code string) pgtest.Template {
	return pgtest.Template{Name: "letters_" + code, Hash: sources, Fill: func(ctx context.Context, conn *pgx.Conn) error {
		install, load := func(ctx context.Context, conn *pgx.Conn) error {
			return reference.Install(ctx, conn, reference.Options{})
		}, people.LoadReference
		switch code {
		case people.Tradisjon:
			install, load = legacy.Install, people.LoadLegacy
		case people.Journal:
			install, load = journal.Install, people.LoadJournal
			code = people.Fjord // few have a case at the fourth
		}
		if err := install(ctx, conn); err != nil {
			return err
		}
		return load(ctx, conn, people.New(1, norway.MustDate("2026-03-02")), code, 50, nil)
	}}
}

// layout is what a test asks one layout of a core.
type layout struct {
	code, schema string
	reach        string // sets what the debtor of a case is reached by
	credential   string // the newest, and how many there are
	crowd        string // gives a case a password of every mark but two: that of the demo's, which it has, and $2
}

var layouts = map[string]layout{
	"reference": {people.Fjord, "core",
		`update core.debtor set email = $2, phone = $3 where debtor_id = (select debtor_id from core.case where case_number = $1)`,
		`select password_hash, mark, valid_until - core.today(), count(*) over () from core.case_credential join core.case using (case_id) where case_number = $1 order by credential_id desc limit 1`,
		`insert into core.case_credential (case_id, mark, password_hash, issued_on, valid_until)
		 select case_id, n, '', core.today(), core.today() from generate_series(0, 255) n, core.case
		 where case_number = $1 and n <> $2 and (case_id, n) not in (select case_id, mark from core.case_credential)`},
	"legacy": {people.Tradisjon, "inkasso",
		`update inkasso.skyldner set epost = $2, telefon = $3 where skyldner_id = (select skyldner_id from inkasso.sak where saksnr = $1)`,
		`select avtrykk, merke, gyldig_til - inkasso.i_dag(), count(*) over () from inkasso.passord where saksnr = $1 order by lopenr desc limit 1`,
		`insert into inkasso.passord (saksnr, merke, avtrykk, utstedt, gyldig_til)
		 select saksnr, n, '', inkasso.i_dag(), inkasso.i_dag() from generate_series(0, 255) n, inkasso.sak
		 where saksnr = $1 and n <> $2 and (saksnr, n) not in (select saksnr, merke from inkasso.passord)`},
	"journal": {people.Journal, "journal",
		`update journal.debtor d set email = $2, phone = $3 from journal.keyed c
		 where c.number = $1 and (c.debtor_office, c.debtor_serial) = (d.office, d.serial)`,
		`select p.hash, p.mark, p.valid_until - journal.today(), count(*) over () from journal.credential p
		 join journal.keyed c on (c.office, c.serial) = (p.case_office, p.case_serial) where c.number = $1 order by p.nr desc limit 1`,
		`insert into journal.credential (case_office, case_serial, mark, hash, issued_on, valid_until)
		 select c.office, c.serial, n, '', journal.today(), journal.today() from generate_series(0, 255) n, journal.keyed c
		 where c.number = $1 and n <> $2 and n not in (select p.mark from journal.credential p
		                                               where (p.case_office, p.case_serial) = (c.office, c.serial))`},
}

// TestLetters orders before and after the letter run starts, lets two of them work at once,
// and starts a third: each order is one letter, sent the way it was ordered.
func TestLetters(t *testing.T) {
	t.Parallel()
	for name, l := range layouts {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			dsns := map[string]string{}
			var conn *pgx.Conn
			for _, a := range people.Agencies() {
				db := pgtest.New(t, filled(a.Code))
				if dsns[a.Code] = db.DSN(); a.Code == l.code {
					conn = db.Conn()
				}
			}
			var log bytes.Buffer
			logger := slog.New(slog.NewTextHandler(&log, nil)) // one, since it is what locks the buffer
			open := func() *Office { return Open(func(code string) string { return dsns[code] }, logger) }
			cases := collect[string](t, conn,
				`select min(case_number) from oversikt.case c join oversikt.debtor d using (debtor_id)
				where d.national_id is not null and exists (select from oversikt.case_login(c.case_number, 0) l where l.case_id is not null) group by d.national_id order by 1 limit 12`)
			email, phone := "ola@example.com", "+4768050000"
			want := map[string][2]string{} // by case: how and where to, as the debtor or a stranger ordered
			order := func(i int, as string, email, phone *string, by, channel string) {
				t.Helper()
				exec(t, conn, l.reach, cases[i], email, phone)
				who := `(select jsonb_build_object('national_id', d.national_id) from oversikt.debtor d join oversikt.case c using (debtor_id) where c.case_number = $2)`
				if as == "stranger" {
					who = `'{}'`
				}
				for range 2 { // a second order of the day is none
					exec(t, conn, `select oversikt.order_new_credentials($1, `+who+`, jsonb_build_object('case_number', $2::text))`, uuid.New(), cases[i])
				}
				want[cases[i]] = [2]string{by, channel}
			}
			order(0, "debtor", &email, &phone, "E-post", "EMAIL")
			order(1, "stranger", &email, &phone, "Brev", "POST")
			order(2, "debtor", nil, &phone, "SMS", "OTHER")
			order(3, "debtor", nil, nil, "Brev", "POST")
			exec(t, conn, l.crowd, cases[1], 7)
			before := collect[int](t, conn, `select count(*)::int from oversikt.letter`)[0]

			first, second := open(), open()
			for i := 4; i < len(cases); i++ {
				order(i, "stranger", &email, nil, "Brev", "POST")
			}
			for tries := 0; len(first.Letters())+len(second.Letters()) < len(cases); tries++ {
				if tries == 1000 {
					t.Fatalf("%d letters: %s", len(first.Letters())+len(second.Letters()), log.String())
				}
				time.Sleep(100 * time.Millisecond)
			}
			third := open()
			time.Sleep(pause + pause/2)
			for _, o := range []*Office{first, second, third} {
				o.Close()
			}
			letters := append(first.Letters(), second.Letters()...)
			if len(letters) != len(cases) || len(third.Letters()) != 0 ||
				collect[int](t, conn, `select count(*)::int from oversikt.letter`)[0] != before+len(cases) {
				t.Fatalf("%d letters and %d again for %d orders", len(letters), len(third.Letters()), len(cases))
			}
			for _, got := range letters {
				w := want[got.CaseNumber]
				if got.By != w[0] || (got.By == "E-post") != (got.Address == email) ||
					(got.By == "SMS") != (got.Address == phone) || got.Name == "" || got.Address == "" {
					t.Errorf("%s to %q, not %s", got.By, got.Address, w[0])
				}
				stored := collect[string](t, conn,
					`select kind || ' ' || channel || ' ' || sent_on from oversikt.letter join oversikt.case using (case_id)
					where case_number = $1 and title in ('Nytt passord', 'New password')`, got.CaseNumber)
				if fmt.Sprint(stored) != fmt.Sprintf("[OTHER %s %s]", w[1], got.Sent[:10]) {
					t.Errorf("stored: %v", stored)
				}
				var phc string
				var marked, days, valid int
				// where midnight has passed
				if err := conn.QueryRow(t.Context(), l.credential, got.CaseNumber).Scan(&phc, &marked, &days, &valid); err != nil ||
					days != validDays && days != validDays-1 {
					t.Errorf("valid for %d days: %v", days, err)
				}
				switch i := slices.Index(cases, got.CaseNumber); {
				case marked != int(debt.PasswordForm("").Of(got.Password).Mark()) || i == 1 && (marked != 7 || valid != 256):
					t.Errorf("case %d has %d passwords, the newest with the mark %d", i, valid, marked)
				case i != 1 && valid != map[bool]int{true: 1, false: 2}[i < 4]: // the debtor's order ends the one before
					t.Errorf("case %d has %d passwords", i, valid)
				}
				if !matches(phc, got.Password) || matches(phc, people.Password) {
					t.Errorf("the hash is not that of the letter's password")
				}
				for _, table := range collect[string](t, conn,
					`select format('%I.%I', schemaname, tablename) from pg_tables where schemaname = $1`, l.schema) {
					if n := collect[int](t, conn, `select count(*)::int from `+table+` r where strpos(r::text, $1) > 0`,
						got.Password)[0]; n != 0 {
						t.Errorf("the password is in %s", table)
					}
				}
				if text := fmt.Sprintf("%v %+v %#v", got, got, got); strings.Contains(text, got.Password) ||
					strings.Contains(text, got.Name) {
					t.Errorf("it prints what it knows: %s", text)
				}
			}
			if log.Len() > 0 {
				t.Errorf("log: %s", log.String())
			}
		})
	}
}

func collect[T any](t *testing.T, conn *pgx.Conn, sql string, args ...any) []T {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	if err != nil {
		t.Fatal(err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowTo[T])
	if err != nil || len(all) == 0 {
		t.Fatalf("%s: %d rows, %v", sql, len(all), err)
	}
	return all
}

func exec(t *testing.T, conn *pgx.Conn, sql string, args ...any) {
	t.Helper()
	if _, err := conn.Exec(t.Context(), sql, args...); err != nil {
		t.Fatalf("%s: %v", sql, err)
	}
}

func matches(phc, password string) bool {
	parts := strings.Split(phc, "$")
	salt, err := base64.RawStdEncoding.DecodeString(parts[4])
	key := argon2.IDKey(debt.PasswordForm("").Of(password).Bytes(), salt, 2, 19456, 1, 32)
	return err == nil && strings.HasPrefix(phc, "$argon2id$v=19$m=19456,t=2,p=1$") &&
		parts[5] == base64.RawStdEncoding.EncodeToString(key)
}

func TestPassword(t *testing.T) {
	t.Parallel()
	seen, used := map[string]bool{}, map[rune]bool{}
	for range 1000 {
		p := newPassword()
		if len(p) != 14 || p[4] != '-' || p[9] != '-' || seen[p] || strings.ContainsAny(p, "01oilaeuyzsq") {
			t.Fatalf("%q", p)
		}
		seen[p] = true
		if got := debt.PasswordForm("").Of(p).Bytes(); string(got) != string(plain(p)) {
			t.Fatalf("of %q marks and hashes are made as if it were %q", p, got)
		}
		for _, r := range string(plain(p)) {
			used[r] = true
		}
	}
	if bits := groups * groupSize * math.Log2(float64(len(used))); bits < 50 {
		t.Errorf("%d characters are used: %.0f bits", len(used), bits)
	}
}

func TestPage(t *testing.T) {
	t.Parallel()
	odd := `<script>alert("1")</script>`
	o := &Office{letters: []Letter{
		{Agency: "Fjord", CaseNumber: "1", Name: odd, By: "Brev", Address: odd, Password: "older",
			Sent: "2026-03-02 12:00:00"},
		{Agency: "Lita", CaseNumber: "2", Name: "Ola", By: "E-post", Address: "ola@example.com", Password: "newer",
			Sent: "2026-03-02 12:00:01"},
	}}
	w := httptest.NewRecorder()
	o.Page("/style.css").ServeHTTP(w, httptest.NewRequestWithContext(t.Context(), "GET", "/dev/post", nil))
	body := w.Body.String()
	for _, part := range []string{"DEMO", "Fjord · sak 1", "2026-03-02 12:00:00", "<code>older</code>",
		"E-post til ola@example.com"} {
		if !strings.Contains(body, part) {
			t.Errorf("%q is not on the page", part)
		}
	}
	if strings.Contains(body, "<script") || !strings.Contains(html.UnescapeString(body), odd) ||
		strings.Index(body, "newer") > strings.Index(body, "older") {
		t.Errorf("the page is %s", body)
	}
	if h := w.Header(); h.Get("Content-Security-Policy") != "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'" || h.Get("Cache-Control") != "no-store" {
		t.Errorf("headers %v", h)
	}
}

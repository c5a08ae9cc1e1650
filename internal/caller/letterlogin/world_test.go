package letterlogin_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/base64"
	"log/slog"
	"net/http"
	"os"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/crypto/argon2"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) {
	leaktest.Main(m)
}

var today = norway.MustDate("2026-03-02")

var (
	fjord = pgtest.Template{
		Name: "letter_fjord", Hash: pgtest.Hash(reference.Files(), os.DirFS("../../workshop/demo/people")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
				return err
			}
			if err := people.LoadReference(ctx, conn, people.New(1, today), people.Fjord, 20, nil); err != nil {
				return err
			}
			_, err := conn.Exec(ctx, "update core.case_credential set valid_until = 'infinity'") // whenever the tests run
			return err
		},
	}
	ours = pgtest.Template{
		Name: "letter_portal", Hash: pgtest.Hash(os.DirFS("../../portal/migrate")),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			_, err := migrate.Up(ctx, conn.Config().ConnString())
			return err
		},
	}
)

// world is a desk on real databases, with a clock for all but the agency.
type world struct {
	t        *testing.T
	desk     *letterlogin.Desk
	sessions *session.Manager
	core     *pgx.Conn // of the agency, as its owner
	portal   *pgtest.DB
	trips    *trips // to the portal database
	log      *bytes.Buffer
	now      atomic.Int64
	cases    []string // numbers
	refused  []refusal
}

// refusal is what is told of a wrong password.
type refusal struct {
	at     caller.CaseKey
	debtor norway.NationalID
}

// trips counts statements.
type trips struct{ atomic.Int64 }

func (n *trips) TraceQueryStart(ctx context.Context, _ *pgx.Conn, _ pgx.TraceQueryStartData) context.Context {
	n.Add(1)
	return ctx
}

func (n *trips) TraceQueryEnd(context.Context, *pgx.Conn, pgx.TraceQueryEndData) {}

func newWorld(t *testing.T) *world {
	t.Helper()
	core := pgtest.New(t, fjord)
	w := &world{t: t, core: core.Conn(), portal: pgtest.New(t, ours), trips: &trips{}, log: &bytes.Buffer{}}
	w.now.Store(time.Date(2026, 3, 2, 12, 0, 0, 0, time.UTC).UnixNano())
	clock := func() time.Time { return time.Unix(0, w.now.Load()) }
	log := slog.New(slog.NewTextHandler(w.log, nil))
	agencies, err := agency.Open([]agency.Config{
		// a statement costs one more trip the first time on each
		{Code: people.Fjord, Name: "Fjord Inkasso AS", DSN: core.RoleDSN(spec.DefaultRole), Deadline: 20 * time.Second,
			MaxConns: 1},
		{Code: "printed", Name: "Trykt Inkasso AS", DSN: core.RoleDSN(spec.DefaultRole), Deadline: 20 * time.Second,
			MaxConns: 4, Passwords: "AAAA-AAAA"},
		{Code: "down", Name: "Nede Inkasso AS", DSN: "host=/nowhere", MaxConns: 4},
	}, clock, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(agencies.Close)
	ours := portal.NewDB(w.portal.Pool(func(c *pgxpool.Config) {
		c.ConnConfig.User, c.ConnConfig.Tracer = portal.Role, w.trips
	}), time.Minute)
	secret, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	w.sessions, err = session.New(session.Options{Portal: ours, Secret: secret, Limits: session.DefaultLimits,
		Clock: clock, Logger: log})
	if err != nil {
		t.Fatal(err)
	}
	w.desk = letterlogin.NewDesk(letterlogin.Options{
		Agencies: agencies, Throttle: throttle.New(ours, secret, clock), Secret: secret, Log: log,
		Patience: 5 * time.Minute,
		Refused: func(_ context.Context, at caller.CaseKey, debtor norway.NationalID) error {
			w.refused = append(w.refused, refusal{at, debtor})
			return nil
		},
	})
	rows, err := w.core.Query(t.Context(),
		"select case_number from core.case join core.case_credential using (case_id) order by 1 limit 12")
	if err != nil {
		t.Fatal(err)
	}
	if w.cases, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil || len(w.cases) < 12 {
		t.Fatal(len(w.cases), err)
	}
	t.Cleanup(func() {
		text := w.log.String()
		for _, told := range append([]string{people.Password, "guess"}, w.cases...) {
			if strings.Contains(text, told) {
				t.Errorf("the log has %q: %s", told, text)
			}
		}
	})
	return w
}

// browser returns the context of a request of a page of ours, and the headers of its answer.
func (w *world) browser(header ...string) (context.Context, http.Header) {
	w.t.Helper()
	request, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, "https://minside.example/graphql", nil)
	if err != nil {
		w.t.Fatal(err)
	}
	request.Header.Set(session.ClientHeader, "web")
	for i := 0; i < len(header); i += 2 {
		request.Header.Set(header[i], header[i+1])
	}
	answer := http.Header{}
	ctx, err := w.sessions.Authenticate(w.t.Context(), answer, request)
	if err != nil {
		w.t.Fatal(err)
	}
	return ctx, answer
}

func (w *world) login(from, number, password string) error {
	w.t.Helper()
	ctx, answer := w.browser()
	_, err := w.desk.Login(ctx, from,
		letterlogin.Credentials{Agency: people.Fjord, CaseNumber: number, Password: password})
	if (err == nil) != (answer.Get("Set-Cookie") != "") {
		w.t.Errorf("%v with the cookie %q", err, answer.Get("Set-Cookie"))
	}
	return err
}

// forgetNumber makes the debtor of a case one whom the agency knows by no number.
func (w *world) forgetNumber(number string) {
	w.t.Helper()
	w.exec("update core.debtor set national_id = null "+
		"where debtor_id = (select debtor_id from core.case where case_number = $1)", number)
}

// setPassword adds a password to a case, with mark and hash of it as it stands.
func (w *world) setPassword(number, password string) {
	w.t.Helper()
	const salt = "sixteen bytes ok"
	encode := base64.RawStdEncoding.EncodeToString
	hash := "$argon2id$v=19$m=19456,t=2,p=1$" + encode([]byte(salt)) + "$" +
		encode(argon2.IDKey([]byte(password), []byte(salt), 2, 19456, 1, 32))
	w.exec("insert into core.case_credential (case_id, mark, password_hash, issued_on, valid_until) "+
		"select case_id, $2, $3, core.today(), 'infinity' from core.case where case_number = $1",
		number, int(sha256.Sum256([]byte(password))[0]), hash)
}

func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	if _, err := w.core.Exec(w.t.Context(), sql, args...); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) count(conn *pgx.Conn, sql string, args ...any) (n int) {
	w.t.Helper()
	if err := conn.QueryRow(w.t.Context(), sql, args...).Scan(&n); err != nil {
		w.t.Fatal(err)
	}
	return n
}

// later moves all clocks; the agency's own is moved by moving what it noted.
func (w *world) later(d time.Duration) {
	w.t.Helper()
	w.now.Add(int64(d))
	w.exec("update core.login_throttle set locked_until = locked_until - $1::interval, last_at = last_at - $1::interval",
		d)
}

package contracttest

import (
	"encoding/base64"
	"regexp"
	"slices"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"golang.org/x/crypto/argon2"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

var phc = regexp.MustCompile(`^\$argon2id\$v=19\$m=19456,t=2,p=1\$([A-Za-z0-9+/]{22})\$([A-Za-z0-9+/]{43})$`)

// opens says whether a password has the hash that a login handed out, which always costs
// the same to find out.
func opens(t *testing.T, login debt.CaseLogin, password string) bool {
	t.Helper()
	parts := phc.FindStringSubmatch(login.Hash.Reveal())
	if parts == nil {
		t.Fatal("what is handed out is no hash of the agreed cost")
	}
	salt, err := base64.RawStdEncoding.DecodeString(parts[1])
	if err != nil {
		t.Fatal(err)
	}
	return base64.RawStdEncoding.EncodeToString(argon2.IDKey(plain(password).Bytes(), salt, 2, 19456, 1, 32)) == parts[2]
}

// plain is what marks and hashes are made of.
func plain(password string) debt.Password { return debt.PasswordForm("").Of(password) }

func login(t *testing.T, conn core.Querier, number string) debt.CaseLogin {
	t.Helper()
	return loginWith(t, conn, number, people.Password)
}

func loginWith(t *testing.T, conn core.Querier, number, password string) debt.CaseLogin {
	t.Helper()
	l, err := core.CaseLogin(t.Context(), conn, number, plain(password).Mark())
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// locked tries a number that must be locked for at most so long.
func locked(t *testing.T, conn core.Querier, number string, most time.Duration) {
	t.Helper()
	l := login(t, conn, number)
	if l.Wait <= most-20*time.Second || l.Wait > most {
		t.Fatalf("the wait is %s, not about %s", l.Wait, most)
	}
	if l.Wait = 0; l != (debt.CaseLogin{}) {
		t.Error("something is handed out while the number is locked")
	}
}

// lettered is a case of the subject that was there before, and so has a password.
func (c *Core) lettered(t *testing.T, conn *pgx.Conn, s *subject) *debt.Case {
	t.Helper()
	for _, x := range c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfCases}).Cases {
		if !slices.ContainsFunc(s.cases, func(o *debt.Case) bool { return o.ID == x.ID }) {
			return x
		}
	}
	t.Fatal("the subject has no other case")
	return nil
}

// caseLogin: the right hash for a case with a valid password, and for any other text one
// that nothing opens.
func caseLogin(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	known := c.lettered(t, conn, s)
	l := login(t, conn, known.CaseNumber)
	if l.CaseID != known.ID.ID || l.NationalID != s.scope.NationalID() || l.Wait != 0 || l.Attempt == [16]byte{} ||
		!opens(t, l, people.Password) || opens(t, l, "") {
		t.Errorf("a case with a password gives %s, right person %v", l.CaseID, l.NationalID == s.scope.NationalID())
	}
	must(t, owner, c.Happen.Expire, known.ID.ID, s.today.String())
	if l := login(t, conn, known.CaseNumber); l.CaseID != known.ID.ID {
		t.Error("a password is not valid on its last day")
	}
	must(t, owner, c.Happen.Expire, known.ID.ID, (s.today - 1).String())
	cases := map[string]struct{ reason, number string }{
		"expired":     {"a letter is not valid for ever", known.CaseNumber},
		"no password": {"a case that no letter told of", s.cases[0].CaseNumber},
		"no case":     {"nobody learns which numbers there are", "999999999"},
		"empty":       {"nothing was typed", ""},
		"not a key":   {"text that no key type holds", "' or true --"},
		"long":        {"whatever somebody pastes", longText},
	}
	hashes := map[debt.PasswordHash]bool{}
	for name, tc := range cases {
		l := login(t, conn, tc.number)
		hashes[l.Hash] = true
		if l.CaseID != "" || !l.NationalID.IsZero() || l.Wait != 0 || l.Attempt == [16]byte{} ||
			opens(t, l, people.Password) {
			t.Errorf("%s (%s): %+v", name, tc.reason, l)
		}
	}
	if len(hashes) != 1 {
		t.Errorf("there are %d hashes for what is not there", len(hashes))
	}
}

// caseLoginThrottle: a number that exists and one that does not are locked alike, twice as
// long each time, up to a day.
func caseLoginThrottle(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	known := c.lettered(t, conn, s)
	for name, number := range map[string]string{"known": known.CaseNumber, "unknown": "000-" + known.CaseNumber} {
		t.Run(name, func(t *testing.T) {
			for range 5 {
				if l := login(t, conn, number); l.Wait != 0 {
					t.Fatalf("locked for %s too early", l.Wait)
				}
			}
			for wait := 30 * time.Second; ; wait = min(2*wait, 24*time.Hour) {
				locked(t, conn, number, wait)
				locked(t, conn, number, wait) // which does not count
				must(t, owner, c.Happen.Later, int(wait.Seconds()))
				if l := login(t, conn, number); l.Wait != 0 || (l.CaseID != "") != (name == "known") {
					t.Fatalf("after %s: %+v", wait, l)
				}
				if wait == 24*time.Hour {
					break
				}
			}
			locked(t, conn, number, 24*time.Hour)
			locked(t, conn, number, 24*time.Hour)
			must(t, owner, c.Happen.Later, 31*24*60*60)
			login(t, conn, "another number")
			for range 5 {
				if l := login(t, conn, number); l.Wait != 0 {
					t.Fatalf("locked for %s, a month after the last try", l.Wait)
				}
			}
		})
	}
}

// caseLoginSucceeded: the right password forgives what was before it, once, and nothing after it.
func caseLoginSucceeded(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	succeeded := func(attempt uuid.UUID, want debt.ActStatus) {
		t.Helper()
		if got, err := core.CaseLoginSucceeded(t.Context(), conn, attempt); err != nil || got != want {
			t.Fatalf("%s, %v; want %s", got, err, want)
		}
	}
	const number, another = "a number", "another one"
	try := func(number string, n int) (attempts []uuid.UUID) {
		t.Helper()
		for range n {
			l := login(t, conn, number)
			if l.Wait != 0 {
				t.Fatalf("locked for %s", l.Wait)
			}
			attempts = append(attempts, l.Attempt)
		}
		return attempts
	}
	succeeded(uuid.New(), debt.ActRefused)
	all := try(number, 5)
	locked(t, conn, number, 30*time.Second)
	succeeded(all[2], debt.ActDone)
	all = try(number, 3)
	locked(t, conn, number, 30*time.Second)
	succeeded(all[2], debt.ActDone)
	try(number, 4)
	succeeded(all[2], debt.ActDone)
	try(number, 1)
	locked(t, conn, number, 30*time.Second)
	must(t, owner, c.Happen.Later, 30)
	old := try(number, 1)
	must(t, owner, c.Happen.Later, 601)
	succeeded(old[0], debt.ActRefused)

	all = try(another, 5)
	must(t, owner, c.Happen.Later, 30)
	try(another, 1)
	succeeded(all[0], debt.ActDone) // five have failed since
	locked(t, conn, another, time.Minute)
}

// caseLoginAtOnce: trying many passwords at once gives no more tries.
func caseLoginAtOnce(t *testing.T, c *Core) {
	pool := c.DB.Pool(func(config *pgxpool.Config) { config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 8 })
	var mu sync.Mutex
	handed := map[[16]byte]bool{}
	var all sync.WaitGroup
	for range 50 {
		all.Go(func() {
			l, err := core.CaseLogin(t.Context(), pool, "tried at once", 0)
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			if l.Wait == 0 {
				handed[l.Attempt] = true
			}
		})
	}
	all.Wait()
	if len(handed) != 5 {
		t.Errorf("%d tries", len(handed))
	}
}

// credentials: an order by somebody who is not logged in takes no password away; a new one
// that is used ends those before it, and an order by the debtor ends all.
func credentials(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	known := c.lettered(t, conn, s)
	order := func(scope caller.Scope, toSend int) {
		t.Helper()
		got, err := OrderCredentials(t.Context(), conn, scope, uuid.New(), known.CaseNumber)
		if err != nil || got.Status != debt.ActDone {
			t.Fatalf("%+v, %v", got, err)
		}
		var n int
		if err := owner.QueryRow(t.Context(), c.Happen.Orders, known.ID.ID).Scan(&n); err != nil || n != toSend {
			t.Fatalf("%d passwords are to be sent, %v; want %d", n, err, toSend)
		}
	}
	send := func(password string) {
		t.Helper()
		must(t, owner, c.Happen.Send, known.ID.ID, hashOf(password), plain(password).Mark())
	}
	try := func(password string, right bool) debt.CaseLogin {
		t.Helper()
		must(t, owner, c.Happen.Later, 24*60*60) // no lock is tested here
		l := loginWith(t, conn, known.CaseNumber, password)
		if opens(t, l, password) != right {
			t.Fatalf("%q opens the case: %v", password, !right)
		}
		return l
	}
	succeed := func(l debt.CaseLogin, want debt.ActStatus) {
		t.Helper()
		if got, err := core.CaseLoginSucceeded(t.Context(), conn, l.Attempt); err != nil || got != want {
			t.Fatalf("%s, %v; want %s", got, err, want)
		}
	}
	if try("a guess", false).CaseID != known.ID.ID {
		t.Error("a password with another mark does not tell whose case was tried")
	}
	order(caller.Scope{}, 1)
	try("first", false)
	succeed(try(people.Password, true), debt.ActDone)
	send("first")
	send("second")
	try("second", true)
	try("first", true)
	late := try(people.Password, true)
	succeed(late, debt.ActDone)
	late = try(people.Password, true)
	succeed(try("first", true), debt.ActDone)
	succeed(late, debt.ActRefused)
	try(people.Password, false)
	try("second", true)

	order(caller.Scope{}, 0)
	try("second", true)
	order(s.scope, 1) // though one was sent today, as somebody ordered it
	for _, ended := range []string{people.Password, "first", "second"} {
		if l := try(ended, false); l.CaseID != "" {
			t.Error("the case has a valid password")
		}
	}
	send("third")
	try("third", true)
	order(s.scope, 0)
	order(caller.Scope{}, 0)
	succeed(try("third", true), debt.ActDone)
}

func hashOf(password string) string {
	salt, encode := []byte("sixteen bytes ok"), base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$m=19456,t=2,p=1$" + encode(salt) + "$" +
		encode(argon2.IDKey(plain(password).Bytes(), salt, 2, 19456, 1, 32))
}

// orderCredentials: whoever asks hears the same, and a case gets one password a day.
func orderCredentials(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s, stranger := c.subject(t, conn), c.subject(t, conn)
	letter := CredentialOrder{Status: debt.ActDone, Channel: debt.CredentialsByLetter}
	contact := CredentialOrder{Status: debt.ActDone, Channel: debt.CredentialsByContactPoint}
	order := func(scope caller.Scope, key uuid.UUID, number string, want CredentialOrder) {
		t.Helper()
		got, err := OrderCredentials(t.Context(), conn, scope, key, number)
		if diff := gocmp.Diff(want, got); err != nil || diff != "" {
			t.Fatalf("%v\n%s", err, diff)
		}
	}
	orders := func(x *debt.Case, want int) {
		t.Helper()
		var got int
		if err := owner.QueryRow(t.Context(), c.Happen.Orders, x.ID.ID).Scan(&got); err != nil || got != want {
			t.Fatalf("%d orders, %v; want %d", got, err, want)
		}
	}
	if _, err := CorrectContact(t.Context(), conn, s.scope, uuid.New(),
		ContactChange{Email: new("kari@example.com")}); err != nil {
		t.Fatal(err)
	}
	nobody, key := caller.Scope{}, uuid.New()
	order(nobody, key, s.cases[0].CaseNumber, letter)
	order(nobody, key, s.cases[0].CaseNumber, letter)
	order(nobody, uuid.New(), s.cases[0].CaseNumber, letter)
	orders(s.cases[0], 1)
	order(nobody, uuid.New(), "no such case", letter)
	order(nobody, key, s.cases[1].CaseNumber, CredentialOrder{Status: debt.ActRefused})
	order(s.scope, key, s.cases[0].CaseNumber, CredentialOrder{Status: debt.ActRefused})
	order(stranger.scope, uuid.New(), s.cases[1].CaseNumber, letter)
	orders(s.cases[1], 0)
	order(s.scope, uuid.New(), s.cases[1].CaseNumber, contact)
	orders(s.cases[1], 1)
	if _, err := CorrectContact(t.Context(), conn, s.scope, uuid.New(),
		ContactChange{Email: new(""), Phone: new("")}); err != nil {
		t.Fatal(err)
	}
	order(s.scope, uuid.New(), s.cases[2].CaseNumber, letter)
	orders(s.cases[2], 1)
}

package resolvers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const loginWithLetter = `mutation($a: String!, $n: String!, $p: String!) {
	loginWithLetter(input: {agency: $a, caseNumber: $n, password: $p}) {
		caseId login { kind limitedToCase bankIDShowsMore expiresAt } userErrors { code field message retryAfterSeconds } }
}`

// logIn tries a password as a browser of that name, which is at an address of its own.
func (p *portal) logIn(browser, agency, number, password string) answer {
	p.t.Helper()
	return p.askAs(browser, loginWithLetter, map[string]any{"a": agency, "n": number, "p": password})
}

// userError returns the code of the one user error of a mutation, empty where there is none.
func (a answer) userError(t testing.TB, mutation string) (code string) {
	t.Helper()
	code, _ = at(a.object(t), mutation, "userErrors", 0, "code").(string)
	return code
}

// everyPasswordHolds makes the passwords of the demo good whenever the tests run.
func everyPasswordHolds(t testing.TB, p *portal) {
	t.Helper()
	for code, sql := range map[string]string{
		people.Fjord:     "update core.case_credential set valid_until = 'infinity'",
		people.Tradisjon: "update inkasso.passord set gyldig_til = '9999-12-31'",
	} {
		if _, err := p.databases[code].Conn().Exec(t.Context(), sql); err != nil {
			t.Fatal(err)
		}
	}
}

// TestLoginWithLetter logs in through HTTP and looks around with the cookie: one case is
// everything there is, wherever one looks.
func TestLoginWithLetter(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	whole := at(p.get(s.id, `{ viewer { cases(first: 100) { nodes `+objects+` } } }`, nil), "viewer", "cases",
		"nodes").([]any)
	a := p.logIn("mailbox", s.code, s.caseNumber, people.Password)
	want := map[string]any{"loginWithLetter": map[string]any{
		"caseId": s.caseID, "userErrors": []any{},
		"login": map[string]any{"kind": "CASE_LOGIN", "limitedToCase": true, "bankIDShowsMore": true,
			"expiresAt": "2026-03-02T14:00:00Z"},
	}}
	if diff := cmp.Diff(want, a.object(t)); diff != "" || len(a.Errors) > 0 {
		t.Fatalf("%s %s", diff, a.Raw)
	}
	cookie, err := http.ParseSetCookie(a.Cookie)
	if err != nil || cookie.Name != "__Host-oversikt" || !cookie.HttpOnly || !cookie.Secure ||
		cookie.SameSite != http.SameSiteStrictMode || cookie.Path != "/" || cookie.MaxAge != 0 {
		t.Errorf("%v, %v", cookie, err)
	}
	view := narrow{t, p, s, "mailbox", []string{s.code}, []string{s.caseNumber}, whole}
	view.lists()
	view.ids()
	view.simulations()
	got := p.getAs("mailbox",
		`query($id: ID!) { viewer { login { kind limitedToCase bankIDShowsMore } paymentSolutionAcceptances { id } } node(id: $id) { ... on Case { caseNumber } } }`, map[string]any{"id": s.caseID})
	wantView := map[string]any{
		"viewer": map[string]any{
			"login":                      map[string]any{"kind": "CASE_LOGIN", "limitedToCase": true, "bankIDShowsMore": true},
			"paymentSolutionAcceptances": []any{},
		},
		"node": map[string]any{"caseNumber": s.caseNumber},
	}
	if diff := cmp.Diff(wantView, got); diff != "" {
		t.Errorf("%s", diff)
	}
	for _, closed := range []string{`{ viewer { debtors { email } } }`, `{ staff { role } }`} {
		if a := p.askAs("mailbox", closed, nil); a.codes() != "[FORBIDDEN]" {
			t.Errorf("%s: %s", closed, a.Raw)
		}
	}
	if got := p.get(s.id, `{ viewer { login { kind limitedToCase bankIDShowsMore } } }`, nil); fmt.Sprint(at(got,
		"viewer", "login")) != "map[bankIDShowsMore:false kind:PERSON limitedToCase:false]" {
		t.Errorf("with BankID: %v", got)
	}

	// Another letter takes the place of the first one.
	for _, c := range whole {
		if number := at(c, "caseNumber").(string); at(c, "agency", "code") == people.Tradisjon {
			p.logIn("mailbox", people.Tradisjon, number, people.Password)
			narrow{t, p, s, "mailbox", []string{people.Tradisjon}, []string{number}, whole}.lists()
			break
		}
	}
	p.pass(31 * time.Minute)
	if a := p.askAs("mailbox", `{ agencies { code } }`, nil); a.Status != http.StatusUnauthorized {
		t.Errorf("after half an hour: %s", a.Raw)
	}
}

// TestLettersOnRecord: a login by letter stands in the access log of whose case it is, and so
// does each password that was tried in vain. Nobody else learns of either.
func TestLettersOnRecord(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	entry := func(kind string, own bool, outcome string) []any {
		return []any{map[string]any{"kind": kind, "own": own, "ground": "CASE_LOGIN", "staffAgency": nil,
			"powerOfAttorney": nil, "reason": nil,
			"action": "loginWithLetter", "what": []any{}, "agencies": []any{s.code}, "caseIds": []any{s.caseID},
			"outcome": outcome}}
	}
	refused, done := entry("UNKNOWN", false, "DENIED"), entry("CASE_LOGIN", true, "OK")
	other := &subject{id: people.DemoPeople(today)[1].NationalID}
	before := p.seen(other)
	attempt := func(reason, browser, number, password, code string, want []any) {
		t.Helper()
		before := p.seen(s)
		a := p.logIn(browser, s.code, number, password)
		got := p.seen(s)
		if diff := cmp.Diff(want, got[:len(got)-len(before)], cmpopts.EquateEmpty()); diff != "" ||
			a.userError(t, "loginWithLetter") != code {
			t.Errorf("%s (-want +got):\n%s%s", reason, diff, a.Raw)
		}
	}
	attempt("a browser that is then left alone", "sleeper", s.caseNumber, people.Password, "", done)
	p.pass(31 * time.Minute)
	beforeLapse := p.seen(s)
	if n, err := p.sessions.Clean(t.Context()); n != 1 || err != nil {
		t.Errorf("%d sessions have lapsed: %v", n, err)
	}
	lapse := entry("SYSTEM", false, "OK")
	lapse[0].(map[string]any)["action"] = "sessionLapsed"
	got := p.seen(s)
	if diff := cmp.Diff(lapse, got[:len(got)-len(beforeLapse)]); diff != "" {
		t.Errorf("a session that lapsed (-want +got):\n%s", diff)
	}
	attempt("her password", "browser", s.caseNumber, people.Password, "", done)
	attempt("again, in place of that session", "browser", s.caseNumber, people.Password, "", done)
	attempt("by somebody who is logged in as another", other.id.Reveal(), s.caseNumber, people.Password, "", done)
	attempt("a guess", "guesser", s.caseNumber, "guess", "LOGIN_FAILED", refused)
	attempt("a guess at no case", "guesser", "0", "guess", "LOGIN_FAILED", nil)
	attempt("a guess from a session", "browser", s.caseNumber, "guess", "LOGIN_FAILED", refused)

	p.execute("revoke insert on portal.access_log from oversikt_portal")
	if a := p.logIn("guesser", s.code, s.caseNumber, "guess"); a.userError(t, "loginWithLetter") != "LOGIN_FAILED" {
		t.Errorf("a guess while the log cannot be written: %s", a.Raw)
	}
	sessions := p.scalar("select count(*) from portal.session")
	if a := p.logIn("visitor", s.code, s.caseNumber, people.Password); a.codes() != "[ACCESS_NOT_RECORDED]" ||
		a.Cookie != "" || p.scalar("select count(*) from portal.session") != sessions {
		t.Errorf("a login that cannot be recorded: %s %s", a.Raw, a.Cookie)
	}
	p.execute("grant insert on portal.access_log to oversikt_portal")
	if diff := cmp.Diff(refused, p.seen(s)[:1]); diff != "" {
		t.Errorf("the guess was delivered when the log could be written (-want +got):\n%s", diff)
	}
	for range 5 { // the login took back the failures before it
		attempt("more guesses", "guesser", s.caseNumber, "guess", "LOGIN_FAILED", refused)
	}
	attempt("the fifth locked the case: nothing is tried", "guesser", s.caseNumber, people.Password, "THROTTLED", nil)
	if diff := cmp.Diff(before, p.seen(other)); diff != "" {
		t.Errorf("in another's log (-before +after):\n%s", diff)
	}
}

// TestLoginAnswersAlike: to the letter, but for the request's own id.
func TestLoginAnswersAlike(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	const refused = `{"data":{"loginWithLetter":{"caseId":null,"login":null,"userErrors":[{"code":"LOGIN_FAILED","field":[],"message":"The agency, the case number or the password is wrong, or the password has expired.","retryAfterSeconds":null}]}}`
	for _, tc := range []struct{ reason, agency, number, password string }{
		{"wrong password", s.code, s.caseNumber, "another"},
		{"no such case", s.code, "0", people.Password},
		{"a case of another agency", people.Lita, s.caseNumber, people.Password},
		{"no such agency", "nowhere", s.caseNumber, people.Password},
	} {
		a := p.logIn(tc.reason, tc.agency, tc.number, tc.password)
		body, _, _ := strings.Cut(a.Raw, `,"extensions"`)
		if body = strings.TrimSuffix(body, "}") + "}"; body != refused || a.Status != http.StatusOK || a.Cookie != "" {
			t.Errorf("%s: %d %s", tc.reason, a.Status, a.Raw)
		}
	}
}

// TestOneLoginInADocument: several in one document are refused before any is tried.
func TestOneLoginInADocument(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	login := fmt.Sprintf(`loginWithLetter(input: {agency: %q, caseNumber: %q, password: "guess"}) { userErrors { code } }`,
		s.code, s.caseNumber)
	for reason, tc := range map[string]struct {
		document string
		tried    bool
	}{
		"aliases":        {"mutation { a: " + login + " b: " + login + " }", false},
		"twice the same": {"mutation { " + login + " " + login + " }", false},
		"in fragments": {"mutation { ...F a: " + login + " } fragment F on Mutation { ... on Mutation { " + login +
			" } }", false},
		"with a variable": {"mutation($no: Boolean = false) { a: " + login + " ... @skip(if: $no) { b: " + login + " } }",
			false},
		"one is left out": {"mutation { a: " + login + " ... @skip(if: true) { b: " + login + " } }", true},
		"one, with another": {"mutation { " +
			login + fmt.Sprintf(` orderNewCredentials(input: {idempotencyKey: "7f4e28ba-2fa1-4d2b-883f-0016d3cca427", agency: %q, caseNumber: "0"}) { sentBy } }`, s.code), true},
	} {
		attempts := count(t, p, "select count(*) from core.login_attempt")
		a := p.askAs("document "+reason, tc.document, nil)
		tried := count(t, p, "select count(*) from core.login_attempt") - attempts
		if tc.tried != (tried == 1) || tried > 1 || (a.codes() == "[GRAPHQL_VALIDATION_FAILED]") == tc.tried {
			t.Errorf("%s: %d attempts, %s", reason, tried, a.Raw)
		}
	}
}

// TestLoginSender: who could not use a session is refused before anything is tried.
func TestLoginSender(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	body, err := json.Marshal(map[string]any{"query": loginWithLetter,
		"variables": map[string]any{"a": s.code, "n": s.caseNumber, "p": people.Password}})
	if err != nil {
		t.Fatal(err)
	}
	for reason, tc := range map[string]struct {
		header, value string
		code          string
	}{
		"a form":       {session.ClientHeader, "", "[CLIENT_HEADER_REQUIRED]"},
		"another page": {"Origin", "https://evil.example", "[CROSS_ORIGIN]"},
		"a program":    {"Authorization", "Bearer x", "[AMBIGUOUS_CREDENTIALS]"},
	} {
		req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, p.url, bytes.NewReader(body))
		if err != nil {
			t.Fatal(err)
		}
		req.Header.Set("Content-Type", "application/json")
		req.Header.Set(session.ClientHeader, "test")
		req.Header.Set(tc.header, tc.value)
		if a := p.send(req); a.codes() != tc.code || a.Cookie != "" {
			t.Errorf("%s: %s", reason, a.Raw)
		}
	}
	if n := count(t, p, "select count(*) from core.login_attempt"); n != 0 {
		t.Errorf("%d attempts", n)
	}
}

// TestOrderNewCredentials: anybody may order, and nobody learns anything by it.
func TestOrderNewCredentials(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	order := func(caller, number, key string) answer {
		return p.askAs(caller,
			`mutation($a: String!, $n: String!, $k: UUID!) { orderNewCredentials(input: {idempotencyKey: $k, agency: $a, caseNumber: $n}) { sentBy userErrors { code field retryAfterSeconds } } }`,
			map[string]any{"a": s.code, "n": number, "k": key})
	}
	const key = "1b4e28ba-2fa1-4d2b-883f-0016d3cca4%02d"
	known, unknown := order("one", s.caseNumber, fmt.Sprintf(key, 1)), order("one", "0", fmt.Sprintf(key, 2))
	if string(known.Data) != string(unknown.Data) || at(known.object(t), "orderNewCredentials", "sentBy") != "LETTER" {
		t.Errorf("a case: %s, none: %s", known.Raw, unknown.Raw)
	}
	if a := order(s.id.Reveal(), s.caseNumber, fmt.Sprintf(key, 3)); at(a.object(t), "orderNewCredentials",
		"sentBy") != "REGISTERED_CONTACT" {
		t.Errorf("to the debtor: %s", a.Raw)
	}
	if a := order("one", "0", fmt.Sprintf(key, 1)); a.userError(t, "orderNewCredentials") != "KEY_REUSED" {
		t.Errorf("%s", a.Raw)
	}
	for i := range 3 { // a key that came before is no order
		order("one", "0", fmt.Sprintf(key, 10+i))
	}
	if a := order("one", "0", fmt.Sprintf(key, 20)); a.userError(t, "orderNewCredentials") != "THROTTLED" ||
		at(a.object(t), "orderNewCredentials", "userErrors", 0, "retryAfterSeconds") != 600.0 {
		t.Errorf("the sixth: %s", a.Raw)
	}
}

// TestOwnOrderEndsSessions: a debtor who orders a new password with BankID ends what goes on with
// letters of hers at once. Nobody else does.
func TestOwnOrderEndsSessions(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	everyPasswordHolds(t, p)
	if a := p.logIn("holder", s.code, s.caseNumber, people.Password); a.Cookie == "" {
		t.Fatal(a.Raw)
	}
	p.know("attorney", s.attorney(func(a *caller.Authority) { a.MayAct = true }))
	for _, tc := range []struct {
		reason, by string
		ends       bool
	}{
		{"anybody can order", "stranger", false},
		{"another debtor", people.DemoPeople(today)[1].NationalID.Reveal(), false},
		{"her attorney", "attorney", false},
		{"the holder, who may have a letter that is not theirs", "holder", false},
		{"the debtor", s.id.Reveal(), true},
	} {
		p.getAs(tc.by, `mutation($a: String!, $n: String!, $k: UUID!) {
			orderNewCredentials(input: {idempotencyKey: $k, agency: $a, caseNumber: $n}) { sentBy userErrors { code } } }`,
			map[string]any{"a": s.code, "n": s.caseNumber, "k": uuid.NewString()})
		a := p.askAs("holder", `{ viewer { name } }`, nil)
		if (a.Status == http.StatusUnauthorized) != tc.ends {
			t.Errorf("%s: %d %s", tc.reason, a.Status, a.Raw)
		}
	}
}

// TestGuessing tries 1,000 passwords against one case through HTTP in 10,000 seconds, each
// from another address, so that only the case's own throttle is in the way. Nearly none of
// them is looked at.
func TestGuessing(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	s := newSubject(t, p)
	core := p.databases[s.code].Conn()
	const rounds, atOnce = 100, 10
	var failed, throttled atomic.Int64
	for round := range rounds {
		var guessers errgroup.Group
		guessers.SetLimit(8)
		for i := range atOnce {
			guessers.Go(func() error {
				a := p.logIn(fmt.Sprintf("guesser %d %d", round, i), s.code, s.caseNumber, fmt.Sprintf("guess %d %d", round, i))
				switch code := a.userError(t, "loginWithLetter"); code {
				case "LOGIN_FAILED":
					failed.Add(1)
				case "THROTTLED":
					throttled.Add(1)
				default:
					return fmt.Errorf("a guess is answered with %q: %s", code, a.Raw)
				}
				return nil
			})
		}
		if err := guessers.Wait(); err != nil {
			t.Fatal(err)
		}
		p.pass(100 * time.Second)
		if _, err := core.Exec(t.Context(),
			"update core.login_throttle set locked_until = locked_until - interval '100 seconds'"); err != nil {
			t.Fatal(err)
		}
	}
	// Five at once, then one after 30 s, 60 s, ... 7,680 s has passed, seen every 100 seconds.
	tried := count(t, p, "select count(*) from core.login_attempt")
	if tried != 13 || int(failed.Load()) != tried || int(failed.Load()+throttled.Load()) != rounds*atOnce {
		t.Errorf("%d were looked at, %d answered as wrong, %d refused", tried, failed.Load(), throttled.Load())
	}
}

// TestNamesOfLogins: one kind of login has one name, in a session, in the schema, in the
// access log and for callers.
func TestNamesOfLogins(t *testing.T) {
	t.Parallel()
	for kind, same := range map[caller.Kind][]string{
		caller.Person:     {string(session.KindPerson), string(model.LoginKindPerson), string(audit.Person)},
		caller.LetterCase: {string(session.KindCase), string(model.LoginKindCaseLogin), string(audit.CaseLogin)},
	} {
		for _, name := range same {
			if name != string(kind) {
				t.Errorf("%s is called %s too", kind, name)
			}
		}
	}
}

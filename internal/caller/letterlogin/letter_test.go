package letterlogin_test

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestNobodyLearnsWhy: every login that fails is answered alike, and does the same: one
// computation of one cost, as many trips to the agency and to our own database. Of an agency
// that does not exist, which everybody can see in Query.agencies, the agency's are missing.
func TestNobodyLearnsWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	of := func(number string) string {
		return "(select case_id from core.case where case_number = '" + number + "')"
	}
	w.exec("delete from core.case_credential where case_id = " + of(w.cases[1]))
	w.exec("update core.case_credential set valid_until = '2000-01-01' where case_id = " + of(w.cases[2]))
	w.exec("update core.case_credential set password_hash = replace(password_hash, 'm=19456', 'm=4194304') " +
		"where case_id = " + of(w.cases[3]))
	w.forgetNumber(w.cases[4])
	known := letterlogin.Credentials{Agency: people.Fjord, CaseNumber: w.cases[0], Password: "guess"}
	sameMark, mark := "guess", debt.PasswordForm("").Of(people.Password).Mark()
	for i := 0; debt.PasswordForm("").Of(sameMark).Mark() != mark; i++ {
		sameMark = fmt.Sprint("guess ", i)
	}
	right := func(number string) func(*letterlogin.Credentials) {
		return func(c *letterlogin.Credentials) { c.CaseNumber, c.Password = number, people.Password }
	}
	cases := map[string]struct {
		reason string
		change func(*letterlogin.Credentials)
	}{
		"wrong password": {"the case and its password exist", func(*letterlogin.Credentials) {}},
		"same mark": {"only this one is checked against the case's own hash",
			func(c *letterlogin.Credentials) { c.Password = sameMark }},
		"unknown case": {"there is none of that number",
			func(c *letterlogin.Credentials) { c.CaseNumber = "no such case" }},
		"no password": {"none was ever sent", right(w.cases[1])},
		"expired":     {"it was right for long", right(w.cases[2])},
		"absurd hash": {"four gigabytes are not computed", right(w.cases[3])},
		"no number": {"the agency knows its debtor by no number",
			func(c *letterlogin.Credentials) { c.CaseNumber = w.cases[4] }},
		"empty password": {"nor is that one right", func(c *letterlogin.Credentials) { c.Password = "" }},
		"unknown agency": {"what is public, but no other answer", func(c *letterlogin.Credentials) { c.Agency = "nowhere" }},
	}
	type cost struct {
		hashes             string
		agency, statements int64
	}
	costs := map[string]cost{}
	var hashes strings.Builder
	w.desk.CountHashes(func(time, memory uint32, threads uint8, size uint32) {
		fmt.Fprintf(&hashes, "m=%d,t=%d,p=%d,%d;", memory, time, threads, size)
	})
	_ = w.login("198.51.100.1", "warm up", "guess") // connections are made once
	for name, tc := range cases {
		c := known
		tc.change(&c)
		hashes.Reset()
		before := w.trips.Load()
		ctx, answer := w.browser()
		ctx, tally := agency.WithTally(ctx)
		_, err := w.desk.Login(ctx, "192.0.2."+name, c)
		if !errors.Is(err, letterlogin.ErrFailed) || len(answer) > 0 {
			t.Errorf("%s (%s): %v, %v", name, tc.reason, err, answer)
		}
		spent := cost{hashes: hashes.String(), statements: w.trips.Load() - before}
		for _, u := range tally.Usage() {
			spent.agency += u.RoundTrips
		}
		costs[name] = spent
	}
	want := costs["wrong password"]
	if want.hashes != "m=19456,t=2,p=1,32;" || want.agency < 2 || want.statements < 2 {
		t.Fatalf("a wrong password costs %+v", want)
	}
	for name, got := range costs {
		if name == "unknown agency" {
			got.agency = want.agency
		}
		if got != want {
			t.Errorf("%s costs %+v, a wrong password %+v", name, got, want)
		}
	}
	if n := w.count(w.portal.Conn(), "select count(*) from portal.session"); n != 0 {
		t.Errorf("%d sessions", n)
	}
}

// TestLockedAlike: a number that does not exist is locked as one that does, for as long, and
// the right password opens neither.
func TestLockedAlike(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, number := range []string{w.cases[0], "no such case"} {
		try := func(i int, password string, want time.Duration) {
			t.Helper()
			err := w.login(fmt.Sprintf("%s from %d", number, i), number, password)
			var throttled *letterlogin.ThrottledError
			switch {
			case want == 0 && !errors.Is(err, letterlogin.ErrFailed):
				t.Errorf("%s, try %d: %v", number, i, err)
			case want > 0 && !errors.As(err, &throttled):
				t.Errorf("%s, try %d: %v, not locked", number, i, err)
			case want > 0 && (throttled.Wait > want || throttled.Wait < want-25*time.Second):
				t.Errorf("%s, try %d: %v, not locked for %s", number, i, err, want)
			}
		}
		for i := range 5 {
			try(i, "guess", 0)
		}
		try(5, people.Password, 30*time.Second)
		w.later(31 * time.Second)
		try(6, "guess", 0)
		try(7, people.Password, time.Minute)
	}
	w.later(time.Hour)
	if err := w.login("later", w.cases[0], people.Password); err != nil {
		t.Errorf("after the delay: %v", err)
	}
	for i := range 4 {
		if err := w.login(fmt.Sprint("again", i), w.cases[0], "guess"); !errors.Is(err, letterlogin.ErrFailed) {
			t.Errorf("success has forgotten the failures: %v", err)
		}
	}
}

// TestAddress: one address tries many cases, then has to wait, longer each time. What
// succeeds is not counted, and neither is what guesses nothing.
func TestAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	const from = "192.0.2.1"
	for range 12 {
		if err := w.login(from, w.cases[0], people.Password); err != nil {
			t.Fatalf("the right password: %v", err)
		}
	}
	ctx, _ := w.browser()
	for range 12 {
		_, err := w.desk.Login(ctx, from, letterlogin.Credentials{Agency: "down", CaseNumber: w.cases[0], Password: "guess"})
		if fault.Of(err).Code != fault.AgencyUnavailable {
			t.Fatalf("an agency that is down: %v", err)
		}
	}
	guess := func(i int) (wait time.Duration) {
		t.Helper()
		err := w.login(from, fmt.Sprint("case ", i), "guess")
		var throttled *letterlogin.ThrottledError
		if errors.As(err, &throttled) {
			return throttled.Wait
		}
		if !errors.Is(err, letterlogin.ErrFailed) {
			t.Fatal(err)
		}
		return 0
	}
	for i := range 10 {
		if wait := guess(i); wait != 0 {
			t.Fatalf("case %d waits %s", i, wait)
		}
	}
	for i, want := range []time.Duration{30 * time.Second, time.Minute, 2 * time.Minute, 4 * time.Minute} {
		if wait := guess(100 + i); wait != want {
			t.Errorf("delay %d is %s, not %s", i, wait, want)
		}
		if err := w.login(from, w.cases[1], people.Password); !errors.As(err, new(*letterlogin.ThrottledError)) {
			t.Errorf("the right password does not help either: %v", err)
		}
		w.now.Add(int64(want))
		if wait := guess(200 + i); wait != 0 {
			t.Errorf("after delay %d: %s", i, wait)
		}
	}
	if err := w.login("192.0.2.2", w.cases[1], people.Password); err != nil {
		t.Errorf("another address: %v", err)
	}
}

// TestBlockOfAddresses: one customer of a hosting company, with a /48, cannot use up what an
// agency's cases have together.
func TestBlockOfAddresses(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	counted := 0
	for i := range 210 {
		err := w.desk.Count(t.Context(), fmt.Sprintf("2001:db8:5:%x::/64", i), people.Fjord)
		if err == nil {
			counted++
		} else if !errors.As(err, new(*letterlogin.ThrottledError)) {
			t.Fatal(err)
		}
	}
	if counted != 50 {
		t.Errorf("%d attempts are let through", counted)
	}
	for _, from := range []string{"198.51.100.1", "2001:db8:6::/64"} {
		if err := w.desk.Count(t.Context(), from, people.Fjord); err != nil {
			t.Errorf("%s is kept out: %v", from, err)
		}
	}
	w.now.Add(int64(6 * time.Minute))
	if err := w.desk.Count(t.Context(), "2001:db8:5::/64", people.Fjord); err != nil {
		t.Errorf("ten an hour are forgotten: %v", err)
	}
}

// TestSpraying: one password over many cases from many addresses uses up what all of an
// agency's cases have together.
func TestSpraying(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for i := range 197 { // the first ones without their hashes, which take long
		if err := w.desk.Count(t.Context(), fmt.Sprint("before ", i), people.Fjord); err != nil {
			t.Fatal(err)
		}
	}
	for i := range 6 {
		err := w.login(fmt.Sprint("address ", i), fmt.Sprint("case ", i), "guess")
		if i < 3 && !errors.Is(err, letterlogin.ErrFailed) || i >= 3 && !errors.As(err, new(*letterlogin.ThrottledError)) {
			t.Errorf("guess %d: %v", 197+i, err)
		}
	}
	w.now.Add(int64(18 * time.Second))
	if err := w.login("somebody", w.cases[0], people.Password); err != nil {
		t.Errorf("18 seconds later: %v", err)
	}
}

// TestWhoMayLogIn: nothing is tried for a sender that could not use the session, or for what
// no agency can be asked.
func TestWhoMayLogIn(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	good := letterlogin.Credentials{Agency: people.Fjord, CaseNumber: w.cases[0], Password: people.Password}
	typed := func(number, password string) func(*letterlogin.Credentials) {
		return func(c *letterlogin.Credentials) { c.CaseNumber, c.Password = number, password }
	}
	for reason, tc := range map[string]struct {
		header []string
		change func(*letterlogin.Credentials)
		want   fault.Code
	}{
		"a form":           {[]string{session.ClientHeader, ""}, nil, fault.ClientHeaderRequired},
		"another page":     {[]string{"Sec-Fetch-Site", "cross-site"}, nil, fault.CrossOrigin},
		"a program":        {[]string{"Authorization", "Bearer x"}, nil, fault.AmbiguousCredentials},
		"no number":        {nil, typed(" ", good.Password), fault.BadUserInput},
		"a long number":    {nil, typed(strings.Repeat("1", 65), good.Password), fault.BadUserInput},
		"a zero byte":      {nil, typed(good.CaseNumber+"\x00", good.Password), fault.BadUserInput},
		"no text":          {nil, typed(good.CaseNumber+"\xff", good.Password), fault.BadUserInput},
		"a long password":  {nil, typed(good.CaseNumber, strings.Repeat("å", 129)), fault.BadUserInput},
		"no sessions here": {[]string{"no", "manager"}, nil, fault.Internal},
	} {
		c := good
		if tc.change != nil {
			tc.change(&c)
		}
		ctx, answer := w.browser(tc.header...)
		if reason == "no sessions here" {
			ctx = t.Context()
		}
		if _, err := w.desk.Login(ctx, "192.0.2.1", c); fault.Of(err).Code != tc.want || len(answer) > 0 {
			t.Errorf("%s: %v, %v", reason, err, answer)
		}
	}
	if n := w.count(w.core, "select count(*) from core.login_attempt"); n != 0 {
		t.Errorf("%d attempts", n)
	}
	if text := fmt.Sprintf("%v %+v %#v", good, good, good); strings.Contains(text, people.Password) ||
		strings.Contains(text, w.cases[0]) {
		t.Errorf("it prints what it knows: %s", text)
	}
	spaced := good
	spaced.CaseNumber = " " + good.CaseNumber + "\t"
	ctx, _ := w.browser()
	if _, err := w.desk.Login(ctx, "192.0.2.1", spaced); err != nil {
		t.Errorf("the number with space around it: %v", err)
	}
}

// TestTyped: a password opens its case however it is typed, as one attempt each time. An agency
// that has hashed passwords as they were printed says how.
func TestTyped(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for _, typed := range []string{"demo-passord", "DEMO PASSORD", " Demopassord\n", "demo\u2013pass ord", "d-e-m-o-p-a-s-s-o-r-d"} {
		if err := w.login("192.0.2.1", w.cases[0], typed); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
	printed := letterlogin.Credentials{Agency: "printed", CaseNumber: w.cases[1]}
	w.setPassword(w.cases[1], "K7MP-4XWT")
	for _, typed := range []string{"K7MP-4XWT", "k7mp4xwt", " k7mp 4xwt"} {
		printed.Password = typed
		ctx, _ := w.browser()
		if _, err := w.desk.Login(ctx, "192.0.2.1", printed); err != nil {
			t.Errorf("%q: %v", typed, err)
		}
	}
	if n := w.count(w.core, "select count(*) from core.login_attempt"); n != 8 {
		t.Errorf("%d attempts", n)
	}
	for range 3 {
		if err := w.login("192.0.2.1", w.cases[0], "guess"); !errors.Is(err, letterlogin.ErrFailed) {
			t.Errorf("a guess: %v", err)
		}
	}
	if n := w.count(w.core, "select max(failures) from core.login_throttle"); n != 3 {
		t.Errorf("three guesses count as %d", n)
	}
}

// TestMarkInPostgreSQL: the expressions of the contract give what is compared here.
func TestMarkInPostgreSQL(t *testing.T) {
	t.Parallel()
	core := newWorld(t).core
	for _, password := range []string{"k7mp-4xwt-9brd", "K7MP 4XWT 9BRD", "\tDemo-Passord\n", "blåsjø-æ", "1234"} {
		var plain string
		var mark byte
		row := core.QueryRow(t.Context(),
			"select "+spec.PasswordForm+", "+spec.PasswordMark+" from (values ($1::text)) v (password)", password)
		want := debt.PasswordForm("").Of(password)
		if err := row.Scan(&plain, &mark); err != nil || plain != string(want.Bytes()) || mark != want.Mark() {
			t.Errorf("%q is %q with the mark %d, not %q with %d: %v", password, plain, mark, want.Bytes(), want.Mark(), err)
		}
	}
}

// TestWithoutNumber: the letter of a debtor whom the agency knows by no number opens its case,
// and a wrong password is told to whoever has the case.
func TestWithoutNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.forgetNumber(w.cases[0])
	ctx, _ := w.browser()
	s, err := w.desk.Login(ctx, "192.0.2.1",
		letterlogin.Credentials{Agency: people.Fjord, CaseNumber: w.cases[0], Password: people.Password})
	if err != nil {
		t.Fatal(err)
	}
	at := caller.CaseKey{Agency: people.Fjord, ID: s.CaseID}
	if scope := s.Principal().Scope(); !s.NationalID.IsZero() || s.Kind != session.KindCase ||
		!slices.Equal(scope.Cases(people.Fjord, nil), []string{s.CaseID}) || !scope.NationalID().IsZero() {
		t.Errorf("%+v sees %v", s.Holder, scope.Cases(people.Fjord, nil))
	}
	if err := w.login("192.0.2.1", w.cases[0], "guess"); !errors.Is(err, letterlogin.ErrFailed) {
		t.Errorf("a guess: %v", err)
	}
	if want := []refusal{{at, norway.NationalID{}}}; !slices.Equal(w.refused, want) {
		t.Errorf("told of %d refusals", len(w.refused))
	}
}

// TestNewPassword: the first use of a new password ends the sessions that began with the one
// before, and no others.
func TestNewPassword(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.forgetNumber(w.cases[0])
	log := func(number, password string) {
		t.Helper()
		if err := w.login("192.0.2.1", number, password); err != nil {
			t.Fatal(err)
		}
	}
	for reason, step := range map[string]struct{ number string }{"no number": {w.cases[0]}, "a number": {w.cases[1]}} {
		before := w.count(w.portal.Conn(), "select count(*) from portal.session")
		log(step.number, people.Password)
		log(step.number, people.Password)
		if n := w.count(w.portal.Conn(), "select count(*) from portal.session"); n != before+2 {
			t.Errorf("%s: %d sessions with one password", reason, n-before)
		}
		w.setPassword(step.number, "another")
		log(step.number, "another")
		if n := w.count(w.portal.Conn(), "select count(*) from portal.session"); n != before+1 {
			t.Errorf("%s: %d sessions after a new password", reason, n-before)
		}
	}
}

// TestPortalDown: nobody logs in or orders without being counted.
func TestPortalDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	pool, err := portal.Open("host=/nowhere user=x dbname=x", time.Minute)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(pool.Close)
	secret, err := portal.NewSecret(bytes.Repeat([]byte{7}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	down := *w.desk
	letterlogin.WithThrottle(&down, throttle.New(pool, secret, time.Now))
	ctx, _ := w.browser()
	good := letterlogin.Credentials{Agency: people.Fjord, CaseNumber: w.cases[0], Password: people.Password}
	if _, err := down.Login(ctx, "192.0.2.1", good); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("login: %v", err)
	}
	if err := down.TakeOrder(ctx, "192.0.2.1", people.Fjord); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("order: %v", err)
	}
	if status, err := down.Status(ctx, "192.0.2.1", people.Fjord, w.cases[0]); status != "" || err != nil {
		t.Errorf("status: %q, %v", status, err)
	}
	if n := w.count(w.core, "select count(*) from core.login_attempt"); n != 0 {
		t.Errorf("%d attempts", n)
	}
}

package session_test

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// letters are logins with one, of Kari and of two companies that the agency knows by no number.
func letters(t testing.TB) map[string]session.Login {
	t.Helper()
	login := func(owner norway.NationalID, caseID, password string) session.Login {
		return session.Login{
			Holder: session.Holder{Kind: session.KindCase, NationalID: owner, Issuer: "letter", ACR: "letter",
				Agency: "fjord", CaseID: caseID},
			Password: debt.NewPasswordHash(password),
		}
	}
	return map[string]session.Login{
		"kari":          login(person(t, kari), "case-17", "hers"),
		"company":       login(norway.NationalID{}, "case-18", "first"),
		"company-new":   login(norway.NationalID{}, "case-18", "second"),
		"other-company": login(norway.NationalID{}, "case-19", "third"),
	}
}

// TestStartInMutation: a resolver starts a session through the context. A session
// of one case is no person who sees everything.
func TestStartInMutation(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	b := r.browser()
	start := func(header ...string) (who, answer) { return b.show(r, "kari", header...) }
	named := []string{session.ClientHeader, "web"}
	for reason, header := range map[string][]string{
		"CLIENT_HEADER_REQUIRED": nil,
		"AMBIGUOUS_CREDENTIALS":  {session.ClientHeader, "web", "Authorization", "Bearer x"},
		"CROSS_ORIGIN":           {session.ClientHeader, "web", "Sec-Fetch-Site", "cross-site"},
	} {
		if got, a := start(header...); got.Code != reason || a.cookie("__Host-oversikt") != nil || r.sessions() != 0 {
			t.Errorf("%s: %+v, %d sessions", reason, got, r.sessions())
		}
	}
	want := who{Kind: "CASE_LOGIN", Agency: "fjord", CaseID: "case-17"}
	if got, a := start(named...); got != want || a.cookie("__Host-oversikt") == nil {
		t.Errorf("%+v", got)
	}
	want.Sees = "[case-17] false"
	if got, _ := b.who(r); got != want {
		t.Errorf("the next request: %+v", got)
	}
	if _, v := b.id(r), b.get(r.server.URL+"/auth/session").body; !strings.Contains(v, `"kind":"CASE_LOGIN"`) {
		t.Errorf("%s", v)
	}
	first := b.id(r)
	if _, a := start(named...); a.status != http.StatusOK || b.id(r) == first || r.sessions() != 1 {
		t.Errorf("a second login: %d, %d sessions", a.status, r.sessions())
	}
	b.login(r, "/") // BankID after the letter
	if got, _ := b.who(r); got.Name != "Kari Nordmann" || got.CaseID != "" || got.Sees != "[case-17 case-18] true" ||
		r.sessions() != 1 {
		t.Errorf("%+v, %d sessions", got, r.sessions())
	}
}

// TestLetterSession: who holds a letter of somebody's does not end that person's sessions by
// logging in often, and logs out without being sent to the issuer.
func TestLetterSession(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.replica(func(o *session.Options) { o.Limits.PerPerson = 1 })
	kari := w.browser()
	kari.login(r, "/")
	holder := []*browser{w.browser(), w.browser()}
	for _, b := range holder {
		w.clock.advance(time.Second)
		b.show(r, "kari", session.ClientHeader, "web")
	}
	if got, _ := kari.who(r); got.Name == "" || w.sessions() != 2 {
		t.Errorf("%+v, %d sessions", got, w.sessions())
	}
	if got, _ := holder[0].who(r); got.Code != "UNAUTHENTICATED" {
		t.Errorf("the older of two letter sessions: %+v", got)
	}
	a := holder[1].send(http.MethodPost, r.server.URL+"/auth/logout")
	if a.status != http.StatusSeeOther || a.location() != r.public+"/goodbye" || w.sessions() != 1 ||
		holder[1].id(r) != "" {
		t.Errorf("logout: %d to %q, %d sessions", a.status, a.location(), w.sessions())
	}
	if got, _ := kari.who(r); got.Name == "" {
		t.Errorf("%+v", got)
	}
}

func TestStartNeedsSomebody(t *testing.T) {
	t.Parallel()
	r := newWorld(t).replica()
	good := letters(t)["kari"].Holder
	for reason, change := range map[string]func(*session.Holder){
		"nobody": func(h *session.Holder) {
			*h = session.Holder{Kind: session.KindPerson, Issuer: h.Issuer, ACR: h.ACR}
		},
		"no kind":         func(h *session.Holder) { h.Kind = "" },
		"no case":         func(h *session.Holder) { h.CaseID = "" },
		"no agency":       func(h *session.Holder) { h.Agency = "" },
		"a person's case": func(h *session.Holder) { h.Kind = session.KindPerson },
		"an unknown kind": func(h *session.Holder) { h.Kind = "STAFF" },
		"neither":         func(h *session.Holder) { h.NationalID, h.CaseID = norway.NationalID{}, "" },
	} {
		h := good
		change(&h)
		request, _ := http.NewRequestWithContext(t.Context(), http.MethodPost, r.public, nil)
		request.Header.Set(session.ClientHeader, "web")
		header := http.Header{}
		ctx, err := r.manager.Authenticate(t.Context(), header, request)
		if err != nil {
			t.Fatal(err)
		}
		q, _ := session.FromContext(ctx)
		if err := q.Start(ctx, session.Login{Holder: h}); err == nil || len(header) > 0 || r.sessions() != 0 {
			t.Errorf("%s: %v, %v", reason, err, header)
		}
		if text := fmt.Sprintf("%v %+v %#v", h, h, session.Login{Holder: h}); strings.Contains(text, kari) ||
			strings.Contains(text, "case-17") {
			t.Errorf("%s: it prints what it knows: %s", reason, text)
		}
	}
	if _, ok := session.FromContext(t.Context()); ok {
		t.Error("a session side without a request")
	}
}

// TestLetterWithoutNumber: the session of a case whose debtor the agency knows by no number is
// that case's: it is one caller, whose sessions count by themselves, on every replica.
func TestLetterWithoutNumber(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	var recorded []string
	record := func(o *session.Options) {
		o.Limits.PerPerson = 2
		o.Record = func(_ context.Context, p caller.Principal, action session.Action) error {
			recorded = append(recorded, fmt.Sprint(action, " ", p.Kind, " ", p.Case.ID, " ", p.NationalID.IsZero()))
			return nil
		}
	}
	first, second := w.replica(record), w.replica(record)
	browsers := map[string]*browser{}
	show := func(name, letter string) {
		t.Helper()
		w.clock.advance(time.Second)
		browsers[name] = w.browser()
		if got, a := browsers[name].show(first, letter, session.ClientHeader, "web"); got.Code != "" {
			t.Fatalf("%s: %d %+v", name, a.status, got)
		}
	}
	holds := func(want ...string) {
		t.Helper()
		for name, b := range browsers {
			if got, _ := b.who(second); (got.CaseID != "") != slices.Contains(want, name) {
				t.Errorf("%s: %+v", name, got)
			}
		}
	}
	show("one", "company")
	show("neighbour", "other-company")
	show("two", "company")
	holds("one", "two", "neighbour")
	want := who{Kind: "CASE_LOGIN", Agency: "fjord", CaseID: "case-18", Sees: "[case-18] false"}
	if got, _ := browsers["one"].who(second); got != want {
		t.Errorf("%+v", got)
	}
	show("three", "company")
	holds("two", "three", "neighbour") // the oldest is one too many
	show("four", "company-new")
	holds("four", "neighbour") // the others began with a password that has ended

	recorded = nil
	b := browsers["four"]
	if a := b.send(http.MethodPost, second.server.URL+"/auth/logout"); a.location() != first.public+"/goodbye" {
		t.Errorf("logout: %d to %q", a.status, a.location())
	}
	holds("neighbour")
	w.clock.advance(time.Hour)
	if n, err := first.manager.Clean(t.Context()); n != 1 || err != nil {
		t.Errorf("%d lapsed: %v", n, err)
	}
	if want := []string{"logout CASE_LOGIN case-18 true", "sessionLapsed CASE_LOGIN case-19 true"}; !slices.Equal(recorded, want) {
		t.Errorf("recorded: %q", recorded)
	}
}

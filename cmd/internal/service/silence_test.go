package service

import (
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

const (
	// answersWithin is the deadline of the portal and of each agency here.
	answersWithin = 700 * time.Millisecond
	// endsWithin is what a request may take that waits for a silent line in several places, one
	// after the other, on a busy machine.
	endsWithin = 20 * time.Second
)

// silent is the service with all its databases behind lines that can fall silent.
type silent struct {
	*acttest.World
	t       *testing.T
	conf    Config
	service *Service
	issuer  issuer.Options
	url     string
	somehow http.Header // somebody's token
}

func newSilent(t *testing.T) *silent {
	t.Helper()
	s := &silent{World: acttest.New(t), t: t, issuer: endtoend.Issuer(t)}
	s.conf = Config{
		Portal:         acttest.LineDSN(s.PortalTo, portal.Role, s.Portal),
		PortalDeadline: answersWithin, PortalKey: Keys{strings.Repeat("07", portal.SecretSize)},
		IDKey: Keys{strings.Repeat("0f", 64)}, AccessLog: t.TempDir(), Issuers: []token.Config{s.issuer.Accept()},
		Sessions: session.DefaultLimits, Agencies: s.Configs,
	}
	for i := range s.conf.Agencies {
		s.conf.Agencies[i].Deadline = answersWithin
	}
	log := slog.New(slog.NewTextHandler(s.Log, nil))
	var err error
	if s.service, err = New(s.conf, server.Options{Logger: log}, log); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(s.service.Close)
	served := httptest.NewServer(s.service.server)
	t.Cleanup(served.Close)
	s.url = served.URL
	who := s.Somebody(func(*acttest.Somebody) bool { return true })
	minted, err := issuer.Mint(s.issuer, issuer.Person{NationalID: who.NationalID.Reveal(), Name: who.Name}, 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	s.somehow = http.Header{"Authorization": {"Bearer " + minted}}
	return s
}

// flagship is what a person asks for, with everything that the portal has of them.
const flagship = `{ viewer { overview { complete total { amount } nextDue { dueOn } }
	cases(first: 5) { nodes { id balance { total { amount } } } } paymentSolutionAcceptances { id }
	accessLog(first: 3) { nodes { at } } acts(first: 3) { nodes { id } } powersOfAttorney { id } canActFor { id } privacyRequests { id } } }`

// operations are what is asked while a line falls silent.
func (s *silent) operations() map[string]func() (string, error) {
	ask := func(as http.Header, query string) (string, error) {
		return s.send("/graphql", as, endtoend.JSON(s.t, map[string]any{"query": query}))
	}
	return map[string]func() (string, error){
		"query": func() (string, error) { return ask(s.somehow, flagship) },
		"act": func() (string, error) {
			return ask(s.somehow, fmt.Sprintf(`mutation { correctContactData(input: {idempotencyKey: %q, language: NN}) {
				act { id status } userErrors { code } } }`, uuid.NewString()))
		},
		"login": func() (string, error) {
			return ask(http.Header{session.ClientHeader: {"test"}}, `mutation { loginWithLetter(input: {agency: "fjord",
				caseNumber: "1", password: "nothing"}) { userErrors { code } } }`)
		},
		"download": func() (string, error) { return s.send("/personal-data", s.somehow, "") },
	}
}

// send posts, and fails where there is no answer in time.
func (s *silent) send(path string, as http.Header, body string) (string, error) {
	method := http.MethodPost
	if body == "" {
		method = http.MethodGet
	}
	r, err := http.NewRequestWithContext(s.t.Context(), method, s.url+path, strings.NewReader(body))
	if err != nil {
		return "", err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"}}
	for name, values := range as {
		r.Header[name] = values
	}
	c := http.Client{Timeout: endsWithin}
	answer, err := c.Do(r)
	if err != nil {
		return "", err
	}
	defer answer.Body.Close()
	text, err := io.ReadAll(answer.Body)
	return string(text), err
}

// TestSilenceAtEachStep: a line to the portal or to an agency falls silent after its n-th piece of
// data, so that not even an end arrives, while something is asked. An answer comes in the time that
// the deadlines allow, whatever it says. When the line is back, so is everything else.
func TestSilenceAtEachStep(t *testing.T) {
	t.Parallel()
	for _, where := range []string{"portal", "fjord", "tradisjon"} {
		t.Run(where, func(t *testing.T) {
			t.Parallel()
			s := newSilent(t)
			to := s.Lines[where]
			if where == "portal" {
				to = s.PortalTo
			}
			for name, do := range s.operations() {
				s.whole()
				begun := runtime.NumGoroutine()
				for step := 0; step < 60; step = step*5/4 + 1 {
					to.SilenceAfter(step)
					start := time.Now()
					text, err := do()
					took := time.Since(start)
					reached := to.Quality().Silent
					if err != nil {
						t.Fatalf("%s, silent after %d: no answer in %s: %v", name, step, took.Round(time.Millisecond), err)
					}
					if strings.Contains(text, "INTERNAL") || took > endsWithin {
						t.Errorf("%s, silent after %d: %s %s", name, step, took, text)
					}
					s.mend(to)
					if !reached {
						break
					}
				}
				s.whole()
				acttest.Eventually(t, "what waited is gone", func() bool { return runtime.NumGoroutine() < begun+60 })
				acttest.Eventually(t, "no connection is in use", func() bool {
					return s.service.portal.Jobs().Stat().AcquiredConns() <= 1
				})
			}
		})
	}
}

// TestPortalGone: a portal that is silent, or down, is PORTAL_UNAVAILABLE at each field that asks it.
// The rest of the same query is answered.
func TestPortalGone(t *testing.T) {
	t.Parallel()
	for name, quality := range map[string]line.Quality{"silent": {Silent: true}, "down": {Down: true}} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := newSilent(t)
			s.whole()
			if err := s.PortalTo.Set(quality); err != nil {
				t.Fatal(err)
			}
			text, err := s.operations()["query"]()
			if err != nil {
				t.Fatal(err)
			}
			var a struct {
				Data struct {
					Viewer struct {
						Overview struct{ Total struct{ Amount string } }
						Cases    struct{ Nodes []any }
					}
				}
				Errors []struct {
					Path       []any
					Extensions struct{ Code string }
				}
			}
			if err := json.Unmarshal([]byte(text), &a); err != nil {
				t.Fatal(err)
			}
			missing := map[any]bool{}
			for _, e := range a.Errors {
				missing[e.Path[len(e.Path)-1]] = true
				if e.Extensions.Code != "PORTAL_UNAVAILABLE" {
					t.Errorf("%v", e)
				}
			}
			for _, field := range []string{"paymentSolutionAcceptances", "accessLog", "acts", "powersOfAttorney", "canActFor",
				"privacyRequests"} {
				if !missing[field] {
					t.Errorf("%s says nothing: %s", field, text)
				}
			}
			if v := a.Data.Viewer; v.Overview.Total.Amount == "" || len(v.Cases.Nodes) == 0 {
				t.Errorf("the overview is lost: %s", text)
			}
			s.mend(s.PortalTo)
		})
	}
}

// TestStartWithoutAnybody: serve begins, and ends, while all lines are silent.
func TestStartWithoutAnybody(t *testing.T) {
	t.Parallel()
	s := newSilent(t)
	for _, l := range append(slices.Collect(maps.Values(s.Lines)), s.PortalTo) {
		if err := l.Set(line.Quality{Silent: true}); err != nil {
			t.Fatal(err)
		}
	}
	s.conf.AccessLog = t.TempDir()
	start := time.Now()
	log := slog.New(slog.DiscardHandler)
	another, err := New(s.conf, server.Options{Logger: log}, log)
	if err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > endsWithin {
		t.Errorf("it takes %s to begin", took)
	}
	start = time.Now()
	another.Close()
	if took := time.Since(start); took > endsWithin {
		t.Errorf("it takes %s to end", took)
	}
	start = time.Now()
	if _, err := Check(t.Context(), s.conf, server.Options{Logger: log}); err != nil {
		t.Fatal(err)
	}
	if took := time.Since(start); took > 2*endsWithin {
		t.Errorf("a look takes %s", took)
	}
	for _, l := range append(slices.Collect(maps.Values(s.Lines)), s.PortalTo) {
		s.mend(l)
	}
}

// mend cuts what is silent, and lets new connections through.
func (s *silent) mend(l *line.Line) {
	s.t.Helper()
	for _, q := range []line.Quality{{Down: true}, {}} {
		if err := l.Set(q); err != nil {
			s.t.Fatal(err)
		}
	}
}

// whole waits until everything is answered.
func (s *silent) whole() {
	s.t.Helper()
	acttest.Eventually(s.t, "everything is answered", func() bool {
		text, err := s.operations()["query"]()
		var a struct{ Errors []any }
		return err == nil && json.Unmarshal([]byte(text), &a) == nil && len(a.Errors) == 0 &&
			strings.Contains(text, `"complete":true`)
	})
}

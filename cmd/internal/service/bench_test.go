package service

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/graph"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/resolvers"
)

// BenchmarkCallers is what it adds to the flagship query to know who asks, whether they may,
// and to keep that they did: the whole service answers, as newService wires it, or a part of
// it. Each takes turns with a service that has none of it, request by request, so that
// whatever else the machine does hits both alike. ns/op is the lower quartile of the one,
// more-ns and more-% what it is above that of the other.
//
//	go test -run '^$' -bench Callers -count 10 ./cmd/internal/service | benchstat -
func BenchmarkCallers(b *testing.B) {
	for _, codes := range [][]string{{people.Fjord}, {people.Fjord, people.Tradisjon, people.Lita}} {
		b.Run(fmt.Sprintf("agencies=%d", len(codes)), func(b *testing.B) {
			callers := newServed(b, codes).callers()
			for _, c := range callers[1:] {
				b.Run(c.name, func(b *testing.B) { compare(b, c, callers[0]) })
			}
		})
	}
}

// way is one way of asking for the same data.
type way struct {
	name string
	ask  func(testing.TB)
}

func compare(b *testing.B, callers ...way) {
	var took [2][]float64
	for first := 0; b.Loop(); first = 1 - first {
		for i := range callers {
			i ^= first
			start := time.Now()
			callers[i].ask(b)
			took[i] = append(took[i], float64(time.Since(start)))
		}
	}
	with, without := quartile(took[0]), quartile(took[1])
	b.ReportMetric(with, "ns/op")
	b.ReportMetric(with-without, "more-ns")
	b.ReportMetric(100*(with/without-1), "more-%")
	b.ReportMetric(allocations(b, callers[0])-allocations(b, callers[1]), "more-allocs")
}

// quartile is the lower one: others on the machine make requests slower, and never faster.
func quartile(values []float64) float64 {
	slices.Sort(values)
	return values[len(values)/4]
}

// allocations counts those of a request, and of what runs beside it.
func allocations(b *testing.B, c way) float64 {
	const requests = 100
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	for range requests {
		c.ask(b)
	}
	runtime.ReadMemStats(&after)
	return float64(after.Mallocs-before.Mallocs) / requests
}

// served is the service, and what it was made of.
type served struct {
	*Service
	b      *testing.B
	conf   Config
	issuer issuer.Options
	log    *slog.Logger
	query  string // the flagship query, as a request's body
	token  string // Kari's
}

func newServed(b *testing.B, codes []string) *served {
	b.Helper()
	null, err := os.OpenFile(os.DevNull, os.O_WRONLY, 0)
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { _ = null.Close() })
	s := &served{b: b, issuer: endtoend.Issuer(b), log: slog.New(slog.NewJSONHandler(null, nil))}
	s.conf = Config{
		Portal: endtoend.Portal(b), PortalKey: Keys{strings.Repeat("0f", portal.SecretSize)},
		IDKey:     Keys{strings.Repeat("0f", 64)},
		AccessLog: b.TempDir(), Issuers: []token.Config{s.issuer.Accept()}, Sessions: session.DefaultLimits,
	}
	for _, code := range codes {
		s.conf.Agencies = append(s.conf.Agencies, agency.Config{Code: code, Name: code, DSN: endtoend.Agency(b, code)})
	}
	if s.Service, err = New(s.conf, server.Options{Logger: s.log}, s.log); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(s.Service.Close)
	text, err := os.ReadFile(filepath.Join(endtoend.Root(b), "internal", "server", "playground", "examples",
		"01-overview.graphql"))
	if err != nil {
		b.Fatal(err)
	}
	s.query, s.token = body(b, string(text), nil), s.mint(s.issuer.People[0])
	return s
}

func body(t testing.TB, query string, variables map[string]any) string {
	t.Helper()
	return endtoend.JSON(t, map[string]any{"query": query, "variables": variables})
}

func (s *served) mint(p issuer.Person) string {
	s.b.Helper()
	token, err := issuer.Mint(s.issuer, p, 0, time.Now())
	if err != nil {
		s.b.Fatal(err)
	}
	return token
}

// callers are the ways of asking for what Kari owes: first with none of what is measured,
// then with more and more of it, until it is the whole service.
func (s *served) callers() []way {
	bearer := http.Header{"Authorization": {"Bearer " + s.token}}
	verifier, sessions, kari := s.whoIs(bearer)
	nobody := func(r *http.Request) (context.Context, error) {
		return caller.NewContext(resolvers.WithClient(r.Context(), "127.0.0.1", "bench"), kari), nil
	}
	whole := s.Service.server
	return []way{
		{"without", s.asks(s.part(nobody, false), nil)},
		{"authorized", s.asks(s.part(nobody, true), nil)},
		{"token", s.asks(s.part(authenticate(verifier, sessions, nil, nil), true), bearer)},
		{"token+log", s.asks(whole, bearer)},
		{"session+log", s.asks(whole, s.session(sessions, kari))},
		{"attorney+log", s.asks(whole, s.attorney(whole))},
	}
}

// whoIs returns what knows callers, and whom it takes the bearer of a token for.
func (s *served) whoIs(header http.Header) (*token.Verifier, *session.Manager, caller.Principal) {
	s.b.Helper()
	verifier, err := token.NewVerifier(s.conf.issuers(), time.Now, nil)
	if err != nil {
		s.b.Fatal(err)
	}
	sessions, err := session.New(session.Options{Portal: s.portal, Secret: s.secret, Limits: s.conf.Sessions,
		Logger: s.log})
	if err != nil {
		s.b.Fatal(err)
	}
	p, ok, err := verifier.Authenticate(s.request("", header))
	if err != nil || !ok {
		s.b.Fatalf("nobody: %v", err)
	}
	return verifier, sessions, p
}

// part serves without the access log, and without the rules of access unless told to.
func (s *served) part(authenticate func(*http.Request) (context.Context, error), rules bool) http.Handler {
	s.b.Helper()
	ids, err := s.conf.ids()
	if err != nil {
		s.b.Fatal(err)
	}
	r := &resolvers.Resolver{Agencies: s.agencies, IDs: ids, Solving: resolvers.NewSolving()}
	schema := graph.NewExecutableSchema(graph.Config{Resolvers: r})
	if rules {
		if schema, err = r.Schema(); err != nil {
			s.b.Fatal(err)
		}
	}
	handler, err := server.New(schema, server.Options{
		Logger: s.log, Around: r.Around, Authenticate: authenticate,
		Caller: callerName,
	})
	if err != nil {
		s.b.Fatal(err)
	}
	return handler
}

// session logs Kari in as a browser.
func (s *served) session(sessions *session.Manager, kari caller.Principal) http.Header {
	s.b.Helper()
	header, set := http.Header{session.ClientHeader: {"bench"}}, http.Header{}
	ctx, err := sessions.Authenticate(s.b.Context(), set, s.request("", header))
	if err != nil {
		s.b.Fatal(err)
	}
	q, _ := session.FromContext(ctx)
	if err := q.Start(ctx, session.Login{Holder: session.Holder{
		Kind: session.KindPerson, NationalID: kari.NationalID, Name: kari.Name, Issuer: kari.Issuer, Subject: kari.Subject,
		ACR: kari.ACR,
	}}); err != nil {
		s.b.Fatal(err)
	}
	cookie, err := http.ParseSetCookie(set.Get("Set-Cookie"))
	if err != nil {
		s.b.Fatal(err)
	}
	header.Set("Cookie", cookie.Name+"="+cookie.Value)
	return header
}

// attorney is somebody to whom Kari has given a power of attorney.
func (s *served) attorney(whole http.Handler) http.Header {
	s.b.Helper()
	holder := people.DemoPeople(endtoend.Born)[1]
	w := &answerWriter{header: http.Header{}}
	whole.ServeHTTP(w, s.request(body(s.b, `mutation($input: GivePowerOfAttorneyInput!) {
		givePowerOfAttorney(input: $input) { powerOfAttorney { id } userErrors { field message } } }`, map[string]any{"input": map[string]any{
		"idempotencyKey": uuid.NewString(), "attorney": map[string]any{"person": map[string]any{
			"nationalId": holder.NationalID.Reveal(), "name": holder.Name}},
		"mayAct": false, "validUntil": endtoend.Tomorrow(), "signing": map[string]any{"bankID": true},
	}}), http.Header{"Authorization": {"Bearer " + s.token}}))
	var given struct {
		Data struct {
			GivePowerOfAttorney struct{ PowerOfAttorney struct{ ID string } }
		}
	}
	if err := json.Unmarshal(w.body, &given); err != nil || given.Data.GivePowerOfAttorney.PowerOfAttorney.ID == "" {
		s.b.Fatalf("%v: %s", err, w.body)
	}
	token := s.mint(issuer.Person{NationalID: holder.NationalID.Reveal(), Name: holder.Name})
	return http.Header{"Authorization": {"Bearer " + token},
		attorney.Header: {given.Data.GivePowerOfAttorney.PowerOfAttorney.ID}}
}

// asks returns a function that asks the flagship query, and demands that the cases are there.
func (s *served) asks(of http.Handler, header http.Header) func(testing.TB) {
	w := &answerWriter{header: http.Header{}}
	return func(t testing.TB) {
		w.body, w.status = w.body[:0], 0
		clear(w.header)
		ctx, end := context.WithCancel(t.Context()) // as a server's requests have one
		of.ServeHTTP(w, s.request(s.query, header).WithContext(ctx))
		end()
		if w.status != http.StatusOK || !bytes.Contains(w.body, []byte(`"complete":true`)) ||
			!bytes.Contains(w.body, []byte(`"caseNumber"`)) || bytes.Contains(w.body, []byte(`"errors"`)) {
			t.Fatalf("%d: %.300s", w.status, w.body)
		}
	}
}

func (s *served) request(body string, header http.Header) *http.Request {
	r, err := http.NewRequestWithContext(s.b.Context(), http.MethodPost, "http://127.0.0.1/graphql",
		io.NopCloser(strings.NewReader(body)))
	if err != nil {
		s.b.Fatal(err)
	}
	r.RemoteAddr = "127.0.0.1:1"
	r.Header = http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"},
		"User-Agent": {"Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"}}
	for name, values := range header {
		r.Header[name] = values
	}
	return r
}

// answerWriter keeps an answer.
type answerWriter struct {
	header http.Header
	status int
	body   []byte
}

func (w *answerWriter) Header() http.Header { return w.header }

func (w *answerWriter) WriteHeader(status int) { w.status = status }

func (w *answerWriter) Write(p []byte) (int, error) {
	if w.status == 0 {
		w.status = http.StatusOK
	}
	w.body = append(w.body, p...)
	return len(p), nil
}

package service

import (
	"encoding/json"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"reflect"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/acttest/examples"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/document/vault/vaulttest"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/resolvers"
)

// TestActs asks for every registered act over HTTP, with tokens of an issuer: rightly, wrongly,
// twice, for what is somebody else's, and as somebody who may not.
func TestActs(t *testing.T) {
	t.Parallel()
	w := newWeb(t)
	for _, a := range w.site.Acts.(*resolvers.Acts).All() {
		t.Run(a.Name.Mutation(), func(t *testing.T) {
			x := &exchange{web: w, act: a, example: examples.For(t, w.site.Acts, a)}
			t.Run("good, and the same key", x.good)
			t.Run("each refusal at its field", x.refused)
			t.Run("another's", x.foreign)
			t.Run("who may not", x.forbidden)
		})
	}
}

// web is the service as it is configured, over the databases of a world.
type web struct {
	*acttest.World
	site   *acttest.Site
	url    string
	seal   func(debt.Key) string
	issuer issuer.Options
	staff  issuer.StaffOptions
	stop   func() // ends the service
}

func newWeb(t *testing.T) *web {
	t.Helper()
	w := &web{World: acttest.New(t), issuer: endtoend.Issuer(t)}
	w.staff = endtoend.StaffIssuer(t, w.Registry.Codes()...)
	conf := w.conf()
	log := slog.New(slog.NewTextHandler(w.Log, nil))
	s, served := w.serve(conf)
	w.stop = sync.OnceFunc(func() { served.Close(); s.Close() })
	t.Cleanup(w.stop)
	ids, err := conf.ids()
	if err != nil {
		t.Fatal(err)
	}
	// What goes before an example is asked of another process, as it were.
	powers := attorney.New(attorney.Options{Portal: w.Pool, Secret: acttest.Secret(), Agencies: w.Registry, Logger: log,
		Signing: map[string][]string{acttest.Issuer: {acttest.ACR}}})
	kept, _ := vaulttest.New(t, w.Pool, acttest.Secret())
	acts := resolvers.NewActs(resolvers.ActDeps{Agencies: w.Registry, OpenOffer: ids.OpenOffer, Powers: powers,
		Desk: letterlogin.NewDesk(letterlogin.Options{Agencies: w.Registry, Log: log, Secret: acttest.Secret(),
			Throttle: throttle.New(w.Pool, acttest.Secret(), w.Clock)}),
		Budgets: &household.Store{DB: w.Pool, Secret: acttest.Secret()},
		Files:   attachment.Taker{Vault: kept, Scan: documenttest.Scan(t), Log: log}})
	w.url, w.seal = served.URL+"/graphql", ids.Seal
	w.site = &acttest.Site{Agencies: w.Registry, Acts: acts, SealOffer: ids.SealOffer,
		Engine: w.Engine(nil, allActs(acts, powers)...)}
	return w
}

func (w *web) conf() Config {
	return Config{
		Portal: w.Portal.RoleDSN(portal.Role), PortalKey: Keys{strings.Repeat("07", portal.SecretSize)},
		IDKey: Keys{strings.Repeat("0f", 64)}, AccessLog: w.T.TempDir(),
		Issuers:  []token.Config{w.issuer.Accept(), w.staff.Accept()},
		Sessions: session.DefaultLimits, Agencies: w.Configs, Staff: resolvers.DefaultStaffLimits,
		PortalDeadline: 20 * time.Second,
		Scan:           &ScanConfig{Clamd: documenttest.Clamd(w.T, 10<<20)},
		Files:          FilesConfig{Store: "file://" + w.T.TempDir()},
	}
}

func (w *web) serve(conf Config) (*Service, *httptest.Server) {
	w.T.Helper()
	log := slog.New(slog.NewTextHandler(w.Log, nil))
	s, err := New(conf, server.Options{Logger: log}, log)
	if err != nil {
		w.T.Fatal(err)
	}
	return s, httptest.NewServer(s.server)
}

// exchange is what is said about one act.
type exchange struct {
	*web
	act     *act.Act
	example acttest.Example
}

// answered is what comes back of an act.
type answered struct {
	status int // of HTTP
	body   string
	codes  []string // of errors
	act    struct{ ID, Status string }
	wrong  []userError
}

type userError struct {
	Code, Message string
	Field         []string
}

// somebody is a person who suits, and what they ask for.
func (x *exchange) somebody(t *testing.T) (*acttest.Somebody, acttest.Asked) {
	t.Helper()
	who := x.Somebody(x.example.Fits)
	return who, x.example.Asked(t, x.site, who)
}

// bearer is the token of who asks for what somebody is asked about.
func (x *exchange) bearer(t *testing.T, who *acttest.Somebody, in act.Input) http.Header {
	t.Helper()
	p := x.example.As(x.site.Acts, who, in)
	if p.Kind != caller.Staff {
		return x.bearerOf(t, who)
	}
	minted, err := issuer.MintStaff(x.staff, p.Role, p.Agency, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Authorization": {"Bearer " + minted}}
}

// bearerOf is somebody's own token.
func (x *exchange) bearerOf(t *testing.T, who *acttest.Somebody) http.Header {
	t.Helper()
	minted, err := issuer.Mint(x.issuer, issuer.Person{NationalID: who.NationalID.Reveal(), Name: who.Name}, 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return http.Header{"Authorization": {"Bearer " + minted}}
}

// ask sends the mutation; of who is not logged in the act is not shown.
func (x *exchange) ask(t *testing.T, as http.Header, key uuid.UUID, in act.Input) (a answered) {
	t.Helper()
	name, shown := x.act.Name.Mutation(), "act { id status }"
	if as == nil {
		shown = ""
	}
	query := `mutation($input: ` + strings.ToUpper(name[:1]) + name[1:] + `Input!) { it: ` + name + `(input: $input) { ` +
		shown + ` userErrors { code message field } } }`
	header := http.Header{"Content-Type": {"application/json"}, "Accept": {"application/graphql-response+json"}}
	for k, v := range as {
		header[k] = v
	}
	values := acttest.Values(acttest.Keyed(in, key), x.seal)
	got := endtoend.Visit(t, http.MethodPost, x.url, header, body(t, query, map[string]any{"input": values}))
	var answer struct {
		Data struct {
			It struct {
				Act        struct{ ID, Status string }
				UserErrors []userError
			}
		}
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal([]byte(got.Body), &answer); err != nil {
		t.Fatalf("%v: %s", err, got.Body)
	}
	a = answered{status: got.Status, body: got.Body, act: answer.Data.It.Act, wrong: answer.Data.It.UserErrors}
	for _, e := range answer.Errors {
		a.codes = append(a.codes, e.Extensions.Code)
	}
	return a
}

// stored counts the acts of that name.
func (x *exchange) stored(t *testing.T) (n int) {
	t.Helper()
	err := x.Books.QueryRow(t.Context(), "select count(*) from portal.act where name = $1", x.act.Name).Scan(&n)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// refusedWith fails unless an answer has these faults, each with words, and nothing was done.
func refusedWith(t *testing.T, a answered, want act.Faults) {
	t.Helper()
	var told act.Faults
	for _, e := range a.wrong {
		told = append(told, act.Fault{Code: act.Code(e.Code), Field: e.Field})
		if e.Message == "" {
			t.Error("there are no words for it")
		}
	}
	if diff := cmp.Diff(want, told); diff != "" || len(a.codes) > 0 || a.act.ID != "" {
		t.Errorf("%s\n%s", diff, a.body)
	}
}

func (x *exchange) good(t *testing.T) {
	who, asked := x.somebody(t)
	as, key, before := x.bearer(t, who, asked.Good), uuid.New(), x.stored(t)
	first := x.ask(t, as, key, asked.Good)
	if len(first.codes)+len(first.wrong) > 0 || first.act.ID == "" {
		t.Fatalf("it is not granted: %s\n%s", first.body, x.Log)
	}
	var again answered
	acttest.Eventually(t, "it is done", func() bool { // within the request, unless the machine is busy
		again = x.ask(t, as, key, asked.Good)
		return again.act.Status == string(act.Done)
	})
	if again.act.ID != first.act.ID || x.stored(t) != before+1 {
		t.Errorf("the same key is another act: %s, then %s", first.body, again.body)
	}
	refusedWith(t, x.ask(t, as, key, asked.Other), act.Wrong(act.KeyReused, "idempotencyKey"))
	if n := x.stored(t); n != before+1 {
		t.Errorf("%d are stored more", n-before)
	}
}

func (x *exchange) refused(t *testing.T) {
	who, asked := x.somebody(t)
	as, before := x.bearer(t, who, asked.Good), x.stored(t)
	for i := range asked.Bad {
		if i > 0 && i%4 == 0 { // nobody asks more often than an act allows in a minute
			who, asked = x.somebody(t)
			as, before = x.bearer(t, who, asked.Good), x.stored(t)
		}
		b := asked.Bad[i]
		t.Run(b.Name, func(t *testing.T) {
			refusedWith(t, x.ask(t, as, uuid.New(), b.Input), b.Want)
			if n := x.stored(t); n != before {
				t.Errorf("it is stored: %s", b.Reason)
			}
		})
	}
}

// foreign: what is somebody else's is answered like what does not exist.
func (x *exchange) foreign(t *testing.T) {
	who, asked := x.somebody(t)
	if asked.Naming == nil {
		return // it names nothing
	}
	_, others := x.somebody(t)
	as, before := x.bearer(t, who, asked.Good), x.stored(t)
	if x.act.Who&act.AtDesk != 0 {
		return // what waits at their agency is theirs; acttest has another's
	}
	theirs := x.ask(t, as, uuid.New(), asked.Naming(others.Good))
	missing := x.ask(t, as, uuid.New(), asked.Missing)
	if len(theirs.wrong) != 1 || !reflect.DeepEqual(theirs.wrong, missing.wrong) || x.stored(t) != before {
		t.Errorf("%s and %s", theirs.body, missing.body)
	}
}

// forbidden: who is not logged in, or acts under a power of attorney to look, does nothing.
func (x *exchange) forbidden(t *testing.T) {
	who, asked := x.somebody(t)
	before := x.stored(t)
	nobody := x.ask(t, nil, uuid.New(), asked.Good)
	if x.act.Who == 0 {
		if len(nobody.codes)+len(nobody.wrong) > 0 || x.stored(t) != before+1 {
			t.Errorf("anybody may: %s", nobody.body)
		}
		return
	}
	if nobody.status != http.StatusUnauthorized || !slices.Equal(nobody.codes, []string{"UNAUTHENTICATED"}) {
		t.Errorf("nobody: %s", nobody.body)
	}
	holder := x.Somebody(func(*acttest.Somebody) bool { return true })
	power := acttest.Do(t, x.site, who, attorney.Input{
		Attorney:   attorney.Who{Person: &attorney.PersonInput{NationalID: holder.NationalID.Reveal(), Name: holder.Name}},
		ValidUntil: acttest.Today.AddDays(30), Signing: attorney.SigningInput{BankID: new(true)},
	})
	before = x.stored(t)
	as := x.bearerOf(t, holder)
	as.Set(attorney.Header, x.seal(attorney.GlobalID(power.ID)))
	looks := x.ask(t, as, uuid.New(), asked.Good)
	if looks.status != http.StatusForbidden || !slices.Equal(looks.codes, []string{"FORBIDDEN"}) || x.stored(t) != before {
		t.Errorf("an attorney who may only look: %s", looks.body)
	}
}

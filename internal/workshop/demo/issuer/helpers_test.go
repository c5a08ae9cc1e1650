package issuer_test

import (
	"bytes"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"io"
	"log/slog"
	"net/http"
	"net/http/cookiejar"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

const (
	path     = "/dev/bankid"
	callback = "http://portal.example/callback"
)

var (
	kari = issuer.Person{NationalID: "12812199631", Name: "Kari Anne Nordmann", Agencies: []string{"fjord", "fjell"},
		OpenCases: 3, Note: "Debts at two agencies"}
	evil = issuer.Person{NationalID: "29822099635", Name: `<script>alert(1)</script>"'&`,
		Note: "<img src=x onerror=alert(1)>"}
)

// demo is a running issuer and a browser that does not follow redirects.
type demo struct {
	options issuer.Options
	browser *http.Client
	log     *bytes.Buffer
}

func start(t *testing.T, change func(*issuer.Options)) *demo {
	t.Helper()
	mux := http.NewServeMux()
	server := httptest.NewServer(mux)
	t.Cleanup(server.Close)
	log := &bytes.Buffer{}
	o := issuer.Options{
		IssuerURL: server.URL + path,
		KeyFile:   filepath.Join(t.TempDir(), "keys", "issuer.pem"),
		People:    []issuer.Person{kari, evil},
		Clients: []issuer.Client{
			{ID: "portal", Secret: "s3cret", RedirectURIs: []string{callback},
				PostLogoutRedirectURIs: []string{"http://portal.example/"}},
			{ID: "web", RedirectURIs: []string{"http://web.example/callback"}},
			{ID: "thief", RedirectURIs: []string{callback}},
		},
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug})),
	}
	if change != nil {
		change(&o)
	}
	i, err := issuer.New(o)
	if err != nil {
		t.Fatal(err)
	}
	mux.Handle(path+"/", i.Handler())
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	browser := server.Client()
	t.Cleanup(browser.CloseIdleConnections)
	browser.Jar = jar
	browser.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	return &demo{o, browser, log}
}

func (d *demo) verifier(t *testing.T) *token.Verifier {
	t.Helper()
	v, err := token.NewVerifier([]token.Config{d.options.Accept()}, nil, d.browser)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

type answer struct {
	status int
	header http.Header
	body   string
}

func (a answer) json(t *testing.T) map[string]any {
	t.Helper()
	var v map[string]any
	if err := json.Unmarshal([]byte(a.body), &v); err != nil {
		t.Fatalf("%v in %q", err, a.body)
	}
	return v
}

func (d *demo) send(t *testing.T, method, to string, header map[string]string, body io.Reader) answer {
	t.Helper()
	if strings.HasPrefix(to, "/") {
		u, err := url.Parse(d.options.IssuerURL)
		if err != nil {
			t.Fatal(err)
		}
		to = u.Scheme + "://" + u.Host + to
	}
	r, err := http.NewRequestWithContext(t.Context(), method, to, body)
	if err != nil {
		t.Fatal(err)
	}
	for name, value := range header {
		r.Header.Set(name, value)
	}
	response, err := d.browser.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = response.Body.Close() }()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{response.StatusCode, response.Header, string(text)}
}

func (d *demo) get(t *testing.T, to string) answer {
	t.Helper()
	return d.send(t, http.MethodGet, to, nil, nil)
}

func (d *demo) post(t *testing.T, to string, form url.Values, header map[string]string) answer {
	t.Helper()
	h := map[string]string{"Content-Type": "application/x-www-form-urlencoded"}
	for name, value := range header {
		h[name] = value
	}
	return d.send(t, http.MethodPost, to, h, strings.NewReader(form.Encode()))
}

// pkce returns a verifier and its challenge.
func pkce() (verifier, challenge string) {
	verifier = rand.Text() + rand.Text()
	sum := sha256.Sum256([]byte(verifier))
	return verifier, base64.RawURLEncoding.EncodeToString(sum[:])
}

func authorization(challenge string) url.Values {
	return url.Values{
		"client_id": {"portal"}, "response_type": {"code"}, "redirect_uri": {callback}, "scope": {"openid profile"},
		"state": {"the-state"}, "nonce": {"the-nonce"}, "code_challenge": {challenge}, "code_challenge_method": {"S256"},
	}
}

func exchange(code, verifier string) url.Values {
	return url.Values{
		"grant_type": {"authorization_code"}, "code": {code}, "code_verifier": {verifier}, "redirect_uri": {callback},
		"client_id": {"portal"}, "client_secret": {"s3cret"},
	}
}

// choose goes from the client's redirect to the one that leads back to it, and returns the code.
func (d *demo) choose(t *testing.T, query url.Values, person string) string {
	t.Helper()
	begun := d.get(t, d.options.IssuerURL+"/authorize?"+query.Encode())
	if begun.status != http.StatusFound {
		t.Fatalf("authorize: %d %s", begun.status, begun.body)
	}
	login, err := url.Parse(begun.header.Get("Location"))
	if err != nil {
		t.Fatal(err)
	}
	if shown := d.get(t, login.String()); shown.status != http.StatusOK {
		t.Fatalf("login page: %d %s", shown.status, shown.body)
	}
	chosen := d.post(t, path+"/login", url.Values{"login": {login.Query().Get("login")}, "person": {person}},
		map[string]string{"Sec-Fetch-Site": "same-origin"})
	if chosen.status != http.StatusSeeOther {
		t.Fatalf("choice: %d %s", chosen.status, chosen.body)
	}
	back := d.get(t, chosen.header.Get("Location"))
	target, err := url.Parse(back.header.Get("Location"))
	if err != nil || back.status != http.StatusFound || !strings.HasPrefix(target.String(), query.Get("redirect_uri")+
		"?") {
		t.Fatalf("back to the client: %d %q %v", back.status, back.header.Get("Location"), err)
	}
	if target.Query().Get("state") != query.Get("state") {
		t.Errorf("state %q came back", target.Query().Get("state"))
	}
	for _, a := range []answer{begun, chosen, back} {
		if strings.Contains(a.header.Get("Location"), kari.NationalID) {
			t.Error("a URL holds the national id")
		}
	}
	return target.Query().Get("code")
}

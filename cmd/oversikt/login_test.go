package main

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestLogin runs two replicas of the program on one portal database: a person logs in on one
// and is known, and logged out, on both. The browser is walked by hand, as Go's would not
// send a secure cookie over http; clients/login.mjs does the same with a real one.
func TestLogin(t *testing.T) {
	t.Parallel()
	first, second := freeAddress(t), freeAddress(t)
	o := startIssuer(t, issuer.Client{
		ID: "web", Secret: "s3cret", RedirectURIs: []string{"http://" + first + "/auth/callback"},
		PostLogoutRedirectURIs: []string{"http://" + first + "/"},
	})
	kari := o.People[0]
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	text := fmt.Sprintf(`
drainDelay: 0s
idKey: %s
portal: %q
portalDeadline: 20s
portalKey: %s
accessLog: %q
issuers:
  - {issuer: %q, audience: oversikt, nationalIdClaim: nnin_altsub, nameClaim: name, acceptedAcr: ["%s"], syntheticOnly: true}
login:
  issuer: %[5]q
  clientId: web
  clientSecret: ${OVERSIKT_LOGIN_SECRET}
  redirectUrl: http://%[7]s/auth/callback
  afterLogoutUrl: http://%[7]s/
  scopes: [openid, profile, nnin_altsub]
agencies:
  - {code: fjord, name: Fjord Inkasso AS, deadline: 20s, dsn: %[8]q}
`, strings.Repeat("0f", 64), migrated(t), strings.Repeat("0f", 32), t.TempDir(), o.IssuerURL, issuer.ACR, first, pgtest.New(t, fjord).RoleDSN(spec.DefaultRole))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var replicas []*process
	for _, address := range []string{first, second} {
		env := []string{"OVERSIKT_LISTEN=" + address, "OVERSIKT_LOGIN_SECRET=s3cret"}
		replicas = append(replicas, start(t, env, `"msg":"serving"`, "serve", "--config", file))
	}

	if a := visit(t, http.MethodGet, "http://"+first+"/dev/post", nil, nil); a.status != http.StatusNotFound {
		t.Errorf("the demo's letters are served: %d", a.status)
	}
	begun := visit(t, http.MethodGet, "http://"+first+"/auth/login?returnTo=/saker", nil, nil)
	page := visit(t, http.MethodGet, begun.location, nil, nil)
	page = visit(t, http.MethodGet, page.location, nil, nil)
	login := regexp.MustCompile(`name="login" value="([^"]+)"`).FindStringSubmatch(page.body)
	if login == nil {
		t.Fatalf("no page to log in on: %d %s", page.status, page.body)
	}
	chosen := visit(t, http.MethodPost, o.IssuerURL+"/login", nil, url.Values{"login": {login[1]}, "person": {"0"}})
	back := visit(t, http.MethodGet, chosen.location, nil, nil)
	done := visit(t, http.MethodGet, back.location, http.Header{"Cookie": begun.cookies}, nil)
	if done.status != http.StatusSeeOther || done.location != "http://"+first+"/saker" || len(done.cookies) != 2 {
		t.Fatalf("%d to %q with %q", done.status, done.location, done.cookies)
	}
	session := done.cookies[1:]

	const query = `{"query":"{ viewer { name overview { openCaseCount } } }"}`
	ask := func(address string) answered {
		header := http.Header{"Cookie": session, "X-Oversikt-Client": {"test"}, "Content-Type": {"application/json"}}
		return visit(t, http.MethodPost, "http://"+address+"/graphql", header, query)
	}
	for _, address := range []string{first, second} {
		if a := ask(address); a.status != http.StatusOK ||
			a.body != fmt.Sprintf(`{"data":{"viewer":{"name":%q,"overview":{"openCaseCount":6}}}}`, kari.Name) {
			t.Errorf("%d %s", a.status, a.body)
		}
	}
	out := visit(t, http.MethodPost, "http://"+second+"/auth/logout", http.Header{"Cookie": session}, nil)
	if ended := visit(t, http.MethodGet, out.location, nil, nil); out.status != http.StatusSeeOther ||
		ended.location != "http://"+first+"/" {
		t.Errorf("logout: %d, and the issuer's: %d to %q", out.status, ended.status, ended.location)
	}
	if a := ask(first); a.status != http.StatusUnauthorized || !strings.Contains(a.body, "UNAUTHENTICATED") {
		t.Errorf("after logout: %d %s", a.status, a.body)
	}
	if diff := cmp.Diff([]string{"logout Go", "query test", "query test", "login Go"}, onRecord(t, first, o)); diff != "" {
		t.Errorf("the access log, the latest first (-want +got):\n%s", diff)
	}
	for _, p := range replicas {
		if err := p.stop(os.Interrupt); err != nil {
			t.Error(err)
		}
		log := p.text()
		if found := elevenDigits.FindString(log); found != "" || strings.Contains(log, "eyJ") ||
			strings.Contains(log, session[0][len("__Host-oversikt="):]) {
			t.Errorf("the log names a person, a token or a session: %s\n%s", found, log)
		}
	}
}

// onRecord returns what the person reads in the access log, with the client of each, when
// what was looked at has been delivered.
func onRecord(t *testing.T, address string, o issuer.Options) (list []string) {
	t.Helper()
	token, err := issuer.Mint(o, o.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	for until := time.Now().Add(2 * time.Minute); len(list) < 4 &&
		time.Now().Before(until); time.Sleep(100 * time.Millisecond) {
		header := http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
		a := visit(t, http.MethodPost, "http://"+address+"/graphql", header,
			`{"query":"{ viewer { accessLog { nodes { action client what own outcome } } } }"}`)
		var got struct {
			Data struct {
				Viewer struct {
					AccessLog struct {
						Nodes []struct {
							Action, Client, Outcome string
							What                    []string
							Own                     bool
						}
					}
				}
			}
		}
		if err := json.Unmarshal([]byte(a.body), &got); err != nil {
			t.Fatalf("%v: %s", err, a.body)
		}
		list = nil
		for _, e := range got.Data.Viewer.AccessLog.Nodes {
			if !e.Own || e.Outcome != "OK" {
				t.Errorf("%+v", e)
			}
			if !slices.Contains(e.What, "viewer.accessLog") {
				list = append(list, e.Action+" "+e.Client)
			}
		}
	}
	return list
}

type answered struct {
	status   int
	location string   // absolute
	cookies  []string // name=value
	body     string
}

// visit sends one request, and follows no redirect; body is nil, a form or a text.
func visit(t *testing.T, method, to string, header http.Header, body any) answered {
	t.Helper()
	var reader io.Reader
	if header == nil {
		header = http.Header{}
	}
	switch body := body.(type) {
	case url.Values:
		reader = strings.NewReader(body.Encode())
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	case string:
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, to, reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header, request.Close = header, true // the program may be another by the next request
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answered{status: response.StatusCode, body: string(text)}
	if u, err := response.Location(); err == nil {
		a.location = u.String()
	}
	for _, c := range response.Cookies() {
		a.cookies = append(a.cookies, c.Name+"="+c.Value)
	}
	return a
}

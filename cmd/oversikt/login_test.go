package main

import (
	"encoding/json"
	"fmt"
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

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// TestLogin runs two replicas of the program on one portal database: a person logs in on one
// and is known, and logged out, on both. The browser is walked by hand, as Go's would not
// send a secure cookie over http; clients/login.mjs does the same with a real one.
func TestLogin(t *testing.T) {
	t.Parallel()
	first, second := endtoend.FreeAddress(t), endtoend.FreeAddress(t)
	o := endtoend.Issuer(t, issuer.Client{
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
`, strings.Repeat("0f", 64), endtoend.Portal(t), strings.Repeat("0f", 32), t.TempDir(), o.IssuerURL, issuer.ACR, first,
		endtoend.Agency(t, people.Fjord))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	var replicas []*endtoend.Process
	for _, address := range []string{first, second} {
		env := []string{"OVERSIKT_LISTEN=" + address, "OVERSIKT_LOGIN_SECRET=s3cret"}
		replicas = append(replicas, endtoend.Start(t, endtoend.Binary(t, "cmd/oversikt"), env, `"msg":"serving"`, "serve", "--config", file))
	}

	if a := endtoend.Visit(t, http.MethodGet, "http://"+first+"/dev/post", nil, nil); a.Status != http.StatusNotFound {
		t.Errorf("the demo's letters are served: %d", a.Status)
	}
	begun := endtoend.Visit(t, http.MethodGet, "http://"+first+"/auth/login?returnTo=/saker", nil, nil)
	page := endtoend.Visit(t, http.MethodGet, begun.Location, nil, nil)
	page = endtoend.Visit(t, http.MethodGet, page.Location, nil, nil)
	login := regexp.MustCompile(`name="login" value="([^"]+)"`).FindStringSubmatch(page.Body)
	if login == nil {
		t.Fatalf("no page to log in on: %d %s", page.Status, page.Body)
	}
	chosen := endtoend.Visit(t, http.MethodPost, o.IssuerURL+"/login", nil,
		url.Values{"login": {login[1]}, "person": {"0"}})
	back := endtoend.Visit(t, http.MethodGet, chosen.Location, nil, nil)
	done := endtoend.Visit(t, http.MethodGet, back.Location, http.Header{"Cookie": begun.Cookies}, nil)
	if done.Status != http.StatusSeeOther || done.Location != "http://"+first+"/saker" || len(done.Cookies) != 2 {
		t.Fatalf("%d to %q with %q", done.Status, done.Location, done.Cookies)
	}
	session := done.Cookies[1:]

	const query = `{"query":"{ viewer { name overview { openCaseCount } } }"}`
	ask := func(address string) endtoend.Answer {
		header := http.Header{"Cookie": session, "X-Oversikt-Client": {"test"}, "Content-Type": {"application/json"}}
		return endtoend.Visit(t, http.MethodPost, "http://"+address+"/graphql", header, query)
	}
	for _, address := range []string{first, second} {
		if a := ask(address); a.Status != http.StatusOK ||
			a.Body != fmt.Sprintf(`{"data":{"viewer":{"name":%q,"overview":{"openCaseCount":6}}}}`, kari.Name) {
			t.Errorf("%d %s", a.Status, a.Body)
		}
	}
	out := endtoend.Visit(t, http.MethodPost, "http://"+second+"/auth/logout", http.Header{"Cookie": session}, nil)
	if ended := endtoend.Visit(t, http.MethodGet, out.Location, nil, nil); out.Status != http.StatusSeeOther ||
		ended.Location != "http://"+first+"/" {
		t.Errorf("logout: %d, and the issuer's: %d to %q", out.Status, ended.Status, ended.Location)
	}
	if a := ask(first); a.Status != http.StatusUnauthorized || !strings.Contains(a.Body, "UNAUTHENTICATED") {
		t.Errorf("after logout: %d %s", a.Status, a.Body)
	}
	if diff := cmp.Diff([]string{"logout Go", "query test", "query test", "login Go"}, onRecord(t, first, o)); diff != "" {
		t.Errorf("the access log, the latest first (-want +got):\n%s", diff)
	}
	for _, p := range replicas {
		if err := p.Stop(os.Interrupt); err != nil {
			t.Error(err)
		}
		log := p.Text()
		if found := endtoend.ElevenDigits(log); found != "" || strings.Contains(log, "eyJ") ||
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
		a := endtoend.Visit(t, http.MethodPost, "http://"+address+"/graphql", header,
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
		if err := json.Unmarshal([]byte(a.Body), &got); err != nil {
			t.Fatalf("%v: %s", err, a.Body)
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

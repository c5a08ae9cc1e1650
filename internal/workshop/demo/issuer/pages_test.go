package issuer_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

func TestLoginPage(t *testing.T) {
	d := start(t, nil)
	_, challenge := pkce()
	page := d.get(t, d.get(t, path+"/authorize?"+authorization(challenge).Encode()).header.Get("Location"))

	for _, part := range []string{"DEMO", kari.Name, "128121*****", kari.Note, "fjord, fjell",
		"&lt;script&gt;alert(1)&lt;/script&gt;&#34;&#39;&amp;", "&lt;img src=x"} {
		if !strings.Contains(page.body, part) {
			t.Errorf("%q is not on the page", part)
		}
	}
	for reason, part := range map[string]string{
		"a script":        "<script",
		"an image":        "<img",
		"a style":         "<style",
		"a style of one":  "style=",
		"the number":      kari.NationalID,
		"another's":       "29822099635",
		"an event handle": " onclick",
	} {
		if strings.Contains(page.body, part) {
			t.Errorf("the page has %s: %q", reason, part)
		}
	}
	want := "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' http://portal.example"
	if got := page.header.Get("Content-Security-Policy"); got != want {
		t.Errorf("policy %q", got)
	}
	if page.header.Get("Cache-Control") != "no-store" || page.header.Get("X-Content-Type-Options") != "nosniff" {
		t.Errorf("headers %v", page.header)
	}
	sheet := regexp.MustCompile(`href="([^"]+\.css)"`).FindStringSubmatch(page.body)
	if len(sheet) != 2 {
		t.Fatal("no style sheet")
	}
	if got := d.get(t, sheet[1]); got.status != http.StatusOK ||
		!strings.HasPrefix(got.header.Get("Content-Type"), "text/css") {
		t.Errorf("style sheet: %d %s", got.status, got.header.Get("Content-Type"))
	}
}

func TestChoiceRefused(t *testing.T) {
	d := start(t, nil)
	_, challenge := pkce()
	begin := func() string {
		u, err := url.Parse(d.get(t, path+"/authorize?"+authorization(challenge).Encode()).header.Get("Location"))
		if err != nil {
			t.Fatal(err)
		}
		return u.Query().Get("login")
	}
	cases := map[string]struct {
		reason        string
		login, person string
		header        map[string]string
		status        int
	}{
		"nobody chosen":   {"a choice is needed", begin(), "", nil, http.StatusBadRequest},
		"beyond the list": {"no such person", begin(), "2", nil, http.StatusBadRequest},
		"before the list": {"no such person", begin(), "-1", nil, http.StatusBadRequest},
		"by number":       {"the number is no handle", begin(), kari.NationalID, nil, http.StatusBadRequest},
		"unknown login":   {"made up", "made-up", "0", nil, http.StatusBadRequest},
		"no login":        {"not begun", "", "0", nil, http.StatusBadRequest},
		"from elsewhere": {"login CSRF", begin(), "0", map[string]string{"Sec-Fetch-Site": "cross-site"},
			http.StatusForbidden},
		"oversized": {"over 8 KiB", begin(), strings.Repeat("0", 9<<10), nil, http.StatusBadRequest},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := d.post(t, path+"/login", url.Values{"login": {tc.login}, "person": {tc.person}}, tc.header)
			if got.status != tc.status || got.header.Get("Location") != "" {
				t.Errorf("%s: %d %s", tc.reason, got.status, got.body)
			}
		})
	}

	if got := d.get(t, path+"/login?login=made-up"); got.status != http.StatusBadRequest ||
		!strings.Contains(got.body, "utløpt") {
		t.Errorf("the page of an unknown login: %d", got.status)
	}
	back := d.get(t, path+"/authorize/callback?id="+begin())
	if to := back.header.Get("Location"); strings.Contains(to, "code=") ||
		!strings.Contains(to, "error=interaction_required") {
		t.Errorf("nobody was chosen, and it goes on to %q", to)
	}
}

package playground

import (
	"encoding/json"
	"html"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/vektah/gqlparser/v2/ast"
	"github.com/vektah/gqlparser/v2/parser"
)

var demo = Config{PeopleURL: "/dev/bankid/people", TokenURL: "/dev/bankid/token"}

func get(t *testing.T, cfg Config, method, path string, header ...string) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, path, nil)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	Handler(cfg).ServeHTTP(w, r)
	return w
}

// attribute returns the value of an attribute in the page, as the browser would read it.
func attribute(t *testing.T, page, name string) string {
	t.Helper()
	match := regexp.MustCompile(name + `="([^"]*)"`).FindStringSubmatch(page)
	if match == nil {
		t.Fatalf("the page has no attribute %s", name)
	}
	return html.UnescapeString(match[1])
}

func TestRoutes(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		method string
		path   string
		want   int
	}{
		"Page":  {"the address in the documentation", http.MethodGet, "/playground", http.StatusOK},
		"Slash": {"people type it", http.MethodGet, "/playground/", http.StatusOK},
		"Query": {"an operation can be linked to", http.MethodGet, "/playground?query=%7B__typename%7D",
			http.StatusOK},
		"Head": {"HEAD comes with GET", http.MethodHead, "/playground", http.StatusOK},
		"Post": {"nothing here takes a body", http.MethodPost, "/playground", http.StatusMethodNotAllowed},
		"Asset": {"the page needs it", http.MethodGet, "/playground/assets/" + assets.version + "/init.js",
			http.StatusOK},
		"UnknownAsset": {"there is no such file", http.MethodGet, "/playground/assets/" + assets.version + "/none.js",
			http.StatusNotFound},
		"UnknownVersion": {"an address never changes its content", http.MethodGet, "/playground/assets/000000000000/init.js",
			http.StatusNotFound},
		"Folder": {"folders are not listed", http.MethodGet, "/playground/assets/" + assets.version + "/thirdparty/",
			http.StatusNotFound},
		"Template": {"the page is served filled in only", http.MethodGet, "/playground/assets/" + assets.version +
			"/index.html", http.StatusNotFound},
		"Below": {"only the page and its assets live here", http.MethodGet, "/playground/other",
			http.StatusNotFound},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := get(t, demo, tc.method, tc.path)
			if w.Code != tc.want {
				t.Errorf("%s: %s %s answered %d, want %d", tc.reason, tc.method, tc.path, w.Code, tc.want)
			}
			if w.Header().Get("Content-Security-Policy") != policy || w.Header().Get("X-Content-Type-Options") != "nosniff" {
				t.Errorf("%s %s lacks the headers that every answer carries: %v", tc.method, tc.path, w.Header())
			}
		})
	}
}

func TestPageIsNotStored(t *testing.T) {
	t.Parallel()
	w := get(t, demo, http.MethodGet, "/playground")
	want := map[string]string{
		"Cache-Control":   "no-store",
		"Content-Type":    "text/html; charset=utf-8",
		"Referrer-Policy": "no-referrer",
	}
	for name, value := range want {
		if got := w.Header().Get(name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
}

func TestPolicyIsStrict(t *testing.T) {
	t.Parallel()
	if strings.Contains(policy, "unsafe") {
		t.Errorf("the policy has an unsafe exception: %s", policy)
	}
	for _, want := range []string{
		"default-src 'none';", "script-src 'self';", "style-src 'self' ", "img-src 'self' data:;", "font-src 'self' data:;",
		"connect-src 'self';", "base-uri 'self';", "frame-ancestors 'none';", "form-action 'none'",
	} {
		if !strings.Contains(policy, want) {
			t.Errorf("the policy lacks %q", want)
		}
	}
}

func TestConfigReachesThePage(t *testing.T) {
	t.Parallel()
	type shown struct {
		Endpoint, People, Token string
		Picker                  bool
	}
	cases := map[string]struct {
		reason string
		cfg    Config
		want   shown
	}{
		"Zero": {
			reason: "outside a demo there is the token field alone, and the endpoint has its usual address",
			want:   shown{Endpoint: "/graphql"},
		},
		"Demo": {
			reason: "with both addresses people can be picked",
			cfg:    demo,
			want:   shown{"/graphql", "/dev/bankid/people", "/dev/bankid/token", true},
		},
		"Half": {
			reason: "people without a token to give them are of no use",
			cfg:    Config{Endpoint: "/api", PeopleURL: "/people"},
			want:   shown{Endpoint: "/api"},
		},
		"Hostile": {
			reason: "a value cannot leave its attribute",
			cfg:    Config{Endpoint: `/"><script>alert(1)</script>`},
			want:   shown{Endpoint: `/"><script>alert(1)</script>`},
		},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			page := get(t, tc.cfg, http.MethodGet, "/playground").Body.String()
			got := shown{
				Endpoint: attribute(t, page, "data-endpoint"),
				People:   attribute(t, page, "data-people-url"),
				Token:    attribute(t, page, "data-token-url"),
				Picker:   strings.Contains(page, `<select id="person"`),
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got):\n%s", tc.reason, diff)
			}
			if !strings.Contains(page, `<input id="token"`) {
				t.Error("the token field is always there")
			}
		})
	}
}

func TestPageHasNothingInline(t *testing.T) {
	t.Parallel()
	page := get(t, demo, http.MethodGet, "/playground").Body.String()
	for _, script := range regexp.MustCompile(`(?s)<script([^>]*)>(.*?)</script>`).FindAllStringSubmatch(page, -1) {
		if !strings.Contains(script[1], "src=") || script[2] != "" {
			t.Errorf("inline script: %s", script[0])
		}
	}
	if inline := regexp.MustCompile(`<style|\sstyle=|\son[a-z]+=|javascript:`).FindString(page); inline != "" {
		t.Errorf("the page holds %q, which its own policy forbids", inline)
	}
}

func TestExamples(t *testing.T) {
	t.Parallel()
	files, err := os.ReadDir("examples")
	if err != nil {
		t.Fatal(err)
	}
	queries := 0
	for _, file := range files {
		if strings.HasSuffix(file.Name(), ".graphql") {
			queries++
		} else if _, err := os.Stat("examples/" + strings.TrimSuffix(file.Name(), ".json") + ".graphql"); err != nil {
			t.Errorf("%s belongs to no operation", file.Name())
		}
	}
	page := get(t, Config{}, http.MethodGet, "/playground").Body.String()
	var tabs []example
	if err := json.Unmarshal([]byte(attribute(t, page, "data-examples")), &tabs); err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(examples(), tabs); diff != "" || len(tabs) != queries {
		t.Errorf("%d of %d examples reach the page (-want +got):\n%s", len(tabs), queries, diff)
	}
	for _, tab := range tabs {
		checkExample(t, tab)
	}
}

// checkExample holds the form only; whether the schema has the fields is for the package that owns the schema to test.
func checkExample(t *testing.T, tab example) {
	t.Helper()
	head, _, _ := strings.Cut(tab.Query, "\n")
	if !strings.HasPrefix(head, "# ") {
		t.Errorf("an example begins with a comment that tells what it shows, not with %q", head)
	}
	doc, err := parser.ParseQuery(&ast.Source{Input: tab.Query})
	if err != nil {
		t.Fatalf("%s: %v", head, err)
	}
	if len(doc.Operations) != 1 || doc.Operations[0].Name == "" {
		t.Fatalf("%s: a tab takes its title from its one named operation", head)
	}
	var variables map[string]any
	if tab.Variables != "" {
		if err := json.Unmarshal([]byte(tab.Variables), &variables); err != nil {
			t.Fatalf("%s: variables: %v", head, err)
		}
	}
	for _, declared := range doc.Operations[0].VariableDefinitions {
		if _, ok := variables[declared.Variable]; !ok && declared.Type.NonNull {
			t.Errorf("%s: $%s has no value in the .json file", head, declared.Variable)
		}
	}
}

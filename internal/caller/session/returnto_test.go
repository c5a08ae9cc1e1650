package session

import (
	"net/url"
	"strings"
	"testing"
)

func TestLocalPath(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason string
		given  string
		want   string // empty: refused
	}{
		"nothing":           {"the first page", "", "/"},
		"root":              {"the first page", "/", "/"},
		"path":              {"a page", "/saker/1", "/saker/1"},
		"query, fragment":   {"part of the page", "/saker?vis=alt&s=%C3%A5#brev", "/saker?vis=alt&s=%C3%A5#brev"},
		"address in query":  {"no host in it", "/se?til=https://a.example//b", "/se?til=https://a.example//b"},
		"letters":           {"escaped on the way", "/gjeld/å", "/gjeld/%C3%A5"},
		"host":              {"another host", "//evil.example", ""},
		"backslash":         {"browsers take it for a slash", `/\evil.example`, ""},
		"backslash inside":  {"no address has one", `/a\b`, ""},
		"backslash, escape": {"decoded once more", "/%5cevil.example", ""},
		"slashes, escaped":  {"decoded once more", "/%2f%2fevil.example", ""},
		"slash, escaped":    {"decoded once more", "/%2fevil.example", ""},
		"twice escaped":     {"decoded twice", "/%252fevil.example", ""},
		"bare escape":       {"no path", "%2f%2fevil.example", ""},
		"slashes inside":    {"a proxy may cut what is before", "/a//evil.example", ""},
		"scheme":            {"another host", "https://evil.example/", ""},
		"script":            {"not even an address", "javascript:alert(1)", ""},
		"scheme after":      {"a segment like any other", "/https:evil", "/https:evil"},
		"relative":          {"of what?", "saker", ""},
		"up":                {"leaves the host's part of a proxy", "/../evil", ""},
		"up, escaped":       {"the same", "/%2e%2e/evil", ""},
		"tab":               {"browsers drop it", "/\t/evil.example", ""},
		"line feed":         {"a header of its own", "/a\r\nSet-Cookie: x=y", ""},
		"line feed, escape": {"decoded once more", "/a%0d%0aSet-Cookie:x", ""},
		"null":              {"no address has one", "/a%00b", ""},
		"bad escape":        {"no address", "/%zz", ""},
		"login":             {"round and round", "/auth/login?returnTo=/auth/login", ""},
		"logout":            {"below /auth nothing is a page", "/auth/logout", ""},
		"auth":              {"below /auth nothing is a page", "/auth", ""},
		"no auth":           {"only begins like it", "/authority", "/authority"},
		"long":              {"does not fit a cookie", "/" + strings.Repeat("a", 1024), ""},
		"longest":           {"fits", "/" + strings.Repeat("a", 1023), "/" + strings.Repeat("a", 1023)},
	}
	for name, tc := range cases {
		if got, ok := localPath(tc.given); got != tc.want || ok != (tc.want != "") {
			t.Errorf("%s (%s): %q, %v", name, tc.reason, got, ok)
		}
	}
}

// FuzzLocalPath: whatever is accepted stays on the host, however it is decoded on the way.
func FuzzLocalPath(f *testing.F) {
	for _, seed := range []string{"/saker/1?x=y#z", "//evil", `/\evil`, "/%2f%2fevil", "/%252f%252fevil", "/a/../b",
		"/\t//x", "https://evil"} {
		f.Add(seed)
	}
	base, err := url.Parse("https://api.example/auth/callback")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, given string) {
		got, ok := localPath(given)
		if !ok {
			return
		}
		for range 3 {
			u, err := base.Parse(got)
			if err != nil {
				return // nor does a browser go there
			}
			if u.Host != base.Host || u.Scheme != base.Scheme || strings.HasPrefix(got, "//") || strings.HasPrefix(got, `/\`) ||
				strings.ContainsAny(got, "\r\n") {
				t.Fatalf("%q leads to %q", given, got)
			}
			path, _, _ := strings.Cut(got, "?")
			path, _, _ = strings.Cut(path, "#")
			if got, err = url.PathUnescape(path); err != nil {
				return
			}
		}
	})
}

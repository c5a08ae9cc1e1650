package main

import (
	"net/http"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// tryPaper fetches the statement of a case by its link, as a browser would.
func tryPaper(t *testing.T, address, token string) {
	t.Helper()
	header := func() http.Header {
		return http.Header{"Authorization": {"Bearer " + token}, "Content-Type": {"application/json"}}
	}
	at := "http://" + address
	a := endtoend.Visit(t, http.MethodPost, at+"/graphql", header(),
		`{"query": "{ viewer { cases(first: 1) { nodes { statement { document { link } } } } } }"}`)
	_, link, _ := strings.Cut(a.Body, `"link":"`)
	link, _, found := strings.Cut(link, `"`)
	if !found {
		t.Fatalf("there is no link in %s", a.Body)
	}
	for name, tc := range map[string]struct {
		header http.Header
		body   string
		status int
		begins string
	}{
		"hers":             {header(), `{"link": "` + link + `"}`, http.StatusOK, "%PDF-"},
		"nobody's":         {nil, `{"link": "` + link + `"}`, http.StatusUnauthorized, "{"},
		"none":             {header(), `{"link": "1"}`, http.StatusBadRequest, "{"},
		"more than a link": {header(), `{"link": "1", "as": "PDF"}`, http.StatusBadRequest, "{"},
	} {
		got := endtoend.Visit(t, http.MethodPost, at+"/document", tc.header, tc.body)
		if got.Status != tc.status || !strings.HasPrefix(got.Body, tc.begins) {
			t.Errorf("%s: %d %.60s", name, got.Status, got.Body)
		}
	}
}

package server

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/text"
)

// TestTexts: anybody may have the labels, in each language, and has them once.
func TestTexts(t *testing.T) {
	t.Parallel()
	b := setup(t, nil, Options{})
	etags := map[string]bool{}
	for _, l := range text.Languages() {
		path := "/texts/" + string(l) + ".json"
		w := b.do(httptest.NewRequest(http.MethodGet, path, nil))
		var got map[string]string
		if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d, %v", path, w.Code, err)
		}
		if diff := cmp.Diff(text.All(l), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
		h := w.Header()
		if h.Get("Content-Language") != string(l) || h.Get("Access-Control-Allow-Origin") != "*" ||
			h.Get("Cache-Control") != "public, max-age=300" || h.Get("Content-Type") != "application/json; charset=utf-8" {
			t.Errorf("%s has the headers %v", path, h)
		}
		etag := h.Get("ETag")
		if etag == "" || etags[etag] {
			t.Errorf("%s has the tag %q", path, etag)
		}
		etags[etag] = true
		again := httptest.NewRequest(http.MethodGet, path, nil)
		again.Header.Set("If-None-Match", etag)
		if w := b.do(again); w.Code != http.StatusNotModified || w.Body.Len() > 0 {
			t.Errorf("%s with its own tag: %d, %d bytes", path, w.Code, w.Body.Len())
		}
	}
}

func TestTextsRefused(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reason       string
		method, path string
		want         int
	}{
		"head":             {"a cache asks whether it changed", http.MethodHead, "/texts/nb.json", http.StatusOK},
		"post":             {"nothing can be changed", http.MethodPost, "/texts/nb.json", http.StatusMethodNotAllowed},
		"another language": {"there are three", http.MethodGet, "/texts/sv.json", http.StatusNotFound},
		"no language":      {"no list of files", http.MethodGet, "/texts/", http.StatusNotFound},
		"another folder":   {"no file of the machine", http.MethodGet, "/texts/../go.mod", http.StatusNotFound},
	}
	for name, tt := range tests {
		if w := setup(t, nil, Options{}).do(httptest.NewRequest(tt.method, tt.path, nil)); w.Code != tt.want {
			t.Errorf("%s: %d, want %d: %s", name, w.Code, tt.want, tt.reason)
		}
	}
}

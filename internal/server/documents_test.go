package server

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// TestDocumentID has the vectors of the draft's appendix A, computed with sha256sum.
func TestDocumentID(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"query($id:ID!){user(id:$id){name}}":                      "sha256:71f7dc5758652baac68e4a10c50be732b741c892ade2883a99358f52b555286b",
		"query ($id: ID!) {\n  user(id: $id) {\n    name\n  }\n}": "sha256:7dba4bd717b41f10434822356a93c32b1fb4907b983e854300ad839f84cdcd6e",
	} {
		if got := DocumentID(text); got != want {
			t.Errorf("%q: %s", text, got)
		}
	}
}

const registered = `{ __typename }`

func apolloManifest(id, body string) []byte {
	text, _ := json.Marshal(map[string]any{"format": "apollo-persisted-query-manifest", "version": 1,
		"operations": []any{map[string]any{"id": id, "body": body, "name": "Q", "type": "query"}}})
	return text
}

func TestReadManifest(t *testing.T) {
	t.Parallel()
	hash := strings.TrimPrefix(DocumentID(registered), "sha256:")
	for name, tc := range map[string]struct {
		reason, text string
		ids          int // 0: refused
	}{
		"Apollo":         {"as its generator writes it", string(apolloManifest(hash, registered)), 1},
		"Relay":          {"MD5 by default", fmt.Sprintf(`{"3be4abb81fa595e25eb725b2c6a87508": %q}`, registered), 1},
		"ours":           {"as the command writes it", fmt.Sprintf(`{%q: %q}`, DocumentID(registered), registered), 1},
		"another's hash": {"the id does not fit", string(apolloManifest(strings.Repeat("0", 64), registered)), 0},
		"prefixed":       {"nor does this", fmt.Sprintf(`{"sha256:00": %q}`, registered), 0},
		"version 2":      {"nobody knows what it is", `{"format":"apollo-persisted-query-manifest","version":2,"operations":[]}`, 0},
		"no text":        {"nothing to run", `{"a": ""}`, 0},
		"a list":         {"no manifest", `[]`, 0},
		"broken":         {"no JSON", `{`, 0},
	} {
		read, err := ReadManifest([]byte(tc.text))
		if len(read) != tc.ids || (err == nil) != (tc.ids > 0) {
			t.Errorf("%s (%s): %v, %v", name, tc.reason, read, err)
		}
		if err != nil && strings.Contains(err.Error(), "typename") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := NewDocuments(DocumentsSafelist); err == nil {
		t.Error("a safelist of nothing")
	}
}

// TestSafelist: only what is registered runs, by its id, by POST and by GET.
func TestSafelist(t *testing.T) {
	t.Parallel()
	id := DocumentID(registered)
	hash := strings.TrimPrefix(id, "sha256:")
	apq := fmt.Sprintf(`{"persistedQuery":{"version":1,"sha256Hash":%q}}`, hash)
	for name, tc := range map[string]struct {
		reason, body                string
		safelist, log, open, served string // codes; empty: it ran
	}{
		"its id":           {"the draft's form", fmt.Sprintf(`{"documentId":%q}`, id), "", "", "PERSISTED_DOCUMENT_NOT_FOUND", ""},
		"Relay's id":       {"the manifest's own", `{"documentId":"3be4abb81fa595e25eb725b2c6a87508"}`, "", "", "PERSISTED_DOCUMENT_NOT_FOUND", ""},
		"Apollo's form":    {"what its clients send", `{"extensions":` + apq + `}`, "", "PERSISTED_QUERY_NOT_SUPPORTED", "PERSISTED_QUERY_NOT_SUPPORTED", ""},
		"unknown id":       {"one error", `{"documentId":"sha256:` + strings.Repeat("0", 64) + `"}`, "PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_DOCUMENT_NOT_FOUND", "PERSISTED_DOCUMENT_NOT_FOUND", ""},
		"text":             {"a registered text is a text", fmt.Sprintf(`{"query":%q}`, registered), "PERSISTED_DOCUMENT_ID_REQUIRED", "", "", ""},
		"other text":       {"nobody's", `{"query":"{ a: __typename }"}`, "PERSISTED_DOCUMENT_ID_REQUIRED", "", "", ""},
		"both":             {"which?", fmt.Sprintf(`{"query":"{ a: __typename }","documentId":%q}`, id), "BAD_REQUEST", "BAD_REQUEST", "BAD_REQUEST", ""},
		"text in disguise": {"a hash does not let it in", `{"query":"{ a: __typename }","extensions":` + apq + `}`, "PERSISTED_DOCUMENT_ID_REQUIRED", "", "", ""},
		"a number":         {"an id is a text", `{"documentId":7}`, "BAD_REQUEST", "BAD_REQUEST", "BAD_REQUEST", ""},
	} {
		modes := map[DocumentMode]string{DocumentsSafelist: tc.safelist, DocumentsLog: tc.log, DocumentsOpen: tc.open}
		for mode, want := range modes {
			s := documentServer(t, mode, &bytes.Buffer{})
			r := httptest.NewRequest(http.MethodPost, "/graphql", strings.NewReader(tc.body))
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Accept", "application/graphql-response+json")
			check(t, s, r, name+" by POST in "+string(mode), want)
			var members map[string]any
			_ = json.Unmarshal([]byte(tc.body), &members)
			query := url.Values{}
			for member, v := range members {
				text, ok := v.(string)
				if !ok {
					raw, _ := json.Marshal(v)
					text = string(raw)
				}
				query.Set(member, text)
			}
			if name == "a number" {
				want = "PERSISTED_DOCUMENT_NOT_FOUND" // everything is a text there
			}
			r = httptest.NewRequest(http.MethodGet, "/graphql?"+query.Encode(), nil)
			r.Header.Set("Accept", "application/graphql-response+json")
			r.Header.Set("X-Oversikt-Client", "test")
			r.Header.Set("Apollo-Require-Preflight", "true")
			check(t, s, r, name+" by GET in "+string(mode), want)
		}
	}
}

func documentServer(t *testing.T, mode DocumentMode, log *bytes.Buffer) *Server {
	t.Helper()
	var manifests [][]byte
	if mode != DocumentsOpen {
		manifests = [][]byte{apolloManifest(strings.TrimPrefix(DocumentID(registered), "sha256:"), registered),
			fmt.Appendf(nil, `{"3be4abb81fa595e25eb725b2c6a87508": %q}`, registered)}
	}
	documents, err := NewDocuments(mode, manifests...)
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(newStub(nil), Options{Documents: documents, QueriesByGet: true,
		Logger: slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelWarn}))})
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func check(t *testing.T, s *Server, r *http.Request, name, want string) {
	t.Helper()
	w := httptest.NewRecorder()
	s.ServeHTTP(w, r)
	var got struct {
		Data   json.RawMessage
		Errors []struct{ Extensions struct{ Code string } }
	}
	if err := json.Unmarshal(w.Body.Bytes(), &got); err != nil {
		t.Fatalf("%s: %v in %s", name, err, w.Body)
	}
	code := ""
	if len(got.Errors) == 1 {
		code = got.Errors[0].Extensions.Code
	}
	if code != want || len(got.Errors) > 1 || (want == "") != (len(got.Data) > 0) || want != "" && w.Code != 400 {
		t.Errorf("%s: %d %s, not %s", name, w.Code, w.Body, want)
	}
}

// TestUnregistered: in mode log, what is not registered is said once by its hash, and counted.
func TestUnregistered(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s := documentServer(t, DocumentsLog, &log)
	const text = `{ secret: __typename }`
	for _, document := range []string{text, text, text, registered} {
		body, _ := json.Marshal(map[string]string{"query": document})
		r := httptest.NewRequest(http.MethodPost, "/graphql", bytes.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		check(t, s, r, document, "")
	}
	if n := s.opts.Documents.Unknown()[DocumentID(text)]; n != 3 || len(s.opts.Documents.Unknown()) != 1 {
		t.Errorf("counted %v", s.opts.Documents.Unknown())
	}
	if strings.Count(log.String(), DocumentID(text)) != 1 || strings.Contains(log.String(), "secret") {
		t.Errorf("the log has %s", log.String())
	}
}

package main

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// bankID starts an issuer that knows one person, and returns a token of theirs.
func bankID(t *testing.T) (kari people.Person, o issuer.Options, token string) {
	t.Helper()
	o = endtoend.Issuer(t)
	token, err := issuer.Mint(o, o.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	return endtoend.Kari(), o, token
}

// TestPersonalData runs the program as it is in production, with an agency that is there
// and one that is not, and does what a person and the operators do about privacy.
func TestPersonalData(t *testing.T) {
	t.Parallel()
	kari, o, token := bankID(t)
	address := endtoend.FreeAddress(t)
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	text := fmt.Sprintf(`
drainDelay: 0s
idKey: "%s"
portal: %q
portalDeadline: 20s
portalKey: "%s"
accessLog: %q
issuers:
  - {issuer: %q, audience: oversikt, nationalIdClaim: nnin_altsub, nameClaim: name, acceptedAcr: ["%s"], syntheticOnly: true}
agencies:
  - {code: fjord, name: Fjord Inkasso AS, deadline: 20s, dsn: %q}
  - {code: borte, name: Borte Inkasso AS, dsn: "host=/nowhere user=x dbname=x"}
`, strings.Repeat("0f", 64), endtoend.Portal(t), strings.Repeat("0f", 32), t.TempDir(), o.IssuerURL, issuer.ACR,
		endtoend.Agency(t, people.Fjord))
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	p := endtoend.Start(t, endtoend.Binary(t, "cmd/oversikt"), []string{"OVERSIKT_LISTEN=" + address}, `"msg":"serving"`, "serve", "--config", file)

	submitted := demand(t, "POST", "http://"+address+"/graphql", token,
		`{"query": "mutation { submitPrivacyRequest(input: {idempotencyKey: \"7a1f3e0e-3f57-4a4e-8c0d-6a2f0a3f5b11\", kind: ACCESS, text: \"Hva vet dere?\\u202e\\nReply: alt\"}) { privacyRequest { number } userErrors { message } } }"}`)
	var stored struct {
		Data struct {
			SubmitPrivacyRequest struct{ PrivacyRequest struct{ Number string } }
		}
	}
	if err := json.Unmarshal(submitted.body, &stored); err != nil ||
		stored.Data.SubmitPrivacyRequest.PrivacyRequest.Number == "" {
		t.Fatalf("%s, %v", submitted.body, err)
	}
	id := stored.Data.SubmitPrivacyRequest.PrivacyRequest.Number
	if list := p.Run("privacy", "--config", file); !strings.Contains(list, id) || !strings.Contains(list, "ACCESS") ||
		strings.Contains(list, "Hva vet dere?") {
		t.Errorf("listed: %s", list)
	}
	if shown := p.Run("privacy", "--config", file, "show", id); !strings.Contains(shown, "Hva vet dere?") ||
		strings.ContainsRune(shown, 0x202e) || strings.Contains(shown, "\nReply") ||
		strings.Contains(shown, kari.NationalID.Reveal()) {
		t.Errorf("shown: %s", shown)
	}
	answer := exec.CommandContext(t.Context(), endtoend.Binary(t, "cmd/oversikt"), "privacy", "--config", file,
		"answer", id)
	answer.Stdin = strings.NewReader("Alt står i arkivet.\n")
	if out, err := answer.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}

	at := "http://" + address + "/personal-data"
	got := demand(t, "POST", at+"?language=en", token, "")
	h := got.header
	if got.status != http.StatusOK || h.Get("Content-Type") != "application/zip" ||
		h.Get("Content-Disposition") != `attachment; filename="personal-data.zip"` ||
		h.Get("Cache-Control") != "no-store" || h.Get("X-Content-Type-Options") != "nosniff" {
		t.Fatalf("status %d, %v", got.status, h)
	}
	z, err := zip.NewReader(bytes.NewReader(got.body), int64(len(got.body)))
	if err != nil || len(z.File) != 2 {
		t.Fatal(err)
	}
	inside, err := z.Open("personal-data.json")
	if err != nil {
		t.Fatal(err)
	}
	all, err := io.ReadAll(inside)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{kari.Name, `"Borte Inkasso AS"`, `"complete": false`, `"language": "en"`,
		"Alt står i arkivet.", `"caseNumber": "100001"`} {
		if !bytes.Contains(all, []byte(want)) {
			t.Errorf("the archive lacks %s", want)
		}
	}
	if bytes.Contains(all, []byte(kari.NationalID.Reveal())) {
		t.Error("the archive has the national identity number in full")
	}

	for name, tc := range map[string]struct {
		method, url, token, body string
		want                     int
		says                     string
	}{
		"nobody":       {"POST", at, "", "", 401, "UNAUTHENTICATED"},
		"bad token":    {"POST", at, token + "x", "", 401, "UNAUTHENTICATED"},
		"a link":       {"GET", at, token, "", 405, "METHOD_NOT_ALLOWED"},
		"an id":        {"POST", at + "/" + id, token, "", 404, "NOT_FOUND"},
		"a body":       {"POST", at, token, "{}", 400, "BAD_REQUEST"},
		"language":     {"POST", at + "?language=se", token, "", 400, "BAD_USER_INPUT"},
		"two of them":  {"POST", at + "?language=nb&language=en", token, "", 400, "BAD_USER_INPUT"},
		"broken query": {"POST", at + "?%zz", token, "", 400, "BAD_REQUEST"},
	} {
		if got := demand(t, tc.method, tc.url, tc.token, tc.body); got.status != tc.want ||
			!bytes.Contains(got.body, []byte(tc.says)) || bytes.HasPrefix(got.body, []byte("PK")) {
			t.Errorf("%s: status %d, %.200s", name, got.status, got.body)
		}
	}
	statuses := map[int]int{}
	for range 4 {
		statuses[demand(t, "POST", at, token, "").status]++
	}
	if statuses[http.StatusOK]+statuses[http.StatusTooManyRequests] != 4 || statuses[http.StatusTooManyRequests] == 0 {
		t.Errorf("three archives a minute: %v", statuses)
	}

	if out := p.Run("retain", "--config", file); !regexp.MustCompile(`(?m)^\s*privacy_request +0$`).MatchString(out) ||
		!strings.Contains(out, "session") {
		t.Errorf("retain: %s", out)
	}
	const ranToday = `"msg":"retention","rules":`
	for tries := 0; !strings.Contains(p.Text(), ranToday) && tries < 3000; tries++ {
		time.Sleep(20 * time.Millisecond) // the log comes through a pipe
	}
	if log := p.Text(); !strings.Contains(log, ranToday) || strings.Contains(log, "Hva vet dere?") ||
		strings.Contains(log, kari.Name) {
		t.Errorf("the log does not tell of the day's run, or tells of the person:\n%s", log)
	}
	if found := endtoend.ElevenDigits(p.Text()); found != "" {
		t.Errorf("the log names a person: %s", found)
	}
}

type delivery struct {
	status int
	header http.Header
	body   []byte
}

// demand sends a request as a client does.
func demand(t *testing.T, method, url, token, body string) delivery {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, url, strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	content, err := io.ReadAll(resp.Body)
	if err != nil {
		t.Fatal(err)
	}
	return delivery{resp.StatusCode, resp.Header, content}
}

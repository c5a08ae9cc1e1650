package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestBackupAndRestore runs the commands of docs/operations.md: what the service has stored on one
// server is there on a new one, which knows none of its roles, and the service goes on with it.
func TestBackupAndRestore(t *testing.T) {
	t.Parallel()
	_, o, token := bankID(t)
	old := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), old.DSN()); err != nil {
		t.Fatal(err)
	}
	fresh := newServer(t)
	file := filepath.Join(t.TempDir(), "oversikt.yaml")
	serve := func(dsn string) (*endtoend.Process, string) {
		address := endtoend.FreeAddress(t)
		text := restoredConfig(t, address, dsn, o.IssuerURL)
		if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		program := endtoend.Binary(t, "cmd/oversikt")
		return endtoend.Start(t, program, nil, `"msg":"serving"`, "serve", "--config", file), address
	}
	before, address := serve(old.RoleDSN(portal.Role))
	const text = "Hva vet dere om meg?"
	if n := stored(t, address, token, text); n != 1 {
		t.Fatalf("%d requests are stored", n)
	}
	if err := before.Stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}

	env := map[string]string{"PORTAL": libpq(t, old.DSN()), "NEW_SERVER": fresh.DSN(pgcluster.Maintenance),
		"NEW_PORTAL": fresh.DSN("portal")}
	follow(t, env, "backup", "restore")

	after, address := serve(fresh.RoleDSN(portal.Role, "portal"))
	if n := stored(t, address, token, "Og nå?"); n != 2 {
		t.Errorf("%d requests are there after the restore", n)
	}
	const query = `{"query": "{ viewer { accessLog(first: 50) { nodes { action } } privacyRequests { text } } }"}`
	deadline := time.Now().Add(time.Minute)
	for logged := 0; logged < 2; time.Sleep(100 * time.Millisecond) {
		all := string(demand(t, "POST", "http://"+address+"/graphql", token, query).body)
		logged = strings.Count(all, "submitPrivacyRequest")
		if !strings.Contains(all, text) || time.Now().After(deadline) {
			t.Fatalf("what was before is not read: %s", all)
		}
	}
	if out := after.Run("access-log", "verify", "--config", file); !strings.Contains(out, "entries from") {
		t.Errorf("the chain of the access log: %s", out)
	}
}

// restoredConfig is the configuration of a service with this portal, always with the same keys.
func restoredConfig(t *testing.T, address, dsn, bank string) string {
	t.Helper()
	return fmt.Sprintf(`{drainDelay: 0s, listen: %q, idKey: %q, portal: %q, portalKey: %q, portalDeadline: 20s, accessLog: %q,
		issuers: [{issuer: %q, audience: oversikt, nationalIdClaim: nnin_altsub, nameClaim: name, acceptedAcr: [%q], syntheticOnly: true}],
		agencies: [{code: fjord, name: Fjord Inkasso AS, deadline: 20s, dsn: %q}]}`, address, strings.Repeat("0f", 64), dsn,
		strings.Repeat("0f", 32), t.TempDir(), bank, issuer.ACR, endtoend.Agency(t, people.Fjord))
}

// newServer starts a database server that nobody has used.
func newServer(t *testing.T) *pgcluster.Cluster {
	t.Helper()
	dir, err := os.MkdirTemp("", "oversikt-restore-")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o755); err != nil { // the server may be another user's
		t.Fatal(err)
	}
	server, err := pgcluster.Open(t.Context(), pgcluster.Options{Dir: dir, Settings: map[string]string{"fsync": "off"}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = server.Close() })
	return server
}

// stored asks a question about privacy, and returns how many the person has asked.
func stored(t *testing.T, address, token, text string) int {
	t.Helper()
	body, err := json.Marshal(map[string]string{"query": fmt.Sprintf(`mutation { submitPrivacyRequest(input: {idempotencyKey: "%s",
		kind: QUESTION, text: %q}) { userErrors { message } viewer { privacyRequests { number } } } }`, uuid.New(), text)})
	if err != nil {
		t.Fatal(err)
	}
	answer := demand(t, "POST", "http://"+address+"/graphql", token, string(body)).body
	return strings.Count(string(answer), `"number"`)
}

// libpq is a connection string as programs of PostgreSQL take it.
func libpq(t *testing.T, dsn string) string {
	t.Helper()
	u, err := url.Parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	q := u.Query()
	q.Del("search_path")
	u.RawQuery = q.Encode()
	return u.String()
}

// follow runs commands of docs/operations.md, which are marked with these names.
func follow(t *testing.T, env map[string]string, names ...string) {
	t.Helper()
	page, err := os.ReadFile("../../docs/operations.md")
	if err != nil {
		t.Fatal(err)
	}
	programs, err := pgcluster.FindBinaries()
	if err != nil {
		t.Fatal(err)
	}
	folder := t.TempDir()
	for _, name := range names {
		block := regexp.MustCompile("(?s)```sh " + name + "\n(.*?)```").FindSubmatch(page)
		if block == nil {
			t.Fatalf("the page has no commands for %s", name)
		}
		command := exec.CommandContext(t.Context(), "sh", "-eu", "-c", string(block[1]))
		command.Dir = folder
		own := filepath.Dir(endtoend.Binary(t, "cmd/oversikt"))
		command.Env = append(os.Environ(), "PATH="+programs+":"+own+":"+os.Getenv("PATH"))
		for name, value := range env {
			command.Env = append(command.Env, name+"="+value)
		}
		if out, err := command.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v: %s", name, err, out)
		}
	}
}

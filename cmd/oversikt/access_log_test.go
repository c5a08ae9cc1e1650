package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestVerifyAccessLog: what the running service has written is linked, and the command says whether
// it is whole, by its exit status too.
func TestVerifyAccessLog(t *testing.T) {
	t.Parallel()
	_, o, token := bankID(t)
	db := pgtest.New(t, pgtest.Template{})
	if _, err := migrate.Up(t.Context(), db.DSN()); err != nil {
		t.Fatal(err)
	}
	file, address := filepath.Join(t.TempDir(), "oversikt.yaml"), endtoend.FreeAddress(t)
	text := restoredConfig(t, address, db.RoleDSN(portal.Role), o.IssuerURL)
	if err := os.WriteFile(file, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	program := endtoend.Binary(t, "cmd/oversikt")
	p := endtoend.Start(t, program, nil, `"msg":"serving"`, "serve", "--config", file)
	for i := range 3 {
		stored(t, address, token, fmt.Sprint("Question ", i))
	}
	verify := func(args ...string) (string, int) {
		args = append([]string{"access-log", "verify", "--config", file}, args...)
		command := exec.CommandContext(t.Context(), program, args...)
		out, _ := command.CombinedOutput() // the status tells
		return string(out), command.ProcessState.ExitCode()
	}
	linked := regexp.MustCompile(`^[3-9] entries .*; 0 are not linked yet\nhead (\S+)`)
	var out string
	for end := time.Now().Add(time.Minute); !linked.MatchString(out); time.Sleep(100 * time.Millisecond) {
		var status int
		if out, status = verify(); status > 0 || time.Now().After(end) {
			t.Fatalf("exit %d: %s", status, out)
		}
	}
	if err := p.Stop(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	head := linked.FindStringSubmatch(out)[1]
	if out, status := verify("--head", head); status != 0 {
		t.Errorf("exit %d: %s", status, out)
	}
	_, err := db.Conn().Exec(t.Context(), `set session_replication_role = replica;
		delete from portal.access_log where ctid = (select min(ctid) from portal.access_log where action = 'submitPrivacyRequest')`)
	if err != nil {
		t.Fatal(err)
	}
	if out, status := verify(); status != 1 || !strings.Contains(out, "was removed") || endtoend.ElevenDigits(out) != "" {
		t.Errorf("exit %d: %s", status, out)
	}
}

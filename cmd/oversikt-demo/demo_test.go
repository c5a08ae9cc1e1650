package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

func TestMain(m *testing.M) { endtoend.Main(m) }

// TestDemo starts the built program as a new user does, asks for the overview over HTTP,
// cuts and mends an agency, kills the program and starts it again on the same data.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := filepath.Join(t.TempDir(), "a demo's")
	if err := os.Mkdir(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) { // root's PostgreSQL runs as another user
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	address := endtoend.FreeAddress(t)
	env := []string{"OVERSIKT_LISTEN=" + address, "OVERSIKT_DEMO_DIR=" + dir, "OVERSIKT_VERBOSE=1",
		"OVERSIKT_DEMO_DEADLINE=20s"}
	const ready = "Ctrl-C stops everything"
	oversikt, demo := endtoend.Binary(t, "cmd/oversikt"), endtoend.Binary(t, "cmd/oversikt-demo")
	p := endtoend.Start(t, demo, env, ready)
	banner := p.Text()

	type listed struct {
		NationalID, Name, Note string
		Agencies               []string
		OpenCases              int
		Letter                 *sent
	}
	var people []listed
	if err := json.Unmarshal([]byte(p.Run("people", "--json")), &people); err != nil || len(people) < 5 {
		t.Fatalf("people: %v, %v", people, err)
	}
	kari := people[0]
	token := strings.TrimSuffix(p.Run("token", kari.NationalID), "\n")
	flagship, err := os.ReadFile("../../internal/server/playground/examples/01-overview.graphql")
	if err != nil {
		t.Fatal(err)
	}
	day := norway.DateOf(time.Now())
	var whole endtoend.Response
	for range 3 {
		whole = endtoend.Ask(t, address, token, string(flagship))
	}
	if v := whole.Data.Viewer; len(whole.Errors) > 0 || v.Name != kari.Name || !v.Overview.Complete ||
		v.Overview.OpenCaseCount != kari.OpenCases || kari.OpenCases != 12 || len(kari.Agencies) != 3 {
		t.Errorf("%s: %+v", kari.Name, whole)
	}
	if n := len(whole.Extensions.Oversikt.Agencies); n != 4 {
		t.Errorf("%d agencies were asked, not 4", n)
	}
	for _, a := range whole.Extensions.Oversikt.Agencies {
		if a.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", a.Agency, a.RoundTrips)
		}
	}
	companies := map[string]bool{}
	for _, person := range people {
		if person.Letter != nil {
			companies[person.Letter.Agency] = strings.HasSuffix(person.Name, " AS") || companies[person.Letter.Agency]
			person.Letter.tryAlone(t, address, person.Name)
			continue
		}
		if r := endtoend.Ask(t, address, strings.TrimSpace(p.Run("token", person.NationalID)),
			`{ viewer { overview { openCaseCount } } }`); r.Data.Viewer.Overview.OpenCaseCount != person.OpenCases {
			t.Errorf("%s has %d open cases, not %d: %+v", person.Name, r.Data.Viewer.Overview.OpenCaseCount, person.OpenCases,
				r.Errors)
		}
	}
	if !companies["fjord"] || !companies["tradisjon"] {
		t.Errorf("no company to try at both layouts of a core: %v", companies)
	}
	for _, code := range []string{"fjord", "tradisjon", "lita", "journal"} {
		dsn := regexp.MustCompile(`(?m)^  ` + code + ` +(\S+)$`).FindStringSubmatch(banner)
		if dsn == nil {
			t.Fatalf("no address of %s in:\n%s", code, banner)
		}
		report := endtoend.Run(t, oversikt, nil, "agency", "check", dsn[1])
		if !strings.HasSuffix(report, allActs()) {
			t.Errorf("%s: %s", code, report)
		}
		if code != "journal" { // whose few cases are tried in a second
			continue
		}
		if report := endtoend.Run(t, oversikt, nil, "agency", "rehearse", dsn[1]); !regexp.MustCompile(
			`\n0 differences; \d\d tried and 0 not`).MatchString(report) {
			t.Errorf("%s: %s", code, report)
		}
	}

	tryPowerOfAttorney(t, address, token, strings.TrimSpace(p.Run("token", people[5].NationalID)),
		people[5].NationalID)
	booked := slices.IndexFunc(people, func(p listed) bool { return len(p.Agencies) == 1 && p.Agencies[0] == "journal" })
	if booked < 0 || people[booked].OpenCases < 2 {
		t.Fatalf("nobody is known to the journal alone: %+v", people)
	}
	letters := tryLetters(t, address, token, strings.TrimSpace(p.Run("token", people[booked].NationalID)))

	printed := regexp.MustCompile(`(?m)^.*token --staff CASE_WORKER --agency fjord$`).FindStringSubmatch(banner)
	if printed == nil {
		t.Fatalf("no command for a case worker's token in:\n%s", banner)
	}
	// In another terminal, without the variables of this one.
	worker := strings.TrimSpace(endtoend.Run(t, "/bin/sh", nil, "-c", printed[0]))
	if r := endtoend.Ask(t, address, worker, `{ staff { person(input: {by: {nationalId: "`+kari.NationalID+
		`"}, reason: "looks at the demo"}) { debtors { id } } } }`); len(r.Errors) > 0 ||
		len(r.Extensions.Oversikt.Agencies) != 1 {
		t.Errorf("as a case worker: %+v", r)
	}
	if r := endtoend.Ask(t, address, strings.TrimSpace(p.Run("token", "--staff", "CASE_WORKER", "--agency", "journal")),
		`{ staff { person(input: {by: {nationalId: "`+people[booked].NationalID+
			`"}, reason: "looks at the demo"}) { debtors { id } } } }`); len(r.Errors) > 0 ||
		len(r.Extensions.Oversikt.Agencies) != 1 || r.Extensions.Oversikt.Agencies[0].Agency != "journal" {
		t.Errorf("as a case worker of the journal: %+v", r)
	}
	elsewhere := strings.TrimSpace(p.Run("token", "--staff", "CASE_WORKER", "--agency", "lita"))
	tryPaper(t, address, token)
	tryDocument(t, address, token, strings.TrimSpace(p.Run("token", people[5].NationalID)), people[5].NationalID,
		worker, elsewhere)
	for caller, query := range map[string]string{worker: `{ viewer { name } }`, token: `{ staff { role } }`} {
		if r := endtoend.Ask(t, address, caller, query); len(r.Errors) != 1 || r.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s: %+v", query, r)
		}
	}

	p.Run("line", "--down")
	part := endtoend.Ask(t, address, token, string(flagship))
	if v := part.Data.Viewer; v.Overview.Complete || v.Cases.TotalCount == 0 ||
		v.Cases.TotalCount >= whole.Data.Viewer.Cases.TotalCount || len(part.Errors) != 1 {
		t.Errorf("without lita: %+v", part)
	} else if e := part.Errors[0]; e.Extensions.Code != "AGENCY_UNAVAILABLE" || e.Extensions.Agency != "lita" ||
		fmt.Sprint(e.Path) != "[viewer overview]" {
		t.Errorf("error: %+v", e)
	}
	for range 4 {
		part = endtoend.Ask(t, address, token, string(flagship))
	}
	part = endtoend.Ask(t, address, token, string(flagship))
	if part.Data.Viewer.Overview.Complete || len(part.Errors) != 1 {
		t.Errorf("with the breaker open: %+v", part)
	}
	p.Run("line")
	for tries := 0; !endtoend.Ask(t, address, token, string(flagship)).Data.Viewer.Overview.Complete; tries++ {
		if tries == 1000 {
			t.Fatal("lita does not come back")
		}
		time.Sleep(100 * time.Millisecond)
	}

	tryOutside(t, demo, address, env, kari.NationalID)
	_ = p.Stop(syscall.SIGKILL)
	log := strings.TrimPrefix(p.Text(), banner)
	p = endtoend.Start(t, demo, env, ready)
	again := endtoend.Ask(t, address, token, string(flagship))
	if norway.DateOf(time.Now()) != day { // interest has run on
		whole.Data.Viewer.Overview.Total = again.Data.Viewer.Overview.Total
	}
	if again.Data.Viewer != whole.Data.Viewer || len(again.Errors) > 0 {
		t.Errorf("after kill -9: %+v", again)
	}
	for _, l := range letters {
		l.checkStored(t, address)
		if strings.Contains(mail(t, address), l.Password) || strings.Contains(log, l.Password) {
			t.Error("a password is kept")
		}
	}
	if r := endtoend.Ask(t, address, token+"x", `{ viewer { name } }`); len(r.Errors) != 1 ||
		r.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
		t.Errorf("a bad token: %+v", r)
	}
	if err := p.Stop(syscall.SIGTERM); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	log += p.Text()[strings.Index(p.Text(), ready):]
	if !strings.Contains(log, "operation=Overview") {
		t.Errorf("no request in the log:\n%s", log)
	}
	if found := endtoend.ElevenDigits(log); found != "" || strings.Contains(log, "eyJ") ||
		strings.Contains(log, "Nordvik") {
		t.Errorf("the log names a person or a token: %q", found)
	}
	for _, person := range people {
		if l := person.Letter; l != nil && (strings.Contains(log, person.Name) || strings.Contains(log, l.CaseNumber) ||
			strings.Contains(strings.ToLower(log), "passord")) {
			t.Errorf("the log has the name, the case or the password of a letter at %s", l.Agency)
		}
	}
	if err := endtoend.Start(t, demo, env, ready).Stop(syscall.SIGHUP); err != nil {
		t.Errorf("SIGHUP, as when the terminal is closed: %v", err)
	}
	endtoend.Run(t, demo, env, "clean")
	if _, err := os.Stat(dir); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("clean leaves the folder: %v", err)
	}
}

// tryOutside goes to the demo's front door, and calls its commands while it runs, also from a
// folder that is not the demo's.
func tryOutside(t *testing.T, demo, address string, env []string, nationalID string) {
	t.Helper()
	resp, err := http.Get("http://" + address + "/")
	if err != nil {
		t.Fatal(err)
	}
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK || resp.Request.URL.Path != "/playground" {
		t.Errorf("/ leads to %s: %s", resp.Request.URL, resp.Status)
	}
	elsewhere := append(slices.Clone(env), "OVERSIKT_DEMO_DIR="+t.TempDir())
	unused := append(slices.Clone(elsewhere), "OVERSIKT_LISTEN="+endtoend.FreeAddress(t))
	cases := map[string]struct {
		reason string
		env    []string
		args   []string
		want   string // on standard error; "" where the command succeeds
	}{
		"clean":            {"nothing is deleted under a demo that runs", env, []string{"clean"}, "another process"},
		"token":            {"of another folder: nobody takes it", elsewhere, []string{"token", nationalID}, "--dir"},
		"token, staff":     {"the same", elsewhere, []string{"token", "--staff=AUDITOR", "--agency=lita"}, "--dir"},
		"token for nobody": {"it is for one that is started later", unused, []string{"token", nationalID}, "no demo answers"},
	}
	for name, tc := range cases {
		cmd := exec.CommandContext(t.Context(), demo, tc.args...)
		cmd.Env = append(os.Environ(), tc.env...)
		var said strings.Builder
		cmd.Stderr = &said
		out, err := cmd.Output()
		if good := name == "token for nobody"; (err == nil) != good || (len(out) > 0) != good ||
			!strings.Contains(said.String(), tc.want) {
			t.Errorf("%s: %s: %v, %q, %s", name, tc.reason, err, out, said.String())
		}
	}
}

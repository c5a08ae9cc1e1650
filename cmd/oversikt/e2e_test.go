package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt/norway"
)

// binary is the program under test, built once.
var binary = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "oversikt-e2e-")
	if err != nil {
		return "", err
	}
	path := filepath.Join(dir, "oversikt")
	out, err := exec.Command("go", "build", "-o", path, ".").CombinedOutput()
	if err != nil {
		return "", fmt.Errorf("build: %w: %s", err, out)
	}
	return path, nil
})

func TestMain(m *testing.M) {
	code := m.Run()
	if path, err := binary(); err == nil {
		_ = os.RemoveAll(filepath.Dir(path))
	}
	os.Exit(code)
}

// process is a running program; log is all that it wrote.
type process struct {
	t    *testing.T
	cmd  *exec.Cmd
	env  []string
	mu   sync.Mutex
	log  bytes.Buffer
	done chan error
}

func start(t *testing.T, env []string, ready string, args ...string) *process {
	t.Helper()
	path, err := binary()
	if err != nil {
		t.Fatal(err)
	}
	p := &process{t: t, cmd: exec.Command(path, args...), env: env, done: make(chan error, 1)}
	p.cmd.Env = append(os.Environ(), env...)
	out, in, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	p.cmd.Stdout, p.cmd.Stderr = in, in
	if err := p.cmd.Start(); err != nil {
		t.Fatal(err)
	}
	_ = in.Close()
	seen := make(chan struct{})
	go func() {
		lines := bufio.NewScanner(out)
		found := false
		for lines.Scan() {
			p.mu.Lock()
			p.log.WriteString(lines.Text() + "\n")
			p.mu.Unlock()
			if !found && strings.Contains(lines.Text(), ready) {
				found = true
				close(seen)
			}
		}
		p.done <- p.cmd.Wait()
	}()
	t.Cleanup(func() { p.stop(syscall.SIGTERM) })
	select {
	case <-seen:
	case err := <-p.done:
		p.done <- err
		t.Fatalf("ended early: %v\n%s", err, p.text())
	case <-time.After(5 * time.Minute):
		t.Fatalf("not ready:\n%s", p.text())
	}
	return p
}

func (p *process) text() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.log.String()
}

// stop ends the program and returns how it ended; a second call returns the same.
func (p *process) stop(signal os.Signal) error {
	_ = p.cmd.Process.Signal(signal)
	err := <-p.done
	p.done <- err
	return err
}

// run runs another command of the program to its end.
func (p *process) run(args ...string) string {
	p.t.Helper()
	ctx, cancel := context.WithTimeout(p.t.Context(), 5*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, p.cmd.Path, args...)
	cmd.Env = append(os.Environ(), p.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		p.t.Fatalf("%v: %v: %s%s", args, err, out, stderr.String())
	}
	return string(out)
}

// lastPort is below all ports that a system gives away by itself: one that is free stays so
// until the program takes it.
var lastPort atomic.Int32

func init() { lastPort.Store(10_000 + rand.Int32N(15_000)) }

func freeAddress(t *testing.T) string {
	t.Helper()
	for range 1000 {
		address := fmt.Sprintf("127.0.0.1:%d", lastPort.Add(1))
		l, err := net.Listen("tcp", address)
		if err != nil {
			continue
		}
		_ = l.Close()
		return address
	}
	t.Fatal("no port is free")
	return ""
}

type response struct {
	status int
	Data   struct {
		Viewer struct {
			Name     string
			Overview struct {
				Complete      bool
				OpenCaseCount int
				Total         struct{ Amount string }
			}
			Cases struct{ TotalCount int }
		}
	}
	Errors []struct {
		Path       []any
		Extensions struct{ Code, Agency string }
	}
	Extensions struct {
		Oversikt struct {
			Agencies []struct {
				Agency                 string
				RoundTrips, Statements int
			}
		}
	}
}

func ask(t *testing.T, address, token, query string) response {
	t.Helper()
	body, _ := json.Marshal(map[string]string{"query": query})
	req, err := http.NewRequestWithContext(t.Context(), http.MethodPost, "http://"+address+"/graphql",
		bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	req.Close = true // the program may be another by the next request
	req.Header.Set("Content-Type", "application/json")
	if token != "" {
		req.Header.Set("Authorization", "Bearer "+token)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	r := response{status: resp.StatusCode}
	if err := json.NewDecoder(resp.Body).Decode(&r); err != nil {
		t.Fatal(err)
	}
	return r
}

var elevenDigits = regexp.MustCompile(`\b\d{11}\b`)

// TestDemo starts the built program as a new user does, asks for the overview over HTTP,
// cuts and mends an agency, kills the program and starts it again on the same data.
func TestDemo(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	for d := dir; d != os.TempDir() && d != "/"; d = filepath.Dir(d) { // root's PostgreSQL runs as another user
		if err := os.Chmod(d, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	address := freeAddress(t)
	env := []string{"OVERSIKT_LISTEN=" + address, "OVERSIKT_DEMO_DIR=" + dir, "OVERSIKT_VERBOSE=1",
		"OVERSIKT_DEMO_DEADLINE=20s"}
	const ready = "Ctrl-C stops everything"
	p := start(t, env, ready, "demo")
	banner := p.text()

	var people []struct {
		NationalID, Name, Note string
		Agencies               []string
		OpenCases              int
	}
	if err := json.Unmarshal([]byte(p.run("demo", "people", "--json")), &people); err != nil || len(people) < 5 {
		t.Fatalf("people: %v, %v", people, err)
	}
	kari := people[0]
	token := strings.TrimSuffix(p.run("demo", "token", kari.NationalID), "\n")
	flagship, err := os.ReadFile("../../internal/server/playground/examples/01-overview.graphql")
	if err != nil {
		t.Fatal(err)
	}
	day := norway.DateOf(time.Now())
	var whole response
	for range 3 {
		whole = ask(t, address, token, string(flagship))
	}
	if v := whole.Data.Viewer; len(whole.Errors) > 0 || v.Name != kari.Name || !v.Overview.Complete ||
		v.Overview.OpenCaseCount != kari.OpenCases || kari.OpenCases != 12 || len(kari.Agencies) != 3 {
		t.Errorf("%s: %+v", kari.Name, whole)
	}
	if n := len(whole.Extensions.Oversikt.Agencies); n != 3 {
		t.Errorf("%d agencies were asked, not 3", n)
	}
	for _, a := range whole.Extensions.Oversikt.Agencies {
		if a.RoundTrips != 1 {
			t.Errorf("%s: %d round trips", a.Agency, a.RoundTrips)
		}
	}
	for _, person := range people {
		if r := ask(t, address, strings.TrimSpace(p.run("demo", "token", person.NationalID)),
			`{ viewer { overview { openCaseCount } } }`); r.Data.Viewer.Overview.OpenCaseCount != person.OpenCases {
			t.Errorf("%s has %d open cases, not %d: %+v", person.Name, r.Data.Viewer.Overview.OpenCaseCount, person.OpenCases,
				r.Errors)
		}
	}
	for _, code := range []string{"fjord", "tradisjon", "lita"} {
		dsn := regexp.MustCompile(`(?m)^  ` + code + ` +(\S+)$`).FindStringSubmatch(banner)
		if dsn == nil {
			t.Fatalf("no address of %s in:\n%s", code, banner)
		}
		if report := p.run("agency", "check", dsn[1]); report != "reads kept; acts 12 of 12\n" {
			t.Errorf("%s: %s", code, report)
		}
	}

	tryPowerOfAttorney(t, address, token, strings.TrimSpace(p.run("demo", "token", people[5].NationalID)),
		people[5].NationalID)
	letters := tryLetters(t, address, token)

	printed := regexp.MustCompile(`(?m)^\S+ (demo .*--staff CASE_WORKER --agency fjord)$`).FindStringSubmatch(banner)
	if printed == nil {
		t.Fatalf("no command for a case worker's token in:\n%s", banner)
	}
	terminal := &process{t: t, cmd: p.cmd} // another terminal, without the variables of this one
	worker := strings.TrimSpace(terminal.run(strings.Fields(printed[1])...))
	if r := ask(t, address, worker, `{ staff { person(input: {nationalId: "`+kari.NationalID+
		`", reason: "looks at the demo"}) { debtors { id } } } }`); len(r.Errors) > 0 || len(r.Extensions.Oversikt.Agencies) != 1 {
		t.Errorf("as a case worker: %+v", r)
	}
	elsewhere := strings.TrimSpace(p.run("demo", "token", "--staff", "CASE_WORKER", "--agency", "lita"))
	tryDocument(t, address, token, strings.TrimSpace(p.run("demo", "token", people[5].NationalID)), people[5].NationalID,
		worker, elsewhere)
	for caller, query := range map[string]string{worker: `{ viewer { name } }`, token: `{ staff { role } }`} {
		if r := ask(t, address, caller, query); len(r.Errors) != 1 || r.Errors[0].Extensions.Code != "FORBIDDEN" {
			t.Errorf("%s: %+v", query, r)
		}
	}

	p.run("demo", "line", "--down")
	part := ask(t, address, token, string(flagship))
	if v := part.Data.Viewer; v.Overview.Complete || v.Cases.TotalCount == 0 ||
		v.Cases.TotalCount >= whole.Data.Viewer.Cases.TotalCount || len(part.Errors) != 1 {
		t.Errorf("without lita: %+v", part)
	} else if e := part.Errors[0]; e.Extensions.Code != "AGENCY_UNAVAILABLE" || e.Extensions.Agency != "lita" || fmt.Sprint(e.Path) != "[viewer overview]" {
		t.Errorf("error: %+v", e)
	}
	for range 4 {
		part = ask(t, address, token, string(flagship))
	}
	if part = ask(t, address, token, string(flagship)); part.Data.Viewer.Overview.Complete || len(part.Errors) != 1 {
		t.Errorf("with the breaker open: %+v", part)
	}
	p.run("demo", "line")
	for tries := 0; !ask(t, address, token, string(flagship)).Data.Viewer.Overview.Complete; tries++ {
		if tries == 1000 {
			t.Fatal("lita does not come back")
		}
		time.Sleep(100 * time.Millisecond)
	}

	_ = p.stop(syscall.SIGKILL)
	log := strings.TrimPrefix(p.text(), banner)
	p = start(t, env, ready, "demo")
	again := ask(t, address, token, string(flagship))
	if norway.DateOf(time.Now()) != day { // interest has run on
		whole.Data.Viewer.Overview.Total = again.Data.Viewer.Overview.Total
	}
	if again.Data.Viewer != whole.Data.Viewer || len(again.Errors) > 0 {
		t.Errorf("after kill -9: %+v", again)
	}
	for _, l := range letters {
		l.checkStored(t, address)
		if strings.Contains(mail(t, address), l.password) || strings.Contains(log, l.password) {
			t.Error("a password is kept")
		}
	}
	if r := ask(t, address, token+"x", `{ viewer { name } }`); len(r.Errors) != 1 ||
		r.Errors[0].Extensions.Code != "UNAUTHENTICATED" {
		t.Errorf("a bad token: %+v", r)
	}
	if err := p.stop(syscall.SIGTERM); err != nil {
		t.Errorf("SIGTERM: %v", err)
	}
	log += p.text()[strings.Index(p.text(), ready):]
	if !strings.Contains(log, "operation=Overview") {
		t.Errorf("no request in the log:\n%s", log)
	}
	if found := elevenDigits.FindString(log); found != "" || strings.Contains(log, "eyJ") ||
		strings.Contains(log, "Nordvik") {
		t.Errorf("the log names a person or a token: %q", found)
	}
}

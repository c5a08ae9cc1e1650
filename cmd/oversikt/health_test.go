package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// configured is a configuration file that a test changes.
type configured struct {
	t                       *testing.T
	file, address, log      string
	issuer                  issuer.Options
	portal                  string
	agencies, more, origins string
}

func newConfigured(t *testing.T) *configured {
	t.Helper()
	c := &configured{t: t, file: filepath.Join(t.TempDir(), "oversikt.yaml"), address: endtoend.FreeAddress(t),
		log: t.TempDir(), issuer: endtoend.Issuer(t), portal: endtoend.Portal(t)}
	c.agency("fjord", "Fjord Inkasso AS", endtoend.Agency(t, people.Fjord))
	return c
}

func (c *configured) agency(code, name, dsn string) {
	c.agencies += fmt.Sprintf("  - {code: %s, name: %s, deadline: 20s, dsn: %q}\n", code, name, dsn)
}

// write writes the file as it is now.
func (c *configured) write() {
	c.t.Helper()
	text := fmt.Sprintf(`
listen: %s
drainDelay: 0s
idKey: %s
portal: %q
portalKey: %s
portalDeadline: 20s
accessLog: %q
allowedOrigins: [%s]
%s
issuers:
  - {issuer: %q, audience: oversikt, nationalIdClaim: nnin_altsub, nameClaim: name,
     acceptedAcr: ["%s"], syntheticOnly: true}
agencies:
%s`, c.address, strings.Repeat("0f", 64), c.portal, strings.Repeat("0f", 32), c.log, c.origins, c.more,
		c.issuer.IssuerURL, issuer.ACR, c.agencies)
	if err := os.WriteFile(c.file, []byte(text), 0o600); err != nil {
		c.t.Fatal(err)
	}
}

// start starts the program, and waits until it listens.
func (c *configured) start() *endtoend.Process {
	c.t.Helper()
	c.write()
	return endtoend.Start(c.t, endtoend.Binary(c.t, "cmd/oversikt"), []string{"OVERSIKT_LISTEN="}, "serving", "serve",
		"--config", c.file)
}

// readiness is what /readyz answers.
type readiness struct {
	code   int
	Status string
	Portal struct {
		State string
		Codes []string
	}
	Agencies []struct {
		Agency, State string
		Codes         []string
	}
}

func (c *configured) ready() (r readiness, body string) {
	c.t.Helper()
	a := endtoend.Visit(c.t, http.MethodGet, "http://"+c.address+"/readyz", nil, nil)
	if err := json.Unmarshal([]byte(a.Body), &r); err != nil {
		c.t.Fatalf("%v: %s", err, a.Body)
	}
	r.code = a.Status
	return r, a.Body
}

// eventually waits until something is so.
func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(2 * time.Minute); !ok(); time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("not in two minutes: %s", what)
		}
	}
}

// TestReadiness: the program serves whatever is the matter, says it once, and /readyz tells the
// truth.
func TestReadiness(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change         func(*testing.T, *configured)
		code           int
		status         string
		portal, agency string // codes
		reason         string
	}{
		"well": {func(*testing.T, *configured) {}, 200, "ok", "", "", "nothing is the matter"},
		"wrong name": {func(_ *testing.T, c *configured) {
			c.portal = strings.Replace(c.portal, "/t_", "/x_", 1)
		}, 200, "degraded", "NO_SUCH_DATABASE", "", "the agency serves"},
		"not migrated": {func(t *testing.T, c *configured) {
			c.portal = pgtest.New(t, pgtest.Template{}).RoleDSN(portal.Role)
		}, 200, "degraded", "NOT_MIGRATED", "", "the agency serves"},
		"superuser": {func(_ *testing.T, c *configured) {
			c.agencies = strings.Replace(c.agencies, spec.DefaultRole, "postgres", 1)
		}, 200, "degraded", "", "ROLE_TOO_POWERFUL", "it serves, and may do anything"},
		"nothing": {func(_ *testing.T, c *configured) {
			c.portal, c.agencies = "postgres://x@127.0.0.1:1/x", ""
			c.agency("fjord", "Fjord", "postgres://x@127.0.0.1:1/x")
		}, 503, "unavailable", "UNREACHABLE", "UNREACHABLE", "nothing can be answered"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c := newConfigured(t)
			tt.change(t, c)
			p := c.start()
			eventually(t, "it has looked", func() bool {
				r, _ := c.ready()
				return r.Portal.State != "UNKNOWN" && r.Agencies[0].State != "UNKNOWN"
			})
			r, body := c.ready()
			if r.code != tt.code || r.Status != tt.status || strings.Join(r.Portal.Codes, " ") != tt.portal ||
				strings.Join(r.Agencies[0].Codes, " ") != tt.agency || strings.Contains(body, "127.0.0.1") {
				t.Errorf("%s: %d %s", tt.reason, r.code, body)
			}
			for _, code := range []string{tt.portal, tt.agency} {
				if code != "" && !strings.Contains(p.Text(), code) {
					t.Errorf("the log does not say %s:\n%s", code, p.Text())
				}
			}
			a := endtoend.Visit(t, http.MethodGet, "http://"+c.address+"/healthz", nil, nil)
			if a.Status != 200 || !strings.Contains(a.Body, `"version":"`) {
				t.Errorf("it lives: %+v", a)
			}
			if out, err := run(t, "ready", "http://"+c.address); (err == nil) != (tt.code == 200) {
				t.Errorf("ready: %v: %s", err, out)
			}
			out, err := run(t, "serve", "--check", "--config", c.file)
			if (err == nil) != (tt.status == "ok") ||
				!strings.Contains(out, tt.portal) || !strings.Contains(out, tt.agency) || !strings.Contains(out, "agency fjord: ") {
				t.Errorf("serve --check: %v\n%s", err, out)
			}
		})
	}
}

// run runs the program to its end.
func run(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	defer cancel()
	out, err := exec.CommandContext(ctx, endtoend.Binary(t, "cmd/oversikt"), args...).CombinedOutput()
	return string(out), err
}

// TestVersion: the program says what it is, without anything else.
func TestVersion(t *testing.T) {
	t.Parallel()
	out, err := run(t, "--version")
	if err != nil || !strings.HasPrefix(out, "oversikt ") || !strings.Contains(out, " go1.") ||
		strings.Count(out, "\n") != 1 {
		t.Errorf("%v: %s", err, out)
	}
}

// TestReload: a hangup makes the file hold, all of it or nothing, and nobody's request is lost.
func TestReload(t *testing.T) {
	t.Parallel()
	c := newConfigured(t)
	token, err := issuer.Mint(c.issuer, c.issuer.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	p := c.start()
	good, address := c.agencies, c.address
	lost := make(chan string, 1)
	asking, stop := context.WithCancel(t.Context())
	go func() { // somebody asks all the time
		defer close(lost)
		for asking.Err() == nil {
			r := endtoend.Ask(t, address, token, `{ viewer { overview { complete openCaseCount } } }`)
			if o := r.Data.Viewer.Overview; r.Status != 200 || !o.Complete || o.OpenCaseCount < 6 {
				lost <- fmt.Sprintf("%+v", r)
				return
			}
		}
	}()
	hangup := func(line string) {
		t.Helper()
		n := strings.Count(p.Text(), line)
		c.write()
		p.Signal(syscall.SIGHUP)
		eventually(t, line, func() bool { return strings.Count(p.Text(), line) > n })
	}
	c.agency("lita", "Lita Inkasso AS", endtoend.Agency(t, people.Lita))
	c.more, c.origins, c.address = "log: {level: debug}", `"https://min.example"`, "127.0.0.1:1"
	hangup(`"reloaded"`)
	if r, body := c.readyAt(address); r.code != 200 || len(r.Agencies) != 2 || r.Agencies[1].State != "OK" {
		t.Errorf("the new agency is not there: %s", body)
	}
	for _, want := range []string{`"settings":["listen"]`, `"changed":["allowedOrigins","log","agencies"]`, `"level":"DEBUG"`} {
		eventually(t, "the log has "+want, func() bool { return strings.Contains(p.Text(), want) })
	}
	c.agencies, c.more = good, "trustedProxies: [nonsense]"
	hangup("not reloaded")
	if r, body := c.readyAt(address); len(r.Agencies) != 2 {
		t.Errorf("half of a faulty file holds: %s", body)
	}
	c.more, c.agencies = "", good
	hangup(`"reloaded"`)
	if r, body := c.readyAt(address); len(r.Agencies) != 1 {
		t.Errorf("the agency is not gone: %s", body)
	}
	stop()
	if r, failed := <-lost; failed {
		t.Errorf("a request got %s", r)
	}
	if err := p.Stop(syscall.SIGTERM); err != nil {
		t.Errorf("it ends: %v\n%s", err, p.Text())
	}
}

func (c *configured) readyAt(address string) (readiness, string) {
	d := *c
	d.address = address
	return d.ready()
}

package main

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"time"

	"github.com/goccy/go-yaml"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/caller/token"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/demo"
)

// oversikt is bin/oversikt as an operator runs it, behind a proxy on this machine.
type oversikt struct {
	address string
	child   *exec.Cmd
	log     *os.File
}

// startOversikt builds the program, unless one is given, and waits until it answers.
func startOversikt(ctx context.Context, o options, d *demo.Demo, issuer token.Config) (s *oversikt, err error) {
	binary := o.binary
	if binary == "" {
		binary = filepath.Join(o.dir, "oversikt")
		progress("building %s", binary)
		root, err := moduleRoot()
		if err != nil {
			return nil, err
		}
		build := exec.CommandContext(ctx, "go", "build", "-o", binary, filepath.Join(root, "cmd", "oversikt"))
		build.Env = append(os.Environ(), "CGO_ENABLED=0") // as make build does
		if out, err := build.CombinedOutput(); err != nil {
			return nil, fmt.Errorf("build the service: %w\n%s", err, out)
		}
	}
	s = &oversikt{}
	if s.address, err = freeAddress(ctx); err != nil {
		return nil, err
	}
	file, err := s.configure(o.dir, d, issuer)
	if err != nil {
		return nil, err
	}
	if s.log, err = os.Create(filepath.Join(o.dir, "bulkheads.log")); err != nil {
		return nil, err
	}
	s.child = exec.CommandContext(ctx, binary, "serve", "--config", file)
	s.child.Stdout, s.child.Stderr = s.log, s.log
	if err := s.child.Start(); err != nil {
		return nil, fmt.Errorf("start the service: %w", err)
	}
	if err := s.await(ctx); err != nil {
		s.close()
		return nil, err
	}
	return s, nil
}

func freeAddress(ctx context.Context) (string, error) {
	listener, err := new(net.ListenConfig).Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return "", err
	}
	return listener.Addr().String(), listener.Close()
}

// configure writes the file. Its keys are the same each time, as the portal's database is.
func (s *oversikt) configure(dir string, d *demo.Demo, issuer token.Config) (file string, err error) {
	spool, err := filepath.Abs(filepath.Join(dir, "bulkheads-log"))
	if err != nil {
		return "", err
	}
	text, err := yaml.Marshal(map[string]any{
		"listen": s.address, "portal": d.Portal(), "portalKey": strings.Repeat("07", portal.SecretSize),
		"idKey":     strings.Repeat("0f", model.IDKeySize),
		"accessLog": spool, "trustedProxies": []string{"127.0.0.0/8"}, "drainDelay": "0s",
		"issuers": []token.Config{issuer}, "agencies": d.Agencies()[:3],
	})
	if err != nil {
		return "", err
	}
	file = filepath.Join(dir, "bulkheads.yaml")
	return file, os.WriteFile(file, text, 0o600)
}

func (s *oversikt) await(ctx context.Context) error {
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		r, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+s.address+"/readyz", http.NoBody)
		if err != nil {
			return err
		}
		if answer, err := http.DefaultClient.Do(r); err == nil {
			_ = answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return nil
			}
		}
	}
	return fmt.Errorf("the service is not ready: see %s", s.log.Name())
}

// resident returns what the service has in memory, and the most that it had since it began.
func (s *oversikt) resident() (now, most int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.child.Process.Pid))
	if err != nil {
		return 0, 0
	}
	for line := range strings.Lines(string(text)) {
		_, _ = fmt.Sscanf(line, "VmRSS: %d kB", &now)
		_, _ = fmt.Sscanf(line, "VmHWM: %d kB", &most)
	}
	return now >> 10, most >> 10
}

func (s *oversikt) close() {
	_ = s.child.Process.Signal(syscall.SIGTERM)
	late := time.AfterFunc(patience, func() { _ = s.child.Process.Kill() })
	defer late.Stop()
	_ = s.child.Wait()
	_ = s.log.Close()
}

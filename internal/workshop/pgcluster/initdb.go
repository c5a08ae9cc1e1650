package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

// initialise creates the data folder when there is none. It is made under
// another name, so that a half-made one is never started.
func (p *place) initialise(ctx context.Context) error {
	if _, err := os.Stat(p.data); err == nil {
		return nil
	} else if !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("look for data folder: %w", err)
	}
	draft := p.data + ".new"
	// Locale C sorts by code point, which no upgrade of the system changes; the
	// character type still knows that Ø is the capital of ø.
	var err error
	for _, ctype := range []string{"C.UTF-8", "en_US.UTF-8"} { // the second for macOS
		if err = os.RemoveAll(draft); err != nil {
			return fmt.Errorf("create data folder: %w", err)
		}
		if err = p.makePrivate(draft); err != nil {
			return err
		}
		if err = p.initdb(ctx, draft, ctype); err == nil || !strings.Contains(err.Error(), "invalid locale") {
			break
		}
	}
	if err != nil {
		return err
	}
	if err := os.Rename(draft, p.data); err != nil {
		return fmt.Errorf("create data folder: %w", err)
	}
	return nil
}

func (p *place) initdb(ctx context.Context, data, ctype string) error {
	args := []string{
		"-D", data, "--username=" + Superuser, "--encoding=UTF8",
		"--locale=C", "--lc-ctype=" + ctype, "--text-search-config=simple",
		"--auth-local=trust", "--auth-host=reject", // see "Who can connect"
	}
	if p.settings["fsync"] == "off" {
		args = append(args, "--no-sync")
	}
	cmd := p.command(ctx, "initdb", args...)
	if out, err := cmd.CombinedOutput(); err != nil {
		return fmt.Errorf("run initdb: %w: %s", err, lastLines(string(out)))
	}
	return nil
}

// command prepares one of PostgreSQL's programs to run as the server's user. It
// starts in "/", since the server's user may not enter the current folder.
func (p *place) command(ctx context.Context, name string, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, filepath.Join(p.bin, name), args...)
	cmd.Dir = "/"
	cmd.Env = []string{"LC_ALL=C", "TZ=UTC"}
	for _, v := range os.Environ() {
		if !strings.HasPrefix(v, "PG") && !strings.HasPrefix(v, "LC_") &&
			!strings.HasPrefix(v, "LANG") && !strings.HasPrefix(v, "TZ=") {
			cmd.Env = append(cmd.Env, v)
		}
	}
	// A session of its own keeps the terminal's Ctrl-C away from the server:
	// the program that opened it decides when it ends.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Credential: p.user}
	return cmd
}

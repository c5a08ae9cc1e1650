package pgcluster

import (
	"context"
	_ "embed"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
)

//go:embed install.sh
var installScript string

// Ensure returns the folder of the newest installed server, and where there is
// none installs PostgreSQL first. Processes that call it at once wait for one
// another, so that one of them installs, and none uses what is half installed.
func Ensure(ctx context.Context, log *slog.Logger) (binDir string, err error) {
	path := filepath.Join(os.TempDir(), fmt.Sprintf("oversikt-install-%d.lock", os.Geteuid()))
	lock, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		if dir, err := FindBinaries(); err == nil {
			return dir, nil
		}
		return "", fmt.Errorf("lock the installation: %w", err)
	}
	defer lock.Close()
	if err := waitLock(ctx, lock); err != nil {
		return "", fmt.Errorf("lock the installation: %w", err)
	}
	if dir, err := FindBinaries(); err == nil {
		return dir, nil
	}
	if err := Install(ctx, log); err != nil {
		return "", err
	}
	return FindBinaries()
}

// Install installs PostgreSQL with apt-get, as root or through sudo when that
// asks for no password. It neither creates nor starts a cluster of the
// package's own. Everywhere else it changes nothing and returns an error of one
// line, which wraps [ErrNoBinaries], that says what to install.
func Install(ctx context.Context, log *slog.Logger) error {
	if log == nil {
		log = slog.New(slog.DiscardHandler)
	}
	shell := []string{"/bin/sh", "-s"}
	if os.Geteuid() != 0 {
		shell = append([]string{"sudo", "-n"}, shell...)
	}
	if _, err := exec.LookPath("apt-get"); err != nil || !mayInstall(ctx) {
		return fmt.Errorf("%w: run %s", ErrNoBinaries, advice(exec.LookPath))
	}
	log.Warn("PostgreSQL is not installed: installing it with apt-get, for the whole machine; this happens once")
	cmd := exec.CommandContext(ctx, shell[0], shell[1:]...)
	cmd.Stdin = strings.NewReader(installScript)
	// SIGTERM lets the script put back what it changed.
	cmd.Cancel = func() error { return cmd.Process.Signal(syscall.SIGTERM) }
	cmd.WaitDelay = patience
	if out, err := cmd.CombinedOutput(); err != nil {
		log.Error("apt-get did not install PostgreSQL", "output", string(out))
		return fmt.Errorf("%w: apt-get install postgresql: %w: %s", ErrNoBinaries, err, lastLines(string(out)))
	}
	return nil
}

// mayInstall reports whether this process is root or can be without a password.
func mayInstall(ctx context.Context) bool {
	return os.Geteuid() == 0 || exec.CommandContext(ctx, "sudo", "-n", "true").Run() == nil
}

// advice is the command that installs PostgreSQL with the package manager that
// look finds.
func advice(look func(string) (string, error)) string {
	for _, m := range []struct{ program, command string }{
		{"apt-get", "sudo apt-get install postgresql"},
		{"dnf", "sudo dnf install postgresql-server"},
		{"yum", "sudo yum install postgresql-server"},
		{"zypper", "sudo zypper install postgresql-server"},
		{"pacman", "sudo pacman -S postgresql"},
		{"apk", "sudo apk add postgresql"},
		{"brew", "brew install postgresql"},
	} {
		if _, err := look(m.program); err == nil {
			return m.command
		}
	}
	return "your system's package manager to install the PostgreSQL server"
}

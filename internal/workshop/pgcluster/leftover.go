package pgcluster

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// pidFile is what postmaster.pid says.
type pidFile struct {
	pid   int // 0 when there is no file
	ready bool
}

func (p *place) readPidFile() pidFile {
	text, err := os.ReadFile(filepath.Join(p.data, "postmaster.pid"))
	if err != nil {
		return pidFile{}
	}
	lines := strings.Split(string(text), "\n")
	pid, err := strconv.Atoi(strings.TrimSpace(lines[0]))
	if err != nil || pid <= 0 {
		return pidFile{}
	}
	const status = 7 // the eighth line
	return pidFile{pid: pid, ready: len(lines) > status && strings.TrimSpace(lines[status]) == "ready"}
}

// running returns the live postmaster on the data folder, or 0.
func (p *place) running() int {
	if pid := p.readPidFile().pid; pid != 0 && isPostmaster(pid, p.data) {
		return pid
	}
	return 0
}

// stopLeftover stops the server of a process that was killed, and removes a pid
// file whose server is gone. PostgreSQL itself would take any process with its
// number for a server: another program, or a dead one that nobody has collected
// yet. That no process still writes to the data is PostgreSQL's to find out,
// which it does without that file.
//
// The files in the socket's folder go too: the folder is of this cluster alone,
// so whatever they say is past.
func (p *place) stopLeftover() error {
	if err := p.stopPostmaster(); err != nil {
		return err
	}
	for _, name := range []string{".s.PGSQL." + port, ".s.PGSQL." + port + ".lock"} {
		if err := os.Remove(filepath.Join(p.socket, name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove stale socket: %w", err)
		}
	}
	return nil
}

func (p *place) stopPostmaster() error {
	pid := p.readPidFile().pid
	if pid == 0 {
		return nil
	}
	if isPostmaster(pid, p.data) {
		p.log.Warn("stopping the database server that an earlier process left", "pid", pid)
		if err := stop(pid, func() bool { return !isPostmaster(pid, p.data) }); err != nil {
			return fmt.Errorf("stop leftover postgres: %w", err)
		}
	}
	if err := os.Remove(filepath.Join(p.data, "postmaster.pid")); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("remove stale pid file: %w", err)
	}
	return nil
}

package pgcluster

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// minMajor is the oldest PostgreSQL that the SQL of this project is written for.
const minMajor = 14

// ErrNoBinaries is returned when no PostgreSQL server is installed that is new
// enough. [Ensure] installs one where it may.
var ErrNoBinaries = fmt.Errorf("PostgreSQL %d or newer is not installed", minMajor)

// binDirs are the folders where packages put the server, by glob pattern; most
// keep it out of PATH.
var binDirs = []string{
	"/usr/lib/postgresql/*/bin",                // Debian, Ubuntu
	"/usr/pgsql-*/bin",                         // packages of postgresql.org for Fedora, RHEL
	"/usr/lib/postgresql*/bin",                 // openSUSE
	"/usr/libexec/postgresql*",                 // Alpine
	"/opt/homebrew/opt/postgresql*/bin",        // Homebrew on Apple silicon
	"/usr/local/opt/postgresql*/bin",           // Homebrew on Intel
	"/home/linuxbrew/.linuxbrew/opt/p*ql*/bin", // Homebrew on Linux
	"/Applications/Postgres.app/Contents/Versions/*/bin",
	"/usr/local/pgsql/bin", // built from source
	"/usr/bin",             // Fedora, Arch
}

// binaries is one installed PostgreSQL server.
type binaries struct {
	dir   string
	major int
}

// FindBinaries returns the folder that holds initdb and postgres of the newest
// installed version, or [ErrNoBinaries].
func FindBinaries() (dir string, err error) {
	found := installed()
	if len(found) == 0 {
		return "", ErrNoBinaries
	}
	return found[0].dir, nil
}

// binariesFor returns the programs for a data folder: those that the caller
// names, else those of the version that made the data, else the newest.
func binariesFor(dir, data string) (string, error) {
	found := installed()
	if dir != "" {
		found = inspect([]string{dir})
	}
	if len(found) == 0 {
		return "", ErrNoBinaries
	}
	version, err := os.ReadFile(filepath.Join(data, "PG_VERSION"))
	if errors.Is(err, os.ErrNotExist) {
		return found[0].dir, nil
	}
	if err != nil {
		return "", fmt.Errorf("read version of the data: %w", err)
	}
	made := strings.TrimSpace(string(version))
	for _, b := range found {
		if strconv.Itoa(b.major) == made {
			return b.dir, nil
		}
	}
	return "", fmt.Errorf("data in %s was made by PostgreSQL %s, installed is %d: install that version or delete the data",
		data, made, found[0].major)
}

// installed lists the servers on this machine, the newest first.
func installed() []binaries {
	var dirs []string
	for _, pattern := range binDirs {
		matches, _ := filepath.Glob(pattern) // its one error is a bad pattern
		dirs = append(dirs, matches...)
	}
	if out, err := exec.Command("pg_config", "--bindir").Output(); err == nil {
		dirs = append(dirs, strings.TrimSpace(string(out)))
	}
	if path, err := exec.LookPath("postgres"); err == nil {
		dirs = append(dirs, filepath.Dir(path))
	}
	return inspect(dirs)
}

// inspect asks the programs in each folder for their version. A folder that
// lacks one of them holds no server: client packages bring pg_config alone.
func inspect(dirs []string) []binaries {
	slices.Sort(dirs)
	var found []binaries
	for _, dir := range slices.Compact(dirs) {
		if _, err := os.Stat(filepath.Join(dir, "initdb")); err != nil {
			continue
		}
		out, err := exec.Command(filepath.Join(dir, "postgres"), "--version").Output()
		if err != nil {
			continue
		}
		version := strings.TrimPrefix(string(out), "postgres (PostgreSQL) ")
		if m := major(version); m >= minMajor {
			found = append(found, binaries{dir: dir, major: m})
		}
	}
	slices.SortStableFunc(found, func(a, b binaries) int { return cmp.Compare(b.major, a.major) })
	return found
}

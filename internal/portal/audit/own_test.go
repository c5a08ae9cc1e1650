package audit_test

import (
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

const nobody = 65534

// TestFolderOfOthers: a folder where others can put files, and a file that they have put there, are
// refused at the start, in one line that does not say where.
func TestFolderOfOthers(t *testing.T) {
	t.Parallel()
	other := func(t *testing.T, path string, uid, gid int) {
		if os.Geteuid() != 0 {
			t.Skip("another user's file takes root to make")
		}
		check(t, os.Lchown(path, uid, gid))
	}
	mode := func(mode os.FileMode) func(*testing.T, string) string {
		return func(t *testing.T, dir string) string { check(t, os.Chmod(dir, mode)); return dir }
	}
	inside := func(dir, name, text string) string {
		path := filepath.Join(dir, name)
		_ = os.WriteFile(path, []byte(text), 0o600)
		return path
	}
	cases := map[string]struct {
		reason string
		make   func(t *testing.T, dir string) string // returns what is configured
		says   string                                // empty: it is taken
	}{
		"own":          {"as it is made", func(_ *testing.T, dir string) string { return dir }, ""},
		"not there":    {"it is made", func(_ *testing.T, dir string) string { return dir + "/new/er" }, ""},
		"others read":  {"as a unit makes it", mode(0o755), ""},
		"own group":    {"as a volume has it", mode(0o770), ""},
		"linked above": {"as a unit's state is", func(t *testing.T, d string) string { return link(t, d) + "/in" }, ""},
		"symlink":      {"it leads anywhere", func(t *testing.T, d string) string { return link(t, d) }, "symbolic link"},
		"symlink and slash": {"it is one all the same", func(t *testing.T, d string) string { return link(t, d) + "/" },
			"symbolic link"},
		"everybody's":         {"anybody puts files there", mode(0o777), "others can write"},
		"everybody's, sticky": {"as /tmp", mode(os.ModeSticky | 0o777), "others can write"},
		"another group's": {"its people put files there", func(t *testing.T, d string) string {
			other(t, d, os.Geteuid(), nobody)
			check(t, os.Chmod(d, 0o770))
			return d
		}, "others can write"},
		"another user's": {"they can, whatever it says", func(t *testing.T, d string) string {
			other(t, d, nobody, nobody)
			return d
		}, "another user"},
		"a file": {"no folder", func(_ *testing.T, d string) string { return inside(d, "file", "") }, "not a directory"},
		"a symlink inside": {"it leads anywhere", func(t *testing.T, d string) string {
			check(t, os.Symlink(inside(t.TempDir(), "x", "kept"), filepath.Join(d, "a.spool")))
			return d
		}, "a.spool in the folder of accessLog is a symbolic link"},
		"a pipe inside": {"it would never end", func(t *testing.T, d string) string {
			check(t, syscall.Mkfifo(filepath.Join(d, "a.spool"), 0o600))
			return d
		}, "no regular file"},
		"another user's inside": {"they have put it there", func(t *testing.T, d string) string {
			other(t, inside(d, "a.spool", "x"), nobody, nobody)
			return d
		}, "a.spool in the folder of accessLog is of another user"},
		"rejected is a symlink": {"entries would go anywhere", func(t *testing.T, d string) string {
			check(t, os.Symlink("/dev/null", filepath.Join(d, "rejected")))
			return d
		}, "rejected in the folder of accessLog is a symbolic link"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			check(t, os.Chmod(dir, 0o700))
			l, err := audit.Open(audit.Options{Portal: pool(t, "host=/nowhere user=x dbname=x"), Secret: testSecret,
				Dir: tc.make(t, dir), Now: time.Now, Log: slog.New(slog.DiscardHandler), DeliverEvery: time.Hour})
			if err == nil {
				check(t, l.Abandon())
			}
			if (err == nil) != (tc.says == "") {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if err != nil && (!strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "\n")) {
				t.Errorf("%s: %v", tc.reason, err)
			}
		})
	}
}

func link(t *testing.T, dir string) string {
	name := filepath.Join(t.TempDir(), "link")
	check(t, os.Symlink(dir, name))
	return name
}

// TestForgedLine: lines that somebody without the key has put into the spool are not delivered, and
// keep no line of the service from it.
func TestForgedLine(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	written := func(secret *portal.Secret, requests ...string) []string {
		dir := t.TempDir()
		l := open(t, "host=/nowhere user=x dbname=x", dir, func(o *audit.Options) { o.Secret = secret })
		for _, request := range requests {
			check(t, l.Record(t.Context(), numbered(t, request, own(1))))
		}
		check(t, l.Abandon())
		text, err := os.ReadFile(filepath.Join(dir, files(t, dir)[0]))
		check(t, err)
		return strings.SplitAfter(strings.TrimSpace(string(text))+"\n", "\n")
	}
	good, foreign := written(testSecret, "good", "bait"), written(secretOf(2), "foreign")
	mark, entry, _ := strings.Cut(good[1], " ")
	forged := strings.Replace(entry, "bait", "forged", 1)
	dir := t.TempDir()
	check(t, os.WriteFile(filepath.Join(dir, "x.spool"), []byte(strings.Join([]string{
		foreign[0], mark + " " + forged, strings.Repeat("0", len(mark)) + " " + forged, forged,
		strings.SplitN(good[0], " ", 2)[0] + " " + forged, good[0]}, "")), 0o600))
	l := open(t, db.RoleDSN(portal.Role), dir)
	check(t, l.Flush(t.Context()))
	if diff := cmp.Diff(map[string]int{"good": 1}, db.requests()); diff != "" {
		t.Error(diff)
	}
	if s := l.Stats(); s.Torn != 5 || s.Delivered != 1 || len(files(t, dir)) != 0 {
		t.Errorf("%+v, %v are left", s, files(t, dir))
	}
}

// TestDiskFull: while nothing can be written, no try leaves a file or a descriptor. What was
// acknowledged before, and after there is room again, is delivered.
func TestDiskFull(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=128k,mode=0700"); err != nil {
		t.Skip("a small disk takes root to mount: ", err)
	}
	t.Cleanup(func() { check(t, syscall.Unmount(dir, syscall.MNT_DETACH)) })
	l := open(t, "host=/nowhere user=x dbname=x", dir)
	want := map[string]int{}
	record := func(request string) bool {
		err := l.Record(t.Context(), numbered(t, request, own(1)))
		if err == nil {
			want[request]++
		}
		return err == nil
	}
	for round, before := range []bool{true, false} { // with a file of the spool that is half full, and with none
		if before && !record("before") {
			t.Fatal("there is room")
		}
		if !before {
			check(t, l.Abandon())
			l = open(t, "host=/nowhere user=x dbname=x", dir)
		}
		fill(t, filepath.Join(dir, "filler"))
		for record("last") { // the last page of the file has room
		}
		kept := files(t, dir)
		for range 8 {
			time.Sleep(120 * time.Millisecond) // it is tried anew ten times a second
			if record("full") {
				t.Error("there was room")
			}
		}
		if diff := cmp.Diff(kept, files(t, dir)); diff != "" || descriptors(t, dir) > len(kept) {
			t.Errorf("round %d: %d descriptors; %s", round, descriptors(t, dir), diff)
		}
		for _, name := range kept {
			if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.Size() == 0 {
				t.Errorf("round %d: %s is left with nothing in it: %v", round, name, err)
			}
		}
		check(t, os.Remove(filepath.Join(dir, "filler")))
		eventually(t, "there is room again", func() bool { return record("after") })
	}
	check(t, l.Abandon())
	db := newDatabase(t)
	l = open(t, db.RoleDSN(portal.Role), dir)
	check(t, l.Flush(t.Context()))
	if diff := cmp.Diff(want, db.requests()); diff != "" || l.Stats().Torn != 0 || len(files(t, dir)) != 0 {
		t.Errorf("%+v, %v are left: %s", l.Stats(), files(t, dir), diff)
	}
}

// fill takes all that a disk has.
func fill(t *testing.T, name string) {
	t.Helper()
	f, err := os.Create(name)
	check(t, err)
	defer f.Close()
	for err == nil {
		_, err = f.Write(make([]byte, 4096))
	}
}

// descriptors counts what this process has open in a folder.
func descriptors(t *testing.T, dir string) int {
	t.Helper()
	n := 0
	for _, fd := range files(t, "/proc/self/fd") {
		if to, err := os.Readlink("/proc/self/fd/" + fd); err == nil && strings.HasPrefix(to, dir+"/") {
			n++
		}
	}
	return n
}

package audit

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
)

// spool keeps lines in files until the database has them. Each process writes files of its
// own, which it holds locked: a lock ends with its process, however that ends, and tells
// the next process that a file is an orphan.
type spool struct {
	dir      string
	maxFile  int64 // a file that has grown to this is sealed
	maxBytes int64 // of all files that this process holds

	mu     sync.Mutex
	active *file   // takes lines; nil until the next line
	sealed []*file // take no more lines, the oldest first
	bytes  int64
	broken bool // a write failed: not to be tried by every request
	fresh  bool // a file was made, and its name may not be on the disk
	closed bool
}

// file is a locked file of the spool. All but done belongs to the spool's lock.
type file struct {
	path  string
	f     *os.File
	size  int64
	dirty bool  // written to since it was last put on the disk
	done  int64 // how much of it is delivered; the deliverer's own
}

const suffix = ".spool"

var (
	errBroken = errors.New("the spool could not be written a moment ago")
	errFull   = errors.New("the spool is full")
	errClosed = errors.New("the spool is closed")
)

// append writes lines with one write: once it has returned they survive this process.
func (s *spool) append(lines []byte) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case s.closed:
		return errClosed
	case s.broken:
		return errBroken
	case s.bytes+int64(len(lines)) > s.maxBytes:
		return errFull
	}
	if s.active == nil {
		var err error
		if s.active, err = s.create(); err != nil {
			s.broken = true
			return fmt.Errorf("create spool file: %w", err)
		}
		s.fresh = true
	}
	n, err := s.active.f.Write(lines)
	if err != nil {
		s.broken = true
		s.undo(n, err)
		return fmt.Errorf("write spool: %w", err)
	}
	s.wrote(n)
	if s.active.size >= s.maxFile {
		s.rotate()
	}
	return nil
}

// wrote counts what is in the active file; it is called with mu held.
func (s *spool) wrote(n int) {
	s.active.size, s.active.dirty = s.active.size+int64(n), true
	s.bytes += int64(n)
}

// undo takes half a line back, since what comes next must not follow it, and a file with nothing
// else in it. It is called with mu held.
func (s *spool) undo(n int, cause error) {
	f := s.active
	if f.size == 0 {
		s.active = nil
		_, _ = os.Remove(f.path), f.f.Close() // what stays is an orphan like others
		return
	}
	if n > 0 && f.f.Truncate(f.size) != nil {
		s.wrote(n)
		s.rotate()
	} else if !errors.Is(cause, syscall.ENOSPC) && !errors.Is(cause, syscall.EDQUOT) {
		s.rotate() // another file may work; on a full disk none does
	}
}

// create makes a file and locks it. Between the two it looks like an orphan, so another
// process may have taken it away.
func (s *spool) create() (*file, error) {
	for {
		path := filepath.Join(s.dir, strings.ToLower(rand.Text())+suffix)
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL|os.O_APPEND, 0o600)
		if err != nil {
			return nil, err
		}
		_, err = lock(f)
		if err == nil {
			return &file{path: path, f: f}, nil
		}
		if !errors.Is(err, errTaken) {
			_, _ = os.Remove(path), f.Close()
			return nil, err
		}
		_ = f.Close()
	}
}

var errTaken = errors.New("another process has the file")

// lock takes a file of the spool for this process and returns its size, or errTaken.
func lock(f *os.File) (int64, error) {
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
		return 0, errTaken
	} else if err != nil {
		return 0, fmt.Errorf("lock spool file: %w", err)
	}
	info, err := f.Stat()
	if err != nil {
		return 0, fmt.Errorf("lock spool file: %w", err)
	}
	if stat, ok := info.Sys().(*syscall.Stat_t); ok && stat.Nlink == 0 {
		return 0, errTaken // and removed it
	}
	return info.Size(), nil
}

// rotate seals the active file; it is called with mu held.
func (s *spool) rotate() {
	if s.active != nil {
		s.sealed = append(s.sealed, s.active)
		s.active = nil
	}
}

// seal makes the lines so far ready for delivery. Unless it is forced, it waits while older ones
// wait, so that few files are open however long the database is down.
func (s *spool) seal(always bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if always || len(s.sealed) == 0 {
		s.rotate()
	}
}

// oldest returns the sealed file to deliver next, or nil.
func (s *spool) oldest() *file {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.sealed) == 0 {
		return nil
	}
	return s.sealed[0]
}

// remove ends a file whose lines are delivered. Nobody waits for the disk meanwhile.
func (s *spool) remove(f *file) error {
	if err := os.Remove(f.path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return fmt.Errorf("remove spool file: %w", err)
	}
	s.mu.Lock()
	s.sealed = slices.DeleteFunc(s.sealed, func(g *file) bool { return f == g })
	s.bytes -= f.size
	s.mu.Unlock()
	return f.f.Close()
}

// sync flushes to the disk what was written since the last time, and lets a broken spool be
// tried again.
func (s *spool) sync() error {
	s.mu.Lock()
	s.broken = false
	var dirty []*file
	for _, f := range append(slices.Clone(s.sealed), s.active) {
		if f != nil && f.dirty {
			f.dirty = false
			dirty = append(dirty, f)
		}
	}
	fresh := s.fresh
	s.fresh = false
	s.mu.Unlock()

	var errs []error
	for _, f := range dirty {
		if err := f.f.Sync(); err != nil && !errors.Is(err, os.ErrClosed) { // closed: delivered meanwhile
			errs = append(errs, fmt.Errorf("sync spool file: %w", err))
		}
	}
	if fresh {
		errs = append(errs, syncDir(s.dir))
	}
	return errors.Join(errs...)
}

func syncDir(dir string) error {
	d, err := os.Open(dir)
	if err != nil {
		return fmt.Errorf("sync spool folder: %w", err)
	}
	defer d.Close()
	if err := d.Sync(); err != nil {
		return fmt.Errorf("sync spool folder: %w", err)
	}
	return nil
}

// adopt takes the files of processes that are gone and returns how many there were. A file that it
// cannot take keeps it from none of the others.
func (s *spool) adopt() (adopted int, failed error) {
	paths, err := filepath.Glob(filepath.Join(s.dir, "*"+suffix))
	if err != nil {
		return 0, fmt.Errorf("look for spool files: %w", err)
	}
	for _, path := range paths {
		size, err := s.take(path)
		if err != nil {
			failed = err
		}
		if size > 0 {
			adopted++
		}
	}
	return adopted, failed
}

// take adopts a file and returns its size, which is 0 where another process has it.
func (s *spool) take(path string) (size int64, err error) {
	f, err := openOwn(path, os.O_RDWR)
	if errors.Is(err, os.ErrNotExist) {
		return 0, nil // delivered meanwhile
	}
	if err != nil {
		return 0, fmt.Errorf("open spool file: %w", err)
	}
	if size, err = lock(f); err != nil {
		_ = f.Close()
		if errors.Is(err, errTaken) {
			err = nil
		}
		return 0, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sealed = append(s.sealed, &file{path: path, f: f, size: size})
	s.bytes += size
	return size, nil
}

// read returns what is in a sealed file and not delivered.
func (f *file) read() ([]byte, error) {
	b := make([]byte, f.size-f.done)
	n, err := f.f.ReadAt(b, f.done)
	if err != nil && !errors.Is(err, io.EOF) { // a file that was cut: what is there is delivered
		return nil, fmt.Errorf("read spool file: %w", err)
	}
	return b[:n], nil
}

// close releases all files: the next process takes over what is in them. It returns how many
// bytes were left.
func (s *spool) close() (int64, error) {
	err := s.sync()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closed = true
	s.rotate()
	for _, f := range s.sealed {
		err = errors.Join(err, f.f.Close())
	}
	s.sealed = nil
	return s.bytes, err
}

func (s *spool) pending() int64 {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.bytes
}

package pgcluster

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

// openLock opens the file whose lock stands for the folder. The lock is the
// kernel's: it ends with the process, however that ends, and the server does
// not inherit it.
func openLock(dir string) (*os.File, error) {
	f, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("lock database folder: %w", err)
	}
	// Root must not shut the owner of the folder out of it.
	if uid, ok := ownerOf(dir); ok && os.Geteuid() == 0 {
		if err := f.Chown(int(uid), -1); err != nil {
			f.Close()
			return nil, fmt.Errorf("lock database folder: %w", err)
		}
	}
	return f, nil
}

// tryLock takes the folder for this process, or returns [ErrInUse].
func tryLock(dir string) (*os.File, error) {
	f, err := openLock(dir)
	if err != nil {
		return nil, err
	}
	if err := flock(f); err != nil {
		if errors.Is(err, syscall.EWOULDBLOCK) {
			holder := make([]byte, 20)
			n, _ := f.ReadAt(holder, 0) // only for the message
			err = fmt.Errorf("%w: %s, process %s", ErrInUse, dir, holder[:n])
		} else {
			err = fmt.Errorf("lock database folder: %w", err)
		}
		f.Close()
		return nil, err
	}
	if err := writePid(f); err != nil {
		f.Close()
		return nil, fmt.Errorf("lock database folder: %w", err)
	}
	return f, nil
}

// waitLock waits until the lock is free. It looks again and again, since a
// blocking flock would not hear ctx.
func waitLock(ctx context.Context, f *os.File) error {
	for {
		err := flock(f)
		if !errors.Is(err, syscall.EWOULDBLOCK) {
			return err
		}
		select {
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(tick):
		}
	}
}

func flock(f *os.File) error {
	return syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
}

// writePid notes in the lock file who holds it.
func writePid(f *os.File) error {
	if err := f.Truncate(0); err != nil {
		return err
	}
	_, err := f.WriteAt([]byte(strconv.Itoa(os.Getpid())), 0)
	return err
}

package audit

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"
)

// ownFolder makes the folder of the spool. It refuses one where somebody else can put files or take
// them away: what waits there is the access log.
func ownFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	info, err := os.Lstat(filepath.Clean(dir)) // with a slash at its end, a link would be followed
	if err != nil {
		return err
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	switch {
	case info.Mode()&os.ModeSymlink != 0:
		return errors.New("accessLog is a symbolic link: name the folder itself")
	case ok && int(stat.Uid) != os.Geteuid():
		return errors.New("accessLog is a folder of another user: chown it to the service's")
	case info.Mode()&0o002 != 0, info.Mode()&0o020 != 0 && ok && int(stat.Gid) != os.Getegid():
		return errors.New("accessLog is a folder where others can write: chmod 0700")
	}
	f, err := openOwn(filepath.Join(dir, rejected), os.O_WRONLY)
	if errors.Is(err, os.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	return f.Close()
}

// openOwn opens a file of the spool, and refuses what the service cannot have made.
func openOwn(path string, flag int) (*os.File, error) {
	f, err := os.OpenFile(path, flag|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0o600)
	if errors.Is(err, syscall.ELOOP) {
		return nil, notOwn(path, "a symbolic link")
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		stat, ok := info.Sys().(*syscall.Stat_t)
		switch {
		case !info.Mode().IsRegular():
			err = notOwn(path, "no regular file")
		case ok && int(stat.Uid) != os.Geteuid():
			err = notOwn(path, "of another user")
		}
	}
	if err != nil {
		_ = f.Close()
		return nil, err
	}
	return f, nil
}

func notOwn(path, what string) error {
	return fmt.Errorf("%s in the folder of accessLog is %s: look who has put it there, and take it away",
		filepath.Base(path), what)
}

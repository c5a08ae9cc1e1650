package pgcluster

import (
	"errors"
	"fmt"
	"os/user"
	"strconv"
	"syscall"
)

// serverUser chooses whom root lets the server run as: the owner of the data
// that is there, else the owner of the folder (so that a later run without root
// finds its data), else a system user.
func serverUser(data, dir string) (*syscall.Credential, error) {
	for _, path := range []string{data, dir} {
		uid, ok := ownerOf(path)
		if !ok || uid == 0 {
			continue
		}
		// A user of another container has no entry; initdb would refuse.
		if u, err := user.LookupId(strconv.FormatUint(uint64(uid), 10)); err == nil {
			return credential(u)
		}
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			return credential(u)
		}
	}
	return nil, errors.New("no user to run postgres as: neither postgres nor nobody exists")
}

func credential(u *user.User) (*syscall.Credential, error) {
	uid, err := strconv.ParseUint(u.Uid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read user %s: %w", u.Username, err)
	}
	gid, err := strconv.ParseUint(u.Gid, 10, 32)
	if err != nil {
		return nil, fmt.Errorf("read user %s: %w", u.Username, err)
	}
	return &syscall.Credential{Uid: uint32(uid), Gid: uint32(gid)}, nil
}

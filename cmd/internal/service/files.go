package service

import (
	"log/slog"
	"syscall"

	"github.com/oversikt/oversikt/internal/server"
)

const (
	// ownFiles are open besides connections: listeners, logs, the spool, what is dialled just now.
	ownFiles = 64
	// clientFiles is the least room for connections from clients.
	clientFiles = 4 * server.DefaultMaxOfNetwork
)

// filesNeeded is how many files the service has open when all of its pools are full.
func (s *Service) filesNeeded() int {
	n := ownFiles + clientFiles + int(s.portal.MaxConns())
	for _, a := range s.agencies.Stats() {
		n += int(a.Pool.MaxConns())
	}
	return n
}

// sayFiles says that the limit of open files is too low for that: agencies could not be connected
// to, for no fault of theirs. Go has raised the soft limit to the hard one.
func (s *Service) sayFiles(log *slog.Logger) {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return
	}
	if needed := s.filesNeeded(); limit.Cur < uint64(needed) {
		log.Warn("the limit of open files is too low for the connections to databases and from clients: raise it"+
			" (LimitNOFILE, ulimit -n)", "limit", limit.Cur, "needed", needed)
	}
}

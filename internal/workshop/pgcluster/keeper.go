package pgcluster

import (
	"context"
	"log/slog"
	"time"
)

// startAgain is how long a server that cannot be started is left alone.
const startAgain = 5 * time.Second

// keeper starts the server of a cluster again when it ends and nobody has stopped it.
type keeper struct {
	place  *place
	log    *slog.Logger
	server *server // the last one; the keeper's own until it has ended
	cancel context.CancelFunc
	ended  chan struct{}
}

func keep(p *place, first *server, log *slog.Logger) *keeper {
	ctx, cancel := context.WithCancel(context.Background())
	k := &keeper{place: p, log: log, server: first, cancel: cancel, ended: make(chan struct{})}
	go k.run(ctx)
	return k
}

// run returns when the cluster is to be closed.
func (k *keeper) run(ctx context.Context) {
	defer close(k.ended)
	for {
		select {
		case <-ctx.Done():
			return
		case <-k.server.done:
		}
		k.log.Warn("PostgreSQL has ended, and nobody has stopped it: it is started again", "log", k.place.logPath()+".old")
		for k.restart(ctx) != nil {
			select {
			case <-ctx.Done():
				return
			case <-time.After(startAgain):
			}
		}
	}
}

func (k *keeper) restart(ctx context.Context) error {
	next, err := k.place.start(ctx)
	switch {
	case err == nil:
		k.server = next
		k.log.Warn("PostgreSQL runs again")
	case ctx.Err() == nil:
		k.log.Error("PostgreSQL could not be started again", "cause", err)
	}
	return err
}

// stop ends the server for good.
func (k *keeper) stop() error {
	k.cancel()
	<-k.ended
	return k.server.stop()
}

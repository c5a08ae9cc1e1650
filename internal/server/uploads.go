package server

import (
	"context"
	"sync"

	"github.com/oversikt/oversikt/internal/fault"
)

// maxUploads is how many large bodies are held at once; each takes up to five times maxUpload.
const maxUploads = 4

// uploads gives large bodies their turns. A caller has one at a time: otherwise somebody who
// sends many slowly would keep everybody else waiting.
type uploads struct {
	turns chan struct{}

	mu   sync.Mutex
	busy map[string]bool // who has a turn, or waits for one
}

func newUploads(atOnce int) *uploads {
	return &uploads{turns: make(chan struct{}, atOnce), busy: map[string]bool{}}
}

var errUploading = fault.New(fault.RateLimited,
	"another large body of yours is being looked at: send one after the other")

// enter waits for a turn. leave must be called unless there is an error: errUploading, or
// that of the context.
func (u *uploads) enter(ctx context.Context, who string) (leave func(), err error) {
	u.mu.Lock()
	taken := u.busy[who]
	u.busy[who] = true
	u.mu.Unlock()
	if taken {
		return nil, errUploading
	}
	free := func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.busy, who)
	}
	select {
	case u.turns <- struct{}{}:
	case <-ctx.Done():
		free()
		return nil, ctx.Err()
	}
	return func() {
		<-u.turns
		free()
	}, nil
}

package server

import (
	"context"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/fault"
)

const (
	// maxUploads is how many large bodies are received at once, and maxOpened how many of them are
	// looked at, as that takes up to five times maxUpload: memory for 4 and 2 * 5 of them is enough.
	maxUploads = 4
	maxOpened  = 2
	// uploadWait is how long one waits for its turn: there must be time left to read it.
	uploadWait = readTimeout / 2
)

// uploads gives large bodies their turns. A caller has one at a time: otherwise somebody who
// sends many slowly would keep everybody else waiting.
type uploads struct {
	turns, opened chan struct{}

	mu   sync.Mutex
	busy map[string]bool // who has a turn, or waits for one
}

func newUploads(atOnce int) *uploads {
	return &uploads{turns: make(chan struct{}, atOnce), opened: make(chan struct{}, maxOpened), busy: map[string]bool{}}
}

// errManyUploads is answered with 503: it is not the caller's fault.
var errManyUploads = fault.New(fault.RateLimited, "too many large bodies are being looked at: try again in a moment")

var errUploading = fault.New(fault.RateLimited,
	"another large body of yours is being looked at: send one after the other")

// enter waits for a turn. leave must be called unless there is an error: errUploading,
// errManyUploads, or that of the context.
func (u *uploads) enter(ctx context.Context, who string) (leave func(), err error) {
	u.mu.Lock()
	taken := u.busy[who]
	u.busy[who] = true
	u.mu.Unlock()
	if taken {
		return nil, errUploading
	}
	done, err := turn(ctx, u.turns)
	free := func() {
		u.mu.Lock()
		defer u.mu.Unlock()
		delete(u.busy, who)
	}
	if err != nil {
		free()
		return nil, err
	}
	return func() {
		done()
		free()
	}, nil
}

// open waits until one that has been received may be looked at.
func (u *uploads) open(ctx context.Context) (done func(), err error) { return turn(ctx, u.opened) }

func turn(ctx context.Context, of chan struct{}) (done func(), err error) {
	late := time.NewTimer(uploadWait)
	defer late.Stop()
	select {
	case of <- struct{}{}:
		return func() { <-of }, nil
	case <-late.C:
		return nil, errManyUploads
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

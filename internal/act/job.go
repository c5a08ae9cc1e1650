package act

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"math"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/riverqueue/river"
	"github.com/riverqueue/river/riverdriver/riverpgxv5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/portal"
)

const (
	queue     = "act"
	firstTry  = 5 * time.Second  // after the act is stored, which its own process drives first
	shortWait = 2 * time.Second  // until the next try; then a quarter of the time that has passed
	longWait  = 5 * time.Minute  // at most
	alarmWait = 15 * time.Minute // between tries while people look into it

	// A job whose process was killed is taken up again jobTime after it began, and half a
	// minute later at most: that is how often the queue looks.
	jobTime  = 40 * time.Second
	workers  = 8
	stopTime = 5 * time.Second
)

// resume is the job that goes on with one act until it has ended.
type resume struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job in the queue.
func (resume) Kind() string { return "act_resume" }

// InsertOpts lets a job be tried for ever: what it did not finish it takes up later, and
// only a process that was killed counts as an attempt.
func (resume) InsertOpts() river.InsertOpts {
	return river.InsertOpts{Queue: queue, MaxAttempts: math.MaxInt16}
}

type worker struct {
	river.WorkerDefaults[resume]
	engine *Engine
}

// NextRetry is for a job that was killed or that panicked.
func (w *worker) NextRetry(*river.Job[resume]) time.Time { return w.engine.now().Add(shortWait) }

// Work tries once, and puts the job off unless the act has ended.
func (w *worker) Work(ctx context.Context, job *river.Job[resume]) error {
	again, err := w.engine.work(ctx, job.Args.ID)
	switch {
	case err != nil:
		return river.JobCancel(err)
	case again > 0:
		return river.JobSnooze(again)
	}
	return nil
}

// work goes on with an act, and returns after how long it is to be tried again; 0 where it
// has ended. The error says that there is nothing to try.
func (e *Engine) work(ctx context.Context, id uuid.UUID) (again time.Duration, err error) {
	s, err := e.resume(ctx, id)
	switch {
	case errors.Is(err, agency.ErrNotFound):
		return 0, err
	case errors.Is(err, errBusy), errors.Is(err, errLost):
		return shortWait, nil
	case err != nil:
		e.Log.Error("an act could not be driven", "act", id, "cause", err)
		return firstTry, nil
	case s.EndedAt != nil:
		return 0, nil
	}
	return s.wait(e.now()), nil
}

// wait returns how long the next try can wait.
func (s *saga) wait(now time.Time) time.Duration {
	switch {
	case s.Status == NeedsAttention:
		return alarmWait
	case s.DecidedAt != nil:
		return min(max(now.Sub(*s.DecidedAt)/4, shortWait), longWait)
	case s.Reach == All:
		return max(min(now.Sub(s.CreatedAt)/4, s.DecideBy.Sub(now)), shortWait)
	default:
		return max(min(now.Sub(s.CreatedAt)/4, s.Until.Sub(now), longWait), shortWait)
	}
}

func newRiver(e *Engine) (*river.Client[pgx.Tx], error) {
	all := river.NewWorkers()
	river.AddWorker(all, &worker{engine: e})
	client, err := river.NewClient(riverpgxv5.New(e.Portal.Jobs()), &river.Config{
		Schema: portal.Schema, Logger: slog.New(queueLog{e.Log.Handler()}), Workers: all,
		Queues:               map[string]river.QueueConfig{queue: {MaxWorkers: workers}},
		JobTimeout:           jobTime,
		RescueStuckJobsAfter: jobTime,
		SoftStopTimeout:      stopTime,
		ReindexerIndexNames:  []string{}, // the service does not own them
	})
	if err != nil {
		return nil, fmt.Errorf("job queue: %w", err)
	}
	return client, nil
}

// Run takes up acts that have not ended, on whichever engine they began, until the context
// ends. What runs then has a few seconds to come to an end.
func (e *Engine) Run(ctx context.Context) {
	for said := false; ; said = true {
		err := e.river.Start(ctx)
		if err == nil {
			<-e.river.Stopped()
			return
		}
		if !said && ctx.Err() == nil {
			e.Log.Warn("the job queue cannot be reached", "cause", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(firstTry):
		}
	}
}

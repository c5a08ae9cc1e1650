package solution

import (
	"context"
	"errors"
	"fmt"
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
	queue     = "acceptance"
	firstTry  = 5 * time.Second  // after the acceptance, which its own process drives first
	shortWait = 2 * time.Second  // until the next try; then a quarter of the time that has passed
	longWait  = 5 * time.Minute  // at most
	alarmWait = 15 * time.Minute // between tries while an operator is needed

	// A job whose process was killed is taken up again jobTime after it began, and half a
	// minute later at most: that is how often the queue looks. An agency's deadline fits in.
	jobTime  = 40 * time.Second
	workers  = 4
	stopTime = 5 * time.Second
)

// resume is the job that goes on with one acceptance until it has ended.
type resume struct {
	ID uuid.UUID `json:"id"`
}

// Kind names the job in the queue.
func (resume) Kind() string { return "acceptance_resume" }

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

// Work tries once, and puts the job off unless the acceptance has ended.
func (w *worker) Work(ctx context.Context, job *river.Job[resume]) error {
	e := w.engine
	a, err := e.Resume(ctx, job.Args.ID)
	switch {
	case errors.Is(err, agency.ErrNotFound):
		return river.JobCancel(err)
	case errors.Is(err, ErrBusy):
		return river.JobSnooze(shortWait)
	case err != nil:
		e.Log.Error("an acceptance could not be driven", "acceptance", job.Args.ID, "cause", err)
		return river.JobSnooze(firstTry)
	case a.EndedAt != nil:
		return nil
	}
	return river.JobSnooze(a.wait(e.now()))
}

// wait returns how long the next try can wait.
func (a *Acceptance) wait(now time.Time) time.Duration {
	switch {
	case a.Status == NeedsAttention:
		return alarmWait
	case a.DecidedAt != nil:
		return min(max(now.Sub(*a.DecidedAt)/4, shortWait), longWait)
	default:
		return max(min(now.Sub(a.CreatedAt)/4, a.DecideBy.Sub(now)), shortWait)
	}
}

func newRiver(e *Engine) (*river.Client[pgx.Tx], error) {
	all := river.NewWorkers()
	river.AddWorker(all, &worker{engine: e})
	client, err := river.NewClient(riverpgxv5.New(e.Portal.Pool), &river.Config{
		Schema: portal.Schema, Logger: e.Log, Workers: all,
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

// enqueue puts the job into the transaction that stores the acceptance.
func (e *Engine) enqueue(ctx context.Context, tx pgx.Tx, s saga) error {
	_, err := e.river.InsertTx(ctx, tx, resume{s.ID}, &river.InsertOpts{ScheduledAt: s.CreatedAt.Add(firstTry)})
	return err
}

// Run takes up acceptances that are not finished, on whichever engine they began, until
// the context ends. What runs then has a few seconds to come to an end.
func (e *Engine) Run(ctx context.Context) {
	for {
		err := e.river.Start(ctx)
		if err == nil {
			<-e.river.Stopped()
			return
		}
		e.Log.Warn("the job queue cannot be reached", "cause", err)
		select {
		case <-ctx.Done():
			return
		case <-time.After(firstTry):
		}
	}
}

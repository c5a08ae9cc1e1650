package health

import (
	"context"
	"fmt"
	"log/slog"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/portal"
)

const (
	// DefaultEvery is how often the parts are looked at where nobody says otherwise.
	DefaultEvery = 5 * time.Minute

	pulse = 5 * time.Second  // how often it is asked whether a part still answers
	again = 30 * time.Second // until a part that is down is looked at once more

	mostSaid = 5 // of what is the matter with one part in one line
)

// Options says what is watched.
type Options struct {
	Portal   *portal.DB
	Needs    int64 // the newest migration that this version of the service knows
	Agencies *agency.Registry
	Every    time.Duration // between two looks, give or take a tenth; 0: DefaultEvery
	Log      *slog.Logger
	Clock    func() time.Time
}

// Watch looks at the parts.
type Watch struct {
	Options
	parts []part
	board board
	pulse time.Duration
}

// part is one thing to look at.
type part struct {
	agency string // empty: the portal database
	// look finds out how the part is.
	look func(context.Context) Part
	// alive says whether it answers, at once or after asking little. A change of it is looked into.
	alive func(context.Context) bool
	// told says that somebody else has put into the log that the part does not answer.
	told func() bool
}

// New returns a watch that has not looked yet.
func New(o Options) *Watch {
	if o.Every == 0 {
		o.Every = DefaultEvery
	}
	w := &Watch{Options: o, pulse: pulse}
	w.parts = append(w.parts, part{"", w.portal, w.portalAnswers, func() bool { return false }})
	for _, code := range o.Agencies.Codes() {
		serves := func() bool { return o.Agencies.Serves(code) }
		w.parts = append(w.parts, part{code,
			func(ctx context.Context) Part { return w.agency(ctx, code) },
			func(context.Context) bool { return serves() },
			func() bool { return !serves() },
		})
	}
	for _, p := range w.parts {
		w.board.parts = append(w.board.parts, Part{Agency: p.agency, State: Unknown, Codes: []Code{},
			Since: o.Clock().UTC().Truncate(time.Second)})
	}
	return w
}

// Look looks at every part once, at all of them at the same time, and says what has changed.
func (w *Watch) Look(ctx context.Context) Report {
	var looking sync.WaitGroup
	for i := range w.parts {
		looking.Go(func() { w.look(ctx, i) })
	}
	looking.Wait()
	return w.Report()
}

// Run looks at every part, and again from time to time, until the context ends.
func (w *Watch) Run(ctx context.Context) {
	var keeping sync.WaitGroup
	for i := range w.parts {
		keeping.Go(func() { w.keep(ctx, i) })
	}
	keeping.Wait()
}

// Report returns what was found last. An agency whose callers are turned away at once counts as
// down, whatever the last look has found.
func (w *Watch) Report() Report {
	parts := w.board.all()
	for i, p := range w.parts {
		if parts[i].State != Down && p.told() {
			parts[i].State, parts[i].Codes = Down, []Code{NoAnswer}
		}
	}
	return Report{parts[0], parts[1:]}
}

// keep looks at one part: now, when it ceases to answer or answers again, and when it is time.
func (w *Watch) keep(ctx context.Context, i int) {
	tick := time.NewTicker(w.pulse)
	defer tick.Stop()
	for {
		alive := w.parts[i].alive(ctx)
		due := time.NewTimer(w.wait(w.look(ctx, i)))
		for waiting := true; waiting; {
			select {
			case <-ctx.Done():
				due.Stop()
				return
			case <-due.C:
				waiting = false
			case <-tick.C:
				waiting = w.parts[i].alive(ctx) == alive
			}
		}
		due.Stop()
	}
}

// wait is how long a part is left alone. Replicas that started together do not look together.
func (w *Watch) wait(state State) time.Duration {
	every := w.Every
	if state == Down {
		every = min(every, again)
	}
	return every - every/10 + rand.N(every/5+1)
}

// look looks at one part, and says so where that is news.
func (w *Watch) look(ctx context.Context, i int) State {
	p := w.parts[i]
	found := p.look(ctx)
	if ctx.Err() != nil {
		return found.State // the end, and nothing about the part
	}
	if w.board.set(i, found, w.Clock()) {
		w.say(ctx, found, p.told())
	}
	return found.State
}

// say writes the one line about a change. That an agency does not answer has been said by who
// asked it.
func (w *Watch) say(ctx context.Context, f Part, told bool) {
	level, text := slog.LevelInfo, "is well"
	switch f.State {
	case Wrong:
		level, text = slog.LevelWarn, "serves, and something is to be mended"
	case Down:
		level, text = slog.LevelError, "cannot be used"
		if told {
			level = slog.LevelDebug
		}
	}
	attrs := make([]slog.Attr, 0, 5)
	if f.Agency != "" {
		text = "agency " + text
		attrs = append(attrs, slog.String("agency", f.Agency))
	} else {
		text = "portal database " + text
	}
	if f.ActsOf > 0 {
		attrs = append(attrs, slog.String("acts", fmt.Sprintf("%d of %d", f.Acts, f.ActsOf)))
	}
	if f.Migration > 0 {
		attrs = append(attrs, slog.Int64("migration", f.Migration))
	}
	if len(f.Codes) > 0 {
		attrs = append(attrs, slog.Any("codes", f.Codes), slog.String("cause", some(f.what)))
	}
	w.Log.LogAttrs(ctx, level, text, attrs...)
}

// some puts the first few of what is the matter into one text.
func some(what []string) string {
	if len(what) > mostSaid {
		what = append(what[:mostSaid:mostSaid], fmt.Sprintf("and %d more", len(what)-mostSaid))
	}
	return strings.Join(what, "; ")
}

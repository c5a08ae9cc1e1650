package model

import (
	"context"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/genuine"
	"github.com/oversikt/oversikt/internal/text"
)

// GenuineCheck is what was recognised in something that somebody has received.
type GenuineCheck struct {
	Verdict  genuine.Verdict
	Parts    []GenuinePart
	Complete bool // all agencies were asked
	LoggedIn bool // the caller's cases were looked at
}

// NewGenuineCheck returns a result to show.
func NewGenuineCheck(r genuine.Result, complete, loggedIn bool) GenuineCheck {
	shown := GenuineCheck{Verdict: r.Verdict, Parts: make([]GenuinePart, len(r.Parts)), Complete: complete,
		LoggedIn: loggedIn}
	for i, p := range r.Parts {
		shown.Parts[i] = GenuinePart{p}
	}
	return shown
}

// Text says the verdict in a sentence.
func (c GenuineCheck) Text(ctx context.Context, language *debt.Language) string {
	return text.Of(Spoken(ctx, language), "genuine.verdict."+string(c.Verdict))
}

// Advice says what to do next.
func (c GenuineCheck) Advice(ctx context.Context, language *debt.Language) string {
	group := "genuine.advice."
	if c.LoggedIn {
		group = "genuine.known."
	}
	return text.Of(Spoken(ctx, language), group+string(c.Verdict))
}

// GenuinePart is one thing that was recognised.
type GenuinePart struct{ genuine.Part }

// Text says the reason in a sentence.
func (p GenuinePart) Text(ctx context.Context, language *debt.Language) string {
	return text.Of(Spoken(ctx, language), "genuine.reason."+string(p.Reason))
}

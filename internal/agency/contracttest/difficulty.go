package contracttest

import (
	"slices"
	"strings"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// difficulty: what is told last stands, whatever comes late, until it is taken back.
func difficulty(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	begun := time.Now().UTC().Truncate(time.Microsecond)
	is := func(want ...debt.Difficulty) {
		t.Helper()
		got := c.read(t, conn, core.Query{Scope: s.scope, Want: debt.OfDifficulties}).Difficulties
		for i := range got {
			slices.Sort(got[i].Kinds)
			got[i].Agency, got[i].DebtorID, got[i].DeclaredAt = nil, "", got[i].DeclaredAt.UTC()
		}
		if diff := gocmp.Diff(want, got); diff != "" {
			t.Fatalf("what is told is (-want +got)\n%s", diff)
		}
	}
	say := func(function string, key uuid.UUID, in rehearse.Input) {
		t.Helper()
		if a := ask(t, conn, s.scope, key, function, in); a.Status != "DONE" {
			t.Fatalf("%+v", a)
		}
	}
	all := rehearse.Input{"kinds": []string{"ILLNESS", "INTERPRETER"}, "interpreter_language": "som",
		"statement": "Innlagt til våren.\nRing broren min.", "contact_channel": "EMAIL", "contact_from": 10,
		"contact_until": 14, "declared_at": begun, "until": s.today.AddDays(100).String()}
	whole := debt.Difficulty{Kinds: []debt.DifficultyKind{debt.DifficultyIllness, debt.DifficultyInterpreter},
		InterpreterLanguage: new("som"), Statement: new("Innlagt til våren.\nRing broren min."),
		ContactChannel: new(debt.ContactByEmail), ContactFrom: new(10), ContactUntil: new(14), DeclaredAt: begun,
		Until: s.today.AddDays(100)}
	difficultyRefused(t, c, s, all)

	before, first, later := snapshot(t, owner), uuid.New(), begun.Add(time.Second)
	say("declare_difficulty", first, all)
	is(whole)
	unchanged(t, before, snapshot(t, owner), "difficulty")
	few := rehearse.Input{"kinds": []string{}, "contact_channel": "LETTER", "declared_at": later,
		"until": s.today.AddDays(1).String()}
	less := debt.Difficulty{Kinds: []debt.DifficultyKind{}, ContactChannel: new(debt.ContactByLetter), DeclaredAt: later,
		Until: s.today.AddDays(1)}
	say("declare_difficulty", uuid.New(), few)
	is(less)
	say("declare_difficulty", first, all)      // a repetition
	say("declare_difficulty", uuid.New(), all) // an older one, which an agency that was down hears late
	is(less)
	say("withdraw_difficulty", uuid.New(), rehearse.Input{"withdrawn_at": begun})
	is(less)
	say("withdraw_difficulty", uuid.New(), rehearse.Input{"withdrawn_at": later.Add(time.Second)})
	is()
	say("withdraw_difficulty", uuid.New(), rehearse.Input{"withdrawn_at": later.Add(time.Second)})
	say("declare_difficulty", uuid.New(), few) // it came before it was taken back
	is()
	all["declared_at"] = later.Add(time.Minute)
	say("declare_difficulty", uuid.New(), all)
	whole.DeclaredAt = later.Add(time.Minute)
	is(whole)
	other := c.subject(t, conn)
	if told := c.read(t, conn, core.Query{Scope: other.scope, Want: debt.OfDifficulties}).Difficulties; len(told) > 0 {
		t.Error("another person sees it")
	}
	narrow := core.Query{Scope: s.scope, Want: debt.OfDifficulties, Cases: []string{s.cases[0].ID.ID}}
	if told := c.read(t, conn, narrow).Difficulties; len(told) > 0 {
		t.Error("an attorney of some cases sees it")
	}
}

func difficultyRefused(t *testing.T, c *Core, s *subject, in rehearse.Input) {
	t.Helper()
	wrong := map[string]refusal{
		"nobody":            {reason: "nothing is kept of who is not known", want: "NOT_FOUND"},
		"nothing":           {reason: "there is nothing to adapt to", in: rehearse.Input{"declared_at": in["declared_at"], "until": in["until"], "kinds": []string{}}},
		"no kinds":          {reason: "a list, if an empty one", in: in.With("kinds", nil)},
		"unknown kind":      {reason: "five are known", in: in.With("kinds", []string{"ILLNESS", "INTERPRETER", "DEBT"})},
		"no language":       {reason: "an interpreter of which", in: in.With("interpreter_language", nil)},
		"needless language": {reason: "no interpreter is asked for", in: in.With("kinds", []string{"ILLNESS"})},
		"language in words": {reason: "ISO 639 has codes", in: in.With("interpreter_language", "Somali")},
		"long statement":    {reason: "a bound on what is kept", in: in.With("statement", strings.Repeat("æ", 2001))},
		"unknown channel":   {reason: "nobody can use it", in: in.With("contact_channel", "PIGEON")},
		"from alone":        {reason: "both belong together", in: in.With("contact_until", nil)},
		"until alone":       {reason: "both belong together", in: in.With("contact_from", nil)},
		"no time between":   {reason: "nobody could ever call", in: in.With("contact_until", 10)},
		"too early":         {reason: "unlawful before eight", in: in.With("contact_from", 7)},
		"too late":          {reason: "unlawful after nine at night", in: in.With("contact_until", 22)},
		"half an hour":      {reason: "whole hours", in: in.With("contact_from", 9.5)},
		"hour in text":      {reason: "a number", in: in.With("contact_from", "10")},
		"no time":           {reason: "what is late could not be told", in: in.With("declared_at", nil)},
		"no such time":      {reason: "a calendar has no such day", in: in.With("declared_at", "2026-02-31T10:00:00Z")},
		"no end":            {reason: "it is kept no longer than it is true", in: in.With("until", nil)},
		"ended":             {reason: "it would never hold", in: in.With("until", s.today.String())},
		"more than a year": {reason: "it is kept no longer than it is true",
			in: in.With("until", s.today.AddMonths(13).String())},
		"no such last day":   {reason: "a calendar has no such day", in: in.With("until", "2026-02-31")},
		"kinds in one text":  {reason: "a list", in: in.With("kinds", "ILLNESS")},
		"a kind that is not": {reason: "text alone", in: in.With("kinds", []any{nil})},
	}
	for name, r := range wrong {
		if r.want == "" {
			r.scope, r.want = s.scope, "INVALID_INPUT"
		} else {
			r.scope, r.in = caller.Scope{}, in
		}
		wrong[name] = r
	}
	refusedActs(t, c.DB.Conn(), "declare_difficulty", wrong)
	refusedActs(t, c.DB.Conn(), "withdraw_difficulty", map[string]refusal{
		"of nobody":         {"who is not known has told nothing", caller.Scope{}, rehearse.Input{"withdrawn_at": in["declared_at"]}, nil, "NOT_FOUND"},
		"at no time":        {"what is late could not be told", s.scope, rehearse.Input{}, nil, "INVALID_INPUT"},
		"at no such moment": {"a calendar has no such day", s.scope, rehearse.Input{"withdrawn_at": "yesterday"}, nil, "INVALID_INPUT"},
	})
}

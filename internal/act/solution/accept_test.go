package solution_test

import (
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func TestAccept(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.persons(2, 3)
	s, stranger := all[0], all[1]
	e := w.engine(nil)
	key := uuid.New()
	first, err := e.Accept(t.Context(), key, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	w.agreed(s, first, solution.Confirmed)
	if first.Decision != solution.Confirm || first.Reason != "" ||
		!first.DecideBy.Equal(first.CreatedAt.Add(2*time.Minute)) || string(first.Summary) != string(s.plan.Summary) {
		t.Errorf("%+v", first)
	}
	again, err := e.Accept(t.Context(), key, s.plan)
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("the same again: %v\n%s", err, diff)
	}
	for name, plan := range map[string]solution.Plan{
		"fewer":          {Scope: s.plan.Scope, Agencies: s.plan.Agencies[:2]},
		"other records":  s.changed().plan,
		"another amount": {Scope: s.plan.Scope, Agencies: dearer(s.plan.Agencies)},
	} {
		if _, err := e.Accept(t.Context(), key, plan); !errors.Is(err, fault.ErrKeyReused) {
			t.Errorf("the same key, %s: %v", name, err)
		}
	}
	other, err := e.Accept(t.Context(), key, stranger.plan)
	if err != nil || other.ID == first.ID {
		t.Errorf("somebody else's key: %+v, %v", other, err)
	}

	for name, tc := range map[string]struct {
		reason string
		scope  caller.Scope
		want   []solution.Acceptance
	}{
		"own":      {"the subject's", s.plan.Scope, []solution.Acceptance{first}},
		"foreign":  {"not somebody else's", stranger.plan.Scope, []solution.Acceptance{other}},
		"nobody's": {"nobody is logged in", caller.Scope{}, nil},
	} {
		if got, err := e.List(t.Context(), tc.scope); err != nil || cmp.Diff(tc.want, got) != "" {
			t.Errorf("%s (%s): %v\n%s", name, tc.reason, err, cmp.Diff(tc.want, got))
		}
	}
}

// TestByKey: a repetition is known by its input, whatever plan comes of it by then.
func TestByKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.persons(2, 2)
	s, stranger := all[0], all[1]
	s.plan.Input = []byte("an offer")
	e := w.engine(nil)
	key := uuid.New()
	first, err := e.Accept(t.Context(), key, s.plan)
	if err != nil {
		t.Fatal(err)
	}
	again, err := e.Accept(t.Context(), key, s.changed().plan)
	if diff := cmp.Diff(first, again); err != nil || diff != "" {
		t.Errorf("the same again: %v\n%s", err, diff)
	}
	for name, tc := range map[string]struct {
		reason string
		scope  caller.Scope
		key    uuid.UUID
		input  string
		known  bool
		err    error
	}{
		"again":         {"the first result", s.plan.Scope, key, "an offer", true, nil},
		"another input": {"the key is taken", s.plan.Scope, key, "another offer", false, fault.ErrKeyReused},
		"another key":   {"it was never used", s.plan.Scope, uuid.New(), "an offer", false, nil},
		"a stranger":    {"keys are each person's own", stranger.plan.Scope, key, "an offer", false, nil},
		"nobody":        {"who is not logged in has none", caller.Scope{}, key, "an offer", false, nil},
	} {
		a, known, err := e.ByKey(t.Context(), tc.scope, tc.key, []byte(tc.input))
		if known != tc.known || !errors.Is(err, tc.err) || known && cmp.Diff(first, a) != "" || !known && a.ID != uuid.Nil {
			t.Errorf("%s: %t, %v, %+v: %s", name, known, err, a, tc.reason)
		}
	}
	s.plan.Input = []byte("another offer")
	if _, err := e.Accept(t.Context(), key, s.plan); !errors.Is(err, fault.ErrKeyReused) {
		t.Errorf("the same key, another input: %v", err)
	}
}

// dearer is the plan with a øre more in the first instalment.
func dearer(plans []solution.AgencyPlan) []solution.AgencyPlan {
	plans = slices.Clone(plans)
	p := &plans[0].Proposal
	p.Agreements = slices.Clone(p.Agreements)
	p.Agreements[0].Instalments = slices.Clone(p.Agreements[0].Instalments)
	p.Agreements[0].Instalments[0].Amount++
	return plans
}

// TestList: the newest comes first.
func TestList(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	e := w.engine(nil)
	var want []uuid.UUID
	for range 3 {
		w.pass(time.Second)
		want = append([]uuid.UUID{w.accept(e, s.changed()).ID}, want...)
	}
	var got []uuid.UUID
	for _, a := range w.list(e, s) {
		w.agreed(s, a, solution.Withdrawn)
		got = append(got, a.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
	if none, err := e.List(t.Context(), caller.Scope{}); err != nil || len(none) > 0 {
		t.Errorf("nobody has %d acceptances: %v", len(none), err)
	}
}

func TestPlanRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	e := w.engine(nil)
	for name, plan := range map[string]solution.Plan{
		"nobody's":        {Agencies: s.plan.Agencies},
		"no agency":       {Scope: s.plan.Scope},
		"an agency twice": {Scope: s.plan.Scope, Agencies: append(s.plan.Agencies, s.plan.Agencies[0])},
		"summary no JSON": {Scope: s.plan.Scope, Agencies: s.plan.Agencies, Summary: []byte("{")},
		"summary too big": {Scope: s.plan.Scope, Agencies: s.plan.Agencies,
			Summary: []byte(`"` + strings.Repeat("x", 1<<16) + `"`)},
	} {
		if a, err := e.Accept(t.Context(), uuid.New(), plan); err == nil || a.ID != uuid.Nil {
			t.Errorf("%s: %+v", name, a)
		}
	}
	if all := w.list(e, s); len(all) > 0 {
		t.Errorf("%d were stored", len(all))
	}
}

// TestManyAtOnce submits one acceptance many times at once, at two engines.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	key := uuid.New()
	engines := []*solution.Engine{w.engine(nil), w.engine(nil)}
	ids := make([]uuid.UUID, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			a, err := engines[i%2].Accept(t.Context(), key, s.plan)
			if err != nil {
				t.Errorf("%d: %v", i, err)
			}
			ids[i] = a.ID
		})
	}
	wg.Wait()
	if len(slices.Compact(ids)) != 1 {
		t.Errorf("different ones: %v", ids)
	}
	w.agreed(s, w.finish(engines[0], ids[0]), solution.Confirmed)
	if n := len(w.list(engines[1], s)); n != 1 {
		t.Errorf("%d acceptances", n)
	}
}

// TestDifferentAtOnce: one of several wins, and the others are told which.
func TestDifferentAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	hold := make(chan struct{})
	e := w.engine(func(name string) {
		if name == "decide" {
			<-hold
		}
	})
	won, pending := make(chan solution.Acceptance, 8), make(chan uuid.UUID, 8)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			a, err := e.Accept(t.Context(), uuid.New(), s.plan)
			var other *solution.PendingError
			switch {
			case errors.As(err, &other):
				pending <- other.ID
			case err != nil:
				t.Error(err)
			default:
				won <- a
			}
		})
	}
	var told []uuid.UUID
	for range 7 {
		told = append(told, <-pending)
	}
	close(hold)
	wg.Wait()
	a := <-won
	w.agreed(s, a, solution.Confirmed)
	if told = slices.Compact(told); len(told) != 1 || told[0] != a.ID {
		t.Errorf("%s was pending, but they were told of %v", a.ID, told)
	}
}

// TestTwoDrivers: while one drives, others are told how far it is and leave it alone.
func TestTwoDrivers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	inside, hold := make(chan struct{}), make(chan struct{})
	first := w.engine(func(name string) {
		if name == "decide done" {
			close(inside)
			<-hold
		}
	})
	done := make(chan solution.Acceptance)
	go func() {
		a, err := first.Accept(t.Context(), uuid.New(), s.plan)
		if err != nil {
			t.Error(err)
		}
		done <- a
	}()
	<-inside
	second := w.engine(func(name string) { t.Errorf("the second one has come to %q", name) })
	a, err := second.Resume(t.Context(), w.list(second, s)[0].ID)
	if !errors.Is(err, solution.ErrBusy) || a.Status != solution.Pending || a.Decision != solution.Confirm {
		t.Errorf("%+v, %v", a, err)
	}
	close(hold)
	w.agreed(s, <-done, solution.Confirmed)
	if _, err := second.Resume(t.Context(), a.ID); err != nil {
		t.Error(err)
	}
	if _, err := second.Resume(t.Context(), uuid.New()); !errors.Is(err, agency.ErrNotFound) {
		t.Errorf("one that does not exist: %v", err)
	}
}

// TestNothingPersonal looks through everything that the portal database holds, before and
// after the end.
func TestNothingPersonal(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	look := func() {
		t.Helper()
		var text string
		err := w.portal.Conn().QueryRow(t.Context(),
			`select concat((select string_agg(a::text, ' ') from portal.acceptance a),
			(select string_agg(g::text, ' ') from portal.acceptance_agency g), (select string_agg(j::text, ' ') from portal.river_job j))`).Scan(&text)
		if err != nil || text == "" {
			t.Fatal(err)
		}
		if strings.Contains(text, s.id.Reveal()) || strings.Contains(text, fmt.Sprintf("%x", s.id.Reveal())) {
			t.Error("the person can be read")
		}
		for _, p := range s.plan.Agencies {
			if regexp.MustCompile(`\b` + p.Proposal.Cases[0] + `\b`).MatchString(text) {
				t.Error("the case can be read")
			}
		}
	}
	a := w.accept(w.engine(func(name string) {
		if name == "decide" {
			look()
		}
	}), s)
	w.agreed(s, a, solution.Confirmed)
	look()
	var left int
	err := w.portal.Conn().QueryRow(t.Context(),
		`select count(*) from portal.acceptance a join portal.acceptance_agency g on g.acceptance = a.id
		where a.person is not null or g.proposal is not null`).Scan(&left)
	if err != nil || left > 0 {
		t.Errorf("what was sealed is kept %d times: %v", left, err)
	}
	if strings.Contains(w.log.String(), s.id.Reveal()) {
		t.Error("the person is in the log")
	}
}

// TestChangedSinceOffer registers something at one agency between the offer and the proposal.
func TestChangedSinceOffer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, core, sql string
		want              solution.Reason
	}{
		"payment": {"a payment in the case", people.Fjord,
			"insert into core.payment (case_id, received_on, amount_ore, channel) values ($1::bigint, current_date, 1000, 'BANK')", solution.CasesChanged},
		"objection": {"the agency does not agree on a disputed case", people.Fjord,
			"insert into core.objection (case_id, status, reasons, submitted_at) values ($1::bigint, 'RECEIVED', '{OTHER}', now())", "DISPUTED"},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.persons(1, 3)[0]
			for _, p := range s.plan.Agencies {
				if p.Agency == tc.core {
					if _, err := w.cores[tc.core].Conn().Exec(t.Context(), tc.sql, p.Proposal.Cases[0]); err != nil {
						t.Fatal(err)
					}
				}
			}
			before := w.records()
			a := w.accept(w.engine(nil), s)
			w.agreed(s, a, solution.Withdrawn)
			if a.Reason != tc.want || a.Decision != solution.Withdraw {
				t.Errorf("%s: %+v", tc.reason, a)
			}
			for _, g := range a.Agencies {
				if (g.Reason == tc.want) != (g.Code == tc.core) {
					t.Errorf("%s: %s gives %q", tc.reason, g.Code, g.Reason)
				}
			}
			if diff := cmp.Diff(before, w.records()); diff != "" {
				t.Errorf("the agencies' records have changed\n%s", diff)
			}
		})
	}
}

package act_test

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func TestPerform(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	all := w.persons(2, 3)
	s, stranger := all[0], all[1]
	e := w.engine(nil)
	key := uuid.New()
	first, err := s.ask(t.Context(), e, key)
	if err != nil || !first.New() {
		t.Fatalf("%+v, %v", first, err)
	}
	w.agreed(s, first, act.Done)
	if first.Decision != act.Confirm || first.Reason != "" ||
		!first.DecideBy.Equal(first.CreatedAt.Add(2*time.Minute)) || string(first.Summary) != `{"months": 2}` {
		t.Errorf("%+v", first)
	}
	for name, tc := range map[string]struct {
		reason string
		who    someone
		plan   plan
		want   func(act.Record, error) bool
	}{
		"the same": {"it is the act as it is", s, s.plan, func(r act.Record, err error) bool {
			return err == nil &&
				same(first, r) == ""
		}},
		"fewer":          {"the key is taken", s, plan{Agencies: s.plan.Agencies[:2]}, isReused},
		"other records":  {"the key is taken", s, s.changed().plan, isReused},
		"another amount": {"the key is taken", s, plan{Agencies: dearer(s.plan.Agencies)}, isReused},
		"a stranger": {"keys are each person's own", stranger, stranger.plan,
			func(r act.Record, err error) bool { return err == nil && r.ID != first.ID && r.New() }},
	} {
		tc.who.plan = tc.plan
		if r, err := tc.who.ask(t.Context(), w.engine(nil), key); !tc.want(r, err) {
			t.Errorf("%s: %+v, %v: %s", name, r, err, tc.reason)
		}
	}
	for name, tc := range map[string]struct {
		reason string
		who    caller.Principal
		want   []act.Record
	}{
		"own":      {"the subject's", s.principal(), []act.Record{first}},
		"foreign":  {"not somebody else's", stranger.principal(), w.list(e, stranger)},
		"nobody's": {"nobody is logged in", caller.Principal{}, nil},
	} {
		got, err := e.List(t.Context(), tc.who)
		if err != nil || len(got) != len(tc.want) || len(got) > 0 && (same(tc.want[0], *got[0]) != "" || len(got) != 1) {
			t.Errorf("%s: %d, %v: %s", name, len(got), err, tc.reason)
		}
	}
}

func isReused(_ act.Record, err error) bool {
	var faults act.Faults
	return errors.As(err, &faults) && len(faults) == 1 && faults[0].Code == act.KeyReused &&
		slices.Equal(faults[0].Field, []string{"input", "idempotencyKey"})
}

// same compares acts as a caller sees them.
func same(a, b act.Record) string {
	return cmp.Diff(a, b, cmpopts.IgnoreUnexported(act.Record{}))
}

// TestRepeatedWithoutPlan: a repetition needs no plan, which may be impossible by then.
func TestRepeatedWithoutPlan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	planned := 0
	once := *accepting
	once.Plan = func(ctx context.Context, by act.By, in plan) (act.Plan, error) {
		if planned++; planned > 1 {
			return act.Plan{}, act.Wrong(act.CaseClosed, "cases")
		}
		return accepting.Plan(ctx, by, in)
	}
	s.plan.IdempotencyKey = uuid.New()
	var first *act.Record
	for n := range 3 {
		r, err := once.Perform(t.Context(), w.engine(nil), act.By{Principal: s.principal()}, s.plan)
		if err != nil || r.Status != act.Done || first != nil && same(*first, *r) != "" {
			t.Errorf("%d: %+v, %v", n, r, err)
		}
		first = r
	}
	if planned != 1 {
		t.Errorf("it was planned %d times", planned)
	}
}

// dearer is the plan with a øre more in the first instalment.
func dearer(plans []agencyPlan) []agencyPlan {
	plans = slices.Clone(plans)
	p := &plans[0].Terms
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
		w.Pass(time.Second)
		want = append([]uuid.UUID{w.accept(e, s.changed()).ID}, want...)
	}
	var got []uuid.UUID
	for _, a := range w.list(e, s) {
		w.agreed(s, a, act.Withdrawn)
		got = append(got, a.ID)
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}

// TestNobodyIsAsked: what no agency has to agree to is done at once, and kept.
func TestNobodyIsAsked(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	e := w.engine(nil)
	s.plan = plan{Kept: []byte("what to pay")}
	key := uuid.New()
	r, err := s.ask(t.Context(), e, key)
	if err != nil || r.Status != act.Done || r.Decision != act.Confirm || r.EndedAt == nil {
		t.Fatalf("%+v: %v", r, err)
	}
	if again, err := s.ask(t.Context(), e, key); err != nil || again.ID != r.ID || again.New() {
		t.Errorf("asked again: %+v: %v", again, err)
	}
	if all := w.list(e, s); len(all) != 1 || string(all[0].Kept) != "what to pay" {
		t.Errorf("%d are stored", len(all))
	}
}

func TestPlanRefused(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	e := w.engine(nil)
	two := s.plan.Agencies
	for name, in := range map[string]plan{
		"an agency twice": {Agencies: append(slices.Clone(two), two[0])},
		"too much kept":   {Agencies: two, Kept: make([]byte, 5<<20)},
	} {
		s.plan = in
		if r, err := s.ask(t.Context(), e, uuid.New()); err == nil || r.ID != uuid.Nil {
			t.Errorf("%s: %+v", name, r)
		}
	}
	s.plan = plan{Agencies: two}
	if r, err := s.ask(t.Context(), e, uuid.Nil); err == nil || r.ID != uuid.Nil {
		t.Errorf("without a key: %+v", r)
	}
	if r, err := accepting.Perform(t.Context(), e, act.By{}, s.plan); err == nil || r != nil {
		t.Errorf("nobody's: %+v", r)
	}
	if all := w.list(e, s); len(all) > 0 {
		t.Errorf("%d were stored", len(all))
	}
}

// TestManyAtOnce submits one act many times at once, at two engines.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 3)[0]
	key := uuid.New()
	engines := []*act.Engine{w.engine(nil), w.engine(nil)}
	ids := make([]uuid.UUID, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			a, err := s.ask(t.Context(), engines[i%2], key)
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
	w.agreed(s, w.finish(engines[0], ids[0]), act.Done)
	if n := len(w.list(engines[1], s)); n != 1 {
		t.Errorf("%d acts", n)
	}
}

// TestDifferentAtOnce: one of several wins, and the others are told that it stands in the way.
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
	won, told := make(chan act.Record, 8), make(chan error, 8)
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if r, err := s.ask(t.Context(), e, uuid.New()); err != nil {
				told <- err
			} else {
				won <- r
			}
		})
	}
	for range 7 {
		if err := <-told; !isPending(err) {
			t.Error(err)
		}
	}
	close(hold)
	wg.Wait()
	w.agreed(s, <-won, act.Done)
}

// TestTwoDrivers: while one drives, others are told how far it is and leave it alone.
func TestTwoDrivers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	s := w.persons(1, 2)[0]
	w.Lease = time.Minute
	inside, hold := make(chan struct{}), make(chan struct{})
	first := w.engine(func(name string) {
		if name == "decide done" {
			close(inside)
			<-hold
		}
	})
	done := make(chan act.Record)
	go func() {
		a, err := s.ask(t.Context(), first, uuid.New())
		if err != nil {
			t.Error(err)
		}
		done <- a
	}()
	<-inside
	second := w.engine(func(name string) { t.Errorf("the second one has come to %q", name) })
	a, err := second.Resume(t.Context(), w.list(second, s)[0].ID)
	if !errors.Is(err, act.ErrBusy) || a.Status != act.Pending || a.Decision != act.Confirm {
		t.Errorf("%+v, %v", a, err)
	}
	close(hold)
	w.agreed(s, <-done, act.Done)
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
		err := w.Books.QueryRow(t.Context(),
			`select concat((select string_agg(a::text, ' ') from portal.act a), (select string_agg(e::text, ' ') from portal.event e),
			(select string_agg(g::text, ' ') from portal.act_agency g), (select string_agg(j::text, ' ') from portal.river_job j))`).Scan(&text)
		if err != nil || text == "" {
			t.Fatal(err)
		}
		if strings.Contains(text, s.id.Reveal()) || strings.Contains(text, fmt.Sprintf("%x", s.id.Reveal())) {
			t.Error("the person can be read")
		}
		for _, p := range s.plan.Agencies {
			if regexp.MustCompile(`\b` + p.Terms.CaseIDs[0] + `\b`).MatchString(text) {
				t.Error("the case can be read")
			}
		}
	}
	a := w.accept(w.engine(func(name string) {
		if name == "decide" {
			look()
		}
	}), s)
	w.agreed(s, a, act.Done)
	look()
	var left int
	err := w.Books.QueryRow(t.Context(),
		`select count(*) from portal.act a join portal.act_agency g on g.act = a.id
		where a.whose is not null or g.input is not null`).Scan(&left)
	if err != nil || left > 0 {
		t.Errorf("what was sealed is kept %d times: %v", left, err)
	}
	if strings.Contains(w.Log.String(), s.id.Reveal()) {
		t.Error("the person is in the log")
	}
}

// TestChangedSinceOffer registers something at one agency between the offer and the proposal.
func TestChangedSinceOffer(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason, core, sql string
		want              act.Code
	}{
		"payment": {"a payment in the case", people.Fjord,
			"insert into core.payment (case_id, received_on, amount_ore, channel) values ($1::bigint, current_date, 1000, 'BANK')", act.CasesChanged},
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
					if _, err := w.Cores[tc.core].Conn().Exec(t.Context(), tc.sql, p.Terms.CaseIDs[0]); err != nil {
						t.Fatal(err)
					}
				}
			}
			before := w.records()
			a := w.accept(w.engine(nil), s)
			w.agreed(s, a, act.Withdrawn)
			if a.Reason != tc.want || a.Decision != act.Withdraw {
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

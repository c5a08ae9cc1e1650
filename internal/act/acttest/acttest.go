package acttest

import (
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/portal/migrate"
	"github.com/oversikt/oversikt/internal/portal/retention"
)

// Run implements Example: the same tests for every act, each with people of their own.
func (x Examples[In]) Run(t *testing.T, at *Site, w *World) {
	t.Helper()
	s := &suite[In]{World: w, Examples: x, site: at, act: Registered[In](at.Acts)}
	for _, one := range []struct {
		name string
		test func(*testing.T)
	}{
		{"good", s.good}, {"each refusal", s.refused}, {"all refusals at once", s.refusedAtOnce}, {"same key", s.sameKey},
		{"same key, other input", s.keyReused}, {"twenty at once", s.twenty}, {"another's", s.foreign},
		{"a letter's scope", s.letter}, {"an attorney who may only read", s.attorney}, {"agency down and back", s.down},
		{"killed at every step", s.killed}, {"log entry", s.logged}, {"nothing personal left", s.personal},
		{"erased by retention", s.erased},
	} {
		t.Run(one.name, one.test)
	}
}

// names are those of the wrong inputs, in their order.
func (x Examples[In]) names() []string { return slices.Sorted(maps.Keys(x.Bad)) }

// suite is a world with an act in it.
type suite[In act.Input] struct {
	*World
	Examples[In]
	site *Site
	act  *act.Of[In]
}

func (s *suite[In]) engine(step func(string)) *act.Engine {
	return s.Engine(step, s.site.Engine.Acts...)
}

// somebody returns a person, for whom all is done that goes before, and what they ask for.
func (s *suite[In]) somebody(t *testing.T) (*Somebody, In) {
	t.Helper()
	who := s.Somebody(s.Suits)
	in := s.Good(t, s.site, who)
	return Meet(t, s.Registry, who.Person), in
}

// as is who asks for what somebody is asked about.
func (s *suite[In]) as(who *Somebody, in In) caller.Principal { return s.As(s.site.Acts, who, in) }

// list returns the acts of the suite that a caller sees.
func (s *suite[In]) list(t *testing.T, p caller.Principal) []*act.Record {
	t.Helper()
	all, err := s.engine(nil).List(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return slices.DeleteFunc(all, func(r *act.Record) bool { return r.Name != s.act.Name })
}

func (s *suite[In]) ask(t *testing.T, e *act.Engine, p caller.Principal, key uuid.UUID, in In) (*act.Record, error) {
	t.Helper()
	return s.act.Perform(caller.NewContext(t.Context(), p), e, act.By{Principal: p}, Keyed(in, key))
}

// grant asks for the good example and fails unless it is done.
func (s *suite[In]) grant(t *testing.T) (*Somebody, In, uuid.UUID, *act.Record) {
	t.Helper()
	who, in := s.somebody(t)
	key := uuid.New()
	r, err := s.ask(t, s.engine(nil), s.as(who, in), key, in)
	if err != nil || r.Status != act.Done || r.EndedAt == nil {
		t.Fatalf("it is not granted: %+v, %v\n%s", r, err, s.Log)
	}
	return who, in, key, r
}

// stored counts all acts.
func (s *suite[In]) stored(t *testing.T) (n int) {
	t.Helper()
	if err := s.Books.QueryRow(t.Context(), "select count(*) from portal.act").Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

func (s *suite[In]) good(t *testing.T) {
	who, in, _, r := s.grant(t)
	if r.Name != s.act.Name || !r.New() || r.Reason != "" {
		t.Errorf("%+v", r)
	}
	if s.act.Of != nil && len(r.Cases) != 1 {
		t.Errorf("it is about %v, not its case", r.Cases)
	}
	for _, a := range r.Agencies {
		if a.State != act.PartDone {
			t.Errorf("%s is %s", a.Code, a.State)
		}
	}
	if all := s.list(t, s.as(who, in)); len(all) != 1 || same(r, all[0]) != "" {
		t.Errorf("%d in the list", len(all))
	}
}

// same compares acts as a caller sees them; the database writes JSON in its own way.
func same(a, b *act.Record) string {
	return gocmp.Diff(a, b, cmpopts.IgnoreUnexported(act.Record{}),
		gocmp.Transformer("JSON", func(text json.RawMessage) (v any) { _ = json.Unmarshal(text, &v); return v }))
}

func (s *suite[In]) refused(t *testing.T) {
	who, good := s.somebody(t)
	for _, name := range s.names() {
		before, in, b := s.stored(t), good, s.Bad[name]
		b.Change(&in)
		r, err := s.ask(t, s.engine(nil), s.as(who, good), uuid.New(), in)
		if diff := told(b.Want, err); diff != "" || r != nil || s.stored(t) != before {
			t.Errorf("%s: %+v: %s\n%s", name, r, b.Reason, diff)
		}
	}
}

// told compares the faults in an error with those that are wanted, in any order.
func told(want act.Faults, err error) string {
	var got act.Faults
	if err != nil && !errors.As(err, &got) {
		return err.Error()
	}
	names := func(all act.Faults) (names []string) {
		for _, f := range all {
			names = append(names, fmt.Sprint(f.Code, " ", strings.Join(f.Field, ".")))
		}
		slices.Sort(names)
		return names
	}
	return gocmp.Diff(names(want), names(got))
}

func (s *suite[In]) refusedAtOnce(t *testing.T) {
	who, in := s.somebody(t)
	p := s.as(who, in)
	var want act.Faults
	for _, name := range s.AtOnce {
		s.Bad[name].Change(&in)
		want = append(want, s.Bad[name].Want...)
	}
	if len(s.AtOnce) == 0 {
		return // there is only one thing that can be wrong
	}
	if _, err := s.ask(t, s.engine(nil), p, uuid.New(), in); told(want, err) != "" {
		t.Error(told(want, err))
	}
}

func (s *suite[In]) sameKey(t *testing.T) {
	who, in, key, first := s.grant(t)
	e := s.engine(func(name string) { t.Errorf("it comes to %q again", name) })
	again, err := s.ask(t, e, s.as(who, in), key, in)
	if err != nil || again.New() || same(first, again) != "" {
		t.Errorf("%v\n%s", err, same(first, again))
	}
}

func (s *suite[In]) keyReused(t *testing.T) {
	who, in, key, _ := s.grant(t)
	before, p := s.stored(t), s.as(who, in)
	s.Other(&in)
	_, err := s.ask(t, s.engine(nil), p, key, in)
	want := act.Faults{{Code: act.KeyReused, Field: []string{"input", "idempotencyKey"}}}
	if diff := told(want, err); diff != "" || s.stored(t) != before {
		t.Error(diff)
	}
}

func (s *suite[In]) twenty(t *testing.T) {
	who, in := s.somebody(t)
	key, before := uuid.New(), s.stored(t)
	engines := []*act.Engine{s.engine(nil), s.engine(nil)}
	all := make([]*act.Record, 20)
	var asking sync.WaitGroup
	for i := range all {
		asking.Go(func() {
			var err error
			if all[i], err = s.ask(t, engines[i%2], s.as(who, in), key, in); err != nil {
				t.Errorf("%d: %v", i, err)
			}
		})
	}
	asking.Wait()
	if t.Failed() {
		return
	}
	for _, r := range all {
		if r.ID != all[0].ID {
			t.Errorf("%s and %s", r.ID, all[0].ID)
		}
	}
	if r := s.Finish(engines[0], all[0]); r.Status != act.Done || s.stored(t) != before+1 {
		t.Errorf("%+v", r)
	}
}

// foreign: what is somebody else's and what does not exist are told alike.
func (s *suite[In]) foreign(t *testing.T) {
	if s.About == nil {
		return // it names nothing
	}
	who, in := s.somebody(t)
	_, others := s.somebody(t)
	theirs, p := *s.About(&others), s.as(who, in)
	nobodys := missing(theirs)
	if s.act.Who&act.AtDesk != 0 { // what is at their agency is theirs, and what does not wait there is decided
		theirs.Agency = elsewhereThan(p.Agency)
		nobodys.Agency = theirs.Agency
	}
	var said []string
	for _, key := range []debt.Key{theirs, nobodys, {Kind: theirs.Kind, Agency: "nowhere", ID: theirs.ID}, {}} {
		*s.About(&in) = key
		before := s.stored(t)
		r, err := s.ask(t, s.engine(nil), p, uuid.New(), in)
		if r != nil || err == nil || s.stored(t) != before {
			t.Fatalf("%v: %+v, %v", key, r, err)
		}
		said = append(said, err.Error())
	}
	if len(slices.Compact(slices.Clone(said))) != 1 || !strings.Contains(said[0], " input.") {
		t.Errorf("%q", said)
	}
}

// elsewhereThan is another agency of the world.
func elsewhereThan(code string) string {
	return codes[slices.IndexFunc(codes, func(c string) bool { return c != code })]
}

// caseOf returns the case that a wish is about: the one it names, or that of what it names.
func (s *suite[In]) caseOf(who *Somebody, in In) *debt.Case {
	key := *s.About(&in)
	return who.Case(func(c *debt.Case) bool {
		return c.ID == key || slices.ContainsFunc(c.Objections, func(o debt.Objection) bool { return o.ID == key }) ||
			slices.ContainsFunc(c.Agreements, func(a *debt.Agreement) bool { return a.ID == key })
	})
}

// letter: who came in with a letter acts in that case, and in no other.
func (s *suite[In]) letter(t *testing.T) {
	if s.act.Who&access.CaseLogin == 0 || s.act.Of == nil {
		return // the schema does not let them, or it is about no case
	}
	who, in := s.somebody(t)
	key := s.caseOf(who, in).ID
	p := caller.Principal{Kind: caller.LetterCase, NationalID: who.NationalID,
		Case: caller.CaseKey{Agency: key.Agency, ID: key.ID}}
	_, others := s.somebody(t)
	foreign := in
	*s.About(&foreign) = *s.About(&others)
	if r, err := s.ask(t, s.engine(nil), p, uuid.New(), foreign); r != nil || err == nil {
		t.Errorf("in another case: %+v, %v", r, err)
	}
	if r, err := s.ask(t, s.engine(nil), p, uuid.New(), in); err != nil || r.Status != act.Done {
		t.Errorf("in the letter's case: %+v, %v", r, err)
	}
}

func (s *suite[In]) attorney(t *testing.T) {
	if s.act.Who == 0 {
		return // it is anybody's
	}
	if s.act.Who&access.AttorneyRead != 0 {
		t.Error("an attorney who may only read may act")
	}
	if s.act.Of == nil {
		return
	}
	c := s.caseOf(s.somebody(t))
	if ok, why, _ := s.act.Can(c, access.AttorneyRead); ok || why != act.MayNotAct {
		t.Errorf("%t, %s", ok, why)
	}
	if ok, why, _ := s.act.Can(c, access.Debtor); !ok {
		t.Errorf("the debtor cannot: %s", why)
	}
}

func (s *suite[In]) cutAll(down bool) {
	for _, l := range s.Lines {
		s.Cut(l, down)
	}
}

func (s *suite[In]) down(t *testing.T) {
	who, in := s.somebody(t)
	e := s.engine(func(name string) {
		if name == "store done" {
			s.cutAll(true)
		}
	})
	r, err := s.ask(t, e, s.as(who, in), uuid.New(), in)
	if err != nil || r.Status != act.Pending && len(r.Agencies) > 0 {
		t.Errorf("while they are down: %+v, %v", r, err)
	}
	for _, a := range r.Agencies {
		if a.State != act.Asked || a.Reason != act.AgencyUnavailable {
			t.Errorf("%+v", a)
		}
	}
	s.cutAll(false)
	s.Pass(time.Minute)
	if r = s.Finish(s.engine(nil), r); r.Status != act.Done {
		t.Errorf("once they are back: %+v", r)
	}
}

func (s *suite[In]) killed(t *testing.T) {
	var steps []string
	who, in := s.somebody(t)
	e := s.engine(func(name string) { steps = append(steps, name) })
	if _, err := s.ask(t, e, s.as(who, in), uuid.New(), in); err != nil {
		t.Fatal(err)
	}
	for n, step := range steps {
		p, dead := s.die(t, n)
		if !dead {
			t.Fatalf("%q was not reached", step)
		}
		all := s.list(t, p)
		if stored := n > 0; len(all) > 0 != stored {
			t.Fatalf("killed at %q: %d are stored", step, len(all))
		}
		if n == 0 {
			continue
		}
		if r := s.Finish(s.engine(nil), all[0]); r.Status != act.Done {
			t.Errorf("killed at %q: %+v", step, r)
		}
	}
}

// die has somebody's driver die at the nth step. Somebody else with fewer agencies has fewer.
func (s *suite[In]) die(t *testing.T, n int) (p caller.Principal, dead bool) {
	t.Helper()
	for range 20 {
		who, in := s.somebody(t)
		p = s.as(who, in)
		e := s.engine(At(n, Die))
		if Dies(func() { _, _ = s.ask(t, e, p, uuid.New(), in) }) {
			return p, true
		}
	}
	return p, false
}

func (s *suite[In]) logged(t *testing.T) {
	read := func() (entries []string) {
		rows, err := s.Books.Query(t.Context(), `
			select concat_ws(' ', action, outcome, actor_kind, encode(subject, 'hex')) from portal.access_log`)
		if err != nil {
			t.Fatal(err)
		}
		if entries, err = pgx.CollectRows(rows, pgx.RowTo[string]); err != nil {
			t.Fatal(err)
		}
		return entries
	}
	who, in := s.somebody(t)
	before := read()
	kind := "PERSON"
	if s.act.Who&act.AtDesk != 0 {
		kind = string(caller.CaseWorker)
	}
	if _, err := s.ask(t, s.engine(nil), s.as(who, in), uuid.New(), in); err != nil {
		t.Fatal(err)
	}
	added := read()
	for _, e := range before {
		added = slices.Delete(added, slices.Index(added, e), slices.Index(added, e)+1)
	}
	want := fmt.Sprintf("%s OK %s %x", s.act.Name.Mutation(), kind, Secret().Reference(who.NationalID))
	if want := []string{want}; !slices.Equal(added, want) {
		t.Errorf("the access log has %q more, want %q", added, want)
	}
}

// personal looks for the person in every table of the portal, as text and as bytes, while the
// act is under way and after it.
func (s *suite[In]) personal(t *testing.T) {
	who, in := s.somebody(t)
	private := append([]string{who.NationalID.Reveal(), who.Name, who.Email, who.Phone}, s.Private(in)...)
	look := func(when string) {
		t.Helper()
		text := s.dump(t)
		for _, p := range private {
			if p != "" && (strings.Contains(text, p) || strings.Contains(text, fmt.Sprintf("%x", p))) {
				t.Errorf("%s: the portal's database has a text that it must not have, of %d letters", when, len(p))
			}
		}
	}
	last := ""
	r, err := s.ask(t, s.engine(func(name string) {
		if last = name; name == "end" || name == "decide" {
			look(name)
		}
	}), s.as(who, in), uuid.New(), in)
	if err != nil || r.EndedAt == nil {
		t.Fatalf("%+v, %v, after %q", r, err, last)
	}
	look("after the end")
	log := s.Log.String()
	if slices.ContainsFunc(private, func(p string) bool { return p != "" && strings.Contains(log, p) }) {
		t.Error("the log has it")
	}
	var left int
	err = s.Books.QueryRow(t.Context(), `select count(*) from portal.act a left join portal.act_agency g on g.act = a.id
		where a.id = $1 and (a.whose is not null or g.input is not null)`, r.ID).Scan(&left)
	if err != nil || left > 0 {
		t.Errorf("what was sealed outlives the end: %d, %v", left, err)
	}
}

// dump is all that the portal's database holds.
func (s *suite[In]) dump(t *testing.T) string {
	t.Helper()
	rows, err := s.Books.Query(t.Context(), `select c.oid::regclass::text from pg_catalog.pg_class c
		where c.relnamespace = 'portal'::regnamespace and c.relkind = 'r' order by 1`)
	if err != nil {
		t.Fatal(err)
	}
	tables, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(tables) < 10 {
		t.Fatalf("%d tables: %v", len(tables), err)
	}
	var all strings.Builder
	for _, table := range tables {
		var text string
		query := "select coalesce(string_agg(x::text, E'\\n'), '') from " + table + " x"
		if err := s.Books.QueryRow(t.Context(), query).Scan(&text); err != nil {
			t.Fatal(err)
		}
		all.WriteString(text)
	}
	return all.String()
}

func (s *suite[In]) erased(t *testing.T) {
	_, _, _, r := s.grant(t)
	if _, err := migrate.Up(t.Context(), s.Portal.DSN(), act.Rules(s.site.Engine.Acts)...); err != nil {
		t.Fatal(err)
	}
	conn := s.Portal.Conn()
	// It has ended, and stays so: no trigger must see that it is made older.
	if _, err := conn.Exec(t.Context(), "set session_replication_role = replica"); err != nil {
		t.Fatal(err)
	}
	job := &retention.Job{Portal: s.Pool, Clock: time.Now, Log: slog.New(slog.DiscardHandler)}
	for _, tc := range []struct{ age, left int }{{s.act.Keep.Days - 1, 1}, {s.act.Keep.Days + 1, 0}} {
		_, err := conn.Exec(t.Context(), `update portal.act a set created_at = created_at - by, ended_at = ended_at - by, rests = rests - by
			from (select kept_from - now() + make_interval(days => $2) as by from portal.act where id = $1) was where id = $1`, r.ID, tc.age)
		if err != nil {
			t.Fatal(err)
		}
		if _, ran, err := job.Now(t.Context()); err != nil || !ran {
			t.Fatal(ran, err)
		}
		var acts, parts int
		err = conn.QueryRow(t.Context(), `select (select count(*) from portal.act where id = $1),
			(select count(*) from portal.act_agency where act = $1)`, r.ID).Scan(&acts, &parts)
		if err != nil || acts != tc.left || cmp.Compare(parts, 0) != tc.left*cmp.Compare(len(r.Agencies), 0) {
			t.Errorf("after %d days there are %d, with %d agencies: %v", tc.age, acts, parts, err)
		}
	}
}

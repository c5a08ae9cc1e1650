// Package rehearse runs the acts that an agency offers with a few of its own debtors, in
// transactions that are rolled back, and holds the answers and every view against the contract.
package rehearse

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/sample"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Options says how acts are rehearsed; the zero value serves.
type Options struct {
	Role   string   // that Oversikt connects as, spec.DefaultRole unless given
	Schema string   // that holds the contract, spec.Schema unless given
	Sample int      // debtors that the acts are rehearsed with, DefaultSample unless given
	Acts   []string // functions that are rehearsed, with those that they need; all unless given

	Timeout time.Duration // of each call, sample.DefaultTimeout unless given
	Lock    time.Duration // how long others' locks are waited for, DefaultLock unless given
	View    time.Duration // a view that takes longer is not looked at whole, DefaultView unless given
}

// What a rehearsal is bounded by where its options do not say.
const (
	DefaultSample = 3
	DefaultLock   = time.Second
	DefaultView   = 100 * time.Millisecond

	looks = 2 // times View is how long one look at all views may take
)

// Difference is one way in which an act is not what the contract says.
type Difference struct {
	Act      string
	Step     string // why it was called
	Relation string // in which it shows, or the function
	How      string // without a person's name or number
}

// Tried is an act that a rehearsal has tried.
type Tried struct {
	What    string
	Persons int
	Cases   int
}

// NotTried is what a rehearsal could not try, and proves nothing of.
type NotTried struct{ What, Why string }

// Report is what a rehearsal has found.
type Report struct {
	Role        string
	Persons     int
	Cases       int // open ones of those persons
	Differences []Difference
	Tried       []Tried
	NotTried    []NotTried
	Whole       []string // relations of which every row was compared
	Slow        []string // those of which the sample persons' rows alone were
	Moving      []string // those that were not compared: they differ without an act
	Sequences   []string // that have moved on, and stay there
	Unseen      int      // sequences of which the connected user may not see whether they have
	Longest     time.Duration
}

type rehearsal struct {
	Options
	conn    *pgx.Conn
	report  *Report
	views   *views
	today   norway.Date // at the agency
	policy  debt.Policy
	persons []*person
	offered []string
	reasons map[string][]string // why acts were refused
}

// person is a debtor in the sample.
type person struct {
	scope caller.Scope
	part  *debt.Part
}

func (p *person) number() string { return p.scope.NationalID().Reveal() }

// Run rehearses the acts that a database offers. It changes nothing but what no rollback takes
// back: the positions of sequences. It is an error where there is nobody to rehearse with.
func Run(ctx context.Context, conn *pgx.Conn, o Options) (*Report, error) {
	o.Role, o.Schema = cmp.Or(o.Role, spec.DefaultRole), cmp.Or(o.Schema, spec.Schema)
	o.Sample, o.Timeout = cmp.Or(o.Sample, DefaultSample), cmp.Or(o.Timeout, sample.DefaultTimeout)
	o.Lock, o.View = cmp.Or(o.Lock, DefaultLock), cmp.Or(o.View, DefaultView)
	o.Timeout = max(o.Timeout, 2*o.View)
	r := &rehearsal{Options: o, conn: conn, report: &Report{Role: o.Role}, reasons: map[string][]string{}}
	for _, name := range o.Acts {
		if f, known := spec.FunctionNamed(name); !known || !f.IsAct() {
			return nil, errors.New(
				"rehearse: one of the functions asked for is no act of the contract: docs/contract.md lists them")
		}
	}
	before, err := sequences(ctx, conn)
	if err != nil {
		return nil, err
	}
	if err := r.within(ctx, false, r.prepare); err != nil {
		return nil, fmt.Errorf("rehearse: %w", err)
	}
	if len(r.persons) == 0 {
		return nil, errors.New("rehearse: no debtor with a national identity number has an open case: nothing can be tried")
	}
	for _, a := range acts {
		if !r.asked(a.functions...) {
			continue
		}
		if err := r.act(ctx, a); err != nil {
			return nil, fmt.Errorf("rehearse %s: %w", a.functions[0], err)
		}
	}
	r.sum()
	after, err := sequences(ctx, conn)
	if err != nil {
		return nil, err
	}
	for name, at := range after {
		switch {
		case at == unseen:
			r.report.Unseen++
		case at != before[name]:
			r.report.Sequences = append(r.report.Sequences, name)
		}
	}
	slices.Sort(r.report.Sequences)
	return r.report, nil
}

// asked reports whether one of these functions is to be rehearsed.
func (r *rehearsal) asked(functions ...string) bool {
	return len(r.Acts) == 0 || slices.ContainsFunc(functions, func(f string) bool { return slices.Contains(r.Acts, f) })
}

// within runs do in a transaction that is rolled back.
func (r *rehearsal) within(ctx context.Context, write bool, do func(context.Context, *sample.View) error) error {
	o := sample.Options{Role: r.Role, Schema: r.Schema, Timeout: r.Timeout}
	if write {
		o.Lock = r.Lock
	}
	begun := time.Now()
	v, err := sample.Open(ctx, r.conn, o)
	if err != nil {
		return err
	}
	err = do(ctx, v)
	undone := v.Rollback(context.WithoutCancel(ctx))
	if write {
		r.report.Longest = max(r.report.Longest, time.Since(begun))
	}
	return errors.Join(err, undone)
}

// prepare looks at what there is, and chooses whom to rehearse with.
func (r *rehearsal) prepare(ctx context.Context, v *sample.View) (err error) {
	if r.today, err = v.Today(ctx); err != nil {
		return err
	}
	if r.views, err = measure(ctx, v, r.View, looks*r.View); err != nil {
		return err
	}
	r.report.Whole, r.report.Slow, r.report.Moving = r.views.whole, r.views.slow, r.views.moving
	for _, f := range spec.Functions {
		switch {
		case !f.IsAct() || !r.asked(f.Name):
		case v.Kept.Offers(f.Name):
			r.offered = append(r.offered, f.Name)
		default:
			r.notTried(f.Name, "it is not offered")
		}
	}
	return r.choose(ctx, v)
}

// candidates is from how many debtors each one in the sample is chosen.
const candidates = 20

// choose takes the debtors with whom most can be tried.
func (r *rehearsal) choose(ctx context.Context, v *sample.View) error {
	scopes, err := v.Persons(ctx, candidates*r.Sample)
	if err != nil {
		return err
	}
	unread := 0
	for _, scope := range scopes {
		part, err := v.Try(ctx, scope, debt.OfAll, r.today)
		if ctx.Err() != nil || v.Conn().IsClosed() {
			return err
		}
		if err != nil {
			unread++
			continue
		}
		if p := (&person{scope, part}); len(part.Debtors) == 1 && len(p.open()) > 0 {
			r.persons = append(r.persons, p)
			r.policy = part.Cases[0].Terms.Policy
		}
	}
	if unread > 0 {
		r.notTried(fmt.Sprintf("%d of %d debtors", unread, len(scopes)), "they cannot be read: run agency check")
	}
	slices.SortStableFunc(r.persons, func(x, y *person) int { return cmp.Compare(r.use(y), r.use(x)) })
	r.persons = r.persons[:min(len(r.persons), r.Sample)]
	r.report.Persons = len(r.persons)
	for _, p := range r.persons {
		r.report.Cases += len(p.open())
	}
	return nil
}

// use says how much can be tried with a person.
func (r *rehearsal) use(p *person) int {
	free := p.free(r.today)
	score := min(len(free), 4)
	if _, reaches := draft(r.policy, r.today, free); reaches {
		score += 10
	}
	return score
}

// open are the person's open cases, those first that nothing stands in the way of.
func (p *person) open() (cases []*debt.Case) {
	for _, x := range p.part.Cases {
		if x.Status == debt.Open {
			cases = append(cases, x)
		}
	}
	slices.SortStableFunc(cases, func(x, y *debt.Case) int { return cmp.Compare(hindered(x), hindered(y)) })
	return cases
}

// hindered orders cases by what stands in the way of acts.
func hindered(x *debt.Case) (n int) {
	if slices.ContainsFunc(x.AllHolds, func(h debt.Hold) bool { return h.Until.IsZero() || h.Until >= x.Terms.Today }) {
		n += 2
	}
	if x.Phase == debt.PhaseReminder || x.Phase == debt.PhaseCollectionWarning {
		n++
	}
	return n
}

// free are the open cases in which an agreement can begin: none runs or waits, and no hold.
func (p *person) free(today norway.Date) (cases []*debt.Case) {
	for _, x := range p.open() {
		agreed := slices.ContainsFunc(x.Agreements, func(a *debt.Agreement) bool {
			return a.Status == debt.AgreementActive || a.Status == debt.AgreementProposed || a.Status == debt.AgreementRequested
		})
		if hindered(x) < 2 && !agreed && !x.AgreementFrom.IsZero() && x.BalanceOn(today).Total > 0 {
			cases = append(cases, x)
		}
	}
	return cases
}

// act rehearses acts with each person, in a transaction each.
func (r *rehearsal) act(ctx context.Context, a act) error {
	if !slices.ContainsFunc(a.functions, func(f string) bool { return slices.Contains(r.offered, f) }) {
		return nil
	}
	for _, p := range r.persons {
		err := r.within(ctx, true, func(ctx context.Context, v *sample.View) (err error) {
			s := &scene{rehearsal: r, view: v, who: &person{scope: p.scope}}
			if s.who.part, err = s.read(ctx); err != nil {
				return err
			}
			if s.now, err = r.views.look(ctx, v, p.number()); err != nil {
				return err
			}
			return a.run(s, ctx)
		})
		switch {
		case err == nil, errors.Is(err, errDiffers), errors.Is(err, errRefused):
		case errors.Is(err, errBusy), errors.Is(err, errNone):
			for _, f := range a.functions {
				r.reasons[f] = append(r.reasons[f], err.Error())
			}
		default:
			return err
		}
	}
	return nil
}

// other is somebody else in the sample, nil for nobody.
func (s *scene) other() *person {
	i := slices.IndexFunc(s.persons, func(p *person) bool { return p.scope.NationalID() != s.who.scope.NationalID() })
	if i < 0 {
		return nil
	}
	return s.persons[i]
}

func (r *rehearsal) tried(what string, cases int) {
	i := slices.IndexFunc(r.report.Tried, func(t Tried) bool { return t.What == what })
	if i < 0 {
		i = len(r.report.Tried)
		r.report.Tried = append(r.report.Tried, Tried{What: what})
	}
	r.report.Tried[i].Persons++
	r.report.Tried[i].Cases += cases
}

func (r *rehearsal) notTried(what, why string) {
	r.report.NotTried = append(r.report.NotTried, NotTried{what, why})
}

// sum says what was not tried with anybody.
func (r *rehearsal) sum() {
	seen := func(what string) bool {
		return slices.ContainsFunc(r.report.Tried, func(t Tried) bool { return t.What == what }) ||
			slices.ContainsFunc(r.report.Differences, func(d Difference) bool { return d.Act == what })
	}
	for _, f := range append(slices.Clone(r.offered), together) {
		if seen(f) || f == together && !(slices.Contains(r.offered, proposing) && r.asked(proposing)) {
			continue
		}
		why := "nothing came of what goes before it"
		if f == together {
			why = "no sample case has one in reach"
		}
		reasons := slices.Clone(r.reasons[f])
		slices.Sort(reasons)
		if reasons = slices.Compact(reasons); len(reasons) > 0 {
			why = strings.Join(reasons, ", ")
		}
		r.notTried(f, why)
	}
	if len(r.persons) == 1 {
		r.notTried("calls of another person", "the sample has one person")
	}
}

// unseen is in place of the position of a sequence that the connected user may not see.
const unseen = "?"

// sequences are the positions of sequences by name.
func sequences(ctx context.Context, conn *pgx.Conn) (map[string]string, error) {
	rows, err := conn.Query(ctx, `
		select pg_catalog.format('%I.%I', s.schemaname, s.sequencename), coalesce(s.last_value::text, ''),
		       pg_catalog.has_sequence_privilege(c.oid, 'USAGE, SELECT')
		from pg_catalog.pg_sequences s
		join pg_catalog.pg_namespace n on n.nspname = s.schemaname
		join pg_catalog.pg_class c on c.relnamespace = n.oid and c.relname = s.sequencename`)
	if err != nil {
		return nil, fmt.Errorf("look at sequences: %w", err)
	}
	at := map[string]string{}
	var name, value string
	var seen bool
	_, err = pgx.ForEachRow(rows, []any{&name, &value, &seen}, func() error {
		if at[name] = value; !seen {
			at[name] = unseen
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("look at sequences: %w", err)
	}
	return at, nil
}

package act_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"slices"
	"testing"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
)

func TestMain(m *testing.M) {
	if text := os.Getenv(childEnv); text != "" {
		child(text)
	}
	leaktest.Main(m)
}

var today = acttest.Today

// world is one in which solutions are accepted.
type world struct{ *acttest.World }

func newWorld(t testing.TB) *world {
	t.Helper()
	return &world{acttest.New(t)}
}

// engine is a new process, as it were: it knows what the databases know.
func (w *world) engine(step func(string)) *act.Engine {
	w.T.Helper()
	return w.Engine(step, accepting.Declared())
}

// reads is what fingerprint looks at.
const reads = debt.OfCases | debt.OfPayments | debt.OfObjections

// fingerprint changes with a payment, an objection or a change of a case.
func fingerprint(p debt.Part) []byte {
	h := sha256.New()
	for _, c := range p.Cases {
		fmt.Fprintln(h, c.ID.ID, c.Status, c.OriginalPrincipal, len(c.Objections))
		for _, m := range c.AllPayments {
			fmt.Fprintln(h, m.Amount)
		}
	}
	return h.Sum(nil)
}

// accepting is an act of reach All, whose input is its plan.
var accepting = &act.Of[plan]{
	Act: act.Act{
		Name: "TEST_ACCEPT", Reach: act.All, Function: "propose_solution", Confirm: "confirm_solution",
		Withdraw: "withdraw_solution", Alone: "TEST_PENDING", Reads: reads,
		Verify: func(now debt.Part, expects []byte) error {
			if !bytes.Equal(fingerprint(now), expects) {
				return act.ErrChanged
			}
			return nil
		},
	},
	Plan: func(_ context.Context, _ act.By, in plan) (act.Plan, error) {
		p := act.Plan{Summary: json.RawMessage(`{"months": 2}`), Kept: in.Kept, Rests: in.Rests}
		for _, a := range in.Agencies {
			p.Parts = append(p.Parts, act.Part{Agency: a.Agency, Input: a.Terms, Expects: a.Expects})
		}
		return p, nil
	},
}

type plan struct {
	act.Keyed
	Agencies []agencyPlan
	Kept     []byte
	Rests    *norway.Date
}

type agencyPlan struct {
	Agency  string
	Terms   terms
	Expects []byte
}

// terms are those of propose_solution.
type terms struct {
	CaseIDs    []string    `json:"case_ids"`
	Agreements []agreement `json:"agreements"`
	Deferrals  []struct{}  `json:"deferrals"`
}

type agreement struct {
	CaseIDs     []string     `json:"case_ids"`
	Instalments []instalment `json:"instalments"`
}

type instalment struct {
	Number int       `json:"number"`
	DueOn  string    `json:"due_on"`
	Amount money.Øre `json:"amount_ore"`
	Fee    money.Øre `json:"fee_ore"`
}

// someone is a person with a plan.
type someone struct {
	id   norway.NationalID
	plan plan
}

func (s someone) principal() caller.Principal {
	return caller.Principal{Kind: caller.Person, NationalID: s.id}
}

func (s someone) scope() caller.Scope { return s.principal().Scope() }

// ask has the person's plan accepted under a key.
func (s someone) ask(ctx context.Context, e *act.Engine, key uuid.UUID) (act.Record, error) {
	in := s.plan
	in.IdempotencyKey = key
	r, err := accepting.Perform(ctx, e, act.By{Principal: s.principal()}, in)
	if r == nil {
		return act.Record{}, err
	}
	return *r, err
}

// persons returns n people who can agree at so many agencies, with plans for all of them.
func (w *world) persons(n, agencies int) []someone {
	w.T.Helper()
	var found []someone
	for _, p := range acttest.Population() {
		if len(found) == n {
			break
		}
		if p.NationalID.IsZero() || likely(&p) < agencies {
			continue
		}
		s := someone{id: p.NationalID}
		for _, part := range w.parts(s) {
			if plan, ok := planFor(part); ok && len(s.plan.Agencies) < agencies {
				s.plan.Agencies = append(s.plan.Agencies, plan)
			}
		}
		if len(s.plan.Agencies) == agencies {
			found = append(found, s)
		}
	}
	if len(found) < n {
		w.T.Fatalf("only %d of %d people can agree at %d agencies", len(found), n, agencies)
	}
	return found
}

// likely returns at how many agencies the person may be able to agree.
func likely(p *people.Person) (n int) {
	for _, d := range p.Debtors {
		for _, c := range d.Cases {
			if d.Identified && c.Status == debt.Open && c.AgreementFrom != 0 {
				n++
				break
			}
		}
	}
	return n
}

// parts reads somebody's records at all agencies.
func (w *world) parts(s someone) []debt.Part {
	w.T.Helper()
	parts, errs := w.Registry.Read(w.T.Context(), s.scope(), ^debt.Relations(0))
	if err := errors.Join(errs...); err != nil {
		w.T.Fatal(err)
	}
	return parts
}

// planFor proposes two instalments on the first case that allows an agreement.
func planFor(p debt.Part) (agencyPlan, bool) {
	for _, c := range p.Cases {
		if c.Status != debt.Open || c.AgreementFrom == 0 || len(c.AllHolds)+len(c.Objections)+len(c.Agreements) > 0 {
			continue
		}
		policy := c.Terms.Policy
		first := max(c.AgreementFrom, today.AddDays(20))
		amount := policy.MinInstalment + policy.InstalmentFee
		return agencyPlan{
			Agency: p.Agency.Code,
			Terms: terms{
				CaseIDs: []string{c.ID.ID}, Deferrals: []struct{}{},
				Agreements: []agreement{{CaseIDs: []string{c.ID.ID}, Instalments: []instalment{
					{1, first.String(), amount, policy.InstalmentFee},
					{2, first.AddDays(30).String(), amount, policy.InstalmentFee},
				}}},
			},
			Expects: fingerprint(p),
		}, true
	}
	return agencyPlan{}, false
}

// accept has the plan accepted and fails if that fails.
func (w *world) accept(e *act.Engine, s someone) act.Record {
	w.T.Helper()
	r, err := s.ask(w.T.Context(), e, uuid.New())
	if err != nil {
		w.T.Fatal(err)
	}
	return r
}

// list returns the person's acts.
func (w *world) list(e *act.Engine, s someone) []act.Record {
	w.T.Helper()
	all, err := e.List(w.T.Context(), s.principal())
	if err != nil {
		w.T.Fatal(err)
	}
	records := make([]act.Record, len(all))
	for i, r := range all {
		records[i] = *r
	}
	return records
}

// finish resumes until the act has ended.
func (w *world) finish(e *act.Engine, id uuid.UUID) act.Record {
	w.T.Helper()
	return *w.Finish(e, &act.Record{ID: id})
}

// agreed checks that portal and agencies agree that all is confirmed, or all withdrawn.
func (w *world) agreed(s someone, a act.Record, want act.Status) {
	w.T.Helper()
	if a.Status != want || a.EndedAt == nil || len(a.Agencies) != len(s.plan.Agencies) {
		w.T.Errorf("the act is %+v, want %s", a, want)
	}
	for _, g := range a.Agencies {
		if string(g.State) != string(want) {
			w.T.Errorf("%s is %s, the act %s", g.Code, g.State, want)
		}
	}
	for _, p := range s.plan.Agencies {
		part, err := w.Registry.ReadCases(w.T.Context(), p.Agency, s.scope(), ^debt.Relations(0), p.Terms.CaseIDs)
		if err != nil {
			w.T.Fatal(err)
		}
		var statuses []debt.AgreementStatus
		for _, a := range part.Cases[0].Agreements {
			statuses = append(statuses, a.Status)
		}
		if ok := slices.Equal(statuses, []debt.AgreementStatus{debt.AgreementActive}); want == act.Done && !ok ||
			want == act.Withdrawn && len(statuses) > 0 {
			w.T.Errorf("%s has agreements %v, and the act is %s", p.Agency, statuses, want)
		}
	}
}

// records is all that the agencies have, but for which proposals they have seen.
func (w *world) records() map[string]string {
	w.T.Helper()
	all := map[string]string{}
	for code, db := range w.Cores {
		conn := db.Conn()
		// One statement hashes all tables: it writes the statement that does.
		var hash string
		err := conn.QueryRow(w.T.Context(), `
			select string_agg(format('select %1$L::text, coalesce(md5(string_agg(t::text, E''\\n'' order by t::text)), '''') from %1$s t', c.oid::regclass), ' union all ')
			from pg_catalog.pg_class c
			where c.relnamespace = $1::regnamespace and c.relkind = 'r'`, acttest.Schema(code)).Scan(&hash)
		if err != nil {
			w.T.Fatal(err)
		}
		rows, err := conn.Query(w.T.Context(), hash)
		if err != nil {
			w.T.Fatal(err)
		}
		var table, sum string
		tag, err := pgx.ForEachRow(rows, []any{&table, &sum}, func() error { all[code+" "+table] = sum; return nil })
		if err != nil || tag.RowsAffected() < 10 {
			w.T.Fatalf("%s has %d tables: %v", code, tag.RowsAffected(), err)
		}
		_ = conn.Close(w.T.Context())
	}
	return all
}

// undo puts the agencies back to before a confirmed act.
func (w *world) undo(s someone, id uuid.UUID) {
	w.T.Helper()
	rows, err := w.Books.Query(w.T.Context(), "select agency, key from portal.act_agency where act = $1", id)
	if err != nil {
		w.T.Fatal(err)
	}
	var code string
	var key uuid.UUID
	_, err = pgx.ForEachRow(rows, []any{&code, &key}, func() error {
		_, err := w.Registry.Ask(w.T.Context(), code, agency.Call{Function: "withdraw_solution", Key: key, Scope: s.scope()})
		return err
	})
	if err != nil {
		w.T.Fatal(err)
	}
}

// steps has the plan confirmed once and returns the names of all steps on the way.
func (w *world) steps(s someone) []string {
	w.T.Helper()
	var names []string
	a := w.accept(w.engine(func(name string) { names = append(names, name) }), s)
	if a.EndedAt == nil {
		w.T.Fatalf("%+v\n%s", a, w.Log)
	}
	w.undo(s, a.ID)
	return names
}

// changed is the plan when the last agency's records are not what the offer was computed from.
func (s someone) changed() someone {
	agencies := slices.Clone(s.plan.Agencies)
	agencies[len(agencies)-1].Expects = []byte("something else")
	s.plan.Agencies = agencies
	return s
}

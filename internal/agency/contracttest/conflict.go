package contracttest

import (
	"context"
	"slices"
	"sync"
	"testing"

	gocmp "github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/state"
)

// conflict is many who act in one case at once, and what was done.
type conflict struct {
	*Core
	t    *testing.T
	s    *subject
	of   *debt.Case
	pool *pgxpool.Pool

	mu   sync.Mutex
	done map[string]map[string][]state.Step // by machine and key: the steps that were not refused
}

// conflicts are the acts of a debtor and of case workers that stand in each other's way.
var conflicts = []struct {
	machine string
	step    state.Step
}{
	{"Deferral", state.Step{Act: "request_deferral", When: "within the policy"}},
	{"Objection", state.Step{Act: "withdraw_objection"}},
	{"Objection", state.Step{Act: "decide_objection", When: "REJECTED"}},
	{"Deferral", state.Step{Act: "decide_deferral", When: "REFUSE"}},
	{"Agreement", state.Step{Act: "apply_for_instalment_plan", When: "within the policy"}},
	{"Objection", state.Step{Act: "add_to_objection"}},
	{"Deferral", state.Step{Act: "request_deferral", When: "beyond it"}},
	{"Objection", state.Step{Act: "decide_objection", When: "PARTLY_UPHELD"}},
	{"Receipt", state.Step{Act: "submit_receipt"}},
	{"Complaint", state.Step{Act: "submit_complaint"}},
	{"Agreement", state.Step{Act: "cancel_instalment_plan"}},
	{"Deferral", state.Step{Act: "decide_deferral", When: "GRANT"}},
	{"Objection", state.Step{Act: "submit_objection"}},
	{"Receipt", state.Step{Act: "decide_receipt", When: "ACCEPTED"}},
	{"Agreement", state.Step{Act: "decide_instalment_plan", When: "GRANT"}},
	{"Complaint", state.Step{Act: "answer_complaint", When: "PARTLY_UPHELD"}},
	{"Agreement", state.Step{Act: "apply_for_instalment_plan", When: "beyond it"}},
}

// receiptAmount is what a receipt is for in a walk or in a race.
const receiptAmount money.Øre = 200

// submissions is how many act at once.
const submissions = 50

// conflictingActs: whatever comes of many acts at once in one case, each thing in it has a history that can
// be, at most one of a kind runs, what waits is what is not decided, and the money adds up.
func conflictingActs(t *testing.T, c *Core) {
	conn, owner := c.connect(t), c.DB.Conn()
	s := c.subject(t, conn)
	c.Today = s.today // the rows are of the day on which the core is
	x := &conflict{Core: c, t: t, s: s, of: s.cases[0], done: map[string]map[string][]state.Step{}}
	x.pool = c.DB.Pool(func(config *pgxpool.Config) {
		config.ConnConfig.User, config.MaxConns = spec.DefaultRole, 12
		config.AfterConnect = func(_ context.Context, conn *pgx.Conn) error { core.Register(conn); return nil }
	})
	must(t, owner, c.Happen.Invoice, x.of.ID.ID, 1, int64(4000_00))
	must(t, owner, c.Happen.Invoice, x.of.ID.ID, 2, int64(1000_00))
	must(t, owner, c.Happen.Schedule, x.of.ID.ID, (s.today + 200).String(), int64(1000), string(debt.CostHeavyFee))
	x.act("Deferral", state.Step{Act: "request_deferral", When: "beyond it"})
	x.act("Objection", state.Step{Act: "submit_objection"})
	was := c.again(t, conn, s)[x.of.ID.ID]
	var all sync.WaitGroup
	begin := make(chan struct{})
	for i := range submissions {
		one := conflicts[i%len(conflicts)]
		all.Go(func() { <-begin; x.act(one.machine, one.step) })
	}
	close(begin)
	all.Wait()
	if t.Failed() {
		return
	}
	part := c.read(t, conn, core.Query{Scope: s.scope, Want: everything})
	for _, fault := range c.faults(part) {
		t.Error(fault)
	}
	now := rehearse.ByKey(part)[x.of.ID.ID]
	x.histories(now)
	x.running(now)
	x.adds(was, now)
}

// act asks for a step about the latest thing of its kind, as it is just now.
func (x *conflict) act(machine string, step state.Step) {
	x.t.Helper()
	k := courses[slices.IndexFunc(courses, func(k course) bool { return k.machine.Name == machine })]
	w := &walk{course: &k, t: x.t, c: x.Core, s: x.s, of: x.of, id: "0"}
	if to, _ := k.machine.On(state.None, step); to == nil {
		w.id = x.latest(machine)
	}
	in, desk := k.ask(w, step)
	scope := x.s.scope
	if desk {
		scope = x.desk(x.t).Deciding()
	}
	a := ask(x.t, x.pool, scope, uuid.New(), step.Act, in)
	if a.Status != "DONE" {
		return
	}
	if made := member(a, k.key); made != "" {
		w.id = made
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.done[machine] == nil {
		x.done[machine] = map[string][]state.Step{}
	}
	x.done[machine][w.id] = append(x.done[machine][w.id], step)
}

// latest returns the key of the latest thing of a kind; of none, one that names nothing.
func (x *conflict) latest(machine string) string {
	x.t.Helper()
	conn, err := x.pool.Acquire(x.t.Context())
	if err != nil {
		x.t.Error(err)
		return "0"
	}
	defer conn.Release()
	part, err := core.Read(x.t.Context(), conn.Conn(), x.facts(), core.Query{Scope: x.s.scope, Today: x.s.today,
		Want: ofStates, Cases: []string{x.of.ID.ID}})
	if err != nil || len(part.Cases) != 1 {
		x.t.Errorf("the case cannot be read: %v", err)
		return "0"
	}
	ids := append(things(part.Cases[0])[machine], "0")
	for _, id := range ids { // what runs comes before what has ended
		if at := stateOf(machine, part.Cases[0], id); at == "RECEIVED" || at == "REQUESTED" || at == "ACTIVE" {
			return id
		}
	}
	return ids[0]
}

// things are the keys of what a case has, by machine.
func things(x *debt.Case) map[string][]string {
	all := map[string][]string{}
	for _, d := range x.Deferrals {
		all["Deferral"] = append(all["Deferral"], d.ID)
	}
	for _, o := range x.Objections {
		all["Objection"] = append(all["Objection"], o.ID.ID)
	}
	for _, o := range x.Complaints {
		all["Complaint"] = append(all["Complaint"], o.ID)
	}
	for _, r := range x.Receipts {
		all["Receipt"] = append(all["Receipt"], r.ID)
	}
	for _, a := range x.Agreements {
		all["Agreement"] = append(all["Agreement"], a.ID.ID)
	}
	return all
}

func stateOf(machine string, x *debt.Case, id string) string {
	return courses[slices.IndexFunc(courses, func(k course) bool { return k.machine.Name == machine })].at(x, id)
}

// histories: what was done to each thing leads, in some order, to what it is.
func (x *conflict) histories(now *debt.Case) {
	x.t.Helper()
	steps := 0
	for _, k := range courses {
		for id, done := range x.done[k.machine.Name] {
			steps += len(done)
			if at := k.at(now, id); !slices.Contains(k.machine.Ends(done), at) {
				x.t.Errorf("%s: %+v cannot lead to %q", k.machine.Name, done, at)
			}
		}
		for _, id := range things(now)[k.machine.Name] {
			if x.done[k.machine.Name][id] == nil {
				x.t.Errorf("%s: nobody has made one that is %s", k.machine.Name, k.at(now, id))
			}
		}
	}
	if steps < 4 { // the two that were there before, and the end of each
		x.t.Errorf("%d steps were taken: too few to prove anything", steps)
	}
}

// running: one of a kind at most, held back for what runs, and a case worker has what waits.
func (x *conflict) running(now *debt.Case) {
	x.t.Helper()
	count, waiting := map[string]int{}, map[string]bool{}
	for machine, ids := range things(now) {
		for _, id := range ids {
			switch at := stateOf(machine, now, id); at {
			case "RECEIVED", "REQUESTED":
				count[machine]++
				waiting[id] = true
			case "ACTIVE", "GRANTED":
				count[machine]++
			}
		}
		if count[machine] > 1 {
			x.t.Errorf("%d of %s run at once", count[machine], machine)
		}
	}
	if disputed := now.Disputed(); disputed != (count["Objection"] > 0) {
		x.t.Errorf("the case is disputed: %t, of %d objections", disputed, count["Objection"])
	}
	got := map[string]bool{}
	for _, item := range x.waiting(x.t, x.connect(x.t), core.QueueQuery{Rows: 10_000}) {
		if item.CaseID != nil && item.CaseID.ID == x.of.ID.ID {
			got[item.SubjectID] = true
		}
	}
	if diff := gocmp.Diff(waiting, got); diff != "" {
		x.t.Errorf("what waits (-not decided +in the queue)\n%s", diff)
	}
}

// adds: the claim is less by what was decided, costs more by what was granted, and what was to come still comes.
func (x *conflict) adds(was, now *debt.Case) {
	x.t.Helper()
	count := map[string]int{}
	for _, id := range things(now)["Objection"] {
		count[stateOf("Objection", now, id)]++
	}
	for _, id := range things(now)["Deferral"] {
		count[stateOf("Deferral", now, id)]++
	}
	for _, id := range things(now)["Receipt"] {
		count[stateOf("Receipt", now, id)]++
	}
	off := money.Øre(100 * count["PARTLY_UPHELD"])
	var items money.Øre
	for _, i := range now.Items {
		items += i.Amount
	}
	if now.OriginalPrincipal != was.OriginalPrincipal-off || items != now.OriginalPrincipal {
		x.t.Errorf("the claim is %s in invoices of %s, after %s and %s off", now.OriginalPrincipal, items,
			was.OriginalPrincipal, off)
	}
	was.OriginalPrincipal, was.Items = now.OriginalPrincipal, now.Items
	granted := money.Øre(count["GRANTED"]) * x.s.policy.DeferralFee
	proved := receiptAmount * money.Øre(count["ACCEPTED"])
	if want, got := was.BalanceOn(x.s.today).Total+granted-proved, now.BalanceOn(x.s.today).Total; got != want {
		x.t.Errorf("the balance is %s, and should be %s: %s in fees of deferrals, %s proved", got, want, granted, proved)
	}
	var later []money.Øre
	for _, cost := range now.ScheduledCosts {
		if cost.Kind == debt.CostHeavyFee {
			later = append(later, cost.Amount)
		}
	}
	agreed := slices.ContainsFunc(now.Agreements, func(a *debt.Agreement) bool { return a.Status == debt.AgreementActive })
	stopped := now.Disputed() || agreed && x.s.policy.AgreementStopsCosts
	if want := map[bool][]money.Øre{false: {1000}, true: nil}[stopped]; !slices.Equal(want, later) {
		x.t.Errorf("what is to come is %v, stopped: %t, after %+v", later, stopped, x.done)
	}
}

package rehearse_test

import (
	"context"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// core is a demo core with people in it, some of whose cases have a cost that comes soon.
type core struct {
	agency  string
	install func(context.Context, *pgx.Conn) error
	load    func(context.Context, *pgx.Conn, *people.Generator, string, int, func(float64)) error
	soon    string // SQL that schedules a cost for each open case
}

var cores = map[string]core{
	"reference": {people.Fjord, func(ctx context.Context, conn *pgx.Conn) error {
		return reference.Install(ctx, conn, reference.Options{})
	}, people.LoadReference, `insert into core.scheduled_cost (case_id, scheduled_on, kind, amount_ore)
		select case_id, core.today() + 12, 'HEAVY_FEE', 37500 from core.case where status = 'OPEN' on conflict do nothing`},
	"legacy": {people.Tradisjon, legacy.Install, people.LoadLegacy,
		`insert into inkasso.planlagt_kostnad (saksnr, dato, type, belop)
		select saksnr, inkasso.i_dag() + 12, 12, 375 from inkasso.sak where avsluttet is null on conflict do nothing`},
	"journal": {people.Fjord, journal.Install, people.LoadJournal,
		`insert into journal.planned_cost (case_office, case_serial, planned_on, cost, amount)
		select office, serial, journal.day_of(journal.today() + 12), '12', 375 from journal.keyed where closed_on = 0
		on conflict do nothing`},
}

func (c core) database(t *testing.T) *pgtest.DB {
	t.Helper()
	today := norway.DateOf(time.Now())
	return pgtest.New(t, pgtest.Template{
		Name: "rehearse_" + c.agency,
		Hash: pgtest.Hash(reference.Files(), legacy.Files(), journal.Files(), os.DirFS("../../workshop/demo/people")) +
			today.String() + c.soon,
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if err := c.install(ctx, conn); err != nil {
				return err
			}
			if err := c.load(ctx, conn, people.New(1, today), c.agency, 30, nil); err != nil {
				return err
			}
			_, err := conn.Exec(ctx, c.soon)
			return err
		},
	})
}

func report(t *testing.T, conn *pgx.Conn, o rehearse.Options) (*rehearse.Report, string) {
	t.Helper()
	r, err := rehearse.Run(t.Context(), conn, o)
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	if err := rehearse.WriteReport(&b, r); err != nil {
		t.Fatal(err)
	}
	return r, b.String()
}

// busy is time for every view to be looked at whole, on a machine that has other work.
const busy = 5 * time.Second

// TestKept: on a core that keeps the contract everything is tried, and nothing is found.
func TestKept(t *testing.T) {
	t.Parallel()
	for name, c := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := c.database(t).Conn()
			before := prints(t, conn)
			r, text := report(t, conn, rehearse.Options{View: busy})
			if len(r.Differences) > 0 || len(r.NotTried) > 0 || len(r.Moving)+len(r.Slow) > 0 || r.Persons != 3 {
				t.Errorf("%s", text)
			}
			acts := 1 // and an agreement and a deferral together
			for _, f := range spec.Functions {
				if f.IsAct() {
					acts++
				}
			}
			if len(r.Tried) != acts {
				t.Errorf("%d are tried, not %d:\n%s", len(r.Tried), acts, text)
			}
			if diff := cmp.Diff(before, prints(t, conn)); diff != "" {
				t.Errorf("something is left (-before +after)\n%s", diff)
			}
		})
	}
}

func prints(t *testing.T, conn *pgx.Conn) map[string]rehearse.Print {
	t.Helper()
	var names []string
	for _, r := range spec.Relations {
		names = append(names, r.Name)
	}
	all, err := rehearse.Prints(t.Context(), conn, spec.Schema, names)
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// function returns SQL that makes a function again, with a part of it replaced.
func function(t *testing.T, conn *pgx.Conn, name, before, after string) string {
	t.Helper()
	var text string
	if err := conn.QueryRow(t.Context(), `select pg_get_functiondef(p.oid)
		from pg_proc p join pg_namespace n on n.oid = p.pronamespace where n.nspname || '.' || p.proname = $1`,
		name).Scan(&text); err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(text, before) {
		t.Fatalf("%s does not have %q", name, before)
	}
	return strings.Replace(text, before, after, 1)
}

// view returns SQL that makes a view of the contract again, with some of its rows.
func view(t *testing.T, conn *pgx.Conn, name, where string) string {
	t.Helper()
	var text string
	if err := conn.QueryRow(t.Context(), "select pg_get_viewdef($1::regclass)", "oversikt."+name).Scan(&text); err != nil {
		t.Fatal(err)
	}
	return "create or replace view oversikt." + name + " as select * from (" + strings.TrimSuffix(text, ";") + ") x where " +
		where
}

// breach is one thing that is wrong with a core, and the difference that names it.
type breach struct {
	reason, core       string
	function, old, new string // a function with a part replaced
	view, where        string // or a view with some of its rows
	act, step, in, how string // of one difference
}

var breaches = map[string]breach{
	"agreements first": {reason: "a fee that the agreement stops stays", core: "reference",
		function: "core.change_costs", old: "and later.scheduled_on > i.starts_on", new: "and s.scheduled_on > i.starts_on",
		act: "confirm_solution", step: "a confirmation", in: "scheduled_cost", how: "37500"},
	"agreements first, too": {reason: "whatever the tables look like", core: "legacy",
		function: "inkasso.endre_kostnader", old: "a.forfall < flyttet.dato", new: "a.forfall < k.dato",
		act: "confirm_solution", step: "a confirmation", in: "scheduled_cost", how: "37500"},
	"a request is left": {reason: "it is no longer anybody's", core: "reference",
		function: "core.undo", old: "delete from core.request where solution = key",
		new: "update core.request r set solution = null where r.solution = key",
		act: "withdraw_solution", step: "a withdrawal after a confirmation", in: "request", how: "left, and neither CANCELLED nor WITHDRAWN"},
	"an agreement is left": {reason: "it still runs", core: "legacy",
		function: "inkasso.angre", old: "delete from inkasso.avtale where forslag = key",
		new: "update inkasso.avtale a set forslag = null where a.forslag = key",
		act: "withdraw_solution", step: "a withdrawal after a confirmation", in: "agreement", how: "left, and neither CANCELLED nor WITHDRAWN"},
	"a proposal holds": {reason: "it is a promise and no more", core: "reference",
		function: "core.draw_up", old: "    for agreed in",
		new: `    insert into core.hold (case_id, kind, since)
			select x.case_id::bigint, 'OTHER', core.today() from core.agreed_cases(terms) x;
			for agreed in`,
		act: "propose_solution", step: "a proposal", in: "hold", how: "OTHER"},
	"no digest": {reason: "a key would cover whatever comes", core: "reference",
		function: "oversikt.request_deferral", old: "held.digest is distinct from mark", new: "false",
		act: "request_deferral", step: "another input with the same key", in: "request_deferral",
		how: "it answers DONE, not REFUSED KEY_REUSED"},
	"no digest, too": {reason: "of a proposal", core: "legacy",
		function: "oversikt.propose_solution", old: "or held.digest <> mark", new: "",
		act: "propose_solution", step: "another input with the same key", in: "propose_solution",
		how: "it answers PROPOSED, not REFUSED KEY_REUSED"},
	"anybody's case": {reason: "a known key opens everything", core: "reference",
		function: "core.lock_cases", old: "c.debtor_id = core.debtor_of(caller)", new: "true",
		act: "request_deferral", step: "another person's call", in: "request_deferral",
		how: "it answers DONE, not REFUSED NOT_FOUND"},
	"anybody's case, too": {reason: "the same elsewhere", core: "legacy",
		function: "inkasso.laas_saker", old: "s.skyldner_id = inkasso.skyldner_for(caller)", new: "true",
		act: "submit_objection", step: "another person's call", in: "submit_objection",
		how: "it answers DONE, not REFUSED NOT_FOUND"},
	"mixed cases": {reason: "one own case opens another's", core: "reference",
		function: "core.refusal", old: "cardinality(cases) <> jsonb_array_length(terms -> 'case_ids')",
		new: "cardinality(cases) = 0",
		act: "propose_solution", step: "another person's case among the person's own", in: "propose_solution",
		how: "it answers PROPOSED, not REFUSED NOT_FOUND"},
	"a fee each time": {reason: "a repetition does nothing", core: "reference",
		function: "oversikt.request_deferral", old: "select * into held",
		new: `insert into core.fee (case_id, kind, amount_ore, incurred_on)
			values ((input ->> 'case_id')::bigint, 'DEFERRAL_FEE', 5000, core.today());
			select * into held`,
		act: "request_deferral", step: "the same call again", in: "fee", how: "1 row more"},
	"a deferral is not shown": {reason: "the debtor would ask again", core: "reference", view: "deferral", where: "false",
		act: "request_deferral", step: "a call that is right", in: "deferral", how: "no row shows what was done"},
	"a decision is taken twice": {reason: "two case workers would contradict each other", core: "reference",
		function: "oversikt_rules.decide_deferral", old: "when held.status <> 'RECEIVED' or held.solution is not null then",
		new: "when false then", act: "decide_deferral", step: "a second decision", in: "decide_deferral", how: "it answers DONE"},
	"a plan is decided twice": {reason: "two case workers would contradict each other", core: "reference",
		function: "oversikt_rules.decide_instalment_plan", old: "when held.status <> 'REQUESTED' then", new: "when false then",
		act: "decide_instalment_plan", step: "a second decision", in: "decide_instalment_plan", how: "it failed with SQLSTATE"},
	"a plan is granted as it was asked for": {reason: "the case worker has changed it", core: "reference",
		function: "oversikt_rules.decide_instalment_plan", old: "if input ->> 'instalments' is not null then", new: "if false then",
		act: "decide_instalment_plan", step: "a call that is right", in: "instalment", how: "has other instalments than were granted"},
	"a claim is not reduced": {reason: "the debtor would pay what was never owed", core: "journal",
		function: "oversikt_rules.decide_objection", old: "perform journal.credit(found.id, reduction);", new: "null;",
		act: "decide_objection", step: "a call that is right", in: "case", how: "is reduced by 0 øre, not 100"},
	"an objection is decided twice": {reason: "two case workers would contradict each other", core: "legacy",
		function: "oversikt_rules.decide_objection", old: "when gjelder.status not in ('M', 'B') then", new: "when false then",
		act: "decide_objection", step: "a second decision", in: "decide_objection", how: "it answers DONE"},
	"another's case is linked": {reason: "whoever knows a number would have the case", core: "reference",
		function: "core.link_case", old: "elsif owes.national_id is not null or owes.kind <> 'PERSON' then", new: "elsif false then",
		act: "decide_case_link", step: "a grant of what is not the person's", in: "case",
		how: "rows that are not the person's"},
	"what is asked for does not wait": {reason: "nobody would decide it", core: "legacy", view: "queue_item", where: "false",
		act: "decide_deferral", step: "a call that is right", in: "queue_item", how: "no row shows what was done"},
	"an objection holds nothing": {reason: "collection would go on", core: "reference", view: "hold",
		where: "kind <> 'DISPUTED'", act: "submit_objection", step: "a call that is right", in: "hold",
		how: "has no hold DISPUTED"},
	"a row that cannot be read": {reason: "the debtor would lose the case", core: "reference",
		function: "core.grant_deferral", old: "insert into core.fee (case_id, kind, amount_ore, incurred_on, legal_basis)",
		new: "update core.case c set opened_on = '-infinity' where c.case_id = made.case_id; " +
			"insert into core.fee (case_id, kind, amount_ore, incurred_on, legal_basis)",
		act: "request_deferral", step: "a call that is right", in: "case", how: "is shown no more"},
	"two powers": {reason: "one key has one effect", core: "reference",
		function: "oversikt.give_power_of_attorney", old: "select * into held",
		new: `perform oversikt_rules.give_power_of_attorney(caller, input);
			select * into held`,
		act: "give_power_of_attorney", step: "the same call again", in: "power_of_attorney", how: "1 row more"},
	"a refusal leaves a row": {reason: "what is refused has not happened", core: "reference",
		function: "oversikt.request_deferral", old: "            update oversikt_rules.act a",
		new: `            insert into core.message (debtor_id, sender, body, sent_at)
			select core.debtor_of(caller), 'AGENCY', 'Nei', now() where request_deferral.status = 'REFUSED';
			update oversikt_rules.act a`,
		act: "request_deferral", step: "another person's call", in: "message", how: "rows that are not the person's: 1 row more"},
	"everybody moves": {reason: "a condition was forgotten", core: "reference",
		function: "core.change_contact", old: "where d.debtor_id = debtor", new: "where true",
		act: "correct_contact", step: "a call that is right", in: "debtor", how: "rows that are not the person's"},
	"costs do not come back": {reason: "an objection that is taken back leaves nothing", core: "reference",
		function: "oversikt_rules.withdraw_objection", old: "where c.status = 'OPEN'\n    on conflict", new: "where false on conflict",
		act: "withdraw_objection", step: "an objection that is taken back", in: "scheduled_cost", how: "1 row less"},
	"an early withdrawal is forgotten": {reason: "the proposal that comes late is taken", core: "legacy",
		function: "oversikt.withdraw_solution", old: "return query select 'WITHDRAWN'",
		new: `delete from oversikt_rules.act a where a.idempotency_key = $1 and a.digest is null;
			return query select 'WITHDRAWN'`,
		act: "propose_solution", step: "a proposal that comes after its withdrawal", in: "propose_solution",
		how: "it answers PROPOSED, not REFUSED WITHDRAWN"},
	"an error": {reason: "a refusal is a code", core: "reference",
		function: "core.day", old: "exception when data_exception then", new: "exception when unique_violation then",
		act: "request_deferral", step: "an input that cannot be right", in: "request_deferral", how: "SQLSTATE 22008"},
	"another's rows, whole": {reason: "what is not the sample's is looked at too", core: "legacy",
		function: "oversikt_rules.correct_contact", old: "begin", new: "begin update inkasso.sak set gjelder = gjelder || '.';",
		act: "correct_contact", step: "a call that is right", in: "case", how: "rows that are not the person's"},
}

// TestBreaches breaks one thing after the other: each is named, and nobody else is.
func TestBreaches(t *testing.T) {
	t.Parallel()
	for name, b := range breaches {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := cores[b.core].database(t).Conn()
			sql := ""
			if b.function != "" {
				sql = function(t, conn, b.function, b.old, b.new)
			} else {
				sql = view(t, conn, b.view, b.where)
			}
			if _, err := conn.Exec(t.Context(), sql); err != nil {
				t.Fatal(err)
			}
			r, text := report(t, conn, rehearse.Options{Sample: 2, View: busy, Acts: []string{b.act}})
			if !slices.ContainsFunc(r.Differences, func(d rehearse.Difference) bool {
				return d.Act == b.act && d.Step == b.step && d.Relation == b.in && strings.Contains(d.How, b.how)
			}) {
				t.Errorf("%s, and it is not named:\n%s", b.reason, text)
			}
			if digits := endtoend.ElevenDigits(text); digits != "" {
				t.Errorf("it names a person:\n%s", text)
			}
		})
	}
}

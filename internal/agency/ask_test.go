package agency_test

import (
	"encoding/json"
	"os"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// offered are the functions that an agency offers.
func offered(r *agency.Registry, code string) (names []string) {
	for _, name := range spec.FunctionNames() {
		if r.Offers(code, name) {
			names = append(names, name)
		}
	}
	return names
}

func call(function, input string) agency.Call {
	return agency.Call{Function: function, Key: uuid.New(), Scope: somebody(), Input: json.RawMessage(input)}
}

// TestAsk: an act goes to its function with who asks, and its answer comes back as the contract has it.
func TestAsk(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	all(t, r)
	if diff := cmp.Diff(spec.FunctionNames(), offered(r, "lita")); diff != "" {
		t.Errorf("the reference core offers everything (-want +got)\n%s", diff)
	}
	rule := func(body string) {
		c.exec(t, `create or replace function oversikt_rules.correct_contact(
			caller jsonb, input jsonb, out status text, out reason text, out result jsonb) language sql volatile as $$ `+body+` $$`)
	}
	id := somebody().NationalID().Reveal()
	cases := map[string]struct {
		reason, rule string
		want         agency.Answer
		code         fault.Code
	}{
		"who asks": {"the caller is an object",
			`select 'DONE', null, jsonb_build_object('right', caller = '{"national_id": "` + id + `"}', 'input', input)`,
			agency.Answer{Status: "DONE", Result: json.RawMessage(`{"input": {"city": "ÅS"}, "right": true}`)}, ""},
		"reason of its own": {"a reason that nobody knows is any other", `select 'REFUSED', 'FULL_MOON', null::jsonb`,
			agency.Answer{Status: "REFUSED", Reason: "OTHER"}, ""},
		"no reason": {"a refusal has one", `select 'REFUSED', null, null::jsonb`,
			agency.Answer{Status: "REFUSED", Reason: "OTHER"}, ""},
		"reason of what is done": {"it is of no account", `select 'DONE', 'NOT_FOUND', '{}'::jsonb`,
			agency.Answer{Status: "DONE", Result: json.RawMessage(`{}`)}, ""},
		"status": {"nobody knows what has happened", `select 'PERHAPS', null, null::jsonb`, agency.Answer{},
			fault.SchemaMismatch},
		"result": {"it is an object", `select 'DONE', null, '[1]'::jsonb`, agency.Answer{}, fault.SchemaMismatch},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			rule(tc.rule)
			got, err := r.Ask(t.Context(), "lita", call("correct_contact", `{"city": "ÅS"}`))
			if tc.code == "" && err != nil || tc.code != "" && fault.Of(err).Code != tc.code {
				t.Fatalf("%s: %v", tc.reason, err)
			}
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
			if agency.Unsent(err) {
				t.Errorf("%s: it was sent", tc.reason)
			}
		})
	}
}

// TestUnsent: what was certainly not asked for is told from what may have happened.
func TestUnsent(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	all(t, r)
	for name, err := range map[string]error{
		"no such agency": try(t, r, "nowhere", somebody()),
		"out of scope":   try(t, r, "lita", caller.Scope{}),
	} {
		if !agency.Unsent(err) {
			t.Errorf("%s: %v", name, err)
		}
	}
	c.set(t, line.Quality{Down: true})
	eventually(t, "the breaker opens", func() bool {
		err := try(t, r, "lita", somebody())
		return agency.Unsent(err) && fault.Of(err).Cause == nil
	})
}

func try(t *testing.T, r *agency.Registry, code string, scope caller.Scope) error {
	t.Helper()
	k := call("correct_contact", `{"city": "ÅS"}`)
	k.Scope = scope
	_, err := r.Ask(t.Context(), code, k)
	if err == nil {
		t.Fatal("it was done")
	}
	return err
}

// TestReadOnlyAgency: views without functions are a good agency to read, which offers nothing.
func TestReadOnlyAgency(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	c.exec(t, "drop schema oversikt_rules cascade")
	c.exec(t, `do $$ declare f regprocedure; begin
		for f in select p.oid from pg_proc p where p.pronamespace = 'oversikt'::regnamespace loop execute 'drop function ' || f; end loop; end $$`)
	c.exec(t,
		"drop view oversikt.message, oversikt.deferral, oversikt.request, oversikt.power_of_attorney_case, oversikt.power_of_attorney")
	r, log := open(t, c)
	part := all(t, r)[0]
	if len(part.Messages)+len(part.PowersOfAttorney)+len(part.Cases[0].Deferrals) > 0 ||
		len(part.Cases[0].AllLetters) == 0 {
		t.Errorf("the part is %+v", part)
	}
	if !part.Cases[0].Terms.Policy.NothingAgreed {
		t.Error("agreements are suggested there")
	}
	if names := offered(r, "lita"); len(names) > 0 {
		t.Errorf("it offers %q", names)
	}
	for _, function := range []string{"correct_contact", "propose_solution", "withdraw_solution"} {
		for range 4 {
			_, err := r.Ask(t.Context(), "lita", call(function, `{}`))
			if f := fault.Of(err); f.Code != fault.NotOffered || f.Agency != "lita" || !agency.Unsent(err) {
				t.Fatalf("%s: %v", function, err)
			}
		}
	}
	_, err := r.CaseLogin(t.Context(), "lita", part.Cases[0].CaseNumber, debt.Password{})
	if fault.Of(err).Code != fault.NotOffered {
		t.Errorf("a login with a letter: %v", err)
	}
	if all(t, r); log.Has(opened) {
		t.Error("the agency was taken out of service")
	}
}

// TestOffersFollow: what an agency makes is offered once a connection is made.
func TestOffersFollow(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	c.exec(t, "drop function oversikt.confirm_solution(uuid, jsonb, jsonb); drop view oversikt.deferral")
	r, _ := open(t, c)
	if !r.Offers("lita", "propose_solution") || r.Offers("nowhere", "propose_solution") {
		t.Error("an agency that has never answered may have everything, and one that is not known has nothing")
	}
	all(t, r)
	for name, want := range map[string]bool{
		"correct_contact": true, "propose_solution": false, "withdraw_solution": false, "request_deferral": false,
		"submit_objection": true, "case_login": true, "no_such_act": false,
	} {
		if got := r.Offers("lita", name); got != want {
			t.Errorf("%s is offered: %v", name, got)
		}
	}
	c.exec(t,
		"create view oversikt.deferral as select request_id as deferral_id, case_id, 'GRANTED' as status, until, reason, cost_before_ore::bigint, cost_after_ore::bigint, requested_at, decided_on from core.request; grant select on oversikt.deferral to oversikt_app")
	c.kill(t)
	eventually(t, "it is offered", func() bool {
		_, _ = r.Read(t.Context(), somebody(), debt.OfCases)
		return r.Offers("lita", "request_deferral")
	})
}

// TestMadeSince: a function that was made since the last look can be called.
func TestMadeSince(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	c.exec(t, "alter function oversikt.correct_contact(uuid, jsonb, jsonb) rename to later")
	r, _ := open(t, c)
	if _, err := r.Ask(t.Context(), "lita", call("correct_contact",
		`{"city": "ÅS"}`)); fault.Of(err).Code != fault.NotOffered {
		t.Fatalf("it is not there: %v", err)
	}
	c.exec(t, "alter function oversikt.later rename to correct_contact")
	if a, err := r.Ask(t.Context(), "lita", call("correct_contact", `{"city": "ÅS"}`)); err != nil || a.Status != "DONE" {
		t.Errorf("%+v, %v", a, err)
	}
	if !r.Offers("lita", "correct_contact") {
		t.Error("it is not offered")
	}
}

// TestVersion1: an agency that has changed nothing is read as before. Its functions are
// offered for nothing new, and end what was begun with them.
func TestVersion1(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	before, _ := open(t, newCell(t, "lita"))
	sql, err := os.ReadFile("testdata/version1.sql")
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, string(sql))
	r, _ := open(t, c)
	want, got := all(t, before)[0], all(t, r)[0]
	for _, x := range want.Cases {
		x.Deferrals, x.Terms.Policy.NothingAgreed = nil, true
	}
	want.Agency.Name = got.Agency.Name
	want.Agency.Domains, want.Agency.Senders, want.Agency.Phones, want.Agency.Accounts = nil, nil, nil, nil
	if diff := same(want, got); diff != "" {
		t.Errorf("it is read otherwise (-version 2 +version 1)\n%s", diff)
	}
	if diff := cmp.Diff([]string{"case_login", "case_login_succeeded"}, offered(r, "lita")); diff != "" {
		t.Errorf("it offers (-want +got)\n%s", diff)
	}
	give := `{"attorney_org_number": "310000000", "attorney_name": "Rådgiver", "may_act": true, "case_ids": ["1", "2"], "valid_from": "2026-03-02", "valid_until": null}`
	for function, tc := range map[string]struct {
		input string
		want  agency.Answer
	}{
		"confirm_solution":  {`{}`, agency.Answer{Status: "CONFIRMED"}},
		"withdraw_solution": {`{}`, agency.Answer{Status: "WITHDRAWN"}},
		"give_power_of_attorney": {give, agency.Answer{Status: "DONE",
			Result: json.RawMessage(`{"power_of_attorney_id":"42"}`)}},
		"revoke_power_of_attorney": {`{"power_of_attorney_id": "42"}`, agency.Answer{Status: "REFUSED", Reason: "OTHER"}},
	} {
		got, err := r.Ask(t.Context(), "lita", call(function, tc.input))
		if diff := cmp.Diff(tc.want, got); err != nil || diff != "" {
			t.Errorf("%s: %v\n%s", function, err, diff)
		}
	}
	for _, function := range []string{"propose_solution", "correct_contact", "request_deferral"} {
		if _, err := r.Ask(t.Context(), "lita", call(function, `{}`)); fault.Of(err).Code != fault.NotOffered {
			t.Errorf("%s: %v", function, err)
		}
	}
	rows, err := c.db.Conn().Query(t.Context(), "select concat_ws(' ', name, person, rest) from core.called order by name")
	if err != nil {
		t.Fatal(err)
	}
	called, err := pgx.CollectRows(rows, pgx.RowTo[string])
	id := somebody().NationalID().Reveal()
	calls := []string{"confirm " + id + " ", "give " + id + " 310000000|Rådgiver|t|{1,2}|2026-03-02", "revoke " + id +
		" 42",
		"withdraw " + id + " "}
	if diff := cmp.Diff(calls, called); err != nil || diff != "" {
		t.Errorf("what was called (-want +got) %v\n%s", err, diff)
	}
}

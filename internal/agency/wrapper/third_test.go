package wrapper_test

import (
	"bytes"
	"fmt"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5/pgxpool"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/agency/wrapper"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// third is a core that nobody knows: it has a rule for one act and for the steps of a proposal,
// and its own name for the schema.
const third = `
create schema felles;
create schema felles_rules;
create table felles_rules.log (entry text);
create function felles_rules.correct_contact(caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language plpgsql as $$
begin
    insert into felles_rules.log values ('correct');
    if input ? 'break' then
        raise exception 'broken';
    end if;
    status := case when input ? 'refuse' then 'REFUSED' else 'DONE' end;
    reason := input ->> 'refuse';
    result := case when reason is null then jsonb_build_object('for', caller) end;
end
$$;
create function felles_rules.propose_solution(proposal uuid, caller jsonb, input jsonb, out status text, out reason text, out result jsonb)
language sql volatile as $$
    insert into felles_rules.log values ('propose') returning case when input ? 'refuse' then 'REFUSED' else 'PROPOSED' end, input ->> 'refuse', null::jsonb
$$;
create function felles_rules.confirm_solution(proposal uuid, caller jsonb, input jsonb) returns void
language sql volatile as $$ insert into felles_rules.log values ('confirm ' || input::text) $$;
create function felles_rules.withdraw_solution(proposal uuid, caller jsonb, input jsonb) returns void
language sql volatile as $$ insert into felles_rules.log values ('withdraw ' || input::text) $$;
do $$ begin create role oversikt_app login; exception when duplicate_object or unique_violation then null; end $$;
grant usage on schema felles to oversikt_app;`

func thirdCore(t *testing.T) *pgtest.DB {
	t.Helper()
	db := pgtest.New(t, pgtest.Template{})
	referencetest.Exec(t, db.Conn(), third)
	var sql bytes.Buffer
	if err := wrapper.Write(&sql, wrapper.Options{Schema: "felles"}); err != nil {
		t.Fatal(err)
	}
	for range 2 { // it can be run again
		referencetest.Exec(t, db.Conn(), sql.String())
	}
	return db
}

const key, other = "'11111111-1111-4111-8111-111111111111'", "'22222222-2222-4222-8222-222222222222'"

// TestThirdCore asks as Oversikt's role, and looks at what the rules were called for.
func TestThirdCore(t *testing.T) {
	t.Parallel()
	db := thirdCore(t)
	conn, owner := referencetest.ConnectAs(t, db, spec.DefaultRole), db.Conn()
	const me, you = `'{"national_id": "1"}'`, `'{"case_id": "7"}'`
	for i, step := range []struct{ reason, call, want string }{
		{"done", `correct_contact(` + key + `, ` + me + `, '{"a": 1, "b": 2}')`, `DONE  {"for": {"national_id": "1"}}`},
		{"the same again, written otherwise", `correct_contact(` + key + `, ` + me + `, '{"b":2,"a":1}')`,
			`DONE  {"for": {"national_id": "1"}}`},
		{"another input", `correct_contact(` + key + `, ` + me + `, '{"a": 2}')`, `REFUSED KEY_REUSED `},
		{"another caller", `correct_contact(` + key + `, ` + you + `, '{"a": 1, "b": 2}')`, `REFUSED KEY_REUSED `},
		{"the key of another act", `confirm_solution(` + key + `, ` + me + `, '{}')`, `REFUSED KEY_REUSED `},
		{"the same", `withdraw_solution(` + key + `, ` + me + `, '{}')`, `REFUSED KEY_REUSED `},
		{"the same", `propose_solution(` + key + `, ` + me + `, '{}')`, `REFUSED KEY_REUSED `},
		{"refused", `correct_contact(gen_random_uuid(), ` + me + `, '{"refuse": "NOT_FOUND"}')`, `REFUSED NOT_FOUND `},
		{"unknown", `confirm_solution(` + other + `, ` + me + `, '{}')`, `REFUSED NOT_FOUND `},
		{"proposed", `propose_solution(` + other + `, ` + me + `, '{"x": 1}')`, `PROPOSED  {"repeated": false}`},
		{"again", `propose_solution(` + other + `, ` + me + `, '{"x": 1}')`, `PROPOSED  {"repeated": true}`},
		{"other terms", `propose_solution(` + other + `, ` + me + `, '{"x": 2}')`, `REFUSED KEY_REUSED `},
		{"another's", `confirm_solution(` + other + `, ` + you + `, '{}')`, `REFUSED KEY_REUSED `},
		{"confirmed", `confirm_solution(` + other + `, ` + me + `, '{}')`, `CONFIRMED  `},
		{"twice", `confirm_solution(` + other + `, ` + me + `, '{}')`, `CONFIRMED  `},
		{"another's", `withdraw_solution(` + other + `, ` + you + `, '{}')`, `REFUSED KEY_REUSED `},
		{"withdrawn", `withdraw_solution(` + other + `, ` + me + `, '{}')`, `WITHDRAWN  `},
		{"twice", `withdraw_solution(` + other + `, ` + me + `, '{}')`, `WITHDRAWN  `},
		{"too late", `confirm_solution(` + other + `, ` + me + `, '{}')`, `WITHDRAWN  `},
		{"proposed again", `propose_solution(` + other + `, ` + me + `, '{"x": 1}')`, `WITHDRAWN  {"repeated": true}`},
		{"before it comes", `withdraw_solution('33333333-3333-4333-8333-333333333333', ` + me + `, '{}')`, `WITHDRAWN  `},
		{"it comes late", `propose_solution('33333333-3333-4333-8333-333333333333', ` + me + `, '{"x": 1}')`,
			`REFUSED WITHDRAWN `},
	} {
		var got string
		err := conn.QueryRow(t.Context(),
			"select concat_ws(' ', status, coalesce(reason, ''), coalesce(result::text, '')) from felles."+step.call).Scan(&got)
		if err != nil || got != step.want {
			t.Errorf("step %d, %s: %q, %v; want %q", i, step.reason, got, err, step.want)
		}
	}
	var entries []string
	if err := owner.QueryRow(t.Context(), "select array(select entry from felles_rules.log)").Scan(&entries); err != nil {
		t.Fatal(err)
	}
	want := []string{"correct", "correct", "propose", `confirm {"x": 1}`, `withdraw {"x": 1}`}
	if diff := cmp.Diff(want, entries); diff != "" {
		t.Errorf("what the rules did (-want +got)\n%s", diff)
	}
	for _, sql := range []string{"select felles.request_deferral(gen_random_uuid(), '{}', '{}')",
		"select * from felles_rules.act", "select felles_rules.confirm_solution(gen_random_uuid(), '{}', '{}')"} {
		if _, err := conn.Exec(t.Context(), sql); err == nil {
			t.Errorf("%s: it is there, or the role may do it", sql)
		}
	}
}

// TestErrorFreesTheKey: what breaks leaves nothing, and can be asked again.
func TestErrorFreesTheKey(t *testing.T) {
	t.Parallel()
	conn := thirdCore(t).Conn()
	if _, err := conn.Exec(t.Context(), "select felles.correct_contact("+key+`, '{}', '{"break": true}')`); err == nil {
		t.Fatal("a broken rule is no error")
	}
	var status string
	err := conn.QueryRow(t.Context(), "select status from felles.correct_contact("+key+", '{}', '{}')").Scan(&status)
	if err != nil || status != "DONE" {
		t.Errorf("%s, %v", status, err)
	}
}

// TestAtOnce: of twenty calls with one key one has the effect, and all have its answer.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	db := thirdCore(t)
	pool := db.Pool(func(c *pgxpool.Config) { c.MaxConns = 8 })
	for i, function := range []string{"correct_contact", "propose_solution", "confirm_solution", "withdraw_solution"} {
		keys := []string{key, other, other, other}
		var all sync.WaitGroup
		for range 20 {
			all.Go(func() {
				if _, err := pool.Exec(t.Context(), fmt.Sprintf("select felles.%s(%s, '{}', '{}')", function,
					keys[i])); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		var n int
		if err := pool.QueryRow(t.Context(), "select count(*) from felles_rules.log").Scan(&n); err != nil || n != i+1 {
			t.Errorf("after twenty of %s there are %d effects, %v", function, n, err)
		}
	}
}

func TestNames(t *testing.T) {
	t.Parallel()
	for _, o := range []wrapper.Options{{Schema: "a b"}, {Role: `x"; drop schema core`}, {Schema: "Ærlig"}} {
		var b bytes.Buffer
		if err := wrapper.Write(&b, o); err == nil || b.Len() > 0 {
			t.Errorf("%+v is written as SQL", o)
		}
	}
}

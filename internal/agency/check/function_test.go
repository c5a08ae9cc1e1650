package check

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// refunction creates a function of the contract again, with another head.
func refunction(name, head string) string {
	return "drop function oversikt." + name + "; create function oversikt." + name + head + `;
		revoke execute on all functions in schema oversikt from public;
		grant execute on all functions in schema oversikt to oversikt_app;`
}

const answers = ` language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED', null, '{}'::jsonb $$`

func TestCheckFunctions(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"kept": {
			reason: "a table, varchar, another order and another language serve as well",
			sql: refunction("confirm_solution",
				"(input jsonb, caller jsonb, idempotency_key uuid) returns table (result jsonb, reason text, status varchar)"+
					` language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select '{}'::jsonb, '', 'CONFIRMED' $$`),
		},
		"beside the contract": {
			reason: "an agency may have functions of its own there",
			sql:    "create function oversikt.ours() returns integer language sql as 'select 1'",
		},
		"owner's schema": {
			reason: "where nobody but the owner can create, names can be looked up",
			sql:    "alter function oversikt.confirm_solution set search_path = pg_catalog, core, pg_temp",
		},
		"missing": {
			reason:  "it is not offered, which is no breach",
			sql:     "drop function oversikt.confirm_solution",
			missing: []string{"confirm_solution"},
		},
		"procedure": {
			reason:  "a procedure is called otherwise",
			sql:     "drop function oversikt.confirm_solution; create procedure oversikt.confirm_solution(idempotency_key uuid, caller jsonb, input jsonb) language sql as ''",
			missing: []string{"confirm_solution"},
		},
		"two": {
			reason: "PostgreSQL cannot choose",
			sql:    "create function oversikt.confirm_solution(idempotency_key uuid, caller json, input jsonb) returns table (status text, reason text, result jsonb)" + answers + "; revoke execute on all functions in schema oversikt from public; grant execute on all functions in schema oversikt to oversikt_app",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleFunction}},
			says:   "several functions",
		},
		"argument misspelt": {
			reason: "arguments are passed by name",
			sql: refunction("confirm_solution", "(key uuid, caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)"+
				answers),
			want: []Breach{
				{Relation: "confirm_solution", Column: "idempotency_key", Rule: RuleArgument},
				{Relation: "confirm_solution", Column: "key", Rule: RuleArgument},
			},
			says: "the argument is missing",
		},
		"argument's type": {
			reason: "a key is a uuid",
			sql: refunction("confirm_solution",
				"(idempotency_key text, caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)"+answers),
			want: []Breach{{Relation: "confirm_solution", Column: "idempotency_key", Rule: RuleArgument}},
			says: "text, not uuid",
		},
		"argument more": {
			reason: "Oversikt does not know what to pass",
			sql: refunction("confirm_solution",
				"(idempotency_key uuid, caller jsonb, input jsonb, agency text default '') returns table (status text, reason text, result jsonb)"+
					answers),
			want: []Breach{{Relation: "confirm_solution", Column: "agency", Rule: RuleArgument}},
			says: "no such argument",
		},
		"argument without a name": {
			reason: "it cannot be passed by name",
			sql:    refunction("confirm_solution", "(uuid, caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)"+answers),
			want: []Breach{
				{Relation: "confirm_solution", Column: "idempotency_key", Rule: RuleArgument},
				{Relation: "confirm_solution", Rule: RuleArgument},
			},
		},
		"result missing": {
			reason: "one value has no name to be read by",
			sql: refunction("confirm_solution",
				"(idempotency_key uuid, caller jsonb, input jsonb) returns text language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED' $$"),
			want: []Breach{
				{Relation: "confirm_solution", Column: "status", Rule: RuleResult},
				{Relation: "confirm_solution", Column: "reason", Rule: RuleResult},
				{Relation: "confirm_solution", Column: "result", Rule: RuleResult},
			},
			says: "the result is missing",
		},
		"result's type": {
			reason: "a code is a text",
			sql: refunction("confirm_solution",
				"(idempotency_key uuid, caller jsonb, input jsonb) returns table (status char(9), reason text, result jsonb)"+answers),
			want: []Breach{{Relation: "confirm_solution", Column: "status", Rule: RuleResult}},
			says: "character, not text",
		},
		"argument in place of a result": {
			reason: "the direction counts",
			sql: refunction("confirm_solution",
				"(idempotency_key uuid, caller jsonb, input jsonb, reason text, out status text, out result jsonb) language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED', null::jsonb $$"),
			want: []Breach{
				{Relation: "confirm_solution", Column: "reason", Rule: RuleArgument},
				{Relation: "confirm_solution", Column: "reason", Rule: RuleResult},
			},
		},
		"invoker": {
			reason: "the role has no rights on the tables",
			sql:    "alter function oversikt.confirm_solution security invoker",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleInvokerRights}},
			says:   "security definer",
		},
		"not volatile": {
			reason: "PostgreSQL refuses its changes",
			sql:    "alter function oversikt.confirm_solution stable",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleVolatility}},
			says:   "volatile",
		},
		"no search_path": {
			reason: "the caller's is used",
			sql:    "alter function oversikt.confirm_solution reset all",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleSearchPath}},
			says:   "no search_path of its own",
		},
		"empty search_path": {
			reason: "temporary tables and types come first where pg_temp is not named",
			sql:    "alter function oversikt.confirm_solution set search_path = ''",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleSearchPath}},
			says:   "pg_temp",
		},
		"pg_temp first": {
			reason: "the role can put tables and types there",
			sql:    "alter function oversikt.confirm_solution set search_path = pg_temp, pg_catalog, pg_temp",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleSearchPath}},
			says:   "has pg_temp, where others can create",
		},
		"somebody's schema": {
			reason: "who can create there can put a function in the way",
			sql: `do $$ begin create role contract_somebody; exception when duplicate_object or unique_violation then null; end $$;
				create schema theirs; grant create on schema theirs to contract_somebody;
				alter function oversikt.confirm_solution set search_path = pg_catalog, theirs, "$user", pg_temp`,
			want: []Breach{{Relation: "confirm_solution", Rule: RuleSearchPath}},
			says: "has theirs, $user, where others can create",
		},
		"inner function": {
			reason: "the act's function calls it, and the names in it are looked up anew",
			sql: `create function core.inner(text) returns text language sql set search_path = '' as 'select $1';
				create function core.other(text) returns text language sql set search_path = core, pg_temp, public as 'select $1';
				create function core.safe(text) returns text language sql set search_path = core, pg_temp as 'select $1'`,
			warns: []Breach{{Relation: "schema core", Rule: RuleSearchPath}},
		},
		"inner function without temporary objects": {
			reason: "nobody can put anything in its way",
			sql: `create function core.inner(text) returns text language sql set search_path = '' as 'select $1';
				do $$ begin execute format('revoke temporary on database %I from public', current_database()); end $$`,
		},
		"public": {
			reason: "functions are public unless revoked",
			sql:    "grant execute on function oversikt.confirm_solution to public",
			want:   []Breach{{Relation: "confirm_solution", Rule: RulePublic}},
			says:   "revoke execute on function oversikt.confirm_solution from public",
		},
		"public by default": {
			reason: "no grant is written down, which means everybody",
			sql: `drop function oversikt.confirm_solution;
				create function oversikt.confirm_solution(idempotency_key uuid, caller jsonb, input jsonb) returns table (status text, reason text, result jsonb)` + answers,
			want: []Breach{{Relation: "confirm_solution", Rule: RulePublic}},
		},
		"not granted": {
			reason: "a function that was made after the grant",
			sql:    "revoke execute on function oversikt.confirm_solution from oversikt_app",
			want:   []Breach{{Relation: "confirm_solution", Rule: RuleUncallable}},
			says:   "grant execute on function oversikt.confirm_solution to oversikt_app",
		},
		"owned by the role": {
			reason: "its rights are the role's, and it can change it",
			sql:    "alter function oversikt.confirm_solution owner to oversikt_app",
			want:   []Breach{{Relation: "role oversikt_app", Rule: RuleOwner}},
			says:   "function oversikt.confirm_solution",
		},
		"definer beside the contract": {
			reason: "the role can do what the contract does not have",
			sql:    "create function oversikt.everyone() returns setof core.debtor language sql security definer as 'select * from core.debtor'",
			want:   []Breach{{Relation: "schema oversikt", Rule: RuleDefiner}},
			says:   "everyone execute",
		},
		"version 1": {
			reason: "an old function is no breach, and not offered",
			sql: refunction("confirm_solution",
				"(idempotency_key uuid, national_id text) returns table (status text, reason text) language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED', null $$"),
			missing: []string{"confirm_solution"}, old: []string{"confirm_solution"},
		},
		"version 1 beside it": {
			reason: "an old function may stay while something is open",
			sql:    "create function oversikt.confirm_solution(idempotency_key uuid, national_id text) returns table (status text, reason text) language sql volatile security definer set search_path = pg_catalog, pg_temp as $$ select 'CONFIRMED', null $$; revoke execute on all functions in schema oversikt from public; grant execute on all functions in schema oversikt to oversikt_app",
		},
		"no functions": {
			reason:  "views alone are a good agency to read",
			sql:     "do $$ declare f regprocedure; begin for f in select p.oid from pg_proc p where p.pronamespace = 'oversikt'::regnamespace loop execute 'drop function ' || f; end loop; end $$",
			missing: acts(), noLogin: true,
		},
		"all at once": {
			reason: "each is named, in the order of the contract",
			sql: "drop function oversikt.withdraw_solution;" +
				refunction("confirm_solution",
					"(idempotency_key text, caller jsonb, input jsonb) returns table (status text, result jsonb) language sql stable as $$ select 'CONFIRMED', null::jsonb $$") + `
				revoke execute on function oversikt.confirm_solution from oversikt_app;
				grant execute on function oversikt.propose_solution to public`,
			want: []Breach{
				{Relation: "propose_solution", Rule: RulePublic},
				{Relation: "confirm_solution", Column: "idempotency_key", Rule: RuleArgument},
				{Relation: "confirm_solution", Column: "reason", Rule: RuleResult},
				{Relation: "confirm_solution", Rule: RuleInvokerRights},
				{Relation: "confirm_solution", Rule: RuleSearchPath},
				{Relation: "confirm_solution", Rule: RuleVolatility},
				{Relation: "confirm_solution", Rule: RuleUncallable},
			},
			missing: []string{"withdraw_solution"},
		},
	})
}

// acts are the names of all acts.
func acts() (names []string) {
	for _, f := range spec.Functions {
		if f.IsAct() {
			names = append(names, f.Name)
		}
	}
	return names
}

package check

import (
	"fmt"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// roleWith makes a role and grants it the contract.
func roleWith(name, attributes string) string {
	return fmt.Sprintf("create role %[1]s %[2]s; grant usage on schema oversikt to %[1]s; grant select on all tables in schema oversikt to %[1]s; grant execute on all functions in schema oversikt to %[1]s;", name, attributes)
}

// coreOpen is what comes of usage of the core's schema: its tables, and the day that the views ask for.
var coreOpen = []Breach{{Relation: "schema core", Rule: RuleOutside}, {Relation: "schema core", Rule: RuleDefiner}}

func TestCheckRole(t *testing.T) {
	t.Parallel()
	role := func(name string) Options { return Options{Role: name} }
	runBreaking(t, map[string]breaking{
		"no role": {
			reason: "Oversikt cannot connect",
			opts:   role("contract_no_such_role"),
			want:   []Breach{{Relation: "role contract_no_such_role", Rule: RuleRole}},
			says:   "create role contract_no_such_role login",
		},
		"no login": {
			reason: "a group is no user",
			sql:    roleWith("contract_nologin", "nologin"),
			opts:   role("contract_nologin"),
			want:   []Breach{{Relation: "role contract_nologin", Rule: RuleRole}},
			says:   "alter role contract_nologin login",
		},
		"superuser": {
			reason: "one breach, though everything follows from it",
			sql:    roleWith("contract_super", "login superuser"),
			opts:   role("contract_super"),
			want:   []Breach{{Relation: "role contract_super", Rule: RulePower}},
			says:   "alter role contract_super nosuperuser",
		},
		"bypassrls": {
			reason: "row security does not hold for it",
			sql:    roleWith("contract_bypass", "login bypassrls createrole"),
			opts:   role("contract_bypass"),
			want:   []Breach{{Relation: "role contract_bypass", Rule: RulePower}},
			says:   "nobypassrls nocreaterole",
		},
		"member": {
			reason: "a predefined role reads everything",
			sql:    roleWith("contract_member", "login noinherit") + "grant pg_read_all_data to contract_member",
			opts:   role("contract_member"),
			want:   []Breach{{Relation: "role contract_member", Rule: RuleMember}},
			says:   "revoke pg_read_all_data from contract_member",
		},
		"owner": {
			reason: "an owner can do anything to its view",
			sql: roleWith("contract_owner", "login") +
				"alter view oversikt.message owner to contract_owner; grant select on core.message to contract_owner",
			opts: role("contract_owner"),
			want: []Breach{{Relation: "role contract_owner", Rule: RuleOwner}},
			says: "relation oversikt.message",
		},
		"no usage": {
			reason: "one breach for the schema, not one for each relation",
			sql:    "revoke usage on schema oversikt from oversikt_app",
			want:   []Breach{{Relation: "role oversikt_app", Rule: RuleUnread}},
			says:   "grant usage on schema oversikt",
		},
		"no select": {
			reason: "a view that was made after the grant",
			sql:    "revoke select on oversikt.fee from oversikt_app",
			want:   []Breach{{Relation: "fee", Rule: RuleUnread}},
			says:   "grant select on oversikt.fee to oversikt_app",
		},
		"no select, as the role": {
			reason: "what it cannot read is no error of the check",
			sql:    "revoke select on oversikt.fee from oversikt_app",
			as:     spec.DefaultRole,
			want:   []Breach{{Relation: "fee", Rule: RuleUnread}},
		},
		"core table": {
			reason: "a table behind the views can be read",
			sql:    "grant usage on schema core to oversikt_app; grant select on core.debtor, core.case to oversikt_app",
			want:   coreOpen,
			says:   "case select, debtor select",
		},
		"core column": {
			reason: "one column is enough",
			sql:    "grant usage on schema core to oversikt_app; grant select (name) on core.debtor to oversikt_app",
			want:   coreOpen,
		},
		"table of everybody": {
			reason: "public includes the role",
			sql:    "create table public.person (name text); grant select on public.person to public",
			want:   []Breach{{Relation: "schema public", Rule: RuleOutside}},
		},
		"through a group": {
			reason: "noinherit does not keep a role from setting the group's",
			sql: roleWith("contract_in_group", "login noinherit") + `
				create role contract_group; grant contract_group to contract_in_group; grant usage on schema core to contract_group; grant select on core.debtor to contract_group`,
			opts: role("contract_in_group"),
			want: coreOpen,
		},
		"write": {
			reason: "a view can be written through",
			sql:    "grant insert, delete on oversikt.fee to oversikt_app",
			want:   []Breach{{Relation: "schema oversikt", Rule: RuleWrite}},
			says:   "fee delete insert",
		},
		"sequence": {
			reason: "taking a number is a change",
			sql:    "grant usage on sequence core.fee_fee_id_seq to oversikt_app",
			want:   []Breach{{Relation: "schema core", Rule: RuleWrite}},
		},
		"create": {
			reason: "what it creates is its own",
			sql:    "grant create on schema public to public",
			want:   []Breach{{Relation: "schema public", Rule: RuleCreate}},
		},
		"create in the database": {
			reason: "a schema of its own",
			sql:    "do $$ begin execute format('grant create on database %I to oversikt_app', current_database()); end $$",
			want:   []Breach{{Relation: "database DB", Rule: RuleCreate}},
		},
		"definer": {
			reason: "functions are public unless revoked",
			sql:    "create function public.everyone() returns setof core.debtor language sql security definer as 'select * from core.debtor'",
			want:   []Breach{{Relation: "schema public", Rule: RuleDefiner}},
			says:   "everyone execute",
		},
	})
}

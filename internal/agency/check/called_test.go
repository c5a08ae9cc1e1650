package check

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// TestCheckOfWhatViewsCall: the owner and the role get the same report.
func TestCheckOfWhatViewsCall(t *testing.T) {
	t.Parallel()
	const whole = "create function core.whole(bigint) returns bigint language sql immutable return $1; "
	const plpgsql = `create function core.plain(bigint) returns bigint language plpgsql stable as
		'begin return (select max(p.amount_ore) from core.payment p); end'; `
	calling := func(call string) string {
		return referencetest.Swap("fee", "amount_ore::bigint", call+" as amount_ore")
	}
	cases := map[string]breaking{
		"may": {reason: "everybody may call it", sql: whole + calling("core.whole(amount_ore)")},
		"function": {
			reason: "a view calls with the rights of its reader",
			sql:    whole + calling("core.whole(amount_ore)") + "revoke execute on function core.whole from public",
			want:   []Breach{{Relation: "fee", Rule: RuleCalled}},
			says:   "core.whole(bigint), which fee calls",
		},
		"function of a view below": {
			reason: "in each view",
			sql: whole + "create view core.fee_below as select *, core.whole(amount_ore) as whole_ore from core.fee;" +
				referencetest.Swap("fee", "amount_ore::bigint", "whole_ore as amount_ore", "core.fee", "core.fee_below") +
				"revoke execute on function core.whole from public",
			want: []Breach{{Relation: "fee", Rule: RuleCalled}},
		},
		"function in a condition": {
			reason: "not only in columns",
			sql: whole + referencetest.Swap("letter", "from core.letter", "from core.letter where core.whole(letter_id) > 0") +
				"revoke execute on function core.whole from public",
			want: []Breach{{Relation: "letter", Rule: RuleCalled}},
		},
		"operator": {
			reason: "it is a function too",
			sql: whole + "create function core.plus(bigint, bigint) returns bigint language sql immutable return $1 + $2; " +
				"create operator core.@+ (leftarg = bigint, rightarg = bigint, function = core.plus); " +
				calling("amount_ore::bigint operator(core.@+) 0::bigint") + "revoke execute on function core.plus from public",
			want: []Breach{{Relation: "fee", Rule: RuleCalled}},
			says: "core.plus",
		},
		"function of a function": {
			reason: "it calls with the same rights",
			sql: whole + "create function core.outer(bigint) returns bigint language sql immutable return core.whole($1); " +
				calling("core.outer(amount_ore)") + "revoke execute on function core.whole from public",
			want: []Breach{{Relation: "fee", Rule: RuleCalled}},
			says: "core.whole(bigint)",
		},
		"table of a function": {
			reason: "it reads with the same rights",
			sql: "create function core.least() returns bigint language sql stable return (select min(p.amount_ore) from core.payment p); " +
				calling("core.least()"),
			want: []Breach{{Relation: "fee", Rule: RuleCalled}},
			says: "may not read core.payment",
		},
		"view with the rights of its reader": {
			reason: "the view above does not help",
			sql: "create view core.fee_below with (security_invoker) as select * from core.fee;" +
				referencetest.Swap("fee", "core.fee", "core.fee_below"),
			want: []Breach{{Relation: "fee", Rule: RuleCalled}},
			says: "may not read core.fee",
		},
		"what cannot be seen": {
			reason: "a body that PostgreSQL has not parsed is tried",
			sql:    plpgsql + calling("core.plain(amount_ore)"),
			want:   []Breach{{Relation: "fee", Column: "amount_ore", Rule: RuleUnreadable}},
			says:   "42501",
		},
		"with its owner's rights": {
			reason: "it needs none of the reader's",
			sql: plpgsql + "alter function core.plain security definer set search_path = pg_catalog, pg_temp; " +
				calling("core.plain(amount_ore)") + "revoke execute on function core.plain from public; " +
				"grant execute on function core.plain to oversikt_app",
		},
	}
	for name, c := range cases {
		c.as = spec.DefaultRole
		cases[name+", as the role"] = c
	}
	const reader = "create role contract_reader; grant usage on schema core, oversikt to contract_reader; " +
		"grant select on all tables in schema core, oversikt to contract_reader; "
	cases["what cannot be seen, as somebody else"] = breaking{
		reason: "who cannot become the role says what was not tried",
		sql:    plpgsql + calling("core.plain(amount_ore)") + reader,
		as:     "contract_reader", opts: Options{Role: spec.DefaultRole},
		warns: []Breach{{Relation: "fee", Rule: RuleCalled}},
		says:  "user contract_reader cannot try that",
	}
	cases["function, as somebody else"] = breaking{
		reason: "the catalogue says it to everybody",
		sql:    whole + calling("core.whole(amount_ore)") + "revoke execute on function core.whole from public; " + reader,
		as:     "contract_reader", opts: Options{Role: spec.DefaultRole},
		want: []Breach{{Relation: "fee", Rule: RuleCalled}},
	}
	runBreaking(t, cases)
}

package check

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

// manyFees makes core.fee too large to be read whole.
const manyFees = "insert into core.fee (case_id, kind, amount_ore, incurred_on) select 1 + g % 3, 'OTHER', 100, '2026-01-01' from generate_series(1, 3000) g; analyze core.fee;"

func TestCheckPlans(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"relation": {
			reason: "the rows of a case cannot be found",
			sql:    "drop index core.fee_case_id_idx",
			want:   []Breach{{Relation: "core.fee", Column: "case_id", Rule: RuleIndex}},
			says:   "index what the rows are chosen by",
		},
		"relation, without an optional column": {
			reason: "what is read as null hides nothing",
			sql: "drop index core.fee_case_id_idx;" + referencetest.Swap("case", "agreement_group, ", "") +
				referencetest.Swap("objection", "disputed_amount_ore::bigint, ", ""),
			want:    []Breach{{Relation: "core.fee", Column: "case_id", Rule: RuleIndex}},
			lacking: []string{"case.agreement_group", "objection.disputed_amount_ore"},
		},
		"relation, as the role": {
			reason: "the role needs no right on the table to be told",
			sql:    "drop index core.fee_case_id_idx",
			as:     spec.DefaultRole,
			want:   []Breach{{Relation: "core.fee", Column: "case_id", Rule: RuleIndex}},
		},
		"analysed and tiny": {
			reason: "statistics of three rows hide nothing",
			sql:    "analyze; drop index core.case_debtor_id_idx",
			want:   []Breach{{Relation: "core.case", Column: "debtor_id", Rule: RuleIndex}},
		},
		"login": {
			reason: "every read begins here",
			sql:    "alter table core.debtor drop constraint debtor_national_id_key",
			want:   []Breach{{Relation: "core.debtor", Column: "national_id", Rule: RuleIndex}},
			says:   "look-up of debtor by national_id",
		},
		"public status": {
			reason: "anybody may ask, so it must be cheap",
			sql:    "alter table core.case drop constraint case_case_number_key",
			want:   []Breach{{Relation: "core.case", Column: "case_number", Rule: RuleIndex}},
			says:   "case_status.sql",
		},
		"relation of a debtor": {
			reason: "messages hang on no case",
			sql:    "drop index core.message_debtor_id_idx",
			want:   []Breach{{Relation: "core.message", Column: "debtor_id", Rule: RuleIndex}},
			says:   "look-up of message by debtor_id",
		},
		"branch of a union": {
			reason: "one table of several behind a view",
			sql:    "drop index core.request_case_id_idx",
			want:   []Breach{{Relation: "core.request", Column: "case_id", Rule: RuleIndex}},
			says:   "hold.sql",
		},
		"computed key": {
			reason: "an index on the column does not serve an expression",
			sql: referencetest.Swap("scheduled_cost", "s.kind, s.amount_ore::bigint", "s.kind, s.amount_ore::bigint") + referencetest.Swap("message", "debtor_id",
				"(debtor_id + 0) as debtor_id"),
			want: []Breach{{Relation: "core.message", Column: "debtor_id", Rule: RuleIndex}},
			says: "chosen by: debtor.debtor_id = (message.debtor_id + 0)",
		},
		"plain union": {
			reason: "PostgreSQL does not push a join into a union whose branches are joins",
			sql: referencetest.Swap("hold", "select c.case_id, h.kind, h.since, h.until\nfrom core.case c\ncross join lateral (",
				"select * from (",
				"select kind, since, until from core.hold where case_id = c.case_id",
				"select case_id, kind, since, until from core.hold",
				"select 'DISPUTED'", "select case_id, 'DISPUTED'", "from core.objection where case_id = c.case_id and",
				"from core.objection where",
				"select 'DEFERRED'", "select case_id, 'DEFERRED'", "where case_id = c.case_id and kind", "where kind",
				"select 'AGREEMENT'", "select ac.case_id, 'AGREEMENT'", "where ac.case_id = c.case_id and a.agreed_on",
				"where a.agreed_on",
				"select 'AGREEMENT'", "select ac.case_id, 'AGREEMENT'",
				"where ac.case_id = c.case_id and a.agreed_on", "where a.agreed_on",
				"h (kind, since", "h (case_id, kind, since") +
				"insert into core.request (case_id, kind, status, requested_at, decided_on) select 1 + g % 3, 'DEFERRAL', 'GRANTED', now(), current_date from generate_series(1, 3000) g",
			warns: []Breach{{Relation: "hold", Rule: RuleRepeated}},
			want:  []Breach{{Relation: "core.request", Rule: RuleIndex}},
			says:  "see through",
		},
		"grouped view": {
			reason: "a join does not reach into a group by, even where the index is there",
			sql: manyFees + referencetest.Swap("fee",
				"select fee_id, case_id, kind, amount_ore::bigint, incurred_on, waived_on, legal_basis from core.fee",
				"select max(fee_id) as fee_id, case_id, kind, sum(amount_ore)::bigint as amount_ore, min(incurred_on) as incurred_on, null::date as waived_on, null::text as legal_basis from core.fee group by case_id, kind"),
			want: []Breach{{Relation: "core.fee", Rule: RuleIndex}},
			says: "see through",
		},
	})
}

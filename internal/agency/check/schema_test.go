package check

import (
	"testing"

	"github.com/jackc/pgx/v5/pgtype"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/agency/spec"
)

func TestCheckSchema(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"schema missing": {
			reason: "without the schema there is one breach, not twenty-two",
			sql:    "drop schema oversikt cascade",
			want:   []Breach{{Relation: "schema oversikt", Rule: RuleSchema}},
		},
		"relation missing": {
			reason: "a relation is missing",
			sql:    "drop view oversikt.letter",
			want:   []Breach{{Relation: "letter", Rule: RuleRelation}},
			says:   "brev",
		},
		"optional relation missing": {
			reason:  "who has no such rows needs no view",
			sql:     "drop view oversikt.claim_item",
			lacking: []string{"claim_item"},
		},
		"relation misspelt": {
			reason: "names are fixed",
			sql:    "alter view oversikt.fee rename to fees",
			want:   []Breach{{Relation: "fee", Rule: RuleRelation}},
		},
		"column missing": {
			reason: "a column that may be null can be filled with it",
			sql:    referencetest.Swap("letter", ", document_id", ""),
			want:   []Breach{{Relation: "letter", Column: "document_id", Rule: RuleColumn}},
			says:   "null::bigint as document_id",
		},
		"column missing that has a meaning": {
			reason: "a column that is never null is described",
			sql:    referencetest.Swap("creditor", ", trade", ""),
			want:   []Breach{{Relation: "creditor", Column: "trade", Rule: RuleColumn}},
			says:   "line of business",
		},
		"kroner": {
			reason: "amounts are whole øre",
			sql:    referencetest.Swap("fee", "amount_ore::bigint", "amount_ore / 100.0 as amount_ore"),
			want:   []Breach{{Relation: "fee", Column: "amount_ore", Rule: RuleType}},
			says:   "round(kroner * 100)::bigint",
		},
		"integer amount": {
			reason: "an integer overflows at 21 million kroner",
			sql:    referencetest.Swap("fee", "amount_ore::bigint", "amount_ore::integer"),
			want:   []Breach{{Relation: "fee", Column: "amount_ore", Rule: RuleType}},
			says:   "amount_ore::bigint",
		},
		"timestamp as a date": {
			reason: "a date is the one in Oslo",
			sql:    referencetest.Swap("payment", "received_on", "registered_at as received_on"),
			want:   []Breach{{Relation: "payment", Column: "received_on", Rule: RuleType}},
			says:   "Europe/Oslo",
		},
		"timestamp without a zone": {
			reason: "an instant needs its zone",
			sql:    referencetest.Swap("objection", "submitted_at", "submitted_at::timestamp"),
			want:   []Breach{{Relation: "objection", Column: "submitted_at", Rule: RuleType}},
			says:   "at time zone",
		},
		"padded": {
			reason: "blanks of a char(n) column would be part of the code",
			sql:    referencetest.Swap("creditor", "trade", "trade::char(20) as trade"),
			want:   []Breach{{Relation: "creditor", Column: "trade", Rule: RuleType}},
			says:   "rtrim(trade)::text",
		},
		"enum": {
			reason: "an enum of the agency's is unknown to Oversikt",
			sql: "create type core.language as enum ('nb', 'nn', 'en');" +
				referencetest.Swap("debtor", "language", "language::core.language as language"),
			want: []Breach{{Relation: "debtor", Column: "language", Rule: RuleType}},
			says: "language::text",
		},
		"array of a domain": {
			reason: "PostgreSQL sends a domain as its base type, an array of it not",
			sql:    "create domain core.word as text;" + referencetest.Swap("objection", "reasons", "reasons::core.word[]"),
			want:   []Breach{{Relation: "objection", Column: "reasons", Rule: RuleType}},
			says:   "reasons::text[]",
		},
		"numeric key": {
			reason: "a numeric key does not read as itself",
			sql:    referencetest.Swap("fee", "fee_id", "fee_id::numeric"),
			want:   []Breach{{Relation: "fee", Column: "fee_id", Rule: RuleType}},
		},
		"key types differ": {
			reason: "a reference has the type of its key",
			sql:    referencetest.Swap("payment_allocation", "payment_id", "payment_id::text"),
			want:   []Breach{{Relation: "payment_allocation", Column: "payment_id", Rule: RuleKeyType}},
			says:   "payment.payment_id",
		},
		"security_invoker": {
			reason: "the role has no rights on the tables",
			sql:    "alter view oversikt.fee set (security_invoker = true)",
			want:   []Breach{{Relation: "fee", Rule: RuleInvoker}},
			says:   "reset (security_invoker)",
		},
		"security_invoker as the role": {
			reason: "the same, seen by the role",
			sql:    "alter view oversikt.fee set (security_invoker = true)",
			want:   []Breach{{Relation: "fee", Rule: RuleInvoker}},
			as:     spec.DefaultRole,
		},
		"security_barrier": {
			reason: "a join cannot ride on an index through a barrier",
			sql:    "alter view oversikt.fee set (security_barrier)",
			want:   []Breach{{Relation: "fee", Rule: RuleBarrier}},
			says:   "reset (security_barrier)",
		},
	})
}

// TestDomainsOnTheWire is the reason why a domain is no breach.
func TestDomainsOnTheWire(t *testing.T) {
	t.Parallel()
	rows, err := referencetest.Filled(t).Conn().Query(t.Context(), "select amount_ore from core.fee")
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	if oid := rows.FieldDescriptions()[0].DataTypeOID; oid != pgtype.Int8OID {
		t.Errorf("a column of domain core.ore is announced with OID %d", oid)
	}
}

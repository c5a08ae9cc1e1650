package check

import (
	"testing"

	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
)

func TestCheckData(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"null": {
			reason: "null where none is allowed",
			sql:    referencetest.Swap("fee", "incurred_on", "nullif(incurred_on, '2026-01-20') as incurred_on"),
			want:   []Breach{{Relation: "fee", Column: "incurred_on", Rule: RuleNull}},
			says:   "null in 1 of 3 rows",
		},
		"null in the only row": {
			reason: "the count is readable for one row too",
			sql:    referencetest.Swap("agency", "org_number", "null::text as org_number"),
			want:   []Breach{{Relation: "agency", Column: "org_number", Rule: RuleNull}},
			says:   "null in 1 of the only row",
		},
		"unlisted code": {
			reason: "a code of the agency's own is shown",
			sql:    "update core.fee set kind = 'PURREGEBYR' where kind = 'REMINDER'",
			want:   []Breach{{Relation: "fee", Column: "kind", Rule: RuleCode}},
			says:   `1 values outside the list, such as "PURREGEBYR"; they are read as OTHER`,
		},
		"unlisted code that matters": {
			reason: "a status that is neither open nor closed is refused",
			sql:    referencetest.Swap("case", " status,", " case status when 'OPEN' then 'AAPEN' else status end as status,"),
			want:   []Breach{{Relation: "case", Column: "status", Rule: RuleCode}},
			says:   "refused",
		},
		"code with personal data": {
			reason: "a value that is no code is counted, not shown",
			sql:    referencetest.Swap("creditor", "trade", "'17912099997 Prøve Person' as trade"),
			want:   []Breach{{Relation: "creditor", Column: "trade", Rule: RuleCode}},
			says:   "2 values outside the list; they",
		},
		"unlisted code in an array": {
			reason: "each reason is looked at",
			sql:    "update core.objection set reasons = '{DEFECT,SINT}'",
			want:   []Breach{{Relation: "objection", Column: "reasons", Rule: RuleCode}},
			says:   `"SINT"`,
		},
		"amount": {
			reason: "kroner were multiplied twice, or worse",
			sql: referencetest.Swap("payment", "amount_ore::bigint",
				"case payment_id when 2 then amount_ore::bigint * 100000000 else amount_ore end as amount_ore"),
			want: []Breach{{Relation: "payment", Column: "amount_ore", Rule: RuleAmount}},
			says: "in 1 of 2 rows",
		},
		"infinity": {
			reason: "no figure is computed to it",
			sql:    "update core.case set due_on = 'infinity' where case_id = 2",
			want:   []Breach{{Relation: "case", Column: "due_on", Rule: RuleDate}},
			says:   "before 1900 or after 2199 in 1 of 3 rows",
		},
		"days of legacy systems": {
			reason: "never, and before anything",
			sql: "update core.fee set waived_on = '9999-12-31' where fee_id = 1; update core.fee set incurred_on = '0001-01-01' where fee_id = 2;" +
				"update core.payment set received_on = '0044-03-15 BC' where payment_id = 2; update core.rate set valid_from = '-infinity' where valid_from < '2015-01-02' and kind <> 'COMPENSATION'",
			want: []Breach{{Relation: "rate", Column: "valid_from", Rule: RuleDate},
				{Relation: "fee", Column: "incurred_on", Rule: RuleDate},
				{Relation: "fee", Column: "waived_on", Rule: RuleDate},
				{Relation: "payment", Column: "received_on", Rule: RuleDate}},
			says: "in 1 of 17 rows",
		},
		"instants": {
			reason: "they are days too",
			sql:    "update core.objection set submitted_at = '20000-01-01'; update core.message set sent_at = '-infinity'",
			want: []Breach{{Relation: "hold", Column: "since", Rule: RuleDate},
				{Relation: "objection", Column: "submitted_at", Rule: RuleDate},
				{Relation: "message", Column: "sent_at", Rule: RuleDate}},
		},
		"no end": {
			reason: "infinity means what null does",
			sql:    "update core.agreement set ended_on = 'infinity'; update core.power_of_attorney set valid_until = 'infinity'",
		},
		"no end in the past": {
			reason: "the other infinity does not",
			sql:    "update core.agreement set ended_on = '-infinity'",
			want: []Breach{{Relation: "hold", Column: "until", Rule: RuleDate},
				{Relation: "agreement", Column: "ended_on", Rule: RuleDate}},
		},
		"rates": {
			reason: "interest is not paid back, and per cent are no basis points",
			sql:    "update core.case set rate_basis_points = -1 where case_id = 1; update core.claim_item set rate_basis_points = 1225000 where number = 1; update core.rate set basis_points = -925 where basis_points = 925",
			want: []Breach{{Relation: "rate", Column: "basis_points", Rule: RuleRate}, {Relation: "case", Column: "rate_basis_points", Rule: RuleRate},
				{Relation: "claim_item", Column: "rate_basis_points", Rule: RuleRate},
				{Relation: "rate", Column: "basis_points", Rule: RuleRateLaw},
				{Relation: "rate", Column: "basis_points", Rule: RuleRateLaw},
				{Relation: "rate", Column: "basis_points", Rule: RuleRateLaw}},
		},
		"counts": {
			reason: "nobody agrees to -1 instalments",
			sql:    "update core.policy set max_instalments = -1, max_deferral_days = 2000000000",
			want: []Breach{{Relation: "policy", Column: "max_instalments", Rule: RuleCount},
				{Relation: "policy", Column: "max_deferral_days", Rule: RuleCount}},
		},
		"too many": {
			reason: "one answer has bounds",
			sql:    "insert into core.scheduled_cost select 2, '2026-01-01'::date + g, 'OTHER', 100 from generate_series(1, 20001) g",
			want:   []Breach{{Relation: "scheduled_cost", Column: "case_id", Rule: RuleMany}},
			says:   "1 values have more than 20,000 rows each",
		},
		"long text": {
			reason: "it would be refused",
			sql:    "update core.message set body = repeat('æ', 40000)",
			want:   []Breach{{Relation: "message", Column: "body", Rule: RuleText}},
		},
		"negative amount": {
			reason: "it would turn a debt into a credit",
			sql: referencetest.Swap("payment", "amount_ore::bigint",
				"case payment_id when 2 then -amount_ore::bigint else amount_ore end as amount_ore"),
			want: []Breach{{Relation: "payment", Column: "amount_ore", Rule: RuleAmount}},
			says: "not from 0 to 10,000 million kroner in 1 of 2 rows",
		},
		"national id": {
			reason: "a malformed number is counted, never shown",
			sql:    "update core.debtor set national_id = '17912099979' where debtor_id = 1",
			want:   []Breach{{Relation: "debtor", Column: "national_id", Rule: RuleNationalID}},
			says:   "malformed in 1 of 4 rows",
		},
		"national id with a blank": {
			reason: "a login has the digits alone",
			sql:    "update core.debtor set national_id = '179120 99997' where debtor_id = 1",
			want:   []Breach{{Relation: "debtor", Column: "national_id", Rule: RuleNationalID}},
		},
		"org number": {
			reason: "a wrong check digit",
			sql:    "update core.creditor set org_number = '123456784' where creditor_id = 1",
			want:   []Breach{{Relation: "creditor", Column: "org_number", Rule: RuleOrgNumber}},
		},
		"kid": {
			reason: "a bank refuses it",
			sql:    "update core.case set kid = '12345' where case_id = 1",
			want:   []Breach{{Relation: "case", Column: "kid", Rule: RuleKID}},
		},
		"account": {
			reason: "dots are for print",
			sql:    "update core.case set account = '8601.11.17947' where case_id = 1",
			want:   []Breach{{Relation: "case", Column: "account", Rule: RuleAccount}},
		},
		"national id twice": {
			reason: "one person is one debtor",
			sql: referencetest.Swap("debtor", "national_id",
				"case when debtor_id in (1, 4) then '17912099997' else national_id end as national_id") + "create index on core.debtor ((case when debtor_id in (1, 4) then '17912099997' else national_id end))",
			want: []Breach{{Relation: "debtor", Column: "national_id", Rule: RuleUnique}},
			says: "merge the rows",
		},
		"rows multiplied": {
			reason: "a join in the view doubles an amount",
			sql:    referencetest.Swap("fee", "from core.fee", "from core.fee cross join (values (1), (2)) v"),
			want:   []Breach{{Relation: "fee", Column: "fee_id", Rule: RuleUnique}},
			says:   "3 values",
		},
		"orphan": {
			reason: "a reference to a row that another view leaves out",
			sql:    referencetest.Swap("document", "from core.document", "from core.document where document_id > 1"),
			want:   []Breach{{Relation: "letter", Column: "document_id", Rule: RuleReference}},
			says:   "1 rows refer to a document",
		},
		"unreadable": {
			reason: "the server's message would repeat the value",
			sql:    referencetest.Swap("debtor", "city", "name::integer::text as city"),
			want:   []Breach{{Relation: "debtor", Column: "city", Rule: RuleUnreadable}},
			says:   "22P02",
		},
	})
}

func TestCheckRules(t *testing.T) {
	t.Parallel()
	runBreaking(t, map[string]breaking{
		"no agency": {
			reason: "who are you",
			sql:    "delete from core.agency",
			want:   []Breach{{Relation: "agency", Rule: RuleOneRow}},
		},
		"two policies": {
			reason: "which one holds",
			sql:    referencetest.Swap("policy", "from core.policy", "from core.policy cross join (values (1), (2)) v"),
			want:   []Breach{{Relation: "policy", Rule: RuleOneRow}},
		},
		"version": {
			reason: "views for another Oversikt",
			sql:    referencetest.Swap("agency", "2 as", "3 as"),
			want:   []Breach{{Relation: "agency", Column: "contract_version", Rule: RuleVersion}},
			says:   "select 2 as contract_version",
		},
		"no rate": {
			reason: "interest would not be counted",
			sql:    "delete from core.rate where kind = 'LATE_PAYMENT'",
			want:   []Breach{{Relation: "rate", Column: "kind", Rule: RuleRateMissing}},
		},
		"rates of the future": {
			reason: "none is in force",
			sql:    "delete from core.rate; insert into core.rate values ('LATE_PAYMENT', current_date + 30, 1225, 'test'); update core.case set interest_from = null; update core.claim_item set interest_from = null",
			want:   []Breach{{Relation: "rate", Column: "valid_from", Rule: RuleRateInForce}},
		},
		"rates that begin too late": {
			reason: "interest from before the first rate",
			sql:    "delete from core.rate where valid_from < '2026-07-01' and kind = 'LATE_PAYMENT'",
			want: []Breach{{Relation: "rate", Column: "valid_from", Rule: RuleRateReach},
				{Relation: "rate", Column: "valid_from", Rule: RuleRateReach}},
			says: "2 cases",
		},
		"closed without a date": {
			reason: "status and date contradict each other",
			sql:    referencetest.Swap("case", "closed_on", "null::date as closed_on"),
			want:   []Breach{{Relation: "case", Column: "closed_on", Rule: RuleClosedOn}},
			says:   "1 cases",
		},
		"cost of a closed case": {
			reason: "nothing is collected any more; what had come before it was closed is past",
			sql: "insert into core.scheduled_cost select case_id, closed_on + g, 'HEAVY_FEE', 100 " +
				"from core.case, unnest('{-3,0,1,40}'::int[]) g where status = 'CLOSED'",
			want: []Breach{{Relation: "scheduled_cost", Column: "scheduled_on", Rule: RuleClosedCost}},
			says: "2 costs",
		},
		"allocation": {
			reason: "parts that are not the whole",
			sql:    "update core.payment_allocation set amount_ore = 5999 where component = 'FEES'",
			want:   []Breach{{Relation: "payment_allocation", Column: "amount_ore", Rule: RuleAllocationSum}},
			says:   "1 payments",
		},
		"items": {
			reason: "invoices that are not the principal",
			sql:    "update core.claim_item set amount_ore = amount_ore - 1 where item_id = 1",
			want:   []Breach{{Relation: "claim_item", Column: "amount_ore", Rule: RuleItemSum}},
			says:   "1 cases",
		},
		"agreement of another": {
			reason: "one debtor's case in another's agreement",
			sql:    "insert into core.agreement_case values (1, 3)",
			want:   []Breach{{Relation: "agreement_case", Column: "case_id", Rule: RuleStranger}},
			says:   "shown to another",
		},
		"letter of another": {
			reason: "one debtor's document in another's letter",
			sql:    "update core.document set case_id = 3",
			want:   []Breach{{Relation: "letter", Column: "document_id", Rule: RuleStranger}},
		},
		"attorney": {
			reason: "nobody has the power",
			sql:    referencetest.Swap("power_of_attorney", "attorney_national_id", "null::text as attorney_national_id"),
			want: []Breach{
				{Relation: "power_of_attorney", Column: "attorney_national_id", Rule: RuleAttorney},
			},
		},
	})
}

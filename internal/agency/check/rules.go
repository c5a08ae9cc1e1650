package check

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// rowRule is a rule about rows together. Its query, sql/rule/FILE.sql, counts
// what breaks it.
type rowRule struct {
	file             string
	rule             Rule
	relation, column string
	needs            []string // columns that the query reads
	what             string   // %d is the count
	remedy           string
}

var rowRules = []rowRule{
	{
		"one_row_agency", RuleOneRow, "agency", "", nil,
		"it has not exactly one row",
		"let the view select one row, also when your table is empty or holds several companies",
	},
	{
		"one_row_policy", RuleOneRow, "policy", "", nil,
		"it has not exactly one row",
		"let the view select one row, also when your table is empty or holds several companies",
	},
	{
		"version", RuleVersion, "agency", "contract_version", []string{"agency.contract_version"},
		"it is neither 1 nor " + strconv.Itoa(spec.Version),
		"select " + strconv.Itoa(spec.Version) + " as contract_version; another version needs another Oversikt",
	},
	{
		"rate_missing", RuleRateMissing, "rate", "kind", []string{"rate.kind"},
		"no row has kind LATE_PAYMENT",
		"add the rates of late-payment interest (forsinkelsesrente) that have been in force since your oldest claim",
	},
	{
		"rate_in_force", RuleRateInForce, "rate", "valid_from", []string{"rate.kind", "rate.valid_from"},
		"no rate of kind LATE_PAYMENT is in force today",
		"add the rate of this half-year and those before it",
	},
	{
		"rate_reach", RuleRateReach, "rate", "valid_from",
		[]string{"rate.kind", "rate.valid_from", "case.interest_from", "case.rate_basis_points"},
		"%d cases bear interest from before the first rate of kind LATE_PAYMENT",
		"add the older rates: without them these cases are left out of what the debtor sees",
	},
	{
		"rate_reach_item", RuleRateReach, "rate", "valid_from",
		[]string{"rate.kind", "rate.valid_from", "claim_item.interest_from", "claim_item.rate_basis_points"},
		"%d items bear interest from before the first rate of kind LATE_PAYMENT",
		"add the older rates: without them the cases of these items are left out of what the debtor sees",
	},
	{
		"closed_on", RuleClosedOn, "case", "closed_on", []string{"case.status", "case.closed_on"},
		"%d cases are closed without closed_on, or open with it",
		"give closed_on exactly when status is CLOSED",
	},
	{
		"closed_cost", RuleClosedCost, "scheduled_cost", "scheduled_on",
		[]string{"case.case_id", "case.status", "case.closed_on", "scheduled_cost.case_id", "scheduled_cost.scheduled_on"},
		"%d costs are scheduled in cases that are closed",
		"take what is scheduled back when a case is closed, and do not schedule it again when an objection is withdrawn or an agreement ends",
	},
	{
		"allocation_sum", RuleAllocationSum, "payment_allocation", "amount_ore",
		[]string{"payment.payment_id", "payment.amount_ore", "payment_allocation.payment_id",
			"payment_allocation.amount_ore"},
		"the allocations of %d payments do not sum to the payment's amount",
		"give all parts of a payment, or none: then the policy's order is used",
	},
	{
		"item_sum", RuleItemSum, "claim_item", "amount_ore",
		[]string{"case.case_id", "case.principal_ore", "claim_item.case_id", "claim_item.amount_ore"},
		"the items of %d cases do not sum to the case's principal_ore",
		"give all invoices of a case, or none: until then the case is left out of what the debtor sees",
	},
	{
		"agreement_debtor", RuleStranger, "agreement_case", "case_id",
		[]string{"agreement_case.agreement_id", "agreement_case.case_id", "agreement.agreement_id", "agreement.debtor_id",
			"case.case_id", "case.debtor_id"},
		"%d rows put a case into another debtor's agreement",
		"leave them out, or give each debtor an agreement: what belongs to one debtor would be shown to another",
	},
	{
		"letter_case", RuleStranger, "letter", "document_id",
		[]string{"letter.case_id", "letter.document_id", "document.document_id", "document.case_id"},
		"%d letters have a document of another case",
		"give null as document_id there: the document would be shown to the wrong debtor",
	},
	{
		"attorney", RuleAttorney, "power_of_attorney", "attorney_national_id",
		[]string{"power_of_attorney.attorney_national_id", "power_of_attorney.attorney_org_number"},
		"%d rows have both or neither of attorney_national_id and attorney_org_number",
		"give exactly one of the two",
	},
}

// rules looks at rows together.
func (c *checker) rules(ctx context.Context) error {
	for _, r := range rowRules {
		if !c.fit(r.relation) || !c.fit(r.needs...) {
			continue
		}
		sql, err := files.ReadFile("sql/rule/" + r.file + ".sql")
		if err != nil {
			return err
		}
		err = c.sampled(ctx, r.relation, "rules", func(tx pgx.Tx, sample int) error {
			var n int64
			bounded := strings.ReplaceAll(spec.Placed(string(sql), c.Schema), " limit @sample", limit(sample))
			if err := tx.QueryRow(ctx, bounded, pgx.QueryExecModeExec).Scan(&n); err != nil {
				return err
			}
			if n > 0 {
				c.breach(Breach{Relation: r.relation, Column: r.column, Rule: r.rule,
					What: strings.Replace(r.what, "%d", Thousands(int(n)), 1), Remedy: r.remedy})
			}
			return nil
		})
		if err != nil {
			return fmt.Errorf("%s: %w", r.file, err)
		}
	}
	return nil
}

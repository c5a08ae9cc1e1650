package peer

import (
	"fmt"
	"regexp"
	"strings"
)

// relation is a read of the contract that the flagship query needs, with the columns that the
// answer is written from, each in a slot of the one statement's row.
type relation struct {
	name    string
	columns map[slot]string
	take    func(*part, row)
}

// slot is a column of the one statement: its first is the relation's number.
type slot int

const (
	text1 slot = iota + 1
	text2
	text3
	text4
	text5
	text6
	text7
	text8
	text9
	text10
	number1
	number2
	number3
	day1
	day2
	day3
	day4
	instant
	slots
)

func (s slot) sqlType() string {
	switch {
	case s <= text10:
		return "text"
	case s <= number3:
		return "int8"
	case s <= day4:
		return "date"
	default:
		return "timestamptz"
	}
}

// relations are in the order in which they can be put together.
var relations = []relation{
	{"policy", map[slot]string{text1: "imputation"}, (*part).policy},
	{"rate", map[slot]string{text1: "kind", day1: "valid_from", number1: "basis_points"}, (*part).rate},
	{"creditor", map[slot]string{text1: "creditor_id", text2: "name", text3: "trade"}, (*part).creditor},
	{"case", map[slot]string{
		text1: "case_id", text2: "case_number", text3: "creditor_id", text4: "status", text5: "phase",
		text6: "legal_step", text7: "kid", text8: "account", text9: "payee", text10: "kind",
		day1: "opened_on", day2: "due_on", day3: "closed_on", day4: "interest_from",
		number1: "principal_ore", number2: "prior_interest_ore", number3: "rate_basis_points",
	}, (*part).readCase},
	{"hold", map[slot]string{text1: "case_id", text2: "kind", day1: "since", day2: "until"}, (*part).hold},
	{"fee", map[slot]string{
		text1: "case_id", text2: "fee_id", text3: "kind", number1: "amount_ore", day1: "incurred_on", day2: "waived_on",
	}, (*part).fee},
	{"scheduled_cost", map[slot]string{
		text1: "case_id", day1: "scheduled_on", text2: "kind", number1: "amount_ore",
	}, (*part).scheduledCost},
	{"letter", map[slot]string{
		text1: "case_id", text2: "letter_id", text3: "kind", text4: "title", text5: "channel",
		day1: "sent_on", day2: "due_on", number1: "amount_ore",
	}, (*part).letter},
	{"payment", map[slot]string{
		text1: "case_id", text2: "payment_id", number1: "amount_ore", day1: "received_on", text3: "channel",
	}, (*part).payment},
	{"payment_allocation", map[slot]string{
		text1: "case_id", text2: "payment_id", text3: "component", number1: "amount_ore",
	}, (*part).allocation},
	{"agreement", map[slot]string{
		text1: "case_id", text2: "agreement_id", text3: "kind", text4: "status", number1: "monthly_amount_ore",
		day1: "started_on", day2: "ended_on",
	}, (*part).readAgreement},
	{"instalment", map[slot]string{
		text1: "agreement_id", number1: "number", day1: "due_on", number2: "amount_ore", number3: "fee_ore",
		day2: "paid_on",
	}, (*part).instalment},
	{"objection", map[slot]string{
		text1: "case_id", text2: "objection_id", text3: "status", text4: "array_to_string(reasons, ',')",
		instant: "submitted_at", day1: "decided_on",
	}, (*part).objection},
}

// narrow is the condition by which the product may ask for some cases of a person.
var narrow = regexp.MustCompile(`(?s)\s+and \(@case_ids::text\[\] is null or \S+ = any \(@case_ids\)\)`)

// statement joins the contract's reads to one statement: one plan, one snapshot, one answer.
func statement(sql map[string]string) (string, error) {
	branches := make([]string, len(relations))
	for i, r := range relations {
		text, ok := sql[r.name]
		if !ok {
			return "", fmt.Errorf("the contract has no read %s", r.name)
		}
		columns := make([]string, slots)
		columns[0] = fmt.Sprintf("%d::int2", i)
		for s := text1; s < slots; s++ {
			column, ok := r.columns[s]
			if !ok {
				column = "null"
			}
			columns[s] = column + "::" + s.sqlType()
		}
		text = strings.ReplaceAll(narrow.ReplaceAllString(text, ""), "@national_id", "$1")
		branches[i] = fmt.Sprintf("(select %s from (\n%s\n) r)", strings.Join(columns, ", "), text)
	}
	return strings.Join(branches, "\nunion all\n"), nil
}

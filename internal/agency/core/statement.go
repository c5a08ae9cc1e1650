package core

import (
	"embed"
	"fmt"
	"io/fs"
	"regexp"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

//go:embed sql/*.sql
var sqlFiles embed.FS

// Reads returns the SQL of every read, a file each.
func Reads() fs.FS {
	sub, err := fs.Sub(sqlFiles, "sql")
	if err != nil {
		panic(fmt.Sprintf("reads of the contract: %v", err)) // the folder is compiled in
	}
	return sub
}

// statement is one read of the contract: the relation that it serves, its SQL and
// what takes up its rows.
type statement struct {
	name     string
	serves   debt.Relations
	sql      string
	params   int    // 1: the national identity number; 2: the case filter too
	fromCase string // the same from the key of one case in place of a person; empty: nothing is a case's
	receiver func(*assembly, pgx.Rows) error

	relations []string // that it reads
}

// statements are in the order in which a read sends them: a relation comes after
// what it is attached to.
var statements = []statement{
	load("agency", debt.OfAgency, (*assembly).agency),
	load("policy", debt.OfTerms, (*assembly).policy),
	load("rate", debt.OfTerms, (*assembly).rates),
	load("debtor", debt.OfDebtors, (*assembly).debtors),
	load("creditor", debt.OfCreditors, (*assembly).creditors),
	load("case", debt.OfCases, (*assembly).cases),
	load("claim_item", debt.OfItems, (*assembly).items),
	load("hold", debt.OfHolds, (*assembly).holds),
	load("fee", debt.OfFees, (*assembly).fees),
	load("scheduled_cost", debt.OfScheduledCosts, (*assembly).scheduledCosts),
	load("letter", debt.OfLetters, (*assembly).letters),
	load("payment", debt.OfPayments, (*assembly).payments),
	load("payment_allocation", debt.OfPayments, (*assembly).allocations),
	load("agreement", debt.OfAgreements, (*assembly).agreements),
	load("instalment", debt.OfInstalments, (*assembly).instalments),
	load("objection", debt.OfObjections, (*assembly).objections),
	load("document", debt.OfDocuments, (*assembly).documents),
	load("request", debt.OfRequests, (*assembly).requests),
	load("deferral", debt.OfDeferrals, (*assembly).deferrals),
	load("complaint", debt.OfComplaints, (*assembly).complaints),
	load("receipt", debt.OfReceipts, (*assembly).receipts),
	load("message", debt.OfMessages, (*assembly).messages),
	load("power_of_attorney", debt.OfPowersOfAttorney, (*assembly).powersOfAttorney),
	load("difficulty", debt.OfDifficulties, (*assembly).difficulties),
	load("case_link", debt.OfCaseLinks, (*assembly).caseLinks),
	load("faq", debt.OfFAQ, (*assembly).questions),
}

// load reads sql/NAME.sql.
func load(name string, serves debt.Relations, receiver func(*assembly, pgx.Rows) error) statement {
	sql := readSQL(name)
	params := 0
	for strings.Contains(sql, "$"+strconv.Itoa(params+1)) {
		params++
	}
	s := statement{name: name, serves: serves, sql: sql, params: params, receiver: receiver}
	if from, ok := FromCase(rawSQL(name)); ok {
		s.fromCase = strings.NewReplacer("@debtor", "$"+strconv.Itoa(params+1)).Replace(positions.Replace(from))
	}
	for _, m := range relationInSQL.FindAllStringSubmatch(sql, -1) {
		s.relations = append(s.relations, m[1])
	}
	return s
}

var relationInSQL = regexp.MustCompile(`\b` + spec.Schema + `\.([a-z_]+)`)

// readSQL returns sql/NAME.sql with its parameters by position.
func readSQL(name string) string { return positions.Replace(rawSQL(name)) }

func rawSQL(name string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("read of the contract: %v", err)) // the file is compiled in
	}
	return string(text)
}

const (
	person      = "d.national_id = @national_id::text"
	stillTheirs = "\n  and (@debtor::text is null or d.national_id = @debtor)"
)

// FromCase returns the SQL of a read of a person's records as it begins from the key of one
// case, @case_id, which has the type that the agency gave it, and so rides on its index. Where
// @debtor is not null the case is that person's, or nothing is read. ok is false where the read
// is no person's, or has nothing that is a case's.
func FromCase(sql string) (from string, ok bool) {
	switch {
	case strings.Count(sql, "@national_id") != 1 || !strings.Contains(sql, person):
		return "", false
	case strings.Contains(sql, "oversikt.case c on c.debtor_id = d.debtor_id"):
		return strings.Replace(sql, person, "c.case_id = @case_id"+stillTheirs, 1), true
	default:
		return strings.Replace(sql, person,
			"d.debtor_id = (select k.debtor_id from oversikt.case k where k.case_id = @case_id)"+stillTheirs, 1), true
	}
}

var positions = strings.NewReplacer("@national_id", "$1", "@case_ids", "$2", "@case_id", "$1", "@case_number", "$1")

// Statements returns how many statements a read of the relations sends to who has all of them.
func Statements(want debt.Relations) int { return (*Catalogue)(nil).Statements(want) }

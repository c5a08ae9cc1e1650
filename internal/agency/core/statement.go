package core

import (
	"embed"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"github.com/jackc/pgx/v5"

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
	params   int // 1: the national identity number; 2: the case filter too
	receiver func(*assembly, pgx.Rows) error
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
	load("message", debt.OfMessages, (*assembly).messages),
	load("power_of_attorney", debt.OfPowersOfAttorney, (*assembly).powersOfAttorney),
}

// load reads sql/NAME.sql.
func load(name string, serves debt.Relations, receiver func(*assembly, pgx.Rows) error) statement {
	sql := readSQL(name)
	params := 0
	for strings.Contains(sql, "$"+strconv.Itoa(params+1)) {
		params++
	}
	return statement{name, serves, sql, params, receiver}
}

// readSQL returns sql/NAME.sql with its parameters by position.
func readSQL(name string) string {
	text, err := sqlFiles.ReadFile("sql/" + name + ".sql")
	if err != nil {
		panic(fmt.Sprintf("read of the contract: %v", err)) // the file is compiled in
	}
	return positions.Replace(string(text))
}

var positions = strings.NewReplacer("@national_id", "$1", "@case_ids", "$2", "@case_number", "$1")

// Statements returns how many statements a read of the relations sends where a database has
// all of them.
func Statements(want debt.Relations) int { return whole.Statements(want) }

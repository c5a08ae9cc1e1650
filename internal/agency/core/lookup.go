package core

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// FindDebtor returns whose case a number is at the one agency of the look-up: zero where
// the agency has no such case, and where the look-up is another agency's. It is for a Scope and
// for nothing else.
func FindDebtor(ctx context.Context, conn Querier, agency debt.Agency, right caller.Lookup,
	caseNumber string) (found caller.Debtor, err error) {
	if right.Agency() != agency.Code {
		return found, nil
	}
	id, number, err := CaseOf(ctx, conn, caseNumber)
	if err == nil && number.IsZero() && id != "" {
		found.Case = caller.CaseKey{Agency: agency.Code, ID: id}
	}
	found.NationalID = number
	return found, err
}

// CaseOf returns the key of the case with a number, and whose it is: empty where the agency has no
// such case, zero where it knows its debtor by no national identity number. It has no scope: the
// access log alone may get to know, and never who asks.
func CaseOf(ctx context.Context, conn Querier, caseNumber string) (id string, debtor norway.NationalID, err error) {
	// PostgreSQL has no text with this in it, and would call it the agency's fault.
	if strings.ContainsRune(caseNumber, 0) {
		return "", debtor, nil
	}
	var digits *string
	err = conn.QueryRow(ctx, debtorOfCaseSQL, caseNumber).Scan(&id, &digits)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && digits == nil {
		return id, debtor, nil
	}
	if err != nil {
		return "", debtor, mismatch(fmt.Errorf("debtor of a case: %w", Hushed(err)))
	}
	debtor, err = norway.ParseNationalID(*digits)
	if err != nil { // nobody logs in with it either
		return id, norway.NationalID{}, nil
	}
	return id, debtor, nil
}

var debtorOfCaseSQL = readSQL("debtor_of_case")

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
// the agency has no such case, where it knows its debtor by no national identity number,
// and where the look-up is another agency's. The number is for a Scope and for nothing
// else.
func FindDebtor(ctx context.Context, conn Querier, agency debt.Agency, right caller.Lookup,
	caseNumber string) (norway.NationalID, error) {
	// PostgreSQL has no text with this in it, and would call it the agency's fault.
	if right.Agency() != agency.Code || strings.ContainsRune(caseNumber, 0) {
		return norway.NationalID{}, nil
	}
	var digits *string
	err := conn.QueryRow(ctx, debtorOfCaseSQL, caseNumber).Scan(&digits)
	if errors.Is(err, pgx.ErrNoRows) || err == nil && digits == nil {
		return norway.NationalID{}, nil
	}
	if err != nil {
		return norway.NationalID{}, mismatch(fmt.Errorf("debtor of a case: %w", Hushed(err)))
	}
	id, err := norway.ParseNationalID(*digits)
	if err != nil { // nobody logs in with it either
		return norway.NationalID{}, nil
	}
	return id, nil
}

var debtorOfCaseSQL = readSQL("debtor_of_case")

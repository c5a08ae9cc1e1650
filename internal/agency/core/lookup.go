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
	// PostgreSQL has no text with this in it, and would call it the agency's fault.
	if right.Agency() != agency.Code || strings.ContainsRune(caseNumber, 0) {
		return found, nil
	}
	var digits *string
	var id string
	err = conn.QueryRow(ctx, debtorOfCaseSQL, caseNumber).Scan(&digits, &id)
	if errors.Is(err, pgx.ErrNoRows) {
		return found, nil
	}
	if err != nil {
		return found, mismatch(fmt.Errorf("debtor of a case: %w", Hushed(err)))
	}
	if digits != nil {
		// Nobody logs in with a number that is none: such a debtor is known by none.
		found.NationalID, _ = norway.ParseNationalID(*digits)
	}
	if found.NationalID.IsZero() {
		found.Case = caller.CaseKey{Agency: agency.Code, ID: id}
	}
	return found, nil
}

var debtorOfCaseSQL = readSQL("debtor_of_case")

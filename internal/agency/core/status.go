package core

import (
	"context"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
)

// Querier is a connection or a pool of them.
type Querier interface {
	QueryRow(ctx context.Context, sql string, args ...any) pgx.Row
}

// CaseStatus returns whether the case with a number is open, empty when there is none.
// It is the one read without a scope: anybody may ask, and learns nothing else.
func CaseStatus(ctx context.Context, conn Querier, caseNumber string) (debt.CaseStatus, error) {
	var status debt.CaseStatus
	err := conn.QueryRow(ctx, caseStatusSQL, caseNumber).Scan(caseStatus(&status))
	if err != nil && !errors.Is(err, pgx.ErrNoRows) {
		return "", mismatch(fmt.Errorf("case status: %w", Hushed(err)))
	}
	return status, nil
}

var caseStatusSQL = readSQL("case_status")

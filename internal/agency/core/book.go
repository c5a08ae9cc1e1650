package core

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var bookSQL, ownerSQL = rawSQL("book"), rawSQL("owner")

// Owed is a case of an agency's book, and whose it is.
type Owed struct {
	Number string
	ID     debt.Key
	Debtor caller.Debtor
}

// Book returns the open cases of the one agency of the look-up whose numbers come after one, in the
// order of their numbers: nothing at another agency.
func Book(ctx context.Context, conn *pgx.Conn, kept *Catalogue, agency debt.Agency, right caller.Lookup, after string,
	rows int) ([]Owed, error) {
	return inBook(ctx, conn, kept, agency, right, bookSQL, pgx.NamedArgs{"after": after, "rows": rows})
}

// Owners returns the cases that have some numbers at the one agency of the look-up, in the order of
// the numbers: nothing at another agency.
func Owners(ctx context.Context, conn *pgx.Conn, kept *Catalogue, agency debt.Agency, right caller.Lookup,
	numbers []string) ([]Owed, error) {
	return inBook(ctx, conn, kept, agency, right, ownerSQL, pgx.NamedArgs{"numbers": numbers})
}

func inBook(ctx context.Context, conn *pgx.Conn, kept *Catalogue, agency debt.Agency, right caller.Lookup, sql string,
	args pgx.NamedArgs) (all []Owed, err error) {
	if right.Agency() != agency.Code {
		return nil, nil
	}
	if kept != nil {
		sql = spec.Placed(sql, kept.schema)
	}
	rows, err := conn.Query(ctx, sql, args)
	if err != nil {
		return nil, mismatch(fmt.Errorf("book: %w", Hushed(err)))
	}
	var number, id string
	var digits *string
	_, err = pgx.ForEachRow(rows, []any{&number, &id, &digits}, func() error {
		all = append(all, Owed{number, debt.Key{Kind: debt.KindCase, Agency: agency.Code, ID: id},
			debtorOf(agency.Code, id, digits)})
		return nil
	})
	if err != nil {
		return nil, mismatch(fmt.Errorf("book: %w", Hushed(err)))
	}
	return all, nil
}

// debtorOf is whoever owes a case: a person, or, where the number is none that anybody logs in with, the
// debtor of the one case.
func debtorOf(agency, id string, digits *string) caller.Debtor {
	if digits != nil {
		if person, err := norway.ParseNationalID(*digits); err == nil {
			return caller.Debtor{NationalID: person}
		}
	}
	return caller.Debtor{Case: caller.CaseKey{Agency: agency, ID: id}}
}

// Package legacy is the second demo agency: a collection system as they were
// built in the 1990s, and the proof that any core can keep the contract through
// views and functions alone.
//
// Everything that can differ does. tables.sql has Norwegian names, case numbers
// as text and uuids as keys, kroner as numeric, percentages, code letters and
// code numbers, names in two columns, timestamps without a zone, a deadline as
// char(8) and one table for letters, invoices, attachments and internal notes.
// What the contract has in one column is several rows here (the principal) or
// the reverse (a payment's parts). views.sql translates it all to the schema
// oversikt: no trigger, no copy of the data, and no Go. solution.sql, access.sql,
// dialogue.sql, receipt.sql and redress.sql have the rules of its acts, which write to those tables alone;
// wrappers.sql is what `oversikt agency wrappers` writes for any core.
//
// A newcomer who is to connect an agency reads views.sql beside the reference
// core's views: each is one mapping, and the comments tell which forms keep the
// hot reads on index lookups.
package legacy

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed tables.sql views.sql solution.sql access.sql dialogue.sql plan.sql receipt.sql redress.sql
//go:embed print.sql papers.sql link.sql role.sql wrappers.sql data.sql
var files embed.FS

// Files holds the SQL that Install runs.
func Files() fs.FS { return files }

// Install makes the core, the contract's views and the role oversikt_app in an
// empty database, with the agency itself, its policy and the statutory interest
// rates. It is one transaction: a database is installed whole or not at all.
func Install(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, name := range []string{"tables.sql", "views.sql", "solution.sql", "access.sql", "dialogue.sql", "plan.sql",
			"receipt.sql", "redress.sql", "print.sql", "papers.sql", "link.sql", "role.sql", "wrappers.sql", "data.sql"} {
			text, err := files.ReadFile(name)
			if err != nil {
				return fmt.Errorf("install legacy core: %w", err)
			}
			if _, err := tx.Exec(ctx, string(text)); err != nil {
				return fmt.Errorf("install legacy core: %s: %w", name, err)
			}
		}
		return nil
	})
}

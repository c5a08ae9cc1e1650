// Package journal is a core with all that makes a mapping hard, and the worked example of
// docs/recipes.md: keys of two columns, amounts that are postings of a double-entry journal
// with four decimals, days as whole numbers, cases of several invoices, codes that are looked
// up, rows that are deleted by a mark, and tables that are partitioned by year.
//
// views.sql maps it to the schema oversikt: no trigger, no copy of the data, and no Go.
// solution.sql, access.sql, dialogue.sql, receipt.sql and redress.sql have the rules of its acts, which write to those
// tables alone; wrappers.sql is what `oversikt agency wrappers` writes for any core.
package journal

import (
	"context"
	"embed"
	"fmt"
	"io/fs"

	"github.com/jackc/pgx/v5"
)

//go:embed tables.sql codes.sql views.sql solution.sql access.sql dialogue.sql plan.sql receipt.sql redress.sql
//go:embed print.sql papers.sql link.sql role.sql wrappers.sql
var files embed.FS

// Files holds the SQL that Install runs.
func Files() fs.FS { return files }

// Install makes the core, what its codes mean, the contract's views and the role oversikt_app in
// an empty database. It is one transaction: a database is installed whole or not at all.
func Install(ctx context.Context, conn *pgx.Conn) error {
	return pgx.BeginFunc(ctx, conn, func(tx pgx.Tx) error {
		for _, name := range []string{"tables.sql", "codes.sql", "views.sql", "solution.sql", "access.sql",
			"dialogue.sql", "plan.sql", "receipt.sql", "redress.sql", "print.sql", "papers.sql", "link.sql", "role.sql", "wrappers.sql"} {
			text, err := files.ReadFile(name)
			if err != nil {
				return fmt.Errorf("install the core of a journal: %w", err)
			}
			if _, err := tx.Exec(ctx, string(text)); err != nil {
				return fmt.Errorf("install the core of a journal: %s: %w", name, err)
			}
		}
		return nil
	})
}

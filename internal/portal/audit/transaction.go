package audit

import (
	"context"
	"fmt"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

// InsertTx writes the entry in the transaction of what it is about; the zero Entry writes
// nothing. See NoMonth.
func (e Entry) InsertTx(ctx context.Context, tx pgx.Tx) error {
	if e.id == [16]byte{} {
		return nil
	}
	text, err := e.appendJSON(nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, insertSQL, pgx.NamedArgs{"entries": batch{text}.json()}); err != nil {
		return fmt.Errorf("insert into access log: %w", err)
	}
	return nil
}

// NoMonth says that InsertTx failed for want of the month's partition: make it and begin the
// transaction anew.
func NoMonth(err error) bool { return noPartition(err) }

// MakeMonth makes the partition that the entry belongs to.
func (e Entry) MakeMonth(ctx context.Context, db *portal.DB) error {
	if _, err := db.Exec(ctx, monthSQL, month(e.look.At)); err != nil {
		return fmt.Errorf("make month of access log: %w", err)
	}
	return nil
}

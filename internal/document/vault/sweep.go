package vault

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"
)

const (
	// youngest is how old a document must be to be swept: its act may be on its way to write the row.
	youngest = time.Hour
	atOnce   = 500
)

// Sweep takes away what nobody is to have any more: the rows of acts that came to nothing, and then each
// document in the bucket without a row, where that is older than an hour. It returns how many documents it took out
// of the bucket. What it cannot do, the next one does.
func (v *Vault) Sweep(ctx context.Context, now time.Time) (removed int64, err error) {
	if _, err := v.DB.Exec(ctx, endedSQL); err != nil {
		return 0, unavailable("sweep documents", err)
	}
	list := v.Bucket.List(&blob.ListOptions{Prefix: prefix})
	for more := true; more; {
		var old []uuid.UUID
		if old, more, err = v.next(ctx, list, now.Add(-youngest)); err != nil {
			return removed, err
		}
		n, err := v.sweep(ctx, old)
		if removed += n; err != nil {
			return removed, err
		}
	}
	return removed, nil
}

// next returns some documents that were written before a time.
func (v *Vault) next(ctx context.Context, list *blob.ListIterator, before time.Time) (old []uuid.UUID, more bool,
	err error) {
	for len(old) < atOnce {
		object, err := v.following(ctx, list)
		if errors.Is(err, io.EOF) {
			return old, false, nil
		}
		if err != nil {
			return nil, false, unavailable("list documents", err)
		}
		id, err := uuid.Parse(strings.TrimPrefix(object.Key, prefix))
		if err == nil && object.Key == nameOf(id) && object.ModTime.Before(before) {
			old = append(old, id)
		}
	}
	return old, true, nil
}

func (v *Vault) following(ctx context.Context, list *blob.ListIterator) (*blob.ListObject, error) {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	return list.Next(ctx)
}

// sweep removes those of the documents that have no row.
func (v *Vault) sweep(ctx context.Context, ids []uuid.UUID) (removed int64, err error) {
	rows, err := v.DB.Query(ctx, strangersSQL, pgx.NamedArgs{"ids": ids})
	if err != nil {
		return 0, unavailable("sweep documents", err)
	}
	strangers, err := pgx.CollectRows(rows, pgx.RowTo[uuid.UUID])
	if err != nil {
		return 0, unavailable("sweep documents", err)
	}
	for _, id := range strangers {
		if err := v.remove(ctx, id); err != nil {
			return removed, fmt.Errorf("remove a document without a row: %w", err)
		}
		removed++
	}
	return removed, nil
}

// Package attachment takes the files that come with an act (vedlegg): it looks through them, keeps them, and lets them
// go where the agency refuses what they belong to.
package attachment

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// Most is how many files come with one act. Together they are at most [document.MaxSize].
const Most = 5

// looking is how long all files of one act may take to be looked through and kept.
const looking = 25 * time.Second

// ErrNotScanned says that no file can be looked through now.
var ErrNotScanned = fault.New(fault.PortalUnavailable, "files cannot be looked through now: try again later")

// Taker takes files.
type Taker struct {
	Vault *vault.Vault
	// Scan returns what is known to be harmful in a document, empty for nothing; an error says that nobody knows now.
	// Nil: no file is taken.
	Scan func(ctx context.Context, content []byte) (found string, err error)
	Log  *slog.Logger
}

// Read returns the files that a member "files" of an input has, least or more, and everything that is wrong with them
// as far as can be seen in it.
func Read(sent []document.Input, least int) (files []vault.File, faults act.Faults) {
	switch {
	case len(sent) < least:
		faults.Invalid("files", "input.FILES_COUNT", text.With("max", Most))
		return nil, faults
	case len(sent) > Most:
		faults.Invalid("files", "input.FILES_MANY", text.With("max", Most))
		return nil, faults
	}
	size := 0
	for i, f := range sent {
		content, member, what := f.Decode()
		if what != "" {
			invalid(&faults, i, member, what)
		}
		size += len(content)
		files = append(files, vault.File{Info: document.Info{MediaType: f.MediaType, Size: len(content)}, Content: content})
	}
	if size > document.MaxSize {
		faults.Invalid("files", "input.FILES_LARGE", mostMiB)
	}
	return files, faults
}

var mostMiB = text.With("max", document.MaxSize>>20)

// invalid adds a fault of one file at a member of it.
func invalid(faults *act.Faults, i int, member, what string) {
	faults.Invalid(fmt.Sprintf("files.%d.%s", i, member), what, mostMiB)
}

// Take keeps files, and returns the plan of their act with what says so. Where there are none, it does nothing.
func (t Taker) Take(ctx context.Context, plan act.Plan, files []vault.File, at vault.Place, now time.Time) (
	act.Plan, error) {
	if len(files) == 0 {
		return plan, nil
	}
	stored, err := t.keep(ctx, files)
	if err != nil {
		return act.Plan{}, err
	}
	plan.Store = func(ctx context.Context, tx pgx.Tx) error { return t.Vault.Insert(ctx, tx, at, stored, now) }
	return plan, nil
}

// Count is how many files the agency is told of; nil for none.
func Count(files []vault.File) *int {
	if len(files) == 0 {
		return nil
	}
	return new(len(files))
}

// keep shows the files to the scanner, takes out what a camera has written beside, and keeps them. Nothing is kept
// unless all of them can be.
func (t Taker) keep(ctx context.Context, files []vault.File) ([]vault.Stored, error) {
	ctx, cancel := context.WithTimeout(ctx, looking)
	defer cancel()
	faults, err := t.scan(ctx, files)
	if err != nil {
		return nil, err
	}
	for i := range files {
		clean, err := files[i].MediaType.Clean(ctx, files[i].Content)
		switch {
		case errors.Is(err, document.ErrNoPicture):
			invalid(&faults, i, "base64", "input.PICTURE")
		case err != nil:
			return nil, ErrNotScanned.Because(err)
		}
		files[i].Content = clean
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return t.Vault.Put(ctx, files)
}

// scan returns the files that the scanner knows.
func (t Taker) scan(ctx context.Context, files []vault.File) (faults act.Faults, err error) {
	if t.Scan == nil {
		return nil, ErrNotScanned.Because(errors.New("no scanner is configured"))
	}
	found := make([]string, len(files))
	var all errgroup.Group
	for i, f := range files {
		all.Go(func() (err error) {
			found[i], err = t.Scan(ctx, f.Content)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return nil, ErrNotScanned.Because(err)
	}
	for i, name := range found {
		if name != "" {
			t.Log.WarnContext(ctx, "a file is refused: the scanner knows it", "found", name)
			invalid(&faults, i, "base64", document.Active)
		}
	}
	return faults, nil
}

// Settle is an act's [act.Act.Own]: it notes what the agency calls what the files belong to, which the result of the
// function has as member; empty where [vault.Place] said it. What the agency has refused is not kept.
func (t Taker) Settle(function, member string) func(context.Context, pgx.Tx, uuid.UUID, string, agency.Answer) error {
	return func(ctx context.Context, tx pgx.Tx, id uuid.UUID, code string, a agency.Answer) error {
		if a.Status != string(act.Done) {
			return t.Vault.Refuse(ctx, tx, id)
		}
		if member == "" {
			return t.Vault.Settle(ctx, tx, id, "")
		}
		var made map[string]any
		err := a.Into(function, &made)
		name, _ := made[member].(string)
		if err != nil || name == "" {
			return fmt.Errorf("%s has not named in %s what act %s has made: %w", code, member, id, err)
		}
		return t.Vault.Settle(ctx, tx, id, name)
	}
}

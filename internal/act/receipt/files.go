package receipt

import (
	"context"
	"errors"
	"strconv"

	"golang.org/x/sync/errgroup"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/text"
)

// ErrNotScanned says that no file can be looked through now.
var ErrNotScanned = fault.New(fault.PortalUnavailable, "files cannot be looked through now: try again later")

// check returns the files, and everything that is wrong with what was sent, as far as can be seen in it.
func check(by act.By, in SubmitInput) (files []vault.File, faults act.Faults) {
	invalid := func(what, member string, args ...text.Arg) {
		faults = append(faults, act.Fault{Code: act.Invalid, Field: []string{"input", member}, Text: what, Args: args})
	}
	if in.Kind == debt.PaidOther {
		invalid("input.RECEIPT_KIND", "kind")
	}
	if in.PaidOn > by.Today || in.PaidOn < by.Today.AddMonths(-12*mostYears) {
		invalid("input.PAID_ON", "paidOn", text.With("years", mostYears))
	}
	_, wrong := act.Amount("amount", &in.Amount)
	faults = append(append(faults, wrong...), act.CheckText("statement", in.Statement, mostWords)...)
	if n := len(in.Files); n == 0 || n > MostFiles {
		invalid("input.FILES_COUNT", "files", text.With("max", MostFiles))
		return nil, faults
	}
	size := 0
	for i, f := range in.Files {
		content, member, what := f.Decode()
		if what != "" {
			faults = append(faults, ofFile(i, member, what))
		}
		size += len(content)
		files = append(files, vault.File{Info: document.Info{MediaType: f.MediaType, Size: len(content)}, Content: content})
	}
	if size > document.MaxSize {
		invalid("input.FILES_LARGE", "files", text.With("max", document.MaxSize>>20))
	}
	return files, faults
}

func ofFile(i int, member, what string) act.Fault {
	return act.Fault{Code: act.Invalid, Field: []string{"input", "files", strconv.Itoa(i), member}, Text: what,
		Args: []text.Arg{text.With("max", document.MaxSize>>20)}}
}

// keep shows the files to the scanner, takes out what a camera has written beside, and keeps them. Nothing is kept
// unless all of them can be.
func (d Deps) keep(ctx context.Context, files []vault.File) ([]vault.Stored, error) {
	ctx, cancel := context.WithTimeout(ctx, looking)
	defer cancel()
	faults, err := d.scan(ctx, files)
	if err != nil {
		return nil, err
	}
	for i := range files {
		clean, err := files[i].MediaType.Clean(ctx, files[i].Content)
		switch {
		case errors.Is(err, document.ErrNoPicture):
			faults = append(faults, ofFile(i, "base64", "input.PICTURE"))
		case err != nil:
			return nil, ErrNotScanned.Because(err)
		}
		files[i].Content = clean
	}
	if len(faults) > 0 {
		return nil, faults
	}
	return d.Vault.Put(ctx, files)
}

// scan returns the files that the scanner knows.
func (d Deps) scan(ctx context.Context, files []vault.File) (faults act.Faults, err error) {
	if d.Scan == nil {
		return nil, ErrNotScanned.Because(errors.New("no scanner is configured"))
	}
	found := make([]string, len(files))
	var all errgroup.Group
	for i, f := range files {
		all.Go(func() (err error) {
			found[i], err = d.Scan(ctx, f.Content)
			return err
		})
	}
	if err := all.Wait(); err != nil {
		return nil, ErrNotScanned.Because(err)
	}
	for i, name := range found {
		if name != "" {
			d.Log.WarnContext(ctx, "a file is refused: the scanner knows it", "found", name)
			faults = append(faults, ofFile(i, "base64", document.Active))
		}
	}
	return faults, nil
}

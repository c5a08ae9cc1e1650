package resolvers

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/google/uuid"
	"github.com/graph-gophers/dataloader/v7"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document/vault"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

const (
	// fileWait is how long the files of a receipt wait for those of others, to be looked up with them.
	fileWait = 2 * time.Millisecond
	// atFile stands for the reason where a member of staff opens a file.
	atFile = "a proof of a payment was opened"
)

// ofReceipt names a receipt.
type ofReceipt struct{ agency, id string }

// files looks up which files receipts have, those of one request together.
type files struct {
	load once[*dataloader.Loader[ofReceipt, []vault.Kept]]
}

// filesOf returns the files of a receipt, which was read within the caller's scope.
func (r *Resolver) filesOf(ctx context.Context, x *debt.Receipt) ([]model.ReceiptFile, error) {
	loader, _ := requestOf(ctx).files.load.get(func() (*dataloader.Loader[ofReceipt, []vault.Kept], error) {
		return dataloader.NewBatchedLoader(r.readFiles, dataloader.WithWait[ofReceipt, []vault.Kept](fileWait)), nil
	})
	found, err := loader.Load(ctx, ofReceipt{x.Case.ID.Agency, x.ID})()
	if err != nil {
		return nil, err
	}
	all := make([]model.ReceiptFile, len(found))
	for i, f := range found {
		all[i] = model.ReceiptFile{Kept: f, Case: x.Case}
	}
	return all, nil
}

// readFiles asks once for all receipts of an agency.
func (r *Resolver) readFiles(ctx context.Context, of []ofReceipt) []*dataloader.Result[[]vault.Kept] {
	ids := map[string][]string{}
	for _, x := range of {
		ids[x.agency] = append(ids[x.agency], x.id)
	}
	found, failed := map[ofReceipt][]vault.Kept{}, map[string]error{}
	for code, subjects := range ids {
		all, err := r.Vault.Of(ctx, code, subjects)
		failed[code] = err
		for _, k := range all {
			found[ofReceipt{code, *k.Subject}] = append(found[ofReceipt{code, *k.Subject}], k)
		}
	}
	results := make([]*dataloader.Result[[]vault.Kept], len(of))
	for i, x := range of {
		results[i] = &dataloader.Result[[]vault.Kept]{Data: found[x], Error: failed[x.agency]}
	}
	return results
}

// linkToFile returns a link to a file of a receipt, for the caller alone.
func (r *Resolver) linkToFile(ctx context.Context, f *model.ReceiptFile) (model.DocumentLink, error) {
	return r.seal(ctx, model.Link{Paper: model.PaperReceipt, Case: f.Case.ID, Document: f.ID.String()})
}

// receiptFile returns a file of a receipt. The receipt is read anew, within the scope that the caller has now.
// Of what staff get, it says in the look whose it is, and why.
func (r *Resolver) receiptFile(ctx context.Context, p caller.Principal, l model.Link, look *audit.Look) (_ Paper,
	err error) {
	scope := p.Scope()
	if p.Kind == caller.Staff {
		if *look, scope, err = r.fileByStaff(ctx, p, l, *look); err != nil {
			return Paper{}, err
		}
	}
	part, err := r.Agencies.ReadCases(ctx, l.Case.Agency, scope, debt.OfCases|debt.OfReceipts, []string{l.Case.ID})
	if err != nil {
		return Paper{}, err
	}
	id, err := uuid.Parse(l.Document)
	if err != nil {
		return Paper{}, agency.ErrNotFound
	}
	file, kept, err := r.Vault.Open(ctx, id)
	if err != nil {
		return Paper{}, err
	}
	shown := kept.Agency == l.Case.Agency && kept.Subject != nil &&
		slices.ContainsFunc(part.Cases, func(c *debt.Case) bool {
			return c.ID == l.Case && slices.ContainsFunc(c.Receipts, func(x debt.Receipt) bool { return x.ID == *kept.Subject })
		})
	if !shown {
		return Paper{}, agency.ErrNotFound
	}
	return Paper{"receipt." + strings.ToLower(string(file.MediaType)), file.MediaType.ContentType(), file.Content}, nil
}

// fileByStaff returns the look of a member of staff at a file, and what the agency shows them of its case.
func (r *Resolver) fileByStaff(ctx context.Context, p caller.Principal, l model.Link, look audit.Look) (audit.Look,
	caller.Scope, error) {
	right, err := p.Lookup()
	if err != nil || l.Case.Agency != right.Agency() {
		return look, caller.Scope{}, agency.ErrNotFound
	}
	scope := right.Scope(caller.Debtor{Case: caller.CaseKey{Agency: l.Case.Agency, ID: l.Case.ID}})
	part, err := r.Agencies.ReadCases(ctx, l.Case.Agency, scope, debt.OfCases, []string{l.Case.ID})
	if err != nil {
		return look, scope, err
	}
	if len(part.Cases) != 1 {
		return look, scope, agency.ErrNotFound
	}
	who, err := r.Agencies.FindDebtor(ctx, right, part.Cases[0].CaseNumber)
	if err != nil {
		return look, scope, err
	}
	return audit.ByStaff(p, look, r.Recorder.OfDebtor(who), atFile), scope, nil
}

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
	// fileWait is how long the files of one thing wait for those of others, to be looked up with them.
	fileWait = 2 * time.Millisecond
	// atFile stands for the reason where a member of staff opens a file.
	atFile = "a file that was sent was opened"
)

// fileKind is what files are sent with.
type fileKind struct {
	kind vault.Kind
	name string // of the file
	want debt.Relations
	has  func(c *debt.Case, id string) bool // whether a case shows it
}

var fileKinds = map[model.Paper]fileKind{
	model.PaperReceipt: {vault.Receipt, "receipt", debt.OfReceipts, func(c *debt.Case, id string) bool {
		return slices.ContainsFunc(c.Receipts, func(x debt.Receipt) bool { return x.ID == id })
	}},
	model.PaperObjection: {vault.Objection, "objection", debt.OfObjections, func(c *debt.Case, id string) bool {
		return slices.ContainsFunc(c.Objections, func(x debt.Objection) bool { return x.ID.ID == id })
	}},
	model.PaperComplaint: {vault.Complaint, "complaint", debt.OfComplaints, func(c *debt.Case, id string) bool {
		return slices.ContainsFunc(c.Complaints, func(x debt.Complaint) bool { return x.ID == id })
	}},
}

// sentWith names what files were sent with.
type sentWith struct {
	paper      model.Paper
	agency, id string
}

// files looks up which files were sent, those of one request together.
type files struct {
	load once[*dataloader.Loader[sentWith, []vault.Kept]]
}

// filesOf returns the files of something in a case, which was read within the caller's scope.
func (r *Resolver) filesOf(ctx context.Context, of model.Paper, c *debt.Case, id string) ([]model.Attachment, error) {
	loader, _ := requestOf(ctx).files.load.get(func() (*dataloader.Loader[sentWith, []vault.Kept], error) {
		return dataloader.NewBatchedLoader(r.readFiles, dataloader.WithWait[sentWith, []vault.Kept](fileWait)), nil
	})
	found, err := loader.Load(ctx, sentWith{of, c.ID.Agency, id})()
	if err != nil {
		return nil, err
	}
	all := make([]model.Attachment, len(found))
	for i, f := range found {
		all[i] = model.Attachment{Kept: f, Case: c, Paper: of}
	}
	return all, nil
}

// readFiles asks once for all things of one kind at an agency.
func (r *Resolver) readFiles(ctx context.Context, of []sentWith) []*dataloader.Result[[]vault.Kept] {
	ids := map[sentWith][]string{}
	for _, x := range of {
		at := sentWith{paper: x.paper, agency: x.agency}
		ids[at] = append(ids[at], x.id)
	}
	found, failed := map[sentWith][]vault.Kept{}, map[sentWith]error{}
	for at, subjects := range ids {
		all, err := r.Vault.Of(ctx, at.agency, fileKinds[at.paper].kind, subjects)
		failed[at] = err
		for _, k := range all {
			x := sentWith{at.paper, at.agency, *k.Subject}
			found[x] = append(found[x], k)
		}
	}
	results := make([]*dataloader.Result[[]vault.Kept], len(of))
	for i, x := range of {
		at := sentWith{paper: x.paper, agency: x.agency}
		results[i] = &dataloader.Result[[]vault.Kept]{Data: found[x], Error: failed[at]}
	}
	return results
}

// linkToFile returns a link to a file, for the caller alone.
func (r *Resolver) linkToFile(ctx context.Context, f *model.Attachment) (model.DocumentLink, error) {
	return r.seal(ctx, model.Link{Paper: f.Paper, Case: f.Case.ID, Document: f.ID.String()})
}

// fileByLink returns a file. What it was sent with is read anew, within the scope that the caller has now. Of what
// staff get, it says in the look whose it is, and why.
func (r *Resolver) fileByLink(ctx context.Context, p caller.Principal, l model.Link, of fileKind, look *audit.Look) (
	_ Paper, err error) {
	scope := p.Scope()
	if p.Kind == caller.Staff {
		if *look, scope, err = r.fileByStaff(ctx, p, l, *look); err != nil {
			return Paper{}, err
		}
	}
	part, err := r.Agencies.ReadCases(ctx, l.Case.Agency, scope, debt.OfCases|of.want, []string{l.Case.ID})
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
	shown := kept.Agency == l.Case.Agency && kept.Kind == of.kind && kept.Subject != nil &&
		slices.ContainsFunc(part.Cases, func(c *debt.Case) bool { return c.ID == l.Case && of.has(c, *kept.Subject) })
	if !shown {
		return Paper{}, agency.ErrNotFound
	}
	return Paper{of.name + "." + strings.ToLower(string(file.MediaType)), file.MediaType.ContentType(), file.Content}, nil
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

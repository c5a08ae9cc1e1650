package resolvers

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/json"
	"slices"
	"strings"
	"time"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/access"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statement"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// linksLast is how long a link to a paper works.
const linksLast = 10 * time.Minute

// Paper is a file that is made of a case.
type Paper struct {
	Name      string // of the file
	MediaType string
	Content   []byte
}

// asked is for whom a link is followed, to what of which case.
type asked struct {
	p caller.Principal
	c *debt.Case
	l model.Link
}

// paper is one kind of paper of a case, from what it wants to have read.
type paper struct {
	want debt.Relations
	make func(ctx context.Context, r *Resolver, of asked) (Paper, error)
}

var papers = map[model.Paper]paper{
	model.PaperStatement: {statement.OfPDF, func(_ context.Context, r *Resolver, of asked) (Paper, error) {
		s := statement.Of(of.c)
		content, err := s.PDF(of.l.Language, r.Clock())
		return asPDF("statement", content), err
	}},
	model.PaperClosing: {statement.OfPDF, func(_ context.Context, r *Resolver, of asked) (Paper, error) {
		proof := statement.Closed(of.c)
		if proof == nil { // it is open again
			return Paper{}, agency.ErrNotFound
		}
		content, err := proof.PDF(of.l.Language, r.Clock())
		return asPDF("closing-proof", content), err
	}},
	model.PaperPack: {statement.OfProofPack, func(ctx context.Context, r *Resolver, of asked) (Paper, error) {
		pack, err := r.proofPack(ctx, of)
		if err != nil {
			return Paper{}, err
		}
		content, err := pack.PDF(of.l.Language, r.Clock())
		return asPDF("proof-pack", content), err
	}},
	model.PaperPackJSON: {statement.OfProofPack, func(ctx context.Context, r *Resolver, of asked) (Paper, error) {
		pack, err := r.proofPack(ctx, of)
		if err != nil {
			return Paper{}, err
		}
		content, err := pack.JSON(of.l.Language)
		return Paper{"proof-pack.json", "application/json", content}, err
	}},
	model.PaperLetter: {debt.OfCases | debt.OfLetters, func(ctx context.Context, r *Resolver, of asked) (Paper, error) {
		return r.document(ctx, of, "letter", slices.ContainsFunc(of.c.AllLetters,
			func(l debt.Letter) bool { return is(l.DocumentID, of.l.Document) }))
	}},
	model.PaperInvoice: {debt.OfCases | debt.OfItems, func(ctx context.Context, r *Resolver, of asked) (Paper, error) {
		return r.document(ctx, of, "invoice", slices.ContainsFunc(of.c.Items,
			func(x debt.ClaimItem) bool { return is(x.DocumentID, of.l.Document) }))
	}},
}

func is(key *string, document string) bool { return key != nil && *key == document }

func asPDF(name string, content []byte) Paper {
	return Paper{name + ".pdf", "application/pdf", content}
}

// link returns a link to a paper of a case, for the caller alone.
func (r *Resolver) link(ctx context.Context, of model.Paper, c *debt.Case, l *debt.Language) (model.DocumentLink,
	error) {
	return r.seal(ctx, model.Link{Paper: of, Case: c.ID, Language: l})
}

func (r *Resolver) seal(ctx context.Context, l model.Link) (model.DocumentLink, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return model.DocumentLink{}, err
	}
	l.For, l.Until = holderOf(p), r.Clock().Add(linksLast).Truncate(time.Second)
	return r.IDs.SealLink(l)
}

// linkToDocument returns a link to what the agency has of a letter or an invoice, nil where there is none.
func (r *Resolver) linkToDocument(ctx context.Context, of model.Paper, c *debt.Case, document *string) (
	*model.DocumentLink, error) {
	if r.missing(c, document) != nil {
		return nil, nil
	}
	link, err := r.seal(ctx, model.Link{Paper: of, Case: c.ID, Document: *document})
	return &link, err
}

// missing says why a document cannot be opened, nil where it can.
func (r *Resolver) missing(c *debt.Case, document *string) *model.DocumentMissing {
	switch {
	case document == nil:
		return new(model.DocumentMissingNoCopy)
	case !r.Agencies.OpensDocuments(c.ID.Agency):
		return new(model.DocumentMissingNotOffered)
	default:
		return nil
	}
}

// holderOf stands for how somebody is logged in: as whom, by what, and for whom.
func holderOf(p caller.Principal) []byte {
	a, _ := p.Authority()
	sum := sha256.Sum256([]byte(strings.Join([]string{string(p.Kind), p.Issuer, p.Subject, p.NationalID.Reveal(),
		p.Case.Agency, p.Case.ID, p.Agency, a.ID}, "\x00")))
	return sum[:]
}

// Paper returns the file of a link, to the login that asked for it, while it works. The case is read
// anew within the caller's scope. The look is recorded first; a link of somebody else's is NOT_FOUND.
func (r *Resolver) Paper(ctx context.Context, sealed string) (Paper, error) {
	p, err := caller.Require(ctx)
	if err != nil {
		return Paper{}, err
	}
	l, err := r.IDs.OpenLink(sealed)
	if err != nil {
		return Paper{}, err
	}
	if !r.Clock().Before(l.Until) {
		return Paper{}, fault.Invalid("link", "the link has expired: ask for a new one")
	}
	look := audit.Look{Action: string(l.Paper), Agencies: []string{l.Case.Agency}, Outcome: audit.OK,
		Cases: []audit.Case{{Agency: l.Case.Agency, ID: l.Case.ID}}}
	made, err := r.makePaper(ctx, p, l, &look)
	switch code := fault.Of(err).Code; {
	case err == nil:
	case code == fault.NotFound:
		look.Outcome, look.Agencies, look.Cases = audit.Denied, nil, nil // not the caller's
	default:
		return Paper{}, err
	}
	if err := r.Recorder.Record(ctx, p, look); err != nil {
		return Paper{}, err
	}
	return made, err
}

// makePaper makes what a link leads to. Of what staff get, it says in the look whose it is, and why.
func (r *Resolver) makePaper(ctx context.Context, p caller.Principal, l model.Link, look *audit.Look) (Paper, error) {
	if subtle.ConstantTimeCompare(l.For, holderOf(p)) != 1 {
		return Paper{}, agency.ErrNotFound
	}
	if of, ok := fileKinds[l.Paper]; ok {
		return r.fileByLink(ctx, p, l, of, look)
	}
	kind, ok := papers[l.Paper]
	if !ok || p.Kind == caller.Staff {
		return Paper{}, agency.ErrNotFound
	}
	cases := []string{l.Case.ID}
	if kind.want.Has(debt.OfAgreements) {
		cases = nil // what an agreement asks for hangs on all of its cases
	}
	part, err := r.Agencies.ReadCases(ctx, l.Case.Agency, p.Scope(), kind.want, cases)
	if err != nil {
		return Paper{}, err
	}
	i := slices.IndexFunc(part.Cases, func(c *debt.Case) bool { return c.ID == l.Case })
	if i < 0 {
		return Paper{}, agency.ErrNotFound
	}
	return kind.make(ctx, r, asked{p, part.Cases[i], l})
}

// endings are how the names of files end, by what they are.
var endings = map[string]string{
	"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif",
}

// document returns what an agency has of a letter or an invoice, or where it has it. theirs says that it is
// the case's.
func (r *Resolver) document(ctx context.Context, of asked, name string, theirs bool) (Paper, error) {
	if !theirs {
		return Paper{}, agency.ErrNotFound
	}
	content, err := r.Agencies.Document(ctx, of.l.Case.Agency, of.p.Scope(), of.l.Document)
	if err != nil || content.Link == "" {
		return Paper{name + endings[content.MediaType], content.MediaType, content.File}, err
	}
	told, err := json.Marshal(map[string]string{"archiveLink": content.Link})
	return Paper{name + ".json", "application/json", told}, err
}

// mostLooks is how many entries of a person's access log are looked through for those of one case.
const mostLooks = 2000

// proofPack puts the documentation of a case together. Who has looked is for who may read it in the schema.
func (r *Resolver) proofPack(ctx context.Context, of asked) (*statement.ProofPack, error) {
	pack := &statement.ProofPack{Case: of.c}
	if access.CallerOf(of.p) != access.Debtor || r.Recorder == nil {
		return pack, nil
	}
	pack.Accesses = []statement.Access{}
	subjects := audit.SubjectsOf(r.Recorder.Secret, of.p)
	for args, seen := (page.Args{First: new(100)}), 0; ; seen += 100 {
		found, err := r.Recorder.Log.OfSubject(ctx, subjects, nil, args)
		if err != nil {
			return nil, err
		}
		for _, e := range found.Nodes {
			if slices.Contains(e.CaseIDs(), of.c.ID) {
				pack.Accesses = append(pack.Accesses, statement.Access{At: e.At.UTC(), Kind: string(e.Kind),
					StaffAgency: e.StaffCode(), Own: e.Own, Reason: e.GivenReason(), Action: e.Action, Outcome: string(e.Outcome)})
			}
		}
		if !found.PageInfo.HasNextPage || seen+100 >= mostLooks {
			pack.Cut = found.PageInfo.HasNextPage
			return pack, nil
		}
		args.After = new(found.PageInfo.EndCursor.Text())
	}
}

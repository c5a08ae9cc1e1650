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
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/statement"
	"github.com/oversikt/oversikt/internal/fault"
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

// paper is one kind of paper of a case, from what it wants to have read.
type paper struct {
	want debt.Relations
	make func(c *debt.Case, l model.Link, now time.Time) (Paper, error) // nil: the agency has it
	has  func(c *debt.Case, document string) bool                       // whether the agency's document is the case's
}

var papers = map[model.Paper]paper{
	model.PaperStatement: {want: statement.OfPDF, make: func(c *debt.Case, l model.Link, now time.Time) (Paper, error) {
		s := statement.Of(c)
		content, err := s.PDF(l.Language, now)
		return asPDF("statement", content), err
	}},
	model.PaperClosing: {want: statement.OfPDF, make: func(c *debt.Case, l model.Link, now time.Time) (Paper, error) {
		proof := statement.Closed(c)
		if proof == nil { // it is open again
			return Paper{}, agency.ErrNotFound
		}
		content, err := proof.PDF(l.Language, now)
		return asPDF("closing-proof", content), err
	}},
	model.PaperLetter: {want: debt.OfCases | debt.OfLetters, has: func(c *debt.Case, document string) bool {
		return slices.ContainsFunc(c.AllLetters, func(l debt.Letter) bool { return is(l.DocumentID, document) })
	}},
	model.PaperInvoice: {want: debt.OfCases | debt.OfItems, has: func(c *debt.Case, document string) bool {
		return slices.ContainsFunc(c.Items, func(x debt.ClaimItem) bool { return is(x.DocumentID, document) })
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
	made, err := r.makePaper(ctx, p, l)
	look := audit.Look{Action: string(l.Paper), Agencies: []string{l.Case.Agency}, Outcome: audit.OK,
		Cases: []audit.Case{{Agency: l.Case.Agency, ID: l.Case.ID}}}
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

func (r *Resolver) makePaper(ctx context.Context, p caller.Principal, l model.Link) (Paper, error) {
	kind, ok := papers[l.Paper]
	if !ok || p.Kind == caller.Staff || subtle.ConstantTimeCompare(l.For, holderOf(p)) != 1 {
		return Paper{}, agency.ErrNotFound
	}
	part, err := r.Agencies.ReadCases(ctx, l.Case.Agency, p.Scope(), kind.want, []string{l.Case.ID})
	if err != nil {
		return Paper{}, err
	}
	i := slices.IndexFunc(part.Cases, func(c *debt.Case) bool { return c.ID == l.Case })
	if i < 0 {
		return Paper{}, agency.ErrNotFound
	}
	if kind.make != nil {
		return kind.make(part.Cases[i], l, r.Clock())
	}
	if !kind.has(part.Cases[i], l.Document) {
		return Paper{}, agency.ErrNotFound
	}
	return r.document(ctx, p, l)
}

// endings are how the names of files end, by what they are.
var endings = map[string]string{"application/pdf": ".pdf", "image/jpeg": ".jpg", "image/png": ".png", "image/tiff": ".tif"}

// document returns what an agency has of a letter or an invoice, or where it has it.
func (r *Resolver) document(ctx context.Context, p caller.Principal, l model.Link) (Paper, error) {
	name := map[model.Paper]string{model.PaperLetter: "letter", model.PaperInvoice: "invoice"}[l.Paper]
	content, err := r.Agencies.Document(ctx, l.Case.Agency, p.Scope(), l.Document)
	if err != nil || content.Link == "" {
		return Paper{name + endings[content.MediaType], content.MediaType, content.File}, err
	}
	told, err := json.Marshal(map[string]string{"archiveLink": content.Link})
	return Paper{name + ".json", "application/json", told}, err
}

package agency

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"time"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
)

// Content is what a document says, or where it is.
type Content = core.Content

// Document returns the content of a document of an agency, within a scope. Whether the document is in a
// case of the scope is for whoever asks to see to as well. What the agency does not have for the scope is
// NOT_FOUND; an agency that gives no content at all is NOT_OFFERED. A link leads to one of the hosts that
// the configuration names for the agency, or is SCHEMA_MISMATCH.
func (r *Registry) Document(ctx context.Context, code string, scope caller.Scope, id string) (c Content, err error) {
	a, ok := r.byCode[code]
	if !ok || !scope.Covers(code) {
		return c, ErrNotFound
	}
	_, err = a.guard(ctx, repeatable, func(ctx context.Context) error {
		c, err = a.document(ctx, scope, id)
		return err
	})
	switch {
	case err != nil:
		return Content{}, err
	case c.File == nil && c.Link == "":
		return Content{}, ErrNotFound
	case c.Link != "" && !a.archives(c.Link):
		return Content{}, fault.New(fault.SchemaMismatch, "the agency's link to the document cannot be used").At(code).
			Because(fmt.Errorf("%s.archive_link is no https address of a host in archiveHosts", spec.DocumentContent))
	}
	return c, nil
}

// OpensDocuments says whether an agency gives the content of documents, as its catalogue was when it was
// last looked at.
func (r *Registry) OpensDocuments(code string) bool { return r.Offers(code, spec.DocumentContent) }

func (a *Agency) document(ctx context.Context, scope caller.Scope, id string) (none Content, err error) {
	start := time.Now()
	conn, release, err := a.connect(ctx, true)
	if err != nil {
		return none, err
	}
	defer release()
	kept := a.kept.Load()
	if !kept.Offers(spec.DocumentContent) {
		return none, errNotOffered
	}
	defer a.note(ctx, conn, tripsOf(conn.Conn()), 1, start)
	ctx, cancel := lasting(ctx)
	defer cancel()
	return core.Document(ctx, conn.Conn(), kept, scope, id)
}

// archives says that a link leads to an archive of the agency.
func (a *Agency) archives(link string) bool {
	u, err := url.Parse(link)
	return err == nil && u.Scheme == "https" && u.User == nil && slices.Contains(a.archive, u.Host)
}

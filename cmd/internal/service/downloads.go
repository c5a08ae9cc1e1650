package service

import (
	"cmp"
	"context"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/throttle"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/resolvers"
)

// documentsAMinute is how many documents one caller may have a minute, each of up to 5 MiB.
const documentsAMinute = 30

// downloads are the files that callers can have.
func downloads(r *resolvers.Resolver) map[string]server.Download {
	return map[string]server.Download{
		"/personal-data":              personalData(r),
		"/power-of-attorney-document": powerDocument(r),
		"/document":                   paper(r),
	}
}

// exportOfPersonalData is what the access log calls an archive that is taken along.
const exportOfPersonalData = "personalDataExport"

// personalData hands a person everything that is registered on them.
func personalData(r *resolvers.Resolver) server.Download {
	refusals := throttle.NewLocal(documentsAMinute) // each is written down
	return server.Download{Make: func(ctx context.Context, query url.Values, _ []byte) (server.File, error) {
		p, _ := caller.FromContext(ctx)
		var language *debt.Language
		if asked := query["language"]; len(asked) > 0 {
			l := debt.Language(asked[0])
			if len(asked) > 1 || !slices.Contains(debt.Languages, l) {
				return server.File{}, fault.Invalid("language", "language must be nb, nn or en")
			}
			language = &l
		}
		archive, err := r.Privacy.Archive(ctx, p, language)
		if fault.Of(err).Code == fault.Forbidden {
			if !refusals.Allow(callerName(ctx)) {
				return server.File{}, fault.New(fault.RateLimited, "you have just been refused many archives: wait a minute")
			}
			err = cmp.Or(r.Recorder.Denied(ctx, p, exportOfPersonalData), err)
		}
		return server.File{Name: "personal-data.zip", MediaType: "application/zip", Content: archive}, err
	}}
}

// powerDocument hands out what a power of attorney was signed on.
func powerDocument(r *resolvers.Resolver) server.Download {
	documents := throttle.NewLocal(documentsAMinute)
	return server.Download{Asks: true, Make: func(ctx context.Context, _ url.Values, body []byte) (server.File, error) {
		var asked struct {
			ID     string `json:"id"`
			Reason string `json:"reason"`
		}
		if err := json.Unmarshal(body, &asked, json.RejectUnknownMembers(true)); err != nil {
			return server.File{}, fault.New(fault.BadRequest, "the body is JSON with id, and for staff reason")
		}
		if !documents.Allow(callerName(ctx)) {
			return server.File{}, fault.New(fault.RateLimited, "you have just had many documents: wait a minute")
		}
		d, err := r.PowerDocument(ctx, asked.ID, asked.Reason)
		if err != nil {
			return server.File{}, err
		}
		name := "power-of-attorney." + strings.ToLower(string(d.MediaType))
		return server.File{Name: name, MediaType: d.MediaType.ContentType(), Content: d.Content}, nil
	}}
}

// paper hands out what a link leads to.
func paper(r *resolvers.Resolver) server.Download {
	documents := throttle.NewLocal(documentsAMinute)
	return server.Download{Asks: true, Make: func(ctx context.Context, _ url.Values, body []byte) (server.File, error) {
		var asked struct {
			Link string `json:"link"`
		}
		if err := json.Unmarshal(body, &asked, json.RejectUnknownMembers(true)); err != nil {
			return server.File{}, fault.New(fault.BadRequest, "the body is JSON with link")
		}
		if !documents.Allow(callerName(ctx)) {
			return server.File{}, fault.New(fault.RateLimited, "you have just had many documents: wait a minute")
		}
		f, err := r.Paper(ctx, asked.Link)
		return server.File{Name: f.Name, MediaType: f.MediaType, Content: f.Content}, err
	}}
}

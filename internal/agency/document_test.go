package agency_test

import (
	"bytes"
	"fmt"
	"testing"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// TestDocument: what an agency says that a document is comes through where it is that, and is not too large.
func TestDocument(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	c.conf.ArchiveHosts = []string{"arkiv.lita.example", "arkiv.lita.example:8443"}
	r, _ := open(t, c)
	all(t, r)
	file := func(kind, hex string, size int) string {
		return fmt.Sprintf("select '%s', '\\x%s'::bytea || convert_to(repeat('x', %d), 'UTF8'), null", kind, hex, size)
	}
	const pdf, magic, unfit = "application/pdf", "255044462d", fault.SchemaMismatch
	link := func(to string) string { return "select null, null::bytea, '" + to + "'" }
	for name, tc := range map[string]struct {
		reason, body string
		size         int
		link         string
		code         fault.Code
	}{
		"pdf":            {"a letter", file(pdf, magic, 10), 15, "", ""},
		"jpeg":           {"a picture", file("image/jpeg", "ffd8ffe0", 3<<20), 4 + 3<<20, "", ""},
		"png":            {"a picture", file("image/png", "89504e470d0a1a0a", 0), 8, "", ""},
		"tiff":           {"what old archives have", file("image/tiff", "49492a00", 4), 8, "", ""},
		"just":           {"the largest", file(pdf, magic, core.MaxDocument-5), core.MaxDocument, "", ""},
		"too large":      {"one byte", file(pdf, magic, core.MaxDocument-4), 0, "", unfit},
		"far too large":  {"it is not even sent", file(pdf, magic, 40<<20), 0, "", unfit},
		"another type":   {"a page that says it is a PDF", file(pdf, "3c68746d6c3e", 9), 0, "", unfit},
		"swapped":        {"two that are known", file("image/png", magic, 9), 0, "", unfit},
		"page":           {"nothing that a browser runs", file("text/html", "3c68746d6c3e", 9), 0, "", unfit},
		"empty":          {"it is no PDF", file(pdf, "", 0), 0, "", unfit},
		"no type":        {"nobody knows what it is", "select null, '\\x255044462d'::bytea, null", 0, "", unfit},
		"nothing":        {"not theirs, or not there", "select null, null::bytea, null", 0, "", fault.NotFound},
		"archive":        {"its own", link("https://arkiv.lita.example/b?t=1"), 0, "https://arkiv.lita.example/b?t=1", ""},
		"archive's port": {"its own", link("https://arkiv.lita.example:8443/b"), 0, "https://arkiv.lita.example:8443/b", ""},
		"elsewhere":      {"nobody has said so", link("https://arkiv.lita.example.evil.example/b"), 0, "", unfit},
		"before it":      {"a user's name is no host", link("https://arkiv.lita.example@evil.example/b"), 0, "", unfit},
		"with a user":    {"a password in an address", link("https://a:b@arkiv.lita.example/b"), 0, "", unfit},
		"plain":          {"anybody reads along", link("http://arkiv.lita.example/b"), 0, "", unfit},
		"script":         {"it runs", link("javascript:alert(1)"), 0, "", unfit},
		"broken":         {"an error of its own", "select null, null::bytea, (1/0)::text", 0, "", unfit},
	} {
		c.exec(t, `create or replace function oversikt.document_content(caller jsonb, document_id text)
			returns table (media_type text, content bytea, archive_link text) language sql volatile security definer
			set search_path = pg_catalog, pg_temp as $$ `+tc.body+` $$`)
		got, err := r.Document(t.Context(), "lita", somebody(), "1")
		if code := fault.Of(err).Code; err != nil && code != tc.code || err == nil && tc.code != "" ||
			len(got.File) != tc.size || got.Link != tc.link {
			t.Errorf("%s (%s): %d bytes of %q, %q, %v", name, tc.reason, len(got.File), got.MediaType, got.Link, err)
		}
		if _, errs := r.Read(t.Context(), somebody(), debt.OfCases); errors(errs) != nil {
			t.Fatalf("%s: the agency is not read any more: %v", name, errs)
		}
	}
	for name, scope := range map[string]caller.Scope{"nobody": {}, "elsewhere": caller.Principal{Kind: caller.LetterCase,
		Case: caller.CaseKey{Agency: "fjord", ID: "1"}}.Scope()} {
		if _, err := r.Document(t.Context(), "lita", scope, "1"); fault.Of(err).Code != fault.NotFound {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := r.Document(t.Context(), "nowhere", somebody(), "1"); fault.Of(err).Code != fault.NotFound {
		t.Errorf("no such agency: %v", err)
	}
	none := newCell(t, "lita")
	none.exec(t, "drop function oversikt.document_content(jsonb, text)")
	without, _ := open(t, none)
	all(t, without)
	if _, err := without.Document(t.Context(), "lita", somebody(), "1"); fault.Of(err).Code != fault.NotOffered {
		t.Errorf("an agency without it: %v", err)
	}
}

// TestDocumentIsStored: a reference core gives the copy that it has, and prints what it has none of.
func TestDocumentIsStored(t *testing.T) {
	t.Parallel()
	c := newCell(t, "lita")
	r, _ := open(t, c)
	var id string
	for _, x := range readAll(t, r, debt.OfCases|debt.OfLetters) {
		for _, l := range x.AllLetters {
			id = *l.DocumentID
		}
	}
	printed := document(t, r, id)
	c.exec(t, "update core.document set media_type = 'image/png', content = '\\x89504e470d0a1a0a'")
	stored := document(t, r, id)
	if printed.MediaType != "application/pdf" || stored.MediaType != "image/png" ||
		bytes.Equal(printed.File, stored.File) {
		t.Errorf("%d bytes of %q, then %d of %q", len(printed.File), printed.MediaType, len(stored.File), stored.MediaType)
	}
}

func readAll(t *testing.T, r *agency.Registry, want debt.Relations) (cases []*debt.Case) {
	t.Helper()
	parts, errs := r.Read(t.Context(), somebody(), want)
	if err := errors(errs); err != nil {
		t.Fatal(err)
	}
	for _, p := range parts {
		cases = append(cases, p.Cases...)
	}
	return cases
}

func document(t *testing.T, r *agency.Registry, id string) agency.Content {
	t.Helper()
	got, err := r.Document(t.Context(), "lita", somebody(), id)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

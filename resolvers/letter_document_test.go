package resolvers_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestLetterDocument: a letter is opened by who may see its case, while it is the case's, and each look is in
// the access log.
func TestLetterDocument(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	p.invoices()
	s := newSubject(t, p)
	p.know("attorney", s.attorney(func(*caller.Authority) {}))
	p.know("letter", s.letter)
	p.know("worker", staff(caller.CaseWorker, s.code))
	asked := fmt.Sprintf(`{ node(id: %q) { ... on Case { caseNumber letters(first: 1) { nodes { title documentMissing
		document { link expiresAt } } } } } }`, s.caseID)
	first := func(as string) (number, title, link string) {
		c := at(p.getAs(as, asked, nil), "node")
		l := at(c, "letters", "nodes", 0)
		if at(l, "documentMissing") != nil {
			t.Fatalf("%v", l)
		}
		return at(c, "caseNumber").(string), at(l, "title").(string), at(l, "document", "link").(string)
	}
	kari, other := s.id.Reveal(), people.DemoPeople(today)[1].NationalID.Reveal()
	number, title, mine := first(kari)
	for _, as := range []string{kari, "attorney", "letter"} {
		_, _, link := first(as)
		made, err := p.fetch(as, link)
		if err != nil || made.Name != "letter.pdf" || made.MediaType != "application/pdf" {
			t.Fatalf("%s: %s, %v", as, made.Name, err)
		}
		if says := words(t, made.Content); !strings.Contains(says, number) ||
			!strings.Contains(says, strings.ReplaceAll(title, " ", "")) {
			t.Errorf("%s reads %s", as, says)
		}
	}
	for _, as := range []string{other, "attorney", "letter", "worker"} {
		if made, err := p.fetch(as, mine); fault.Of(err).Code != fault.NotFound || len(made.Content) > 0 {
			t.Errorf("%s, with her link: %d bytes, %v", as, len(made.Content), err)
		}
	}
	p.onRecord("letterDocument", map[string]int{"OK": 3, "DENIED": 4}, kari, mine)
	answers := func(archive string) {
		p.change(s.code, `create or replace function oversikt.document_content(caller jsonb, document_id text)
			returns table (media_type text, content bytea, archive_link text) language sql volatile security definer
			set search_path = pg_catalog, pg_temp as $$ select null, null::bytea, `+archive+` $$`)
	}
	answers("'https://arkiv." + s.code + ".example/b/1'")
	var told struct{ ArchiveLink string }
	if made, err := p.fetch(kari, mine); err != nil || made.MediaType != "application/json" ||
		json.Unmarshal(made.Content, &told) != nil || told.ArchiveLink != "https://arkiv."+s.code+".example/b/1" {
		t.Errorf("the agency's archive: %s, %v", made.Content, err)
	}
	answers("'https://arkiv.example/b/1'")
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.SchemaMismatch {
		t.Errorf("an archive that is not named: %v", err)
	}
	answers("null")
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.NotFound {
		t.Errorf("a copy that is gone: %v", err)
	}
	p.change(s.code, `update core.letter set document_id = null`)
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.NotFound {
		t.Errorf("a document that is no letter's: %v", err)
	}
	if l := at(p.getAs(kari, asked, nil), "node", "letters", "nodes", 0); at(l, "document") != nil ||
		at(l, "documentMissing") != "NO_COPY" {
		t.Errorf("a letter without a copy: %v", l)
	}
	p.line(s.code, false)
	if _, err := p.fetch(kari, mine); fault.Of(err).Code != fault.AgencyUnavailable {
		t.Errorf("an agency that is down: %v", err)
	}
}

// invoices: those of a case that collects several are opened as letters are.
func (p *portal) invoices() {
	t := p.t
	t.Helper()
	opened := 0
	for _, who := range people.DemoPeople(today) {
		if who.NationalID.IsZero() {
			continue
		}
		as := who.NationalID.Reveal()
		for _, c := range at(p.getAs(as, `{ viewer { cases(first: 100) { nodes { caseNumber agency { code }
			items { documentMissing document { link } } } } } }`, nil), "viewer", "cases", "nodes").([]any) {
			for _, item := range at(c, "items").([]any) {
				if (at(item, "document") == nil) != (at(item, "documentMissing") != nil) {
					t.Errorf("%v", item)
				}
				if at(item, "document") == nil || at(c, "agency", "code") == people.Tradisjon {
					continue
				}
				made, err := p.fetch(as, at(item, "document", "link").(string))
				if err != nil || made.Name != "invoice.pdf" ||
					!strings.Contains(words(t, made.Content), at(c, "caseNumber").(string)) {
					t.Errorf("%s, %v", made.Name, err)
				}
				opened++
			}
		}
	}
	if opened == 0 {
		t.Error("no invoice was opened")
	}
}

package paper_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/ledongthuc/pdf"

	"github.com/oversikt/oversikt/internal/paper"
	"github.com/oversikt/oversikt/internal/text"
)

// sample is a document over several pages: a paragraph and a table go on over the end of one.
func sample(t testing.TB, l text.Language) []byte {
	t.Helper()
	s := paper.Start(l, "Oversikt over saken: æøå ÆØÅ", time.Unix(1_800_000_000, 0))
	s.Heading(2, "En overskrift som hopper over et nivå")
	s.Row("Saksnummer", "2026-1")
	s.Row("Skyldner", "Åse Ørnø\x07")
	s.Line(0, strings.Repeat("Et langt avsnitt som går over flere sider. ", 400))
	var rows [][]string
	for i := range 90 {
		rows = append(rows, []string{fmt.Sprintf("Post %d, med en tekst som trenger mer enn én linje i sin kolonne", i),
			"1 234,50 kr"})
	}
	s.Table([]paper.Column{{Header: "Post", Width: 60}, {Header: "Beløp", Width: 40, Amount: true}}, rows)
	out, err := s.PDF()
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestTagged reads the file back: its language, its title, and what each piece of it is.
func TestTagged(t *testing.T) {
	t.Parallel()
	file := sample(t, text.NN)
	if !bytes.Equal(file, sample(t, text.NN)) {
		t.Error("the same words make another file")
	}
	r, err := pdf.NewReader(bytes.NewReader(file), int64(len(file)))
	if err != nil {
		t.Fatal(err)
	}
	root := r.Trailer().Key("Root")
	if got := root.Key("Lang").Text(); got != "nn" {
		t.Errorf("language %q", got)
	}
	if got := r.Trailer().Key("Info").Key("Title").Text(); got != "Oversikt over saken: æøå ÆØÅ" {
		t.Errorf("title %q", got)
	}
	if !root.Key("MarkInfo").Key("Marked").Bool() || !root.Key("ViewerPreferences").Key("DisplayDocTitle").Bool() {
		t.Errorf("catalog %v", root)
	}
	tree := root.Key("StructTreeRoot")
	seen, pieces := map[string]int{}, 0
	var walk func(pdf.Value)
	walk = func(e pdf.Value) {
		tag := e.Key("S").Name()
		seen[tag]++
		if tag == "TH" && e.Key("A").Key("Scope").Name() == "" {
			t.Error("a header that says not of what")
		}
		for i := range e.Key("K").Len() {
			if kid := e.Key("K").Index(i); kid.Key("Type").Name() == "MCR" {
				pieces++
			} else {
				walk(kid)
			}
		}
	}
	walk(tree.Key("K"))
	if seen["H1"] != 1 || seen["H2"] != 1 || seen["H3"] != 0 || seen["P"] != 1 || seen["Table"] != 2 ||
		seen["TR"] != 2+1+90 || seen["TH"] != 2+2 || seen["TD"] != 2+180 {
		t.Errorf("the tree has %v", seen)
	}
	marks := 0
	for i := 1; i <= r.NumPage(); i++ {
		p := r.Page(i).V
		if p.Key("StructParents").Int64() != int64(i-1) {
			t.Errorf("page %d: parents %v", i, p.Key("StructParents"))
		}
		marks += tree.Key("ParentTree").Key("Nums").Index(2*(i-1) + 1).Len()
	}
	if marks != pieces || r.NumPage() < 4 || pieces <= seen["P"]+seen["TH"]+seen["TD"]+2 {
		t.Errorf("%d marks, %d pieces, %d pages: the paragraph goes on over pages", marks, pieces, r.NumPage())
	}
}

// TestOthersRead: programs that are none of ours find nothing wrong, and the words in order.
func TestOthersRead(t *testing.T) {
	t.Parallel()
	name := filepath.Join(t.TempDir(), "sample.pdf")
	if err := os.WriteFile(name, sample(t, text.NB), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, tc := range []struct {
		program string
		args    []string
		want    string
	}{
		{"qpdf", []string{"--check", name}, `No syntax or stream encoding errors found`},
		{"pdfinfo", []string{name}, `Title: +Oversikt over saken: æøå ÆØÅ\n(.*\n)*Tagged: +yes\n`},
		{"pdfinfo", []string{"-struct-text", name}, `(?s)H1 \(block\)\s+"Oversikt over saken: æøå ÆØÅ"` +
			`.*TH.*"Saksnummer"\s+TD.*"2026-1".*TH.*"Skyldner"\s+TD.*"Åse Ørnø.*"Post 89, med en tekst`},
	} {
		if _, err := exec.LookPath(tc.program); err != nil {
			t.Logf("%s is not installed here (qpdf, poppler-utils): not checked with it", tc.program)
			continue
		}
		out, err := exec.CommandContext(t.Context(), tc.program, tc.args...).CombinedOutput()
		if err != nil || !regexp.MustCompile(tc.want).Match(out) || bytes.Contains(out, []byte("WARNING")) ||
			bytes.Contains(out, []byte("Syntax Error")) {
			t.Errorf("%s %s: %v\n%.4000s", tc.program, tc.args[0], err, out)
		}
	}
}

func BenchmarkSheet(b *testing.B) {
	for b.Loop() {
		sample(b, text.NB)
	}
}

// Package paper writes what people read on paper or take along, as tagged PDF: a screen reader finds
// the headings, the tables and their headers, in the language that the document says it is in.
package paper

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/oversikt/oversikt/internal/text"
)

// Millimetres and points of an A4 page.
const (
	pageHeight = 297.0
	margin     = 20.0
	width      = 170.0
	labelWidth = 55.0
	lineHeight = 5.0
	bodySize   = 9.5

	// Indent is how far a line that belongs to the one above is set in.
	Indent = 6.0
)

var pageNumber = map[text.Language]string{text.NB: "Side %d", text.NN: "Side %d", text.EN: "Page %d"}

// Sheet is a document that is being written, from top to bottom. The same words make the same file.
type Sheet struct {
	pdf  *fpdf.Fpdf
	tree tree
	rows *element // the table of labels that is being written; nil: none
	top  int      // the level of the last heading, from 1; 0: none
}

// Start begins a document in a language, with its title as the first heading.
func Start(l text.Language, title string, made time.Time) *Sheet {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, margin)
	f.SetCreationDate(made.UTC())
	f.SetModificationDate(made.UTC())
	f.SetCatalogSort(true) // the same data makes the same file
	f.SetLang(string(l))
	f.SetProducer("Oversikt", true)
	title = printable(title)
	f.SetTitle(title, true)
	s := &Sheet{pdf: f, tree: newTree(f)}
	f.SetHeaderFunc(s.tree.resume)
	f.SetFooterFunc(func() {
		s.tree.pause()
		s.tree.artifact(func() {
			f.SetY(-margin + 5)
			f.SetFont("go", "", 8)
			f.CellFormat(0, lineHeight, fmt.Sprintf(pageNumber[l], f.PageNo()), "", 0, "C", false, 0, "")
		})
	})
	f.AddPage()
	s.Heading(0, title)
	return s
}

// Heading writes a heading of a level from 0, that of the title, to 4, and the outline's entry.
func (s *Sheet) Heading(level int, words string) {
	s.rows = nil
	size := [...]float64{18, 15, 12, 10.5, 9.5}[level]
	if s.pdf.GetY() > pageHeight-margin-4*lineHeight { // no heading alone at the end of a page
		s.pdf.AddPage()
	} else if level > 0 {
		s.pdf.Ln(lineHeight * [...]float64{0, 2, 1.2, 0.8, 0.4}[level])
	}
	words = printable(words)
	if level < 4 {
		s.pdf.Bookmark(words, level, -1)
	}
	s.top = min(level+1, s.top+1) // whoever reads by headings misses no level
	s.pdf.SetFont("go", "B", size)
	s.write(s.tree.root.add(fmt.Sprintf("H%d", s.top)), func() { s.pdf.MultiCell(0, size/2, words, "", "L", false) })
	s.pdf.Ln(1)
}

// Line writes a paragraph, set in by some millimetres.
func (s *Sheet) Line(left float64, words string) {
	s.rows = nil
	s.pdf.SetFont("go", "", bodySize)
	s.pdf.SetX(margin + left)
	s.write(s.tree.root.add("P"), func() { s.pdf.MultiCell(0, lineHeight, printable(words), "", "L", false) })
}

// Space leaves room for half a line.
func (s *Sheet) Space() { s.pdf.Ln(lineHeight / 2) }

// Row writes a label and what it says. Rows that follow each other are one table.
func (s *Sheet) Row(label, words string) {
	if s.rows == nil {
		s.rows = s.tree.root.add("Table")
	}
	row := s.rows.add("TR")
	s.pdf.SetX(margin)
	s.pdf.SetFont("go", "B", bodySize)
	y, page := s.pdf.GetY(), s.pdf.PageNo()
	s.write(row.header("Row"), func() { s.pdf.MultiCell(labelWidth, lineHeight, printable(label), "", "L", false) })
	below := s.pdf.GetY()
	if s.pdf.PageNo() != page { // the label began a page
		y = margin
	}
	s.pdf.SetFont("go", "", bodySize)
	page = s.pdf.PageNo()
	s.pdf.SetXY(margin+labelWidth, y)
	s.write(row.add("TD"), func() { s.pdf.MultiCell(0, lineHeight, printable(words), "", "L", false) })
	if s.pdf.PageNo() == page && s.pdf.GetY() < below {
		s.pdf.SetY(below)
	}
}

// PDF ends the document, and returns it.
func (s *Sheet) PDF() ([]byte, error) {
	var out bytes.Buffer
	if err := s.pdf.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return s.tree.tag(out.Bytes())
}

func (s *Sheet) write(e *element, draw func()) {
	s.tree.begin(e)
	draw()
	s.tree.end()
}

// printable replaces what the font cannot show, and what would move the pen.
func printable(words string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case r == '\n':
			return r
		case r == '\t':
			return ' '
		case r == '\r':
			return -1
		case r > 0xFFFF, !unicode.IsPrint(r) && r != '\u00a0':
			return unicode.ReplacementChar
		}
		return r
	}, strings.ToValidUTF8(words, string(unicode.ReplacementChar)))
}

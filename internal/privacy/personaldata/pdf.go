package personaldata

import (
	"bytes"
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
	"unicode"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// Millimetres and points of an A4 page.
const (
	margin     = 20.0
	labelWidth = 55.0
	indent     = 6.0
	lineHeight = 5.0
	bodySize   = 9.5
)

// sheet writes a document as PDF.
type sheet struct {
	pdf *fpdf.Fpdf
	l   debt.Language
}

// pdf returns the document for a person to read.
func (d *document) pdf() ([]byte, error) {
	f := fpdf.New("P", "mm", "A4", "")
	f.AddUTF8FontFromBytes("go", "", goregular.TTF)
	f.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	f.SetMargins(margin, margin, margin)
	f.SetAutoPageBreak(true, margin)
	made := time.Time(d.GeneratedAt)
	f.SetCreationDate(made.UTC())
	f.SetModificationDate(made.UTC())
	f.SetCatalogSort(true) // the same data makes the same file
	f.SetLang(string(d.Language))
	f.SetProducer(PortalName, true)
	s := &sheet{f, d.Language}
	heading := fmt.Sprintf(title.in(s.l), printable(d.Person.Name))
	f.SetTitle(heading, true)
	f.SetFooterFunc(func() {
		f.SetY(-margin + 5)
		f.SetFont("go", "", 8)
		f.CellFormat(0, lineHeight, fmt.Sprintf(pageNumber.in(s.l), f.PageNo()), "", 0, "C", false, 0, "")
	})
	f.AddPage()
	s.heading(0, heading)
	s.line(0, fmt.Sprintf(madeAt.in(s.l), s.instant(d.GeneratedAt), d.Person.NationalID))
	if !d.Complete {
		s.heading(2, incomplete.in(s.l))
		for _, m := range d.Missing {
			s.line(0, fmt.Sprintf(noAnswer.in(s.l), m.Name))
		}
	}
	s.heading(2, yourRights.in(s.l))
	for _, r := range d.Rights {
		s.line(0, r)
	}
	for i := range d.Sources {
		s.source(&d.Sources[i])
	}
	var out bytes.Buffer
	if err := f.Output(&out); err != nil {
		return nil, fmt.Errorf("write PDF: %w", err)
	}
	return out.Bytes(), nil
}

func (s *sheet) source(x *source) {
	s.heading(1, x.Name)
	if x.Contact != nil {
		s.rows(reflect.ValueOf(*x.Contact))
	}
	s.heading(2, whatAndWhy.in(s.l))
	if len(x.Categories) == 0 {
		s.line(0, nothing.in(s.l))
	}
	for _, c := range x.Categories {
		s.heading(3, fmt.Sprintf("%s (%d)", c.Name, c.RecordCount))
		bases := make([]string, len(c.LegalBases))
		for i, b := range c.LegalBases {
			bases[i] = b.Provision + ". " + b.Text
		}
		for _, row := range [][2]string{
			{"purpose", c.Purpose}, {"legalBases", strings.Join(bases, "\n")}, {"origin", c.Origin},
			{"recipients", c.Recipients}, {"retention", c.Retention},
		} {
			s.row(labels[row[0]].in(s.l), row[1])
		}
	}
	if x.Agency != nil {
		s.lists(2, reflect.ValueOf(*x.Agency))
	}
	if x.Portal != nil {
		s.lists(2, reflect.ValueOf(*x.Portal))
	}
}

// lists writes each member that is a list of objects, under a heading of its own.
func (s *sheet) lists(level int, v reflect.Value) {
	for i := range v.NumField() {
		x, label := v.Field(i), labels[keyOf(v.Type().Field(i))].in(s.l)
		if _, leaf := s.value(x); leaf || x.Kind() == reflect.Struct {
			continue // a row
		}
		if x.Len() > 0 {
			s.heading(level, label)
		}
		for k := range x.Len() {
			s.item(level, x.Index(k))
		}
	}
}

// item writes one object of a list: in rows where there is much to it, else as a line.
func (s *sheet) item(level int, v reflect.Value) {
	switch {
	case v.Type() == reflect.TypeFor[caseData]():
		s.heading(level+1, s.name("caseNumber")+" "+v.Interface().(caseData).CaseNumber)
		s.rows(v)
		s.lists(level+2, v)
	case level <= 2:
		s.rows(v)
		s.lists(level+1, v)
		s.pdf.Ln(lineHeight / 2)
	default:
		s.line(indent, s.inLine(v))
	}
}

func (s *sheet) name(key string) string { return labels[key].in(s.l) }

// rows writes the members that are no lists, one a row; those that are null are left out.
func (s *sheet) rows(v reflect.Value) {
	for i := range v.NumField() {
		text, leaf := s.value(v.Field(i))
		if !leaf && v.Field(i).Kind() == reflect.Struct {
			text = s.inLine(v.Field(i))
		}
		if text != "" {
			s.row(s.name(keyOf(v.Type().Field(i))), text)
		}
	}
}

// inLine writes an object, with all that is below it, as one paragraph.
func (s *sheet) inLine(v reflect.Value) string {
	var parts []string
	for i := range v.NumField() {
		x := v.Field(i)
		text, leaf := s.value(x)
		if !leaf {
			below := make([]string, x.Len())
			for k := range below {
				below[k] = s.inLine(x.Index(k))
			}
			text = strings.Join(below, "; ")
		}
		if text != "" {
			parts = append(parts, s.name(keyOf(v.Type().Field(i)))+": "+text)
		}
	}
	return strings.Join(parts, " · ")
}

func keyOf(f reflect.StructField) string {
	key, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return key
}

// value writes a leaf, empty for null; leaf is false for objects and lists of objects.
func (s *sheet) value(v reflect.Value) (text string, leaf bool) {
	if v.Kind() == reflect.Pointer {
		if v.IsNil() {
			return "", true
		}
		v = v.Elem()
	}
	switch x := v.Interface().(type) {
	case amount:
		return s.l.Kroner(money.Øre(x)), true
	case percent:
		return s.l.Percent(int(x)), true
	case instant:
		return s.instant(x), true
	case day:
		if x == 0 {
			return "", true
		}
		return s.l.Day(norway.Date(x)), true
	}
	switch v.Kind() {
	case reflect.Bool:
		if v.Bool() {
			return yes.in(s.l), true
		}
		return no.in(s.l), true
	case reflect.Int, reflect.Int64:
		return strconv.FormatInt(v.Int(), 10), true
	case reflect.String:
		return s.word(v), true
	case reflect.Slice:
		if v.Type().Elem().Kind() != reflect.String {
			return "", false
		}
		texts := make([]string, v.Len())
		for i := range texts {
			texts[i] = s.word(v.Index(i))
		}
		return strings.Join(texts, ", "), true
	default:
		return "", false
	}
}

func (s *sheet) instant(i instant) string {
	at := time.Time(i).In(norway.Oslo)
	return fmt.Sprintf(atOClock.in(s.l), s.l.Day(norway.DateOf(at)), at.Format("15:04"))
}

// heading writes a heading of a level, and the outline's entry.
func (s *sheet) heading(level int, text string) {
	size := [...]float64{18, 15, 12, 10.5, 9.5}[level]
	if s.pdf.GetY() > 297-margin-4*lineHeight { // no heading alone at the end of a page
		s.pdf.AddPage()
	} else if level > 0 {
		s.pdf.Ln(lineHeight * [...]float64{0, 2, 1.2, 0.8, 0.4}[level])
	}
	text = printable(text)
	if level < 4 {
		s.pdf.Bookmark(text, level, -1)
	}
	s.pdf.SetFont("go", "B", size)
	s.pdf.MultiCell(0, size/2, text, "", "L", false)
	s.pdf.Ln(1)
}

func (s *sheet) line(left float64, text string) {
	s.pdf.SetFont("go", "", bodySize)
	s.pdf.SetX(margin + left)
	s.pdf.MultiCell(0, lineHeight, printable(text), "", "L", false)
}

func (s *sheet) row(label, text string) {
	s.pdf.SetX(margin)
	s.pdf.SetFont("go", "B", bodySize)
	y, page := s.pdf.GetY(), s.pdf.PageNo()
	s.pdf.MultiCell(labelWidth, lineHeight, label, "", "L", false)
	below := s.pdf.GetY()
	if s.pdf.PageNo() != page { // the label began a page
		y = margin
	}
	s.pdf.SetFont("go", "", bodySize)
	page = s.pdf.PageNo()
	s.pdf.SetXY(margin+labelWidth, y)
	s.pdf.MultiCell(0, lineHeight, printable(text), "", "L", false)
	if s.pdf.PageNo() == page && s.pdf.GetY() < below {
		s.pdf.SetY(below)
	}
}

// printable replaces what the font cannot show, and what would move the pen.
func printable(text string) string {
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
	}, strings.ToValidUTF8(text, string(unicode.ReplacementChar)))
}

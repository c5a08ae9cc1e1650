package personaldata

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/paper"
)

// sheet writes a document as PDF.
type sheet struct {
	*paper.Sheet
	l debt.Language
}

// pdf returns the document for a person to read.
func (d *document) pdf() ([]byte, error) {
	l := d.Language
	s := &sheet{paper.Start(l, fmt.Sprintf(title.in(l), d.Person.Name), time.Time(d.GeneratedAt)), l}
	s.Line(0, fmt.Sprintf(madeAt.in(l), s.instant(d.GeneratedAt), d.Person.NationalID))
	if !d.Complete {
		s.Heading(2, incomplete.in(l))
		for _, m := range d.Missing {
			s.Line(0, fmt.Sprintf(noAnswer.in(l), m.Name))
		}
	}
	s.Heading(2, yourRights.in(l))
	for _, r := range d.Rights {
		s.Line(0, r)
	}
	for i := range d.Sources {
		s.source(&d.Sources[i])
	}
	return s.PDF()
}

func (s *sheet) source(x *source) {
	s.Heading(1, x.Name)
	if x.Contact != nil {
		s.rows(reflect.ValueOf(*x.Contact))
	}
	s.Heading(2, whatAndWhy.in(s.l))
	if len(x.Categories) == 0 {
		s.Line(0, nothing.in(s.l))
	}
	for _, c := range x.Categories {
		s.Heading(3, fmt.Sprintf("%s (%d)", c.Name, c.RecordCount))
		bases := make([]string, len(c.LegalBases))
		for i, b := range c.LegalBases {
			bases[i] = b.Provision + ". " + b.Text
		}
		for _, row := range [][2]string{
			{"purpose", c.Purpose}, {"legalBases", strings.Join(bases, "\n")}, {"origin", c.Origin},
			{"recipients", c.Recipients}, {"retention", c.Retention},
		} {
			s.Row(labels[row[0]].in(s.l), row[1])
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
			s.Heading(level, label)
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
		s.Heading(level+1, s.name("caseNumber")+" "+v.Interface().(caseData).CaseNumber)
		s.rows(v)
		s.lists(level+2, v)
	case level <= 2:
		s.rows(v)
		s.lists(level+1, v)
		s.Space()
	default:
		s.Line(paper.Indent, s.inLine(v))
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
			s.Row(s.name(keyOf(v.Type().Field(i))), text)
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

package paper

import (
	"bytes"
	"errors"
	"fmt"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
)

// element is a part of a document, by what it is: a heading, a paragraph, a cell.
type element struct {
	tag, scope string // scope: of the header of a table, Row or Column
	kids       []*element
	marks      []mark
	number     int // of its object
}

// mark is one piece of an element on one page.
type mark struct{ page, id int }

func (e *element) add(tag string) *element {
	kid := &element{tag: tag}
	e.kids = append(e.kids, kid)
	return kid
}

func (e *element) header(scope string) *element {
	kid := e.add("TH")
	kid.scope = scope
	return kid
}

// tree is what a document consists of. fpdf writes no tags: the marks go into its pages as they are, and
// the tree is appended to its file as an incremental update (ISO 32000-1, 7.5.6 and 14.7).
type tree struct {
	pdf    *fpdf.Fpdf
	root   *element
	writes *element     // what is being written; nil: nothing
	pages  [][]*element // by page, and by the number of the mark
}

func newTree(f *fpdf.Fpdf) tree { return tree{pdf: f, root: &element{tag: "Document"}} }

func (t *tree) begin(e *element) {
	t.writes = e
	t.resume()
}

func (t *tree) end() {
	t.pause()
	t.writes = nil
}

// pause ends a piece, at the end of the element or of the page.
func (t *tree) pause() {
	if t.writes != nil {
		t.pdf.RawWriteStr("EMC\n")
	}
}

// resume begins a piece of what is being written.
func (t *tree) resume() {
	page := t.pdf.PageNo()
	for len(t.pages) < page {
		t.pages = append(t.pages, nil)
	}
	if t.writes == nil {
		return
	}
	id := len(t.pages[page-1])
	t.pages[page-1] = append(t.pages[page-1], t.writes)
	t.writes.marks = append(t.writes.marks, mark{page - 1, id})
	t.pdf.RawWriteStr(fmt.Sprintf("/%s <</MCID %d>> BDC\n", t.writes.tag, id))
}

// artifact draws what is no part of the document, such as the number of a page.
func (t *tree) artifact(draw func()) {
	t.pdf.RawWriteStr("/Artifact BMC\n")
	draw()
	t.pdf.RawWriteStr("EMC\n")
}

var errLayout = errors.New("tag PDF: the file is not laid out as expected")

// tag appends the tree to a file.
func (t *tree) tag(file []byte) ([]byte, error) {
	was, err := offsets(file)
	if err != nil {
		return nil, err
	}
	u := &update{file: file, next: len(was)}
	pages, catalog := u.find(was)
	if len(pages) != len(t.pages) || catalog == 0 {
		return nil, errLayout
	}
	root, parents := u.take(), u.take()
	number(t.root, u)
	u.object(root, fmt.Sprintf("<</Type /StructTreeRoot /K %d 0 R /ParentTree %d 0 R /ParentTreeNextKey %d>>",
		t.root.number, parents, len(pages)))
	u.object(parents, t.parents())
	u.elements(t.root, root, pages)
	for i, page := range pages {
		u.amend(page, was[page], "/Type /Page\n", fmt.Sprintf("/StructParents %d /Tabs /S\n", i))
	}
	u.amend(catalog, was[catalog], "/Type /Catalog\n", fmt.Sprintf("/Version /1.7 /MarkInfo <</Marked true>> "+
		"/StructTreeRoot %d 0 R /ViewerPreferences <</DisplayDocTitle true>>\n", root))
	return u.close()
}

// parents says, of each page, which element each of its marks belongs to.
func (t *tree) parents() string {
	var b strings.Builder
	b.WriteString("<</Nums [")
	for page, marked := range t.pages {
		fmt.Fprintf(&b, "%d [", page)
		for _, e := range marked {
			fmt.Fprintf(&b, "%d 0 R ", e.number)
		}
		b.WriteString("] ")
	}
	b.WriteString("]>>")
	return b.String()
}

func number(e *element, u *update) {
	e.number = u.take()
	for _, kid := range e.kids {
		number(kid, u)
	}
}

// offsets returns where each object of a file of fpdf begins, by its number.
func offsets(file []byte) ([]int, error) {
	at := bytes.LastIndex(file, []byte("\nxref\n0 "))
	if at < 0 {
		return nil, errLayout
	}
	lines := bytes.Split(file[at+1:], []byte("\n"))
	n, err := strconv.Atoi(strings.TrimPrefix(string(lines[1]), "0 "))
	if err != nil || n+2 > len(lines) {
		return nil, errLayout
	}
	begin := make([]int, n)
	for i := 1; i < n; i++ {
		offset, _, _ := bytes.Cut(lines[2+i], []byte(" "))
		if begin[i], err = strconv.Atoi(string(offset)); err != nil || begin[i] >= at {
			return nil, errLayout
		}
	}
	return begin, nil
}

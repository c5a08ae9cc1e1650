package paper

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
)

// update is what is appended to a file: objects that are new, and others in place of those that were.
type update struct {
	file  []byte
	next  int
	out   bytes.Buffer
	begin map[int]int // by number of object
	err   error
}

func (u *update) take() int {
	u.next++
	return u.next - 1
}

// find returns the numbers of the pages, in order, and that of the catalog.
func (u *update) find(begin []int) (pages []int, catalog int) {
	for n, at := range begin {
		switch {
		case n == 0:
		case bytes.HasPrefix(u.file[at:], fmt.Appendf(nil, "%d 0 obj\n<</Type /Page\n", n)):
			pages = append(pages, n)
		case bytes.HasPrefix(u.file[at:], fmt.Appendf(nil, "%d 0 obj\n<<\n/Type /Catalog\n", n)):
			catalog = n
		}
	}
	return pages, catalog
}

func (u *update) object(n int, body string) {
	if u.begin == nil {
		u.begin = map[int]int{}
	}
	u.begin[n] = len(u.file) + u.out.Len()
	fmt.Fprintf(&u.out, "%d 0 obj\n%s\nendobj\n", n, body)
}

// amend writes an object anew, with more after its type.
func (u *update) amend(n, at int, after, more string) {
	body, _, ended := bytes.Cut(u.file[at:], []byte("\nendobj"))
	_, body, begun := bytes.Cut(body, []byte("obj\n"))
	before, rest, found := bytes.Cut(body, []byte(after))
	if !ended || !begun || !found {
		u.err = errLayout
		return
	}
	u.object(n, string(before)+after+more+string(rest))
}

// elements writes an element, and all that is below it.
func (u *update) elements(e *element, parent int, pages []int) {
	kids := ""
	for _, m := range e.marks {
		kids += fmt.Sprintf("<</Type /MCR /Pg %d 0 R /MCID %d>> ", pages[m.page], m.id)
	}
	for _, kid := range e.kids {
		kids += fmt.Sprintf("%d 0 R ", kid.number)
	}
	more := ""
	if e.scope != "" {
		more = fmt.Sprintf(" /A <</O /Table /Scope /%s>>", e.scope)
	}
	u.object(e.number, fmt.Sprintf("<</Type /StructElem /S /%s /P %d 0 R /K [%s]%s>>", e.tag, parent, kids, more))
	for _, kid := range e.kids {
		u.elements(kid, e.number, pages)
	}
}

// close writes the table of the objects and the trailer, and returns the whole file.
func (u *update) close() ([]byte, error) {
	at := bytes.LastIndex(u.file, []byte("trailer\n<<\n/Size "))
	if at < 0 || u.err != nil {
		return nil, errLayout
	}
	trailer, before, ok := bytes.Cut(u.file[at:], []byte("startxref\n"))
	before, _, ended := bytes.Cut(before, []byte("\n"))
	_, keep, sized := bytes.Cut(trailer[len("trailer\n<<\n/Size "):], []byte("\n"))
	if !ok || !ended || !sized {
		return nil, errLayout
	}
	start := len(u.file) + u.out.Len()
	u.out.WriteString("xref\n")
	for _, n := range slices.Sorted(maps.Keys(u.begin)) {
		fmt.Fprintf(&u.out, "%d 1\n%010d 00000 n \n", n, u.begin[n])
	}
	fmt.Fprintf(&u.out, "trailer\n<<\n/Size %d\n/Prev %s\n%sstartxref\n%d\n%%%%EOF\n", u.next, before, keep, start)
	return append(slices.Clip(u.file), u.out.Bytes()...), nil
}

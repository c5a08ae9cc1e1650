// Package page cuts lists into the connections of Relay's cursor specification. Of cuts a
// list in memory; Keyset and Cut page a list in a database through its statement. It is pure.
// A cursor names the sort key and id after which its page begins, so it stays valid when
// items come and go.
package page

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"
	"strings"

	"github.com/oversikt/oversikt/internal/fault"
)

// Default and Max bound how many items a page has.
const (
	Default = 20
	Max     = 100
)

// Args are the four arguments of a connection field; nil is not given.
type Args struct {
	First, Last   *int
	After, Before *string
}

// Position is where an item stands in its list. Items of one list have different positions.
type Position struct {
	Sort int64
	ID   string
}

// Compare orders positions by sort key, then by id.
func (p Position) Compare(q Position) int {
	return cmp.Or(cmp.Compare(p.Sort, q.Sort), cmp.Compare(p.ID, q.ID))
}

// Connection is one page of a list.
type Connection[T any] struct {
	Edges      []Edge[T]
	Nodes      []*T
	PageInfo   Info
	TotalCount int
}

// Edge is an item with the cursor that stands at it.
type Edge[T any] struct {
	Node   *T
	Cursor Cursor
}

// Info tells how to go on from a page.
type Info struct {
	HasNextPage, HasPreviousPage bool
	StartCursor, EndCursor       *Cursor
}

// Of sorts items by at and cuts out the page that args ask for. list names the list and
// everything that decides its order and content: a cursor from a list with another name is
// refused. Faults are BAD_USER_INPUT with the argument's name.
func Of[T any](list string, items []*T, at func(*T) Position, args Args) (*Connection[T], error) {
	from, to := 0, len(items)
	name := hash(list)
	slices.SortFunc(items, func(a, b *T) int { return at(a).Compare(at(b)) })
	search := func(field string, cursor *string) (int, bool, error) {
		position, err := decode(name, field, cursor)
		if err != nil {
			return 0, false, err
		}
		i, found := slices.BinarySearchFunc(items, position, func(item *T, p Position) int { return at(item).Compare(p) })
		return i, found, nil
	}
	if args.After != nil {
		i, found, err := search("after", args.After)
		if err != nil {
			return nil, err
		}
		if from = i; found {
			from++
		}
	}
	if args.Before != nil {
		i, _, err := search("before", args.Before)
		if err != nil {
			return nil, err
		}
		to = max(i, from)
	}
	var err error
	if from, to, err = bound(args, from, to); err != nil {
		return nil, err
	}

	c := &Connection[T]{
		Edges:      make([]Edge[T], to-from),
		Nodes:      items[from:to:to],
		TotalCount: len(items),
		PageInfo:   Info{HasNextPage: to < len(items), HasPreviousPage: from > 0},
	}
	for i, item := range c.Nodes {
		c.Edges[i] = Edge[T]{Node: item, Cursor: Cursor{name, at(item)}}
	}
	if len(c.Edges) > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[len(c.Edges)-1].Cursor
	}
	return c, nil
}

func bound(args Args, from, to int) (int, int, error) {
	if args.First != nil && args.Last != nil {
		return 0, 0, fault.Invalid("last", "first and last exclude each other: give one of them")
	}
	if args.Last != nil {
		if err := sized("last", *args.Last); err != nil {
			return 0, 0, err
		}
		return max(from, to-*args.Last), to, nil
	}
	first := Default
	if args.First != nil {
		if err := sized("first", *args.First); err != nil {
			return 0, 0, err
		}
		first = *args.First
	}
	return from, min(to, from+first), nil
}

func sized(field string, n int) error {
	if n < 1 || n > Max {
		return fault.Invalid(field, "%s must be between 1 and %d", field, Max)
	}
	return nil
}

// Cursor is a place in a list. Its text is made when it is asked for.
type Cursor struct {
	list uint64
	at   Position
}

// Text returns the opaque text that clients hold.
func (c Cursor) Text() string {
	b := make([]byte, 0, 17+len(c.at.ID))
	b = append(b, version)
	b = binary.BigEndian.AppendUint64(b, c.list)
	b = binary.AppendVarint(b, c.at.Sort)
	b = append(b, c.at.ID...)
	return base64.RawURLEncoding.EncodeToString(b)
}

const version = 1

func decode(list uint64, field string, text *string) (Position, error) {
	b, err := base64.RawURLEncoding.Strict().DecodeString(*text)
	if err != nil || len(b) < 10 || b[0] != version || strings.ContainsAny(*text, "\r\n") { // which base64 passes over
		return Position{}, fault.Invalid(field, "%s is not a cursor from this service", field)
	}
	if binary.BigEndian.Uint64(b[1:9]) != list {
		return Position{}, fault.Invalid(field, "%s is a cursor from another list, filter or order", field)
	}
	sort, n := binary.Varint(b[9:])
	if n <= 0 {
		return Position{}, fault.Invalid(field, "%s is not a cursor from this service", field)
	}
	return Position{sort, string(b[9+n:])}, nil
}

func hash(list string) uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte(list))
	return h.Sum64()
}

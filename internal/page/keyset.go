package page

import "slices"

// Keyset is the page that Args ask for of a list in a database: its statement takes the
// rows between the positions, in the list's order or, when Backward, in reverse.
type Keyset struct {
	After, Before *Position
	Backward      bool
	Rows          int // one more than the page has: whether there is more shows

	list uint64
}

// Keyset reads the arguments for a list; list names it as in [Of], and so are the faults. A cursor
// may also be from the list under a former name.
func (a Args) Keyset(list string, formerly ...string) (Keyset, error) {
	k := Keyset{Backward: a.Last != nil, list: hash(list)}
	_, to, err := bound(a, 0, Max)
	if err != nil {
		return k, err
	}
	if k.Rows = to + 1; k.Backward {
		k.Rows = *a.Last + 1
	}
	for field, cursor := range map[string]*string{"after": a.After, "before": a.Before} {
		if cursor == nil {
			continue
		}
		position, err := decode(k.list, field, cursor)
		for _, name := range formerly {
			if err != nil {
				position, err = decode(hash(name), field, cursor)
			}
		}
		if err != nil {
			return k, err
		}
		if field == "after" {
			k.After = &position
		} else {
			k.Before = &position
		}
	}
	return k, nil
}

// Cut makes the page from the rows that the statement returned. TotalCount is -1: rows in a
// database are not counted.
func Cut[T any](k Keyset, rows []*T, at func(*T) Position) *Connection[T] {
	more := len(rows) == k.Rows
	if more {
		rows = rows[:k.Rows-1]
	}
	info := Info{HasNextPage: more, HasPreviousPage: k.After != nil}
	if k.Backward {
		slices.Reverse(rows)
		info = Info{HasNextPage: k.Before != nil, HasPreviousPage: more}
	}
	c := &Connection[T]{Edges: make([]Edge[T], len(rows)), Nodes: rows, PageInfo: info, TotalCount: -1}
	for i, row := range rows {
		c.Edges[i] = Edge[T]{Node: row, Cursor: Cursor{k.list, at(row)}}
	}
	if len(rows) > 0 {
		c.PageInfo.StartCursor, c.PageInfo.EndCursor = &c.Edges[0].Cursor, &c.Edges[len(rows)-1].Cursor
	}
	return c
}

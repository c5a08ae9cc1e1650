package core

import (
	"reflect"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
)

// place is where the row of a key was put.
type place struct {
	c  *debt.Case
	at int
}

// begin makes ready for the rows of a relation.
func (a *assembly) begin(relation string) {
	a.reading = relation
	clear(a.placed)
}

// keep adds a row to a list, unless one of its key is there: a view that brings a row twice would
// double what is owed, or what was paid. The same row again is counted once. Rows of one key that
// differ contradict each other, and so their cases are left out.
func keep[T any](a *assembly, c *debt.Case, list *[]T, key string, row T) {
	if a.placed == nil {
		a.placed = map[string]place{}
	}
	first, again := a.placed[key]
	if !again {
		a.placed[key] = place{c, len(*list)}
		*list = append(*list, row)
		return
	}
	a.again()
	if first.c != c || !reflect.DeepEqual((*list)[first.at], row) {
		a.contradicts(first.c, c)
	}
}

// again notes that the relation has a row that came before.
func (a *assembly) again() {
	if !slices.Contains(a.twice, a.reading) {
		a.twice = append(a.twice, a.reading)
	}
}

// contradicts leaves out cases of which two rows cannot both be true.
func (a *assembly) contradicts(cases ...*debt.Case) {
	for _, c := range cases {
		if c != nil {
			a.withhold(c, breach{err: unfit{debt.WithheldContradiction, "two rows of one key say different things"}})
		}
	}
}

// near is how many rows are looked back at where a relation has no key. Equal ones come together.
const near = 16

// among says that a row without a key is among the last of a list.
func among[T comparable](a *assembly, list []T, row T) bool {
	if !slices.Contains(list[max(len(list)-near, 0):], row) {
		return false
	}
	a.again()
	return true
}

package solver

import (
	"cmp"
	"slices"
)

// way is a choice for a case, or for an agreement of several cases.
type way struct {
	option      int16 // as in relaxed; for an agreement of several: 1, or 0 for none
	first       int16 // of an agreement
	least, most int16 // its last pay day is from least to most
	last        int16 // the best of them, at the prices
	value       float64
}

// listCase lists the ways of a case that is in no agreement with others.
func (e *enumeration) listCase(i int) {
	list := e.modes(i, e.ways[i][:0])
	c := &e.r.p.cases[i]
	if g := c.group; g >= 0 {
		e.buckets(g, func(w way) {
			if int(w.first) < c.from {
				return
			}
			for k := range 2 {
				if e.r.tables[i].joined[k] == nil {
					break
				}
				w.option = int16(len(c.modes) + k)
				w.value = 1e30
				for l := int(w.least); l <= int(w.most); l++ {
					if v := e.x.spanValue(g, int(w.first), l) + e.x.joinedValue(i, k, int(w.first), l); v < w.value {
						w.value, w.last = v, int16(l)
					}
				}
				list = append(list, w)
			}
		})
	}
	e.ways[i] = list
	byValue(list)
}

func (e *enumeration) modes(i int, list []way) []way {
	for m := range e.r.tables[i].due {
		list = append(list, way{option: int16(m), value: e.x.modeValue(i, m)})
	}
	return list
}

func byValue(list []way) {
	slices.SortStableFunc(list, func(a, b way) int { return cmp.Compare(a.value, b.value) })
}

// bucket is how many last pay days of an agreement are decided on together.
const bucket = 4

// buckets yields the agreements of a group, those with the same first and about the same
// last pay day together.
func (e *enumeration) buckets(g int, yield func(way)) {
	p := e.r.p
	d := &p.groups[g]
	for _, first := range d.starts {
		end := p.reach(first, d.most)
		for l := first + 1; l < end; {
			most := l + bucket
			if d.fee == 0 {
				most = l + 2*bucket // a longer one costs no more
			}
			if free := p.reach(first, d.free); l < free {
				most = free
			}
			most = min(most, end)
			yield(way{option: 1, first: int16(first), least: int16(l), most: int16(most - 1)})
			l = most
		}
	}
}

// listGroup lists the agreements of several cases, and that there is none.
func (e *enumeration) listGroup(g int) (list []way) {
	none := way{}
	for _, i := range e.r.p.groups[g].members {
		none.value += e.x.outs[i]
	}
	list = append(list, none)
	e.buckets(g, func(w way) {
		w.value = 1e30
		for l := int(w.least); l <= int(w.most); l++ {
			if v := e.x.groupValue(g, int(w.first), l); v < w.value {
				w.value, w.last = v, int16(l)
			}
		}
		list = append(list, w)
	})
	byValue(list)
	return list
}

// listMember lists the ways of a case whose group's agreement is chosen.
func (e *enumeration) listMember(i int, w *way) {
	list := e.modes(i, e.ways[i][:0])
	c := &e.r.tables[i]
	if w.most > 0 && int(w.first) >= c.from {
		for k := range 2 {
			if c.joined[k] == nil {
				break
			}
			list = append(list, way{option: int16(len(c.due) + k), value: e.x.joinedValue(i, k, int(w.first), int(w.last))})
		}
	}
	byValue(list)
	e.ways[i] = list
}

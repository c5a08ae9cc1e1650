package page_test

import (
	"encoding/base64"
	"errors"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
)

func at(p *page.Position) page.Position { return *p }

// list draws items in order, each in a place of its own.
func list(t *rapid.T) []*page.Position {
	positions := rapid.SliceOfNDistinct(rapid.Custom(func(t *rapid.T) page.Position {
		return page.Position{
			Sort: rapid.OneOf(rapid.Int64Range(-3, 3), rapid.SampledFrom([]int64{math.MinInt64, math.MaxInt64})).Draw(t, "sort"),
			ID:   rapid.SampledFrom([]string{"", "a", "b", "ab", "1", "10", "2", "æ", "fjord/1"}).Draw(t, "id"),
		}
	}), 0, 60, func(p page.Position) page.Position { return p }).Draw(t, "items")
	slices.SortFunc(positions, page.Position.Compare)
	var items []*page.Position
	for i := range positions {
		items = append(items, &positions[i])
	}
	return items
}

func of(t *rapid.T, items []*page.Position, args page.Args) *page.Connection[page.Position] {
	c, err := page.Of("list", items, at, args)
	if err != nil {
		t.Fatalf("%+v: %v", args, err)
	}
	return c
}

// TestWalk: page by page, forward or backward, gives the list.
func TestWalk(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := list(t)
		size := rapid.IntRange(1, 9).Draw(t, "size")
		forward := rapid.Bool().Draw(t, "forward")
		var walked []*page.Position
		args := page.Args{Last: &size}
		if forward {
			args = page.Args{First: &size}
		}
		for range len(items) + 1 {
			c := of(t, items, args)
			if c.TotalCount != len(items) || len(c.Nodes) != len(c.Edges) || len(c.Nodes) > size {
				t.Fatalf("a page of %d nodes, %d edges, of %d in all", len(c.Nodes), len(c.Edges), c.TotalCount)
			}
			if len(c.Nodes) == 0 {
				if len(items) > 0 || c.PageInfo.StartCursor != nil || c.PageInfo.EndCursor != nil {
					t.Fatalf("an empty page of a list of %d", len(items))
				}
				break
			}
			var text string
			if forward {
				walked = append(walked, c.Nodes...)
				text = c.PageInfo.EndCursor.Text()
				args = page.Args{First: &size, After: &text}
			} else {
				walked = append(slices.Clone(c.Nodes), walked...)
				text = c.PageInfo.StartCursor.Text()
				args = page.Args{Last: &size, Before: &text}
			}
			more := forward && c.PageInfo.HasNextPage || !forward && c.PageInfo.HasPreviousPage
			if more != (len(walked) < len(items)) {
				t.Fatalf("after %d of %d items there are more: %t", len(walked), len(items), more)
			}
			if !more {
				break
			}
		}
		if !slices.Equal(items, walked) {
			t.Fatalf("walked %d of %d items, or in another order", len(walked), len(items))
		}
	})
}

// TestCursorsSurvive: what comes and goes between two pages neither repeats nor hides what
// was there all the time.
func TestCursorsSurvive(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := list(t)
		present := func(label string) (items []*page.Position) {
			for _, item := range all {
				if rapid.Bool().Draw(t, label) {
					items = append(items, item)
				}
			}
			return items
		}
		before, after := present("before"), present("after")
		size := rapid.IntRange(1, 100).Draw(t, "size")
		first := of(t, before, page.Args{First: &size})
		if len(first.Nodes) == 0 {
			return
		}
		end := first.PageInfo.EndCursor.Text()
		hundred := 100
		rest := of(t, after, page.Args{First: &hundred, After: &end})
		last := first.Nodes[len(first.Nodes)-1]
		var want []*page.Position
		for _, item := range after {
			if item.Compare(*last) > 0 {
				want = append(want, item)
			}
		}
		if !slices.Equal(want, rest.Nodes) {
			t.Fatalf("after %+v come %d items, want %d", *last, len(rest.Nodes), len(want))
		}
		if previous := len(rest.Nodes) < len(after); rest.PageInfo.HasPreviousPage != previous || rest.PageInfo.HasNextPage {
			t.Fatalf("%+v after %d of %d", rest.PageInfo, len(after)-len(rest.Nodes), len(after))
		}
	})
}

// TestBetween: after and before together, in either order.
func TestBetween(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := list(t)
		if len(items) == 0 {
			return
		}
		hundred := 100
		edges := of(t, items, page.Args{First: &hundred}).Edges
		i, j := rapid.IntRange(0, len(items)-1).Draw(t, "after"), rapid.IntRange(0, len(items)-1).Draw(t, "before")
		from, to := edges[i].Cursor.Text(), edges[j].Cursor.Text()
		got := of(t, items, page.Args{First: &hundred, After: &from, Before: &to}).Nodes
		if want := items[min(i+1, max(j, i+1)):max(j, i+1)]; !slices.Equal(want, got) {
			t.Fatalf("between %d and %d of %d are %d", i, j, len(items), len(got))
		}
	})
}

func TestArguments(t *testing.T) {
	t.Parallel()
	var items []*page.Position
	for i := range 150 {
		items = append(items, &page.Position{Sort: int64(i)})
	}
	first, err := page.Of("list", items, at, page.Args{})
	if err != nil {
		t.Fatal(err)
	}
	own := first.Edges[3].Cursor.Text()
	foreign, err := page.Of("other list", items, at, page.Args{})
	if err != nil {
		t.Fatal(err)
	}
	cut := own[:8]
	raw, _ := base64.RawURLEncoding.DecodeString(own)
	other := func(change func([]byte) []byte) *string {
		return new(base64.RawURLEncoding.EncodeToString(change(slices.Clone(raw))))
	}
	cases := map[string]struct {
		reason string
		args   page.Args
		count  int
		field  string // at fault
	}{
		"nothing":      {"a page has a default size", page.Args{}, page.Default, ""},
		"one":          {"the least", page.Args{First: new(1)}, 1, ""},
		"most":         {"the most", page.Args{First: new(page.Max)}, page.Max, ""},
		"last":         {"from the end", page.Args{Last: new(7)}, 7, ""},
		"after":        {"from a cursor on", page.Args{After: &own}, page.Default, ""},
		"before":       {"up to a cursor", page.Args{Before: &own}, 3, ""},
		"zero":         {"a page of nothing", page.Args{First: new(0)}, 0, "first"},
		"negative":     {"less than nothing", page.Args{Last: new(-1)}, 0, "last"},
		"too many":     {"a page is bounded", page.Args{First: new(page.Max + 1)}, 0, "first"},
		"far too many": {"no overflow", page.Args{Last: new(math.MaxInt)}, 0, "last"},
		"least":        {"no overflow", page.Args{First: new(math.MinInt)}, 0, "first"},
		"both":         {"which one?", page.Args{First: new(1), Last: new(1)}, 0, "last"},
		"empty cursor": {"not one", page.Args{After: new("")}, 0, "after"},
		"no cursor":    {"not one", page.Args{Before: new("offset:3")}, 0, "before"},
		"cut cursor":   {"not all of one", page.Args{After: &cut}, 0, "after"},
		"broken":       {"one text a cursor", page.Args{After: new(own[:4] + "\n" + own[4:])}, 0, "after"},
		"padded":       {"one text a cursor", page.Args{After: new(own + "=")}, 0, "after"},
		"other list": {"a filter or order that has changed", page.Args{After: new(foreign.Edges[3].Cursor.Text())}, 0,
			"after"},
		"other version": {"of another program", page.Args{After: other(func(b []byte) []byte { b[0]++; return b })}, 0,
			"after"},
		"no sort key": {"it ends too early", page.Args{After: other(func(b []byte) []byte { return append(b[:9], 0x80) })},
			0, "after"},
		"long": {"an overlong number",
			page.Args{After: other(func(b []byte) []byte { return append(b[:9], strings.Repeat("\xff", 20)...) })}, 0, "after"},
	}
	for name, tc := range cases {
		c, err := page.Of("list", items, at, tc.args)
		var f *fault.Error
		switch {
		case tc.field != "" && (!errors.As(err, &f) || f.Code != fault.BadUserInput || f.Field != tc.field):
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		case tc.field == "" && (err != nil || len(c.Nodes) != tc.count):
			t.Errorf("%s (%s): %v, %v", name, tc.reason, c, err)
		}
	}
}

// TestAnyCursor: whatever clients send, there is an answer.
func TestAnyCursor(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		items := list(t)
		text := rapid.OneOf(rapid.String(), rapid.Custom(func(t *rapid.T) string {
			return base64.RawURLEncoding.EncodeToString(rapid.SliceOf(rapid.Byte()).Draw(t, "bytes"))
		})).Draw(t, "cursor")
		c, err := page.Of("list", items, at, page.Args{After: &text})
		if (err == nil) == (c == nil) || err != nil && fault.Of(err).Code != fault.BadUserInput {
			t.Fatalf("%v, %v", c, err)
		}
		if err != nil && text != "" && len(text) > 3 && strings.Contains(err.Error(), text) {
			t.Fatalf("the error repeats what was sent: %v", err)
		}
	})
}

func TestPositionsAreTold(t *testing.T) {
	t.Parallel()
	items := []*page.Position{{Sort: -5, ID: "x"}, {Sort: 5, ID: "x"}, {Sort: 5, ID: "y"}}
	c, err := page.Of("list", items, at, page.Args{})
	if err != nil {
		t.Fatal(err)
	}
	texts := map[string]bool{}
	for _, e := range c.Edges {
		texts[e.Cursor.Text()] = true
	}
	if len(texts) != len(items) || strings.Contains(strings.Join(slices.Collect(keys(texts)), ""), "=") {
		t.Errorf("cursors %v", texts)
	}
	if diff := cmp.Diff([]string{c.Edges[0].Cursor.Text(), c.Edges[2].Cursor.Text()},
		[]string{c.PageInfo.StartCursor.Text(), c.PageInfo.EndCursor.Text()}); diff != "" {
		t.Error(diff)
	}
}

func keys(m map[string]bool) func(func(string) bool) {
	return func(yield func(string) bool) {
		for k := range m {
			if !yield(k) {
				return
			}
		}
	}
}

package page_test

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
)

func position(p *page.Position) page.Position { return *p }

// between is what a database returns for a keyset, whose rows it has sorted.
func between(k page.Keyset, rows []*page.Position) []*page.Position {
	var found []*page.Position
	for _, r := range rows {
		if (k.After == nil || r.Compare(*k.After) > 0) && (k.Before == nil || r.Compare(*k.Before) < 0) {
			found = append(found, r)
		}
	}
	if k.Backward {
		slices.Reverse(found)
	}
	return found[:min(k.Rows, len(found))]
}

// TestKeyset: a list in a database has the same pages as one in memory. What lies behind a
// cursor is not looked at, so that a page after one always has a page before it.
func TestKeyset(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var rows []*page.Position
		for i := range rapid.IntRange(0, 30).Draw(t, "rows") {
			rows = append(rows, &page.Position{Sort: int64(i / 3), ID: fmt.Sprint(i % 3)})
		}
		size := rapid.IntRange(1, 12).Draw(t, "size")
		args := page.Args{First: &size}
		backward := rapid.Bool().Draw(t, "backward")
		if backward {
			args = page.Args{Last: &size}
		}
		for range 40 {
			k, err := args.Keyset("list")
			if err != nil {
				t.Fatal(err)
			}
			got := page.Cut(k, between(k, rows), position)
			want, err := page.Of("list", slices.Clone(rows), position, args)
			if err != nil {
				t.Fatal(err)
			}
			if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(page.Connection[page.Position]{}, "TotalCount"),
				cmp.AllowUnexported(page.Cursor{})); diff != "" {
				t.Fatal(diff)
			}
			if got.TotalCount != -1 {
				t.Fatalf("%d are counted", got.TotalCount)
			}
			switch {
			case backward && got.PageInfo.HasPreviousPage:
				text := got.PageInfo.StartCursor.Text()
				args.Before = &text
			case !backward && got.PageInfo.HasNextPage:
				text := got.PageInfo.EndCursor.Text()
				args.After = &text
			default:
				return
			}
		}
		t.Fatal("the pages do not end")
	})
}

func TestKeysetFaults(t *testing.T) {
	t.Parallel()
	one, none, bad := 1, 0, "x"
	k, err := page.Args{}.Keyset("list")
	if err != nil || k.Rows != page.Default+1 || k.Backward {
		t.Errorf("%+v, %v", k, err)
	}
	cases := map[string]struct {
		reason string
		args   page.Args
		field  string
	}{
		"both":   {"one direction", page.Args{First: &one, Last: &one}, "last"},
		"none":   {"a page has something", page.Args{First: &none}, "first"},
		"after":  {"no cursor", page.Args{After: &bad}, "after"},
		"before": {"no cursor", page.Args{Before: &bad}, "before"},
	}
	for name, tc := range cases {
		if _, err := tc.args.Keyset("list"); fault.Of(err).Field != tc.field {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

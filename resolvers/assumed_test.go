package resolvers_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestAssumedFigures asks for balances two years ahead: the days without a rate are lines of
// their own, without a basis, and every sum that they are in says so.
func TestAssumedFigures(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	const ask = `query($day: Date!) { viewer { overview(asOf: $day) { assumed } cases(first: 100, filter: {status: OPEN}) { nodes {
		balance(asOf: $day) { assumed lines { kind from to assumed legalBasis statutoryRate text(language: EN) } } } } } }`
	for day, want := range map[string]bool{today.String(): false, today.AddMonths(24).String(): true} {
		viewer := at(p.get(kari(), ask, map[string]any{"day": day}), "viewer")
		if at(viewer, "overview", "assumed") != want {
			t.Errorf("the overview of %s is assumed: %t", day, !want)
		}
		found := false
		for _, c := range at(viewer, "cases", "nodes").([]any) {
			lines := 0
			for _, x := range at(c, "balance", "lines").([]any) {
				assumed := at(x, "assumed").(bool)
				if !assumed {
					continue
				}
				lines++
				from, err := norway.ParseDate(at(x, "from").(string))
				if at(x, "kind") != "INTEREST" || err != nil || from != norway.MustDate("2027-01-01") ||
					at(x, "legalBasis") != nil || !strings.Contains(at(x, "text").(string), "has not been set") {
					t.Errorf("%s: %v", day, x)
				}
			}
			found = found || lines > 0
			if at(c, "balance", "assumed") != (lines > 0) {
				t.Errorf("%s: a balance with %d assumed lines says %v", day, lines, at(c, "balance", "assumed"))
			}
		}
		if found != want {
			t.Errorf("%s: a line is assumed: %t", day, found)
		}
	}
	// The agency's table ends with the half-year before: the log says so elsewhere, here the lines.
	if _, err := p.databases[people.Fjord].Conn().Exec(t.Context(),
		"delete from core.rate where valid_from >= '2026-01-01'"); err != nil {
		t.Fatal(err)
	}
	old := 0
	viewer := at(p.get(kari(), ask, map[string]any{"day": today.String()}), "viewer")
	for _, c := range at(viewer, "cases", "nodes").([]any) {
		for _, x := range at(c, "balance", "lines").([]any) {
			if at(x, "assumed").(bool) && at(x, "statutoryRate") == "12.00" &&
				strings.Contains(at(x, "text").(string), "table of rates is old") {
				old++
			}
		}
	}
	if old == 0 {
		t.Error("no line says that the agency's table is old")
	}
}

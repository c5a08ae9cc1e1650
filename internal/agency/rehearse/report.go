package rehearse

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/agency/sample"
)

// WriteReport prints the differences by act, then how the views were compared, and last what was
// tried and what was not.
func WriteReport(w io.Writer, r *Report) error {
	var b strings.Builder
	previous := ""
	differences := slices.Clone(r.Differences)
	slices.SortStableFunc(differences, func(x, y Difference) int { return cmp.Compare(x.Act, y.Act) })
	for _, d := range differences {
		if d.Act != previous {
			fmt.Fprintf(&b, "%s\n", d.Act)
			previous = d.Act
		}
		fmt.Fprintf(&b, "  %s: %s: %s\n", d.Step, d.Relation, d.How)
	}
	fmt.Fprintf(&b, "every row compared of %d relations\n", len(r.Whole))
	for _, l := range []struct {
		what  string
		names []string
	}{
		{"too slow, so that the sample persons' rows alone were compared", r.Slow},
		{"not compared, as it differs from one look to the next", r.Moving},
		{"moved on, which a rollback does not take back", r.Sequences},
	} {
		if len(l.names) > 0 {
			fmt.Fprintf(&b, "%s: %s\n", l.what, strings.Join(l.names, ", "))
		}
	}
	if r.Unseen > 0 {
		fmt.Fprintf(&b, "the connected user may not see whether %s moved on\n", number(r.Unseen, "sequence"))
	}
	fmt.Fprintf(&b, "all was rolled back; as role %s, the longest transaction took %s\n", r.Role,
		r.Longest.Round(time.Millisecond))
	for _, t := range r.Tried {
		fmt.Fprintf(&b, "tried: %s: %s\n", t.What, counted(t.Persons, t.Cases))
	}
	for _, n := range r.NotTried {
		fmt.Fprintf(&b, "not tried: %s: %s\n", n.What, n.Why)
	}
	fmt.Fprintf(&b, "%s; %d tried and %d not, with %s\n", number(len(r.Differences), "difference"), len(r.Tried),
		len(r.NotTried), counted(r.Persons, r.Cases))
	_, err := io.WriteString(w, sample.Masked(b.String()))
	return err
}

func counted(persons, cases int) string {
	if cases == 0 {
		return number(persons, "person")
	}
	return number(persons, "person") + ", " + number(cases, "case")
}

func number(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

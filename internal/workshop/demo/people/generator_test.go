package people

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

var asOf = norway.MustDate("2026-03-02")

// digest hashes everything that a load would write, table by table.
func digest(t *testing.T, g *Generator, to layout, code string, workers, n int) string {
	t.Helper()
	a, err := AgencyOf(code)
	if err != nil {
		t.Fatal(err)
	}
	sums := sha256.New()
	perTable := make([][]byte, len(to.tables))
	err = stream(t.Context(), workers, n, func(from, until int) []sheet {
		return g.sheets(to, a, from, until)
	}, func(sheets []sheet, _ int) error {
		for i := range sheets {
			perTable[i] = append(perTable[i], sheets[i].buf...)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for i := range perTable {
		fmt.Fprintf(sums, "%d:%s", len(perTable[i]), perTable[i])
	}
	return hex.EncodeToString(sums.Sum(nil))
}

func TestSameBytes(t *testing.T) {
	t.Parallel()
	for _, to := range []layout{referenceLayout, legacyLayout} {
		first := digest(t, New(7, asOf), to, Fjord, 1, 700)
		for _, workers := range []int{1, 2, 5} {
			if again := digest(t, New(7, asOf), to, Fjord, workers, 700); again != first {
				t.Errorf("%s: %d workers give other bytes", to.creditors, workers)
			}
		}
		if other := digest(t, New(8, asOf), to, Fjord, 2, 700); other == first {
			t.Errorf("%s: another seed gives the same bytes", to.creditors)
		}
	}
}

func TestPersonIsAFunctionOfItsIndex(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		g := New(rapid.Uint64().Draw(t, "seed"), drawDay(t))
		i := drawIndex(t)
		p, again := g.Person(i), g.Person(i)
		id := cmp.Comparer(func(a, b norway.NationalID) bool { return a == b })
		agency := cmp.Comparer(func(a, b *Agency) bool { return a == b })
		creditor := cmp.Comparer(func(a, b *Creditor) bool { return a == b })
		if diff := cmp.Diff(p, again, id, agency, creditor); diff != "" {
			t.Fatal(diff)
		}
	})
}

func drawDay(t *rapid.T) norway.Date {
	from, to := norway.MustDate("2023-01-01"), norway.MustDate("2028-12-31")
	return norway.Date(rapid.Int32Range(int32(from), int32(to)).Draw(t, "as-of"))
}

// drawIndex draws demo people now and then.
func drawIndex(t *rapid.T) int {
	return rapid.OneOf(rapid.IntRange(0, MaxPeople-1), rapid.IntRange(0, MaxPeople-1),
		rapid.IntRange(0, demoPeople-1)).Draw(t, "index")
}

// TestNationalIDsAreUnique goes through a stretch of indices, and through all but
// the completion of digits for the rest: the slots are a permutation.
func TestNationalIDsAreUnique(t *testing.T) {
	t.Parallel()
	if MaxPeople < 2_000_000 {
		t.Fatalf("%d people are too few", MaxPeople)
	}
	for a, b := MaxPeople, stride; ; a, b = b, a%b {
		if b == 0 {
			if a != 1 {
				t.Fatalf("the stride divides the number of slots by %d: not every index has its own", a)
			}
			break
		}
	}
	seen := make(map[string]int, 60_000)
	for _, from := range []int{0, MaxPeople/2 - 10_000, MaxPeople - 20_000} {
		for i := from; i < from+20_000; i++ {
			id := nationalID(i)
			if parsed, err := norway.ParseNationalID(id.Reveal()); err != nil || !parsed.IsSynthetic() {
				t.Fatalf("person %d has no synthetic number: %v", i, err)
			}
			if other, ok := seen[id.Reveal()]; ok {
				t.Fatalf("persons %d and %d share a number", i, other)
			}
			seen[id.Reveal()] = i
		}
	}
}

// TestAverages holds the population to what is known of debtors in the field.
func TestAverages(t *testing.T) {
	t.Parallel()
	const n = 20_000
	g := New(1, asOf)
	var debtors, cases, open, having, frequent, ofFrequent, business, unidentified, small int
	var atThree, dozens, single int
	for i := range n {
		p := g.Person(i)
		open += p.OpenCases
		if p.OpenCases > 0 {
			having++
		}
		if p.OpenCases == 1 {
			single++
		}
		if p.OpenCases >= 12 {
			dozens++
		}
		if p.Frequent {
			frequent++
			ofFrequent += p.OpenCases
		}
		if p.Kind == debt.DebtorBusiness {
			business++
		}
		if len(p.Agencies) == 3 {
			atThree++
		}
		for _, d := range p.Debtors {
			debtors++
			if !d.Identified {
				unidentified++
			}
			cases += len(d.Cases)
			for _, c := range d.Cases {
				if c.Principal < 2_500_00 {
					small++
				}
			}
		}
	}
	ranges := map[string]struct {
		reason         string
		got, low, high float64
	}{
		"open cases of those who have any": {"the field's mean is 1.7", float64(open) / float64(having), 1.6, 1.8},
		"open cases of the frequent": {"a large agency's heaviest users have 3.7",
			float64(ofFrequent) / float64(frequent), 3.5, 3.9},
		"share of frequent":           {"they are a tenth", float64(frequent) / n, 0.09, 0.11},
		"share with one case":         {"most have one case", float64(single) / float64(having), 0.5, 0.75},
		"share with a dozen":          {"some have very many", float64(dozens) / n, 0.001, 0.01},
		"share at all three agencies": {"some are known everywhere", float64(atThree) / n, 0.02, 0.08},
		"share of businesses":         {"a few per cent", float64(business) / n, 0.02, 0.04},
		"share without a national id": {"a few", float64(unidentified) / float64(debtors), 0.005, 0.04},
		"share below 2,500 kr":        {"most claims are small", float64(small) / float64(cases), 0.55, 0.8},
	}
	for name, r := range ranges {
		if math.IsNaN(r.got) || r.got < r.low || r.got > r.high {
			t.Errorf("%s (%s): %.3f is not within %.3f to %.3f", name, r.reason, r.got, r.low, r.high)
		}
		t.Logf("%s: %.3f", name, r.got)
	}
}

func TestAgencies(t *testing.T) {
	t.Parallel()
	seen := map[string]string{}
	for _, a := range Agencies() {
		if !norway.ValidOrgNumber(a.OrgNumber) || !norway.ValidAccount(a.Account) {
			t.Errorf("%s: the numbers %s and %s have wrong check digits", a.Code, a.OrgNumber, a.Account)
		}
		seen[a.OrgNumber] += a.Code
		if seen[a.OrgNumber] != a.Code {
			t.Errorf("%s share an organisation number", seen[a.OrgNumber])
		}
	}
	for _, c := range creditors {
		if !norway.ValidOrgNumber(c.OrgNumber) || c.OrgNumber[0] != '2' && c.OrgNumber[0] != '3' {
			t.Errorf("%s: %s is no synthetic number", c.Name, c.OrgNumber)
		}
		if other := seen[c.OrgNumber]; other != "" {
			t.Errorf("%s and %s share a number", c.Name, other)
		}
		seen[c.OrgNumber] = c.Name
		if !slices.Contains(debt.Trades, c.Trade) {
			t.Errorf("%s: trade %s", c.Name, c.Trade)
		}
	}
	if _, err := AgencyOf("nord"); err == nil {
		t.Error("an agency that does not exist was found")
	}
}

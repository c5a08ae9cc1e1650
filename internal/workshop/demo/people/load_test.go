package people

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/journal"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

type loader func(ctx context.Context, conn *pgx.Conn, g *Generator, agency string, n int,
	progress func(float64)) error

// cores are the layouts, without rows.
var cores = map[string]struct {
	template pgtest.Template
	to       layout
	load     loader
}{
	"reference": {
		pgtest.Template{
			Name: "people_reference", Hash: pgtest.Hash(reference.Files()),
			Fill: func(ctx context.Context, conn *pgx.Conn) error {
				return reference.Install(ctx, conn, reference.Options{})
			},
		}, referenceLayout, LoadReference,
	},
	"legacy": {
		pgtest.Template{Name: "people_legacy", Hash: pgtest.Hash(legacy.Files()), Fill: legacy.Install},
		legacyLayout, LoadLegacy,
	},
	"journal": {
		pgtest.Template{Name: "people_journal", Hash: pgtest.Hash(journal.Files()), Fill: journal.Install},
		journalLayout, LoadJournal,
	},
}

// TestLoad fills all cores, counts the rows, and lets the contract's own check
// look for breaches.
func TestLoad(t *testing.T) {
	t.Parallel()
	const n = 400
	g := New(3, norway.DateOf(time.Now()))
	for name, core := range cores {
		for _, a := range Agencies() {
			t.Run(name+" "+a.Code, func(t *testing.T) {
				t.Parallel()
				conn := pgtest.New(t, core.template).Conn()
				before := structure(t, conn, core.to)
				var told []float64
				if err := core.load(t.Context(), conn, g, a.Code, n, func(s float64) { told = append(told, s) }); err != nil {
					t.Fatal(err)
				}
				if !slices.IsSorted(told) || told[len(told)-1] != 1 || told[len(told)-2] == 1 {
					t.Errorf("progress was told as %v", told)
				}
				if diff := cmp.Diff(before, structure(t, conn, core.to)); diff != "" {
					t.Errorf("keys, indexes or triggers are not as before (-before +after)\n%s", diff)
				}
				for i, s := range g.sheets(core.to, a, 0, n) {
					table := tableNames(core.to.tables)[i]
					if got := count(t, conn, table); got != s.rows {
						t.Errorf("%s has %d rows of %d", table, got, s.rows)
					}
				}
				found, err := check.Run(t.Context(), conn, check.Options{})
				if err != nil || len(found.Breaches)+len(found.Warnings)+len(found.Missing)+len(found.Lacking) > 0 {
					t.Errorf("the contract is not kept: %+v, %v", found, err)
				}
			})
		}
	}
}

func count(t *testing.T, conn *pgx.Conn, table string) int {
	t.Helper()
	var n int
	if err := conn.QueryRow(t.Context(), "select count(*) from "+table).Scan(&n); err != nil {
		t.Fatal(err)
	}
	return n
}

// structure lists keys, indexes and enabled triggers.
func structure(t *testing.T, conn *pgx.Conn, to layout) []string {
	t.Helper()
	var all []string
	for _, query := range []string{selectConstraints, selectIndexes, selectTriggers} {
		rows, err := conn.Query(t.Context(), query, tableNames(to.tables))
		if err != nil {
			t.Fatal(err)
		}
		found, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
			var drop, create string
			err := row.Scan(&drop, &create)
			return drop + "; " + create, err
		})
		if err != nil {
			t.Fatal(err)
		}
		all = append(all, found...)
	}
	slices.Sort(all)
	return all
}

func TestLoadRefuses(t *testing.T) {
	t.Parallel()
	g := New(1, asOf)
	for name, core := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := pgtest.New(t, core.template).Conn()
			refused := map[string]struct {
				reason, agency string
				n              int
			}{
				"agency":   {"there are three", "nord", 10},
				"nobody":   {"a load of nobody is a mistake", Fjord, 0},
				"too many": {"there are only so many numbers", Fjord, MaxPeople + 1},
			}
			for name, c := range refused {
				if err := core.load(t.Context(), conn, g, c.agency, c.n, nil); err == nil {
					t.Errorf("%s (%s): no error", name, c.reason)
				}
			}
			if err := core.load(t.Context(), conn, g, Fjord, 20, nil); err != nil {
				t.Fatal(err)
			}
			table := tableNames(core.to.tables)[0]
			before := count(t, conn, table)
			if err := core.load(t.Context(), conn, g, Fjord, 20, nil); !errors.Is(err, ErrNotEmpty) ||
				!strings.Contains(err.Error(), table) {
				t.Errorf("second load: %v", err)
			}
			if after := count(t, conn, table); after != before || before == 0 {
				t.Errorf("%d rows became %d", before, after)
			}
		})
	}
}

// TestLoadLeavesNothing stops a load in its middle.
func TestLoadLeavesNothing(t *testing.T) {
	t.Parallel()
	for name, core := range cores {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			conn := pgtest.New(t, core.template).Conn()
			before := structure(t, conn, core.to)
			ctx, cancel := context.WithCancel(t.Context())
			err := core.load(ctx, conn, New(1, asOf), Fjord, 50_000, func(float64) { cancel() })
			if !errors.Is(err, context.Canceled) {
				t.Fatalf("a cancelled load: %v", err)
			}
			conn = reconnect(t, conn)
			if n := count(t, conn, tableNames(core.to.tables)[1]); n != 0 {
				t.Errorf("%d cases are left", n)
			}
			if diff := cmp.Diff(before, structure(t, conn, core.to)); diff != "" {
				t.Errorf("(-before +after)\n%s", diff)
			}
		})
	}
}

func reconnect(t *testing.T, conn *pgx.Conn) *pgx.Conn {
	t.Helper()
	fresh, err := pgx.ConnectConfig(t.Context(), conn.Config())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = fresh.Close(context.Background()) })
	return fresh
}

// TestLayoutsTellTheSame loads one agency into each core and reads the demo
// people through the contract: but for keys, nothing may differ.
func TestLayoutsTellTheSame(t *testing.T) {
	t.Parallel()
	g := New(1, asOf)
	const everything = debt.OfTerms | debt.OfDebtors | debt.OfCases | debt.OfCreditors | debt.OfHolds | debt.OfFees |
		debt.OfScheduledCosts | debt.OfLetters | debt.OfPayments | debt.OfAgreements | debt.OfInstalments |
		debt.OfObjections
	parts := map[string][]*debt.Part{}
	var people []Person
	for i := range 60 {
		if p := g.Person(i); slices.Contains(p.Agencies, Tradisjon) && !p.NationalID.IsZero() {
			people = append(people, p)
		}
	}
	for name, made := range cores {
		conn := pgtest.New(t, made.template).Conn()
		core.Register(conn)
		if err := made.load(t.Context(), conn, g, Tradisjon, 60, nil); err != nil {
			t.Fatal(err)
		}
		for _, p := range people {
			part, err := core.Read(t.Context(), conn, debt.Agency{Code: Tradisjon}, core.Query{
				Scope: caller.Principal{Kind: caller.Person, NationalID: p.NationalID}.Scope(), Want: everything, Today: asOf,
			})
			if err != nil {
				t.Fatal(err)
			}
			normalise(part)
			parts[name] = append(parts[name], part)
		}
	}
	opts := cmp.Options{
		cmpopts.IgnoreTypes(debt.Key{}), cmpopts.IgnoreUnexported(debt.Case{}),
		cmpopts.IgnoreFields(debt.Case{}, "DebtorID", "CreditorID", "Beside"),
		cmpopts.EquateEmpty(),
	}
	for i, p := range people {
		reference := parts["reference"][i]
		for name := range cores {
			if diff := cmp.Diff(reference, parts[name][i], opts); diff != "" {
				t.Fatalf("%s (-reference +%s)\n%s", p.Name, name, diff)
			}
		}
		for _, c := range reference.Cases {
			if b := c.BalanceOn(asOf); c.Status == debt.Closed && b.Total != 0 || c.Status == debt.Open && b.Total <= 0 {
				t.Errorf("%s case %s owes %s", c.Status, c.CaseNumber, b.Total)
			}
		}
	}
}

// normalise sorts what the contract orders by keys, which differ.
func normalise(part *debt.Part) {
	part.Agency = nil // compared where it is loaded
	byText := func(v any) string { return fmt.Sprintf("%+v", v) }
	slices.SortFunc(part.Cases, func(a, b *debt.Case) int { return strings.Compare(a.CaseNumber, b.CaseNumber) })
	for _, d := range part.Debtors {
		d.ID, d.Agency = debt.Key{}, nil
	}
	for _, c := range part.Cases {
		c.ID, c.Agency, c.Debtor = debt.Key{}, nil, nil
		for i := range c.Fees {
			c.Fees[i].ID, c.Fees[i].Case = debt.Key{}, nil
		}
		for i := range c.AllLetters {
			c.AllLetters[i].ID, c.AllLetters[i].Case, c.AllLetters[i].DocumentID = debt.Key{}, nil, nil
		}
		for i := range c.AllPayments {
			p := &c.AllPayments[i]
			p.ID, p.Case = debt.Key{}, nil
			slices.SortFunc(p.Allocations, func(a, b debt.Allocation) int {
				return strings.Compare(string(a.Component),
					string(b.Component))
			})
		}
		for i := range c.Objections {
			c.Objections[i].ID, c.Objections[i].Case = debt.Key{}, nil
		}
		for _, a := range c.Agreements {
			a.Cases = nil
		}
		slices.SortFunc(c.Fees, func(a, b debt.Fee) int {
			return strings.Compare(a.IncurredOn.String()+string(a.Kind), b.IncurredOn.String()+string(b.Kind))
		})
		slices.SortFunc(c.AllLetters, func(a, b debt.Letter) int {
			return strings.Compare(a.SentOn.String()+byText(a.Kind), b.SentOn.String()+byText(b.Kind))
		})
		slices.SortFunc(c.AllHolds, func(a, b debt.Hold) int { return strings.Compare(byText(a), byText(b)) })
	}
}

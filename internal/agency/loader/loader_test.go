package loader_test

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/agency/loader"
	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

var (
	today     = norway.MustDate("2026-03-02")
	generator = people.New(1, today)
)

func scope(person int) caller.Scope {
	return caller.Principal{Kind: caller.Person, NationalID: generator.Person(person).NationalID}.Scope()
}

// world is two agencies with some of the demo people; the second is behind a line.
type world struct {
	agencies *agency.Registry
	line     *line.Line
}

func setup(t *testing.T) world {
	t.Helper()
	dsn := func(code string) (*pgtest.DB, agency.Config) {
		db := pgtest.New(t, pgtest.Template{
			Name: "loader_" + code,
			Hash: pgtest.Hash(reference.Files(), os.DirFS("../../workshop/demo/people")),
			Fill: func(ctx context.Context, conn *pgx.Conn) error {
				if err := reference.Install(ctx, conn, reference.Options{}); err != nil {
					return err
				}
				return people.LoadReference(ctx, conn, generator, code, 20, nil)
			},
		})
		return db, agency.Config{Code: code, Name: code, DSN: db.RoleDSN(spec.DefaultRole), Deadline: 30 * time.Second,
			MaxConns: 4}
	}
	_, fjord := dsn(people.Fjord)
	db, lita := dsn(people.Lita)
	u, err := url.Parse(db.DSN())
	if err != nil {
		t.Fatal(err)
	}
	l, err := line.Open(filepath.Join(u.Query().Get("host"), ".s.PGSQL.5432"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = l.Close() })
	lita.DSN = fmt.Sprintf("host=%s port=5432 user=%s dbname=%s sslmode=disable", l.Dir(), spec.DefaultRole, db.Name())
	r, err := agency.Open([]agency.Config{fjord, lita}, func() time.Time { return today.Time() },
		slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(r.Close)
	return world{r, l}
}

// records are what somebody has at an agency.
func (w world) records(t *testing.T, code string, person int) debt.Part {
	t.Helper()
	part, err := w.agencies.ReadCases(t.Context(), code, scope(person), ^debt.Relations(0), nil)
	if err != nil {
		t.Fatal(err)
	}
	return part
}

// answer is what came for one key.
type answer struct {
	Key  debt.Key
	Code fault.Code
}

// load asks for all keys at once, and then waits for each.
func load(ctx context.Context, n *loader.Nodes, asks []loader.Ask) []answer {
	waits := make([]func() (any, error), len(asks))
	for i, a := range asks {
		waits[i] = n.Load(ctx, a)
	}
	answers := make([]answer, len(asks))
	for i, wait := range waits {
		object, err := wait()
		if err != nil {
			answers[i].Code = fault.Of(err).Code
			continue
		}
		answers[i].Key = keyOf(object)
	}
	return answers
}

func keyOf(object any) debt.Key {
	switch o := object.(type) {
	case *debt.Agency:
		return o.ID
	case *debt.Creditor:
		return o.ID
	case *debt.Debtor:
		return o.ID
	case *debt.Case:
		return o.ID
	case *debt.Fee:
		return o.ID
	case *debt.Letter:
		return o.ID
	case *debt.Payment:
		return o.ID
	case *debt.Agreement:
		return o.ID
	case *debt.Objection:
		return o.ID
	}
	return debt.Key{}
}

// keys are one of each kind that somebody has at an agency.
func keys(part debt.Part) map[debt.Kind]debt.Key {
	all := map[debt.Kind]debt.Key{debt.KindAgency: part.Agency.ID, debt.KindDebtor: part.Debtors[0].ID}
	for _, c := range part.Cases {
		all[debt.KindCase], all[debt.KindCreditor] = c.ID, c.Creditor.ID
		for _, f := range c.Fees {
			all[debt.KindFee] = f.ID
		}
		for _, l := range c.AllLetters {
			all[debt.KindLetter] = l.ID
		}
		for _, p := range c.AllPayments {
			all[debt.KindPayment] = p.ID
		}
		for _, a := range c.Agreements {
			all[debt.KindAgreement] = a.ID
		}
		for _, o := range c.Objections {
			all[debt.KindObjection] = o.ID
		}
	}
	return all
}

// TestOneReadAnAgency asks for any mixture of ids: every one is answered in its place, at
// the cost of one read of each agency that has some.
func TestOneReadAnAgency(t *testing.T) {
	t.Parallel()
	w := setup(t)
	fjord, lita := keys(w.records(t, "fjord", 0)), keys(w.records(t, "lita", 0))
	if len(fjord) != 9 {
		t.Fatalf("the first of the demo people has %d kinds of object", len(fjord))
	}
	foreign := keys(w.records(t, "fjord", 1))
	every := func(of map[debt.Kind]debt.Key) (all []debt.Key) {
		for kind := debt.KindAgency; kind <= debt.KindObjection; kind++ {
			if k, ok := of[kind]; ok {
				all = append(all, k)
			}
		}
		return all
	}
	missing := debt.Key{Kind: debt.KindCase, Agency: "fjord", ID: "0"}
	cases := map[string]struct {
		reason string
		keys   []debt.Key
		none   map[debt.Key]bool // these are not found
		reads  map[string]int64
	}{
		"every kind": {"one read brings all", every(fjord), nil, map[string]int64{"fjord": 1}},
		"two agencies": {"a batch never mixes them", append(every(fjord), every(lita)...), nil,
			map[string]int64{"fjord": 1, "lita": 1}},
		"duplicates": {"each has its own answer", []debt.Key{fjord[debt.KindCase], fjord[debt.KindFee],
			fjord[debt.KindCase], fjord[debt.KindCase]}, nil, map[string]int64{"fjord": 1}},
		"missing": {"no such id", []debt.Key{missing, fjord[debt.KindCase]}, map[debt.Key]bool{missing: true},
			map[string]int64{"fjord": 1}},
		"only missing": {"the answer costs the same", []debt.Key{missing}, map[debt.Key]bool{missing: true},
			map[string]int64{"fjord": 1}},
		"another agency": {"an id is one agency's", []debt.Key{{Kind: debt.KindCase, Agency: "lita",
			ID: fjord[debt.KindCase].ID}, lita[debt.KindCase]}, map[debt.Key]bool{{Kind: debt.KindCase, Agency: "lita",
			ID: fjord[debt.KindCase].ID}: true}, map[string]int64{"lita": 1}},
		"another kind": {"the id of a case is none of a creditor's",
			[]debt.Key{{Kind: debt.KindCreditor, Agency: "fjord", ID: fjord[debt.KindPayment].ID}, fjord[debt.KindCreditor]},
			map[debt.Key]bool{{Kind: debt.KindCreditor, Agency: "fjord", ID: fjord[debt.KindPayment].ID}: true},
			map[string]int64{"fjord": 1}},
		"no kind": {"from a later version, perhaps", []debt.Key{{Kind: 99, Agency: "fjord",
			ID: fjord[debt.KindCase].ID}}, map[debt.Key]bool{{Kind: 99, Agency: "fjord",
			ID: fjord[debt.KindCase].ID}: true}, map[string]int64{"fjord": 1}},
		"no agency": {"one that left", []debt.Key{{Kind: debt.KindCase, Agency: "gone", ID: "1"}, fjord[debt.KindCase]},
			map[debt.Key]bool{{Kind: debt.KindCase, Agency: "gone", ID: "1"}: true}, map[string]int64{"fjord": 1}},
		"foreign case": {"as if it did not exist", []debt.Key{foreign[debt.KindCase], fjord[debt.KindCase]},
			map[debt.Key]bool{foreign[debt.KindCase]: true}, map[string]int64{"fjord": 1}},
		"foreign records": {"none of any kind", without(every(foreign), debt.KindAgency, debt.KindCreditor),
			all(every(foreign)), map[string]int64{"fjord": 1}},
	}
	for name, tc := range cases {
		for _, expected := range []int{len(tc.keys), 1000} {
			t.Run(fmt.Sprintf("%s of %d", name, expected), func(t *testing.T) {
				var asks []loader.Ask
				var want []answer
				distinct := map[debt.Key]bool{}
				for _, k := range tc.keys {
					asks = append(asks, loader.Ask{Key: k, Want: debt.OfCases})
					distinct[k] = true
					if tc.none[k] {
						want = append(want, answer{Code: fault.NotFound})
					} else {
						want = append(want, answer{Key: k})
					}
				}
				if expected == len(tc.keys) {
					expected = len(distinct)
				}
				// On a busy machine an id may come after those before it have waited long
				// enough: the answers are right then as well, and the cost is at the next try.
				for try := 1; ; try++ {
					ctx, tally := agency.WithTally(t.Context())
					got := load(ctx, loader.NewNodes(w.agencies, scope(0), expected), asks)
					if diff := cmp.Diff(want, got); diff != "" {
						t.Fatalf("%s (-want +got)\n%s", tc.reason, diff)
					}
					reads := map[string]int64{}
					for _, u := range tally.Usage() {
						reads[u.Agency] = u.RoundTrips
					}
					diff := cmp.Diff(tc.reads, reads)
					if diff == "" {
						break
					}
					if try == 20 {
						t.Fatalf("%s: round trips\n%s", tc.reason, diff)
					}
				}
			})
		}
	}
}

func without(keys []debt.Key, kinds ...debt.Kind) (rest []debt.Key) {
	for _, k := range keys {
		drop := false
		for _, kind := range kinds {
			drop = drop || k.Kind == kind
		}
		if !drop {
			rest = append(rest, k)
		}
	}
	return rest
}

func all(keys []debt.Key) map[debt.Key]bool {
	set := map[debt.Key]bool{}
	for _, k := range keys {
		set[k] = true
	}
	return set
}

// TestNotFoundIsOneAnswer: nothing in it tells a foreign id from a missing one.
func TestNotFoundIsOneAnswer(t *testing.T) {
	t.Parallel()
	w := setup(t)
	foreign := keys(w.records(t, "fjord", 1))[debt.KindCase]
	var texts []string
	for _, k := range []debt.Key{foreign, {Kind: debt.KindCase, Agency: "fjord", ID: "0"},
		{Kind: debt.KindCase, Agency: "gone", ID: "1"}} {
		_, err := loader.NewNodes(w.agencies, scope(0), 1).Load(t.Context(), loader.Ask{Key: k})()
		var f *fault.Error
		if !errors.As(err, &f) {
			t.Fatal(err)
		}
		texts = append(texts, fmt.Sprintf("%+v", *f))
	}
	for _, text := range texts {
		if text != fmt.Sprintf("%+v", *fault.Of(agency.ErrNotFound)) {
			t.Errorf("%q tells more than that there is nothing", texts)
		}
	}
}

// TestOneAgencyDown: only its own keys fail.
func TestOneAgencyDown(t *testing.T) {
	t.Parallel()
	w := setup(t)
	fjord, lita := keys(w.records(t, "fjord", 0)), keys(w.records(t, "lita", 0))
	if err := w.line.Set(line.Quality{Down: true}); err != nil {
		t.Fatal(err)
	}
	asks := []loader.Ask{{Key: lita[debt.KindCase]}, {Key: fjord[debt.KindCase]}, {Key: lita[debt.KindFee]},
		{Key: fjord[debt.KindLetter]}}
	want := []answer{{Code: fault.AgencyUnavailable}, {Key: fjord[debt.KindCase]}, {Code: fault.AgencyUnavailable},
		{Key: fjord[debt.KindLetter]}}
	if diff := cmp.Diff(want, load(t.Context(), loader.NewNodes(w.agencies, scope(0), len(asks)), asks)); diff != "" {
		t.Error(diff)
	}
}

// TestWantIsBrought: an object comes with the relations that were asked for with it.
func TestWantIsBrought(t *testing.T) {
	t.Parallel()
	w := setup(t)
	part := w.records(t, "fjord", 0)
	agreed := keys(part)[debt.KindAgreement]
	want := part.Find(agreed).(*debt.Agreement)
	object, err := loader.NewNodes(w.agencies, scope(0), 1).Load(t.Context(),
		loader.Ask{Key: agreed, Want: debt.OfInstalments})()
	got, ok := object.(*debt.Agreement)
	if err != nil || !ok || len(got.Instalments) != len(want.Instalments) || len(got.Cases) != len(want.Cases) ||
		len(want.Instalments) == 0 {
		t.Errorf("agreement %+v, %v", object, err)
	}
	// Beside a case that is asked for alone, an agreement still has all of its cases.
	nodes := loader.NewNodes(w.agencies, scope(0), 2)
	one := nodes.Load(t.Context(), loader.Ask{Key: part.Cases[0].ID, Want: debt.OfAgreements})
	two := nodes.Load(t.Context(), loader.Ask{Key: part.Cases[1].ID, Want: debt.OfBalance})
	for i, wait := range []func() (any, error){one, two} {
		object, err := wait()
		c, ok := object.(*debt.Case)
		if err != nil || !ok || c.ID != part.Cases[i].ID {
			t.Fatalf("case %d: %v, %v", i, object, err)
		}
		if diff := cmp.Diff(part.Cases[i].BalanceOn(today), c.BalanceOn(today),
			cmpopts.IgnoreUnexported(debt.Balance{})); diff != "" {
			t.Errorf("case %d: its balance is computed of less than all\n%s", i, diff)
		}
	}
}

// TestAskedAtOnce: fields are resolved by many goroutines.
func TestAskedAtOnce(t *testing.T) {
	t.Parallel()
	w := setup(t)
	var asks []loader.Ask
	for _, c := range w.records(t, "fjord", 0).Cases {
		for i := range c.AllLetters {
			asks = append(asks, loader.Ask{Key: c.AllLetters[i].ID})
		}
	}
	ctx, tally := agency.WithTally(t.Context())
	nodes := loader.NewNodes(w.agencies, scope(0), len(asks))
	var wg sync.WaitGroup
	for _, ask := range asks {
		wg.Go(func() {
			object, err := nodes.Load(ctx, ask)()
			if err != nil || keyOf(object) != ask.Key {
				t.Errorf("%+v: %v, %v", ask.Key, object, err)
			}
		})
	}
	wg.Wait()
	// Goroutines may start so late that an id waits no longer for them; a read for each
	// id there must not be.
	if usage := tally.Usage(); len(usage) != 1 || usage[0].RoundTrips > int64(len(asks))/2 {
		t.Errorf("%d ids cost %+v", len(asks), usage)
	}
}

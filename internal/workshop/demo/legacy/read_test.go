package legacy_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

const person = "17912099997"

// read is one statement and the rows that it must give, in any order.
type read struct {
	reason string
	want   []string
}

// TestReads runs every read of the contract for one person, as Oversikt's role.
func TestReads(t *testing.T) {
	t.Parallel()
	conn := asApp(t, pgtest.New(t, filled))
	files, err := filepath.Glob(readFiles + "/*.sql")
	check(t, err)
	for _, file := range files {
		name := strings.TrimSuffix(filepath.Base(file), ".sql")
		t.Run(name, func(t *testing.T) {
			tc, ok := reads[name]
			if !ok {
				t.Fatal("a read of the contract that this test doesn't know")
			}
			got := text(t, conn, readFile(t, file), pgx.NamedArgs{
				"national_id": person, "case_ids": nil, "case_number": "19-0000003-3"})
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
		})
	}
}

func TestReadOfOneCase(t *testing.T) {
	t.Parallel()
	conn := asApp(t, pgtest.New(t, filled))
	cases := map[string]struct {
		reason string
		ids    []string
		want   int
	}{
		"own":       {"a login by letter opens one case", []string{"24-0000002-8"}, 1},
		"another's": {"a case number does not widen the scope", []string{"24-0000009-3"}, 0},
		"none":      {"an empty list is not the same as no list", []string{}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			got := text(t, conn, readFile(t, readFiles+"/case.sql"),
				pgx.NamedArgs{"national_id": person, "case_ids": tc.ids})
			if len(got) != tc.want {
				t.Errorf("%s: %q", tc.reason, got)
			}
		})
	}
}

// TestOtherViews covers what no hot read selects.
func TestOtherViews(t *testing.T) {
	t.Parallel()
	conn := asApp(t, pgtest.New(t, filled))
	for view, tc := range views {
		t.Run(view, func(t *testing.T) {
			got := text(t, conn, "select * from oversikt."+view)
			if diff := cmp.Diff(tc.want, got); diff != "" {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
		})
	}
}

// text returns each row as its values with bars between them, sorted.
func text(t *testing.T, conn *pgx.Conn, sql string, args ...any) []string {
	t.Helper()
	rows, err := conn.Query(t.Context(), sql, args...)
	check(t, err)
	got, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (string, error) {
		values, err := row.Values()
		parts := make([]string, len(values))
		for i, v := range values {
			parts[i] = valueText(v)
		}
		return strings.Join(parts, "|"), err
	})
	check(t, err)
	slices.Sort(got)
	return got
}

func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return "-"
	case [16]byte:
		return valueText(fmt.Sprintf("%x-%x-%x-%x-%x", v[:4], v[4:6], v[6:8], v[8:10], v[10:]))
	case time.Time:
		return strings.TrimSuffix(v.UTC().Format(time.RFC3339), "T00:00:00Z")
	default:
		return strings.ReplaceAll(fmt.Sprint(v), "0000000-0000-0000-0000-00000000000", "")
	}
}

func readFile(t *testing.T, name string) string {
	t.Helper()
	b, err := os.ReadFile(name)
	check(t, err)
	return string(b)
}

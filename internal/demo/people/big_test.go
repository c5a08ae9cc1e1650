package people

import (
	"os"
	"strconv"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/contract"
	"github.com/oversikt/oversikt/internal/demo/legacy"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/pgcluster/pgtest"
)

func TestBig(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("BIG"))
	if n == 0 {
		t.Skip()
	}
	g := New(1, norway.MustDate("2026-03-02"))
	for _, kind := range []string{"fjord", "tradisjon"} {
		db := pgtest.New(t, pgtest.Template{})
		conn := db.Conn()
		var err error
		if kind == "fjord" {
			err = contract.Install(t.Context(), conn, contract.InitOptions{})
		} else {
			err = legacy.Install(t.Context(), conn)
		}
		if err != nil {
			t.Fatal(err)
		}
		t0 := time.Now()
		var last time.Time
		load := LoadReference
		q := "select count(*) from core.case"
		if kind != "fjord" {
			load = LoadLegacy
			q = "select count(*) from inkasso.sak"
		}
		if err := load(t.Context(), conn, g, kind, n, func(int) { last = time.Now() }); err != nil {
			t.Fatal(err)
		}
		var cases, rows, size int64
		conn.QueryRow(t.Context(), q).Scan(&cases)
		conn.QueryRow(t.Context(), "select sum(reltuples)::bigint from pg_catalog.pg_class where relkind = 'r' and relnamespace::regnamespace::text in ('core','inkasso')").Scan(&rows)
		conn.QueryRow(t.Context(), "select pg_catalog.pg_database_size(current_database())").Scan(&size)
		d := time.Since(t0)
		t.Logf("%s: %d people, %d cases, %d rows, %d MB: copy %v, all %v; %.0f rows/s, %.0f cases/min", kind, n, cases, rows, size>>20, last.Sub(t0), d, float64(rows)/d.Seconds(), float64(cases)/d.Minutes())
	}
}

package people

import (
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/contract"
	"github.com/oversikt/oversikt/internal/demo/legacy"
	"github.com/oversikt/oversikt/internal/norway"
	"github.com/oversikt/oversikt/internal/pgcluster/pgtest"
)

func TestLoadTry(t *testing.T) {
	g := New(1, norway.MustDate("2026-03-02"))
	db := pgtest.New(t, pgtest.Template{})
	conn := db.Conn()
	if err := contract.Install(t.Context(), conn, contract.InitOptions{}); err != nil {
		t.Fatal(err)
	}
	t0 := time.Now()
	if err := LoadReference(t.Context(), conn, g, "fjord", 2000, nil); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(t0))
	db = pgtest.New(t, pgtest.Template{})
	conn = db.Conn()
	if err := legacy.Install(t.Context(), conn); err != nil {
		t.Fatal(err)
	}
	t0 = time.Now()
	if err := LoadLegacy(t.Context(), conn, g, "tradisjon", 2000, nil); err != nil {
		t.Fatal(err)
	}
	t.Log(time.Since(t0))
}

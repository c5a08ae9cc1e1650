package people
import ("testing";"time";"os";"strconv";"github.com/oversikt/oversikt/internal/pgcluster/pgtest")
func TestBig(t *testing.T) {
	n, _ := strconv.Atoi(os.Getenv("BIG"))
	for _, name := range []string{"reference","legacy"} {
		if o:=os.Getenv("ONLY"); o!="" && o!=name {continue}
		core := cores[name]
		conn := pgtest.New(t, core.template).Conn()
		a := map[string]string{"reference":Fjord,"legacy":Tradisjon}[name]
		t0 := time.Now(); var last time.Time
		if err := core.load(t.Context(), conn, New(1, asOf), a, n, func(int){last=time.Now()}); err != nil { t.Fatal(err) }
		d := time.Since(t0)
		rows := 0
		for _, tb := range tableNames(core.to.tables) { rows += count(t, conn, tb) }
		cases := count(t, conn, tableNames(core.to.tables)[1])
		size := 0
		conn.QueryRow(t.Context(), "select pg_catalog.pg_database_size(current_database())").Scan(&size)
		t.Logf("%s: %d people, %d cases, %d rows, %d MB: copy %v, all %v; %.0f rows/s, %.0f cases/min", a, n, cases, rows, size>>20, last.Sub(t0), d, float64(rows)/d.Seconds(), float64(cases)/d.Minutes())
	}
}

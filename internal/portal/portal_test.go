package portal_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

// TestOpen: whatever is sent to the portal database ends, whoever has forgotten it, and its
// server notices that a replica is gone.
func TestOpen(t *testing.T) {
	t.Parallel()
	dsn := pgtest.New(t, pgtest.Template{}).DSN()
	for patience, want := range map[time.Duration]string{0: "3s", 4500 * time.Millisecond: "5500ms"} {
		db, err := portal.Open(dsn, patience)
		if err != nil {
			t.Fatal(err)
		}
		defer db.Close()
		var limit, path string
		err = db.QueryRow(t.Context(),
			"select current_setting('statement_timeout'), current_setting('search_path')").Scan(&limit, &path)
		if err != nil || limit != want || path != "" {
			t.Errorf("patience %v: a statement may take %s, search path %q: %v", patience, limit, path, err)
		}
		asked := db.ConnConfig().RuntimeParams // a server on a socket of the machine shows 0
		for name, want := range map[string]string{"tcp_user_timeout": "10000", "tcp_keepalives_idle": "5",
			"tcp_keepalives_interval": "2", "tcp_keepalives_count": "3"} {
			if asked[name] != want {
				t.Errorf("%s is %q, not %q", name, asked[name], want)
			}
		}
	}
}

// TestBounded: a request waits as long as it was said, also on a pool that somebody else made.
func TestBounded(t *testing.T) {
	t.Parallel()
	for given, want := range map[time.Duration]time.Duration{0: portal.DefaultPatience, time.Minute: time.Minute} {
		before := time.Now()
		ctx, cancel := portal.NewDB(nil, given).Bounded(t.Context())
		defer cancel()
		end, ok := ctx.Deadline()
		if !ok || end.Before(before.Add(want)) || end.After(time.Now().Add(want)) {
			t.Errorf("%v: until %v", given, end)
		}
	}
}

func TestOpenFails(t *testing.T) {
	t.Parallel()
	for reason, dsn := range map[string]string{
		"a port is a number":      "postgres://u:hunter2@h:port/d",
		"it might be plain text":  "postgres://u:hunter2@h/d?sslmode=prefer",
		"the second host as well": "host=localhost,h user=u password=hunter2 sslmode=allow",
	} {
		db, err := portal.Open(dsn, 0)
		if err == nil || db != nil || !strings.HasPrefix(err.Error(), "portal: ") ||
			strings.Contains(err.Error(), "hunter2") {
			t.Errorf("%s: %v", reason, err)
		}
	}
}

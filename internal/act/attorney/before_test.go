package attorney_test

import (
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestFromBefore: what an earlier version has begun is brought to its end, under the keys that
// agencies know. Acts of that time have ended, and what agencies answered stands in the clear.
func TestFromBefore(t *testing.T) {
	t.Parallel()
	const (
		opened = `update portal.act_agency set result = convert_to('{"power_of_attorney_id": "' || $1 || '"}', 'UTF8')`
		unsaid = `update portal.act_agency set state = 'PENDING', sent = $1::boolean, result = null where agency = 'fjord'`
		over   = `update portal.power_of_attorney set revoked_at = created_at, revoked_by = gen_random_uuid()`
	)
	for name, tc := range map[string]struct {
		reason  string
		change  func(w *world, id string)
		revoke  bool // by the person, now
		want    attorney.Knowledge
		inForce int
	}{
		"told": {"its name for it is known", func(w *world, id string) { w.exec(opened, id) }, true,
			attorney.RevocationTold, 0},
		"has not answered": {"it has it once", func(w *world, _ string) { w.exec(unsaid, true) }, false, attorney.Told, 1},
		"has not answered, and revoked now": {"it may have it", func(w *world, _ string) { w.exec(unsaid, true) }, true,
			attorney.RevocationTold, 0},
		"never asked, and revoked now": {"it has not heard of it", func(w *world, _ string) { w.exec(unsaid, false) }, true,
			attorney.NotNeeded, 1}, // the test's own doing: it had heard of it
		"revoked, not told": {"it is told", func(w *world, id string) { w.exec(opened, id); w.exec(over) }, false,
			attorney.RevocationTold, 0},
		"revoked, has not answered": {"it may have it",
			func(w *world, _ string) { w.exec(unsaid, true); w.exec(over) }, false,
			attorney.RevocationTold, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			r := w.register(people.Fjord)
			id := w.give(r).ID
			var theirs string
			err := w.cores[people.Fjord].Conn().QueryRow(t.Context(),
				"select power_of_attorney_id::text from oversikt.power_of_attorney where valid_until = '2026-12-31'").Scan(&theirs)
			if err != nil {
				t.Fatal(err)
			}
			w.exec("alter table portal.act disable trigger ends_once")
			w.exec("update portal.act set sealed_as = 'open'")
			tc.change(w, theirs)
			w.exec("alter table portal.act enable trigger ends_once")
			if tc.revoke {
				if _, _, err := r.Revoke(t.Context(), kari(), uuid.New(), id); err != nil {
					t.Fatal(err)
				}
			}
			for range 2 {
				if err := r.Deliver(t.Context()); err != nil {
					t.Fatal(err)
				}
			}
			for _, a := range w.pending() {
				w.resume(r, a)
			}
			if got := w.known(r, id)[people.Fjord]; got != tc.want {
				t.Errorf("the agency: %s, want %s: %s", got, tc.want, tc.reason)
			}
			if n := w.there(people.Fjord, "true"); n != 1 {
				t.Errorf("the agency has %d", n)
			}
			if n := w.there(people.Fjord, "revoked_at is null"); n != tc.inForce {
				t.Errorf("the agency has %d in force: %s", n, tc.reason)
			}
		})
	}
}

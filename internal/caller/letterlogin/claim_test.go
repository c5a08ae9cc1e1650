package letterlogin_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

func (w *world) claim(who int, number, password string) (right bool, err error) {
	w.t.Helper()
	attempt, err := w.desk.Prove(w.t.Context(), fmt.Sprint("192.0.2.", who),
		letterlogin.Claim{Agency: people.Fjord, CaseNumber: number, Password: &password})
	return attempt != nil, err
}

// TestClaimTellsNothing: a password that is wrong, of no case, or of a case without one costs the same, and the
// right one is all that is told apart.
func TestClaimTellsNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.exec("delete from core.case_credential where case_id = (select case_id from core.case where case_number = $1)", w.cases[1])
	w.forgetNumber(w.cases[2])
	var hashes strings.Builder
	w.desk.CountHashes(func(time, memory uint32, threads uint8, size uint32) {
		fmt.Fprintf(&hashes, "m=%d,t=%d,p=%d,%d;", memory, time, threads, size)
	})
	_, _ = w.claim(1, "warm up", "guess")
	costs := map[string]string{}
	for reason, number := range map[string]string{"a case": w.cases[0], "no password": w.cases[1], "no number": w.cases[2],
		"no case": "no such case", "empty": " "} {
		hashes.Reset()
		before := w.trips.Load()
		ctx, tally := agency.WithTally(t.Context())
		attempt, err := w.desk.Prove(ctx, "192.0.2."+reason,
			letterlogin.Claim{Agency: people.Fjord, CaseNumber: number, Password: new("guess")})
		if attempt != nil || err != nil {
			t.Errorf("%s: %v, %v", reason, attempt, err)
		}
		costs[reason] = fmt.Sprint(hashes.String(), w.trips.Load()-before, tally.Usage()[0].RoundTrips)
	}
	for reason, cost := range costs {
		if cost != costs["no case"] || !strings.HasPrefix(cost, "m=19456,t=2,p=1,32;") {
			t.Errorf("%s costs %s, no case %s", reason, cost, costs["no case"])
		}
	}
	if right, err := w.claim(20, w.cases[2], people.Password); !right || err != nil {
		t.Errorf("the right password: %v, %v", right, err)
	}
	if len(w.refused) != 2 {
		t.Errorf("%d debtors are told of a guess, not those of two cases with a password", len(w.refused))
	}
	claim := letterlogin.Claim{Agency: people.Fjord, CaseNumber: w.cases[0], Password: new(people.Password)}
	if text := fmt.Sprintf("%v %+v %#v", claim, claim, claim); strings.Contains(text, w.cases[0]) {
		t.Errorf("it prints what it knows: %s", text)
	}
}

// TestClaimIsNoSecondTry: a claim counts as a login does, so who is locked out of one is out of the other; and
// one number is claimed so often.
func TestClaimIsNoSecondTry(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	locked := func(err error) bool { return errors.As(err, new(*letterlogin.ThrottledError)) }
	for i := range 5 {
		if right, err := w.claim(30+i, w.cases[0], "guess"); right || err != nil {
			t.Fatalf("guess %d: %v, %v", i, right, err)
		}
	}
	if _, err := w.claim(36, w.cases[0], people.Password); !locked(err) {
		t.Errorf("the sixth claim of a case: %v", err)
	}
	if err := w.login("198.51.100.7", w.cases[0], people.Password); !locked(err) {
		t.Errorf("a login after five claims: %v", err)
	}
	for i := range 21 {
		_, err := w.desk.Prove(t.Context(), "192.0.2.9", letterlogin.Claim{Agency: people.Fjord, CaseNumber: "one number"})
		if locked(err) != (i == 20) {
			t.Errorf("claim %d of a number: %v", i+1, err)
		}
	}
	w.now.Add(int64(time.Hour))
	if _, err := w.desk.Prove(t.Context(), "192.0.2.9",
		letterlogin.Claim{Agency: people.Fjord, CaseNumber: "one number"}); err != nil {
		t.Errorf("an hour later: %v", err)
	}
}

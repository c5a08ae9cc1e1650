package faq_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/faq"
)

// TestEntries: each question is there in three languages, once, short enough to read on a telephone,
// and every phase is explained by some.
func TestEntries(t *testing.T) {
	t.Parallel()
	key := regexp.MustCompile(`^[a-z]+(-[a-z]+)*$`)
	for _, l := range []debt.Language{debt.Bokmal, debt.Nynorsk, debt.English} {
		entries := faq.Of(l, nil)
		if len(entries) < 25 {
			t.Errorf("%s: %d entries", l, len(entries))
		}
		seen, phases := map[string]bool{}, map[debt.Phase]bool{}
		for _, e := range entries {
			if seen[e.Key] || seen[e.Question] || !key.MatchString(e.Key) {
				t.Errorf("%s: %q is there twice, or is no key", l, e.Key)
			}
			seen[e.Key], seen[e.Question] = true, true
			if !strings.HasSuffix(e.Question, "?") || !strings.HasSuffix(e.Answer, ".") {
				t.Errorf("%s: %s is no question with an answer", l, e.Key)
			}
			if n := utf8.RuneCountInString(e.Answer); n < 80 || n > 400 {
				t.Errorf("%s: the answer to %s has %d characters", l, e.Key, n)
			}
			for _, p := range e.Phases {
				phases[p] = true
				if !slices.Contains(debt.Phases, p) {
					t.Errorf("%s: there is no phase %s", e.Key, p)
				}
			}
		}
		for _, p := range debt.Phases {
			if !phases[p] && p != debt.PhaseOther {
				t.Errorf("%s: nothing explains %s", l, p)
			}
		}
	}
}

// TestOwnWords: an agency's words replace ours in their language alone, and what it answers besides
// comes last, once.
func TestOwnWords(t *testing.T) {
	t.Parallel()
	own := []debt.FAQ{
		{Key: "deferral", Language: debt.Nynorsk, Question: "Utsetjing?", Answer: "Ring oss."},
		{Key: "vipps", Language: debt.Nynorsk, Question: "Vipps?", Answer: "Ja."},
		{Key: "vipps", Language: debt.Bokmal, Question: "Vipps?", Answer: "Ja da."},
	}
	nn, nb, before := faq.Of(debt.Nynorsk, own), faq.Of(debt.Bokmal, own), faq.Of(debt.Nynorsk, nil)
	i := slices.IndexFunc(nn, func(e faq.Entry) bool { return e.Key == "deferral" })
	if len(nn) != len(before)+1 || nn[i].Answer != "Ring oss." || !nn[i].Own || nn[i].Law != nil ||
		!slices.Equal(nn[i].Acts, before[i].Acts) {
		t.Errorf("in nynorsk: %+v", nn[i])
	}
	if last := nb[len(nb)-1]; last.Answer != "Ja da." || nb[i].Own || nb[i].Answer == before[i].Answer {
		t.Errorf("in bokmål: %+v, %+v", last, nb[i])
	}
	for _, e := range faq.About(nn, "REQUEST_DEFERRAL", debt.PhaseHeavyFee) {
		if !slices.Contains(e.Acts, "REQUEST_DEFERRAL") || !slices.Contains(e.Phases, debt.PhaseHeavyFee) {
			t.Errorf("%s explains neither", e.Key)
		}
	}
}

package people

import (
	"testing"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

func TestRateDays(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason   string
		from, to string
		want     int64
	}{
		"a year":           {"181 days at 12.5 and 184 at 12.25 per cent", "2025-01-01", "2026-01-01", 181*1250 + 184*1225},
		"before the rates": {"the first rate serves earlier days too", "2014-01-01", "2014-01-11", 9250},
	}
	for name, c := range cases {
		if got := rateDays(norway.MustDate(c.from), norway.MustDate(c.to)); got != c.want {
			t.Errorf("%s (%s): got %d, %s on 100 kr", name, c.reason, got, money.Øre(100_00*got/yearOfBasisPoints))
		}
	}
}

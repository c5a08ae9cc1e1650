package genuine_test

import (
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/debt/genuine"
)

// TestNothingIsSlow: whoever asks without a login does not hold up the others.
func TestNothingIsSlow(t *testing.T) {
	for _, s := range []string{"a.no ", "a.", "1", "12 ", "kid 1 ", "kr 1.000", "@", "a@a.no ", "http://", "-", "аb.no ",
		"1234.56.78903 ", "fjordinkass.no ", "\u0301", "xn--a.no ", "ﷺ.no ", "68 05 01 00 "} {
		text := strings.Repeat(s, 5000/len([]rune(s)))
		for _, in := range []genuine.Input{{Text: &text}, {Link: &text}, {Sender: &text}} {
			start := time.Now()
			genuine.Of(in, known())
			if took := time.Since(start); took > 500*time.Millisecond {
				t.Errorf("%.20q took %v", text, took)
			}
		}
	}
}

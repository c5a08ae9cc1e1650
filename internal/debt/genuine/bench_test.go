package genuine_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/debt/genuine"
)

// BenchmarkDearest judges texts that take long, each as long as may be: whoever asks without a login is not to hold
// up the others.
func BenchmarkDearest(b *testing.B) {
	for _, s := range []string{"a.no ", "a.", "1", "12 ", "kid 1 ", "kr 1.000", "@", "a@a.no ", "http://", "-", "аb.no ",
		"1234.56.78903 ", "fjordinkass.no ", "\u0301", "xn--a.no ", "ﷺ.no ", "68 05 01 00 "} {
		text := strings.Repeat(s, 5000/len([]rune(s)))
		b.Run(strings.TrimSpace(s), func(b *testing.B) {
			for b.Loop() {
				genuine.Of(genuine.Input{Text: &text}, known())
			}
		})
	}
}

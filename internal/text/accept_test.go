package text_test

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/text"
)

func TestAccepted(t *testing.T) {
	t.Parallel()
	tests := map[string]struct {
		reason string
		accept string
		want   text.Language
	}{
		"nothing":           {"programs get English", "", text.EN},
		"bokmål":            {"by its own name", "nb", text.NB},
		"Norwegian":         {"browsers name it so, too", "no", text.NB},
		"in Norway":         {"the region does not matter", "nb-NO,nb;q=0.9,en;q=0.5", text.NB},
		"nynorsk":           {"by its own name", "nn-NO, nb;q=0.8", text.NN},
		"English":           {"by its own name", "en-GB,nb;q=0.5", text.EN},
		"the most wanted":   {"the order does not matter", "en;q=0.2, nn;q=0.9", text.NN},
		"refused":           {"q=0 is not wanted", "nb;q=0", text.EN},
		"Danish":            {"it is not what was asked for", "da", text.EN},
		"Danish, Norwegian": {"the first that there is", "da, nb;q=0.4", text.NB},
		"anything":          {"names no language", "*", text.EN},
		"broken":            {"no language", "nb;q=x, \x00", text.EN},
		"huge":              {"no work", strings.Repeat("nb-", 5000), text.EN},
	}
	for name, tt := range tests {
		if got := text.Accepted(tt.accept); got != tt.want {
			t.Errorf("%s: %s, want %s: %s", name, got, tt.want, tt.reason)
		}
	}
}

package contact

import (
	"testing"

	"github.com/oversikt/oversikt/internal/act"
)

// TestMailbox: an e-mail address that agencies refuse is the person's to mend, at its field.
func TestMailbox(t *testing.T) {
	t.Parallel()
	for typed, ok := range map[string]bool{
		"a@c.no": true, " a.b+c@post.c.no ": true, "åse@blåbær.no": true, "": true,
		`"a b"@c.no`: false, `"ab"@c.no`: false, "a b@c.no": false, "a@c": false, "a@c d.no": false, "a@b@c.no": false,
		"a\u00a0b@c.no": false, "a@.no": false, "a@no.": false, "Kari <a@c.no>": false, "a\nb@c.no": false,
	} {
		faults := check(act.By{}, Input{Email: &typed})
		if (len(faults) == 0) != ok || !ok && (len(faults) != 1 || faults[0].Field[1] != "email") {
			t.Errorf("%q: %+v", typed, faults)
		}
	}
}

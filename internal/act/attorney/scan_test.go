package attorney_test

import (
	"encoding/base64"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestScan: what the scanner knows is refused, and so is what it cannot look at.
func TestScan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	give := func(address, content string) error {
		t.Helper()
		scanner, err := document.NewScanner(address, 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		r := w.register(people.Fjord)
		r.Scan = scanner.Scan
		in := input()
		in.Signing = attorney.SigningInput{Document: &document.Input{MediaType: document.PDF,
			Base64: base64.StdEncoding.EncodeToString([]byte(content))}}
		_, err = r.Give(t.Context(), kari(), in)
		return err
	}
	virus := documenttest.PDF(documenttest.Stream("", documenttest.EICAR))
	if err := give(documenttest.Clamd(t, 10<<20), virus); !errors.As(err, new(act.Faults)) {
		t.Errorf("a virus: %v", err)
	}
	large := documenttest.PDF(documenttest.Stream("", strings.Repeat("signed by Kari ", 300_000)))
	for name, address := range map[string]string{
		"size limit": documenttest.Clamd(t, 1000), "nobody there": "tcp://127.0.0.1:1", "no socket": "unix:///nowhere/clamd.ctl",
	} {
		if err := give(address, large); fault.Of(err).Code != fault.PortalUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.count("portal.power_of_attorney"); n != 0 {
		t.Errorf("%d documents are kept", n)
	}
	if err := give(documenttest.Clamd(t, 10<<20), large); err != nil {
		t.Errorf("a document: %v", err)
	}
	for _, address := range []string{"", "127.0.0.1:3310", "tcp://127.0.0.1", "http://127.0.0.1:3310", "unix://x"} {
		if _, err := document.NewScanner(address, time.Second); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}

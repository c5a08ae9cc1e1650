package attorney_test

import (
	"bufio"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// clamd speaks the protocol of clamd(8), and knows one virus. It is strict: whatever is not the
// protocol has no answer.
func clamd(t *testing.T, most int) (address string) {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	go func() {
		defer close(done)
		for {
			conn, err := listener.Accept()
			if err != nil {
				return
			}
			answerScan(conn, most)
			_ = conn.Close()
		}
	}()
	t.Cleanup(func() {
		_ = listener.Close()
		<-done
	})
	return "tcp://" + listener.Addr().String()
}

func answerScan(conn net.Conn, most int) {
	in := bufio.NewReader(conn)
	if command, err := in.ReadString(0); err != nil || command != "zINSTREAM\x00" {
		return
	}
	var content []byte
	for {
		var size uint32
		if binary.Read(in, binary.BigEndian, &size) != nil {
			return
		}
		if size == 0 {
			break
		}
		if len(content)+int(size) > most {
			_, _ = io.WriteString(conn, "INSTREAM size limit exceeded. ERROR\x00")
			return
		}
		chunk := make([]byte, size)
		if _, err := io.ReadFull(in, chunk); err != nil {
			return
		}
		content = append(content, chunk...)
	}
	if strings.Contains(string(content), eicar) {
		_, _ = io.WriteString(conn, "stream: Win.Test.EICAR_HDB-1 FOUND\x00")
		return
	}
	_, _ = io.WriteString(conn, "stream: OK\x00")
}

// TestScan: what the scanner knows is refused, and so is what it cannot look at.
func TestScan(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	give := func(address, content string) error {
		t.Helper()
		scanner, err := attorney.NewScanner(address, 5*time.Second)
		if err != nil {
			t.Fatal(err)
		}
		r := w.register(people.Fjord)
		r.Scan = scanner.Scan
		in := input()
		in.Signing = attorney.SigningInput{Document: &attorney.DocumentInput{MediaType: attorney.PDF,
			Base64: base64.StdEncoding.EncodeToString([]byte(content))}}
		_, err = r.Give(t.Context(), kari(), in)
		return err
	}
	virus := pdf(stream("", eicar))
	if err := give(clamd(t, 10<<20), virus); !errors.As(err, new(act.Faults)) {
		t.Errorf("a virus: %v", err)
	}
	large := pdf(stream("", strings.Repeat("signed by Kari ", 300_000)))
	for name, address := range map[string]string{
		"size limit": clamd(t, 1000), "nobody there": "tcp://127.0.0.1:1", "no socket": "unix:///nowhere/clamd.ctl",
	} {
		if err := give(address, large); fault.Of(err).Code != fault.PortalUnavailable {
			t.Errorf("%s: %v", name, err)
		}
	}
	if n := w.count("portal.power_of_attorney"); n != 0 {
		t.Errorf("%d documents are kept", n)
	}
	if err := give(clamd(t, 10<<20), large); err != nil {
		t.Errorf("a document: %v", err)
	}
	for _, address := range []string{"", "127.0.0.1:3310", "tcp://127.0.0.1", "http://127.0.0.1:3310", "unix://x"} {
		if _, err := attorney.NewScanner(address, time.Second); err == nil {
			t.Errorf("%q is an address", address)
		}
	}
}

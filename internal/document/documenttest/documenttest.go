// Package documenttest has documents, good and bad, and a scanner to show them to.
package documenttest

import (
	"bufio"
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/jpeg"
	"image/png"
	"io"
	"net"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/document"
)

// EICAR is what every scanner takes for a virus, and is none (eicar.org).
const EICAR = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// Deflated returns a text as FlateDecode has it.
func Deflated(text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

// PDF returns a document of those objects.
func PDF(objects string) string {
	return "%PDF-1.7\n" + objects + "\ntrailer << /Root 1 0 R >>\n%%EOF\n"
}

// Stream returns an object with a stream.
func Stream(dictionary, content string) string {
	return fmt.Sprintf("4 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj", dictionary, len(content), content)
}

// Picture returns a small picture.
func Picture(t testing.TB, kind document.MediaType) string {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i * 7)
	}
	err := png.Encode(&b, m)
	if kind == document.JPEG {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// Clamd starts what speaks the protocol of clamd(8), takes most bytes at once and knows one virus: EICAR. It is
// strict: whatever is not the protocol has no answer.
func Clamd(t testing.TB, most int) (address string) {
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
	if strings.Contains(string(content), EICAR) {
		_, _ = io.WriteString(conn, "stream: Win.Test.EICAR_HDB-1 FOUND\x00")
		return
	}
	_, _ = io.WriteString(conn, "stream: OK\x00")
}

// HEIC returns a file with the boxes of a phone's photo. Nothing is in them.
func HEIC() string {
	return "\x00\x00\x00\x18ftypheic\x00\x00\x00\x00heicmif1" + "\x00\x00\x00\x10meta\x00\x00\x00\x00\x00\x00\x00\x00" +
		"\x00\x00\x00\x20mdat" + strings.Repeat("\x7f", 24)
}

// Bomb returns a PNG of a few bytes that says how large it is, and stands for as many pixels.
func Bomb(width, height uint32) []byte {
	out := []byte("\x89PNG\r\n\x1a\n")
	chunk := func(kind string, data []byte) {
		out = binary.BigEndian.AppendUint32(out, uint32(len(data)))
		from := len(out)
		out = append(append(out, kind...), data...)
		out = binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[from:]))
	}
	head := binary.BigEndian.AppendUint32(binary.BigEndian.AppendUint32(nil, width), height)
	chunk("IHDR", append(head, 8, 0, 0, 0, 0))
	chunk("IDAT", []byte(Deflated("")))
	chunk("IEND", nil)
	return out
}

// Scan returns what shows documents to a scanner of the test's own, as [Clamd] is.
func Scan(t testing.TB) func(context.Context, []byte) (string, error) {
	t.Helper()
	scanner, err := document.NewScanner(Clamd(t, 10<<20), 10*time.Second)
	if err != nil {
		t.Fatal(err)
	}
	return scanner.Scan
}

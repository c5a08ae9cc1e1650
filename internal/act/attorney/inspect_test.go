package attorney_test

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"fmt"
	"image"
	"image/jpeg"
	"image/png"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
)

func deflated(text string) string {
	var b bytes.Buffer
	w := zlib.NewWriter(&b)
	_, _ = w.Write([]byte(text))
	_ = w.Close()
	return b.String()
}

func pdf(objects string) string {
	return "%PDF-1.7\n" + objects + "\ntrailer << /Root 1 0 R >>\n%%EOF\n"
}

func stream(dictionary, content string) string {
	return fmt.Sprintf("4 0 obj\n<< %s /Length %d >>\nstream\n%s\nendstream\nendobj", dictionary, len(content), content)
}

func picture(t *testing.T, kind attorney.MediaType) string {
	t.Helper()
	var b bytes.Buffer
	m := image.NewGray(image.Rect(0, 0, 40, 30))
	for i := range m.Pix {
		m.Pix[i] = byte(i * i * 7)
	}
	err := png.Encode(&b, m)
	if kind == attorney.JPEG {
		b.Reset()
		err = jpeg.Encode(&b, m, nil)
	}
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

const eicar = `X5O!P%@AP[4\PZX54(P^)7CC)7}$EICAR` + `-STANDARD-ANTIVIRUS-TEST-FILE!$H+H*`

// TestActiveDocuments: what does something, hides something or is two things at once is not taken.
func TestActiveDocuments(t *testing.T) {
	t.Parallel()
	const compressed = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
	scan, photo := picture(t, attorney.PNG), picture(t, attorney.JPEG)
	cases := map[string]struct {
		reason  string
		kind    attorney.MediaType
		content string
		taken   bool
	}{
		"plain":          {"a scan", attorney.PDF, pdf("1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj"), true},
		"text":           {"what a page says is not what it does", attorney.PDF, pdf(stream("/Filter /FlateDecode", deflated("BT (JavaScript, Launch) Tj ET"))), true},
		"object stream":  {"most PDFs of today", attorney.PDF, pdf(stream(compressed, deflated("1 0 << /Type /Catalog /Pages 2 0 R >>"))), true},
		"a photo inside": {"a scan has one", attorney.PDF, pdf(stream("/Subtype /Image /Filter /DCTDecode", photo)), true},
		"updated":        {"several ends", attorney.PDF, pdf("1 0 obj << >> endobj") + "5 0 obj << >> endobj\n%%EOF\r\n", true},

		"script":        {"it runs", attorney.PDF, pdf("1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj"), false},
		"escaped":       {"the same name", attorney.PDF, pdf("1 0 obj << /S /J#61va#53cript /JS (x) >> endobj"), false},
		"hidden script": {"in an object stream", attorney.PDF, pdf(stream(compressed, deflated("1 0 << /S /JavaScript /JS (x) >>"))), false},
		"escaped inside": {"both", attorney.PDF, pdf(stream(compressed,
			deflated("1 0 << /S /#4aavaScript /JS (x) >>"))), false},
		"not to be seen":   {"in a filter that is not read here", attorney.PDF, pdf(stream("/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", "789c")), false},
		"escaped kind":     {"and its kind is escaped", attorney.PDF, pdf(stream("/Type /Obj#53tm /Filter /LZWDecode", "\x80\x0b")), false},
		"at opening":       {"it acts by itself", attorney.PDF, pdf("1 0 obj << /OpenAction 5 0 R >> endobj"), false},
		"starts a program": {"it acts", attorney.PDF, pdf("1 0 obj << /S /Launch /F (calc.exe) >> endobj"), false},
		"brings a file":    {"nobody has asked for it", attorney.PDF, pdf("1 0 obj << /Type /EmbeddedFile >> endobj"), false},
		"brings files":     {"the same", attorney.PDF, pdf("1 0 obj << /Names << /EmbeddedFiles 3 0 R >> >> endobj"), false},
		"locked":           {"nobody can look", attorney.PDF, pdf("1 0 obj << >> endobj\ntrailer << /Encrypt 9 0 R >>"), false},
		"form":             {"a form with scripts", attorney.PDF, pdf("1 0 obj << /AcroForm << /XFA 9 0 R >> >> endobj"), false},
		"film":             {"it plays", attorney.PDF, pdf("1 0 obj << /Subtype /RichMedia >> endobj"), false},
		"bomb": {"64 MiB of nothing", attorney.PDF, pdf(stream("/Filter /FlateDecode",
			deflated(string(make([]byte, 65<<20))))), false},
		"and a virus":       {"behind the end", attorney.PDF, pdf("1 0 obj << >> endobj") + eicar, false},
		"and an archive":    {"ZIP is read from its end", attorney.PDF, pdf("%PK\x03\x04 something\nPK\x05\x06 its end"), false},
		"and a page":        {"a browser might show it", attorney.PDF, "%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n", false},
		"without an end":    {"cut off", attorney.PDF, "%PDF-1.7\n1 0 obj", false},
		"PNG":               {"an image", attorney.PNG, scan, true},
		"PNG and a page":    {"behind the end", attorney.PNG, scan + "<script>alert(1)</script>", false},
		"PNG cut":           {"no end", attorney.PNG, scan[:len(scan)-4], false},
		"PNG with a length": {"beyond the end", attorney.PNG, scan[:8] + "\xff\xff\xff\xf0" + scan[12:], false},
		"JPEG":              {"an image", attorney.JPEG, photo, true},
		"JPEG twice":        {"phones do that", attorney.JPEG, photo + "\x00\x00" + photo, true},
		"JPEG and a virus":  {"behind the end", attorney.JPEG, photo + eicar, false},
		"JPEG and a ZIP":    {"behind the end", attorney.JPEG, photo + "PK\x03\x04", false},
		"JPEG cut":          {"no end", attorney.JPEG, photo[:len(photo)-2], false},
	}
	w := newWorld(t)
	r := w.register()
	for name, tc := range cases {
		in := input()
		in.Signing = attorney.SigningInput{Document: &attorney.DocumentInput{MediaType: tc.kind,
			Base64: base64.StdEncoding.EncodeToString([]byte(tc.content))}}
		_, err := r.Give(t.Context(), kari(), in)
		var wrong act.Faults
		if (err == nil) != tc.taken || err != nil && (!errors.As(err, &wrong) || len(wrong) != 1) {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

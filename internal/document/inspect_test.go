package document_test

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/documenttest"
)

const eicar = documenttest.EICAR

var pdf, stream, deflated = documenttest.PDF, documenttest.Stream, documenttest.Deflated

// lineOfStream is an object stream with a script whose data begin after a line like that.
func lineOfStream(line string) string {
	const compressed = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
	return strings.Replace(stream(compressed, deflated("1 0 << /S /JavaScript >>")), "stream\n", line, 1)
}

// zipEnd is the end of an archive, with a comment of so many bytes behind it.
func zipEnd(comment byte) string {
	return "PK\x05\x06" + strings.Repeat("\x00", 16) + string([]byte{comment, 0})
}

// TestActiveDocuments: what does something, hides something or is two things at once is not taken.
func TestActiveDocuments(t *testing.T) {
	t.Parallel()
	const compressed = "/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode"
	scan, photo := documenttest.Picture(t, document.PNG), documenttest.Picture(t, document.JPEG)
	cases := map[string]struct {
		reason  string
		kind    document.MediaType
		content string
		taken   bool
	}{
		"plain": {"a scan", document.PDF, pdf("1 0 obj << /Type /Catalog /Pages 2 0 R >> endobj"), true},
		"text": {"what a page says is not what it does", document.PDF,
			pdf(stream("/Filter /FlateDecode", deflated("BT (JavaScript, Launch) Tj ET"))), true},
		"object stream": {"most PDFs of today", document.PDF,
			pdf(stream(compressed, deflated("1 0 << /Type /Catalog /Pages 2 0 R >>"))), true},
		"a photo inside": {"a scan has one", document.PDF, pdf(stream("/Subtype /Image /Filter /DCTDecode", photo)), true},
		"updated": {"several ends", document.PDF,
			pdf("1 0 obj << >> endobj") + "5 0 obj << >> endobj\n%%EOF\r\n", true},

		"opens somewhere": {"at a place in itself, as what office programs write", document.PDF,
			pdf("1 0 obj << /OpenAction [3 0 R /XYZ null null 0] >> endobj"), true},
		"predicted image": {"what it shows is no object", document.PDF,
			pdf(stream("/Subtype /Image /Filter /FlateDecode /DecodeParms << /Predictor 15 >>", deflated("\x02\x01"))), true},
		"by chance": {"a picture has short names by chance", document.PDF,
			pdf("5 0 obj << >> endobj /AA 7 /EF >"), true},

		"brings none": {"an empty list, as fpdf writes", document.PDF,
			pdf("1 0 obj << /Names << /EmbeddedFiles << /Names [\n  \n] >> >> >> endobj"), true},

		"script":  {"it runs", document.PDF, pdf("1 0 obj << /S /JavaScript /JS (app.alert(1)) >> endobj"), false},
		"escaped": {"the same name", document.PDF, pdf("1 0 obj << /S /J#61va#53cript /JS (x) >> endobj"), false},
		"hidden script": {"in an object stream", document.PDF,
			pdf(stream(compressed, deflated("1 0 << /S /JavaScript /JS (x) >>"))), false},
		"escaped inside": {"both", document.PDF, pdf(stream(compressed,
			deflated("1 0 << /S /#4aavaScript /JS (x) >>"))), false},
		"not to be seen": {"in a filter that is not read here", document.PDF,
			pdf(stream("/Type /ObjStm /Filter [/ASCIIHexDecode /FlateDecode]", "789c")), false},
		"escaped kind": {"and its kind is escaped", document.PDF,
			pdf(stream("/Type /Obj#53tm /Filter /LZWDecode", "\x80\x0b")), false},
		"at opening":       {"it acts by itself", document.PDF, pdf("1 0 obj << /OpenAction 5 0 R >> endobj"), false},
		"starts a program": {"it acts", document.PDF, pdf("1 0 obj << /S /Launch /F (calc.exe) >> endobj"), false},
		"brings a file": {"nobody has asked for it", document.PDF,
			pdf("1 0 obj << /Type /EmbeddedFile >> endobj"), false},
		"brings files": {"the same", document.PDF,
			pdf("1 0 obj << /Names << /EmbeddedFiles 3 0 R >> >> endobj"), false},
		"brings one": {"in a list", document.PDF,
			pdf("1 0 obj << /Names << /EmbeddedFiles << /Names [ (a) 3 0 R ] >> >> >> endobj"), false},
		"brings more": {"the list that is looked at is empty", document.PDF,
			pdf("1 0 obj << /Names << /EmbeddedFiles << /Names [ ] /Kids [ 3 0 R ] >> >> >> endobj"), false},
		"opens a page": {"each page can act", document.PDF,
			pdf(`1 0 obj << /AA << /O << /S /URI /URI (http://evil.example) >> >> >> endobj`), false},
		"acts elsewhere": {"what acts is another object", document.PDF, pdf("1 0 obj << /AA 7\n0 R >> endobj"), false},
		"acts behind":    {"a comment is space", document.PDF, pdf("1 0 obj << /AA %\n7 0 R >> endobj"), false},
		"calls a share": {"Windows sends a password's hash there", document.PDF,
			pdf(`1 0 obj << /S /GoToR /F (\\\\evil\\x) >> endobj`), false},
		"attached": {"a file at a page, which needs no type", document.PDF,
			pdf("1 0 obj << /Subtype /FileAttachment /FS 5 0 R >> endobj"), false},
		"attached at it": {"a file at anything", document.PDF, pdf("1 0 obj << /EF << /F 5 0 R >> >> endobj"), false},
		"portfolio": {"a page for files", document.PDF,
			pdf("1 0 obj << /Collection << /View /T >> >> endobj"), false},
		"model": {"its script has no such name", document.PDF,
			pdf("1 0 obj << /Type /3D /OnInstantiate 7 0 R >> endobj"), false},
		"old film": {"it plays", document.PDF, pdf("1 0 obj << /Subtype /Movie /A true >> endobj"), false},
		"predicted": {"a reader adds up what is inflated", document.PDF,
			pdf(stream(compressed+" /DecodeParms << /Predictor 12 /Columns 7 >>", deflated("\x02/JavaSc"))), false},
		"inflated twice": {"a reader inflates it again", document.PDF, pdf(stream(
			"/Type /ObjStm /N 1 /First 4 /Filter [/FlateDecode /FlateDecode]", deflated(deflated("1 0 << /S /JavaScript >>")))), false},
		"filters elsewhere": {"what they are is another object", document.PDF,
			pdf(stream("/Type /ObjStm /N 1 /First 4 /Filter 9 0 R", deflated("1 0 << >>"))), false},
		"data elsewhere": {"on somebody's share", document.PDF,
			pdf(stream(compressed+" /F (x)", deflated("1 0 << >>"))), false},
		"hidden behind CR":    {"most readers take it", document.PDF, pdf(lineOfStream("stream\r")), false},
		"hidden behind blank": {"most readers take it", document.PDF, pdf(lineOfStream("stream \n")), false},
		"hidden by a text": {"it looks like the beginning", document.PDF,
			pdf(stream("/Type /ObjStm /First 4 /X (obj << %) \n/Filter /LZWDecode", "\x80\x0b")), false},
		"hidden by length": {"its beginning is far away", document.PDF,
			pdf(stream("/Type /ObjStm /First 4 /X ("+strings.Repeat("x", 20_000)+") /Filter /LZWDecode", "\x80\x0b")), false},
		"without a type": {"not all readers ask for it", document.PDF,
			pdf(stream("/N 1 /First 4 /Filter /LZWDecode", "\x80\x0b")), false},
		"many streams": {"it would take long", document.PDF, pdf(strings.Repeat(" stream ", 6000)), false},
		"locked": {"nobody can look", document.PDF,
			pdf("1 0 obj << >> endobj\ntrailer << /Encrypt 9 0 R >>"), false},
		"form": {"a form with scripts", document.PDF,
			pdf("1 0 obj << /AcroForm << /XFA 9 0 R >> >> endobj"), false},
		"film": {"it plays", document.PDF, pdf("1 0 obj << /Subtype /RichMedia >> endobj"), false},
		"bomb": {"64 MiB of nothing", document.PDF, pdf(stream("/Filter /FlateDecode",
			deflated(string(make([]byte, 65<<20))))), false},
		"and a virus": {"behind the end", document.PDF, pdf("1 0 obj << >> endobj") + eicar, false},
		"and an archive": {"ZIP is read from its end", document.PDF,
			pdf("%PK\x03\x04 something\nPK\x05\x06 its end"), false},
		"and a page": {"a browser might show it", document.PDF,
			"%PDF-1.7\n<script>alert(1)</script>\n%%EOF\n", false},
		"without an end":    {"cut off", document.PDF, "%PDF-1.7\n1 0 obj", false},
		"PNG":               {"an image", document.PNG, scan, true},
		"PNG and a page":    {"behind the end", document.PNG, scan + "<script>alert(1)</script>", false},
		"PNG cut":           {"no end", document.PNG, scan[:len(scan)-4], false},
		"PNG with a length": {"beyond the end", document.PNG, scan[:8] + "\xff\xff\xff\xf0" + scan[12:], false},
		"JPEG":              {"an image", document.JPEG, photo, true},
		"JPEG twice":        {"phones do that", document.JPEG, photo + "\x00\x00" + photo, true},
		"JPEG and a virus":  {"behind the end", document.JPEG, photo + eicar, false},
		"JPEG and a ZIP":    {"behind the end", document.JPEG, photo + "PK\x03\x04", false},
		"JPEG around a ZIP": {"its end has a place for this one's", document.JPEG,
			photo[:len(photo)-2] + "\xff\xfe\x00\x18" + zipEnd(2) + photo[len(photo)-2:], false},
		"PNG around a ZIP": {"the same", document.PNG,
			scan[:len(scan)-12] + "\x00\x00\x00\x16ziPx" + zipEnd(16) + "\x00\x00\x00\x00" + scan[len(scan)-12:], false},
		"JPEG around a page": {"a comment", document.JPEG, photo[:2] + "\xff\xfe\x00\x08<html>" + photo[2:], false},
		"JPEG cut":           {"no end", document.JPEG, photo[:len(photo)-2], false},
	}
	for name, tc := range cases {
		if taken := document.Plain(tc.kind, []byte(tc.content)); taken != tc.taken {
			t.Errorf("%s (%s): %t", name, tc.reason, taken)
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
		document.Plain(document.PDF, []byte(pdf(body)))
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

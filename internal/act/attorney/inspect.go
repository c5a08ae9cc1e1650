package attorney

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"errors"
	"io"
	"regexp"
)

// What is looked for in a document before anybody is asked to open it. A reader of PDF would see
// more than this does, and would bring more code to attack than all the rest of the service: what
// cannot be looked into is refused.
const (
	maxInflated  = 64 << 20 // bytes of all streams of a document together
	maxPixels    = 100 << 20
	zipEnd       = "PK\x05\x06"
	zipEndWithin = 65557 // bytes from the end: the longest end record of a ZIP file
)

// activeNames are the names of ISO 32000 that make a document do something, bring files along, or
// hide what it has. Every action with a script has the name JavaScript, however it is reached.
var activeNames = regexp.MustCompile(`/(JavaScript|OpenAction|Launch|EmbeddedFiles?|RichMedia|SubmitForm|ImportData|` +
	`GoToE|Rendition|Encrypt|XFA)[\x00\t\n\f\r ()<>\[\]{}/%]`)

var (
	escapedName  = regexp.MustCompile(`#[0-9A-Fa-f]{2}`)
	streamBegins = regexp.MustCompile(`stream\r?\n`)
	objectStream = regexp.MustCompile(`/ObjStm[\x00\t\n\f\r ()<>\[\]{}/%]`)
	pageOfWeb    = regexp.MustCompile(`(?i)<(html|script|svg|!doctype|iframe|body)`)
)

// plainPDF says that a PDF is nothing else beside, and does nothing by itself.
func plainPDF(content []byte) bool {
	_, rest, ok := cutLast(content, []byte("%%EOF"))
	if !ok || len(bytes.Trim(rest, "\x00\t\n\f\r ")) > 0 {
		return false
	}
	if bytes.Contains(content[max(0, len(content)-zipEndWithin):], []byte(zipEnd)) ||
		pageOfWeb.Match(content[:min(len(content), 1024)]) || active(content) {
		return false
	}
	left := int64(maxInflated)
	for _, at := range streamBegins.FindAllIndex(content, -1) {
		if bytes.HasSuffix(content[:at[0]], []byte("end")) {
			continue
		}
		inflated, err := inflate(content[at[1]:], left)
		left -= int64(len(inflated))
		mustBeSeen := objectStream.Match(unescaped(dictionaryBefore(content[:at[0]])))
		if left <= 0 || err != nil && mustBeSeen || active(inflated) {
			return false
		}
	}
	return true
}

func cutLast(content, mark []byte) (before, after []byte, ok bool) {
	i := bytes.LastIndex(content, mark)
	if i < 0 {
		return nil, nil, false
	}
	return content[:i], content[i+len(mark):], true
}

func active(content []byte) bool {
	return activeNames.Match(content) || activeNames.Match(unescaped(content))
}

// unescaped reads #xx in names, which is another way to write them.
func unescaped(content []byte) []byte {
	if !bytes.ContainsRune(content, '#') {
		return content
	}
	return escapedName.ReplaceAllFunc(content, func(escape []byte) []byte {
		return []byte{hexDigit(escape[1])<<4 | hexDigit(escape[2])}
	})
}

func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}

// dictionaryBefore returns what stands between the last "obj" and the keyword stream.
func dictionaryBefore(content []byte) []byte {
	near := content[max(0, len(content)-4096):]
	return near[max(0, bytes.LastIndex(near, []byte("obj"))):]
}

// inflate returns what a deflated stream holds, as far as it can be read.
func inflate(stream []byte, most int64) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, most))
}

var errNoImage = errors.New("not one image and nothing else")

// plainJPEG says that there is nothing behind the end of the image but further images, which phones
// append (CIPA DC-007).
func plainJPEG(content []byte) bool {
	for len(content) > 0 {
		end, err := endOfJPEG(content)
		if err != nil {
			return false
		}
		content = bytes.TrimLeft(content[end:], "\x00")
	}
	return true
}

// endOfJPEG returns where an image ends (ISO/IEC 10918-1, annex B).
func endOfJPEG(content []byte) (int, error) {
	if !bytes.HasPrefix(content, []byte{0xFF, 0xD8}) {
		return 0, errNoImage
	}
	for i := 2; i+4 <= len(content)+2; {
		if i+2 > len(content) || content[i] != 0xFF {
			return 0, errNoImage
		}
		marker := content[i+1]
		switch {
		case marker == 0xFF: // fill
			i++
			continue
		case marker == 0xD9:
			return i + 2, nil
		case marker == 0x01 || 0xD0 <= marker && marker <= 0xD7:
			i += 2
			continue
		case i+4 > len(content):
			return 0, errNoImage
		}
		i += 2 + int(binary.BigEndian.Uint16(content[i+2:]))
		if marker == 0xDA { // what follows has no length: it ends at the next marker
			for i+1 < len(content) && (content[i] != 0xFF || content[i+1] == 0 || 0xD0 <= content[i+1] && content[i+1] <= 0xD7) {
				i++
			}
		}
	}
	return 0, errNoImage
}

// plainPNG says that there is nothing behind the last chunk.
func plainPNG(content []byte) bool {
	const signature, frame = 8, 12 // bytes; a chunk has a length, a type and a checksum around it
	for i := signature; i+frame <= len(content); {
		size := int(binary.BigEndian.Uint32(content[i:]))
		end := i + frame + size
		if size < 0 || end > len(content) {
			return false
		}
		if string(content[i+4:i+8]) == "IEND" {
			return end == len(content)
		}
		i = end
	}
	return false
}

package document

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
)

// What is looked for in a document before anybody is asked to open it. A reader of PDF would see
// more than this does, and would bring more code to attack than all the rest of the service: what
// cannot be looked into is refused.
const (
	maxInflated   = 64 << 20 // bytes of all streams of a document together
	maxStreams    = 5000
	maxDictionary = 16 << 10 // bytes before a stream
	maxRead       = 64 << 20 // bytes of all dictionaries, some of them read more than once
	maxName       = 64       // bytes of a name, escapes and all
)

// activeNames are the names of ISO 32000 that make a document do something, bring files along, reach
// out for others, or hide what it has. Every action with a script has the name JavaScript, however it
// is reached; what a model in space runs has OnInstantiate.
var activeNames = map[string]bool{
	"JavaScript": true, "Launch": true, "EmbeddedFile": true, "EmbeddedFiles": true,
	"FileAttachment": true, "Collection": true, "RichMedia": true, "Rendition": true, "Movie": true, "Sound": true,
	"OnInstantiate": true, "SubmitForm": true, "ImportData": true, "GoToR": true, "GoToE": true, "Encrypt": true, "XFA": true,
}

// activeKeys do so too: actions of pages and fields, and files at whatever has them. They are so short
// that a picture has them by chance: they count before a value.
var activeKeys = map[string]bool{"AA": true, "EF": true}

const (
	space   = "\x00\t\n\f\r "
	inValue = `[\x00\t\n\f\r ]`
)

var (
	onlyFlate = regexp.MustCompile(`/Filter` + inValue + `*(/FlateDecode|\[` + inValue + `*/FlateDecode` + inValue +
		`*\])[\x00\t\n\f\r /\[\]<>]`)
	noFiles     = regexp.MustCompile(`^<<` + inValue + `*/Names` + inValue + `*\[` + inValue + `*\]` + inValue + `*>>`)
	pageOfWeb   = regexp.MustCompile(`(?i)<(html|script|svg|!doctype|iframe|body)`)
	dataOfPDF   = []byte("stream")
	objectOfPDF = []byte("obj")
)

// plainPDF says that a PDF is nothing else beside, and does nothing by itself.
func plainPDF(content []byte) bool {
	_, rest, ok := cutLast(content, []byte("%%EOF"))
	if !ok || len(bytes.Trim(rest, space)) > 0 || active(content) {
		return false
	}
	p := pdf{content: content, inflated: maxInflated, read: maxRead}
	for at, streams := 0, 0; ; at += len(dataOfPDF) {
		next := bytes.Index(content[at:], dataOfPDF)
		if next < 0 {
			return true
		}
		at += next
		if bytes.HasSuffix(content[:at], []byte("end")) {
			continue
		}
		if streams++; streams > maxStreams || !p.plainStream(at) {
			return false
		}
	}
}

func cutLast(content, mark []byte) (before, after []byte, ok bool) {
	i := bytes.LastIndex(content, mark)
	if i < 0 {
		return nil, nil, false
	}
	return content[:i], content[i+len(mark):], true
}

// active says that one of the active names is in it, escaped or not.
func active(content []byte) bool {
	var room [maxName]byte
	for {
		name, rest, ok := nextName(content, &room)
		if !ok {
			return false
		}
		near := bytes.TrimLeft(rest[:min(len(rest), maxName)], space)
		switch {
		case string(name) == "EmbeddedFiles" && noFiles.Match(near): // as libraries write that have none
		case activeNames[string(name)], activeKeys[string(name)] && isValue(near),
			string(name) == "OpenAction" && !bytes.HasPrefix(near, []byte("[")): // an array is a place to scroll to
			return true
		}
		content = rest
	}
}

// isValue says that a dictionary, or a reference to one, can begin here, and not just anything.
func isValue(content []byte) bool {
	for range 2 { // numbers of a reference
		digits := bytes.TrimLeft(content, "0123456789")
		after := bytes.TrimLeft(digits, space)
		if len(digits) == len(content) || len(after) == len(digits) && !bytes.HasPrefix(after, []byte("%")) {
			break
		}
		content = after
	}
	return len(content) == 0 || content[0] == '%' || content[0] == 'R' || bytes.HasPrefix(content, []byte("<<"))
}

// nextName returns the first name, and what stands behind it. room is for a name with escapes.
func nextName(content []byte, room *[maxName]byte) (name, rest []byte, ok bool) {
	begin := bytes.IndexByte(content, '/')
	if begin < 0 {
		return nil, nil, false
	}
	rest = content[begin+1:]
	end, escaped := 0, false
	for end < min(len(rest), maxName) && endsName[rest[end]] == 0 {
		escaped = escaped || rest[end] == '#'
		end++
	}
	name, rest = rest[:end], rest[end:]
	if escaped {
		name = unescaped(room[:0], name)
	}
	return name, rest, true
}

var endsName = func() (of [256]byte) {
	for _, c := range []byte(space + "()<>[]{}/%") {
		of[c] = 1
	}
	return of
}()

// unescaped reads #xx in a name, which is another way to write it.
func unescaped(plain, name []byte) []byte {
	for i := 0; i < len(name); i++ {
		if name[i] == '#' && i+2 < len(name) && isHex(name[i+1]) && isHex(name[i+2]) {
			plain = append(plain, hexDigit(name[i+1])<<4|hexDigit(name[i+2]))
			i += 2
			continue
		}
		plain = append(plain, name[i])
	}
	return plain
}

func isHex(c byte) bool { return '0' <= c && c <= '9' || 'a' <= c|0x20 && c|0x20 <= 'f' }

func hexDigit(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return (c | 0x20) - 'a' + 10
}

// pdf is a document that is looked through, and what may still be done for it.
type pdf struct {
	content        []byte
	inflated, read int // bytes
}

// plainStream looks at the stream whose keyword is there, if it is one. Objects can be in a stream, and
// so must be seen: other filters than one, or what is done to the data after it, would hide them.
func (p *pdf) plainStream(at int) bool {
	before, data := p.content[:at], bytes.TrimLeft(p.content[at+len(dataOfPDF):], "\x00\t\f ")
	lineEnds := len(data) > 0 && (data[0] == '\r' || data[0] == '\n')
	data = bytes.TrimPrefix(bytes.TrimPrefix(data, []byte("\r")), []byte("\n"))
	dictionaries := p.dictionariesAt(at)
	if len(dictionaries) == 0 && (lineEnds || bytes.HasSuffix(bytes.TrimRight(before, space), []byte(">>"))) {
		return false
	}
	text, err := inflate(data, p.inflated)
	p.inflated -= len(text)
	for _, d := range dictionaries {
		if hasObjects(d) && (err != nil || !seenAsItIs(d)) {
			return false
		}
	}
	return p.inflated > 0 && p.read > 0 && !active(text)
}

// dictionariesAt returns what the dictionary of a stream can be: what a text in it says can look like
// the beginning of another one.
func (p *pdf) dictionariesAt(at int) (found [][]byte) {
	window := p.content[max(0, at-maxDictionary):at]
	for end := len(window); p.read > 0; {
		end = bytes.LastIndex(window[:end], objectOfPDF)
		if end < 0 {
			break
		}
		d, read := dictionary(window[end+len(objectOfPDF):])
		if p.read -= read + 1; d != nil {
			found = append(found, d)
		}
	}
	return found
}

// dictionary returns the dictionary that content is, with nothing but space and comments around it, or
// nil; and how many bytes it has looked at.
func dictionary(content []byte) (d []byte, read int) {
	depth, i := 0, 0
	for i < len(content) {
		rest := content[i:]
		switch {
		case bytes.IndexByte([]byte(space), rest[0]) >= 0:
			i++
		case rest[0] == '%':
			i += upTo(rest, "\r\n")
		case d != nil || depth == 0 && !bytes.HasPrefix(rest, []byte("<<")):
			return nil, i
		case rest[0] == '(':
			i += lengthOfText(rest)
		case bytes.HasPrefix(rest, []byte("<<")):
			depth, i = depth+1, i+2
		case bytes.HasPrefix(rest, []byte(">>")):
			if depth, i = depth-1, i+2; depth == 0 {
				d = content[:i]
			}
		case rest[0] == '<':
			i += upTo(rest, ">")
		default:
			i++
		}
	}
	return d, i
}

// upTo returns how far it is to behind the first of the characters, or to the end.
func upTo(content []byte, characters string) int {
	if i := bytes.IndexAny(content, characters); i >= 0 {
		return i + 1
	}
	return len(content)
}

// lengthOfText returns how long the text in parentheses is that content begins with.
func lengthOfText(content []byte) int {
	depth := 0
	for i := 0; i < len(content); i++ {
		switch content[i] {
		case '\\':
			i++
		case '(':
			depth++
		case ')':
			if depth--; depth == 0 {
				return i + 1
			}
		}
	}
	return len(content)
}

// hasObjects says that a stream can have objects in it (ISO 32000-1, 7.5.7): not all readers ask for
// its type, but they ask where the first object is.
func hasObjects(dictionary []byte) bool {
	var room [maxName]byte
	for {
		name, rest, ok := nextName(dictionary, &room)
		if !ok {
			return false
		}
		if string(name) == "ObjStm" || string(name) == "First" {
			return true
		}
		dictionary = rest
	}
}

// seenAsItIs says that what inflates is what a reader gets. Nothing in such a dictionary needs a text, a
// comment or an escape.
func seenAsItIs(dictionary []byte) bool {
	if bytes.ContainsAny(dictionary, "#(%") || !onlyFlate.Match(dictionary) {
		return false
	}
	var room [maxName]byte
	filters := 0
	for rest := dictionary; ; {
		name, after, ok := nextName(rest, &room)
		if !ok {
			return filters == 1
		}
		switch string(name) {
		case "DecodeParms", "DP", "F", "FFilter", "FDecodeParms":
			return false
		case "Filter":
			filters++
		}
		rest = after
	}
}

// inflate returns what a deflated stream holds, as far as it can be read.
func inflate(stream []byte, most int) ([]byte, error) {
	r, err := zlib.NewReader(bytes.NewReader(stream))
	if err != nil {
		return nil, err
	}
	return io.ReadAll(io.LimitReader(r, int64(most)))
}

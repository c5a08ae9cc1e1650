// Package document looks through what people hand in: how large it is, what it really is, whether it does
// anything by itself, and what a scanner knows of it. Nothing that it does not understand is taken.
package document

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/jpeg" // decodes what DecodeConfig is given
	_ "image/png"
	"net/http"
)

// MaxSize is how large a document may be, in bytes.
const MaxSize = 5 << 20

// MediaType is a form of document.
type MediaType string

// The forms that are known: a scan, a photo, a picture of a screen.
const (
	PDF  MediaType = "PDF"
	JPEG MediaType = "JPEG"
	PNG  MediaType = "PNG"
	HEIC MediaType = "HEIC"
)

var mediaTypes = map[MediaType]string{
	PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png", HEIC: "image/heic",
}

// ContentType returns the media type as HTTP has it.
func (m MediaType) ContentType() string { return mediaTypes[m] }

// Info is what is told of a document.
type Info struct {
	MediaType MediaType
	Size      int // bytes
}

// Input is a document as a client sends it.
type Input struct {
	MediaType MediaType `json:"mediaType"`
	Base64    string    `json:"base64"`
}

// String hides what is in it.
func (Input) String() string { return "[document]" }

// GoString hides what is in it.
func (i Input) GoString() string { return i.String() }

// Decode returns the bytes of a document, or the member at fault and the key of the text that says why
// it is none. The text of [TooLarge] has the argument max, in megabytes.
func (i Input) Decode() (content []byte, field, wrong string) {
	if base64.StdEncoding.DecodedLen(len(i.Base64)) > MaxSize+2 { // up to two bytes of padding
		return nil, "base64", TooLarge
	}
	content, err := base64.StdEncoding.Strict().DecodeString(i.Base64)
	switch {
	case err != nil:
		return nil, "base64", "input.DOCUMENT_UNREADABLE"
	case len(content) == 0:
		return nil, "base64", "input.DOCUMENT_EMPTY"
	case len(content) > MaxSize:
		return nil, "base64", TooLarge
	case !i.MediaType.holds(content):
		return nil, "mediaType", WrongType
	case !i.MediaType.plain(content):
		return nil, "base64", Active
	}
	return content, "", ""
}

// Texts that say what is wrong with a document.
const (
	TooLarge  = "input.DOCUMENT_LARGE"
	WrongType = "input.DOCUMENT_TYPE"
	Active    = "input.DOCUMENT_ACTIVE"
)

// plain says that a document is what it is and nothing beside, and does nothing when it is opened.
func (m MediaType) plain(content []byte) bool {
	switch {
	case !single(content):
		return false
	case m == PDF:
		return plainPDF(content)
	case m == JPEG:
		return plainJPEG(content)
	case m == HEIC:
		return plainHEIC(content)
	default:
		return plainPNG(content)
	}
}

// holds looks at the content: what it is named says nothing.
func (m MediaType) holds(content []byte) bool {
	if m == HEIC {
		return isHEIC(content)
	}
	if http.DetectContentType(content) != mediaTypes[m] {
		return false
	}
	if m == PDF { // its end is marked within the last 1024 bytes (ISO 32000-1, annex H)
		return bytes.Contains(content[max(0, len(content)-1024):], []byte("%%EOF"))
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil && size.Width*size.Height <= maxPixels
}

package attorney

import (
	"bytes"
	"encoding/base64"
	"image"
	_ "image/jpeg" // decodes what DecodeConfig is given
	_ "image/png"
	"net/http"
)

// MaxDocument is how large a document may be, in bytes.
const MaxDocument = 5 << 20

// MediaType is a form of document.
type MediaType string

// The forms that are taken: a scan, a photo, a picture of a screen.
const (
	PDF  MediaType = "PDF"
	JPEG MediaType = "JPEG"
	PNG  MediaType = "PNG"
)

var mediaTypes = map[MediaType]string{PDF: "application/pdf", JPEG: "image/jpeg", PNG: "image/png"}

// ContentType returns the media type as HTTP has it.
func (m MediaType) ContentType() string { return mediaTypes[m] }

// DocumentInfo is what is told of a document.
type DocumentInfo struct {
	MediaType MediaType
	Size      int // bytes
}

// DocumentInput is a document as a client sends it.
type DocumentInput struct {
	MediaType MediaType `json:"mediaType"`
	Base64    string    `json:"base64"`
}

// decode returns the bytes of a document, or the member at fault and the key of the text that
// says why it is none.
func (d DocumentInput) decode() (content []byte, field, wrong string) {
	if base64.StdEncoding.DecodedLen(len(d.Base64)) > MaxDocument+2 { // up to two bytes of padding
		return nil, "base64", tooLarge
	}
	content, err := base64.StdEncoding.Strict().DecodeString(d.Base64)
	switch {
	case err != nil:
		return nil, "base64", "input.DOCUMENT_UNREADABLE"
	case len(content) == 0:
		return nil, "base64", "input.DOCUMENT_EMPTY"
	case len(content) > MaxDocument:
		return nil, "base64", tooLarge
	case !d.MediaType.holds(content):
		return nil, "mediaType", "input.DOCUMENT_TYPE"
	case !d.MediaType.plain(content):
		return nil, "base64", "input.DOCUMENT_ACTIVE"
	}
	return content, "", ""
}

const tooLarge = "input.DOCUMENT_LARGE"

// plain says that a document is what it is and nothing beside, and does nothing when it is opened.
func (m MediaType) plain(content []byte) bool {
	switch {
	case !single(content):
		return false
	case m == PDF:
		return plainPDF(content)
	case m == JPEG:
		return plainJPEG(content)
	default:
		return plainPNG(content)
	}
}

// holds looks at the content: what it is named says nothing.
func (m MediaType) holds(content []byte) bool {
	if http.DetectContentType(content) != mediaTypes[m] {
		return false
	}
	if m == PDF { // its end is marked within the last 1024 bytes (ISO 32000-1, annex H)
		return bytes.Contains(content[max(0, len(content)-1024):], []byte("%%EOF"))
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	return err == nil && size.Width*size.Height <= maxPixels
}

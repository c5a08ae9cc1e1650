package attorney

import "github.com/oversikt/oversikt/internal/document"

// decode returns the bytes of a document that a power is signed on, or the member at fault and the key of
// the text that says why it is none. An agency's staff must be able to open it: HEIC is not taken.
func decode(d document.Input) (content []byte, field, wrong string) {
	if d.MediaType == document.HEIC {
		return nil, "mediaType", document.WrongType
	}
	return d.Decode()
}

package document

import (
	"bytes"
	"encoding/binary"
	"errors"
)

const (
	maxPixels    = 100 << 20
	zipEnd       = "PK\x05\x06"
	zipEndWithin = 65557 // bytes from the end: the longest end record of a ZIP file
)

// single says that whoever reads a file from its end, or looks for a page in its beginning, finds
// nothing: a picture has places for anything.
func single(content []byte) bool {
	return !bytes.Contains(content[max(0, len(content)-zipEndWithin):], []byte(zipEnd)) &&
		!pageOfWeb.Match(content[:min(len(content), 1024)])
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

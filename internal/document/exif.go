package document

import (
	"bytes"
	"encoding/binary"
)

// orientation returns how a camera was held, as a JPEG's Exif says; 1 where nothing is said.
func orientation(content []byte) int {
	for i := 2; i+4 <= len(content) && content[i] == 0xFF && content[i+1] != 0xDA; {
		size := int(binary.BigEndian.Uint16(content[i+2:]))
		end := i + 2 + size
		if size < 2 || end > len(content) {
			break
		}
		if tiff, ok := bytes.CutPrefix(content[i+4:end], []byte("Exif\x00\x00")); ok && content[i+1] == 0xE1 {
			return orientationOf(tiff)
		}
		i = end
	}
	return 1
}

// orientationOf looks for the tag 0x0112 in the first directory of a TIFF header.
func orientationOf(tiff []byte) int {
	const head, entry, tag = 8, 12, 0x0112
	if len(tiff) < head {
		return 1
	}
	var order binary.ByteOrder = binary.LittleEndian
	if tiff[0] == 'M' {
		order = binary.BigEndian
	}
	at := int(order.Uint32(tiff[4:]))
	if at < head || at+2 > len(tiff) {
		return 1
	}
	n := int(order.Uint16(tiff[at:]))
	for i := range n {
		from := at + 2 + i*entry
		if from+entry > len(tiff) {
			break
		}
		if order.Uint16(tiff[from:]) == tag {
			return int(order.Uint16(tiff[from+8:]))
		}
	}
	return 1
}

package document

import (
	"encoding/binary"
	"slices"
)

// heicBrands are the brands of still pictures coded with HEVC (ISO/IEC 23008-12, annex B).
var heicBrands = []string{"heic", "heix", "heim", "heis"}

// heicBoxes are the boxes that such a file has (ISO/IEC 14496-12): none of a film's, and none of others' own.
var heicBoxes = []string{"ftyp", "meta", "mdat", "free", "skip", "idat", "mini"}

// isHEIC says that a file begins with a box that names a brand of HEIC, as its own or among those that it is
// compatible with.
func isHEIC(content []byte) bool {
	size, kind := box(content)
	if kind != "ftyp" || size < 16 || size > min(len(content), 256) || size%4 != 0 {
		return false
	}
	brands := []string{string(content[8:12])}
	for i := 16; i < size; i += 4 {
		brands = append(brands, string(content[i:i+4]))
	}
	return slices.ContainsFunc(brands, func(b string) bool { return slices.Contains(heicBrands, b) })
}

// plainHEIC says that a file is boxes of a still picture to its last byte, one description and the picture
// among them. The picture is not decoded.
func plainHEIC(content []byte) bool {
	seen := map[string]int{}
	for len(content) > 0 {
		size, kind := box(content)
		if size < 8 || size > len(content) || !slices.Contains(heicBoxes, kind) {
			return false
		}
		seen[kind]++
		content = content[size:]
	}
	return seen["ftyp"] == 1 && seen["meta"] == 1 && seen["mdat"] > 0
}

// box returns the size and the type of the box that a file goes on with; zero for what is none. The last one
// may reach to the end without saying how far that is.
func box(content []byte) (size int, kind string) {
	if len(content) < 16 {
		return 0, ""
	}
	size, kind = int(binary.BigEndian.Uint32(content)), string(content[4:8])
	switch size {
	case 0:
		size = len(content)
	case 1:
		long := binary.BigEndian.Uint64(content[8:])
		if long > uint64(len(content)) {
			return 0, ""
		}
		size = int(long)
	}
	return size, kind
}

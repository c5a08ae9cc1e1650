package document_test

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/documenttest"
)

// held is a photo, left half white and right half black, with where it was taken, held as Exif counts.
func held(t *testing.T, orientation byte) []byte {
	t.Helper()
	m := image.NewGray(image.Rect(0, 0, 32, 16))
	for y := range 16 {
		for x := range 16 {
			m.SetGray(x, y, color.Gray{Y: 255})
		}
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, nil); err != nil {
		t.Fatal(err)
	}
	exif := "Exif\x00\x00MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00" + string(orientation) +
		"\x00\x00\x00\x00\x00\x00GPS 59.91N 10.75E"
	segment := binary.BigEndian.AppendUint16([]byte{0xFF, 0xE1}, uint16(2+len(exif)))
	return append(append(append([]byte{0xFF, 0xD8}, segment...), exif...), b.Bytes()[2:]...)
}

// TestClean: what a camera has written beside a picture is gone, and the picture stands as it was held.
func TestClean(t *testing.T) {
	t.Parallel()
	for orientation, tc := range map[byte]struct {
		w, h, x, y int // its size, and where it is white
	}{
		0: {32, 16, 2, 8}, 1: {32, 16, 2, 8}, 2: {32, 16, 29, 8}, 3: {32, 16, 29, 8}, 4: {32, 16, 2, 8}, 9: {32, 16, 2, 8},
		5: {16, 32, 8, 2}, 6: {16, 32, 8, 2}, 7: {16, 32, 8, 29}, 8: {16, 32, 8, 29},
	} {
		photo := held(t, orientation)
		if !document.Plain(document.JPEG, photo) {
			t.Fatalf("orientation %d: not taken", orientation)
		}
		clean, err := document.JPEG.Clean(t.Context(), photo)
		if err != nil {
			t.Fatal(err)
		}
		m, err := jpeg.Decode(bytes.NewReader(clean))
		if err != nil || m.Bounds().Dx() != tc.w || m.Bounds().Dy() != tc.h || bytes.Contains(clean, []byte("GPS")) {
			t.Fatalf("orientation %d: %v, %v", orientation, m.Bounds(), err)
		}
		if r, _, _, _ := m.At(tc.x, tc.y).RGBA(); r < 0xF000 {
			t.Errorf("orientation %d: it stands another way", orientation)
		}
	}
	scan := []byte(documenttest.Picture(t, document.PNG))
	text := "tEXtLocation\x00GPS 59.91N"
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(text)-4))
	chunk = binary.BigEndian.AppendUint32(append(chunk, text...), crc32.ChecksumIEEE([]byte(text)))
	clean, err := document.PNG.Clean(t.Context(), append(append(bytes.Clone(scan[:33]), chunk...), scan[33:]...))
	if err != nil || bytes.Contains(clean, []byte("GPS")) || !document.Plain(document.PNG, clean) {
		t.Errorf("a PNG with a place: %v", err)
	}
	for name, kept := range map[document.MediaType]string{
		document.PDF: documenttest.PDF("1 0 obj << >> endobj"), document.HEIC: documenttest.HEIC(),
	} {
		if same, err := name.Clean(t.Context(), []byte(kept)); err != nil || string(same) != kept {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// TestOrientation: it is read in both orders of bytes and behind other entries, and what is broken does no harm.
func TestOrientation(t *testing.T) {
	t.Parallel()
	photo := held(t, 6)
	behind := bytes.Replace(photo, []byte("\x00\x01\x01\x12"), []byte("\x00\x02\x01\x0f\x00\x02\x00\x00\x00\x01NAME\x01\x12"), 1)
	behind[5] += 12 // its segment is so much longer
	other := bytes.Replace(photo, []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00"),
		[]byte("II*\x00\x08\x00\x00\x00\x01\x00\x12\x01\x03\x00\x01\x00\x00\x00\x06\x00\x00\x00"), 1)
	for name, content := range map[string][]byte{"one entry": photo, "two": behind, "the other order": other} {
		if got := document.Orientation(content); got != 6 {
			t.Errorf("%s: %d", name, got)
		}
		for i := range 60 {
			for _, b := range []byte{0, 1, 0x7F, 0xFF} {
				broken := bytes.Clone(content)
				broken[i] = b
				document.Orientation(broken[:i])
				document.Orientation(broken)
			}
		}
	}
}

// TestCleanRefuses: what is no picture to its end, or a very large one, is refused before it takes memory.
func TestCleanRefuses(t *testing.T) {
	t.Parallel()
	photo := documenttest.Picture(t, document.JPEG)
	for name, content := range map[string][]byte{
		"cut": []byte(photo[:len(photo)/2]), "nothing": nil, "bomb": documenttest.Bomb(9000, 9000),
	} {
		kind := document.JPEG
		if name == "bomb" {
			kind = document.PNG
		}
		if _, err := kind.Clean(t.Context(), content); !errors.Is(err, document.ErrNoPicture) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if document.Plain(document.PNG, documenttest.Bomb(60_000, 60_000)) {
		t.Error("a picture of 3600 million pixels is taken")
	}
	over, stop := context.WithCancel(t.Context())
	stop()
	document.Occupy(func() {
		if _, err := document.JPEG.Clean(over, []byte(photo)); !errors.Is(err, context.Canceled) {
			t.Errorf("who waits is not heard: %v", err)
		}
	})
}

// TestHEIC: it is told by its boxes, and nothing stands among them that is none of a still picture's.
func TestHEIC(t *testing.T) {
	t.Parallel()
	good := documenttest.HEIC()
	for name, tc := range map[string]struct {
		content string
		taken   bool
	}{
		"a phone's":       {good, true},
		"by another name": {strings.Replace(good, "ftypheic", "ftypmif1", 1), true},
		"the last open":   {strings.Replace(good, "\x00\x00\x00\x20mdat", "\x00\x00\x00\x00mdat", 1), true},
		"a film":          {strings.ReplaceAll(good, "heic", "isom"), false},
		"with a film":     {good + "\x00\x00\x00\x10moov\x00\x00\x00\x00\x00\x00\x00\x00", false},
		"others' own":     {good + "\x00\x00\x00\x10uuid" + "evil.exe", false},
		"cut":             {good[:len(good)-1], false},
		"and a virus":     {good + documenttest.EICAR, false},
		"and a ZIP":       {good + "\x00\x00\x00\x1efree" + zipEnd(0), false},
		"and a page":      {strings.Replace(good, "heicmif1", "heic<svg", 1), false},
		"no picture":      {good[:len(good)-32], false},
		"a JPEG":          {documenttest.Picture(t, document.JPEG), false},
		"only a name":     {"\x00\x00\x00\x10ftypheic\x00\x00\x00\x00", false},
		"a wide box":      {good + "\x00\x00\x00\x01free\x00\x00\x00\x00\x00\x00\x00\x10", true},
		"names beyond":    {"\x00\x00\x00\xf0" + good[4:], false},
		"half a name":     {"\x00\x00\x00\x1a" + good[4:24] + "xx" + good[24:], false},
		"a long box":      {good[:24] + "\x00\x00\x00\x01meta\x7f\xff\xff\xff\xff\xff\xff\xff" + good[24:], false},
	} {
		if got := document.Plain(document.HEIC, []byte(tc.content)); got != tc.taken {
			t.Errorf("%s: %t", name, got)
		}
	}
}

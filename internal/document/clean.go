package document

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"image"
	"image/draw"
	"image/jpeg"
	"image/png"
)

// maxCleaned is how many pixels a picture may have that is written anew: more than a phone's photo in JPEG has.
const maxCleaned = 26_000_000

// cleaning lets one picture at a time be in memory as pixels.
var cleaning = make(chan struct{}, 1)

// ErrNoPicture says that a picture is none to its end, or larger than any that is taken.
var ErrNoPicture = errors.New("the picture cannot be read")

// Clean returns a document without what a camera writes beside the picture: where and when it was taken,
// and with what. A picture is written anew, turned as the camera says. A PDF, and a HEIC, which nothing here can
// write, stay as they are. It waits its turn until ctx ends. The error is ErrNoPicture, or that of ctx.
func (m MediaType) Clean(ctx context.Context, content []byte) ([]byte, error) {
	if m != JPEG && m != PNG {
		return content, nil
	}
	size, _, err := image.DecodeConfig(bytes.NewReader(content))
	if err != nil || size.Width*size.Height > maxCleaned {
		return nil, ErrNoPicture
	}
	select {
	case cleaning <- struct{}{}:
		defer func() { <-cleaning }()
	case <-ctx.Done():
		return nil, fmt.Errorf("write a picture anew: %w", ctx.Err())
	}
	picture, _, err := image.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, ErrNoPicture
	}
	var out bytes.Buffer
	if m == PNG {
		err = png.Encode(&out, picture)
	} else {
		err = jpeg.Encode(&out, turned(picture, orientation(content)), &jpeg.Options{Quality: 90})
	}
	if err != nil {
		return nil, fmt.Errorf("write a picture anew: %w", err)
	}
	return out.Bytes(), nil
}

// turned returns a picture as an orientation of Exif wants it shown (JEITA CP-3451, 4.6.4): 1 is as it is, 5 to 8
// have rows and columns changed.
func turned(from image.Image, orientation int) image.Image {
	if orientation < 2 || orientation > 8 {
		return from
	}
	b := from.Bounds()
	w, h := b.Dx(), b.Dy()
	to := image.NewRGBA(image.Rect(0, 0, w, h))
	if orientation > 4 {
		to = image.NewRGBA(image.Rect(0, 0, h, w))
	}
	plain := image.NewRGBA(image.Rect(0, 0, w, h))
	draw.Draw(plain, plain.Rect, from, b.Min, draw.Src)
	for y := range h {
		for x := range w {
			tx, ty := x, y
			switch orientation {
			case 2:
				tx = w - 1 - x
			case 3:
				tx, ty = w-1-x, h-1-y
			case 4:
				ty = h - 1 - y
			case 5:
				tx, ty = y, x
			case 6:
				tx, ty = h-1-y, x
			case 7:
				tx, ty = h-1-y, w-1-x
			case 8:
				tx, ty = y, w-1-x
			}
			copy(to.Pix[to.PixOffset(tx, ty):][:4], plain.Pix[plain.PixOffset(x, y):][:4])
		}
	}
	return to
}

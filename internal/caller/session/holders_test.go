package session

import (
	"encoding/binary"
	"testing"
	"time"
)

// TestHolders: the memory is bounded, and nobody stays in it for longer than a session lasts.
func TestHolders(t *testing.T) {
	t.Parallel()
	h, now := newHolders(), time.Unix(0, 0)
	var k key
	for i := range uint64(maxHolders + 10) {
		binary.NativeEndian.PutUint64(k[:], i)
		h.remember(k, Session{ExpiresAt: now.Add(time.Duration(1+i%2) * time.Hour)})
	}
	if n := h.byKey.Len(); n != maxHolders {
		t.Errorf("%d are remembered", n)
	}
	h.clean(now.Add(time.Hour))
	if n := h.byKey.Len(); n != maxHolders/2 {
		t.Errorf("%d are left after an hour", n)
	}
	if _, ok := h.of(k, now.Add(2*time.Hour)); ok {
		t.Error("one is known that has lapsed")
	}
	h.clean(now.Add(2 * time.Hour))
	if n := h.byKey.Len(); n != 0 {
		t.Errorf("%d are left", n)
	}
}

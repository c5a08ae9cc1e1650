package model_test

import (
	"bytes"
	"encoding/base64"
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/tink-crypto/tink-go/v2/daead/subtle"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

func ids(t testing.TB, secret byte) *model.IDs {
	t.Helper()
	made, err := model.NewIDs(bytes.Repeat([]byte{secret}, model.IDKeySize))
	if err != nil {
		t.Fatal(err)
	}
	return made
}

func TestIDs(t *testing.T) {
	t.Parallel()
	mine, others := ids(t, 1), ids(t, 2)
	rapid.Check(t, func(t *rapid.T) {
		key := debt.Key{
			Kind:   debt.Kind(rapid.IntRange(1, 9).Draw(t, "kind")),
			Agency: rapid.StringMatching(`[a-z]{1,20}`).Draw(t, "agency"),
			ID:     rapid.StringN(0, 60, 120).Draw(t, "id"),
		}
		id := mine.Seal(key)
		if got, err := mine.Open(id); err != nil || got != key {
			t.Fatalf("%+v comes back as %+v, %v", key, got, err)
		}
		if id != mine.Seal(key) {
			t.Fatal("the same key has two ids")
		}
		if strings.Contains(id, key.Agency) && len(key.Agency) > 3 {
			t.Fatalf("%s tells the agency", id)
		}
		at := rapid.IntRange(0, len(id)-1).Draw(t, "at")
		changed := id[:at] + string(rapid.RuneFrom([]rune("ABab01-_=. å")).Draw(t, "rune")) + id[at+1:]
		for name, bad := range map[string]string{"changed": changed, "cut": id[:at], "longer": id + "A"} {
			if got, err := mine.Open(bad); bad != id && !errors.Is(err, &fault.Error{Code: fault.BadUserInput}) {
				t.Fatalf("%s is opened: %+v, %v", name, got, err)
			}
		}
		if _, err := others.Open(id); err == nil {
			t.Fatal("another secret opens the id")
		}
	})
}

// TestSealedByTheStandard: another implementation of RFC 5297 seals the same bytes.
func TestSealedByTheStandard(t *testing.T) {
	t.Parallel()
	secret := bytes.Repeat([]byte{7}, model.IDKeySize)
	mine, err := model.NewIDs(secret)
	if err != nil {
		t.Fatal(err)
	}
	standard, err := subtle.NewAESSIV(secret)
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		number := rapid.StringN(0, 60, 120).Draw(t, "id")
		sealed, err := standard.EncryptDeterministically([]byte("\x03fjord\x00"+number), []byte("1"))
		if err != nil {
			t.Fatal(err)
		}
		got := mine.Seal(debt.Key{Kind: 3, Agency: "fjord", ID: number})
		if want := "1" + base64.RawURLEncoding.EncodeToString(sealed); got != want {
			t.Fatalf("got %s, want %s", got, want)
		}
	})
}

func TestNewIDsWantsAWholeSecret(t *testing.T) {
	t.Parallel()
	if _, err := model.NewIDs(make([]byte, model.IDKeySize-1)); err == nil {
		t.Error("a short secret is taken")
	}
}

func BenchmarkMarshalID(b *testing.B) {
	ctx := model.WithIDs(b.Context(), ids(b, 1))
	id := model.MarshalID(debt.Key{Kind: debt.KindCase, Agency: "fjord", ID: "1234567"})
	b.ReportAllocs()
	for b.Loop() {
		if err := id.MarshalGQLContext(ctx, io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

// FuzzOpen: nobody can make an id or an offer that opens; what opens was sealed here, letter by
// letter.
func FuzzOpen(f *testing.F) {
	mine := ids(f, 1)
	id := mine.Seal(debt.Key{Kind: debt.KindCase, Agency: "fjord", ID: "1"})
	f.Add(id)
	f.Add(id[:9] + "\r" + id[9:])
	f.Add(id + "\n")
	f.Add("")
	f.Add("AAAA")
	f.Fuzz(func(t *testing.T, text string) {
		key, err := mine.Open(text)
		if err == nil && mine.Seal(key) != text {
			t.Fatalf("%q opens as %+v", text, key)
		}
		if err != nil && len(text) > 8 && strings.Contains(err.Error(), text) {
			t.Fatalf("the error repeats it: %v", err)
		}
		if _, err := mine.OpenOffer(text); err == nil {
			t.Fatalf("%q opens as an offer", text)
		}
	})
}

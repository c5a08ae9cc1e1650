package debt_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"unicode"

	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
)

// alphabet is what agencies make passwords of, in one case.
var alphabet = []rune("abcdefghijklmnopqrstuvwxyzæøå0123456789")

func drawPassword(t *rapid.T, label string) string {
	return string(rapid.SliceOfN(rapid.SampledFrom(alphabet), 1, 20).Draw(t, label))
}

// typed draws a way to type a password: in capitals or not, with blanks and dashes anywhere.
func typed(t *rapid.T, password string) string {
	blanks := []rune(" \t\n\u00a0\u202f-\u2010\u2011\u2012\u2013\u2014\u2212\u00ad\u200b")
	between := rapid.SliceOfN(rapid.SampledFrom(blanks), 0, 3)
	var b strings.Builder
	for _, r := range password {
		b.WriteString(string(between.Draw(t, "between")))
		if rapid.Bool().Draw(t, "capital") {
			r = unicode.ToUpper(r)
		}
		b.WriteRune(r)
	}
	return b.String() + string(between.Draw(t, "after"))
}

// TestPasswordTyped: every way to type a password is that password, and no two passwords that
// an agency issues are one. So it is too with hashes of passwords as they were printed.
func TestPasswordTyped(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		one, other := drawPassword(t, "one"), drawPassword(t, "other")
		place := rapid.SampledFrom([]string{"", "A", "a"}).Draw(t, "place")
		form := debt.PasswordForm(strings.Repeat(place, len([]rune(one))))
		if len(form) > 2 {
			form = form[:2] + "-" + form[2:]
		}
		got := form.Of(typed(t, one))
		if want := form.Of(one); got != want {
			t.Fatalf("%q is %q", want.Bytes(), got.Bytes())
		}
		if form.Of(string(got.Bytes())) != got {
			t.Fatalf("%q is not its own form", got.Bytes())
		}
		if same := form.Of(typed(t, other)) == got; same != (one == other) {
			t.Fatalf("%q and %q are one: %v", one, other, same)
		}
		if got.Mark() != form.Of(one).Mark() {
			t.Fatal("the mark is of another form")
		}
	})
}

func TestPasswordForm(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, typed, want string
		form                debt.PasswordForm
	}{
		"contract":    {"without what people leave out", " K7MP-4XWT-9BRD ", "k7mp4xwt9brd", ""},
		"Norwegian":   {"these have capitals too", "BLÅ SJØ", "blåsjø", ""},
		"printed":     {"hashed as it is printed", "k7mp 4xwt9brd", "K7MP-4XWT-9BRD", "AAAA-AAAA-AAAA"},
		"groups":      {"printed with blanks", "K7MP4XWT", "k7mp 4xwt", "aaaa aaaa"},
		"as it is":    {"capitals count", "aBcD-eFgH", "aBcDeFgH", "********"},
		"a new one":   {"after the change to the contract's form", "K7MP-4XWT-9BRD", "k7mp4xwt9brd", "AAAAAAAA"},
		"no places":   {"a form of nothing is none", "K7-MP", "k7mp", "-----"},
		"nothing":     {"no password", " - ", "", "--------"},
		"other signs": {"they are of the password", "a.b_c/d", "a.b_c/d", ""},
	} {
		if got := string(tc.form.Of(tc.typed).Bytes()); got != tc.want {
			t.Errorf("%s (%s): %q", name, tc.reason, got)
		}
	}
}

// FuzzPassword: whatever is typed has one form, which has none of what is left out.
func FuzzPassword(f *testing.F) {
	f.Add(" K7MP-4XWT-9BRD ", "AAAA-AAAA-AAAA")
	f.Add("\xff\u2212İ", "*")
	f.Fuzz(func(t *testing.T, typed, form string) {
		plain := debt.PasswordForm("").Of(typed)
		if again := debt.PasswordForm("").Of(string(plain.Bytes())); again != plain {
			t.Errorf("%q is not its own form", plain.Bytes())
		}
		leftOut := func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Pd, r) }
		if strings.ContainsFunc(string(plain.Bytes()), leftOut) {
			t.Errorf("%q has blanks or dashes", plain.Bytes())
		}
		if of := debt.PasswordForm(form).Of(typed); of != debt.PasswordForm(form).Of(" "+typed+"-") {
			t.Errorf("%q is not what it is between a blank and a dash", of.Bytes())
		}
	})
}

// TestPasswordHides: whatever prints a login prints neither password nor hash.
func TestPasswordHides(t *testing.T) {
	t.Parallel()
	const secret = "$argon2id$v=19$secret"
	login := debt.CaseLogin{Hash: debt.NewPasswordHash(secret)}
	password := debt.PasswordForm("").Of("secret")
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("login", "login", login, "hash", login.Hash, "password", password)
	encoded, err := json.Marshal([]any{login, password})
	if err != nil {
		t.Fatal(err)
	}
	for name, text := range map[string]string{
		"%v":  fmt.Sprintf("%v %v %v", login, login.Hash, password),
		"%+v": fmt.Sprintf("%+v %+v %+v", login, &login, password),
		"%#v": fmt.Sprintf("%#v %#v %#v", login, login.Hash, password), "log": log.String(), "JSON": string(encoded),
	} {
		if strings.Contains(text, "secret") {
			t.Errorf("%s shows it: %s", name, text)
		}
	}
	if login.Hash.Reveal() != secret || string(password.Bytes()) != "secret" {
		t.Error("it is lost")
	}
}

package contact

import (
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestNumber: a telephone number is what was typed, and nothing that a library makes of it.
func TestNumber(t *testing.T) {
	t.Parallel()
	for typed, want := range map[string]string{
		"48050666": "+4748050666", "480 50 666": "+4748050666", "+47 480 50 666": "+4748050666", "004748050666": "+4748050666",
		"(+47) 480 50 666": "+4748050666", "480-50-666": "+4748050666", "480.50.666": "+4748050666",
		"480\u00a050\u00a0666": "+4748050666", "22334455": "+4722334455", "+46 8 123 456 78": "+46812345678",
		"+44 20 7946 0958": "+442079460958",

		"48050OOO": "", "2222KAJA": "", "482050l00": "", "48O50666": "", "4805066б": "", "+47 480 50 66O": "",
		"４８０５０６６６": "", "٤٨٠٥٠٦٦٦": "", "四八〇五〇六六六": "", "48050666 / 48050777": "", "48050666/48050777": "",
		"48050666;ext=12": "", "48050666 ext 12": "", "48050666#12": "", "48050666x12": "", "48050666,48050777": "",
		"tel:48050666": "", "tel:+4748050666;isub=1": "", "ring 48050666": "", "48050666 (jobb)": "", "*48050666": "",
		"++4748050666": "", "48050666 48050777": "", "480506661": "", "12": "", "": "", "48050666\u202e": "", "＋4748050666": "",
		"⁴⁸⁰⁵⁰⁶⁶⁶": "", "48050666\x00": "", "4805066⑥": "",
	} {
		got := ""
		if n := number(typed); n != nil && phonenumbers.IsValidNumber(n) {
			got = phonenumbers.Format(n, phonenumbers.E164)
		}
		if got != want {
			t.Errorf("%q is read as %q, not %q", typed, got, want)
		}
	}
}

// FuzzNumber: the digits of a number are those that were typed, but for what stands for a country.
func FuzzNumber(f *testing.F) {
	for _, seed := range []string{"48050666", "+47 480 50 666", "2222KAJA", "(+47)48050666", "0047 48050666", "+44 (0)20 7946 0958"} {
		f.Add(seed)
	}
	only := func(s string) string {
		return strings.Map(func(r rune) rune {
			if r < '0' || r > '9' {
				return -1
			}
			return r
		}, s)
	}
	f.Fuzz(func(t *testing.T, typed string) {
		n := number(typed)
		if n == nil || !phonenumbers.IsValidNumber(n) {
			return
		}
		last := only(phonenumbers.Format(n, phonenumbers.E164))
		if last = last[len(last)-4:]; !strings.HasSuffix(only(typed), last) {
			t.Fatalf("%q is read as another number, which ends in %s", typed, last)
		}
	})
}

package letterlogin

import (
	"encoding/base64"
	"errors"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"golang.org/x/crypto/argon2"

	"github.com/oversikt/oversikt/internal/debt"
)

// hashOf makes a PHC string as an agency does.
func hashOf(password, salt string, params string) string {
	key := argon2.IDKey([]byte(password), []byte(salt), passes, memory, threads, keySize)
	encode := base64.RawStdEncoding.EncodeToString
	return "$argon2id$v=19$" + params + "$" + encode([]byte(salt)) + "$" + encode(key)
}

const usual = "m=19456,t=2,p=1"

// TestMatch checks a password against hashes. Each costs one computation, of the parameters
// of the contract, whatever the hash asks for.
func TestMatch(t *testing.T) {
	t.Parallel()
	const salt = "sixteen bytes ok"
	good := hashOf("right", salt, usual)
	cases := map[string]struct {
		reason, hash string
		ok, odd      bool
	}{
		"right":         {"the password of the letter", good, true, false},
		"wrong":         {"another password", hashOf("other", salt, usual), false, false},
		"memory":        {"four gigabytes for each login", hashOf("right", salt, "m=4194304,t=2,p=1"), false, true},
		"little memory": {"cheap to guess, and to tell from others", hashOf("right", salt, "m=64,t=2,p=1"), false, true},
		"passes":        {"minutes for each login", hashOf("right", salt, "m=19456,t=9999,p=1"), false, true},
		"argon2i":       {"another function", strings.Replace(good, "argon2id", "argon2i", 1), false, true},
		"old version":   {"computed otherwise", strings.Replace(good, "v=19", "v=16", 1), false, true},
		"no salt": {"the same for everybody", "$argon2id$v=19$" + usual + "$$" + good[strings.LastIndex(good, "$")+1:],
			false, true},
		"short key":    {"easy to hit", good[:len(good)-20], false, true},
		"empty key":    {"any password would do", good[:strings.LastIndex(good, "$")+1], false, true},
		"long salt":    {"not of any agency", hashOf("right", strings.Repeat("s", 65), usual), false, true},
		"trailing":     {"which part counts?", good + "$x", false, true},
		"loose base64": {"two texts of one hash", good[:len(good)-1] + string(good[len(good)-1]+1), false, true},
		"bcrypt":       {"not of the contract", "$2a$10$abcdefghijklmnopqrstuv", false, true},
		"empty":        {"none", "", false, true},
	}
	for name, tc := range cases {
		p := newPasswords(5 * time.Minute)
		asked := 0
		p.key = func(password, salt []byte, time, mem uint32, thr uint8, size uint32) []byte {
			asked++
			if time != passes || mem != memory || thr != threads || size != keySize {
				t.Errorf("%s (%s): %d passes, %d KiB, %d threads, %d bytes", name, tc.reason, time, mem, thr, size)
			}
			return argon2.IDKey(password, salt, time, mem, thr, size)
		}
		ok, odd, err := p.match(t.Context(), debt.PasswordForm("").Of("right"), debt.NewPasswordHash(tc.hash))
		if ok != tc.ok || (odd != nil) != tc.odd || err != nil || asked != 1 {
			t.Errorf("%s (%s): %v, odd %v, %v, %d computations", name, tc.reason, ok, odd, err, asked)
		}
		if odd != nil && len(tc.hash) > 60 && strings.Contains(odd.Error(), tc.hash[40:]) {
			t.Errorf("%s: the error tells the hash: %v", name, odd)
		}
	}
}

// TestAtOnce: however many log in, few hashes are computed at once, and beyond those who
// wait nobody is let in.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	p := newPasswords(5 * time.Minute)
	var running, most atomic.Int32
	p.key = func([]byte, []byte, uint32, uint32, uint8, uint32) []byte {
		for n := running.Add(1); ; {
			if m := most.Load(); n <= m || most.CompareAndSwap(m, n) {
				break
			}
		}
		defer running.Add(-1)
		return argon2.IDKey([]byte("x"), make([]byte, usualSalt), 1, 8, 1, keySize) // only has to run
	}
	var wg sync.WaitGroup
	for range maxWaiting {
		leave, err := p.admit()
		if err != nil {
			t.Fatal(err)
		}
		wg.Go(func() {
			if _, _, err := p.match(t.Context(), debt.PasswordForm("").Of("x"), debt.PasswordHash{}); err != nil {
				t.Error(err)
			}
		})
		defer leave()
	}
	if _, err := p.admit(); !errors.Is(err, errBusy) {
		t.Errorf("one more is let in: %v", err)
	}
	wg.Wait()
	if m := most.Load(); m < 1 || m > 4 {
		t.Errorf("%d at once", m)
	}
}

// BenchmarkMatch is what one login costs.
func BenchmarkMatch(b *testing.B) {
	p, hash := newPasswords(5*time.Minute), debt.NewPasswordHash(hashOf("right", "sixteen bytes ok", usual))
	b.ReportAllocs()
	for b.Loop() {
		if ok, _, err := p.match(b.Context(), debt.PasswordForm("").Of("wrong"), hash); ok || err != nil {
			b.Fatal(ok, err)
		}
	}
}

package letterlogin

import (
	"cmp"
	"context"
	"crypto/subtle"
	"encoding/base64"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"time"

	"golang.org/x/crypto/argon2"
	"golang.org/x/sync/semaphore"

	"github.com/oversikt/oversikt/internal/aside"
	"github.com/oversikt/oversikt/internal/debt"
)

// The contract's parameters for every hash (docs/contract.md, case_login): OWASP's minimum for
// argon2id with 19 MiB. No other hash is computed, so no agency can make us use more memory, and
// every check costs the same.
const (
	memory  = 19456 // KiB
	passes  = 2
	threads = 1
	keySize = 32 // bytes

	minSalt, usualSalt, maxSalt = 8, 16, 64 // bytes
)

var phcPrefix = fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$", argon2.Version, memory, passes, threads)

const maxWaiting = 64 // attempts at once; the last of them waits for two seconds or three

// turnTime is how long an attempt waits for its turn: far longer than that.
const turnTime = 5 * time.Second

// errBusy says that too many passwords are being checked.
var errBusy = &ThrottledError{5 * time.Second}

// passwords checks passwords against hashes, at half of the cores at most: each takes memory and a
// core, and a turn rests as long as it took.
type passwords struct {
	admitted *semaphore.Weighted
	turn     *semaphore.Weighted
	wait     time.Duration // for a turn
	key      func(password, salt []byte, time, memory uint32, threads uint8, keyLen uint32) []byte
}

func newPasswords(wait time.Duration) *passwords {
	return &passwords{
		wait:     cmp.Or(wait, turnTime),
		admitted: semaphore.NewWeighted(maxWaiting),
		turn:     semaphore.NewWeighted(int64(min(max(runtime.GOMAXPROCS(0)/2, 1), 4))),
		key:      argon2.IDKey,
	}
}

// admit reserves a place for a check before anything is counted; errBusy says that there is
// none.
func (p *passwords) admit() (leave func(), err error) {
	if !p.admitted.TryAcquire(1) {
		return nil, errBusy
	}
	return func() { p.admitted.Release(1) }, nil
}

// match says whether a password belongs to a hash. A hash that cannot be used takes as long to
// check, and matches nothing; odd then says why.
func (p *passwords) match(ctx context.Context, password debt.Password, hash debt.PasswordHash) (ok bool,
	odd, err error) {
	ctx, cancel := context.WithTimeout(ctx, p.wait)
	defer cancel()
	if err := p.turn.Acquire(ctx, 1); err != nil {
		return false, nil, errBusy
	}
	begun := time.Now()
	defer func() { time.AfterFunc(time.Since(begun), func() { p.turn.Release(1) }) }()
	salt, want, odd := parse(hash.Reveal())
	if odd != nil {
		salt, want = make([]byte, usualSalt), make([]byte, keySize)
	}
	var got []byte
	aside.Do(func() { got = p.key(password.Bytes(), salt, passes, memory, threads, keySize) })
	return subtle.ConstantTimeCompare(got, want) == 1 && odd == nil, odd, nil
}

// parse reads a PHC string. The error does not repeat it.
func parse(phc string) (salt, key []byte, err error) {
	rest, ok := strings.CutPrefix(phc, phcPrefix)
	if !ok {
		return nil, nil, fmt.Errorf("the hash is not of the form %s", phcPrefix)
	}
	first, second, _ := strings.Cut(rest, "$")
	strict := base64.RawStdEncoding.Strict()
	salt, err1 := strict.DecodeString(first)
	key, err2 := strict.DecodeString(second)
	if err1 != nil || err2 != nil || len(salt) < minSalt || len(salt) > maxSalt || len(key) != keySize {
		return nil, nil, errors.New("the hash has a salt or a key that cannot be used")
	}
	return salt, key, nil
}

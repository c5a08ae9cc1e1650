package letterlogin

import (
	"context"

	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// CountHashes calls count with the parameters of every hash that is computed.
func (d *Desk) CountHashes(count func(time, memory uint32, threads uint8, size uint32)) {
	compute := d.passwords.key
	d.passwords.key = func(password, salt []byte, time, memory uint32, threads uint8, size uint32) []byte {
		count(time, memory, threads, size)
		return compute(password, salt, time, memory, threads, size)
	}
}

// Count counts an attempt without computing a hash.
func (d *Desk) Count(ctx context.Context, from, agency string) error {
	return d.take(ctx, loginBuckets(from, agency))
}

// WithThrottle makes a desk count elsewhere.
func WithThrottle(d *Desk, t *throttle.Throttle) { d.throttle = t }

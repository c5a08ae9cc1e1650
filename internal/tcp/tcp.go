// Package tcp makes connections to databases that notice within seconds when the other end
// is gone without a word: a machine that lost its power, a firewall that forgot the line.
package tcp

import (
	"context"
	"fmt"
	"net"
	"time"
)

// How long a dead line goes unnoticed: one on which nothing is sent for idle + count *
// interval, one on which something is for unanswered.
const (
	idle       = 5 * time.Second
	interval   = 2 * time.Second
	count      = 3
	unanswered = 10 * time.Second
)

// Dial connects like a net.Dialer. Where the other end is gone, a read or a write fails within
// about ten seconds. It fits pgconn.Config.DialFunc.
func Dial(ctx context.Context, network, address string) (net.Conn, error) {
	d := net.Dialer{
		KeepAliveConfig: net.KeepAliveConfig{Enable: true, Idle: idle, Interval: interval, Count: count},
		Control:         control,
	}
	return d.DialContext(ctx, network, address)
}

// AskServer adds the parameters of a PostgreSQL session that make the server notice the same
// of its client within the same time, and so end the session with its transaction and locks.
func AskServer(params map[string]string) {
	params["tcp_keepalives_idle"] = fmt.Sprint(int(idle.Seconds()))
	params["tcp_keepalives_interval"] = fmt.Sprint(int(interval.Seconds()))
	params["tcp_keepalives_count"] = fmt.Sprint(count)
	params["tcp_user_timeout"] = fmt.Sprint(unanswered.Milliseconds())
}

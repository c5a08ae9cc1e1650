package letter

import (
	"time"

	"github.com/oversikt/oversikt/internal/throttle"
)

// The throttles beside those of the agencies, which count for each case number. Why these
// numbers: docs/login.md.
var (
	loginsFromAddress = throttle.Policy{Free: 10, Forget: 30 * time.Minute, First: 30 * time.Second, Most: time.Hour}
	loginsAtAgency    = throttle.Policy{Free: 200, Forget: time.Hour / 200}
	ordersFromAddress = throttle.Policy{Free: 5, Forget: 10 * time.Minute}
	ordersAtAgency    = throttle.Policy{Free: 50, Forget: time.Hour / 50}
	asksFromAddress   = throttle.Policy{Free: 10, Forget: time.Minute / 10}
)

func loginBuckets(network, agency string) []throttle.Bucket {
	return []throttle.Bucket{{Kind: "login from address", Name: network, Policy: loginsFromAddress}, {Kind: "login at agency", Name: agency, Policy: loginsAtAgency}}
}

func orderBuckets(network, agency string) []throttle.Bucket {
	return []throttle.Bucket{{Kind: "order from address", Name: network, Policy: ordersFromAddress}, {Kind: "order at agency", Name: agency, Policy: ordersAtAgency}}
}

func askBucket(network string) throttle.Bucket {
	return throttle.Bucket{Kind: "status from address", Name: network, Policy: asksFromAddress}
}

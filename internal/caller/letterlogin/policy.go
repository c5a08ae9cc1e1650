package letterlogin

import (
	"time"

	"github.com/oversikt/oversikt/internal/portal/throttle"
)

// The limits here, in addition to the agencies' own, which count for each case number.
// docs/login.md says why these numbers.
var (
	loginsFromAddress = throttle.Policy{Free: 10, Forget: 30 * time.Minute, First: 30 * time.Second, Most: time.Hour}
	loginsAtAgency    = throttle.Policy{Free: 200, Forget: time.Hour / 200}
	ordersFromAddress = throttle.Policy{Free: 5, Forget: 10 * time.Minute}
	ordersAtAgency    = throttle.Policy{Free: 50, Forget: time.Hour / 50}
	claimsOfNumber    = throttle.Policy{Free: 20, Forget: time.Hour}
	asksFromAddress   = throttle.Policy{Free: 10, Forget: time.Minute / 10}

	// Of all addresses of a block together.
	loginsFromBlock = throttle.Policy{Free: 50, Forget: time.Hour / 10}
	ordersFromBlock = throttle.Policy{Free: 15, Forget: time.Hour / 15}
	asksFromBlock   = throttle.Policy{Free: 60, Forget: time.Minute / 60}
)

func loginBuckets(network, agency string) []throttle.Bucket {
	return append(addressed("login", network, loginsFromAddress, loginsFromBlock),
		throttle.Bucket{Kind: "login at agency", Name: agency, Policy: loginsAtAgency})
}

func orderBuckets(network, agency string) []throttle.Bucket {
	return append(addressed("order", network, ordersFromAddress, ordersFromBlock),
		throttle.Bucket{Kind: "order at agency", Name: agency, Policy: ordersAtAgency})
}

// claimBuckets count each claim of a case; one with a password counts as a login too. How often one person
// claims is bounded as that of any act.
func claimBuckets(agency, number string) []throttle.Bucket {
	return []throttle.Bucket{{Kind: "claim of number", Name: agency + " " + number, Policy: claimsOfNumber}}
}

func askBuckets(network string) []throttle.Bucket {
	return addressed("status", network, asksFromAddress, asksFromBlock)
}

// addressed returns what is counted of where a request comes from.
func addressed(what, network string, one, all throttle.Policy) []throttle.Bucket {
	buckets := []throttle.Bucket{{Kind: what + " from address", Name: network, Policy: one}}
	if block := throttle.Block(network); block != "" {
		buckets = append(buckets, throttle.Bucket{Kind: what + " from block", Name: block, Policy: all})
	}
	return buckets
}

package token

import "github.com/oversikt/oversikt/internal/caller"

// reason is why a token was refused, for the log: one of a fixed set of sentences.
type reason string

func (r reason) Error() string { return string(r) }

const (
	reasonHeaders    reason = "more than one Authorization header"
	reasonScheme     reason = "the Authorization header is not of the form Bearer token"
	reasonTooLong    reason = "the token is longer than 8 KiB"
	reasonMalformed  reason = "the token is not a signed JWT, or its algorithm is never accepted"
	reasonIssuer     reason = "the token is of an unknown issuer"
	reasonAlgorithm  reason = "the token's algorithm is not accepted from its issuer"
	reasonType       reason = "the token's typ is neither JWT nor at+jwt"
	reasonCritical   reason = "the token has a crit header"
	reasonOwnKey     reason = "the token brings or points to a key of its own"
	reasonNoKeyID    reason = "the token names no key"
	reasonUnknownKey reason = "the token is signed with a key that its issuer does not publish"
	reasonSignature  reason = "the token's signature or claims are broken"
	reasonAudience   reason = "the token is for another audience"
	reasonNoExpiry   reason = "the token never expires"
	reasonExpired    reason = "the token has expired"
	reasonLifetime   reason = "the token lasts longer than the maxTokenLifetime of its issuer"
	reasonNotYet     reason = "the token is not valid yet"
	reasonFuture     reason = "the token was issued in the future"
	reasonACR        reason = "the token's assurance level is missing or does not suffice"
	reasonNoID       reason = "the token has no national identity number"
	reasonBadID      reason = "the token's national identity number is not one"
	reasonRealID     reason = "the token is of a real person, and only synthetic ones are accepted"
	reasonRole       reason = "the token has no role that is known, or several"
	reasonAgency     reason = "the token names no agency that is connected here"
	reasonBadOrg     reason = "the token's organisation number is none"
	reasonNoSubject  reason = "the token does not say who the member of staff is"
	reasonFalseID    reason = "the token is of a synthetic person, and only real ones are accepted"
)

func refuse(r reason) error { return caller.ErrUnauthenticated.Because(r) }

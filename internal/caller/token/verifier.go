// Package token turns a bearer token of a trusted issuer (BankID, or a broker in front of
// it; an agency's own for its staff) into a caller.Principal.
package token

import (
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/go-jose/go-jose/v4"
	"github.com/go-jose/go-jose/v4/jwt"
	lru "github.com/hashicorp/golang-lru/v2"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/text"
)

const (
	maxToken      = 8 << 10 // bytes
	commonToken   = 2 << 10 // bytes: one that is no longer is looked up without a copy on the heap
	cacheEntries  = 10_000
	cacheLifetime = time.Minute // how long a key that was withdrawn may still count
)

// Verifier accepts the tokens of a fixed set of issuers. It is safe for
// concurrent use.
type Verifier struct {
	issuers    map[string]*issuer
	algorithms []jose.SignatureAlgorithm // of all issuers together
	clock      func() time.Time
	accepted   *lru.Cache[[sha256.Size]byte, acceptance]
}

type issuer struct {
	Config
	keys *keySource
}

type acceptance struct {
	principal caller.Principal
	until     time.Time
}

// NewVerifier checks the configuration and returns all its faults in one error. It asks no
// issuer for anything until the first token comes, so the service starts while an issuer is
// down. clock and client may be nil: then it uses the system's clock and a client of its own.
// Redirects are never followed and no fetch takes longer than 5 s, whatever client says.
func NewVerifier(configs []Config, clock func() time.Time, client *http.Client) (*Verifier, error) {
	if clock == nil {
		clock = time.Now
	}
	v := &Verifier{issuers: make(map[string]*issuer, len(configs)), clock: clock}
	var faults []error
	if len(configs) == 0 {
		faults = append(faults, errors.New("no issuer"))
	}
	for _, given := range configs {
		config, err := given.normal()
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if v.issuers[config.Issuer] != nil {
			faults = append(faults, fmt.Errorf("issuer %q: named twice", config.Issuer))
		}
		v.issuers[config.Issuer] = &issuer{config, newKeySource(config.Issuer, clock, client)}
		for _, a := range config.Algorithms {
			v.algorithms = append(v.algorithms, jose.SignatureAlgorithm(a))
		}
	}
	if err := errors.Join(faults...); err != nil {
		return nil, fmt.Errorf("configuration of identity: %w", err)
	}
	var err error
	v.accepted, err = lru.New[[sha256.Size]byte, acceptance](cacheEntries)
	return v, err
}

// Authenticate returns who sends the request. ok is false for an anonymous one;
// errors are those of Bearer and Verify.
func (v *Verifier) Authenticate(r *http.Request) (p caller.Principal, ok bool, err error) {
	token, present, err := Bearer(r)
	if err != nil || !present {
		return caller.Principal{}, false, err
	}
	p, err = v.Verify(r.Context(), token)
	return p, err == nil, err
}

// Verify returns whom the token is about. A token that is refused gives ErrUnauthenticated with
// a cause for the log. A token that cannot be checked now gives ErrIssuerUnavailable. An
// accepted token is remembered for up to a minute, never beyond its expiry.
func (v *Verifier) Verify(ctx context.Context, token string) (caller.Principal, error) {
	if len(token) > maxToken {
		return caller.Principal{}, refuse(reasonTooLong)
	}
	now := v.clock()
	digest := sha256.Sum256(append(make([]byte, 0, commonToken), token...))
	if a, ok := v.accepted.Get(digest); ok && now.Before(a.until) {
		return a.principal, nil
	}
	p, err := v.check(ctx, token, now)
	if err != nil {
		return caller.Principal{}, err
	}
	until := now.Add(cacheLifetime)
	if p.ExpiresAt.Before(until) {
		until = p.ExpiresAt
	}
	v.accepted.Add(digest, acceptance{p, until})
	return p, nil
}

func (v *Verifier) check(ctx context.Context, token string, now time.Time) (caller.Principal, error) {
	parsed, err := jwt.ParseSigned(token, v.algorithms)
	if err != nil || len(parsed.Headers) != 1 {
		return caller.Principal{}, refuse(reasonMalformed)
	}
	// What the token says of its issuer only chooses the keys that it must then be signed with.
	var claimed struct {
		Issuer string `json:"iss"`
	}
	if err := parsed.UnsafeClaimsWithoutVerification(&claimed); err != nil {
		return caller.Principal{}, refuse(reasonMalformed)
	}
	from, known := v.issuers[claimed.Issuer]
	if !known {
		return caller.Principal{}, refuse(reasonIssuer)
	}
	header := parsed.Headers[0]
	if r := from.checkHeader(header); r != "" {
		return caller.Principal{}, refuse(r)
	}
	key, err := from.keys.find(ctx, header.KeyID)
	if err != nil {
		return caller.Principal{}, err
	}
	standard, all, r := claims(parsed, key)
	if r != "" { // the issuer may have another key of that id by now
		if key, ok := from.keys.replaced(ctx, key); ok {
			standard, all, r = claims(parsed, key)
		}
	}
	if r != "" {
		return caller.Principal{}, refuse(r)
	}
	if r := from.checkClaims(standard, now); r != "" {
		return caller.Principal{}, refuse(r)
	}
	return from.principal(standard, all)
}

// claims returns what a token says that is signed with a key.
func claims(parsed *jwt.JSONWebToken, key jose.JSONWebKey) (standard jwt.Claims, all map[string]any, r reason) {
	if key.Algorithm != "" && key.Algorithm != parsed.Headers[0].Algorithm {
		return standard, nil, reasonAlgorithm
	}
	if err := parsed.Claims(key, &standard, &all); err != nil {
		return standard, nil, reasonSignature
	}
	return standard, all, ""
}

func (i *issuer) checkHeader(h jose.Header) reason {
	if !slices.Contains(i.Algorithms, h.Algorithm) {
		return reasonAlgorithm
	}
	if typ, given := h.ExtraHeaders[jose.HeaderType]; given {
		name, _ := typ.(string)
		name = strings.TrimPrefix(strings.ToLower(name), "application/")
		if name != "jwt" && name != "at+jwt" {
			return reasonType
		}
	}
	if _, given := h.ExtraHeaders["crit"]; given {
		return reasonCritical
	}
	_, pointsToKeys := h.ExtraHeaders["jku"]
	_, pointsToCertificate := h.ExtraHeaders["x5u"]
	if h.JSONWebKey != nil || pointsToKeys || pointsToCertificate {
		return reasonOwnKey
	}
	if h.KeyID == "" {
		return reasonNoKeyID
	}
	return ""
}

func (i *issuer) checkClaims(c jwt.Claims, now time.Time) reason {
	if c.Expiry == nil {
		return reasonNoExpiry
	}
	err := c.ValidateWithLeeway(jwt.Expected{Issuer: i.Issuer, AnyAudience: jwt.Audience{i.Audience}, Time: now}, i.Leeway)
	switch {
	case err == nil:
		return i.checkLifetime(c, now)
	case errors.Is(err, jwt.ErrInvalidAudience):
		return reasonAudience
	case errors.Is(err, jwt.ErrExpired):
		return reasonExpired
	case errors.Is(err, jwt.ErrNotValidYet):
		return reasonNotYet
	case errors.Is(err, jwt.ErrIssuedInTheFuture):
		return reasonFuture
	default:
		return reasonIssuer
	}
}

// checkLifetime refuses a token that would serve a thief for long.
func (i *issuer) checkLifetime(c jwt.Claims, now time.Time) reason {
	lasts := c.Expiry.Time().Sub(now) - i.Leeway
	if c.IssuedAt != nil {
		lasts = c.Expiry.Time().Sub(c.IssuedAt.Time())
	}
	if lasts > i.MaxTokenLifetime {
		return reasonLifetime
	}
	return ""
}

// principal makes the caller from a token whose signature and times are valid: a member of Staff
// if the issuer is for staff, else a Person, whatever else the token says.
func (i *issuer) principal(standard jwt.Claims, all map[string]any) (p caller.Principal, err error) {
	acr, _ := all["acr"].(string)
	if !slices.Contains(i.AcceptedACR, acr) {
		return caller.Principal{}, refuse(reasonACR)
	}
	if i.Staff != nil {
		p, err = i.staff(standard, all)
	} else {
		p, err = i.person(all)
	}
	if err != nil {
		return caller.Principal{}, err
	}
	name, _ := all[i.NameClaim].(string)
	p.Name = text.Line(name[:min(len(name), maxName)])
	p.Issuer, p.Subject, p.ACR, p.ExpiresAt = i.Issuer, standard.Subject, acr, standard.Expiry.Time()
	return p, nil
}

// maxName bounds a name, in bytes: a token has at most a few kilobytes anyway.
const maxName = 500

func (i *issuer) person(all map[string]any) (caller.Principal, error) {
	digits, _ := all[i.NationalIDClaim].(string)
	if digits == "" {
		return caller.Principal{}, caller.ErrNoNationalID.Because(reasonNoID)
	}
	id, err := norway.ParseNationalID(digits)
	if err != nil {
		return caller.Principal{}, caller.ErrNoNationalID.Because(reasonBadID)
	}
	if i.SyntheticOnly && !id.IsSynthetic() {
		return caller.Principal{}, refuse(reasonRealID)
	}
	if !i.SyntheticOnly && !issued(id) {
		return caller.Principal{}, refuse(reasonFalseID)
	}
	p := caller.Principal{Kind: caller.Person, NationalID: id}
	if claim := all[i.OrgNumberClaim]; i.OrgNumberClaim != "" && claim != nil {
		number, _ := claim.(string)
		if !norway.ValidOrgNumber(number) {
			return caller.Principal{}, refuse(reasonBadOrg)
		}
		p.OrgNumber = number
	}
	return p, nil
}

// issued says that the number's month is one of the twelve. The series that add
// 40, 65 or 80 to it are synthetic, or hospitals' own; BankID gives none of them.
func issued(id norway.NationalID) bool {
	return id.Reveal()[2:4] <= "12"
}

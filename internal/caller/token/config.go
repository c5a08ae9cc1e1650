package token

import (
	"cmp"
	"errors"
	"fmt"
	"net/url"
	"slices"
	"time"
)

const (
	defaultLeeway = 30 * time.Second
	maxLeeway     = 60 * time.Second

	defaultLifetime = 24 * time.Hour
	maxLifetime     = 30 * 24 * time.Hour
)

var (
	defaultAlgorithms = []string{"RS256", "ES256", "PS256"}
	// Nothing symmetric, and not "none": who can check a token must not be able to make one.
	allowedAlgorithms = []string{"RS256", "RS384", "RS512", "ES256", "ES384", "ES512", "PS256", "PS384", "PS512", "EdDSA"}
)

// Config says which tokens of one issuer are accepted, and which claims have the national
// identity number, or the rights of a member of an agency's staff.
type Config struct {
	// Issuer is the URL that the tokens have in iss, to the letter. Discovery
	// is read below it. It has https, except where SyntheticOnly is set.
	Issuer string `yaml:"issuer" validate:"required,url"`
	// Audience must be among the token's aud. It names this service, not the client that logs
	// people in: an ID token is not a credential here.
	Audience string `yaml:"audience" validate:"required"`
	// NationalIDClaim names the claim with the eleven digits: nnin_altsub at
	// BankID, nin at Signicat, socialno at Idura. Issuers for staff have none.
	NationalIDClaim string `yaml:"nationalIdClaim" validate:"required_without=Staff,excluded_with=Staff"`
	// OrgNumberClaim names the claim with the number of the organisation that the person
	// represents, for powers of attorney that organisations hold. Set it only for an issuer that
	// has proved it. When empty, the issuer's people represent no organisation.
	OrgNumberClaim string `yaml:"orgNumberClaim" validate:"excluded_with=Staff"`
	// Staff makes it an issuer for the staff of agencies. Its tokens are never a debtor's, and
	// tokens of other issuers are never staff's.
	Staff *StaffConfig `yaml:"staff"`
	// NameClaim names the claim with the person's name; "name" when empty.
	NameClaim string `yaml:"nameClaim"`
	// AcceptedACR lists the assurance levels that are sufficient. Levels of different issuers
	// have no common order, so each is named.
	AcceptedACR []string `yaml:"acceptedAcr" validate:"required,min=1,dive,required"`
	// SigningACR lists the levels among AcceptedACR that are sufficient for giving a power of
	// attorney. Empty means all of them.
	SigningACR []string `yaml:"signingAcr" validate:"dive,required"`
	// Algorithms lists the signature algorithms; RS256, ES256 and PS256 when empty.
	Algorithms []string `yaml:"algorithms" validate:"dive,oneof=RS256 RS384 RS512 ES256 ES384 ES512 PS256 PS384 PS512 EdDSA"`
	// Leeway is how far the issuer's clock may be off, at most 60 s; 30 s when zero.
	Leeway time.Duration `yaml:"leeway" validate:"min=0,max=60s"`
	// MaxTokenLifetime is how long a token may last from its iat (without one, from now) to its exp,
	// at most 720 h; 24 h when zero.
	MaxTokenLifetime time.Duration `yaml:"maxTokenLifetime" validate:"min=0,max=720h"`
	// SyntheticOnly is for tests and the demo: only numbers of the Tax
	// Administration's synthetic series are accepted. Without it only numbers
	// that can have been issued to a person are. Staff have no number: for their
	// issuer it only allows http.
	SyntheticOnly bool `yaml:"syntheticOnly"`
}

// normal returns c with its defaults filled in, or every fault in it.
func (c Config) normal() (Config, error) {
	var faults []error
	check := func(ok bool, format string, args ...any) {
		if !ok {
			faults = append(faults, fmt.Errorf(format, args...))
		}
	}
	u, err := url.Parse(c.Issuer)
	check(err == nil && u.Host != "" && u.RawQuery == "" && u.Fragment == "" && u.User == nil,
		"issuer %q: not a plain URL", c.Issuer)
	if err == nil {
		check(u.Scheme == "https" || u.Scheme == "http" && c.SyntheticOnly,
			"issuer %q: https is required, except with syntheticOnly", c.Issuer)
	}
	check(c.Audience != "", "issuer %q: audience is missing", c.Issuer)
	if c.Staff == nil {
		check(c.NationalIDClaim != "", "issuer %q: nationalIdClaim is missing", c.Issuer)
	} else {
		check(c.OrgNumberClaim == "", "issuer %q: orgNumberClaim is none of an issuer for staff", c.Issuer)
		check(c.NationalIDClaim == "", "issuer %q: nationalIdClaim is none of an issuer for staff", c.Issuer)
		for _, err := range c.Staff.faults() {
			check(false, "issuer %q: %w", c.Issuer, err)
		}
	}
	check(len(c.AcceptedACR) > 0 && !slices.Contains(c.AcceptedACR, ""),
		"issuer %q: acceptedAcr names no assurance level, or an empty one", c.Issuer)
	for _, acr := range c.SigningACR {
		check(slices.Contains(c.AcceptedACR, acr), "issuer %q: signingAcr %q is not in acceptedAcr", c.Issuer, acr)
	}
	check(c.Leeway >= 0 && c.Leeway <= maxLeeway, "issuer %q: leeway %s is not between 0 and %s", c.Issuer, c.Leeway,
		maxLeeway)
	check(c.MaxTokenLifetime >= 0 && c.MaxTokenLifetime <= maxLifetime,
		"issuer %q: maxTokenLifetime %s is not between 0 and %s", c.Issuer, c.MaxTokenLifetime, maxLifetime)
	for _, a := range c.Algorithms {
		check(slices.Contains(allowedAlgorithms, a), "issuer %q: algorithm %q is not one of %v", c.Issuer, a,
			allowedAlgorithms)
	}

	if c.NameClaim == "" {
		c.NameClaim = "name"
	}
	if len(c.Algorithms) == 0 {
		c.Algorithms = defaultAlgorithms
	}
	c.Leeway = cmp.Or(c.Leeway, defaultLeeway)
	c.MaxTokenLifetime = cmp.Or(c.MaxTokenLifetime, defaultLifetime)
	return c, errors.Join(faults...)
}

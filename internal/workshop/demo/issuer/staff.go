package issuer

import (
	"crypto/rand"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/go-jose/go-jose/v4"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/token"
)

// StaffOptions describe the issuer of the demo agencies' staff, which has no login page:
// `oversikt-demo token --staff` makes its tokens.
type StaffOptions struct {
	// IssuerURL is where the handler is mounted, without a slash at the end.
	IssuerURL string
	// KeyFile holds its signing key, which is none of the debtors' issuer.
	KeyFile string
	// Agencies are the codes of the agencies that have staff.
	Agencies []string
}

const (
	staffACR      = "mfa"
	staffLifetime = 8 * time.Hour // a working day
	roleClaim     = "role"
	agencyClaim   = "agency"
)

// staffRoles are the roles by the names that the issuer has for them.
var staffRoles = map[string]caller.Role{
	"saksbehandler": caller.CaseWorker,
	"leder":         caller.Supervisor,
	"revisor":       caller.Auditor,
}

// Accept returns the configuration of a verifier that takes this issuer's tokens.
func (o StaffOptions) Accept() token.Config {
	return token.Config{
		Issuer: o.IssuerURL, Audience: defaultAudience, NameClaim: "name", AcceptedACR: []string{staffACR},
		Algorithms: []string{"RS256"}, SyntheticOnly: true,
		Staff: &token.StaffConfig{RoleClaim: roleClaim, AgencyClaim: agencyClaim, Roles: staffRoles, Agencies: o.Agencies},
	}
}

// Staff returns a handler that publishes the issuer's key; mount it at the path of its URL,
// with a slash behind it.
func Staff(o StaffOptions) (http.Handler, error) {
	u, err := url.Parse(o.IssuerURL)
	if err != nil || !isWeb(u) {
		return nil, fmt.Errorf("demo issuer of staff: %q is no http(s) URL", o.IssuerURL)
	}
	key, err := openKey(o.KeyFile)
	if err != nil {
		return nil, err
	}
	mux := http.NewServeMux()
	publish := func(path string, document any) {
		mux.HandleFunc("GET "+u.Path+path, func(w http.ResponseWriter,
			_ *http.Request) {
			writeJSON(w, http.StatusOK, document)
		})
	}
	publish("/.well-known/openid-configuration", map[string]any{"issuer": o.IssuerURL, "jwks_uri": o.IssuerURL + "/keys"})
	publish("/keys", jose.JSONWebKeySet{Keys: []jose.JSONWebKey{{Key: key.key.Public(), KeyID: key.id,
		Algorithm: string(jose.RS256), Use: "sig"}}})
	return headers(mux), nil
}

// MintStaff signs an access token of a member of staff, valid from now for eight hours.
func MintStaff(o StaffOptions, role caller.Role, agency string, now time.Time) (string, error) {
	if !slices.Contains(o.Agencies, agency) {
		return "", fmt.Errorf("mint a token: there is no agency %q, but %q", agency, o.Agencies)
	}
	for name, known := range staffRoles {
		if known != role {
			continue
		}
		key, err := openKey(o.KeyFile)
		if err != nil {
			return "", err
		}
		return key.token(map[string]any{
			"iss": o.IssuerURL, "sub": name + "@" + agency, "aud": defaultAudience, "client_id": "demo", "jti": rand.Text(),
			"iat": now.Unix(), "nbf": now.Unix(), "exp": now.Add(staffLifetime).Unix(), "acr": staffACR,
			"name": "A demo " + name, roleClaim: name, agencyClaim: agency,
		})
	}
	return "", errors.New("mint a token: there is no such role")
}

package token

import (
	"net/http"
	"strings"
)

// Bearer returns the token of the Authorization header. present is false when there is no such
// header: the caller is anonymous. A header that is not exactly one bearer token is an error
// (ErrUnauthenticated), so that a caller who meant to log in is never taken for an anonymous
// one.
func Bearer(r *http.Request) (token string, present bool, err error) {
	values := r.Header.Values("Authorization")
	switch len(values) {
	case 0:
		return "", false, nil
	case 1:
	default:
		return "", true, refuse(reasonHeaders)
	}
	scheme, token, _ := strings.Cut(values[0], " ")
	if !strings.EqualFold(scheme, "Bearer") || !isToken68(token) {
		return "", true, refuse(reasonScheme)
	}
	return token, true, nil
}

// isToken68 says that s is of the form that RFC 6750 section 2.1 gives tokens.
func isToken68(s string) bool {
	body := strings.TrimRight(s, "=")
	for i := range len(body) {
		switch c := body[i]; {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9', strings.IndexByte("-._~+/", c) >= 0:
		default:
			return false
		}
	}
	return body != ""
}

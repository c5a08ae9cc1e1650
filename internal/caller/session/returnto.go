package session

import (
	"net/url"
	"strings"
)

const maxReturnTo = 1024 // bytes; it has to fit into a cookie

// localPath returns the address on this host where a browser goes after login, or false. It
// refuses everything that a browser, a proxy or a further decoding could take for another host,
// and everything that would start the next login at once. An empty address is "/".
func localPath(given string) (string, bool) {
	if given == "" {
		return "/", true
	}
	if len(given) > maxReturnTo || given[0] != '/' {
		return "", false
	}
	u, err := url.Parse(given)
	if err != nil || u.Scheme != "" || u.Host != "" || u.User != nil || !plainPath(u.Path) {
		return "", false
	}
	// Decoded once more: something behind this service may do it.
	again, err := url.PathUnescape(u.Path)
	if err != nil || !plainPath(again) || u.Path == "/auth" || strings.HasPrefix(u.Path, "/auth/") {
		return "", false
	}
	return u.String(), true
}

// plainPath says that a path has no double slash, backslash, dot segment or control character.
func plainPath(path string) bool {
	if strings.Contains(path, "//") || strings.ContainsFunc(path,
		func(c rune) bool { return c == '\\' || c < ' ' || c == 0x7F }) {
		return false
	}
	for segment := range strings.SplitSeq(path, "/") {
		if segment == "." || segment == ".." {
			return false
		}
	}
	return true
}

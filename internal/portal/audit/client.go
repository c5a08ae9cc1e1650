package audit

import "strings"

// ClientName returns what an entry says about the client: the name that it gives itself, if
// that is at most 64 letters, digits and -_./, or else the kind of its user agent. The whole
// user agent would tell devices, and so people, apart.
func ClientName(given, userAgent string) string {
	if name := token(given); name != "" && name != withheld {
		return name
	}
	for _, f := range families {
		if strings.Contains(userAgent, f.mark) {
			return f.name
		}
	}
	if userAgent == "" {
		return "none"
	}
	return "other"
}

// families are in order: most browsers claim to be the ones below them too.
var families = []struct{ mark, name string }{
	{"Edg", "Edge"}, {"OPR/", "Opera"}, {"Firefox/", "Firefox"}, {"FxiOS/", "Firefox"}, {"CriOS/", "Chrome"},
	{"SamsungBrowser/", "Samsung"}, {"Chrome/", "Chrome"}, {"Safari/", "Safari"}, {"okhttp", "okhttp"},
	{"CFNetwork", "CFNetwork"},
	{"curl/", "curl"}, {"Go-http-client", "Go"}, {"node", "Node"}, {"python", "Python"},
}

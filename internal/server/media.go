package server

import (
	"mime"
	"net/http"
	"strconv"
	"strings"
)

// mediaType is the type of a response.
type mediaType int

const (
	// mediaJSON is application/json, where 200 says only that the answer is a
	// GraphQL response.
	mediaJSON mediaType = iota
	// mediaGraphQL is application/graphql-response+json, where the status tells
	// whether the document was executed.
	mediaGraphQL
)

var (
	contentTypeJSON    = []string{"application/json; charset=utf-8"}
	contentTypeGraphQL = []string{"application/graphql-response+json; charset=utf-8"}
)

func (m mediaType) contentType() []string {
	if m == mediaGraphQL {
		return contentTypeGraphQL
	}
	return contentTypeJSON
}

// negotiate chooses the type of the response by the Accept header: the higher
// quality wins, then the type that is named over one that a wildcard covers,
// then application/graphql-response+json. Nothing, like */*, means
// application/json. It is false when neither type is acceptable.
func negotiate(accept []string) (mediaType, bool) {
	if len(accept) == 0 {
		return mediaJSON, true
	}
	var graphQL, plain preference
	for _, line := range accept {
		for part := range strings.SplitSeq(line, ",") {
			name, q, ok := mediaRange(part)
			switch {
			case !ok:
			case name == "*/*":
				graphQL.offer(q, 1)
				plain.offer(q, 1)
			case name == "application/*":
				graphQL.offer(q, 2)
				plain.offer(q, 2)
			case name == "application/json":
				plain.offer(q, 3)
			case name == "application/graphql-response+json":
				graphQL.offer(q, 3)
			}
		}
	}
	switch {
	case graphQL.q == 0 && plain.q == 0:
		return mediaJSON, false
	case graphQL.q != plain.q:
		return pick(graphQL.q > plain.q), true
	default:
		return pick(graphQL.specific == 3), true
	}
}

func pick(graphQL bool) mediaType {
	if graphQL {
		return mediaGraphQL
	}
	return mediaJSON
}

// preference is the quality of a type, set by the most specific range.
type preference struct{ q, specific int }

func (p *preference) offer(q, specific int) {
	if specific > p.specific || specific == p.specific && q > p.q {
		p.q, p.specific = q, specific
	}
}

// mediaRange reads one element of Accept: its name in lower case and its quality in thousandths.
// A range with a charset other than UTF-8 does not count.
func mediaRange(part string) (name string, q int, ok bool) {
	name, params, _ := strings.Cut(part, ";")
	name, q = strings.ToLower(strings.TrimSpace(name)), 1000
	for params != "" {
		var param string
		param, params, _ = strings.Cut(params, ";")
		key, value, _ := strings.Cut(param, "=")
		value = strings.Trim(strings.TrimSpace(value), `"`)
		switch strings.ToLower(strings.TrimSpace(key)) {
		case "charset":
			if !strings.EqualFold(value, "utf-8") && !strings.EqualFold(value, "utf8") {
				return name, 0, false
			}
		case "q":
			f, err := strconv.ParseFloat(value, 32)
			if err != nil || f < 0 || f > 1 {
				return name, 0, false
			}
			q = int(f*1000 + 0.5)
		}
	}
	return name, q, name != ""
}

// jsonBody says whether the body is declared as plain JSON in UTF-8.
func jsonBody(h http.Header) bool {
	if encodings := h["Content-Encoding"]; len(encodings) > 1 || len(encodings) == 1 &&
		!strings.EqualFold(encodings[0], "identity") {
		return false
	}
	types := h["Content-Type"]
	if len(types) != 1 {
		return false
	}
	if types[0] == "application/json" {
		return true
	}
	name, params, err := mime.ParseMediaType(types[0])
	if err != nil || name != "application/json" {
		return false
	}
	for key, value := range params {
		if key != "charset" || !strings.EqualFold(value, "utf-8") {
			return false
		}
	}
	return true
}

package endtoend

import (
	"encoding/json"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

var elevenDigits = regexp.MustCompile(`\b\d{11}\b`)

// ElevenDigits returns the first thing in a text that looks like a national identity number,
// empty where nothing does: no log has one.
func ElevenDigits(text string) string { return elevenDigits.FindString(text) }

// Answer is what a program answers to a request.
type Answer struct {
	Status   int
	Location string   // absolute
	Cookies  []string // name=value
	Body     string
}

// Visit sends one request, and follows no redirect; body is nil, a form (url.Values) or a text.
func Visit(t *testing.T, method, to string, header http.Header, body any) Answer {
	t.Helper()
	var reader io.Reader
	if header == nil {
		header = http.Header{}
	}
	switch body := body.(type) {
	case url.Values:
		reader = strings.NewReader(body.Encode())
		header.Set("Content-Type", "application/x-www-form-urlencoded")
	case string:
		reader = strings.NewReader(body)
	}
	request, err := http.NewRequestWithContext(t.Context(), method, to, reader)
	if err != nil {
		t.Fatal(err)
	}
	request.Header, request.Close = header, true // the program may be another by the next request
	response, err := http.DefaultTransport.RoundTrip(request)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := Answer{Status: response.StatusCode, Body: string(text)}
	if u, err := response.Location(); err == nil {
		a.Location = u.String()
	}
	for _, c := range response.Cookies() {
		a.Cookies = append(a.Cookies, c.Name+"="+c.Value)
	}
	return a
}

// Response is an answer of /graphql, as far as these tests look at it.
type Response struct {
	Status int `json:"-"` // of HTTP
	Data   struct {
		Viewer struct {
			Name     string
			Overview struct {
				Complete      bool
				OpenCaseCount int
				Total         struct{ Amount string }
			}
			Cases struct{ TotalCount int }
		}
	}
	Errors []struct {
		Message    string
		Path       []any
		Extensions struct{ Code, Agency string }
	}
	Extensions struct {
		Oversikt struct {
			Agencies []struct {
				Agency                 string
				RoundTrips, Statements int
			}
		}
	}
}

// Ask sends a query, with a bearer token unless it is empty.
func Ask(t *testing.T, address, token, query string) (r Response) {
	t.Helper()
	header := http.Header{"Content-Type": {"application/json"}}
	if token != "" {
		header.Set("Authorization", "Bearer "+token)
	}
	a := Visit(t, http.MethodPost, "http://"+address+"/graphql", header, JSON(t, map[string]string{"query": query}))
	r.Status = a.Status
	if err := json.Unmarshal([]byte(a.Body), &r); err != nil {
		t.Fatalf("%v: %s", err, a.Body)
	}
	return r
}

// JSON returns a value as JSON.
func JSON(t testing.TB, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

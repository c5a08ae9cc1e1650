package resolvers_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller/session"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// answer is a response as a client sees it.
type answer struct {
	Raw    string          `json:"-"`
	Status int             `json:"-"`
	Cookie string          `json:"-"` // as it is set
	Data   json.RawMessage `json:"data"`
	Errors []struct {
		Message    string `json:"message"`
		Path       []any  `json:"path"`
		Extensions struct {
			Code, Field, Agency string
		} `json:"extensions"`
	} `json:"errors"`
	Extensions struct {
		Usage []agency.Usage `json:"usage"`
	} `json:"extensions"`
}

// ask sends a query as a person; the zero number asks without login.
func (p *portal) ask(as norway.NationalID, query string, variables map[string]any) answer {
	p.t.Helper()
	return p.askAs(as.Reveal(), query, variables)
}

// askAs is ask for a caller by name.
func (p *portal) askAs(caller, query string, variables map[string]any) answer {
	p.t.Helper()
	body, err := json.Marshal(map[string]any{"query": query, "variables": variables})
	if err != nil {
		p.t.Fatal(err)
	}
	req, err := http.NewRequestWithContext(p.t.Context(), http.MethodPost, p.url, bytes.NewReader(body))
	if err != nil {
		p.t.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/graphql-response+json")
	req.Header.Set(session.ClientHeader, "test")
	req.Header.Set("X-Caller", caller)
	if power, ok := p.acting.Load(caller); ok {
		req.Header[attorney.Header] = power.([]string)
	}
	req.Header.Set("X-Address", p.t.Name()+caller)
	if cookie, ok := p.cookies.Load(caller); ok {
		req.Header.Set("Cookie", cookie.(string))
	}
	return p.send(req)
}

// send sends a request; a cookie of the answer is that caller's from then on.
func (p *portal) send(req *http.Request) answer {
	p.t.Helper()
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		p.t.Fatal(err)
	}
	defer resp.Body.Close()
	for _, c := range resp.Cookies() {
		p.cookies.Store(req.Header.Get("X-Caller"), c.Name+"="+c.Value)
	}
	raw, err := io.ReadAll(resp.Body)
	if err != nil {
		p.t.Fatal(err)
	}
	a := answer{Status: resp.StatusCode, Cookie: resp.Header.Get("Set-Cookie"), Raw: string(raw)}
	if err := json.Unmarshal(raw, &a); err != nil {
		p.t.Fatal(err)
	}
	return a
}

// get is ask for a query that has to succeed; it returns the data.
func (p *portal) get(as norway.NationalID, query string, variables map[string]any) map[string]any {
	p.t.Helper()
	return p.getAs(as.Reveal(), query, variables)
}

// getAs is get for a caller by name.
func (p *portal) getAs(caller, query string, variables map[string]any) map[string]any {
	p.t.Helper()
	a := p.askAs(caller, query, variables)
	if len(a.Errors) > 0 {
		p.t.Fatalf("%s: %+v", query, a.Errors)
	}
	return a.object(p.t)
}

func (a answer) object(t testing.TB) map[string]any {
	t.Helper()
	var data map[string]any
	if err := json.Unmarshal(a.Data, &data); err != nil {
		t.Fatal(err)
	}
	return data
}

func (a answer) codes() string {
	var all []string
	for _, e := range a.Errors {
		all = append(all, e.Extensions.Code)
	}
	return fmt.Sprint(all)
}

// at follows names and positions into data.
func at(data any, path ...any) any {
	for _, step := range path {
		switch s := step.(type) {
		case string:
			object, _ := data.(map[string]any)
			data = object[s]
		case int:
			list, _ := data.([]any)
			if s >= len(list) {
				return nil
			}
			data = list[s]
		}
	}
	return data
}

// path joins the path of a userError.
func path(field any) string {
	var names []string
	for _, name := range field.([]any) {
		names = append(names, name.(string))
	}
	return strings.Join(names, ".")
}

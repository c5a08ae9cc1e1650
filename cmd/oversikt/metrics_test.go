package main

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// TestMetrics: what the program did is what its metrics say, on an address of their own alone.
func TestMetrics(t *testing.T) {
	t.Parallel()
	c := newConfigured(t)
	token, err := issuer.Mint(c.issuer, c.issuer.People[0], 0, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	at := endtoend.FreeAddress(t)
	c.more = "metrics: " + at
	c.agency("lost", "Lost AS", "postgres://x@127.0.0.1:1/x")
	c.start()
	eventually(t, "it has looked", func() bool {
		r, _ := c.ready()
		return r.Agencies[0].State == "OK" && r.Agencies[1].State == "DOWN"
	})
	for range 3 {
		if r := endtoend.Ask(t, c.address, token, `query Mine { viewer { name } agencies { code } }`); r.Status != 200 {
			t.Errorf("%+v", r)
		}
	}
	endtoend.Ask(t, c.address, "", `query Theirs { viewer { name } }`)
	r := endtoend.Ask(t, c.address, token, `query Whole { viewer { overview { complete } } }`)
	if r.Data.Viewer.Overview.Complete {
		t.Errorf("an agency is lost: %+v", r)
	}
	page := endtoend.Visit(t, http.MethodGet, "http://"+at+"/metrics", nil, nil)
	for series, want := range map[string]func(float64) bool{
		`oversikt_requests_total{operation="Mine",outcome="ok"}`:                                  is(3),
		`oversikt_requests_total{operation="other",outcome="refused"}`:                            is(1),
		`oversikt_request_duration_seconds_count{operation="Mine"}`:                               is(3),
		`oversikt_http_responses_total{route="/graphql",status="200"}`:                            is(5),
		`oversikt_agency_question_duration_seconds_count{agency="fjord",outcome="ok"}`:            above(0),
		`oversikt_agency_round_trips_total{agency="fjord"}`:                                       above(0),
		`oversikt_agency_up{agency="fjord"}`:                                                      is(1),
		`oversikt_agency_up{agency="lost"}`:                                                       is(0),
		`oversikt_portal_up`:                                                                      is(1),
		`oversikt_pool_connections_max{database="agency fjord"}`:                                  is(16),
		`oversikt_access_log_entries_total{fate="spooled"}`:                                       above(0),
		`oversikt_acts_pending`:                                                                   is(0),
		`process_open_fds`:                                                                        above(3),
		`oversikt_agency_question_duration_seconds_bucket{agency="fjord",outcome="ok",le="+Inf"}`: above(0),
	} {
		m := regexp.MustCompile(`(?m)^` + regexp.QuoteMeta(series) + ` (\S+)$`).FindStringSubmatch(page.Body)
		if m == nil {
			t.Errorf("no %s", series)
			continue
		}
		if got, err := strconv.ParseFloat(m[1], 64); err != nil || !want(got) {
			t.Errorf("%s is %s (%v)", series, m[1], err)
		}
	}
	if strings.Contains(page.Body, "Theirs") || endtoend.ElevenDigits(page.Body) != "" {
		t.Error("a stranger's name, or a number, is shown")
	}
	if a := endtoend.Visit(t, http.MethodGet, "http://"+c.address+"/metrics", nil, nil); a.Status != 404 {
		t.Errorf("strangers read the metrics: %d", a.Status)
	}
	if a := endtoend.Visit(t, http.MethodGet, "http://"+at+"/graphql", nil, nil); a.Status != 404 {
		t.Errorf("there is more at the metrics' address: %d", a.Status)
	}
}

func is(want float64) func(float64) bool { return func(got float64) bool { return got == want } }

func above(least float64) func(float64) bool { return func(got float64) bool { return got > least } }

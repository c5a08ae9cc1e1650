package main

import (
	"encoding/hex"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	spans "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"

	"github.com/oversikt/oversikt/internal/workshop/demo/issuer"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// receiver is a collector that speaks OTLP over HTTP.
type receiver struct {
	*httptest.Server
	mu   sync.Mutex
	got  []*spans.Span
	text string // all that came, as text
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{}
	r.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, request *http.Request) {
		body, err := io.ReadAll(request.Body)
		var sent collector.ExportTraceServiceRequest
		if err == nil {
			err = proto.Unmarshal(body, &sent)
		}
		if err != nil || request.URL.Path != "/v1/traces" ||
			request.Header.Get("Content-Type") != "application/x-protobuf" {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		r.mu.Lock()
		defer r.mu.Unlock()
		r.text += sent.String()
		for _, of := range sent.ResourceSpans {
			for _, scope := range of.ScopeSpans {
				r.got = append(r.got, scope.Spans...)
			}
		}
	}))
	t.Cleanup(r.Close)
	return r
}

// named returns the spans of a name.
func (r *receiver) named(name string) (found []*spans.Span) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, s := range r.got {
		if s.Name == name {
			found = append(found, s)
		}
	}
	return found
}

// TestTraces: a collector gets a span of each request and one of each agency below it; a trace goes
// on for a proxy that is trusted, and for nobody else.
func TestTraces(t *testing.T) {
	t.Parallel()
	const given = "0af7651916cd43dd8448eb211c80319c"
	for name, trusted := range map[string]bool{"trusted": true, "stranger": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			c, r := newConfigured(t), newReceiver(t)
			token, err := issuer.Mint(c.issuer, c.issuer.People[0], 0, time.Now())
			if err != nil {
				t.Fatal(err)
			}
			c.more = fmt.Sprintf("traces: {endpoint: %q, share: 1}", r.URL+"/v1/traces")
			if trusted {
				c.more += "\ntrustedProxies: [127.0.0.0/8]"
			}
			p := c.start()
			header := http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bearer " + token},
				"Traceparent": {"00-" + given + "-b7ad6b7169203331-01"}}
			a := endtoend.Visit(t, http.MethodPost, "http://"+c.address+"/graphql", header,
				`{"query":"query Mine { viewer { overview { openCaseCount } } }","operationName":"Mine"}`)
			if a.Status != 200 || strings.Contains(a.Body, "errors") {
				t.Fatalf("%+v", a)
			}
			eventually(t, "the spans came", func() bool { return len(r.named("/graphql Mine")) == 1 })
			request, agencies := r.named("/graphql Mine")[0], r.named("agency fjord")
			if follows := hex.EncodeToString(request.TraceId) == given; follows != trusted {
				t.Errorf("it goes on with a trace: %v", follows)
			}
			below := slices.IndexFunc(agencies, func(s *spans.Span) bool {
				return string(s.ParentSpanId) == string(request.SpanId) && string(s.TraceId) == string(request.TraceId)
			})
			if below < 0 || request.EndTimeUnixNano < request.StartTimeUnixNano ||
				request.Kind != spans.Span_SPAN_KIND_SERVER {
				t.Errorf("%v\n%v", request, agencies)
			}
			r.mu.Lock()
			sent := r.text
			r.mu.Unlock()
			for _, want := range []string{"service.name", "graphql.operation.name", "oversikt.outcome"} {
				if !strings.Contains(sent, want) {
					t.Errorf("no %s in %s", want, sent)
				}
			}
			kari := c.issuer.People[0]
			if strings.Contains(sent, kari.NationalID) || strings.Contains(sent, kari.Name) || strings.Contains(sent, token) {
				t.Errorf("a person is in the spans: %s", sent)
			}
			r.Close()
			endtoend.Ask(t, c.address, token, `{ viewer { name } }`)
			eventually(t, "it says that they are lost", func() bool { return strings.Contains(p.Text(), "traces are lost") })
		})
	}
}

// Package trace tells OpenTelemetry what took how long: a span a request, and one a question to an
// agency. Nothing in a span is about a person.
package trace

import (
	"context"
	"log/slog"
	"net/http"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/propagation"
	"go.opentelemetry.io/otel/sdk/resource"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	"go.opentelemetry.io/otel/trace"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/server"
)

// Config is where spans go.
type Config struct {
	// Endpoint is the URL of a collector that speaks OTLP over HTTP, such as
	// http://127.0.0.1:4318/v1/traces.
	Endpoint string `yaml:"endpoint" validate:"required,http_url"`
	// Share is how many requests of those that nobody in front has decided about are traced, 0 to 1.
	Share float64 `yaml:"share" validate:"min=0,max=1"`
}

// Tracer makes spans and sends them.
type Tracer struct {
	provider *sdk.TracerProvider
	tracer   trace.Tracer
}

const name = "github.com/oversikt/oversikt"

// Open returns a tracer. It does not wait for the collector: what one does not take is lost, and said
// once until it takes something again.
func Open(c Config, version string, log *slog.Logger) *Tracer {
	about := resource.NewSchemaless(attribute.String("service.name", "oversikt"),
		attribute.String("service.version", version))
	provider := sdk.NewTracerProvider(sdk.WithResource(about), sdk.WithBatcher(newExporter(c.Endpoint, log)),
		sdk.WithSampler(sdk.ParentBased(sdk.TraceIDRatioBased(c.Share))))
	return &Tracer{provider: provider, tracer: provider.Tracer(name, trace.WithInstrumentationVersion(version))}
}

// closeTime is how long the end waits for the collector.
const closeTime = 3 * time.Second

// Close sends what has not been sent.
func (t *Tracer) Close() {
	ctx, cancel := context.WithTimeout(context.Background(), closeTime)
	defer cancel()
	_ = t.provider.Shutdown(ctx) // the exporter has said why
}

// Handler makes a span of each request. One goes on where the sender says so in traceparent, if the
// sender is trusted: a stranger could make everything be traced.
func (t *Tracer) Handler(next http.Handler, trusted func(*http.Request) bool) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		ctx := r.Context()
		if r.Header["Traceparent"] != nil && trusted(r) {
			ctx = propagation.TraceContext{}.Extract(ctx, propagation.HeaderCarrier(r.Header))
		}
		ctx, span := t.tracer.Start(ctx, "request", trace.WithSpanKind(trace.SpanKindServer))
		defer span.End()
		if span.IsRecording() {
			r = r.WithContext(ctx)
		}
		next.ServeHTTP(w, r)
	})
}

// Request says in the span of a request what came of it.
func (t *Tracer) Request(ctx context.Context, o server.Observed) {
	span := trace.SpanFromContext(ctx)
	if !span.IsRecording() {
		return
	}
	title := o.Route
	if o.Operation != "" {
		title += " " + o.Operation
	}
	span.SetName(title)
	span.SetAttributes(attribute.String("http.route", o.Route), attribute.Int("http.response.status_code", o.Status))
	if o.Operation != "" {
		span.SetAttributes(attribute.String("graphql.operation.name", o.Operation))
	}
	if o.Outcome != "" {
		span.SetAttributes(attribute.String("oversikt.outcome", string(o.Outcome)))
	}
	if o.Outcome == server.Failed || o.Status >= http.StatusInternalServerError {
		span.SetStatus(codes.Error, "")
	}
}

// Question makes a span of a question to an agency, in that of the request.
func (t *Tracer) Question(ctx context.Context, code string) (context.Context, func(agency.Outcome)) {
	if !trace.SpanFromContext(ctx).IsRecording() {
		return ctx, func(agency.Outcome) {}
	}
	ctx, span := t.tracer.Start(ctx, "agency "+code, trace.WithSpanKind(trace.SpanKindClient),
		trace.WithAttributes(attribute.String("oversikt.agency", code), attribute.String("db.system.name", "postgresql")))
	return ctx, func(outcome agency.Outcome) {
		span.SetAttributes(attribute.String("oversikt.outcome", string(outcome)))
		if outcome != agency.Answered {
			span.SetStatus(codes.Error, "")
		}
		span.End()
	}
}

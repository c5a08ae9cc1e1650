package trace

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	sdk "go.opentelemetry.io/otel/sdk/trace"
	collector "go.opentelemetry.io/proto/slim/otlp/collector/trace/v1"
	common "go.opentelemetry.io/proto/slim/otlp/common/v1"
	about "go.opentelemetry.io/proto/slim/otlp/resource/v1"
	spans "go.opentelemetry.io/proto/slim/otlp/trace/v1"
	"google.golang.org/protobuf/proto"
)

const (
	sendTime = 5 * time.Second
	mostRead = 64 << 10 // of an answer
)

// exporter sends spans by OTLP over HTTP. OpenTelemetry's own exporter would link the whole of gRPC.
type exporter struct {
	endpoint string
	client   *http.Client
	log      *slog.Logger
	failing  atomic.Bool
}

var _ sdk.SpanExporter = (*exporter)(nil)

func newExporter(endpoint string, log *slog.Logger) *exporter {
	return &exporter{endpoint: endpoint, client: &http.Client{Timeout: sendTime}, log: log}
}

// ExportSpans implements [sdk.SpanExporter]. What cannot be sent is lost.
func (e *exporter) ExportSpans(ctx context.Context, all []sdk.ReadOnlySpan) error {
	err := e.send(ctx, request(all))
	switch {
	case err != nil && !e.failing.Swap(true):
		e.log.WarnContext(ctx, "traces are lost: the collector does not take them", "cause", err)
	case err == nil && e.failing.Swap(false):
		e.log.InfoContext(ctx, "the collector takes traces again")
	}
	return nil
}

// Shutdown implements [sdk.SpanExporter].
func (e *exporter) Shutdown(context.Context) error {
	e.client.CloseIdleConnections()
	return nil
}

func (e *exporter) send(ctx context.Context, r *collector.ExportTraceServiceRequest) error {
	body, err := proto.Marshal(r)
	if err != nil {
		return err
	}
	post, err := http.NewRequestWithContext(ctx, http.MethodPost, e.endpoint, bytes.NewReader(body))
	if err != nil {
		return err
	}
	post.Header.Set("Content-Type", "application/x-protobuf")
	answer, err := e.client.Do(post)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	if _, err := io.Copy(io.Discard, io.LimitReader(answer.Body, mostRead)); err != nil {
		return err
	}
	if answer.StatusCode/100 != 2 {
		return fmt.Errorf("status %d", answer.StatusCode)
	}
	return nil
}

// request is the spans of one process, which share their resource and their scope.
func request(all []sdk.ReadOnlySpan) *collector.ExportTraceServiceRequest {
	if len(all) == 0 {
		return &collector.ExportTraceServiceRequest{}
	}
	scope := &spans.ScopeSpans{Scope: &common.InstrumentationScope{Name: all[0].InstrumentationScope().Name,
		Version: all[0].InstrumentationScope().Version}}
	for _, s := range all {
		scope.Spans = append(scope.Spans, written(s))
	}
	return &collector.ExportTraceServiceRequest{ResourceSpans: []*spans.ResourceSpans{{
		Resource:   &about.Resource{Attributes: attributes(all[0].Resource().Attributes())},
		ScopeSpans: []*spans.ScopeSpans{scope},
	}}}
}

func written(s sdk.ReadOnlySpan) *spans.Span {
	id, trace, parent := s.SpanContext().SpanID(), s.SpanContext().TraceID(), s.Parent().SpanID()
	w := &spans.Span{
		TraceId: trace[:], SpanId: id[:], Name: s.Name(), Kind: spans.Span_SpanKind(s.SpanKind()),
		TraceState: s.SpanContext().TraceState().String(), StartTimeUnixNano: uint64(s.StartTime().UnixNano()),
		EndTimeUnixNano: uint64(s.EndTime().UnixNano()), Attributes: attributes(s.Attributes()),
		Flags: uint32(s.SpanContext().TraceFlags()), Status: &spans.Status{},
	}
	if s.Parent().SpanID().IsValid() {
		w.ParentSpanId = parent[:]
	}
	if s.Status().Code == codes.Error {
		w.Status.Code = spans.Status_STATUS_CODE_ERROR
	}
	return w
}

// attributes are texts and integers: there are no others here.
func attributes(all []attribute.KeyValue) []*common.KeyValue {
	written := make([]*common.KeyValue, len(all))
	for i, a := range all {
		v := &common.AnyValue{Value: &common.AnyValue_StringValue{StringValue: a.Value.String()}}
		if a.Value.Type() == attribute.INT64 {
			v.Value = &common.AnyValue_IntValue{IntValue: a.Value.AsInt64()}
		}
		written[i] = &common.KeyValue{Key: string(a.Key), Value: v}
	}
	return written
}

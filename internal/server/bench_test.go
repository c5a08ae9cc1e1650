package server

import (
	"bytes"
	"io"
	"log/slog"
	"net/http"
	"strings"
	"testing"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json/jsontext"
)

const benchBody = `{"query":"query Overview($asOf: Date, $first: Int!) { viewer { name overview(asOf: $asOf) { total { amount currency } agencies { status total { amount } } } cases(first: $first) { nodes { id caseNumber status balance { total { amount } } } } } }","operationName":"Overview","variables":{"asOf":"2026-11-21","first":20,"filter":{"status":["OPEN","CLOSED"],"agency":null}}}`

func BenchmarkDecode(b *testing.B) {
	b.ReportAllocs()
	b.SetBytes(int64(len(benchBody)))
	var src bytes.Buffer
	var dec jsontext.Decoder
	for b.Loop() {
		src.Reset()
		src.WriteString(benchBody)
		dec.Reset(&src)
		var params params
		if _, err := decodeRequest(&dec, &params); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkWrite(b *testing.B) {
	resp := &graphql.Response{Data: []byte(`{"list":[` + strings.Repeat(`{"id":"abc","amount":"1234.50"},`, 500) +
		`null]}`)}
	var buf bytes.Buffer
	b.ReportAllocs()
	b.SetBytes(int64(len(resp.Data)))
	for b.Loop() {
		buf.Reset()
		if err := appendResponse(&buf, resp); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkRequest is a whole request without the network.
func BenchmarkRequest(b *testing.B) {
	s, err := New(newStub(nil), Options{Logger: slog.New(slog.DiscardHandler)})
	if err != nil {
		b.Fatal(err)
	}
	body := `{"query":"query Q($n: String) { hello(name: $n) }","operationName":"Q","variables":{"n":"x"}}`
	w := &discard{header: http.Header{}}
	reader := strings.NewReader(body)
	r := request(body, "Accept", acceptURQL)
	b.ReportAllocs()
	for b.Loop() {
		reader.Reset(body)
		r.Body = io.NopCloser(reader)
		clear(w.header)
		s.ServeHTTP(w, r)
	}
}

type discard struct{ header http.Header }

func (d *discard) Header() http.Header         { return d.header }
func (d *discard) WriteHeader(int)             {}
func (d *discard) Write(p []byte) (int, error) { return len(p), nil }

package server

import (
	"bytes"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
)

// TestLinesAreBounded: whoever is not logged in cannot fill the log, and what was left out is said.
func TestLinesAreBounded(t *testing.T) {
	t.Parallel()
	var log bytes.Buffer
	s, err := New(newStub(nil), Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	if err != nil {
		t.Fatal(err)
	}
	for range 5_000 {
		for _, method := range []string{http.MethodDelete, http.MethodGet} {
			s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(method, "/nothing", nil))
		}
	}
	s.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/graphql", nil))
	if n := strings.Count(log.String(), "\n"); n != linesAMinute+1 {
		t.Errorf("%d lines for 10,000 refusals of one kind and one of another", n)
	}
	now := time.Now().Add(time.Minute)
	if left, ok := s.sample.line("none", http.StatusNotFound, now); !ok || left != 10_000-linesAMinute {
		t.Errorf("a minute later %d were left out, %t", left, ok)
	}
	if left, ok := s.sample.line("none", http.StatusNotFound, now); !ok || left != 0 {
		t.Errorf("they are said once: %d, %t", left, ok)
	}
}

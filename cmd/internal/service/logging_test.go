package service

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"strings"
	"testing"
	"time"
)

// TestLogger: how long something took is in a unit that a person reads.
func TestLogger(t *testing.T) {
	t.Parallel()
	for took, want := range map[time.Duration]struct {
		text string
		json float64
	}{
		0:                                  {`took="0 µs"`, 0},
		87*time.Microsecond + 900:          {`took="87 µs"`, 0.088},
		12345678:                           {`took="12.3 ms"`, 12.346},
		2 * time.Second:                    {`took="2000.0 ms"`, 2000},
		95 * time.Second:                   {`took="95.0 s"`, 95000},
		3*time.Hour + 400*time.Millisecond: {`took=3h0m0s`, 10800400},
	} {
		var text, object bytes.Buffer
		LogConfig{Format: "text"}.Logger(&text, slog.LevelInfo).Info("request", "took", took)
		LogConfig{Format: "json"}.Logger(&object, slog.LevelInfo).Info("request", "took", took)
		var line struct {
			Took *float64 `json:"took_ms"`
		}
		err := json.Unmarshal(object.Bytes(), &line)
		if err != nil || line.Took == nil || *line.Took != want.json || !strings.Contains(text.String(), want.text) {
			t.Errorf("%s and %s (%v)", text.String(), object.String(), err)
		}
	}
	for level, want := range map[string]slog.Level{"debug": slog.LevelDebug, "info": slog.LevelInfo,
		"warn": slog.LevelWarn, "error": slog.LevelError} {
		if got := (LogConfig{Level: level}).least(); got != want {
			t.Errorf("%s is %v", level, got)
		}
	}
}

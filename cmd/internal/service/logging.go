package service

import (
	"fmt"
	"io"
	"log/slog"
	"math"
	"time"
)

// LogConfig is how the program logs.
type LogConfig struct {
	Format string `yaml:"format" validate:"oneof=json text"`
	Level  string `yaml:"level" validate:"oneof=debug info warn error"`
}

// DefaultLog is how the program logs where nobody says otherwise.
var DefaultLog = LogConfig{Format: "json", Level: "info"}

// Logger returns a logger in units that a person reads: a text says "12.3 ms", and JSON has a number
// whose key ends in its unit, took_ms. level can change later.
func (c LogConfig) Logger(w io.Writer, level slog.Leveler) *slog.Logger {
	options := &slog.HandlerOptions{Level: level, ReplaceAttr: numbered}
	if c.Format == "text" {
		options.ReplaceAttr = readable
		return slog.New(slog.NewTextHandler(w, options))
	}
	return slog.New(slog.NewJSONHandler(w, options))
}

// least is the level below which nothing is logged.
func (c LogConfig) least() (level slog.Level) {
	_ = level.UnmarshalText([]byte(c.Level)) // it is one of four
	return level
}

func numbered(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		return slog.Float64(a.Key+"_ms", math.Round(a.Value.Duration().Seconds()*1e6)/1e3)
	}
	return a
}

func readable(_ []string, a slog.Attr) slog.Attr {
	if a.Value.Kind() == slog.KindDuration {
		return slog.String(a.Key, duration(a.Value.Duration()))
	}
	return a
}

// duration writes how long something took in the unit that suits it.
func duration(d time.Duration) string {
	switch size := d.Abs(); {
	case size < time.Millisecond:
		return fmt.Sprintf("%d µs", d.Microseconds())
	case size < 10*time.Second:
		return fmt.Sprintf("%.1f ms", d.Seconds()*1e3)
	case size < 2*time.Minute:
		return fmt.Sprintf("%.1f s", d.Seconds())
	}
	return d.Round(time.Second).String()
}

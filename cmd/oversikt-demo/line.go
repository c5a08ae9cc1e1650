package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"time"

	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// lineState is the body of GET and POST /dev/line.
type lineState struct {
	Latency string `json:"latency"` // such as "250ms", of each direction
	Down    bool   `json:"down"`
}

// maxLatency keeps a typing error from looking like a hung demo.
const maxLatency = time.Minute

// lineHandler shows and changes the line to the small agency while the demo runs.
func lineHandler(l *line.Line) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodPost {
			var s lineState
			dec := json.NewDecoder(http.MaxBytesReader(w, r.Body, 1<<10))
			dec.DisallowUnknownFields()
			err := dec.Decode(&s)
			latency, errLatency := time.ParseDuration(s.Latency)
			if err != nil || errLatency != nil || latency < 0 || latency > maxLatency {
				http.Error(w, `{"error":"want {\"latency\":\"250ms\",\"down\":false}, at most a minute"}`, http.StatusBadRequest)
				return
			}
			if err := l.Set(line.Quality{Latency: latency, Down: s.Down}); err != nil {
				http.Error(w, `{"error":"the line cannot be opened"}`, http.StatusInternalServerError)
				return
			}
		}
		q := l.Quality()
		w.Header().Set("Content-Type", "application/json")
		_ = json.NewEncoder(w).Encode(lineState{q.Latency.String(), q.Down})
	})
}

type lineCommand struct {
	Latency time.Duration `help:"Delay of each direction, such as 250ms." default:"0s"`
	Down    bool          `help:"Cut the line."`
}

// Run changes the line of the demo that is running; without flags it is mended.
func (d *lineCommand) Run(ctx context.Context, c *commands) error {
	body, err := json.Marshal(lineState{d.Latency.String(), d.Down})
	if err != nil {
		return err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://"+c.Listen+"/dev/line", bytes.NewReader(body))
	if err != nil {
		return err
	}
	req.Header.Set("Content-Type", "application/json")
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("is the demo running? %w", err)
	}
	defer resp.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(resp.Body, 1<<10))
	if err != nil || resp.StatusCode != http.StatusOK {
		return fmt.Errorf("the demo answered %s: %s", resp.Status, answer)
	}
	fmt.Printf("line to lita: %s", answer)
	return nil
}

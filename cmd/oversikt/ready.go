package main

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"time"
)

type readyCommand struct {
	URL string `arg:"" default:"http://127.0.0.1:8080" help:"Where the service listens."`
}

// Run asks a running service whether it is ready, for containers that have no other program to
// ask with.
func (c *readyCommand) Run(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 4*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(c.URL, "/")+"/readyz", nil)
	if err != nil {
		return err
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("not ready: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("not ready: %s", resp.Status)
	}
	return nil
}

package main

import (
	"fmt"

	"github.com/oversikt/oversikt/internal/workshop/demo"
)

type cleanCommand struct{}

// Run deletes what the demo has made.
func (*cleanCommand) Run(c *commands) error {
	if err := demo.Remove(c.Dir); err != nil {
		return fmt.Errorf("clean: %w", err)
	}
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// maxInstance is more than the largest instance that is accepted takes in JSON.
const maxInstance = 16 << 20

type solveCommand struct{}

// Run reads an instance from standard input and writes its plan to standard output.
func (c *solveCommand) Run() error { return solve(os.Stdin, os.Stdout) }

func solve(r io.Reader, w io.Writer) error {
	data, err := io.ReadAll(io.LimitReader(r, maxInstance))
	if err != nil {
		return fmt.Errorf("read the instance: %w", err)
	}
	in, err := solver.ParseInstance(data)
	if err != nil {
		return plain(err)
	}
	answer, err := solver.Solve(in)
	if err != nil {
		return plain(err)
	}
	plan, err := answer.Encode(in.ID)
	if err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	if _, err := w.Write(plan); err != nil {
		return fmt.Errorf("write the plan: %w", err)
	}
	return nil
}

// plain says what is wrong with the instance in one line, without the codes that are for
// clients of the service.
func plain(err error) error {
	var f *fault.Error
	if !errors.As(err, &f) || f.Code != fault.BadUserInput {
		return err
	}
	if f.Field == "" {
		return fmt.Errorf("instance: %s", f.Message)
	}
	return fmt.Errorf("instance: %s: %s", f.Field, f.Message)
}

package main

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/workshop/endtoend"
)

// TestFewFiles: the service says at the start that the limit of open files is too low.
func TestFewFiles(t *testing.T) {
	t.Parallel()
	c := newConfigured(t)
	c.write()
	p := endtoend.Start(t, "/bin/sh", []string{"OVERSIKT_LISTEN="}, `"msg":"serving"`, "-c",
		`ulimit -n 64; exec "$0" "$@"`, endtoend.Binary(t, "cmd/oversikt"), "serve", "--config", c.file)
	for _, want := range []string{"the limit of open files is too low", `"limit":64,"needed":352`} {
		if !strings.Contains(p.Text(), want) {
			t.Errorf("the log has no %s:\n%s", want, p.Text())
		}
	}
}

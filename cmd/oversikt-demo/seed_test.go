package main

import (
	"fmt"
	"os/exec"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// TestSeed does what README.md says: a reference core is installed, filled, and keeps the
// contract.
func TestSeed(t *testing.T) {
	t.Parallel()
	db := pgtest.New(t, pgtest.Template{})
	oversikt, demo := endtoend.Binary(t, "cmd/oversikt"), endtoend.Binary(t, "cmd/oversikt-demo")
	if said, err := exec.CommandContext(t.Context(), demo, "seed", db.DSN()).CombinedOutput(); err == nil ||
		strings.Count(string(said), "\n") != 1 || !strings.Contains(string(said), "oversikt agency init") {
		t.Errorf("before the core is installed: %v: %s", err, said)
	}
	endtoend.Run(t, oversikt, nil, "agency", "init", db.DSN())
	endtoend.Run(t, demo, nil, "seed", db.DSN(), "--debtors", "200", "--as-of", "2026-03-01")
	report := endtoend.Run(t, oversikt, nil, "agency", "check", db.DSN())
	if !strings.HasSuffix(report, allActs()) {
		t.Error(report)
	}
	var debtors int
	if err := db.Conn().QueryRow(t.Context(), "select count(*) from core.debtor").Scan(&debtors); err != nil ||
		debtors == 0 {
		t.Errorf("%d debtors: %v", debtors, err)
	}
}

// allActs is how the check of an agency ends that keeps the contract and has every act.
func allActs() string {
	_, acts := check.Findings{}.Acts()
	return fmt.Sprintf("\nreads kept; acts %d of %[1]d\n", acts)
}

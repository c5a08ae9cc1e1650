package main

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/agency/reference"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/legacy"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
	"github.com/oversikt/oversikt/internal/workshop/endtoend"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// agencyOf is a demo agency's database, as its owner has it, with the people of today.
func agencyOf(t *testing.T, code string) *pgtest.DB {
	t.Helper()
	today := norway.DateOf(time.Now())
	return pgtest.New(t, pgtest.Template{
		Name: "command_" + code,
		Hash: pgtest.Hash(reference.Files(), legacy.Files(), os.DirFS("../../internal/workshop/demo/people")) +
			today.String(),
		Fill: func(ctx context.Context, conn *pgx.Conn) error {
			if code == people.Tradisjon {
				return errors.Join(legacy.Install(ctx, conn),
					people.LoadLegacy(ctx, conn, people.New(1, today), code, 60, nil))
			}
			return errors.Join(reference.Install(ctx, conn, reference.Options{}),
				people.LoadReference(ctx, conn, people.New(1, today), code, 60, nil))
		},
	})
}

// oversikt runs the program, and returns what it prints, on both outputs, and its exit status.
func oversikt(t *testing.T, args ...string) (string, int) {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), endtoend.Binary(t, "cmd/oversikt"), args...).CombinedOutput()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	if digits := endtoend.ElevenDigits(string(out)); digits != "" {
		t.Errorf("%v prints a number of a person:\n%s", args, out)
	}
	if exit != nil {
		return string(out), exit.ExitCode()
	}
	return string(out), 0
}

func change(t *testing.T, db *pgtest.DB, sql string) {
	t.Helper()
	if _, err := db.Conn().Exec(t.Context(), sql); err != nil {
		t.Fatal(err)
	}
}

// TestAgencyRehearse: the exit status says whether the acts keep the contract, and the last line
// what was tried.
func TestAgencyRehearse(t *testing.T) {
	t.Parallel()
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			db := agencyOf(t, code)
			out, status := oversikt(t, "agency", "rehearse", db.DSN(), "--sample", "2")
			if status != 0 || !strings.Contains(out, "\n0 differences; ") || !strings.Contains(out, "tried: confirm_solution: 2 persons") {
				t.Errorf("exit status %d:\n%s", status, out)
			}
			change(t, db, `create or replace view oversikt.deferral as
				select * from (`+definition(t, db, "deferral")+`) x where status = 'REFUSED'`)
			out, status = oversikt(t, "agency", "rehearse", db.DSN(), "--sample", "2", "--act", "request_deferral")
			if status != 1 || strings.Contains(out, "confirm_solution") ||
				!strings.Contains(out, "request_deferral\n  a call that is right: deferral: no row shows") ||
				!strings.HasSuffix(out, "oversikt: the acts do not keep the contract\n") {
				t.Errorf("exit status %d:\n%s", status, out)
			}
		})
	}
	for args, want := range map[string]string{
		"--sample=0":       "--sample is at least 1",
		"--view-time=0s":   "--view-time is at least 1ms",
		"--act=pay":        "no act of the contract",
		"--role=nobody":    "cannot become role nobody",
		"--schema=nothing": "finds no contract in schema nothing",
	} {
		t.Run(args, func(t *testing.T) {
			t.Parallel()
			out, status := oversikt(t, "agency", "rehearse", agencyOf(t, people.Fjord).DSN(), args)
			if status != 1 || !strings.Contains(out, want) {
				t.Errorf("exit status %d:\n%s", status, out)
			}
		})
	}
}

func definition(t *testing.T, db *pgtest.DB, view string) (sql string) {
	t.Helper()
	if err := db.Conn().QueryRow(t.Context(), "select rtrim(pg_get_viewdef($1::regclass), ';')", "oversikt."+view).
		Scan(&sql); err != nil {
		t.Fatal(err)
	}
	return sql
}

// TestAgencyPreview: the core's own balances are compared to the øre.
func TestAgencyPreview(t *testing.T) {
	t.Parallel()
	for _, code := range []string{people.Fjord, people.Tradisjon} {
		t.Run(code, func(t *testing.T) {
			t.Parallel()
			db, file := agencyOf(t, code), filepath.Join(t.TempDir(), "balances.csv")
			out, status := oversikt(t, "agency", "preview", db.DSN(), "--sample", "10", "--out", file)
			if status != 0 || !strings.Contains(out, "debtor 10: ") || !strings.Contains(out, "Opprinnelig hovedstol") ||
				!strings.Contains(out, "10 debtors looked at") {
				t.Fatalf("exit status %d:\n%s", status, out)
			}
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
			if err != nil || len(rows) < 11 {
				t.Fatalf("%d rows, %v", len(rows), err)
			}
			out, status = oversikt(t, "agency", "preview", db.DSN(), "--compare", file)
			if want := fmt.Sprintf("compared to the øre: %d cases; 0 differ, 0 could not", len(rows)-1); status != 0 ||
				!strings.Contains(out, want) {
				t.Errorf("exit status %d:\n%s", status, out)
			}
			total, err := strconv.Atoi(rows[3][5])
			if err != nil {
				t.Fatal(err)
			}
			wrong := fmt.Sprintf("total_ore,case_id\n%d,%s\n%s,%s\n5,nothing\n", total+1, rows[3][0], rows[4][5], rows[4][0])
			if err := os.WriteFile(file, []byte(wrong), 0o600); err != nil {
				t.Fatal(err)
			}
			out, status = oversikt(t, "agency", "preview", db.DSN(), "--compare", file)
			if status != 1 || !strings.Contains(out, fmt.Sprintf("case %s: the core has %d øre, Oversikt %d: 1 øre less\n",
				rows[3][0], total+1, total)) || !strings.Contains(out, "not compared: case nothing: ") ||
				!strings.Contains(out, "compared to the øre: 2 cases; 1 differ, 1 could not be compared") {
				t.Errorf("exit status %d:\n%s", status, out)
			}
		})
	}
}

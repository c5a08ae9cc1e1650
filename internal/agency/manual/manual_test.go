package manual

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/agency/check"
	"github.com/oversikt/oversikt/internal/agency/reference/referencetest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

var writeGolden = flag.Bool("write", false, "write docs/contract.md anew")

func TestPageIsCurrent(t *testing.T) {
	t.Parallel()
	const path = "../../../docs/contract.md"
	var page bytes.Buffer
	if err := WriteMarkdown(&page); err != nil {
		t.Fatal(err)
	}
	if *writeGolden {
		if err := os.WriteFile(path, page.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	have, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(page.String(), string(have)); diff != "" {
		t.Errorf("docs/contract.md is not what the spec says: run go generate ./internal/agency/manual\n%s", diff)
	}
}

func TestPageLinks(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	if err := WriteMarkdown(&page); err != nil {
		t.Fatal(err)
	}
	var anchors []string
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(page.String(), -1) {
		anchors = append(anchors, anchor(m[1]))
	}
	for _, m := range regexp.MustCompile(`\]\(#([^)]*)\)`).FindAllStringSubmatch(page.String(), -1) {
		if !slices.Contains(anchors, m[1]) {
			t.Errorf("a link leads nowhere: #%s", m[1])
		}
	}
}

// TestPageExample runs the worked example, so that it can be copied.
func TestPageExample(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, pgtest.Template{}).Conn()
	sql, err := fs.ReadFile(pageFiles, "sak.sql")
	if err != nil {
		t.Fatal(err)
	}
	referencetest.Exec(t, conn, "create schema inkasso; create schema oversikt")
	referencetest.Exec(t, conn, string(sql))
	referencetest.Exec(t, conn,
		`insert into inkasso.sak (saksnr, skyldnernr, oppdragsgivernr, tilstand, steg, registrert, avsluttet, hovedstol, tidligere_renter, avtalerente, kid) values
		(1, 1, 1, 'AK', 40, '2026-02-01 23:30', null, 1234.56, null, 12.25, '12344'),
		(2, 1, 1, 'TR', 60, '2026-02-01 23:30', '2026-03-01 09:00', 0.29, 1.10, null, '12343')`)
	found, err := check.Run(t.Context(), conn, check.Options{Role: "postgres", Timeout: time.Minute})
	if err != nil {
		t.Fatal(err)
	}
	for _, b := range slices.Concat(found.Breaches, found.Warnings) {
		if b.Relation == "case" || b.Rule == check.RuleIndex {
			t.Errorf("the example breaks the contract: %+v", b)
		}
	}
	var principal, prior, rate int64
	err = conn.QueryRow(t.Context(),
		"select sum(principal_ore), sum(prior_interest_ore), sum(rate_basis_points) from oversikt.case").Scan(&principal,
		&prior, &rate)
	if err != nil || principal != 123456+29 || prior != 110 || rate != 1225 {
		t.Errorf("kroner and per cent are mapped to %d, %d, %d: %v", principal, prior, rate, err)
	}

	// What the example does not name is passed on, so that the check names it.
	referencetest.Exec(t, conn, `insert into inkasso.sak (saksnr, skyldnernr, oppdragsgivernr, tilstand, steg, registrert, hovedstol, kid)
		values (3, 1, 1, 'XY', 45, '2026-02-01 23:30', 13341.31, '12344')`)
	if found, err = check.Run(t.Context(), conn, check.Options{Role: "postgres", Timeout: time.Minute}); err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, b := range found.Breaches {
		if b.Relation == "case" && b.Rule == check.RuleCode {
			said = append(said, b.Column+": "+b.What)
		}
	}
	if text := strings.Join(said, "; "); !strings.Contains(text, `status: 1 values outside the list, such as "XY"`) ||
		!strings.Contains(text, `phase: 1 values outside the list, such as "45"`) {
		t.Errorf("of a new status and a new step the check says: %s", text)
	}
}

// TestNoExampleHasADefault: a code that nobody has mapped must not become another one.
func TestNoExampleHasADefault(t *testing.T) {
	t.Parallel()
	var page bytes.Buffer
	if err := WriteMarkdown(&page); err != nil {
		t.Fatal(err)
	}
	for _, found := range regexp.MustCompile(`(?m)^.*\belse\b.*\bend\b.*$`).FindAllString(page.String(), -1) {
		t.Error(strings.TrimSpace(found))
	}
}

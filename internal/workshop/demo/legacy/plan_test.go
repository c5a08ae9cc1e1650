package legacy_test

import (
	"fmt"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

// node is what is read of EXPLAIN's output.
type node struct {
	Type     string `json:"Node Type"`
	Relation string `json:"Relation Name"`
	Index    string `json:"Index Name"`
	Cond     string `json:"Index Cond"`
	Plans    []node
}

var parameters = regexp.MustCompile(`@(national_id|case_ids|case_number)\b`)

// Every scan of a read by person or by case number must look up in an index. Sequential scans are
// forbidden to the planner, so what is left of them, or a walk through a whole
// index, has no index to use, whatever the size of the tables.
func TestHotReadsRideOnIndexes(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, installed).Conn()
	for _, setting := range []string{"plan_cache_mode = force_generic_plan", "enable_seqscan = off"} {
		_, err := conn.Exec(t.Context(), "set "+setting)
		check(t, err)
	}
	for _, file := range hotReads(t) {
		name := filepath.Base(file)
		t.Run(name, func(t *testing.T) {
			for _, fault := range unindexed(explain(t, conn, readFile(t, file))) {
				t.Errorf("%s: %s", name, fault)
			}
		})
	}
}

// TestPlanFaultsAreSeen keeps the test above honest: a mapping that a newcomer
// would write first, fnr::text without an index on the cast, must be found out.
func TestPlanFaultsAreSeen(t *testing.T) {
	t.Parallel()
	conn := pgtest.New(t, installed).Conn()
	_, err := conn.Exec(t.Context(), `
		drop index inkasso.skyldner_fnr;
		create unique index on inkasso.skyldner (fnr);
		drop index inkasso.kobling_fnr;
		create index on inkasso.kobling (fnr);
		set plan_cache_mode = force_generic_plan;
		set enable_seqscan = off`)
	check(t, err)
	for _, file := range hotReads(t) {
		read := readFile(t, file)
		if strings.Contains(read, "@national_id") && len(unindexed(explain(t, conn, read))) == 0 {
			t.Errorf("%s passes without an index on the cast", filepath.Base(file))
		}
	}
}

func explain(t *testing.T, conn *pgx.Conn, read string) node {
	t.Helper()
	places := map[string]string{"@national_id": "$1", "@case_ids": "$2", "@case_number": "$1"}
	read = parameters.ReplaceAllStringFunc(read, func(name string) string { return places[name] })
	_, err := conn.Exec(t.Context(), "deallocate all; prepare hot (text, text[]) as "+read)
	check(t, err)
	var plans []struct{ Plan node }
	check(t, conn.QueryRow(t.Context(),
		"explain (format json) execute hot ('17912099997', null)", pgx.QueryExecModeSimpleProtocol).Scan(&plans))
	return plans[0].Plan
}

func unindexed(n node) (faults []string) {
	switch {
	case n.Type == "Seq Scan":
		faults = append(faults, "sequential scan of "+n.Relation)
	case n.Index != "" && n.Cond == "":
		faults = append(faults, fmt.Sprintf("walk through all of index %s", n.Index))
	}
	for _, child := range n.Plans {
		faults = append(faults, unindexed(child)...)
	}
	return faults
}

// hotReads are the files of the contract that read by person or case number.
func hotReads(t *testing.T) (hot []string) {
	t.Helper()
	files, err := filepath.Glob(readFiles + "/*.sql")
	check(t, err)
	for _, file := range files {
		if parameters.MatchString(readFile(t, file)) {
			hot = append(hot, file)
		}
	}
	if len(hot) < 10 {
		t.Fatalf("%d hot reads found", len(hot))
	}
	return hot
}

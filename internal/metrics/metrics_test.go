package metrics_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/goccy/go-yaml"
	"github.com/jackc/pgx/v5/pgxpool"
	dto "github.com/prometheus/client_model/go"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/metrics"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/server"
	"github.com/oversikt/oversikt/internal/workshop/leaktest"
	"github.com/oversikt/oversikt/internal/workshop/pgcluster/pgtest"
)

func TestMain(m *testing.M) { leaktest.Main(m) }

func request(operation string, known bool, outcome server.Outcome) server.Observed {
	return server.Observed{Route: "/graphql", Operation: operation, Known: known, Outcome: outcome, Status: 200,
		Took: 12 * time.Millisecond}
}

// full is a set in which everything has happened once.
func full(t *testing.T) *metrics.Set {
	t.Helper()
	pool := pgtest.New(t, pgtest.Template{}).Pool()
	if err := pool.Ping(context.Background()); err != nil {
		t.Fatal(err)
	}
	s := metrics.New("v1.2.3")
	s.Use(metrics.Source{
		Health: func() health.Report {
			return health.Report{Portal: health.Part{State: health.OK, Migration: 22},
				Agencies: []health.Part{{Agency: "fjord", State: health.Wrong, Acts: 12}}}
		},
		Agencies: func() []agency.Stats {
			return []agency.Stats{{Agency: "fjord", RoundTrips: 3, Statements: 39, TurnedAway: 1, Pool: pool.Stat()}}
		},
		Portal:   func() *pgxpool.Stat { return pool.Stat() },
		Log:      func() audit.Stats { return audit.Stats{Spooled: 2, Delivered: 1, Pending: 300} },
		Solving:  func() (int64, int64) { return 1, 2 },
		Refusals: func() (int64, int64) { return 4, 5 },
		Backlog: func() (act.Backlog, bool) {
			return act.Backlog{Pending: 6, Attention: 1, Oldest: 90 * time.Second}, true
		},
	})
	s.Request(request("Overview", true, server.Answered))
	s.Question("fjord", agency.Answered, 3*time.Millisecond)
	s.Reload(true)
	return s
}

func gather(t *testing.T, s *metrics.Set) map[string]*dto.MetricFamily {
	t.Helper()
	found, err := s.Gatherer().Gather()
	if err != nil {
		t.Fatal(err)
	}
	families := map[string]*dto.MetricFamily{}
	for _, f := range found {
		families[f.GetName()] = f
	}
	return families
}

// value is what a metric with these values of its labels says, -1 where there is none.
func value(t *testing.T, s *metrics.Set, name string, labels ...string) float64 {
	t.Helper()
	for _, m := range gather(t, s)[name].GetMetric() {
		var has []string
		for _, l := range m.GetLabel() {
			has = append(has, l.GetValue())
		}
		if slices.Equal(has, labels) {
			return m.GetCounter().GetValue() + m.GetGauge().GetValue() + float64(m.GetHistogram().GetSampleCount())
		}
	}
	return -1
}

// TestValues: what happened is what the metrics say.
func TestValues(t *testing.T) {
	t.Parallel()
	s := full(t)
	for _, tt := range []struct {
		name   string
		labels []string
		want   float64
	}{
		{"oversikt_requests_total", []string{"Overview", "ok"}, 1},
		{"oversikt_request_duration_seconds", []string{"Overview"}, 1},
		{"oversikt_http_responses_total", []string{"/graphql", "200"}, 1},
		{"oversikt_agency_question_duration_seconds", []string{"fjord", "ok"}, 1},
		{"oversikt_agency_up", []string{"fjord"}, 1}, {"oversikt_agency_wrong", []string{"fjord"}, 1},
		{"oversikt_agency_round_trips_total", []string{"fjord"}, 3}, {"oversikt_portal_up", nil, 1},
		{"oversikt_portal_wrong", nil, 0}, {"oversikt_pool_connections_idle", []string{"agency fjord"}, 1},
		{"oversikt_access_log_entries_total", []string{"spooled"}, 2}, {"oversikt_access_log_spool_bytes", nil, 300},
		{"oversikt_solver_waiting", nil, 2}, {"oversikt_logins_refused_total", []string{"browser"}, 5},
		{"oversikt_acts_oldest_seconds", nil, 90}, {"oversikt_reloads_total", []string{"reloaded"}, 1},
	} {
		if got := value(t, s, tt.name, tt.labels...); got != tt.want {
			t.Errorf("%s %v is %v, not %v", tt.name, tt.labels, got, tt.want)
		}
	}
}

// TestOperations: what clients choose as a name makes no more than a hundred, only who is logged in
// can make one, and none is a number of somebody.
func TestOperations(t *testing.T) {
	t.Parallel()
	s := metrics.New("")
	names := func() (n int) {
		for _, m := range gather(t, s)["oversikt_request_duration_seconds"].GetMetric() {
			if len(m.GetLabel()) == 1 {
				n++
			}
		}
		return n
	}
	for _, o := range []server.Observed{request("Stranger", false, server.Answered),
		request("Broken", true, server.Refused),
		request("P01898090287", true, server.Answered),
		request("P#11", true, server.Answered), // as the server tells it
		request("a_12345_b", true, server.Answered)} {
		s.Request(o)
	}
	if names() != 2 || value(t, s, "oversikt_requests_total", "other", "ok") != 4 {
		t.Errorf("%d names", names())
	}
	s.Request(request("Overview2026", true, server.Answered))
	s.Request(request("Overview2026", false, server.Partial))
	s.Request(request("", false, server.Refused))
	if value(t, s, "oversikt_requests_total", "Overview2026", "partial") != 1 ||
		value(t, s, "oversikt_requests_total", "anonymous", "refused") != 1 {
		t.Error("a name that is known is not counted, or one that is none")
	}
	for i := range 1000 {
		s.Request(request(fmt.Sprintf("Op%d", i), true, server.Answered))
	}
	if names() != 102 {
		t.Errorf("%d names", names())
	}
}

// TestCost: counting a request that is known allocates next to nothing.
func TestCost(t *testing.T) { // alone: AllocsPerRun
	s := metrics.New("")
	o := request("Overview", true, server.Answered)
	s.Request(o)
	if n := testing.AllocsPerRun(100, func() { s.Request(o) }); n > 2 {
		t.Errorf("%v allocations a request", n)
	}
	if n := testing.AllocsPerRun(100, func() { s.Question("fjord", agency.Answered, time.Millisecond) }); n > 2 {
		t.Errorf("%v allocations a question", n)
	}
}

var kinds = map[dto.MetricType]string{dto.MetricType_COUNTER: "counter", dto.MetricType_GAUGE: "gauge",
	dto.MetricType_HISTOGRAM: "histogram", dto.MetricType_SUMMARY: "summary"}

// TestList: docs/metrics.md lists every metric of ours.
func TestList(t *testing.T) {
	t.Parallel()
	const from, to = "<!-- made by UPDATE_GOLDEN=1 go test ./internal/metrics -->\n", "<!-- end -->"
	var list strings.Builder
	list.WriteString(from + "| Metric | Type | Labels | What it is |\n|---|---|---|---|\n")
	families := gather(t, full(t))
	for _, name := range sorted(families) {
		if !strings.HasPrefix(name, "oversikt_") {
			continue
		}
		f := families[name]
		var labels []string
		for _, l := range f.GetMetric()[0].GetLabel() {
			labels = append(labels, "`"+l.GetName()+"`")
		}
		fmt.Fprintf(&list, "| `%s` | %s | %s | %s |\n", name, kinds[f.GetType()], strings.Join(labels, ", "), f.GetHelp())
	}
	page := read(t, "docs/metrics.md")
	begin, end := strings.Index(page, from), strings.Index(page, to)
	if begin < 0 || end < begin {
		t.Fatal("the page has no place for the list")
	}
	if page[begin:end] == list.String() {
		return
	}
	if os.Getenv("UPDATE_GOLDEN") == "" {
		t.Fatalf("docs/metrics.md is not current (UPDATE_GOLDEN=1 writes it):\n%s", list.String())
	}
	if err := os.WriteFile("../../docs/metrics.md", []byte(page[:begin]+list.String()+page[end:]), 0o644); err != nil {
		t.Fatal(err)
	}
}

func sorted(families map[string]*dto.MetricFamily) (names []string) {
	for name := range families {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile("../../" + file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

var named = regexp.MustCompile(`\b(oversikt|go|process)_[a-z0-9_]+\b`)

// exist fails for each metric of an expression that there is not.
func exist(t *testing.T, families map[string]*dto.MetricFamily, where, expression string) {
	t.Helper()
	found := named.FindAllString(expression, -1)
	if len(found) == 0 {
		t.Errorf("%s: no metric in %s", where, expression)
	}
	for _, name := range found {
		base := name
		for _, suffix := range []string{"_bucket", "_sum", "_count"} {
			base = strings.TrimSuffix(base, suffix)
		}
		if families[name] == nil && (families[base] == nil || families[base].GetType() != dto.MetricType_HISTOGRAM) {
			t.Errorf("%s: there is no metric %s", where, name)
		}
	}
}

// TestDashboard: every expression of the dashboard is of metrics that there are.
func TestDashboard(t *testing.T) {
	t.Parallel()
	var board struct {
		Title  string
		Panels []struct {
			Title   string
			Targets []struct{ Expr string }
		}
	}
	if err := json.Unmarshal([]byte(read(t, "deploy/grafana/oversikt.json")), &board); err != nil {
		t.Fatal(err)
	}
	families := gather(t, full(t))
	if len(board.Panels) < 10 {
		t.Errorf("%d panels", len(board.Panels))
	}
	for _, p := range board.Panels {
		for _, target := range p.Targets {
			exist(t, families, p.Title, target.Expr)
		}
		if len(p.Targets) == 0 {
			t.Errorf("%s shows nothing", p.Title)
		}
	}
}

// TestAlarms: every alarm is of metrics that there are, and has a section in the runbook.
func TestAlarms(t *testing.T) {
	t.Parallel()
	var rules struct {
		Groups []struct {
			Rules []struct {
				Alert, Expr         string
				Labels, Annotations map[string]string
			}
		}
	}
	if err := yaml.Unmarshal([]byte(read(t, "deploy/prometheus/alarms.yml")), &rules); err != nil {
		t.Fatal(err)
	}
	runbook, families, n := read(t, "docs/runbook.md"), gather(t, full(t)), 0
	for _, g := range rules.Groups {
		for _, r := range g.Rules {
			n++
			if r.Expr != `up{job="oversikt"} == 0` {
				exist(t, families, r.Alert, r.Expr)
			}
			if !strings.Contains(runbook, "\n## "+r.Alert+"\n") {
				t.Errorf("the runbook has no section on %s", r.Alert)
			}
			if r.Annotations["summary"] == "" || !strings.HasSuffix(r.Annotations["runbook"],
				"docs/runbook.md#"+strings.ToLower(r.Alert)) || !slices.Contains([]string{"page", "ticket"}, r.Labels["severity"]) {
				t.Errorf("%s lacks a summary, its runbook or a severity: %+v", r.Alert, r)
			}
		}
	}
	if sections := strings.Count(runbook, "\n## "); sections != n || n < 10 {
		t.Errorf("%d alarms, %d sections", n, sections)
	}
}

package metrics

import (
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/prometheus/client_golang/prometheus"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/health"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// Source is what is asked when the metrics are read.
type Source struct {
	Health   func() health.Report
	Agencies func() []agency.Stats
	Portal   func() *pgxpool.Stat
	Log      func() audit.Stats
	Solving  func() (computing, waiting int64)
	Refusals func() (letter, browser int64)
	Backlog  func() (backlog act.Backlog, known bool)
}

// Use makes a source the one that is asked. Another configuration has another one.
func (s *Set) Use(from Source) { s.source.Store(&from) }

// described is one metric that is read from the source.
type described struct {
	name, help string
	labels     []string
	kind       prometheus.ValueType
}

func (d described) desc() *prometheus.Desc { return prometheus.NewDesc(d.name, d.help, d.labels, nil) }

const gauge, counter = prometheus.GaugeValue, prometheus.CounterValue

var (
	ofAgency   = []string{"agency"}
	ofDatabase = []string{"database"}

	portalUp    = described{"oversikt_portal_up", "1 while the portal database can be used.", nil, gauge}
	portalWrong = described{"oversikt_portal_wrong",
		"1 while something about the portal database is to be mended.", nil, gauge}
	portalMigration = described{"oversikt_portal_migration",
		"The newest migration that the portal database has had.", nil, gauge}
	agencyUp    = described{"oversikt_agency_up", "1 while the agency can be used.", ofAgency, gauge}
	agencyWrong = described{"oversikt_agency_wrong",
		"1 while something about the agency's database is to be mended.", ofAgency, gauge}
	agencyActs = described{"oversikt_agency_acts", "Acts that the agency offers.", ofAgency, gauge}
	agencyOpen = described{"oversikt_agency_breaker_open",
		"1 while nobody is let through to the agency.", ofAgency, gauge}
	agencyAway = described{"oversikt_agency_turned_away_total",
		"Questions that were not asked, as the breaker was open.", ofAgency, counter}
	agencyTrips = described{"oversikt_agency_round_trips_total",
		"Round trips of reads.", ofAgency, counter}
	agencyReads = described{"oversikt_agency_statements_total", "Statements of reads.", ofAgency, counter}

	poolMax = described{"oversikt_pool_connections_max",
		"Connections that the pool may have.", ofDatabase, gauge}
	poolInUse = described{"oversikt_pool_connections_in_use",
		"Connections that somebody uses.", ofDatabase, gauge}
	poolIdle = described{"oversikt_pool_connections_idle",
		"Connections that nobody uses.", ofDatabase, gauge}
	poolMade = described{"oversikt_pool_connections_made_total",
		"Connections that were made.", ofDatabase, counter}
	poolWaits = described{"oversikt_pool_waits_total",
		"How often a connection was not there at once.", ofDatabase, counter}
	poolWaited = described{"oversikt_pool_wait_seconds_total",
		"How long was waited for connections.", ofDatabase, counter}
	poolGone = described{"oversikt_pool_given_up_total",
		"How often who waited for a connection gave up.", ofDatabase, counter}

	spoolBytes = described{"oversikt_access_log_spool_bytes",
		"What the access log has not handed to the portal database.", nil, gauge}
	entries = described{"oversikt_access_log_entries_total", "Entries of the access log, by what became of them.",
		[]string{"fate"}, counter}

	computing = described{"oversikt_solver_computing",
		"Payment solutions that are being computed.", nil, gauge}
	waiting = described{"oversikt_solver_waiting",
		"Payment solutions that wait for their turn.", nil, gauge}
	logins = described{"oversikt_logins_refused_total",
		"Logins that were refused, by the way of login.", []string{"way"}, counter}
	pending = described{"oversikt_acts_pending",
		"Acts that have not ended, of all replicas.", nil, gauge}
	attention = described{"oversikt_acts_attention",
		"Acts that a person has to look at, of all replicas.", nil, gauge}
	oldest = described{"oversikt_acts_oldest_seconds",
		"Since the oldest act that has not ended was asked for.", nil, gauge}
)

// sourced are all metrics that are read from the source.
var sourced = []described{portalUp, portalWrong, portalMigration, agencyUp, agencyWrong, agencyActs,
	agencyOpen, agencyAway, agencyTrips, agencyReads, poolMax, poolInUse, poolIdle, poolMade, poolWaits,
	poolWaited, poolGone, spoolBytes, entries, computing, waiting, logins, pending, attention, oldest}

// source is the collector that reads from the source.
type source struct{ of *Set }

// Describe implements [prometheus.Collector].
func (s source) Describe(to chan<- *prometheus.Desc) {
	for _, d := range sourced {
		to <- d.desc()
	}
}

// Collect implements [prometheus.Collector].
func (s source) Collect(to chan<- prometheus.Metric) {
	from := s.of.source.Load()
	if from == nil {
		return
	}
	c := collection{to}
	c.health(from.Health())
	for _, a := range from.Agencies() {
		c.agency(a)
	}
	c.pool("portal", from.Portal())
	c.log(from.Log())
	now, queue := from.Solving()
	c.put(computing, float64(now))
	c.put(waiting, float64(queue))
	letter, browser := from.Refusals()
	c.put(logins, float64(letter), "letter")
	c.put(logins, float64(browser), "browser")
	if b, known := from.Backlog(); known {
		c.put(pending, float64(b.Pending))
		c.put(attention, float64(b.Attention))
		c.put(oldest, b.Oldest.Seconds())
	}
}

type collection struct{ to chan<- prometheus.Metric }

func (c collection) put(d described, value float64, labels ...string) {
	c.to <- prometheus.MustNewConstMetric(d.desc(), d.kind, value, labels...)
}

func (c collection) health(r health.Report) {
	c.put(portalUp, is(r.Portal.Up()))
	c.put(portalWrong, is(r.Portal.State == health.Wrong))
	c.put(portalMigration, float64(r.Portal.Migration))
	for _, a := range r.Agencies {
		c.put(agencyUp, is(a.Up()), a.Agency)
		c.put(agencyWrong, is(a.State == health.Wrong), a.Agency)
		c.put(agencyActs, float64(a.Acts), a.Agency)
	}
}

func (c collection) agency(a agency.Stats) {
	c.put(agencyOpen, is(a.Open), a.Agency)
	c.put(agencyAway, float64(a.TurnedAway), a.Agency)
	c.put(agencyTrips, float64(a.RoundTrips), a.Agency)
	c.put(agencyReads, float64(a.Statements), a.Agency)
	c.pool("agency "+a.Agency, a.Pool)
}

func (c collection) pool(name string, p *pgxpool.Stat) {
	c.put(poolMax, float64(p.MaxConns()), name)
	c.put(poolInUse, float64(p.AcquiredConns()), name)
	c.put(poolIdle, float64(p.IdleConns()), name)
	c.put(poolMade, float64(p.NewConnsCount()), name)
	c.put(poolWaits, float64(p.EmptyAcquireCount()), name)
	c.put(poolWaited, p.EmptyAcquireWaitTime().Seconds(), name)
	c.put(poolGone, float64(p.CanceledAcquireCount()), name)
}

func (c collection) log(s audit.Stats) {
	c.put(spoolBytes, float64(s.Pending))
	c.put(entries, float64(s.Spooled), "spooled")
	c.put(entries, float64(s.Direct), "direct")
	c.put(entries, float64(s.Refused), "refused")
	c.put(entries, float64(s.Delivered), "delivered")
	c.put(entries, float64(s.Rejected), "rejected")
	c.put(entries, float64(s.Torn), "torn")
}

func is(so bool) float64 {
	if so {
		return 1
	}
	return 0
}

package main

import (
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"text/tabwriter"
	"time"
)

// report is what was measured. Its JSON is one line of `-json`.
type report struct {
	Agencies    int      `json:"agencies"`
	Debtors     int      `json:"debtors"`
	Cases       int      `json:"cases"`
	People      int      `json:"people"`
	AnswerBytes int      `json:"answerBytes"`
	GOMAXPROCS  int      `json:"gomaxprocs"`
	Go          string   `json:"go"`
	LoadBefore  string   `json:"loadBefore"`
	LoadAfter   string   `json:"loadAfter"`
	Looks       int      `json:"looks"`     // that the product had to keep in the access log
	Delivered   int      `json:"delivered"` // of them, to the portal database, at the end
	Results     []result `json:"results"`
}

// result compares the two at one number of connections.
type result struct {
	Connections int       `json:"connections"`
	Product     figures   `json:"product"`
	Peer        figures   `json:"peer"`
	P50Ratio    float64   `json:"p50Ratio"` // product's median latency for peer = 1
	Ratios      []float64 `json:"ratios"`   // product's throughput for peer = 1, by round
	Ratio       float64   `json:"ratio"`    // their median
	// CPURatio is the CPU that a request to the peer costs, server and database together,
	// for that of the product = 1. On a machine with nothing else to do it is the ratio
	// of throughputs; on a busy one it is less noisy.
	CPURatio float64 `json:"cpuRatio"`
}

// figures are one server's: medians over the rounds, and percentiles over all requests.
type figures struct {
	Requests   int     `json:"requests"`
	PerSecond  float64 `json:"perSecond"`
	P50        float64 `json:"p50ms"`
	P99        float64 `json:"p99ms"`
	CPU        float64 `json:"cpuMs"`      // a request, of the server
	PostgresMs float64 `json:"postgresMs"` // a request, of PostgreSQL
	Objects    float64 `json:"objects"`    // allocated a request
	Bytes      float64 `json:"bytes"`      // allocated a request
	GCs        float64 `json:"gcsPerSecond"`
	Others     float64 `json:"othersCores"` // cores that the rest of the machine kept busy
}

func summarise(c int, product, peer []turn) result {
	r := result{Connections: c, Product: figuresOf(product), Peer: figuresOf(peer)}
	for i := range product {
		r.Ratios = append(r.Ratios, product[i].perSecond()/peer[i].perSecond())
	}
	r.Ratio, r.P50Ratio = median(r.Ratios), r.Product.P50/r.Peer.P50
	r.CPURatio = (r.Peer.CPU + r.Peer.PostgresMs) / (r.Product.CPU + r.Product.PostgresMs)
	return r
}

func figuresOf(turns []turn) figures {
	var all []time.Duration
	var speeds []float64
	var f figures
	var sum turn
	for i := range turns {
		t := &turns[i]
		all = append(all, t.latencies...)
		speeds = append(speeds, t.perSecond())
		sum.took += t.took
		sum.server.Objects += t.server.Objects
		sum.server.Bytes += t.server.Bytes
		sum.server.GCs += t.server.GCs
		sum.server.CPU += t.server.CPU
		sum.postgres += t.postgres
		sum.others += t.others
	}
	slices.Sort(all)
	n := float64(len(all))
	f.Requests, f.PerSecond = len(all), median(speeds)
	f.P50, f.P99 = milliseconds(at(all, 50)), milliseconds(at(all, 99))
	f.CPU, f.PostgresMs = milliseconds(sum.server.CPU)/n, milliseconds(sum.postgres)/n
	f.Objects, f.Bytes = float64(sum.server.Objects)/n, float64(sum.server.Bytes)/n
	f.GCs, f.Others = float64(sum.server.GCs)/sum.took.Seconds(), sum.others.Seconds()/sum.took.Seconds()
	return f
}

func milliseconds(d time.Duration) float64 { return float64(d) / float64(time.Millisecond) }

func median(values []float64) float64 {
	sorted := slices.Sorted(slices.Values(values))
	n := len(sorted)
	return (sorted[(n-1)/2] + sorted[n/2]) / 2
}

func (r *report) print(out io.Writer, asJSON bool) error {
	if asJSON {
		return json.NewEncoder(out).Encode(r)
	}
	fmt.Fprintf(out,
		"\n%d agency databases, %d debtors, %d cases; %d people ask, answers of %.1f kB, all compared byte for byte\n",
		r.Agencies, r.Debtors, r.Cases, r.People, float64(r.AnswerBytes)/1000)
	fmt.Fprintf(out, "%s, GOMAXPROCS %d; load average %s before, %s after\n\n", r.Go, r.GOMAXPROCS, r.LoadBefore,
		r.LoadAfter)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprintln(w, "connections\tserver\treq/s\tp50 ms\tp99 ms\tCPU ms\tPostgreSQL ms\tobjects\tkB\tGC/s\tothers\t")
	for _, x := range r.Results {
		for _, s := range []struct {
			name string
			figures
		}{{roleProduct, x.Product}, {rolePeer, x.Peer}} {
			fmt.Fprintf(w, "%d\t%s\t%.0f\t%.2f\t%.2f\t%.3f\t%.3f\t%.0f\t%.1f\t%.1f\t%.2f\t\n", x.Connections, s.name,
				s.PerSecond,
				s.P50, s.P99, s.CPU, s.PostgresMs, s.Objects, s.Bytes/1000, s.GCs, s.Others)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	for _, x := range r.Results {
		all := make([]string, len(x.Ratios))
		for i, ratio := range x.Ratios {
			all[i] = fmt.Sprintf("%.2f", ratio)
		}
		fmt.Fprintf(out,
			"\n%d connections: p50 %.2f times the peer's, throughput %.2f of the peer's (by round %s); by CPU %.2f",
			x.Connections, x.P50Ratio, x.Ratio, strings.Join(all, " "), x.CPURatio)
	}
	_, err := fmt.Fprintf(out, `

CPU, PostgreSQL, objects and kB are for one request; others is how many cores the rest of the machine kept busy.
The product has each look in its access log: %d of %d had reached the portal database when the last
turn ended, and the others did after it. The peer has no such log.
`, r.Delivered, r.Looks)
	return err
}

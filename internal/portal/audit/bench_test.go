package audit_test

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

// flagship is what the flagship query reads: an overview with a dozen cases.
func flagship(n byte) audit.Look {
	l := own(n)
	l.Cases = nil
	for i := range 12 {
		l.Cases = append(l.Cases, audit.Case{Agency: []string{"fjord", "tradisjon", "lita"}[i%3], ID: fmt.Sprint(100000 + i)})
	}
	return l
}

// BenchmarkRecord is what the log adds to a request.
func BenchmarkRecord(b *testing.B) {
	look := flagship(1)
	secret, err := portal.NewSecret(make([]byte, portal.SecretSize))
	check(b, err)
	record := func(b *testing.B, l *audit.Log, look audit.Look) {
		e, err := audit.New(look)
		if err == nil {
			err = l.Record(b.Context(), audit.Marked(e, secret))
		}
		if err != nil {
			b.Error(err)
		}
	}
	away := func(b *testing.B) *audit.Log { // nothing but the spool is measured
		return open(b, "host=/nowhere user=x dbname=x", b.TempDir(), func(o *audit.Options) { o.MaxBytes = 1 << 40 })
	}
	b.Run("own", func(b *testing.B) {
		l := away(b)
		b.ReportAllocs()
		for b.Loop() {
			record(b, l, look)
		}
	})
	b.Run("refused", func(b *testing.B) { // a wrong password of a letter
		l := away(b)
		b.ReportAllocs()
		for b.Loop() {
			record(b, l, tried(1))
		}
	})
	b.Run("own-parallel", func(b *testing.B) {
		l := away(b)
		b.ReportAllocs()
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				record(b, l, look)
			}
		})
	})
	staff := byStaff(8, 1, "fjord")
	b.Run("staff", func(b *testing.B) {
		l := open(b, newDatabase(b).RoleDSN(portal.Role), b.TempDir())
		b.ReportAllocs()
		for b.Loop() {
			record(b, l, staff)
		}
	})
	b.Run("staff-parallel", func(b *testing.B) {
		l := open(b, newDatabase(b).RoleDSN(portal.Role), b.TempDir())
		b.SetParallelism(4)
		b.RunParallel(func(p *testing.PB) {
			for p.Next() {
				record(b, l, staff)
			}
		})
	})
}

// BenchmarkDeliver is how fast a spool of 10,000 entries is emptied.
func BenchmarkDeliver(b *testing.B) {
	l := open(b, newDatabase(b).RoleDSN(portal.Role), b.TempDir())
	const size = 10_000
	for b.Loop() {
		b.StopTimer()
		for i := range size {
			look := flagship(byte(i%250 + 1))
			look.At = time.Now()
			check(b, l.Record(b.Context(), entry(b, look)))
		}
		b.StartTimer()
		check(b, l.Flush(b.Context()))
	}
	b.ReportMetric(float64(b.N)*size/b.Elapsed().Seconds(), "entries/s")
}

// million fills a table with a million entries of three years, of 100,000 debtors, 200
// members of staff and four agencies, one of which is rare.
const million = `
	select portal.create_access_log_month(now() - n * interval '1 month') from generate_series(0, 36) n;
	insert into portal.access_log
	select now() - i * interval '94 seconds', gen_random_uuid(), 'r' || i,
	       case when i % 10 = 0 then 'CASE_WORKER' else 'PERSON' end,
	       case when i % 10 = 0 then sha256(('staff' || i % 200)::bytea) else p.ref end,
	       case when i % 10 = 0 then a.code end, p.ref,
	       case when i % 10 = 0 then 'STAFF' else 'OWN' end, null, case when i % 10 = 0 then 'innsigelse' end,
	       'query', '{viewer.overview,viewer.cases}', array[a.code] || case when i % 3 = 0 and a.code <> 'fjord' then '{fjord}' else '{}' end::text[],
	       array[a.code || '/' || i % 300000], false, 'Firefox', 'OK'
	from generate_series(1, 1000000) i
	cross join lateral (select sha256(('p' || i::bigint * 7919 % 100000)::bytea) as ref) p
	cross join lateral (select case when i % 10000 = 1 then 'rare' when i % 10 < 6 then 'fjord' when i % 10 < 9 then 'tradisjon' else 'lita' end as code) a;
	analyze portal.access_log;`

// BenchmarkRead reads pages of a table with a million entries.
func BenchmarkRead(b *testing.B) {
	db := newDatabase(b)
	if _, err := db.Conn().Exec(b.Context(), million); err != nil {
		b.Fatal(err)
	}
	l := open(b, db.RoleDSN(portal.Role), b.TempDir())
	subject := audit.Reference(sha256.Sum256([]byte("p77777")))
	actor := audit.Reference(sha256.Sum256([]byte("staff10")))
	month := audit.Filter{From: time.Now().AddDate(-1, 0, 0), To: time.Now().AddDate(-1, 1, 0)}
	ofAgency := func(agency string, f audit.Filter) func(page.Args) (string, error) {
		return func(args page.Args) (string, error) {
			c, err := l.OfAgency(b.Context(), agency, f, args)
			if err != nil || len(c.Edges) == 0 {
				return "", errors.Join(err, errors.New("an empty page"))
			}
			return c.PageInfo.EndCursor.Text(), nil
		}
	}
	reads := map[string]func(page.Args) (string, error){
		"subject": func(args page.Args) (string, error) {
			c, err := l.OfSubject(b.Context(), refs(subject), nil, args)
			if err != nil || len(c.Edges) == 0 {
				return "", errors.Join(err, errors.New("an empty page"))
			}
			return c.PageInfo.EndCursor.Text(), nil
		},
		"agency-common":      ofAgency("fjord", audit.Filter{}),
		"agency-tenth":       ofAgency("lita", audit.Filter{}),
		"agency-rare":        ofAgency("rare", audit.Filter{}),
		"agency-month":       ofAgency("tradisjon", month),
		"agency-rare-month":  ofAgency("rare", month),
		"agency-subject":     ofAgency("fjord", audit.Filter{Subject: refs(subject)}),
		"agency-actor":       ofAgency("fjord", audit.Filter{Actor: refs(actor)}),
		"agency-case":        ofAgency("fjord", audit.Filter{Case: "4"}),
		"agency-case-second": ofAgency("tradisjon", audit.Filter{Case: "200006"}),
	}
	first := 5
	for name, read := range reads {
		b.Run(name, func(b *testing.B) {
			args := page.Args{}
			if name == "subject" {
				args.First = &first
			}
			for b.Loop() {
				if _, err := read(args); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	b.Run("agency-common-page-1000", func(b *testing.B) {
		var args page.Args
		hundred := page.Max
		for range 1000 {
			args.First = &hundred
			cursor, err := reads["agency-common"](args)
			check(b, err)
			args.After = &cursor
		}
		for b.Loop() {
			if _, err := reads["agency-common"](args); err != nil {
				b.Fatal(err)
			}
		}
	})
}

package agency_test

import (
	"context"
	"log/slog"
	"sync/atomic"
	"testing"
	"time"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// elsewhere is one of the demo people who has cases at fjord and nothing at lita.
func elsewhere(t *testing.T) caller.Scope {
	t.Helper()
	g := people.New(1, today)
	for i := range 20 {
		p, at := g.Person(i), map[string]bool{}
		for _, d := range p.Debtors {
			at[d.Agency.Code] = d.Identified
		}
		if at["fjord"] && !at["lita"] {
			return caller.Principal{Kind: caller.Person, NationalID: p.NationalID}.Scope()
		}
	}
	t.Fatal("everybody has cases at lita")
	return caller.Scope{}
}

// bystanders are two agencies: fjord, and lita behind a line that can be slow.
type bystanders struct {
	*agency.Registry
	lita    *cell
	minutes atomic.Int64 // that have passed
}

func newBystanders(t *testing.T, grace time.Duration) *bystanders {
	t.Helper()
	b := &bystanders{lita: newCell(t, "lita", deadline(2*time.Second),
		func(c *agency.Config) { c.Grace = grace })}
	fjord := newCell(t, "fjord")
	var err error
	b.Registry, err = agency.Open([]agency.Config{b.lita.conf, fjord.conf}, func() time.Time {
		return clock().Add(time.Duration(b.minutes.Load()) * time.Minute)
	}, slog.New(slog.DiscardHandler))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Close)
	eventually(t, "both answer", func() bool {
		_, errs := b.Read(t.Context(), somebody(), debt.OfCases)
		return errs[0] == nil && errs[1] == nil
	})
	return b
}

const ofOverview = debt.OfBalance | debt.OfDebtors | debt.OfAgency

// waits says whether a read of the person waits for lita, which answers nobody.
func (b *bystanders) waits(t *testing.T, who caller.Scope, want debt.Relations) bool {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 500*time.Millisecond)
	defer cancel()
	parts, errs := b.Read(ctx, who, want)
	if len(parts) != 2 || parts[0].Agency.Code != "lita" || parts[1].Agency.Code != "fjord" {
		t.Fatalf("the parts are not in order: %+v", parts)
	}
	waited := parts[0].Status != debt.AgencyOK
	if waited != (errs[0] != nil) || waited == parts[0].Presumed || len(parts[0].Cases) > 0 {
		t.Errorf("lita: %s, presumed %t, %v", parts[0].Status, parts[0].Presumed, errs[0])
	}
	return waited
}

// TestStrangerDoesNotWait: who had nothing at an agency a few minutes ago need not wait for it.
// Everybody else does, and so does everybody when the agency has to say more than it did.
func TestStrangerDoesNotWait(t *testing.T) {
	t.Parallel()
	b := newBystanders(t, time.Millisecond)
	parts, errs := b.Read(t.Context(), elsewhere(t), ofOverview)
	if errs[0] != nil || parts[0].Presumed || len(parts[0].Cases)+len(parts[0].Debtors) > 0 || len(parts[1].Cases) == 0 {
		t.Fatalf("at first: %+v, %v", parts, errs)
	}
	email := parts[0].Agency.Email
	b.lita.set(t, line.Quality{Latency: time.Hour})
	for name, tc := range map[string]struct {
		reason string
		who    caller.Scope
		want   debt.Relations
		waits  bool
	}{
		"stranger":        {"it had nothing", elsewhere(t), ofOverview, false},
		"stranger, less":  {"nor has it of less", elsewhere(t), debt.OfCases, false},
		"all records":     {"requests may be there without a case", elsewhere(t), debt.OfAll, true},
		"known there":     {"has cases at lita", somebody(), ofOverview, true},
		"somebody new":    {"has not been asked about", unknown(t), ofOverview, true},
		"known elsewhere": {"fjord alone is in scope", elsewhere(t).Within([]string{"fjord"}), ofOverview, false},
	} {
		if name == "known elsewhere" {
			if parts, errs := b.Read(t.Context(), tc.who, tc.want); len(parts) != 1 || errs[0] != nil {
				t.Errorf("%s: %s: %+v, %v", name, tc.reason, parts, errs)
			}
			continue
		}
		if b.waits(t, tc.who, tc.want) != tc.waits {
			t.Errorf("%s: %s: waits %t", name, tc.reason, !tc.waits)
		}
	}
	parts, _ = b.Read(t.Context(), elsewhere(t), ofOverview)
	if got := parts[0].Agency.Email; !parts[0].Presumed || email == nil || got == nil || *got != *email {
		t.Errorf("the agency's facts are not those of before: %v", got)
	}
	b.minutes.Add(11)
	if !b.waits(t, elsewhere(t), ofOverview) {
		t.Error("after eleven minutes nobody knows any more, and it was not waited for")
	}
}

// unknown is one of the people whom no test asks about.
func unknown(t *testing.T) caller.Scope {
	t.Helper()
	return caller.Principal{Kind: caller.Person, NationalID: people.New(1, today).Person(19).NationalID}.Scope()
}

// TestStrangerNoMore: an agency that has got a case of a stranger's is waited for as soon as it
// has said so, though nobody waited for that answer.
func TestStrangerNoMore(t *testing.T) {
	t.Parallel()
	b := newBystanders(t, time.Millisecond)
	who := elsewhere(t)
	for range 2 { // the second is no news
		if _, errs := b.Read(t.Context(), who, ofOverview); errs[0] != nil {
			t.Fatal(errs[0])
		}
	}
	b.lita.set(t, line.Quality{Latency: 30 * time.Millisecond})
	eventually(t, "nobody waits", func() bool {
		parts, _ := b.Read(t.Context(), who, ofOverview)
		return parts[0].Presumed
	})
	b.lita.exec(t, "update core.debtor set national_id = '"+who.NationalID().Reveal()+
		"' where national_id = '"+somebody().NationalID().Reveal()+"'")
	eventually(t, "the case is seen", func() bool {
		parts, errs := b.Read(t.Context(), who, ofOverview)
		return errs[0] == nil && !parts[0].Presumed && len(parts[0].Cases) > 0
	})
	if parts, _ := b.Read(t.Context(), who, ofOverview); parts[0].Presumed || len(parts[0].Cases) == 0 {
		t.Errorf("once it is seen it stays: %+v", parts[0])
	}
}

// TestStrangerOfAgencyThatIsDown: what is down counts as it did a few minutes ago, too.
func TestStrangerOfAgencyThatIsDown(t *testing.T) {
	t.Parallel()
	b := newBystanders(t, patience)
	if _, errs := b.Read(t.Context(), elsewhere(t), ofOverview); errs[0] != nil {
		t.Fatal(errs[0])
	}
	b.lita.set(t, line.Quality{Down: true})
	for range 6 { // the breaker opens on the way
		if b.waits(t, elsewhere(t), ofOverview) {
			t.Error("somebody who had nothing there is told that it is down")
		}
	}
}

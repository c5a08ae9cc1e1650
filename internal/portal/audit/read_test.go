package audit_test

import (
	"encoding/base64"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/portal/audit"
)

func pageOf(t *testing.T, l *audit.Log, subject byte) *page.Connection[audit.Seen] {
	t.Helper()
	c, err := l.OfSubject(t.Context(), refs(person(subject)), nil, page.Args{})
	check(t, err)
	return c
}

// noon is an instant of this month, at which partitions are there.
var noon = func() time.Time {
	y, m, _ := time.Now().UTC().Date()
	return time.Date(y, m, 1, 12, 0, 0, 0, time.UTC)
}()

// story records looks at person 1 by all who may look, a minute apart.
func story(t *testing.T, l *audit.Log) {
	t.Helper()
	attorney := own(1)
	attorney.Actor, attorney.Ground = audit.Actor{Kind: audit.Attorney, Reference: person(2)},
		audit.Ground{Basis: audit.PowerOfAttorney, Attorney: "poa-1"}
	denied := byStaff(9, 1, "lita")
	denied.Outcome, denied.Agencies, denied.Cases, denied.What = audit.Denied, nil, nil, nil
	other := own(3)
	job := act(1)
	job.Actor = audit.Actor{Kind: audit.System}
	for i, look := range []audit.Look{own(1), byStaff(8, 1, "fjord"), attorney, denied, other, act(1), job} {
		look.At = noon.Add(time.Duration(i) * time.Minute)
		check(t, l.Record(t.Context(), numbered(t, fmt.Sprint("r", i), look)))
	}
	check(t, l.Flush(t.Context()))
}

// TestOfSubject: a debtor learns who has looked, and not which member of staff.
func TestOfSubject(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	story(t, l)
	minute := func(n int) time.Time { return noon.Add(time.Duration(n) * time.Minute) }
	what := []string{"viewer.overview", "viewer.cases"}
	both, mine := []string{"fjord", "lita"}, []audit.Case{{Agency: "fjord", ID: "100005"}, {Agency: "lita", ID: "7"}}
	const reason = "innsigelse mottatt på telefon"
	want := []*audit.Seen{
		{At: minute(6), Kind: audit.System, Ground: audit.Own, Action: "submitObjection", What: what, Agencies: both,
			Cases: mine, Client: "Firefox", Outcome: audit.OK},
		{At: minute(5), Kind: audit.Person, Own: true, Ground: audit.Own, Action: "submitObjection", What: what,
			Agencies: both, Cases: mine, Client: "Firefox", Outcome: audit.OK},
		{At: minute(3), Kind: audit.CaseWorker, StaffAgency: "lita", Ground: audit.Staff, Reason: reason, Action: "query",
			What: []string{}, Agencies: []string{}, Cases: []audit.Case{}, Client: "Firefox", Outcome: audit.Denied},
		{At: minute(2), Kind: audit.Attorney, Ground: audit.PowerOfAttorney, Attorney: "poa-1", Action: "query", What: what,
			Agencies: both, Cases: mine, Client: "Firefox", Outcome: audit.OK},
		{At: minute(1), Kind: audit.CaseWorker, StaffAgency: "fjord", Ground: audit.Staff, Reason: reason, Action: "query",
			What: what, Agencies: []string{"fjord"}, Cases: mine[:1], Client: "Firefox", Outcome: audit.OK},
		{At: minute(0), Kind: audit.Person, Own: true, Ground: audit.Own, Action: "query", What: what, Agencies: both,
			Cases: mine, Client: "Firefox", Outcome: audit.OK},
	}
	got := pageOf(t, l, 1)
	if diff := cmp.Diff(want, got.Nodes, cmpopts.IgnoreFields(audit.Seen{}, "ID"), cmpopts.EquateEmpty()); diff != "" {
		t.Error(diff)
	}
	for name, c := range map[string]struct {
		own  bool
		want []*audit.Seen
	}{"own": {true, []*audit.Seen{want[1], want[5]}}, "others'": {false,
		[]*audit.Seen{want[0], want[2], want[3], want[4]}}} {
		some, err := l.OfSubject(t.Context(), refs(person(1)), &c.own, page.Args{})
		check(t, err)
		if diff := cmp.Diff(c.want, some.Nodes, cmpopts.IgnoreFields(audit.Seen{}, "ID"), cmpopts.EquateEmpty()); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if nobody := pageOf(t, l, 77); len(nobody.Nodes) != 0 || nobody.PageInfo.HasNextPage {
		t.Errorf("%+v", nobody)
	}
}

// TestOfAgency: an auditor sees what concerns the agency, and of that nothing about others.
func TestOfAgency(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	story(t, l)
	cases := map[string]struct {
		reason string
		agency string
		filter audit.Filter
		want   string
	}{
		"fjord":          {"its data, newest first", "fjord", audit.Filter{}, "r6 r5 r4 r2 r1 r0"},
		"lita":           {"its staff's denied try too", "lita", audit.Filter{}, "r6 r5 r4 r3 r2 r0"},
		"another":        {"it has no part in this", "tradisjon", audit.Filter{}, ""},
		"subject":        {"one person", "fjord", audit.Filter{Subject: refs(person(3))}, "r4"},
		"actor":          {"one member of staff", "fjord", audit.Filter{Actor: refs(person(8))}, "r1"},
		"actor of other": {"of another agency's staff only what they did here", "fjord", audit.Filter{Actor: refs(person(9))}, ""},
		"case":           {"one case", "lita", audit.Filter{Case: "7"}, "r6 r5 r4 r2 r0"},
		"case of other":  {"the same number at another agency", "lita", audit.Filter{Case: "100005"}, ""},
		"from":           {"from then on", "fjord", audit.Filter{From: noon.Add(4 * time.Minute)}, "r6 r5 r4"},
		"to":             {"until then", "fjord", audit.Filter{To: noon.Add(2 * time.Minute)}, "r1 r0"},
		"all at once": {"each narrows", "fjord", audit.Filter{From: noon, To: noon.Add(time.Hour), Subject: refs(person(1)),
			Actor: refs(person(1)), Case: "100005"}, "r5 r0"},
	}
	for name, tc := range cases {
		c, err := l.OfAgency(t.Context(), tc.agency, tc.filter, page.Args{})
		check(t, err)
		var got []string
		for _, n := range c.Nodes {
			got = append(got, n.Request)
			for _, code := range n.Agencies {
				if code != tc.agency {
					t.Errorf("%s: %s learns of data at %s", name, tc.agency, code)
				}
			}
			for _, k := range n.Cases {
				if k.Agency != tc.agency {
					t.Errorf("%s: %s learns of a case at %s", name, tc.agency, k.Agency)
				}
			}
		}
		if strings.Join(got, " ") != tc.want {
			t.Errorf("%s (%s): %v, want %s", name, tc.reason, got, tc.want)
		}
	}
	c, err := l.OfAgency(t.Context(), "fjord", audit.Filter{Actor: refs(person(8))}, page.Args{})
	check(t, err)
	if n := c.Nodes[0]; n.Actor != person(8) || n.Subject != person(1) || n.Own || n.Reason == "" {
		t.Errorf("%+v", n)
	}
}

// TestPages: pages in both directions hold each entry once, also where instants are equal.
func TestPages(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	for i := range 23 {
		look := own(1)
		look.At = noon.Add(time.Duration(i/5) * time.Microsecond)
		check(t, l.Record(t.Context(), entry(t, look)))
	}
	check(t, l.Flush(t.Context()))
	all := pageOf(t, l, 1)
	if len(all.Nodes) != page.Default || !all.PageInfo.HasNextPage || all.PageInfo.HasPreviousPage {
		t.Fatalf("%d entries, %+v", len(all.Nodes), all.PageInfo)
	}
	walk := func(forward bool, ask func(page.Args) ([]string, page.Info)) []string {
		size := 4
		var found []string
		args := page.Args{First: &size}
		if !forward {
			args = page.Args{Last: &size}
		}
		for range 10 {
			ids, info := ask(args)
			if forward {
				found = append(found, ids...)
				if !info.HasNextPage {
					return found
				}
				next := info.EndCursor.Text()
				args.After = &next
				continue
			}
			found = append(slices.Clone(ids), found...)
			if !info.HasPreviousPage {
				return found
			}
			next := info.StartCursor.Text()
			args.Before = &next
		}
		t.Fatal("the pages do not end")
		return nil
	}
	ofSubject := func(args page.Args) (ids []string, info page.Info) {
		c, err := l.OfSubject(t.Context(), refs(person(1)), nil, args)
		check(t, err)
		for _, n := range c.Nodes {
			ids = append(ids, fmt.Sprintf("%d %x", n.At.UnixMicro(), n.ID))
		}
		return ids, c.PageInfo
	}
	ofAgency := func(args page.Args) (ids []string, info page.Info) {
		c, err := l.OfAgency(t.Context(), "lita", audit.Filter{}, args)
		check(t, err)
		for _, n := range c.Nodes {
			ids = append(ids, fmt.Sprintf("%d %x", n.At.UnixMicro(), n.ID))
		}
		return ids, c.PageInfo
	}
	want := walk(true, ofSubject)
	sorted := slices.Clone(want)
	slices.Sort(sorted)
	slices.Reverse(sorted)
	if diff := cmp.Diff(sorted, want); diff != "" || len(slices.Compact(sorted)) != 23 {
		t.Errorf("newest first, each once\n%s", diff)
	}
	for name, got := range map[string][]string{"backward": walk(false, ofSubject), "agency": walk(true, ofAgency),
		"agency backward": walk(false, ofAgency)} {
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s\n%s", name, diff)
		}
	}
}

// TestPageFaults: a cursor of another list, person or filter is refused.
func TestPageFaults(t *testing.T) {
	t.Parallel()
	db := newDatabase(t)
	l := open(t, db.RoleDSN(portal.Role), t.TempDir())
	story(t, l)
	cursor := pageOf(t, l, 1).Edges[0].Cursor.Text()
	raw, err := base64.RawURLEncoding.DecodeString(cursor)
	check(t, err)
	short := base64.RawURLEncoding.EncodeToString(raw[:len(raw)-4]) // an id that is no UUID
	one, big := 1, 101
	cases := map[string]struct {
		reason string
		ask    func(page.Args) error
		args   page.Args
		field  string
	}{
		"another person": {"positions say when somebody looked", func(a page.Args) error {
			_, err := l.OfSubject(t.Context(), refs(person(2)), nil, a)
			return err
		}, page.Args{After: &cursor}, "after"},
		"own alone": {"another list", func(a page.Args) error {
			_, err := l.OfSubject(t.Context(), refs(person(1)), new(true), a)
			return err
		}, page.Args{After: &cursor}, "after"},
		"an agency's": {"another list", func(a page.Args) error {
			_, err := l.OfAgency(t.Context(), "fjord", audit.Filter{}, a)
			return err
		}, page.Args{Before: &cursor}, "before"},
		"made up": {"no id in it", func(a page.Args) error {
			_, err := l.OfSubject(t.Context(), refs(person(1)), nil, a)
			return err
		}, page.Args{After: &short}, "after"},
		"too many": {"100 at most", func(a page.Args) error {
			_, err := l.OfSubject(t.Context(), refs(person(1)), nil, a)
			return err
		}, page.Args{Last: &big}, "last"},
		"both": {"one direction", func(a page.Args) error {
			_, err := l.OfSubject(t.Context(), refs(person(1)), nil, a)
			return err
		}, page.Args{First: &one, Last: &one}, "last"},
	}
	for name, tc := range cases {
		if f := fault.Of(tc.ask(tc.args)); f.Code != fault.BadUserInput || f.Field != tc.field {
			t.Errorf("%s (%s): %v", name, tc.reason, f)
		}
	}
}

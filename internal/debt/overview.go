package debt

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/page"
)

// AgencyStatus says whether an agency's part of an answer is there.
type AgencyStatus string

// How an agency answered.
const (
	AgencyOK          AgencyStatus = "OK"
	AgencyUnavailable AgencyStatus = "UNAVAILABLE"
	AgencyTimeout     AgencyStatus = "TIMEOUT"

	// AgencyNothingKnown is the status that an overview shows of a part that is Presumed.
	AgencyNothingKnown AgencyStatus = "NOTHING_KNOWN"
)

// AgencyIncomplete is the status of an agency's share of an overview that lacks cases which are
// withheld.
const AgencyIncomplete AgencyStatus = "INCOMPLETE"

// Part is what one agency knows about a person, from one snapshot of its database.
type Part struct {
	Agency *Agency
	Status AgencyStatus
	// Presumed says that the agency has not answered yet, and had nothing of the person a few
	// minutes ago: it counts as having nothing.
	Presumed bool
	Debtors  []*Debtor
	Cases    []*Case

	Withheld []Withheld // what is left out, as it breaks the contract

	Repeated []string // relations with a row that came twice, and was counted once

	Messages         []Message         // with the person, in the order in which they were sent
	PowersOfAttorney []PowerOfAttorney // given and held
	FAQ              []FAQ             // the agency's own, for anybody
	Difficulties     []Difficulty      // that the person has told of
	CaseLinks        []CaseLink        // cases that the person claims
}

// Person is the caller with everything that the agencies know, as of today.
type Person struct {
	Name  string
	Today norway.Date
	Parts []Part // one per agency, also of those that did not answer
}

// NameFrom takes the person's name from the agencies' records if it has none.
func (p *Person) NameFrom(parts []Part) {
	for _, part := range parts {
		for _, d := range part.Debtors {
			if p.Name == "" {
				p.Name = d.Name
			}
		}
	}
}

// Debtors returns the person as each agency knows it, nil when no agency answered.
func (p *Person) Debtors() []*Debtor {
	var all []*Debtor
	answered := false
	for _, part := range p.Parts {
		all = append(all, part.Debtors...)
		answered = answered || part.Status == AgencyOK
	}
	if answered && all == nil {
		return []*Debtor{}
	}
	return all
}

// Overview is the sum of a person's open cases on a day.
type Overview struct {
	AsOf          norway.Date
	Complete      bool       // every agency that is asked for answered, and no case is withheld
	Withheld      []Withheld // the cases that are
	OpenCaseCount int
	Total         money.Øre
	Principal     money.Øre
	Interest      money.Øre
	Fees          money.Øre
	LegalCosts    money.Øre
	Agencies      []AgencyOverview

	open []claim
}

type claim struct {
	c     *Case
	total money.Øre
}

// AgencyOverview is one agency's share; the numbers are nil when it did not answer, or
// when all of its cases are withheld.
type AgencyOverview struct {
	Agency        *Agency
	Status        AgencyStatus
	OpenCaseCount *int
	Total         *money.Øre
}

// CreditorOverview is what is owed to one creditor at one agency.
type CreditorOverview struct {
	Creditor      *Creditor
	OpenCaseCount int
	Total         money.Øre
}

// Overview sums the balances of the cases that were open on the day, by default today, at the
// agencies that are named, at all when none is. Days to two years from today can be asked for.
func (p *Person) Overview(asOf *norway.Date, agencies []Key) (*Overview, error) {
	day, err := dayOf(asOf, p.Today)
	if err != nil {
		return nil, err
	}
	if err := ofKind(agencies, KindAgency, "agencies", "agencies"); err != nil {
		return nil, err
	}
	o := &Overview{AsOf: day, Complete: true, Agencies: make([]AgencyOverview, 0, len(p.Parts))}
	for _, part := range p.Parts {
		if len(agencies) > 0 && !slices.Contains(agencies, part.Agency.ID) {
			continue
		}
		share := AgencyOverview{Agency: part.Agency, Status: part.Status}
		withheld := part.WithheldCases()
		switch {
		case part.Presumed:
			share.Status = AgencyNothingKnown
		case len(withheld) > 0:
			share.Status = AgencyIncomplete
		}
		if part.Status == AgencyOK && (len(part.Cases) > 0 || len(withheld) == 0) {
			total, count := o.add(part.Cases)
			share.Total, share.OpenCaseCount = &total, &count
		}
		o.Complete = o.Complete && (share.Status == AgencyOK || part.Presumed)
		o.Withheld = append(o.Withheld, withheld...)
		o.Agencies = append(o.Agencies, share)
	}
	return o, nil
}

func (o *Overview) add(cases []*Case) (total money.Øre, count int) {
	for _, c := range cases {
		if !c.openOn(o.AsOf) {
			continue
		}
		b := c.BalanceOn(o.AsOf)
		o.open = append(o.open, claim{c, b.Total})
		o.Total += b.Total
		o.Principal += b.Principal
		o.Interest += b.Interest
		o.Fees += b.Fees
		o.LegalCosts += b.LegalCosts
		o.OpenCaseCount++
		total += b.Total
		count++
	}
	return total, count
}

// Assumed says whether a balance of the overview rests on a rate that is not set for its days.
func (o *Overview) Assumed() bool {
	return slices.ContainsFunc(o.open, func(x claim) bool {
		b := x.c.BalanceOn(o.AsOf)
		return b.Assumed()
	})
}

// Creditors returns to whom the money is owed, the largest sum first.
func (o *Overview) Creditors() []CreditorOverview {
	var out []CreditorOverview
	at := map[*Creditor]int{}
	for _, claim := range o.open {
		i, seen := at[claim.c.Creditor]
		if !seen {
			i = len(out)
			at[claim.c.Creditor] = i
			out = append(out, CreditorOverview{Creditor: claim.c.Creditor})
		}
		out[i].OpenCaseCount++
		out[i].Total += claim.total
	}
	slices.SortStableFunc(out, func(a, b CreditorOverview) int { return cmp.Compare(b.Total, a.Total) })
	return out
}

// NextDue returns what to pay first in all open cases, nil when nothing is due.
func (o *Overview) NextDue() *DueItem {
	var first *DueItem
	for _, claim := range o.open {
		if d := claim.c.NextDue(); d != nil && (first == nil || d.DueOn < first.DueOn) {
			first = d
		}
	}
	return first
}

// NextCost returns the cost that comes first among all open cases, nil when none is foreseen.
func (o *Overview) NextCost() *CostEvent {
	var first *CostEvent
	for _, claim := range o.open {
		if e := claim.c.NextCost(); e != nil && (first == nil || e.On < first.On) {
			first = e
		}
	}
	return first
}

// CaseFilter chooses cases; an empty member chooses all.
type CaseFilter struct {
	Status    *CaseStatus
	Phases    []Phase
	Agencies  []Key
	Creditors []Key
}

func (f *CaseFilter) validate() error {
	if err := ofKind(f.Agencies, KindAgency, "filter.agencies", "agencies"); err != nil {
		return err
	}
	return ofKind(f.Creditors, KindCreditor, "filter.creditors", "creditors")
}

// ofKind refuses ids of something else in a field.
func ofKind(ids []Key, kind Kind, field, things string) error {
	for _, k := range ids {
		if k.Kind != kind {
			return fault.Invalid(field, "%s takes ids of %s", field, things)
		}
	}
	return nil
}

func (f *CaseFilter) matches(c *Case) bool {
	return (f.Status == nil || *f.Status == c.Status) &&
		(len(f.Phases) == 0 || slices.Contains(f.Phases, c.Phase)) &&
		(len(f.Agencies) == 0 || slices.Contains(f.Agencies, Key{KindAgency, c.ID.Agency, ""})) &&
		(len(f.Creditors) == 0 || slices.Contains(f.Creditors, Key{KindCreditor, c.ID.Agency, c.CreditorID}))
}

// CaseOrderField is what cases are sorted by.
type CaseOrderField string

// The orders of cases.
const (
	OrderByOpened CaseOrderField = "OPENED_ON"
	OrderByDue    CaseOrderField = "DUE_ON"
	OrderByTotal  CaseOrderField = "TOTAL"
)

// Direction is ascending or descending.
type Direction string

// The directions.
const (
	Ascending  Direction = "ASC"
	Descending Direction = "DESC"
)

// CaseOrder is an order of cases; ties go by agency and id.
type CaseOrder struct {
	Field     CaseOrderField
	Direction Direction
}

// key returns the number that a case is sorted by, mirrored for a descending order.
func (o CaseOrder) key(c *Case) int64 {
	var k int64
	switch o.Field {
	case OrderByDue:
		k = int64(c.Deadline())
	case OrderByTotal:
		k = int64(c.BalanceOn(c.Terms.Today).Total)
	default:
		k = int64(c.OpenedOn)
	}
	if o.Direction == Descending {
		return -k
	}
	return k
}

// Cases returns a page of the person's cases at all agencies that answered, by default newest
// first (OpenedOn). Faults are BAD_USER_INPUT.
func (p *Person) Cases(filter *CaseFilter, orderBy *CaseOrder, first *int, after *string, last *int,
	before *string) (*page.Connection[Case], error) {
	if filter == nil {
		filter = &CaseFilter{}
	}
	if err := filter.validate(); err != nil {
		return nil, err
	}
	order := CaseOrder{OrderByOpened, Descending}
	if orderBy != nil {
		order = *orderBy
	}
	var cases []*Case
	positions := map[*Case]page.Position{}
	for _, part := range p.Parts {
		for _, c := range part.Cases {
			if filter.matches(c) {
				cases = append(cases, c)
				positions[c] = page.Position{Sort: order.key(c), ID: c.ID.Agency + "/" + c.ID.ID}
			}
		}
	}
	at := func(c *Case) page.Position { return positions[c] }
	return page.Of(filter.name(order), cases, at, page.Args{First: first, Last: last, After: after, Before: before})
}

// name tells lists of different filters or orders apart.
func (f *CaseFilter) name(order CaseOrder) string {
	var b strings.Builder
	b.WriteString("cases " + string(order.Field) + " " + string(order.Direction))
	if f.Status != nil {
		b.WriteString(" status=" + string(*f.Status))
	}
	for _, phase := range f.Phases {
		b.WriteString(" phase=" + string(phase))
	}
	for _, k := range slices.Concat(f.Agencies, f.Creditors) {
		b.WriteString(" " + strconv.Quote(k.Agency+"/"+k.ID))
	}
	return b.String()
}

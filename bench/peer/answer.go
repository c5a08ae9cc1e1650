package peer

import (
	"cmp"
	"encoding/base64"
	"encoding/binary"
	"hash/fnv"
	"slices"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The pages that the flagship query asks for.
const (
	casesAPage = 50
	itemsAPage = 20
)

// computed is a case with what the answer says of it more than once.
type computed struct {
	*debt.Case
	of      *part
	open    bool
	balance debt.Balance
	due     *debt.DueItem
	cost    *debt.CostEvent
}

// sums is what is owed on open cases.
type sums struct {
	debt.Balance
	count int
}

func (s *sums) add(b *debt.Balance) {
	s.Total += b.Total
	s.Principal += b.Principal
	s.Interest += b.Interest
	s.Fees += b.Fees
	s.LegalCosts += b.LegalCosts
	s.count++
}

type creditorSum struct {
	creditor *debt.Creditor
	total    money.Øre
	count    int
}

// compute returns all cases, and the sums over all open ones and per agency and creditor.
func compute(today norway.Date, parts []*part) (cases []computed, all sums, agencies []sums, creditors []creditorSum) {
	n := 0
	for _, p := range parts {
		n += len(p.cases)
	}
	cases, agencies = make([]computed, 0, n), make([]sums, len(parts))
	for k, p := range parts {
		for i := range p.cases {
			c := &p.cases[i]
			x := computed{Case: c, of: p, balance: c.BalanceOn(today), due: c.NextDue(), cost: c.NextCost()}
			x.open = today >= c.OpenedOn && (c.Status == debt.Open || !c.ClosedOn.IsZero() && today < c.ClosedOn)
			cases = append(cases, x)
			if !x.open {
				continue
			}
			all.add(&x.balance)
			agencies[k].add(&x.balance)
			at := slices.IndexFunc(creditors, func(s creditorSum) bool { return s.creditor == c.Creditor })
			if at < 0 {
				at = len(creditors)
				creditors = append(creditors, creditorSum{creditor: c.Creditor})
			}
			creditors[at].total += x.balance.Total
			creditors[at].count++
		}
	}
	slices.SortStableFunc(creditors, func(a, b creditorSum) int { return cmp.Compare(b.total, a.total) })
	return cases, all, agencies, creditors
}

// next returns what is due and what costs first among open cases.
func next(cases []computed) (due, cost *computed) {
	for i := range cases {
		c := &cases[i]
		if !c.open {
			continue
		}
		if c.due != nil && (due == nil || c.due.DueOn < due.due.DueOn) {
			due = c
		}
		if c.cost != nil && (cost == nil || c.cost.On < cost.cost.On) {
			cost = c
		}
	}
	return due, cost
}

// latestFirst sorts cases as the list shows them when no order is asked for.
func latestFirst(a, b computed) int {
	return cmp.Or(cmp.Compare(b.OpenedOn, a.OpenedOn), cmp.Compare(a.of.code, b.of.code), cmp.Compare(a.ID.ID, b.ID.ID))
}

var casesList = func() uint64 {
	h := fnv.New64a()
	_, _ = h.Write([]byte("cases OPENED_ON DESC"))
	return h.Sum64()
}()

// appendCursor appends the cursor that stands at a case.
func appendCursor(b []byte, c *computed) []byte {
	var buf [64]byte
	plain := append(buf[:0], 1)
	plain = binary.BigEndian.AppendUint64(plain, casesList)
	plain = binary.AppendVarint(plain, -int64(c.OpenedOn))
	plain = append(append(append(plain, c.of.code...), '/'), c.ID.ID...)
	return base64.RawURLEncoding.AppendEncode(b, plain)
}

func (w *writer) answer(name string, today norway.Date, parts []*part) {
	cases, all, agencies, creditors := compute(today, parts)
	w.raw(`{"data":{"viewer":{"name":`)
	w.text(name)
	w.raw(`,"overview":{"asOf":`)
	w.date(today)
	w.raw(`,"complete":true,"openCaseCount":`)
	w.int(all.count)
	w.sums(&all.Balance)
	w.raw(`,"agencies":[`)
	for i, p := range parts {
		w.comma(i)
		w.raw(`{"agency":{"name":`)
		w.text(p.name)
		w.raw(`},"status":"OK","openCaseCount":`)
		w.int(agencies[i].count)
		w.raw(`,"total":`)
		w.money(agencies[i].Total)
		w.raw(`}`)
	}
	w.raw(`],"creditors":[`)
	for i, c := range creditors {
		w.comma(i)
		w.raw(`{"creditor":{"name":`)
		w.text(c.creditor.Name)
		w.raw(`},"openCaseCount":`)
		w.int(c.count)
		w.raw(`,"total":`)
		w.money(c.total)
		w.raw(`}`)
	}
	w.raw(`],"nextDue":`)
	due, cost := next(cases)
	w.nextDue(due)
	w.raw(`,"nextCost":`)
	w.nextCost(cost)
	w.raw(`},"cases":`)
	w.cases(cases)
	w.raw(`}}}`)
}

func (w *writer) nextDue(c *computed) {
	if c == nil {
		w.raw("null")
		return
	}
	w.raw(`{"dueOn":`)
	w.date(c.due.DueOn)
	w.raw(`,"amount":`)
	w.money(c.due.Amount)
	w.named(c.due.Case)
}

func (w *writer) nextCost(c *computed) {
	if c == nil {
		w.raw("null")
		return
	}
	w.cost(c.cost)
	w.named(c.Case)
}

// named ends an object with the case that it belongs to.
func (w *writer) named(c *debt.Case) {
	w.raw(`,"case":{"id":`)
	w.id(c.ID)
	w.raw(`,"caseNumber":`)
	w.text(c.CaseNumber)
	w.raw(`}}`)
}

package resolvers_test

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const inBook = `query($filter: AuditQueueFilter, $order: AuditQueueOrder! = HEAVIEST, $first: Int, $after: String) { staff {
	auditQueue(filter: $filter, orderBy: $order, first: $first, after: $after) { totalCount sweep { startedAt finishedAt casesLookedAt broken }
		nodes { verdict rules count on amount { amount } case { caseNumber audit { findings { rule verdict } } } }
		edges { cursor node { count } } pageInfo { hasNextPage endCursor } } } }`

// looksThroughBook: case workers see the cases of their agency that break the law, and nobody else's. Each look
// is on record, and what was put right is gone at once.
func (p *portal) looksThroughBook(who norway.NationalID, all map[string]wrong) {
	p.t.Helper()
	p.know("worker", staff(caller.CaseWorker, people.Fjord))
	p.know("elsewhere", staff(caller.Supervisor, people.Tradisjon))
	p.waitForBook("worker")
	p.looked()
	listed := p.book("worker", map[string]any{"first": 7})
	for number, w := range all {
		rules, ok := listed[number]
		if want := w.verdict == "BREACH" && !strings.Contains(w.change, "CLOSED"); want && !slices.Contains(rules, w.rule) {
			p.t.Errorf("%s: %v in the list, want %s", number, rules, w.rule)
		} else if strings.Contains(w.change, "CLOSED") && ok {
			p.t.Errorf("%s is closed and in the list", number)
		}
	}
	if !slices.ContainsFunc(p.looked(), func(l look) bool { return l.What == "staff.auditQueue" && p.about(l, who) }) {
		p.t.Error("no look at the person is on record")
	}
	p.waitForBook("elsewhere")
	for number := range p.book("elsewhere", map[string]any{"first": 100, "order": "NEWEST"}) {
		if strings.HasPrefix(number, "GALT") {
			p.t.Errorf("%s is in another agency's list", number)
		}
	}
	once := map[string]any{"filter": map[string]any{"rule": "FEE_ONCE", "minAmount": "599,99", "minCount": 2}}
	if got := p.book("worker", once); len(got) != 1 || got["GALT-02"] == nil {
		p.t.Errorf("of the rule there is %v", got)
	}
	once = map[string]any{"filter": map[string]any{"rule": "FEE_ONCE", "minAmount": "600.01"}}
	if got := p.book("worker", once); len(got) > 0 {
		p.t.Errorf("of more than is at stake there is %v", got)
	}
	p.charge(`delete from core.fee f using core.case c
		where c.case_id = f.case_id and case_number = 'GALT-02' and incurred_on = '2026-02-01'`)
	if got := p.book("worker", map[string]any{"filter": map[string]any{"rule": "FEE_ONCE"}}); len(got) > 0 {
		p.t.Errorf("what was put right is in the list: %v", got)
	}
	p.charge(`insert into core.fee (case_id, kind, amount_ore, incurred_on)
		select case_id, 'LIGHT_FEE', 60000, '2026-02-01' from core.case where case_number = 'GALT-02'`)
	a := p.askAs("worker", inBook, map[string]any{"filter": map[string]any{"minAmount": "many"}})
	if len(a.Errors) != 1 || a.Errors[0].Extensions.Code != "BAD_USER_INPUT" {
		p.t.Errorf("no amount: %s", a.Raw)
	}
}

// charge changes the fees of Fjord.
func (p *portal) charge(sql string) {
	p.t.Helper()
	if _, err := p.databases[people.Fjord].Conn().Exec(p.t.Context(), sql); err != nil {
		p.t.Fatal(err)
	}
}

// waitForBook waits until a case worker's book has been looked through.
func (p *portal) waitForBook(as string) {
	p.t.Helper()
	for began := time.Now(); ; {
		sweep := at(p.getAs(as, inBook, map[string]any{"first": 1}), "staff", "auditQueue", "sweep")
		if at(sweep, "finishedAt") != nil {
			if at(sweep, "broken") != false || at(sweep, "casesLookedAt").(float64) < 50 {
				p.t.Fatalf("%s has %v", as, sweep)
			}
			return
		}
		if time.Since(began) > time.Minute {
			p.t.Fatalf("%s has %v", as, sweep)
		}
	}
}

// book returns the rules that are not kept, by case number, page by page in order.
func (p *portal) book(as string, args map[string]any) map[string][]string {
	p.t.Helper()
	all := map[string][]string{}
	last, total := "", 0.0
	for {
		a := p.askAs(as, inBook, args)
		page := at(a.object(p.t), "staff", "auditQueue")
		for _, n := range at(page, "nodes").([]any) {
			number, rules := p.inBook(n)
			sort := at(n, "on").(string)
			if args["order"] == nil {
				sort = fmt.Sprintf("%20s", at(n, "amount", "amount"))
			}
			if all[number] != nil || last != "" && sort > last {
				p.t.Errorf("%s with %q comes after %q", number, sort, last)
			}
			all[number], last, total = rules, sort, at(page, "totalCount").(float64)
		}
		for _, u := range a.Extensions.Usage {
			if u.RoundTrips != 2 {
				p.t.Errorf("%s is asked %d times for a page", u.Agency, u.RoundTrips)
			}
		}
		if at(page, "pageInfo", "hasNextPage") != true {
			if len(all) != int(total) {
				p.t.Errorf("%d cases are listed of %v", len(all), total)
			}
			return all
		}
		args = with(args, "after", at(page, "pageInfo", "endCursor"))
	}
}

// inBook returns the number of a case in the list and the rules that it says are not kept, which its findings say too.
func (p *portal) inBook(node any) (number string, rules []string) {
	p.t.Helper()
	number = at(node, "case", "caseNumber").(string)
	for _, f := range at(node, "case", "audit", "findings").([]any) {
		rule := at(f, "rule").(string)
		if v := at(f, "verdict"); (v == "BREACH" || v == "NEAR") && !slices.Contains(rules, rule) {
			rules = append(rules, rule)
		}
	}
	if fmt.Sprint(rules) != fmt.Sprint(at(node, "rules")) {
		p.t.Errorf("%s: the list has %v, the case %v", number, at(node, "rules"), rules)
	}
	return number, rules
}

package check

import (
	"regexp"
	"slices"
	"strings"
)

// planNode is a node of EXPLAIN (VERBOSE, FORMAT JSON).
type planNode struct {
	Type       string     `json:"Node Type"`
	Rows       float64    `json:"Plan Rows"`
	Schema     string     `json:"Schema"`
	Table      string     `json:"Relation Name"`
	Alias      string     `json:"Alias"`
	Filter     string     `json:"Filter"`
	JoinFilter string     `json:"Join Filter"`
	IndexCond  string     `json:"Index Cond"`
	RemoteSQL  string     `json:"Remote SQL"`
	Plans      []planNode `json:"Plans"`
}

// wholeScan is a node that goes through all of a table, with the nodes above it.
type wholeScan struct {
	node  *planNode
	above []*planNode
}

// wholeScans returns the scans of whole tables at or below the node.
func (n *planNode) wholeScans() []wholeScan { return n.collect(nil) }

func (n *planNode) collect(above []*planNode) []wholeScan {
	var scans []wholeScan
	switch n.Type {
	case "Seq Scan", "Sample Scan":
		scans = append(scans, wholeScan{n, above})
	case "Foreign Scan":
		if n.RemoteSQL != "" && !strings.Contains(n.RemoteSQL, " WHERE ") {
			scans = append(scans, wholeScan{n, above})
		}
	case "Index Scan", "Index Only Scan":
		if n.IndexCond == "" {
			scans = append(scans, wholeScan{n, above})
		}
	}
	above = append(slices.Clone(above), n)
	for i := range n.Plans {
		scans = append(scans, n.Plans[i].collect(above)...)
	}
	return scans
}

// missing says which index the scan lacks.
func (s wholeScan) missing() *missingIndex {
	clauses := s.clauses()
	m := &missingIndex{clauses: clauses, foreign: s.foreign(), whole: !s.sequential() || s.apart(clauses)}
	for _, clause := range clauses {
		if column := s.plain(clause); column != "" && !strings.Contains(s.node.Filter, clause) {
			m.plain = append(m.plain, column)
		}
		if side := s.side(clause); side != "" && !slices.Contains(m.indexed, side) {
			m.indexed = append(m.indexed, side)
		}
		for _, column := range s.columns(clause) {
			if !slices.Contains(m.columns, column) {
				m.columns = append(m.columns, column)
			}
		}
	}
	return m
}

// plain returns the column that an index on it would serve: it stands alone on one
// side of the equation.
func (s wholeScan) plain(clause string) string {
	left, right, _ := strings.Cut(clause, " = ")
	for _, side := range []string{left, right} {
		if m := columnInPlan.FindStringSubmatch(side); m != nil && m[0] == side && m[1]+m[2] == s.node.Alias {
			return m[3] + m[4]
		}
	}
	return ""
}

// side returns the side of an equation that is the table's, as an index has it; empty where there
// is none.
func (s wholeScan) side(clause string) string {
	if column := s.plain(clause); column != "" {
		return quoted(column)
	}
	left, right, ok := strings.Cut(clause, " = ")
	if !ok {
		return ""
	}
	for _, side := range []string{left, right} {
		if len(s.columns(side)) == 0 {
			continue
		}
		own := columnInPlan.ReplaceAllStringFunc(side, func(column string) string {
			m := columnInPlan.FindStringSubmatch(column)
			if m[1]+m[2] != s.node.Alias {
				return column
			}
			return quoted(m[3] + m[4])
		})
		if columnInPlan.MatchString(own) || strings.Contains(own, "$") {
			return "" // it needs something of another table
		}
		return "(" + own + ")"
	}
	return ""
}

func (s wholeScan) sequential() bool { return s.node.Type == "Seq Scan" }

func (s wholeScan) foreign() bool { return s.node.Type == "Foreign Scan" }

// cheapWhenSmall says that the scan is of no account where the table is small: it
// has no condition, as one row of settings, or goes through an index, which then
// costs no more than a look-up.
func (s wholeScan) cheapWhenSmall() bool {
	if s.foreign() {
		return s.node.Rows <= fewForeign
	}
	return !s.sequential() || len(s.clauses()) == 0
}

const fewForeign = 100 // rows of another server's table that may be fetched for a read, as settings are

// clauses returns the conditions by which rows of the table are chosen: equations
// where there are any, with joins before the view's own conditions.
func (s wholeScan) clauses() []string {
	var joins, filters []string
	split := func(condition string) {
		for clause := range strings.SplitSeq(condition, " AND ") {
			clause = strings.Trim(clause, "()")
			if len(s.columns(clause)) == 0 || strings.Contains(clause, " ANY ") || strings.Contains(clause, " IS NULL") {
				continue
			}
			if isJoin(clause) {
				joins = append(joins, balanced(clause))
			} else {
				filters = append(filters, balanced(clause))
			}
		}
	}
	split(s.node.Filter)
	for _, n := range s.above {
		split(n.JoinFilter)
		split(n.Filter)
	}
	if len(joins) > 0 {
		return joins
	}
	return filters
}

// apart says that the scan serves a part of the view that is computed whole, and
// no condition of the read reaches it.
func (s wholeScan) apart(clauses []string) bool {
	return !slices.ContainsFunc(clauses, isJoin) && slices.ContainsFunc(s.above, func(n *planNode) bool {
		return slices.Contains([]string{"Subquery Scan", "Aggregate", "Group", "Unique", "WindowAgg", "SetOp", "Limit",
			"CTE Scan"}, n.Type)
	})
}

// isJoin says that a clause is an equation with something that the read brings.
func isJoin(clause string) bool {
	left, right, ok := strings.Cut(clause, " = ")
	return ok && !isConstant(left) && !isConstant(right)
}

// isConstant says that one side of an equation is a literal of the view.
func isConstant(side string) bool { return strings.HasPrefix(strings.Trim(side, "( "), "'") }

// balanced puts back the parentheses that splitting has torn off.
func balanced(clause string) string {
	for range strings.Count(clause, ")") - strings.Count(clause, "(") {
		clause = "(" + clause
	}
	for range strings.Count(clause, "(") - strings.Count(clause, ")") {
		clause += ")"
	}
	return clause
}

var columnInPlan = regexp.MustCompile(`(?:"([^"]+)"|([a-z_][a-z0-9_$]*))\.(?:"([^"]+)"|([a-z_][a-z0-9_$]*))`)

// columns returns the columns of the scanned table in a condition.
func (s wholeScan) columns(clause string) []string {
	var columns []string
	for _, m := range columnInPlan.FindAllStringSubmatch(clause, -1) {
		if m[1]+m[2] == s.node.Alias {
			columns = append(columns, m[3]+m[4])
		}
	}
	return columns
}

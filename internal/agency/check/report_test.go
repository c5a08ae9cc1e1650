package check

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// TestEveryRuleIsExplained keeps the table of the page whole.
func TestEveryRuleIsExplained(t *testing.T) {
	t.Parallel()
	source, err := os.ReadFile("report.go")
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range regexp.MustCompile(`Rule = "([a-z-]+)"`).FindAllSubmatch(source, -1) {
		if !ruleKnown(Rule(m[1])) {
			t.Errorf("rule %s has no meaning", m[1])
		}
	}
}

// TestRulesReadTheContract: a rule about rows names what the spec has.
func TestRulesReadTheContract(t *testing.T) {
	t.Parallel()
	for _, r := range rowRules {
		for _, name := range append(r.needs, strings.TrimSuffix(r.relation+"."+r.column, ".")) {
			if relation, column := spec.Find(name); relation.Name == "" || (strings.Contains(name, ".") && column.Name == "") {
				t.Errorf("rule %s reads %s, which is not in the contract", r.file, name)
			}
		}
	}
	for _, r := range spec.Relations {
		for _, c := range r.Columns {
			if c.Format != "" && formats[c.Format].valid == nil {
				t.Errorf("%s.%s: format %s has no check", r.Name, c.Name, c.Format)
			}
		}
	}
}

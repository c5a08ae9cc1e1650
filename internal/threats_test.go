package internal

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// TestThreatsAreTested: every test that the threat model names is there, and every threat names one.
func TestThreatsAreTested(t *testing.T) {
	t.Parallel()
	page, err := os.ReadFile("../docs/threat-model.md")
	if err != nil {
		t.Fatal(err)
	}
	tests := map[string]bool{}
	declared := regexp.MustCompile(`(?m)^func (Test\w+)\(t \*testing\.T\)`)
	err = filepath.WalkDir("..", func(path string, entry fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, "_test.go") {
			return err
		}
		source, err := os.ReadFile(path)
		for _, found := range declared.FindAllSubmatch(source, -1) {
			tests[string(found[1])] = true
		}
		return err
	})
	if err != nil || len(tests) < 100 {
		t.Fatalf("%d tests, %v", len(tests), err)
	}
	for _, name := range regexp.MustCompile(`\bTest\w+`).FindAllString(string(page), -1) {
		if !tests[name] {
			t.Errorf("there is no %s", name)
		}
	}
	threats := regexp.MustCompile(`(?m)^\| [STRIDE] \|.*$`).FindAllString(string(page), -1)
	for _, threat := range threats {
		cells := strings.Split(strings.Trim(threat, "| "), " | ")
		if !strings.HasPrefix(cells[len(cells)-1], "Test") {
			t.Errorf("no test answers: %s", threat)
		}
	}
	if len(threats) < 20 {
		t.Errorf("%d threats", len(threats))
	}
}

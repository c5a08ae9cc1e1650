package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const written = `package resolvers

func (r *caseResolver) Done(ctx context.Context) (string, error) { return "", nil }
func (r caseResolver) ByValue() string { return helper("not implemented") }
func (r *caseResolver) Strict() string { if r == nil { panic("no resolver") }; return "" }
func (r *caseResolver) Stub() string { panic("not implemented") }
func (r *caseResolver) Formatted() string { panic(fmt.Errorf("not implemented: Formatted - formatted")) }
func Alone() {}
`

// TestReadMethods: a resolver that says it is not implemented is none.
func TestReadMethods(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "case.go"), []byte(written), 0o600); err != nil {
		t.Fatal(err)
	}
	got, err := readMethods(dir)
	if diff := cmp.Diff(map[string]bool{"caseResolver.Done": true, "caseResolver.ByValue": true,
		"caseResolver.Strict": true}, got); err != nil || diff != "" {
		t.Errorf("%v: %s", err, diff)
	}
	if err := os.WriteFile(filepath.Join(dir, "case.go"), []byte("package"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := readMethods(dir); err == nil {
		t.Error("a file that is no Go is read")
	}
}

// TestExplain: who adds a field is told what to write where.
func TestExplain(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	const code = "package graph\n\ntype CaseResolver interface {\n\tOther(ctx context.Context) error\n" +
		"\tNotes(ctx context.Context, obj *debt.Case, first *int) ([]string, error)\n}\n"
	if err := os.WriteFile(filepath.Join(dir, "case.generated.go"), []byte(code), 0o600); err != nil {
		t.Fatal(err)
	}
	cases := map[string]struct {
		reason string
		of     resolver
		says   string
	}{
		"field": {"the record may have it instead", resolver{object: "Case", field: "notes", receiver: "caseResolver",
			method: "Notes", schema: "case.graphql", bound: "debt.Case"},
			"Case.notes of case.graphql has no resolver: write func (r *caseResolver) Notes(ctx context.Context, " +
				"obj *debt.Case, first *int) ([]string, error) in resolvers/case.go, or give debt.Case a field or a method Notes"},
		"root": {"nothing else can have it, and the interface may be missing", resolver{object: "Mutation",
			field: "pay", receiver: "mutationResolver", method: "Pay", schema: "payment.graphql"},
			"Mutation.pay of payment.graphql has no resolver: write func (r *mutationResolver) Pay in resolvers/payment.go"},
	}
	for name, tc := range cases {
		if err := explain([]resolver{tc.of}, "/somewhere/resolvers", dir); err == nil || err.Error() != tc.says {
			t.Errorf("%s (%s): %v", name, tc.reason, err)
		}
	}
}

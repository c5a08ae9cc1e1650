package contract

import (
	"flag"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

var writeGolden = flag.Bool("write", false, "write docs/contract.md and testdata anew")

// debtConstants reads the string constants of package debt by type from its source,
// so that a constant that is in no list of Go's is found too.
func debtConstants(t *testing.T) map[string][]string {
	t.Helper()
	files, err := filepath.Glob("../../debt/*.go")
	if err != nil {
		t.Fatal(err)
	}
	constants := map[string][]string{}
	for _, path := range append(files, "../../text/language.go") { // whose Language is that of debt
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok || spec.Type == nil || len(spec.Values) != 1 {
				return true
			}
			typ, _ := spec.Type.(*ast.Ident)
			value, _ := spec.Values[0].(*ast.BasicLit)
			if typ != nil && value != nil && value.Kind == token.STRING {
				s, err := strconv.Unquote(value.Value)
				if err != nil {
					t.Fatal(err)
				}
				constants[typ.Name] = append(constants[typ.Name], s)
			}
			return true
		})
	}
	return constants
}

func TestCodesAreThoseOfDebt(t *testing.T) {
	t.Parallel()
	constants := debtConstants(t)
	for _, list := range codeLists() {
		if diff := cmp.Diff(list.Values(), constants[list.Type]); diff != "" {
			t.Errorf("%s (-spec +debt.%s):\n%s", list.Name, list.Type, diff)
		}
		if other := list.Has("OTHER"); other != (list.Unlisted == asOther) {
			t.Errorf("%s: OTHER is listed: %v, but a value that is not listed is %s", list.Name, other, list.Unlisted)
		}
	}
}

// TestUnlistedCodesAreReadAsSaid compares what the page says with what the reads do.
func TestUnlistedCodesAreReadAsSaid(t *testing.T) {
	t.Parallel()
	read := map[string]func() (string, error){
		"CaseStatus":      reading(caseStatus),
		"Phase":           reading(phase),
		"LegalStep":       reading(legalStep),
		"HoldKind":        reading(holdKind),
		"CostKind":        reading(costKind),
		"LetterKind":      reading(letterKind),
		"LetterChannel":   reading(letterChannel),
		"PaymentChannel":  reading(paymentChannel),
		"Component":       reading(component),
		"AgreementKind":   reading(agreementKind),
		"AgreementStatus": reading(agreementStatus),
		"ObjectionStatus": reading(objectionStatus),
		"Sender":          reading(sender),
		"RequestKind":     reading(requestKind),
		"RequestStatus":   reading(requestStatus),
		"DebtorKind":      reading(debtorKind),
		"Trade":           reading(trade),
		"Imputation":      reading(imputation),
		"Language":        reading(language),

		"ProposalStatus":    reading(proposalStatus),
		"ProposalReason":    reading(proposalReason),
		"ActStatus":         reading(actStatus),
		"ActReason":         reading(actReason),
		"CredentialChannel": reading(sentBy),
	}
	for _, list := range codeLists() {
		f, ok := read[list.Type]
		if !ok {
			continue // an array
		}
		got := refused
		if v, err := f(); err == nil {
			got = "read as " + v
		}
		if got != list.Unlisted && !(got == refused && list.Unlisted == undone) {
			t.Errorf("%s: an unlisted code is %s; the spec says %s", list.Name, got, list.Unlisted)
		}
	}
}

func reading[T ~string](codes func(*T) *codeScanner[T]) func() (string, error) {
	return func() (string, error) {
		var v T
		err := codes(&v).ScanBytes([]byte("NO_SUCH_CODE"))
		return string(v), err
	}
}

// TestEverythingOfAPersonIsRead: whoever asks what is registered on them gets every column,
// but for those that are another's or that only lead to what is read.
func TestEverythingOfAPersonIsRead(t *testing.T) {
	t.Parallel()
	left := map[string]string{
		"debtor.national_id":                     "it is what is searched by",
		"power_of_attorney.attorney_national_id": "it is another's, or searched by",
		"letter.document_id":                     "document.sql says which letter it is a copy of",
	}
	var all strings.Builder
	for _, s := range statements {
		all.WriteString(s.sql)
	}
	for _, r := range slices.Concat(aboutDebtor, aboutCase, aboutMoney, aboutDialogue) {
		sql := all.String()
		if file, err := sqlFiles.ReadFile("sql/" + r.Name + ".sql"); err == nil {
			sql = string(file)
			sql = sql[:strings.LastIndex(sql+"order by", "order by")]
		} else if !strings.Contains(sql, Schema+"."+r.Name) {
			t.Errorf("no read goes to %s", r.Name)
		}
		for _, c := range r.Columns {
			if _, ok := left[r.Name+"."+c.Name]; !ok && !strings.Contains(sql, "."+c.Name) {
				t.Errorf("%s.%s is not read", r.Name, c.Name)
			}
		}
	}
}

func TestSpecIsSound(t *testing.T) {
	t.Parallel()
	for _, r := range Relations {
		if r.Norwegian == "" || !strings.HasSuffix(r.About, ".") {
			t.Errorf("%s is not described", r.Name)
		}
		if !r.OneRow && len(r.Unique) == 0 && r.Name != "hold" && r.Name != "scheduled_cost" {
			t.Errorf("%s has no key", r.Name)
		}
		for _, key := range r.Unique {
			for _, column := range key {
				if r.column(column).Name == "" {
					t.Errorf("%s: no column %s of the key", r.Name, column)
				}
			}
		}
		for i, c := range r.Columns {
			name := r.Name + "." + c.Name
			if !strings.HasSuffix(c.About, ".") {
				t.Errorf("%s is not described by a sentence", name)
			}
			if _, target := find(c.Refers); c.Refers != "" && !target.isKey() {
				t.Errorf("%s refers to %s, which is no key", name, c.Refers)
			}
			if strings.HasSuffix(c.Name, "_ore") != c.isAmount() {
				t.Errorf("%s: names of amounts, and no others, end in _ore", name)
			}
			if slices.ContainsFunc(r.Columns[:i], func(o Column) bool { return o.Name == c.Name }) {
				t.Errorf("%s is there twice", name)
			}
			if c.Format != "" && formats[c.Format].valid == nil {
				t.Errorf("%s: format %s has no check", name, c.Format)
			}
		}
	}
	for _, f := range Functions {
		if f.Norwegian == "" || !strings.HasSuffix(f.About, ".") {
			t.Errorf("%s is not described", f.Name)
		}
		for _, c := range slices.Concat(f.Arguments, f.Results) {
			if !strings.HasSuffix(c.About, ".") {
				t.Errorf("%s: %s is not described by a sentence", f.Name, c.Name)
			}
		}
	}
	for _, r := range rowRules {
		for _, name := range append(r.needs, strings.TrimSuffix(r.relation+"."+r.column, ".")) {
			if relation, column := find(name); relation.Name == "" || (strings.Contains(name, ".") && column.Name == "") {
				t.Errorf("rule %s reads %s, which is not in the contract", r.file, name)
			}
		}
	}
}

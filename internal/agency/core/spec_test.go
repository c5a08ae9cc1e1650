package core

import (
	"slices"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
)

// scanners read a code of each type.
var scanners = map[string]func(string) (string, error){
	"CaseStatus":        reading(caseStatus),
	"Phase":             reading(phase),
	"LegalStep":         reading(legalStep),
	"HoldKind":          reading(holdKind),
	"CostKind":          reading(costKind),
	"LetterKind":        reading(letterKind),
	"LetterChannel":     reading(letterChannel),
	"PaymentChannel":    reading(paymentChannel),
	"Component":         reading(component),
	"AgreementKind":     reading(agreementKind),
	"AgreementStatus":   reading(agreementStatus),
	"ObjectionStatus":   reading(objectionStatus),
	"ObjectionReason":   inArray(debt.ObjectionReasons, debt.ReasonOther),
	"Sender":            reading(sender),
	"RequestKind":       reading(requestKind),
	"RequestStatus":     reading(requestStatus),
	"DeferralStatus":    reading(deferralStatus),
	"ComplaintStatus":   reading(complaintStatus),
	"ReceiptKind":       reading(receiptKind),
	"ReceiptStatus":     reading(receiptStatus),
	"ComplaintCategory": inArray(debt.ComplaintCategories, debt.ComplaintOther),
	"CaseLinkStatus":    reading(linkStatus),
	"QueueKind":         reading(queueKind),
	"DifficultyKind":    inArray(debt.DifficultyKinds, debt.DifficultyOther),
	"ContactChannel":    reading(contactChannel),
	"DebtorKind":        reading(debtorKind),
	"Trade":             reading(trade),
	"Imputation":        reading(imputation),
	"Language":          reading(language),

	"ActStatus": reading(actStatus),
}

// TestUnlistedCodesAreReadAsSaid compares what the page says with what the reads do.
func TestUnlistedCodesAreReadAsSaid(t *testing.T) {
	t.Parallel()
	for _, list := range spec.CodeLists() {
		f := scanners[list.Type]
		if f == nil {
			continue // TestListedCodesAreRead says so
		}
		got := spec.Refused
		if v, err := f("NO_SUCH_CODE"); err == nil {
			got = "read as " + v
		}
		if got != list.Unlisted && !(got == spec.Refused && strings.HasPrefix(list.Unlisted, "refused")) {
			t.Errorf("%s: an unlisted code is %s; the spec says %s", list.Name, got, list.Unlisted)
		}
	}
}

// TestListedCodesAreRead: what the page promises is read as what it is. A value that one list has
// and the reads do not know would be read as OTHER, and nobody would miss it.
func TestListedCodesAreRead(t *testing.T) {
	t.Parallel()
	var columns []*spec.CodeList // the others are of functions: Ask holds an answer against its own list
	for _, r := range spec.Relations {
		for _, c := range r.Columns {
			columns = append(columns, c.Codes)
		}
	}
	for _, list := range spec.CodeLists() {
		f := scanners[list.Type]
		if f == nil {
			if slices.Contains(columns, list) {
				t.Errorf("%s: nothing here reads it: add its scanner", list.Name)
			}
			continue
		}
		for _, value := range list.Values() {
			if got, err := f(value); err != nil || got != value {
				t.Errorf("%s: %s is read as %q: %v", list.Name, value, got, err)
			}
		}
	}
}

func reading[T ~string](codes func(*T) *codeScanner[T]) func(string) (string, error) {
	return func(value string) (string, error) {
		var v T
		err := codes(&v).ScanBytes([]byte(value))
		return string(v), err
	}
}

// inArray reads a code that comes among others.
func inArray[T ~string](all []T, other T) func(string) (string, error) {
	return func(value string) (string, error) { return string(known([]T{T(value)}, all, other)[0]), nil }
}

// TestEverythingOfAPersonIsRead: whoever asks what is registered on them gets every column,
// but for those that are another's or that only lead to what is read.
func TestEverythingOfAPersonIsRead(t *testing.T) {
	t.Parallel()
	left := map[string]string{
		"debtor.national_id":                     "it is what is searched by",
		"power_of_attorney.attorney_national_id": "it is another's, or searched by",
		"case_link.national_id":                  "it is what is searched by",
		"case_link.name":                         "it is the login's",
		"case_link.password_right":               "who guesses passwords would learn of it",
	}
	var all strings.Builder
	for _, s := range statements {
		all.WriteString(s.sql)
	}
	for _, r := range spec.Relations {
		if r.OneRow || r.Name == "rate" {
			continue // they are nobody's
		}
		sql := all.String()
		if file, err := sqlFiles.ReadFile("sql/" + r.Name + ".sql"); err == nil {
			sql = string(file)
			sql = sql[:strings.LastIndex(sql+"order by", "order by")]
		} else if !strings.Contains(sql, spec.Schema+"."+r.Name) {
			t.Errorf("no read goes to %s", r.Name)
		}
		for _, c := range r.Columns {
			if _, ok := left[r.Name+"."+c.Name]; !ok && !strings.Contains(sql, "."+c.Name) {
				t.Errorf("%s.%s is not read", r.Name, c.Name)
			}
		}
	}
}

package core

import (
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

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
		"DeferralStatus":  reading(deferralStatus),
		"DebtorKind":      reading(debtorKind),
		"Trade":           reading(trade),
		"Imputation":      reading(imputation),
		"Language":        reading(language),

		"ActStatus": reading(actStatus),
	}
	for _, list := range spec.CodeLists() {
		f, ok := read[list.Type]
		if !ok {
			continue // an array
		}
		got := spec.Refused
		if v, err := f(); err == nil {
			got = "read as " + v
		}
		if got != list.Unlisted && !(got == spec.Refused && strings.HasPrefix(list.Unlisted, "refused")) {
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

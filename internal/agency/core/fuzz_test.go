package core

import (
	"bytes"
	"encoding/json"
	"errors"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/agency/spec"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// FuzzScan: whatever bytes come in a column, what is taken is within its bounds, and what is
// refused says which kind of fault it is and not the value.
func FuzzScan(f *testing.F) {
	for _, seed := range []string{"", "\x7f\xff\xff\xff", "\x80\x00\x00\x00", "\x00\x00\x26\x64", "\x7f\xff\xff\xff\xff\xff\xff\xff",
		"\x80\x00\x00\x00\x00\x00\x00\x00", "\x00\x00\x00\x00\x00\x00\x30\x39", "Bl\xe5b\xe6r", "OPEN", "Kari\u202e"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, src []byte) {
		var (
			day, null, end norway.Date
			at             time.Time
			perhaps        *time.Time
			amount         money.Øre
			plain          string
			nullable       *string
			id             string
			again          repeated
			status         debt.CaseStatus
		)
		for _, err := range []error{
			scanDate{}.Scan(src, never(&day)), scanNullDate{}.Scan(src, &null), scanEnd{}.Scan(src, until(&end)),
			scanInstant{}.Scan(src, &at), scanNullInstant{}.Scan(src, &perhaps), scanAmount{}.Scan(src, &amount),
			scanText{}.Scan(src, &plain), scanNullText{}.Scan(src, &nullable), key(&id).ScanBytes(src), again.ScanBytes(src),
			caseStatus(&status).ScanBytes(src),
		} {
			if err != nil && !errors.As(err, new(unfit)) {
				t.Fatalf("%q: %v", src, err)
			}
			if err != nil && len(src) > 12 && bytes.Contains([]byte(err.Error()), src) {
				t.Fatalf("%q is repeated: %v", src, err)
			}
		}
		days := []norway.Date{day, null, end}
		if !at.IsZero() {
			days = append(days, norway.DateOf(at))
		}
		for _, d := range days {
			if !d.IsZero() && (d < norway.FirstDate || d > norway.LastDate) {
				t.Fatalf("%q is %s", src, d)
			}
		}
		if amount < 0 || amount > money.Max || len(plain) > spec.MaxText || !utf8.ValidString(plain) ||
			!utf8.ValidString(id) ||
			status != "" && status != debt.Open && status != debt.Closed {
			t.Fatalf("%q: %d, %q, %q, %s", src, amount, plain, id, status)
		}
	})
}

// FuzzAnswer: whatever a function of an agency answers is one of the contract's answers, or refused.
func FuzzAnswer(f *testing.F) {
	f.Add("DONE", "", []byte(`{"deferral_id":"1"}`))
	f.Add("REFUSED", "NOT_FOUND", []byte(`null`))
	f.Add("OK", "x", []byte(`[1]`))
	function, ok := spec.FunctionNamed("request_deferral")
	if !ok {
		f.Fatal("it is gone")
	}
	f.Fuzz(func(t *testing.T, status, reason string, result []byte) {
		a, err := answerOf(function, status, &reason, result)
		if err != nil {
			return
		}
		if !function.Statuses.Has(a.Status) || a.Reason != "" && a.Reason != otherReason && !function.Reasons.Has(a.Reason) {
			t.Fatalf("%+v", a)
		}
		var into struct {
			ID string `json:"deferral_id"`
		}
		if err := a.Into(function.Name, &into); err == nil && a.Result != nil && !json.Valid(a.Result) {
			t.Fatalf("%q was read", a.Result)
		}
	})
}

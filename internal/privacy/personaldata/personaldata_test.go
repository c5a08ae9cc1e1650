package personaldata

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"io/fs"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/ledongthuc/pdf"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	catalogue "github.com/oversikt/oversikt/internal/text"
)

var write = flag.Bool("write", false, "write the keys of personal-data.json into docs/privacy.md anew")

// keys calls f for every member of the document, with its path.
func keys(t reflect.Type, path string, f func(path string, of reflect.StructField)) {
	for t.Kind() == reflect.Pointer || t.Kind() == reflect.Slice {
		t = t.Elem()
	}
	if t.Kind() != reflect.Struct || t == reflect.TypeFor[instant]() {
		return
	}
	for i := range t.NumField() {
		field := t.Field(i)
		name := path + keyOf(field)
		if field.Type.Kind() == reflect.Slice {
			name += "[]"
		}
		f(name, field)
		keys(field.Type, name+".", f)
	}
}

// TestEveryKeyHasWords: no key is without a label, and no label without a key.
func TestEveryKeyHasWords(t *testing.T) {
	t.Parallel()
	used := map[string]bool{}
	keys(reflect.TypeFor[document](), "", func(path string, of reflect.StructField) {
		key := keyOf(of)
		used[key] = true
		if l := labels[key]; l.nb == "" || l.nn == "" || l.en == "" {
			t.Errorf("%s has no label", path)
		}
	})
	for key := range labels {
		if !used[key] {
			t.Errorf("no key is called %s", key)
		}
	}
}

// TestEveryCodeHasWords: no code of the records is shown to people as it is.
func TestEveryCodeHasWords(t *testing.T) {
	t.Parallel()
	seen := map[reflect.Type]bool{reflect.TypeFor[string](): true, reflect.TypeFor[Code](): true}
	for _, codes := range []any{
		debt.CaseStatuses, debt.Phases, debt.LegalSteps, debt.HoldKinds, debt.CostKinds, debt.LetterKinds,
		debt.LetterChannels, debt.PaymentChannels, debt.Components, debt.AgreementKinds, debt.AgreementStatuses,
		debt.ObjectionStatuses, debt.ObjectionReasons, debt.DebtorKinds, debt.Trades, debt.Languages, debt.Senders,
		debt.RequestKinds, debt.RequestStatuses, debt.DeferralStatuses, debt.DifficultyKinds, debt.ContactChannels,
		debt.CaseLinkStatuses,
		debt.ComplaintStatuses, debt.ComplaintCategories, debt.ReceiptKinds, debt.ReceiptStatuses,
		[]SourceKind{FromAgency, FromPortal},
		[]RequestStatus{RequestReceived, RequestExtended, RequestAnswered},
		[]RequestKind{AskAccess, AskRectification, AskErasure, AskRestriction, AskObjection, AskQuestion, AskComplaint},
		[]LoginKind{"PERSON"}, []PaymentSolutionAcceptanceStatus{"CONFIRMED"}, []PowerOfAttorneySigning{"BANKID"},
		[]AccessActorKind{"ATTORNEY"}, []AccessGround{"OWN"}, []AccessOutcome{"OK"},
		[]ActName{"ACCEPT_PAYMENT_SOLUTION"}, []ActStatus{"DONE"}, // all values: the schema's test
		[]BudgetHousehold{"SINGLE"},
	} {
		v := reflect.ValueOf(codes)
		seen[v.Type().Elem()] = true
		for i := range v.Len() {
			if key := label(v.Index(i)); !catalogue.Has(key) {
				t.Errorf("there is no text for %s", key)
			}
		}
	}
	keys(reflect.TypeFor[document](), "", func(path string, of reflect.StructField) {
		typ := of.Type
		for typ.Kind() == reflect.Pointer || typ.Kind() == reflect.Slice {
			typ = typ.Elem()
		}
		if typ.Kind() == reflect.String && !seen[typ] {
			t.Errorf("%s: the codes of %s are not checked here", path, typ.Name())
		}
	})
}

func TestEveryCategoryIsExplained(t *testing.T) {
	t.Parallel()
	type place struct {
		code   Code
		portal bool
	}
	seen := map[place]bool{}
	for _, k := range slices.Concat(agencyCategories, portalCategories) {
		here := place{k.code, k.ofPortal != nil}
		if seen[here] {
			t.Errorf("%s is there twice", k.code)
		}
		seen[here] = true
		texts := []text{k.name, k.purpose, k.origin, k.recipients}
		if k.ofPortal != nil {
			texts = append(texts, k.retention)
			if !strings.Contains(k.retention.nb, "%d") || !strings.Contains(k.retention.nn, "%d") ||
				!strings.Contains(k.retention.en, "%d") {
				t.Errorf("%s does not say how long it is kept", k.code)
			}
		}
		for _, b := range k.bases {
			texts = append(texts, b.explains)
			if !strings.Contains(b.provision, "art. ") && !strings.Contains(b.provision, "§ ") {
				t.Errorf("%s rests on %q", k.code, b.provision)
			}
		}
		for _, x := range texts {
			if x.nb == "" || x.nn == "" || x.en == "" {
				t.Errorf("%s lacks a text: %+v", k.code, x)
			}
		}
		if len(k.bases) == 0 || (k.ofAgency == nil) == (k.ofPortal == nil) {
			t.Errorf("%s: %d bases", k.code, len(k.bases))
		}
	}
	if len(seen) != 21 {
		t.Errorf("%d categories", len(seen))
	}
}

// TestNotEverything: an agency that leaves a record out has answered, and the register says that it
// is not whole.
func TestNotEverything(t *testing.T) {
	t.Parallel()
	part := debt.Part{Agency: &debt.Agency{Code: "fjord", Name: "Fjord"}, Status: debt.AgencyOK}
	if r := Gather(time.Time{}, []debt.Part{part}, &Portal{}); !r.Complete() {
		t.Errorf("missing: %v", r.Missing)
	}
	part.Withheld = []debt.Withheld{{Reason: debt.WithheldDate}}
	r := Gather(time.Time{}, []debt.Part{part}, &Portal{})
	if r.Complete() || len(r.Sources) != 2 || len(r.Missing) != 1 || r.Missing[0].Name != "Fjord" {
		t.Errorf("missing: %v", r.Missing)
	}
}

func TestRetention(t *testing.T) {
	t.Parallel()
	r := Gather(time.Time{}, nil, &Portal{Requests: make([]Request, 2), Logins: make([]Login, 1),
		Days: map[Code]int{PrivacyRequests: 1095, Logins: 1}})
	var got []string
	for _, c := range r.Sources[0].Categories {
		for _, l := range debt.Languages {
			got = append(got, fmt.Sprint(c.RecordCount, " ", *c.RetentionDays, " ", c.Retention(&l)))
		}
	}
	want := []string{
		"2 1095 Slettes tre år etter at den er besvart.", "2 1095 Blir sletta tre år etter at det er svart på han.",
		"2 1095 Deleted three years after it was answered.",
		"1 1 Slettes én dag etter at innloggingen er utløpt.", "1 1 Blir sletta éin dag etter at innlogginga er gått ut.",
		"1 1 Deleted one day after the login lapsed.",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
}

func TestPeriod(t *testing.T) {
	t.Parallel()
	for days, want := range map[int]text{
		1:    {"én dag", "éin dag", "one day"},
		30:   {"30 dager", "30 dagar", "30 days"},
		364:  {"364 dager", "364 dagar", "364 days"},
		365:  {"ett år", "eitt år", "one year"},
		1096: {"1096 dager", "1096 dagar", "1096 days"},
		3650: {"ti år", "ti år", "ten years"},
		4015: {"4015 dager", "4015 dagar", "4015 days"},
		0:    {"0 dager", "0 dagar", "0 days"},
	} {
		if got := period(days); got != want {
			t.Errorf("%d: %v", days, got)
		}
	}
}

func TestAnswerBy(t *testing.T) {
	t.Parallel()
	for received, want := range map[string][2]string{
		"2026-03-02": {"2026-04-02", "2026-06-02"},
		"2026-01-31": {"2026-02-28", "2026-04-30"}, // a month that has no such day ends on its last
		"2028-01-30": {"2028-02-29", "2028-04-30"},
		"2026-12-15": {"2027-01-15", "2027-03-15"},
	} {
		day := norway.MustDate(received)
		if AnswerBy(day).String() != want[0] || Extended(day).String() != want[1] {
			t.Errorf("%s: %s, %s", received, AnswerBy(day), Extended(day))
		}
	}
}

// TestFont: names in Norway have these letters, Sámi ones among them.
func TestFont(t *testing.T) {
	t.Parallel()
	font, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	for _, r := range "æøåÆØÅéèêóòôâäöüßçñ áÁčČđĐŋŊšŠŧŦžŽ §–−·«»" {
		if i, err := font.GlyphIndex(&sfnt.Buffer{}, r); err != nil || i == 0 {
			t.Errorf("the font has no %q: %v", r, err)
		}
	}
}

// TestAnyText: whatever is registered, both files are made; the JSON has it as it is, and
// the PDF can be read back.
func TestAnyText(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(rt *rapid.T) {
		words := rapid.SliceOfN(rapid.String(), 3, 3).Draw(rt, "texts")
		many := strings.Repeat(rapid.StringMatching(`[a-zæøå ,\n]{0,40}`).Draw(rt, "long"),
			rapid.IntRange(0, 200).Draw(rt, "times"))
		agency := &debt.Agency{Code: "fjord", Name: words[0]}
		part := debt.Part{
			Agency: agency, Status: debt.AgencyOK,
			Debtors:  []*debt.Debtor{{Agency: agency, Name: words[1], Email: &words[2], Language: debt.Nynorsk}},
			Messages: []debt.Message{{Sender: debt.SentByAgency, Body: words[2]}, {Sender: debt.SentByDebtor, Body: many}},
		}
		portal := &Portal{Requests: []Request{{Kind: AskQuestion, Text: words[0], AgencyCode: new("fjord"),
			Status: RequestReceived}}}
		r := Gather(time.Unix(1700000000, 0), []debt.Part{part}, portal)
		content, err := r.Archive(Person{Name: words[1]}, nil)
		if err != nil {
			rt.Fatal(err)
		}
		z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			rt.Fatal(err)
		}
		for _, f := range z.File {
			opened, err := f.Open()
			if err != nil {
				rt.Fatal(err)
			}
			text, err := io.ReadAll(opened)
			if err != nil {
				rt.Fatal(err)
			}
			if f.Name == PDFFile {
				if _, err := pdf.NewReader(bytes.NewReader(text), int64(len(text))); err != nil {
					rt.Fatalf("the PDF cannot be read: %v", err)
				}
				continue
			}
			var tree map[string]any
			if err := json.Unmarshal(text, &tree); err != nil {
				rt.Fatal(err)
			}
			messages := tree["sources"].([]any)[0].(map[string]any)["agency"].(map[string]any)["messages"].([]any)
			if got := messages[0].(map[string]any)["body"]; got != strings.ToValidUTF8(words[2], "\uFFFD") {
				rt.Fatalf("%q became %q", words[2], got)
			}
			if got := messages[1].(map[string]any)["body"]; got != many {
				rt.Fatalf("%q became %q", many, got)
			}
		}
	})
}

// TestDecisions: what was decided about a debtor is in the archive, with what was said.
func TestDecisions(t *testing.T) {
	t.Parallel()
	agency := &debt.Agency{Code: "fjord", Name: "Fjord"}
	c := &debt.Case{Agency: agency, Creditor: &debt.Creditor{}, Terms: &debt.Terms{}, Status: debt.Open,
		Objections: []debt.Objection{
			{Status: debt.ObjectionWithdrawn, WithdrawnOn: norway.MustDate("2026-02-03")},
			{Status: debt.ObjectionToBoard, Disputed: new(money.Øre(450_50)), CreditorStandpoint: new("delivered")},
		},
		Deferrals: []debt.Deferral{{Status: debt.DeferralRefused, Reply: new("twice is enough"),
			Until: norway.MustDate("2026-03-01")}}}
	part := debt.Part{Agency: agency, Status: debt.AgencyOK, Cases: []*debt.Case{c}}
	report := Gather(time.Unix(1700000000, 0), []debt.Part{part}, &Portal{})
	content, err := report.Archive(Person{Name: "Kari"}, nil)
	if err != nil {
		t.Fatal(err)
	}
	z, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	text, err := fs.ReadFile(z, JSONFile)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"withdrawnOn": "2026-02-03"`, `"creditorStandpoint": "delivered"`,
		`"disputedAmount": "450.50"`, `"status": "TO_BOARD"`, `"reply": "twice is enough"`, `"status": "REFUSED"`} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the archive has no %s", want)
		}
	}
}

// TestKeysAreDocumented: docs/privacy.md lists the keys of personal-data.json.
func TestKeysAreDocumented(t *testing.T) {
	t.Parallel()
	const file, begin, end = "../../../docs/privacy.md", "<!-- keys -->\n", "<!-- /keys -->"
	var table strings.Builder
	table.WriteString("| Key | Meaning |\n|---|---|\n")
	keys(reflect.TypeFor[document](), "", func(path string, of reflect.StructField) {
		fmt.Fprintf(&table, "| `%s` | %s |\n", path, labels[keyOf(of)].en)
	})
	page, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	before, rest, ok := strings.Cut(string(page), begin)
	now, after, closed := strings.Cut(rest, end)
	if !ok || !closed {
		t.Fatalf("%s has no place for the keys", file)
	}
	if *write {
		if err := os.WriteFile(file, []byte(before+begin+table.String()+end+after), 0o644); err != nil {
			t.Fatal(err)
		}
		return
	}
	if diff := cmp.Diff(table.String(), now); diff != "" {
		t.Errorf("run go test ./internal/privacy/personaldata -run Documented -write (-want +got)\n%s", diff)
	}
}

package privacy_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// TestArchiveIsWhole compares the archive with what was generated for the person: every
// record at every agency is in both files.
func TestArchiveIsWhole(t *testing.T) {
	t.Parallel()
	w, p := build(t), kari()
	a := w.archive(t, callerOf(p), nil)
	if diff := cmp.Diff([]string{personaldata.JSONFile, personaldata.PDFFile}, a.names); diff != "" {
		t.Errorf("files (-want +got)\n%s", diff)
	}
	if at(a.tree, "format") != personaldata.Format || at(a.tree, "complete") != true ||
		at(a.tree, "generatedAt") != "2026-03-02T12:00:00Z" ||
		at(a.tree, "person", "name") != p.Name || at(a.tree, "person", "nationalId") != p.NationalID.Masked() {
		t.Errorf("%.300s", a.json)
	}
	if n := len(at(a.tree, "sources").([]any)); n != 4 || at(a.tree, "sources", 3, "kind") != "PORTAL" {
		t.Fatalf("%d sources, want three agencies and the portal", n)
	}
	for i, d := range p.Debtors {
		source := at(a.tree, "sources", i)
		want, got := generated(&d), counted(source)
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s (-generated +archived)\n%s", d.Agency.Name, diff)
		}
		for code, n := range want {
			if name := nameOf(source, code); n > 0 && !strings.Contains(a.pdfText, squeeze(fmt.Sprintf("%s (%d)", name, n))) {
				t.Errorf("%s: the PDF does not say %q (%d)", d.Agency.Name, name, n)
			}
		}
	}
	if missing := notIn(a.pdfText, a.tree); len(missing) > 0 {
		t.Errorf("the PDF lacks %d texts of the JSON, such as %q", len(missing), missing[:min(len(missing), 5)])
	}
}

// generated counts what an agency was given.
func generated(d *people.Debtor) map[string]int {
	n := map[string]int{
		"IDENTITY": 1, "CONTACT": 1, "CASES": len(d.Cases), "AGREEMENTS": len(d.Agreements),
		"MESSAGES": len(d.Messages), "POWERS_OF_ATTORNEY": len(d.Powers),
	}
	for _, c := range d.Cases {
		n["COSTS"] += len(c.Fees)
		n["PAYMENTS"] += len(c.Payments)
		n["LETTERS"] += len(c.Letters)
		n["DOCUMENTS"] += len(c.Letters)
		n["OBJECTIONS"] += len(c.Objections)
		n["REQUESTS"] += len(c.Requests)
	}
	for code, count := range n {
		if count == 0 {
			delete(n, code)
		}
	}
	return n
}

// counted counts the records that are in the file, and holds the categories to it.
func counted(source any) map[string]int {
	n := map[string]int{}
	add := func(code string, list any) {
		if items, _ := list.([]any); len(items) > 0 {
			n[code] += len(items)
		}
	}
	data := at(source, "agency")
	for code, key := range map[string]string{"IDENTITY": "debtors", "CONTACT": "debtors", "CASES": "cases",
		"AGREEMENTS": "agreements", "MESSAGES": "messages", "POWERS_OF_ATTORNEY": "powersOfAttorney"} {
		add(code, at(data, key))
	}
	for _, c := range at(data, "cases").([]any) {
		for code, key := range map[string]string{"COSTS": "fees", "PAYMENTS": "payments", "LETTERS": "letters",
			"DOCUMENTS": "documents", "OBJECTIONS": "objections", "REQUESTS": "requests"} {
			add(code, at(c, key))
		}
	}
	for _, c := range at(source, "categories").([]any) {
		if code := at(c, "code").(string); float64(n[code]) != at(c, "recordCount") {
			n[code] = -1
		}
	}
	return n
}

func nameOf(source any, code string) string {
	for _, c := range at(source, "categories").([]any) {
		if at(c, "code") == code {
			return at(c, "name").(string)
		}
	}
	return code
}

// notIn returns the texts of a tree that a text lacks: what is written in words, not what
// stands for a code, a date, an amount or a rate, which are written otherwise for people.
func notIn(text string, tree any) (missing []string) {
	written := map[string]bool{}
	for _, key := range []string{
		"name", "phone", "email", "website", "postalAddress", "orgNumber", "purpose", "provision", "origin", "recipients",
		"retention", "text",
		"streetAddress", "postalCode", "city", "caseNumber", "description", "creditorReference", "kid", "account", "payee",
		"legalBasis",
		"title", "mediaType", "statement", "reply", "subject", "body", "attorneyName", "to",
	} {
		written[key] = true
	}
	var walk func(key string, v any)
	walk = func(key string, v any) {
		switch v := v.(type) {
		case map[string]any:
			for k, below := range v {
				walk(k, below)
			}
		case []any:
			for _, below := range v {
				walk(key, below)
			}
		case string:
			if written[key] && !strings.Contains(text, squeeze(v)) {
				missing = append(missing, key+": "+v)
			}
		}
	}
	walk("", tree)
	return missing
}

// TestNobodyElse searches one person's archive, byte for byte, for everybody else.
func TestNobodyElse(t *testing.T) {
	t.Parallel()
	w, p := build(t), kari()
	for _, q := range []struct {
		who  *people.Person
		text string
	}{{p, "Gjelder meg"}, {new(generator.Person(1)), "HEMMELIG spørsmål fra en annen"}} {
		if _, err := w.hand(t.Context(), callerOf(q.who), submission(q.text)); err != nil {
			t.Fatal(err)
		}
	}
	a := w.archive(t, callerOf(p), nil)
	if !strings.Contains(a.json, "Gjelder meg") || strings.Contains(a.json, "HEMMELIG") ||
		strings.Contains(a.pdfText, "HEMMELIG") {
		t.Error("the archive has another's request, or lacks the person's own")
	}
	attorneys := ""
	for _, d := range p.Debtors {
		for _, power := range d.Powers {
			attorneys += power.Name + "\n"
		}
	}
	searched := 0
	for i := 1; i < population; i++ {
		other := generator.Person(i)
		secrets := []string{other.NationalID.Reveal(), other.Email, other.Phone}
		if other.Name != p.Name && !strings.Contains(attorneys, other.Name) {
			secrets = append(secrets, other.Name)
		}
		for _, d := range other.Debtors {
			for _, c := range d.Cases {
				secrets = append(secrets, `"`+c.Number+`"`, c.KID)
			}
		}
		for _, s := range secrets {
			if s == "" || s == `""` {
				continue
			}
			searched++
			if strings.Contains(a.json, s) || strings.Contains(a.pdfText, squeeze(strings.Trim(s, `"`))) && len(s) > 8 {
				t.Errorf("the archive has %q of person %d", s, i)
			}
		}
	}
	if searched < 300 {
		t.Errorf("searched for %d texts only", searched)
	}
	if strings.Contains(a.json, p.NationalID.Reveal()) || strings.Contains(a.pdfText, p.NationalID.Reveal()) ||
		bytes.Contains(a.pdf, []byte(p.NationalID.Reveal())) {
		t.Error("the national identity number is there in full")
	}
}

// TestAttorneyLearnsNothing: of a power of attorney that a person holds, their archive has
// neither who gave it nor the cases.
func TestAttorneyLearnsNothing(t *testing.T) {
	t.Parallel()
	w, giver := build(t), kari()
	var holder people.Person
	for i := range population {
		if p := generator.Person(i); p.NationalID.Reveal() == giver.Debtors[0].Powers[0].NationalID {
			holder = p
		}
	}
	a := w.archive(t, callerOf(&holder), nil)
	if at(a.tree, "sources", 0, "agency", "powersOfAttorney", 0, "held") != true {
		t.Fatalf("it is not there: %v", at(a.tree, "sources", 0, "agency"))
	}
	for _, secret := range []string{giver.Name, giver.NationalID.Reveal(), `"` + giver.Debtors[0].Cases[0].Number + `"`} {
		if strings.Contains(a.json, secret) || strings.Contains(a.pdfText, squeeze(secret)) {
			t.Errorf("the attorney's archive has %q", secret)
		}
	}
}

// TestPowersOfThePortal: a power of attorney is in the archive of who gave it also when no
// agency has heard of it, and in that of the attorney without what is the giver's.
func TestPowersOfThePortal(t *testing.T) {
	t.Parallel()
	w, giver, holder := build(t, people.Lita), kari(), generator.Person(5)
	signedIn := callerOf(giver)
	signedIn.Issuer, signedIn.ACR = "bank", "high"
	read, err := w.agencies.ReadCases(t.Context(), people.Fjord, callerOf(giver).Scope(), debt.OfCases, nil)
	if err != nil {
		t.Fatal(err)
	}
	cases := read.Cases
	power, err := attorney.Give(w.powers).Perform(t.Context(), w.engine, act.By{Principal: signedIn}, attorney.Input{
		Keyed: act.Keyed{IdempotencyKey: uuid.New()},
		Attorney: attorney.Who{Person: &attorney.PersonInput{
			NationalID: holder.NationalID.Reveal(), Name: "Per Fullmektig"}},
		MayAct:   true,
		Agencies: []debt.Key{{Kind: debt.KindAgency, Agency: people.Lita}}, Cases: []debt.Key{cases[0].ID},
		ValidUntil: today.AddMonths(3),
		Signing: attorney.SigningInput{Document: &document.Input{MediaType: document.PDF,
			Base64: base64.StdEncoding.EncodeToString([]byte("%PDF-1.7\n%%EOF\n"))}},
	})
	if err != nil {
		t.Fatal(err)
	}
	revoked := attorney.RevokeInput{Keyed: act.Keyed{IdempotencyKey: uuid.New()}, ID: attorney.GlobalID(power.ID)}
	_, err = attorney.Revoke(w.powers).Perform(t.Context(), w.engine, act.By{Principal: signedIn}, revoked)
	if err != nil {
		t.Fatal(err)
	}
	portalOf := func(p *people.Person) (archive, any) {
		a := w.archive(t, callerOf(p), nil)
		sources := at(a.tree, "sources").([]any)
		return a, sources[len(sources)-1]
	}
	given, source := portalOf(giver)
	want := map[string]any{
		"givenAt": "2026-03-02T12:00:00Z", "held": false, "attorneyName": "Per Fullmektig", "orgNumber": nil, "mayAct": true,
		"allCases": false,
		"agencies": []any{"Lita Inkasso AS"}, "caseNumbers": []any{cases[0].CaseNumber + ", Fjord Inkasso AS"},
		"validFrom": "2026-03-02", "validUntil": "2026-06-02",
		"revokedAt": "2026-03-02T12:00:00Z", "signedWith": "DOCUMENT", "mediaType": "application/pdf", "byteSize": 15.0,
	}
	if diff := cmp.Diff([]any{want}, at(source, "portal", "powersOfAttorney")); diff != "" {
		t.Errorf("given (-want +got)\n%s", diff)
	}
	for _, says := range []string{"Fullmakter (1)", "Per Fullmektig", "Opplastet dokument", cases[0].CaseNumber +
		", Fjord Inkasso AS", "tre år"} {
		if !strings.Contains(given.pdfText, squeeze(says)) {
			t.Errorf("the PDF does not say %q", says)
		}
	}
	held, source := portalOf(&holder)
	want["held"], want["agencies"], want["caseNumbers"] = true, []any{}, []any{}
	if diff := cmp.Diff([]any{want}, at(source, "portal", "powersOfAttorney")); diff != "" {
		t.Errorf("held (-want +got)\n%s", diff)
	}
	for _, secret := range []string{giver.Name, giver.NationalID.Reveal(), giver.NationalID.Masked(), cases[0].CaseNumber +
		", Fjord"} {
		if strings.Contains(held.json, `"`+secret) || strings.Contains(held.pdfText, squeeze(secret)) {
			t.Errorf("the attorney's archive has %q", secret)
		}
	}
	if _, source = portalOf(new(generator.Person(7))); len(at(source, "portal", "powersOfAttorney").([]any)) != 0 {
		t.Errorf("somebody else has %v", source)
	}
}

func TestSourceIsAway(t *testing.T) {
	t.Parallel()
	cases := map[string]struct {
		reason  string
		down    []string
		missing []string
		sources int
	}{
		"an agency":  {"the rest is handed out", []string{people.Tradisjon}, []string{"Tradisjonsinkasso AS"}, 3},
		"the portal": {"the agencies' part is handed out", []string{"portal"}, []string{"Oversikt"}, 3},
		"all": {"nothing is there, and that is said", []string{people.Fjord, people.Tradisjon, people.Lita, "portal"},
			[]string{"Fjord Inkasso AS", "Tradisjonsinkasso AS", "Lita Inkasso AS", "Oversikt"}, 0},
	}
	for name, tc := range cases {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := build(t, tc.down...).archive(t, callerOf(kari()), nil)
			var missing []string
			for _, m := range at(a.tree, "missing").([]any) {
				missing = append(missing, at(m, "name").(string))
			}
			if diff := cmp.Diff(tc.missing, missing); diff != "" || at(a.tree, "complete") != false ||
				len(at(a.tree, "sources").([]any)) != tc.sources {
				t.Errorf("%s (-want +got)\n%s", tc.reason, diff)
			}
			for _, m := range tc.missing {
				if !strings.Contains(a.pdfText, squeeze(m+" svarte ikke")) {
					t.Errorf("the PDF does not say that %s did not answer", m)
				}
			}
		})
	}
}

func TestLanguages(t *testing.T) {
	t.Parallel()
	w := build(t, people.Tradisjon, people.Lita)
	for language, says := range map[debt.Language][]string{
		debt.Bokmal:  {"Rettighetene dine", "Hva som er registrert, og hvorfor", "Åpen", "Tradisjonsinkasso AS svarte ikke"},
		debt.Nynorsk: {"Rettane dine", "Kva som er registrert, og kvifor", "Open", "Tradisjonsinkasso AS svara ikkje"},
		debt.English: {"Your rights", "What is registered, and why", "Open", "Tradisjonsinkasso AS did not answer"},
	} {
		a := w.archive(t, callerOf(kari()), &language)
		if at(a.tree, "language") != string(language) || !strings.Contains(string(a.pdf), "/Lang ("+string(language)+")") {
			t.Errorf("%s: the files are in %v", language, at(a.tree, "language"))
		}
		for _, s := range says {
			if !strings.Contains(a.pdfText, squeeze(s)) {
				t.Errorf("%s: the PDF does not say %q", language, s)
			}
		}
	}
}

// TestSameFile: the same data makes the same archive.
func TestSameFile(t *testing.T) {
	t.Parallel()
	w := build(t)
	one, err := w.Archive(t.Context(), callerOf(kari()), nil)
	if err != nil {
		t.Fatal(err)
	}
	two, err := w.Archive(t.Context(), callerOf(kari()), nil)
	if err != nil || !bytes.Equal(one, two) {
		t.Errorf("%d and %d bytes: %v", len(one), len(two), err)
	}
}

func TestArchiveIsRefused(t *testing.T) {
	t.Parallel()
	var asked [][]byte
	limited := privacy.New(privacy.Options{
		Secret: secret(t), Allow: func(reference []byte) bool { asked = append(asked, reference); return false },
	})
	if _, err := limited.Archive(t.Context(), callerOf(kari()), nil); fault.Of(err).Code != fault.RateLimited {
		t.Errorf("too often: %v", err)
	}
	if len(asked) != 1 || len(asked[0]) != 32 || slices.Equal(asked[0], []byte(kari().NationalID.Reveal())) {
		t.Errorf("the limit is asked for %x", asked)
	}
	w := build(t, people.Tradisjon, people.Lita)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if content, err := w.Archive(ctx, callerOf(kari()), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("nobody waits for it any more: %d bytes, %v", len(content), err)
	}
	id, per := kari().NationalID, generator.Person(5).NationalID
	attorney, err := caller.Principal{Kind: caller.Person, NationalID: per}.Under(caller.Authority{
		ID: "1", Grantor: id, Attorney: per, Agencies: []string{people.Lita}, MayAct: true, From: today.AddMonths(-1),
	}, today)
	if err != nil {
		t.Fatal(err)
	}
	for who, p := range map[string]caller.Principal{
		"nobody":   {},
		"letter":   {Kind: caller.LetterCase, NationalID: id, Case: caller.CaseKey{Agency: people.Lita, ID: "1"}},
		"staff":    {Kind: caller.Staff, Agency: people.Lita, Role: caller.Supervisor},
		"attorney": attorney,
	} {
		if content, err := w.Archive(t.Context(), p, nil); fault.Of(err).Code != fault.Forbidden || content != nil {
			t.Errorf("%s: %d bytes, %v", who, len(content), err)
		}
	}
}

// TestArchiveIsRecorded: no archive leaves that the access log does not know of.
func TestArchiveIsRecorded(t *testing.T) {
	t.Parallel()
	w := build(t, people.Lita)
	w.archive(t, callerOf(kari()), nil)
	if diff := cmp.Diff([][]string{{people.Fjord, people.Tradisjon}}, w.recorded); diff != "" {
		t.Errorf("recorded (-want +got)\n%s", diff)
	}
	w.unrecorded = fault.New(fault.AccessNotRecorded, "the log is full")
	if content, err := w.Archive(t.Context(), callerOf(kari()), nil); content != nil || !errors.Is(err, w.unrecorded) {
		t.Errorf("not recorded: %d bytes, %v", len(content), err)
	}
}

// BenchmarkArchive makes the archive of a person with twelve open cases at three agencies.
func BenchmarkArchive(b *testing.B) {
	w, p := build(b), callerOf(kari())
	b.ReportAllocs()
	for b.Loop() {
		content, err := w.Archive(b.Context(), p, nil)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(float64(len(content)), "bytes")
	}
}

package attorney_test

import (
	"encoding/base64"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

const signed = "%PDF-1.7\nsigned by Kari\n%%EOF\n"

// onDocument is input on a document, at one agency.
func onDocument(code string) attorney.Input {
	in := input()
	in.Agencies = []debt.Key{{Kind: debt.KindAgency, Agency: code}}
	in.Signing = attorney.SigningInput{Document: &document.Input{MediaType: document.PDF,
		Base64: base64.StdEncoding.EncodeToString([]byte(signed))}}
	return in
}

func staffAt(role caller.Role, code string) caller.Principal {
	return caller.Principal{Kind: caller.Staff, Role: role, Agency: code, Subject: "somebody"}
}

// TestDocument: the document comes back to who has given it, and to staff of the agencies
// that it covers, to the byte; to nobody else, also when it has ended.
func TestDocument(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord, people.Lita)
	power, err := r.Give(t.Context(), kari(), onDocument(people.Fjord))
	if err != nil {
		t.Fatal(err)
	}
	without := w.give(r)
	acting, err := r.Act(t.Context(), per(), power.ID)
	if err != nil {
		t.Fatal(err)
	}
	letter := kari()
	letter.Kind, letter.Case = caller.LetterCase, caller.CaseKey{Agency: people.Fjord, ID: "1"}
	organisation := per()
	organisation.OrgNumber = "987654325"
	cases := map[string]struct {
		reason string
		p      caller.Principal
		id     uuid.UUID
		code   fault.Code // empty: it is shown
	}{
		"giver":        {"it is hers", kari(), power.ID, ""},
		"case worker":  {"at an agency that it covers", staffAt(caller.CaseWorker, people.Fjord), power.ID, ""},
		"supervisor":   {"the same", staffAt(caller.Supervisor, people.Fjord), power.ID, ""},
		"other agency": {"it does not cover it", staffAt(caller.CaseWorker, people.Lita), power.ID, fault.NotFound},
		"auditor":      {"looks at what the others did", staffAt(caller.Auditor, people.Fjord), power.ID, fault.Forbidden},
		"attorney":     {"it has her whole number", per(), power.ID, fault.NotFound},
		"acting":       {"the same", acting, power.ID, fault.Forbidden},
		"organisation": {"nor its people", organisation, power.ID, fault.NotFound},
		"another":      {"told as one that is missing", person(1), power.ID, fault.NotFound},
		"letter":       {"powers are none of its business", letter, power.ID, fault.Forbidden},
		"nobody":       {"not logged in", caller.Principal{}, power.ID, fault.Forbidden},
		"unknown":      {"there is none", kari(), uuid.New(), fault.NotFound},
		"with BankID":  {"there is no document", kari(), without.ID, fault.NotFound},
	}
	for _, ended := range []bool{false, true} {
		if ended {
			if _, _, err := r.Revoke(t.Context(), kari(), uuid.New(), power.ID); err != nil {
				t.Fatal(err)
			}
		}
		for name, tc := range cases {
			got, err := r.Document(t.Context(), tc.p, tc.id)
			if tc.code == "" {
				if err != nil || string(got.Content) != signed || got.MediaType != document.PDF || got.Size != len(signed) ||
					got.Grantor != kari().NationalID {
					t.Errorf("%s, ended %v: %d bytes, %v (%s)", name, ended, len(got.Content), err, tc.reason)
				}
			} else if fault.Of(err).Code != tc.code || got.Content != nil {
				t.Errorf("%s, ended %v: %v, want %s (%s)", name, ended, err, tc.code, tc.reason)
			}
		}
	}
	other, err := r.Give(t.Context(), kari(), onDocument(people.Lita))
	if err != nil {
		t.Fatal(err)
	}
	w.exec("update portal.power_of_attorney set document = (select document from portal.power_of_attorney where id = $2) where id = $1", other.ID, power.ID)
	if _, err := r.Document(t.Context(), kari(), other.ID); fault.Of(err).Code != fault.Internal ||
		strings.Contains(err.Error(), "Kari") {
		t.Errorf("another's in its place: %v", err)
	}
}

// TestAtAgency: staff see what covers their agency, and nothing of the other agencies.
func TestAtAgency(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	r := w.register(people.Fjord, people.Lita)
	all := w.give(r)
	in := input()
	lita, err := r.Agencies.ReadCases(t.Context(), people.Lita, kari().Scope(), debt.OfCases, nil)
	if err != nil {
		t.Fatal(err)
	}
	in.Agencies, in.Cases = []debt.Key{{Kind: debt.KindAgency, Agency: people.Fjord}}, []debt.Key{lita.Cases[0].ID}
	both, err := r.Give(t.Context(), kari(), in)
	if err != nil {
		t.Fatal(err)
	}
	fjord, err := r.Give(t.Context(), kari(), onDocument(people.Fjord))
	if err != nil {
		t.Fatal(err)
	}
	single := caller.CaseKey{Agency: people.Lita, ID: lita.Cases[0].ID.ID}
	type part struct {
		ID       uuid.UUID
		Agencies []string
		Cases    []caller.CaseKey
	}
	for code, want := range map[string][]part{
		people.Fjord: {{all.ID, nil, nil}, {both.ID, []string{people.Fjord}, nil}, {fjord.ID, []string{people.Fjord}, nil}},
		people.Lita:  {{all.ID, nil, nil}, {both.ID, nil, []caller.CaseKey{single}}},
	} {
		right, err := staffAt(caller.CaseWorker, code).Lookup()
		if err != nil {
			t.Fatal(err)
		}
		powers, err := r.AtAgency(t.Context(), right, kari().NationalID)
		if err != nil {
			t.Fatal(err)
		}
		got := map[uuid.UUID]part{}
		for _, p := range powers {
			got[p.ID] = part{p.ID, p.Agencies, p.Cases}
			if p.Told != nil {
				t.Errorf("%s reads what others were told", code)
			}
		}
		wanted := map[uuid.UUID]part{}
		for _, p := range want {
			wanted[p.ID] = p
		}
		if diff := cmp.Diff(wanted, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", code, diff)
		}
	}
	if powers, err := r.AtAgency(t.Context(), caller.Lookup{}, kari().NationalID); err != nil || len(powers) > 0 {
		t.Errorf("without the right: %d, %v", len(powers), err)
	}
}

package resolvers_test

import (
	"encoding/base64"
	"errors"
	"io"
	"slices"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/complaint"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document/documenttest"
	"github.com/oversikt/oversikt/internal/fault"
)

const (
	myFiles = `{ viewer { cases(first: 100) { nodes { caseNumber
		objections { files { mediaType byteSize document { link } } }
		complaints { files { mediaType byteSize document { link } } }
		receipts { files { mediaType byteSize document { link } } } } } } }`
	filesWaiting = `query($kind: QueueKind!) { staff { queue(kind: $kind, first: 100) { nodes { case { caseNumber } subject {
		... on Objection { files { document { link } } } ... on Complaint { files { document { link } } } } } } } }`
	wrongs = `{ act { status }
		userErrors { code field nb: message(language: NB) nn: message(language: NN) en: message(language: EN) } } }`
)

// TestAttachments: files that are sent with an objection, added to it and sent with a complaint are there for the
// debtor and the case worker, by links of their own, and for nobody else.
func TestAttachments(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	seen := map[string]bool{}
	for i := 0; len(seen) < 3 && i < 12; i++ {
		who, asked := p.suiting(p.resolver.Acts.AddToObjection.Declared()) // who has objected already, with two files
		in := asked.Good.(objection.AddInput)
		if !seen[in.ObjectionID.Agency] {
			seen[in.ObjectionID.Agency] = true
			p.attaches(who, in)
		}
	}
	if len(seen) != 3 {
		t.Errorf("the agencies are %v", seen)
	}
}

func (p *portal) attaches(who norway.NationalID, in objection.AddInput) {
	p.t.Helper()
	t, code := p.t, in.ObjectionID.Agency
	c := p.caseOf(who, in.ObjectionID)
	slip := sentFile("PDF", documenttest.PDF("1 0 obj << /Type /Catalog >> endobj"))
	p.get(who, `mutation($input: AddToObjectionInput!) { addToObjection(input: $input) `+wrongs, map[string]any{
		"input": map[string]any{"idempotencyKey": uuid.NewString(), "objectionId": p.resolver.IDs.Seal(in.ObjectionID),
			"statement": "here it is", "files": []any{slip}}})
	p.get(who, `mutation($input: SubmitComplaintInput!) { submitComplaint(input: $input) `+wrongs, map[string]any{
		"input": map[string]any{"idempotencyKey": uuid.NewString(), "caseId": p.resolver.IDs.Seal(c.ID),
			"categories": []any{"COSTS"}, "files": []any{slip}}})
	p.know("worker", staff(caller.CaseWorker, code))
	mine := p.casesBy(who, myFiles, c.CaseNumber)
	for i, of := range []string{"objection", "complaint"} {
		shown := at(mine, of+"s").([]any)
		last := shown[len(shown)-1]
		if n := len(at(last, "files").([]any)); n != []int{3, 1}[i] {
			t.Errorf("%s: the %s has %d files", code, of, n)
		}
		nodes := at(p.getAs("worker", filesWaiting, map[string]any{"kind": []string{"OBJECTION", "COMPLAINT"}[i]}),
			"staff", "queue", "nodes").([]any)
		j := slices.IndexFunc(nodes, func(n any) bool { return at(n, "case", "caseNumber") == c.CaseNumber })
		if j < 0 {
			t.Fatalf("%s: the %s does not wait", code, of)
		}
		link, theirs := p.linkOf(last), p.linkOf(at(nodes[j], "subject"))
		p.opensFile(code, who.Reveal(), link, of)
		p.opensFile(code, "worker", theirs, of)
		for as, link := range map[string]string{"worker": link, who.Reveal(): theirs, kari().Reveal(): link} {
			if as == kari().Reveal() && who == kari() {
				continue
			}
			if _, err := p.fetch(as, link); fault.Of(err).Code != fault.NotFound {
				t.Errorf("%s: another's link to a file of the %s is answered with %v", code, of, err)
			}
		}
	}
	if n := len(at(mine, "receipts").([]any)); n > 0 {
		t.Errorf("%s: %d receipts", code, n)
	}
}

// caseOf is the case of an objection.
func (p *portal) caseOf(who norway.NationalID, key debt.Key) *debt.Case {
	p.t.Helper()
	part, err := p.resolver.Agencies.ReadCases(p.t.Context(), key.Agency,
		caller.Principal{Kind: caller.Person, NationalID: who}.Scope(),
		debt.OfCases|debt.OfObjections, nil)
	if err != nil {
		p.t.Fatal(err)
	}
	i := slices.IndexFunc(part.Cases, func(c *debt.Case) bool {
		return slices.ContainsFunc(c.Objections, func(o debt.Objection) bool { return o.ID == key })
	})
	return part.Cases[i]
}

func sentFile(kind, content string) map[string]any {
	return map[string]any{"mediaType": kind, "base64": base64.StdEncoding.EncodeToString([]byte(content))}
}

// kept is how many files are kept, and how many rows of them.
func (p *portal) kept() (n int) {
	p.t.Helper()
	list := p.resolver.Vault.Bucket.List(nil)
	for {
		if _, err := list.Next(p.t.Context()); errors.Is(err, io.EOF) {
			return n + p.scalar(`select count(*) from portal.document`)
		} else if err != nil {
			p.t.Fatal(err)
		}
		n++
	}
}

// TestFilesRefused: with each act that takes files, five of which four are wrong are refused by their places in three
// languages, and nothing is kept of any of them.
func TestFilesRefused(t *testing.T) {
	t.Parallel()
	p := newPortal(t)
	acts := p.resolver.Acts
	for name, example := range map[string]struct {
		of    *act.Act
		input func(good any) map[string]any
	}{
		"SubmitReceipt": {acts.SubmitReceipt.Declared(), func(good any) map[string]any {
			in := good.(receipt.SubmitInput)
			return map[string]any{"caseId": p.resolver.IDs.Seal(in.CaseID), "kind": "TO_AGENCY", "paidOn": in.PaidOn.String(),
				"amount": "10"}
		}},
		"SubmitObjection": {acts.SubmitObjection.Declared(), func(good any) map[string]any {
			return map[string]any{"caseId": p.resolver.IDs.Seal(good.(objection.SubmitInput).CaseID),
				"reasons": []any{"ALREADY_PAID"}}
		}},
		"AddToObjection": {acts.AddToObjection.Declared(), func(good any) map[string]any {
			return map[string]any{"objectionId": p.resolver.IDs.Seal(good.(objection.AddInput).ObjectionID), "statement": "more"}
		}},
		"SubmitComplaint": {acts.SubmitComplaint.Declared(), func(good any) map[string]any {
			return map[string]any{"caseId": p.resolver.IDs.Seal(good.(complaint.SubmitInput).CaseID),
				"categories": []any{"COSTS"}}
		}},
	} {
		who, asked := p.suiting(example.of)
		p.refusesFiles(who, name, example.of.Name.Mutation(), example.input(asked.Good))
	}
}

func (p *portal) refusesFiles(who norway.NationalID, name, mutation string, input map[string]any) {
	p.t.Helper()
	before := p.kept()
	input["idempotencyKey"] = uuid.NewString()
	places := func(files ...any) (all []string) {
		input["files"] = files
		a := p.get(who, "mutation($input: "+name+"Input!) { "+mutation+"(input: $input) "+wrongs,
			map[string]any{"input": input})
		for _, e := range at(a, mutation, "userErrors").([]any) {
			said := map[any]bool{at(e, "nb"): true, at(e, "nn"): true, at(e, "en"): true}
			if at(e, "code") != string(act.Invalid) || len(said) < 2 || said[""] || at(e, "field", 1) != "files" {
				p.t.Errorf("%s: %v", name, e)
			}
			all = append(all, at(e, "field", 2).(string)+" "+at(e, "field", 3).(string))
		}
		return all
	}
	good := documenttest.PDF("1 0 obj << >> endobj")
	if got := places(sentFile("PDF", good), sentFile("PNG", good), sentFile("PDF", ""),
		sentFile("PDF", documenttest.PDF("1 0 obj << /S /JavaScript >> endobj")),
		sentFile("PNG", string(documenttest.Bomb(60_000, 60_000)))); !slices.Equal(got,
		[]string{"1 mediaType", "2 base64", "3 base64", "4 mediaType"}) {
		p.t.Errorf("%s: the faults are at %v", name, got)
	}
	virus := documenttest.PDF(documenttest.Stream("", documenttest.EICAR))
	if got := places(sentFile("PDF", good), sentFile("PDF", virus)); !slices.Equal(got, []string{"1 base64"}) {
		p.t.Errorf("%s: a virus: the faults are at %v", name, got)
	}
	if after := p.kept(); after != before {
		p.t.Errorf("%s: %d are kept of what was refused", name, after-before)
	}
}

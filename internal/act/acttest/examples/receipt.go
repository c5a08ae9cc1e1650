package examples

import (
	"encoding/base64"
	"maps"
	"strings"
	"testing"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/document/documenttest"
)

func provable(c *debt.Case) bool { return receipt.Available(c).Why == "" }

func file(kind document.MediaType, content string) document.Input {
	return document.Input{MediaType: kind, Base64: base64.StdEncoding.EncodeToString([]byte(content))}
}

func paper(objects string) document.Input { return file(document.PDF, documenttest.PDF(objects)) }

func bomb(side uint32) string { return string(documenttest.Bomb(side, side)) }

var slip = paper("1 0 obj << /Type /Catalog >> endobj")

// wrongFiles are what is wrong with files that come with an act: the rest of its input is good. set gives an input its
// files.
func wrongFiles[In act.Input](set func(in *In, files []document.Input)) map[string]acttest.Bad[In] {
	all := func(reason string, files ...document.Input) acttest.Bad[In] {
		return acttest.Bad[In]{Reason: reason, Change: func(in *In) { set(in, files) }, Want: act.Wrong(act.Invalid, "files")}
	}
	second := func(reason, member string, wrong document.Input) acttest.Bad[In] {
		bad := all(reason, slip, wrong)
		bad.Want = act.Faults{{Code: act.Invalid, Field: []string{"input", "files", "1", member}}}
		return bad
	}
	half := paper(documenttest.Stream("", strings.Repeat("x", document.MaxSize/2)))
	return map[string]acttest.Bad[In]{
		"six files":      all("somebody has to look at them", slip, slip, slip, slip, slip, slip),
		"large together": all("a request has a bound", half, half),
		"large":          second("so has a file", "base64", file(document.PDF, strings.Repeat("x", document.MaxSize+1))),
		"empty":          second("there is nothing in it", "base64", file(document.PNG, "")),
		"no base64":      second("it cannot be read", "base64", document.Input{MediaType: document.PDF, Base64: "%PDF"}),
		"another type":   second("its name says nothing", "mediaType", file(document.JPEG, bomb(10))),
		"a page":         second("it runs scripts", "mediaType", file(document.PDF, "<html><script>alert(1)</script>")),
		"a program":      second("it runs", "mediaType", file(document.HEIC, "MZ\x90\x00"+strings.Repeat("\x00", 60))),
		"with a script":  second("it runs when it is opened", "base64", paper("<< /S /JavaScript /JS (x) >>")),
		"a virus":        second("the scanner knows it", "base64", paper(documenttest.Stream("", documenttest.EICAR))),
		"a bomb":         second("it would fill the memory", "base64", file(document.PNG, bomb(9000))),
		"a huge bomb":    second("it would fill the memory", "mediaType", file(document.PNG, bomb(60_000))),
	}
}

// with returns what is wrong with an input, and with the files that come with it.
func with[In act.Input](bad, files map[string]acttest.Bad[In]) map[string]acttest.Bad[In] {
	maps.Copy(bad, files)
	return bad
}

var receipts = acttest.Examples[receipt.SubmitInput]{
	Suits: hasCase(provable),
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) receipt.SubmitInput {
		return receipt.SubmitInput{CaseID: s.Case(provable).ID, Kind: debt.PaidCreditor,
			PaidOn: norway.DateOf(at.Engine.Clock()), Amount: "250,50", Statement: new("paid at the counter in Bodø"),
			Files: []document.Input{slip, file(document.JPEG, documenttest.Picture(t, document.JPEG)),
				file(document.HEIC, documenttest.HEIC())}}
	},
	Other: func(in *receipt.SubmitInput) { in.Files = in.Files[:1] },
	Bad: with(map[string]acttest.Bad[receipt.SubmitInput]{
		"nobody": {
			Reason: "it is known whom one has paid",
			Change: func(in *receipt.SubmitInput) { in.Kind = debt.PaidOther },
			Want:   act.Wrong(act.Invalid, "kind"),
		},
		"tomorrow": {
			Reason: "what is to come proves nothing",
			Change: func(in *receipt.SubmitInput) { in.PaidOn++ },
			Want:   act.Wrong(act.Invalid, "paidOn"),
		},
		"long ago": {
			Reason: "no claim is that old",
			Change: func(in *receipt.SubmitInput) { in.PaidOn = in.PaidOn.AddMonths(-12*13 - 1) },
			Want:   act.Wrong(act.Invalid, "paidOn"),
		},
		"no amount": {
			Reason: "it was something",
			Change: func(in *receipt.SubmitInput) { in.Amount = "0" },
			Want:   act.Wrong(act.Invalid, "amount"),
		},
		"a long statement": {
			Reason: "the contract takes so much",
			Change: func(in *receipt.SubmitInput) { in.Statement = new(strings.Repeat("x", longStatement)) },
			Want:   act.Wrong(act.Invalid, "statement"),
		},
		"no case": {
			Reason: "it is about one",
			Change: func(in *receipt.SubmitInput) { in.CaseID = nowhere(debt.KindCase) },
			Want:   act.Wrong(act.NotFound, "caseId"),
		},
		"no file": {
			Reason: "a word proves nothing",
			Change: func(in *receipt.SubmitInput) { in.Files = []document.Input{} },
			Want:   act.Wrong(act.Invalid, "files"),
		},
	}, wrongFiles(func(in *receipt.SubmitInput, files []document.Input) { in.Files = files })),
	AtOnce:  []string{"tomorrow", "no amount", "six files"},
	About:   func(in *receipt.SubmitInput) *debt.Key { return &in.CaseID },
	Private: func(in receipt.SubmitInput) []string { return []string{*in.Statement} },
}

var receiptDecision = atDesk(acttest.Examples[receipt.DecideInput]{
	Suits: receipts.Suits,
	Good: func(t testing.TB, at *acttest.Site, s *acttest.Somebody) receipt.DecideInput {
		in := receipts.Good(t, at, s)
		acttest.Do(t, at, s, in)
		return receipt.DecideInput{ItemID: waits(t, at, s, debt.QueueReceipt, in.CaseID), Decision: debt.AcceptPart,
			Amount: new("100"), Effect: new(debt.BookPayment), Costs: new(debt.KeepCosts), Text: new("a hundred has come")}
	},
	Other: func(in *receipt.DecideInput) { in.Amount = new("101") },
	Bad: map[string]acttest.Bad[receipt.DecideInput]{
		"no amount": {
			Reason: "a part is so much",
			Change: func(in *receipt.DecideInput) { in.Amount = nil },
			Want:   act.Wrong(act.Invalid, "amount"),
		},
		"an amount of the whole": {
			Reason: "the whole is what was sent",
			Change: func(in *receipt.DecideInput) { in.Decision = debt.AcceptReceipt },
			Want:   act.Wrong(act.Invalid, "amount"),
		},
		"no effect": {
			Reason: "something becomes of the case",
			Change: func(in *receipt.DecideInput) { in.Effect = nil },
			Want:   act.Wrong(act.Invalid, "effect"),
		},
		"no costs": {
			Reason: "it is to be decided",
			Change: func(in *receipt.DecideInput) { in.Costs = nil },
			Want:   act.Wrong(act.Invalid, "costs"),
		},
		"a rejection with effect": {
			Reason: "nothing was paid",
			Change: func(in *receipt.DecideInput) { in.Decision, in.Amount, in.Costs = debt.RejectReceipt, nil, nil },
			Want:   act.Wrong(act.Invalid, "effect"),
		},
		"no word": {
			Reason: "who sent it is told why",
			Change: func(in *receipt.DecideInput) { in.Text = new(" ") },
			Want:   act.Wrong(act.Invalid, "text"),
		},
	},
	About:   func(in *receipt.DecideInput) *debt.Key { return &in.ItemID },
	Private: func(in receipt.DecideInput) []string { return []string{*in.Text} },
})

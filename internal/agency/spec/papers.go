package spec

import "github.com/oversikt/oversikt/internal/debt"

// DocumentContent is the function that gives what a document says.
const DocumentContent = "document_content"

// onPapers are what copies of letters and invoices are had from.
var onPapers = []Function{
	act(Function{
		Name: "order_invoice_copy", Norwegian: "bestilling av fakturakopi",
		Shown: []string{"request"},
		About: "Orders a copy of the invoice that the claim is about, or of all of them, in a case, open or closed. It becomes a row of request of the kind INVOICE_COPY that is RECEIVED, and stands in queue_item until it is answered. " +
			"It stops nothing: who disputes the claim objects. A case has one order at a time that is not answered.",
		Input:   []Column{text("case_id", "Key of the case.").example(`"1001"`)},
		Result:  []Column{text("request_id", "Your key of it, as text.").example(`"57"`)},
		Reasons: reasons("to refuse an order of a copy", "INVALID_INPUT", "NOT_FOUND", "ORDER_EXISTS"),
	}),
	act(Function{
		Name: "answer_invoice_copy", Norwegian: "svar på bestilling av fakturakopi", Staff: true,
		Shown: []string{"request", "queue_item"},
		About: "Answers an order of a copy that is RECEIVED. The row of request becomes GRANTED where the copy was sent and REJECTED where there is none, with decided_on and reply, and its row of queue_item goes. " +
			"You send the copy as you send letters, and show it in letter or claim_item; this sends nothing.",
		Input: []Column{
			text("request_id", "Your key of it, as text.").example(`"57"`),
			coded("outcome", copyOutcomes, "What became of it.").example(`"SENT"`),
			text("reply", "What the debtor is told, at most 2,000 signs.").null("nothing; then it was sent").
				example(`"Kopien er sendt i posten i dag."`),
		},
		Reasons: reasons("to refuse an answer to an order", "INVALID_INPUT", "NOT_FOUND", "ALREADY_DECIDED"),
	}),
	{
		Name: DocumentContent, Norwegian: "innhold i dokument",
		About: "Gives the content of a document of the relation document, of a case of who asks: the file, or a link to it in an archive of yours. " +
			"It is no act: it has no key, changes nothing that anybody sees, and is called when somebody opens the letter, with one document. " +
			"The access log of Oversikt has the look before the file leaves. " +
			"What is not there, or not theirs, is a row of nulls. A file has at most 5 MiB and is a PDF, JPEG, PNG or TIFF, as its first bytes say; any other is not handed out. " +
			"A link is handed out where its host is among archiveHosts in the configuration of Oversikt, and is to work for a short time and for who has it alone.",
		Arguments: []Column{
			column("caller", "Who asks: see \"Who asks\". Never a case worker.", "jsonb"),
			text("document_id", "Your key of the document, as text."),
		},
		Results: []Column{
			text("media_type", "What the file is: application/pdf, image/jpeg, image/png or image/tiff.").null("there is no file"),
			column("content", "The file.", "bytea").null("there is none, or a link"),
			text("archive_link", "Where the file is, from https:// on.").null("it comes here, or there is none"),
		},
	},
}

var copyOutcomes = list("Answer to an order of a copy (svar på bestilling)", debt.CopyOutcomes, undone)

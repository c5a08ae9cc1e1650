package spec

// DocumentContent is the function that gives what a document says.
const DocumentContent = "document_content"

// onPapers are what copies of letters and invoices are had from.
var onPapers = []Function{
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

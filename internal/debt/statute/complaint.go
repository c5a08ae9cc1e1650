package statute

import "github.com/oversikt/oversikt/internal/debt/norway"

// Body is where a complaint about an agency can be taken after the agency itself.
type Body struct {
	Name    string
	Address string // empty: not known
	Phone   string // empty: not known
	Website string
	Decides bool // it gives an opinion on the single complaint
	Within  int  // days after the agency's answer by which it must have come there; 0: none is known
}

// AnswerDays is how many days an agency has to answer a complaint. No law in force says so: the
// collection act of 2026 wants an answer preferably within a week (LOV-2026-05-22-19 § 17, not in force),
// and until then it is taken for good practice (god inkassoskikk, inkassoloven § 8).
const AnswerDays = 7

// ConsumerBoard is the board of complaints for consumers (inkassoloven § 22). It took over from
// Inkassoklagenemnda in 2016. No day was found by which a complaint must have come there.
var ConsumerBoard = Table[Body]{Rows: []Row[Body]{{
	From: norway.MustDate("2016-01-01"),
	Value: Body{Name: "Finansklagenemnda", Address: "Postboks 53 Skøyen, 0212 Oslo", Phone: "23 13 19 60",
		Website: "https://www.finkn.no", Decides: true},
	Source: "inkassoloven § 22; finkn.no, Fagområder: Inkasso; finanstilsynet.no, Complaints bodies (2024-03-01)",
}}}

// BusinessAuthority is who supervises agencies; it settles no dispute. The board takes none of a business.
var BusinessAuthority = Table[Body]{Rows: []Row[Body]{{
	From:   norway.MustDate("2018-02-05"),
	Value:  Body{Name: "Finanstilsynet", Website: "https://www.finanstilsynet.no"},
	Source: "finanstilsynet.no, Supervision: debt collection (2018-02-05), Complaints bodies (2024-03-01)",
}}}

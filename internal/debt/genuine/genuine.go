// Package genuine tells whether what somebody has received (a text, a KID, an account, a link, a
// sender) comes from an agency that is known here, or from somebody who pretends to be one. It is
// pure: what agencies say of themselves, and the caller's own cases, are handed in.
package genuine

import (
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// Relations are what Known.Cases are read with.
const Relations = debt.OfNextDue | debt.OfLetters

// Verdict says what to think of it.
type Verdict string

// The verdicts, from the best to the worst.
const (
	Genuine       Verdict = "GENUINE"
	NotRecognised Verdict = "NOT_RECOGNISED"
	Suspicious    Verdict = "SUSPICIOUS"
)

// PartKind is what a part of a text is.
type PartKind string

// The kinds of part.
const (
	Account    PartKind = "ACCOUNT"
	KID        PartKind = "KID"
	CaseNumber PartKind = "CASE_NUMBER"
	Amount     PartKind = "AMOUNT"
	Link       PartKind = "LINK"
	Sender     PartKind = "SENDER"
	Phone      PartKind = "PHONE"
)

// Reason says why a part is judged as it is.
type Reason string

// The reasons.
const (
	AgencyAccount   Reason = "AGENCY_ACCOUNT"
	CaseAccount     Reason = "CASE_ACCOUNT"
	UnknownAccount  Reason = "UNKNOWN_ACCOUNT"
	OtherAccount    Reason = "OTHER_ACCOUNT"
	CaseKID         Reason = "CASE_KID"
	UnknownKID      Reason = "UNKNOWN_KID"
	LogInToCheck    Reason = "LOG_IN_TO_CHECK"
	WrongCheckDigit Reason = "WRONG_CHECK_DIGIT"
	OwnCaseNumber   Reason = "CASE_NUMBER"
	CaseAmount      Reason = "CASE_AMOUNT"
	OtherAmount     Reason = "OTHER_AMOUNT"
	AgencyDomain    Reason = "AGENCY_DOMAIN"
	UnknownDomain   Reason = "UNKNOWN_DOMAIN"
	LookalikeDomain Reason = "LOOKALIKE_DOMAIN"
	NameInDomain    Reason = "NAME_IN_OTHER_DOMAIN"
	HiddenTarget    Reason = "HIDDEN_TARGET"
	AgencySender    Reason = "AGENCY_SENDER"
	UnknownSender   Reason = "UNKNOWN_SENDER"
	LookalikeSender Reason = "LOOKALIKE_SENDER"
	AgencyPhone     Reason = "AGENCY_PHONE"
	UnknownPhone    Reason = "UNKNOWN_PHONE"
)

// Verdict is what a reason makes of its part.
func (r Reason) Verdict() Verdict {
	switch r {
	case AgencyAccount, CaseAccount, CaseKID, OwnCaseNumber, CaseAmount, AgencyDomain, AgencySender, AgencyPhone:
		return Genuine
	case OtherAccount, LookalikeDomain, NameInDomain, HiddenTarget, LookalikeSender:
		return Suspicious
	default:
		return NotRecognised
	}
}

// says that the reason tells nothing against the whole.
func (r Reason) neutral() bool { return r == LogInToCheck || r == OtherAmount }

// Input is what somebody wants to know about: exactly one member is set.
type Input struct{ Text, KID, Account, Link, Sender *string }

const (
	maxText  = 5000 // characters
	maxShort = 500
	maxLink  = 2000
)

// Check refuses what is empty or too long: BAD_USER_INPUT at the member.
func (in Input) Check() error {
	for _, m := range []struct {
		name  string
		value *string
		most  int
	}{{"text", in.Text, maxText}, {"kid", in.KID, maxShort}, {"account", in.Account, maxShort}, {"link", in.Link, maxLink},
		{"sender", in.Sender, maxShort}} {
		if m.value == nil {
			continue
		}
		if n := utf8.RuneCountInString(*m.value); n > m.most || strings.TrimSpace(*m.value) == "" {
			return fault.Invalid("input."+m.name, "%s has 1 to %d characters", m.name, m.most).
				Saying("input.TEXT_BETWEEN", "min", 1, "max", m.most)
		}
	}
	return nil
}

// Known is what it is held against.
type Known struct {
	Agencies []*debt.Agency
	Cases    []*debt.Case // the caller's own, read with Relations
	LoggedIn bool         // Cases are all that the caller has
}

// Part is something in the input that was recognised as what it is.
type Part struct {
	Kind   PartKind
	Reason Reason
	Agency *debt.Agency // whose it is, or whose it pretends to be; nil: nobody's
	Case   *debt.Case   // which it belongs to; nil: none, or the caller is not logged in
	Start  int          // where it stands in the input, in UTF-16 code units
	Length int

	from, to int    // the same in bytes
	plain    string // as it is compared: never shown
}

// Verdict is what to think of the part.
func (p Part) Verdict() Verdict { return p.Reason.Verdict() }

// Result is what was found.
type Result struct {
	Verdict Verdict
	Parts   []Part // in their order
}

// maxParts are shown; the verdict is about all.
const maxParts = 100

// Of judges an input, which has passed Check.
func Of(in Input, known Known) Result {
	text, parts := known.parts(in)
	j := newJudge(known)
	for i := range parts {
		j.judge(&parts[i])
	}
	j.compare(text, parts)
	r := Result{Verdict: verdictOf(parts)}
	if len(parts) > maxParts { // what warns goes first
		slices.SortStableFunc(parts, func(a, b Part) int { return int(rank(b)) - int(rank(a)) })
		parts = parts[:maxParts]
	}
	slices.SortFunc(parts, func(a, b Part) int { return a.from - b.from })
	place(text, parts)
	r.Parts = parts
	return r
}

func rank(p Part) int {
	return slices.Index([]Verdict{Genuine, NotRecognised, Suspicious}, p.Verdict())
}

// verdictOf is the worst of the parts that tell something; without any, nothing was recognised.
func verdictOf(parts []Part) Verdict {
	worst := -1
	for _, p := range parts {
		if !p.Reason.neutral() {
			worst = max(worst, rank(p))
		}
	}
	if worst < 0 {
		return NotRecognised
	}
	return []Verdict{Genuine, NotRecognised, Suspicious}[worst]
}

// place counts where the parts stand as JavaScript, Java and Swift's NSString do.
func place(text string, parts []Part) {
	units, at := 0, 0
	advance := func(to int) int {
		for _, c := range text[at:to] {
			units++
			if c > 0xFFFF {
				units++
			}
		}
		at = to
		return units
	}
	for i := range parts {
		parts[i].Start = advance(parts[i].from)
		parts[i].Length = advance(parts[i].to) - parts[i].Start
	}
}

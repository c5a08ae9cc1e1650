package check

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/oversikt/oversikt/internal/agency/spec"
)

// Rule names a kind of breach.
type Rule string

// The rules.
const (
	RuleSchema        Rule = "schema"
	RuleEncoding      Rule = "encoding"
	RuleRelation      Rule = "relation"
	RuleColumn        Rule = "column"
	RuleType          Rule = "type"
	RuleKeyType       Rule = "key-type"
	RuleInvoker       Rule = "security-invoker"
	RuleBarrier       Rule = "security-barrier"
	RuleFunction      Rule = "function"
	RuleArgument      Rule = "argument"
	RuleResult        Rule = "result"
	RuleInvokerRights Rule = "invoker-rights"
	RuleSearchPath    Rule = "search-path"
	RuleVolatility    Rule = "volatility"
	RulePublic        Rule = "public"
	RuleUnreadable    Rule = "unreadable"
	RuleSlow          Rule = "slow"
	RuleNull          Rule = "null"
	RuleAmount        Rule = "amount"
	RuleDate          Rule = "date"
	RuleRate          Rule = "rate"
	RuleCount         Rule = "count"
	RuleText          Rule = "text"
	RuleCode          Rule = "code"
	RuleNationalID    Rule = "national-id"
	RuleOrgNumber     Rule = "org-number"
	RuleKID           Rule = "kid"
	RuleAccount       Rule = "account"
	RuleUnique        Rule = "unique"
	RuleReference     Rule = "reference"
	RuleOneRow        Rule = "one-row"
	RuleVersion       Rule = "version"
	RuleRateMissing   Rule = "rate-missing"
	RuleRateInForce   Rule = "rate-in-force"
	RuleRateReach     Rule = "rate-reach"
	RuleRateLaw       Rule = "rate-law"
	RuleDefault       Rule = "default"
	RuleRepeated      Rule = "repeated"
	RuleClosedOn      Rule = "closed-on"
	RuleClosedCost    Rule = "closed-cost"
	RuleAllocationSum Rule = "allocation-sum"
	RuleItemSum       Rule = "item-sum"
	RuleStranger      Rule = "stranger"
	RuleAttorney      Rule = "attorney"
	RuleIndex         Rule = "index"
	RuleMany          Rule = "many"
	RuleRole          Rule = "role"
	RulePower         Rule = "role-power"
	RuleMember        Rule = "role-member"
	RuleOwner         Rule = "role-owner"
	RuleUnread        Rule = "role-unread"
	RuleUncallable    Rule = "role-uncallable"
	RuleCalled        Rule = "role-called"
	RuleOutside       Rule = "role-outside"
	RuleWrite         Rule = "role-write"
	RuleCreate        Rule = "role-create"
	RuleDefiner       Rule = "role-definer"
	RuleLimit         Rule = "role-limit"
)

// Meaning tells the reader of docs/contract.md what a breach leads to.
type Meaning struct {
	Rule Rule
	Text string
}

// Meanings returns the meaning of every rule.
func Meanings() []Meaning { return slices.Clone(meanings) }

var meanings = []Meaning{
	{RuleSchema, "There is no schema `oversikt`: nothing can be read."},
	{RuleEncoding, "The database does not know in which encoding its texts are: nothing is read."},
	{RuleRelation, "A relation is missing: every read that joins it fails."},
	{RuleColumn, "A column is missing: every read of the relation fails."},
	{RuleType, "A column has a type that Oversikt does not read. A domain counts as the type below it."},
	{RuleKeyType, "A reference has another type than the key it refers to: the join fails, or reads whole tables."},
	{RuleInvoker, "A view reads with Oversikt's rights in place of its owner's: it would need rights on your tables."},
	{RuleBarrier, "A view is computed apart from the read that uses it: slow."},
	{RuleFunction, "A function is missing, or there are several of its name: the act fails."},
	{RuleArgument, "A function has not the arguments that Oversikt passes: the act fails."},
	{RuleResult, "A function has not the results that Oversikt reads: the act fails."},
	{RuleInvokerRights,
		"A function runs with Oversikt's rights in place of its owner's: it would need rights on your tables."},
	{RuleSearchPath,
		"A function that runs with its owner's rights looks names up where others can put something of that name."},
	{RuleVolatility, "A function is declared to change nothing."},
	{RulePublic, "Everybody who can connect can call a function."},
	{RuleUnreadable, "Some row makes the view fail. The message of PostgreSQL is not repeated: it may hold data."},
	{RuleSlow, "The view takes too long for even a few rows."},
	{RuleNull, "Null where the contract allows none: the case is left out, or the read of that debtor fails."},
	{RuleAmount, "An amount below zero, or over 10,000 million kroner: the case is left out."},
	{RuleDate, "A day before 1900 or after 2199, infinity among them: the case is left out. In `rate`, nobody is answered."},
	{RuleRate, "A rate below zero or over 1,000 per cent: the case is left out. In `rate`, nobody is answered."},
	{RuleCount, "A count in the policy below zero or over 10,000: nobody is answered."},
	{RuleText, "A text that is longer than any is read: the case is left out."},
	{RuleCode, "A code that is not listed: read as said below, and the debtor sees less than the truth."},
	{RuleDefault,
		"A warning: the view gives a code to whatever it does not name, so a new code of yours is read as something else."},
	{RuleNationalID,
		"A national identity number that nobody can have: that debtor can never log in, with BankID or a letter. Only a count is shown."},
	{RuleOrgNumber, "An organisation number with a wrong check digit."},
	{RuleKID, "A payment reference that a bank would refuse."},
	{RuleAccount, "An account number that a bank would refuse."},
	{RuleUnique, "Two rows with one key. If they say the same, they are counted once; if not, their case is left out."},
	{RuleRepeated, "A warning: the same row twice where there is no key. It is counted once."},
	{RuleReference, "A row that refers to one that is not there: it would never be shown."},
	{RuleOneRow, "`agency` and `policy` have one row each."},
	{RuleVersion, "The views keep another version of the contract."},
	{RuleRateMissing, "No rate of late-payment interest: no interest would be counted."},
	{RuleRateInForce, "No rate of late-payment interest is in force yet."},
	{RuleRateReach, "Claims bear interest from before the first rate: too little would be counted."},
	{RuleRateLaw, "A rate is not that of the law, or the table ends before this half-year: interest is counted by it, and the debtor is told so."},
	{RuleClosedOn, "`status` and `closed_on` contradict each other."},
	{RuleClosedCost, "A cost is scheduled in a closed case, in which nothing is collected."},
	{RuleItemSum, "The items of a case are not its principal: the case is left out."},
	{RuleAllocationSum, "The parts of a payment are not the payment: a balance would be wrong."},
	{RuleStranger, "What belongs to one debtor is tied to another's: it would be shown to the wrong one."},
	{RuleAttorney, "A power of attorney names no attorney, or two."},
	{RuleIndex, "A read of one debtor's data goes through a whole table."},
	{RuleMany, "A case or debtor has more rows of a view than one answer may have: the read of that debtor fails."},
	{RuleRole, "The role that Oversikt connects as is missing or cannot log in."},
	{RulePower, "The role is superuser, bypasses row security, or can create roles or databases or replicate."},
	{RuleMember, "The role is a member of a powerful role, or of a predefined one such as pg_read_all_data."},
	{RuleOwner, "The role owns something here, and can so change and grant it."},
	{RuleUnread, "The role cannot read a relation of the contract."},
	{RuleUncallable, "The role cannot call a function of the contract."},
	{RuleCalled, "A view calls a function, or reads through a view with security_invoker, with the role's rights, and the role has not the right: every read of the view fails. As a warning: whether it has cannot be seen from here."},
	{RuleOutside, "The role can read a table outside schema `oversikt`. Those of extensions are left out."},
	{RuleWrite, "The role can change data."},
	{RuleCreate, "The role can create objects."},
	{RuleLimit, "A warning: a limit that is set on the role or the database, such as statement_timeout, is below Oversikt's deadline for you. It holds, and answers are lost that would have been waited for."},
	{RuleDefiner,
		"The role can call a function that is not in the contract and runs with its owner's rights, and so may read or change what the role cannot."},
}

// WriteReport prints breaches by relation, each with its remedy, then what is not there, and
// ends with one line that sums up what is kept.
func WriteReport(w io.Writer, found Findings) error {
	var b strings.Builder
	type line struct {
		Breach
		warning string
	}
	var groups []line
	for _, b := range found.Breaches {
		groups = append(groups, line{b, ""})
	}
	for _, b := range found.Warnings {
		groups = append(groups, line{b, "warning: "})
	}
	slices.SortStableFunc(groups, func(x, y line) int { return cmp.Compare(place(x.Relation), place(y.Relation)) })
	previous := ""
	for _, l := range groups {
		if l.Relation != previous {
			fmt.Fprintf(&b, "%s\n", l.Relation)
			previous = l.Relation
		}
		subject := "[" + string(l.Rule) + "]"
		if l.Column != "" {
			subject = l.Column + " " + subject
		}
		fmt.Fprintf(&b, "  %s%s: %s\n", l.warning, subject, l.What)
		if len(l.Keys) > 0 {
			fmt.Fprintf(&b, "      first keys: %s\n", strings.Join(l.Keys, ", "))
		}
		if l.Plan != "" {
			fmt.Fprintf(&b, "      plan:\n%s\n", indented(l.Plan, maxPlan))
		}
		fmt.Fprintf(&b, "      remedy: %s\n", l.Remedy)
		if l.DDL != "" {
			fmt.Fprintf(&b, "%s\n", indented(l.DDL, 0))
		}
	}
	if len(found.Lacking) > 0 {
		fmt.Fprintf(&b, "not there, and read as empty: %s\n", strings.Join(found.Lacking, ", "))
	}
	if found.NoLogin {
		b.WriteString("case_login and case_login_succeeded are not both there: nobody can log in with a letter\n")
	}
	if len(found.Old) > 0 {
		fmt.Fprintf(&b, "version 1, for what was begun with them alone: %s. "+
			"Write a rule for each, and run what `oversikt agency wrappers` prints.\n", strings.Join(found.Old, ", "))
	}
	found.writeSeen(&b)
	b.WriteString(found.sum())
	_, err := io.WriteString(w, b.String())
	return err
}

const maxPlan = 12 // lines of a plan in a report

// indented is a text under a breach, cut to a number of lines where that is not 0.
func indented(text string, most int) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	if more := len(lines) - most; most > 0 && more > 0 {
		lines = append(lines[:most], fmt.Sprintf("... and %d more lines", more))
	}
	return "        " + strings.Join(lines, "\n        ")
}

// writeSeen tells how much was looked at of each view: what was not seen is not proved.
func (f Findings) writeSeen(b *strings.Builder) {
	var whole []string
	for _, s := range f.Seen {
		if s.Whole {
			whole = append(whole, fmt.Sprintf("%s %s", s.Relation, Thousands(int(s.Rows))))
		}
	}
	if len(whole) > 0 {
		fmt.Fprintf(b, "all rows seen: %s\n", strings.Join(whole, ", "))
	}
	for _, s := range f.Seen {
		if s.Whole {
			continue
		}
		line := fmt.Sprintf("seen in part: %s, the first %s of about %s rows", s.Relation, Thousands(int(s.Rows)),
			Thousands(int(s.Estimated)))
		switch {
		case s.Rows == s.Estimated && len(s.Short) > 0:
			line = fmt.Sprintf("seen in part: %s, %s rows", s.Relation, Thousands(int(s.Rows)))
		case s.Rows == s.Estimated:
			line = fmt.Sprintf("seen in part: %s, the first %s rows, and there are more", s.Relation, Thousands(int(s.Rows)))
		}
		if len(s.Short) > 0 {
			line += fmt.Sprintf("; for %s the first %s", strings.Join(s.Short, ", "), Thousands(s.ShortRows))
		}
		fmt.Fprintln(b, line)
	}
	if unseen := f.unseen(); len(unseen) > 0 {
		fmt.Fprintf(b, "not seen: %s\n", strings.Join(unseen, ", "))
	}
	if !f.Complete() {
		b.WriteString("what was not seen is not proved: --full looks at every row, however long it takes\n")
	}
}

// sum is the last line of a report.
func (f Findings) sum() string {
	kept := "reads kept"
	if !f.Complete() {
		kept = "reads kept as far as seen"
	}
	switch n := len(f.Breaches); n {
	case 0:
	case 1:
		kept = "1 breach"
	default:
		kept = fmt.Sprintf("%d breaches", n)
	}
	switch n := len(f.Warnings); n {
	case 0:
	case 1:
		kept += ", 1 warning"
	default:
		kept += fmt.Sprintf(", %d warnings", n)
	}
	offered, all := f.Acts()
	line := fmt.Sprintf("%s; acts %d of %d", kept, offered, all)
	switch len(f.Missing) {
	case 0:
		return line + "\n"
	case 1:
		return fmt.Sprintf("%s: %s is missing\n", line, f.Missing[0])
	default:
		return fmt.Sprintf("%s: %s are missing\n", line, strings.Join(f.Missing, ", "))
	}
}

// place orders the relations of the contract, and then its functions, before everything else.
func place(subject string) int {
	if i := slices.IndexFunc(spec.Relations, func(r spec.Relation) bool { return r.Name == subject }); i >= 0 {
		return i
	}
	if i := slices.Index(spec.FunctionNames(), subject); i >= 0 {
		return len(spec.Relations) + i
	}
	return len(spec.Relations) + len(spec.Functions)
}

package genuine

import (
	"slices"
	"strings"

	"golang.org/x/text/cases"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// judge holds parts against what is known.
type judge struct {
	known    Known
	domains  []owned
	senders  []owned
	phones   map[string]*debt.Agency
	accounts map[string]*debt.Agency
}

// owned is a name of an agency's, in the form in which names are compared.
type owned struct {
	name   string
	agency *debt.Agency
}

func newJudge(known Known) *judge {
	j := &judge{known: known, phones: map[string]*debt.Agency{}, accounts: map[string]*debt.Agency{}}
	for _, a := range known.Agencies {
		for _, d := range domainsOf(a) {
			j.domains = append(j.domains, owned{d, a})
		}
		senders := a.Senders
		if a.Email != nil {
			senders = append([]string{*a.Email}, senders...)
		}
		for _, s := range senders {
			j.senders = append(j.senders, owned{folded(s), a})
		}
		phones := a.Phones
		if a.Phone != nil {
			phones = append([]string{*a.Phone}, phones...)
		}
		for _, p := range phones {
			j.phones[phoneNumber(p)] = a
		}
		for _, n := range a.Accounts {
			j.accounts[digitsOf(n)] = a
		}
	}
	return j
}

// domainsOf returns the domains that an agency names, else that of its web site.
func domainsOf(a *debt.Agency) (domains []string) {
	for _, d := range a.Domains {
		if h, reason := hostOf(d); reason == "" {
			domains = append(domains, strings.TrimPrefix(h.ascii, "www."))
		}
	}
	if len(domains) == 0 && a.Website != nil {
		if h, reason := hostOf(*a.Website); reason == "" {
			domains = append(domains, strings.TrimPrefix(h.ascii, "www."))
		}
	}
	return domains
}

var fold = cases.Fold()

func folded(s string) string { return fold.String(strings.Join(strings.Fields(s), " ")) }

func (j *judge) judge(p *Part) {
	switch p.Kind {
	case Account:
		p.Reason = j.account(p)
	case KID:
		p.Reason = j.kid(p)
	case CaseNumber:
		p.Reason, p.Case = OwnCaseNumber, j.caseWith(func(c *debt.Case) bool { return c.CaseNumber == p.plain })
	case Amount:
		p.Reason = j.amount(p)
	case Link:
		p.Reason, p.Agency = j.link(p.plain)
	case Sender:
		p.Reason, p.Agency = j.sender(p.plain)
	case Phone:
		p.Reason, p.Agency = UnknownPhone, j.phones[p.plain]
		if p.Agency != nil {
			p.Reason = AgencyPhone
		}
	}
	if p.Case != nil {
		p.Agency = j.agency(p.Case.Agency)
	}
}

func (j *judge) account(p *Part) Reason {
	if !norway.ValidAccount(p.plain) {
		return WrongCheckDigit
	}
	p.Agency = j.accounts[p.plain]
	p.Case = j.caseWith(func(c *debt.Case) bool { return digitsOf(c.Account) == p.plain })
	switch {
	case p.Agency != nil:
		return AgencyAccount
	case p.Case != nil:
		return CaseAccount
	default:
		return UnknownAccount
	}
}

func (j *judge) kid(p *Part) Reason {
	p.Case = j.caseWith(func(c *debt.Case) bool { return c.KID == p.plain })
	switch {
	case p.Case != nil:
		return CaseKID
	case !norway.ValidKID(p.plain):
		return WrongCheckDigit
	case !j.known.LoggedIn:
		return LogInToCheck
	default:
		return UnknownKID
	}
}

func (j *judge) amount(p *Part) Reason {
	if !j.known.LoggedIn {
		return LogInToCheck
	}
	sum, err := money.Parse(p.plain)
	if err != nil {
		return OtherAmount
	}
	if p.Case = j.caseWith(func(c *debt.Case) bool { return slices.Contains(sums(c), sum) }); p.Case == nil {
		return OtherAmount
	}
	return CaseAmount
}

// sums are the amounts that an agency may name in a case.
func sums(c *debt.Case) []money.Øre {
	all := []money.Øre{c.OriginalPrincipal, c.BalanceOn(c.Terms.Today).Total}
	if due := c.NextDue(); due != nil {
		all = append(all, due.Amount)
	}
	for _, l := range c.AllLetters {
		if l.Amount != nil {
			all = append(all, *l.Amount)
		}
	}
	return slices.DeleteFunc(all, func(o money.Øre) bool { return o <= 0 })
}

// caseWith returns a case that fits, an open one rather than a closed one.
func (j *judge) caseWith(fits func(*debt.Case) bool) (found *debt.Case) {
	for _, c := range j.known.Cases {
		if fits(c) && (found == nil || found.Status != debt.Open && c.Status == debt.Open) {
			found = c
		}
	}
	return found
}

// compare warns of an account that is not that of the case or agency which the rest is about: who
// has got hold of a real letter needs to change only that.
func (j *judge) compare(text string, parts []Part) {
	about, cases := j.about(text, parts)
	for i := range parts {
		p := &parts[i]
		if p.Kind != Account || p.Reason == WrongCheckDigit {
			continue
		}
		if a := j.stranger(p, about, cases); a != nil {
			p.Reason, p.Agency, p.Case = OtherAccount, a, nil
		}
	}
}

// about returns the agencies that a text is from, as far as it shows, and the cases of its KIDs.
func (j *judge) about(text string, parts []Part) (agencies []*debt.Agency, cases []*debt.Case) {
	for _, p := range parts {
		if p.Verdict() != Genuine || p.Kind == Account || p.Kind == Amount {
			continue
		}
		agencies = append(agencies, p.Agency)
		if p.Kind == KID {
			cases = append(cases, p.Case)
		}
	}
	said := folded(text)
	for _, a := range j.known.Agencies {
		if name := strings.TrimSuffix(folded(a.Name), " as"); name != "" && strings.Contains(said, name) {
			agencies = append(agencies, a)
		}
	}
	return agencies, cases
}

// stranger returns the agency that the rest is about where an account is not its own. An agency
// that names no account leaves it open.
func (j *judge) stranger(p *Part, about []*debt.Agency, cases []*debt.Case) *debt.Agency {
	owner := j.accounts[p.plain]
	owns := func(a *debt.Agency) bool { return owner != nil && owner.Code == a.Code }
	if len(cases) > 0 {
		if slices.ContainsFunc(cases, func(c *debt.Case) bool { return digitsOf(c.Account) == p.plain || owns(c.Agency) }) {
			return nil
		}
		return j.agency(cases[0].Agency)
	}
	if p.Agency != nil {
		owner = p.Agency
	}
	if slices.ContainsFunc(about, owns) {
		return nil
	}
	for _, a := range about {
		if owner != nil || len(a.Accounts) > 0 {
			return a
		}
	}
	return nil
}

// agency returns what an agency says of itself: a case has another record of it.
func (j *judge) agency(of *debt.Agency) *debt.Agency {
	for _, a := range j.known.Agencies {
		if a.Code == of.Code {
			return a
		}
	}
	return of
}

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// phoneNumber returns the digits of a number with the country's code; a Norwegian one may lack it.
func phoneNumber(s string) string {
	abroad := strings.HasPrefix(strings.TrimSpace(s), "+")
	n := digitsOf(s)
	switch {
	case abroad:
		return n
	case strings.HasPrefix(n, "00"):
		return n[2:]
	case len(n) == 8 || len(n) == 5:
		return "47" + n
	default:
		return n
	}
}

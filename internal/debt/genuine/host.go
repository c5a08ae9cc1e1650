package genuine

import (
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"

	"github.com/oversikt/oversikt/internal/debt"
)

// host is where a link leads, as the domain name system and as people read it.
type host struct{ ascii, shown string }

var (
	names    = idna.New(idna.MapForLookup(), idna.Transitional(false), idna.StrictDomainName(false))
	scheme   = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9+.-]*:`)
	withPort = regexp.MustCompile(`^[^/:]+\.[^/:]+:\d+(/|$)`)
	numeric  = regexp.MustCompile(`(?i)^(0x[0-9a-f]+|\d+)(\.(0x[0-9a-f]+|\d+))*$`)
)

// hostOf returns where a link leads; with HiddenTarget, it hides that: browsers go to what stands
// behind the @, and a number leads anywhere.
func hostOf(link string) (h host, reason Reason) {
	s := strings.ReplaceAll(strings.TrimSpace(link), `\`, "/")
	if found := scheme.FindString(s); found != "" && !withPort.MatchString(s) {
		if p := strings.ToLower(found); p != "http:" && p != "https:" {
			return h, HiddenTarget
		}
		s = s[len(found):]
	}
	s = strings.TrimLeft(s, "/")
	if i := strings.IndexAny(s, "/?#"); i >= 0 {
		s = s[:i]
	}
	if strings.ContainsAny(s, "@%[") {
		return h, HiddenTarget
	}
	s, _, _ = strings.Cut(s, ":")
	ascii, err := names.ToASCII(s)
	ascii = strings.Trim(ascii, ".")
	if err != nil || ascii == "" || numeric.MatchString(ascii) {
		return h, HiddenTarget
	}
	if _, err := netip.ParseAddr(ascii); err == nil {
		return h, HiddenTarget
	}
	shown, err := names.ToUnicode(ascii)
	if err != nil {
		return h, HiddenTarget
	}
	return host{ascii, shown}, ""
}

// endings are those of names that stand in a text without http://, besides the two letters of a
// country: other words with a full stop between them are no address.
var endings = []string{"com", "net", "org", "info", "biz", "name", "mobi", "app", "dev", "shop", "store", "online", "site",
	"website", "xyz", "top", "club", "link", "click", "live", "bank", "pay", "page", "web", "cloud", "support", "help",
	"center", "finance", "money", "credit", "loan", "legal", "digital", "email", "life", "world", "today", "icu", "vip",
	"example", "test"}

// words are Norwegian ones that follow a full stop without a space, and look like a country's ending.
var words = []string{"og", "du", "vi", "av", "en", "et", "er", "at", "om", "ja", "de", "se", "ta", "gå", "så", "på", "nå", "no"}

// isAddress says that a word with full stops in it is an address rather than the end of a sentence.
func isAddress(s string) bool {
	name, path, _ := strings.Cut(s, "/")
	name, _, _ = strings.Cut(name, ":")
	last := strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])
	switch {
	case strings.HasPrefix(strings.ToLower(s), "www."), path != "", strings.HasPrefix(last, "xn--"):
		return true
	case slices.Contains(endings, last):
		return true
	default:
		written := strings.ToLower(name) == name || last == "no" && !strings.HasSuffix(name, ".No")
		return len(last) == 2 && written && (last == "no" || !slices.Contains(words, last))
	}
}

// link judges where a link leads.
func (j *judge) link(link string) (Reason, *debt.Agency) {
	h, reason := hostOf(link)
	if reason != "" {
		return reason, nil
	}
	return j.host(h)
}

func (j *judge) host(h host) (Reason, *debt.Agency) {
	for _, d := range j.domains {
		if h.ascii == d.name || strings.HasSuffix(h.ascii, "."+d.name) {
			return AgencyDomain, d.agency
		}
	}
	read := skeleton(h.shown)
	for _, d := range j.domains {
		own := skeleton(d.name)
		if strings.Contains("."+read, "."+own+".") {
			return NameInDomain, d.agency
		}
	}
	for _, d := range j.domains {
		if looksLike(read, skeleton(d.name)) {
			return LookalikeDomain, d.agency
		}
	}
	if mixed(h.shown) {
		return LookalikeDomain, nil
	}
	return UnknownDomain, nil
}

// looksLike says that a part of a name can be taken for the main part of an agency's.
func looksLike(read, own string) bool {
	main := own
	if i := strings.LastIndexByte(own, '.'); i > 0 {
		main = own[:i]
	}
	main = main[strings.LastIndexByte(main, '.')+1:]
	if len(main) < 4 {
		return false
	}
	for label := range strings.SplitSeq(read, ".") {
		if len(main) >= 6 && strings.Contains(strings.ReplaceAll(label, "-", ""), strings.ReplaceAll(main, "-", "")) {
			return true
		}
		if slices.Contains(strings.Split(label, "-"), main) || near(label, main) {
			return true
		}
	}
	return false
}

// near says that a label is an agency's with a slip or two in it.
func near(label, main string) bool {
	switch n := len(main); {
	case n < 5 || label == "":
		return false
	case n < 10:
		return within(label, main, 1)
	default:
		return within(label, main, 2)
	}
}

// within says that a becomes b by so many letters added, left out, changed or swapped.
func within(a, b string, most int) bool {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return false
	}
	var before []int
	last := make([]int, len(b)+1)
	for k := range last {
		last[k] = k
	}
	for i := 1; i <= len(a); i++ {
		row := make([]int, len(b)+1)
		row[0] = i
		for k := 1; k <= len(b); k++ {
			changed := last[k-1]
			if a[i-1] != b[k-1] {
				changed++
			}
			row[k] = min(last[k]+1, row[k-1]+1, changed)
			if i > 1 && k > 1 && a[i-1] == b[k-2] && a[i-2] == b[k-1] {
				row[k] = min(row[k], before[k-2]+1)
			}
		}
		before, last = last, row
	}
	return last[len(b)] <= most
}

// alike are letters and digits that the eye takes for a Latin letter, and what it takes them for.
var alike = strings.NewReplacer(
	"а", "a", "в", "b", "с", "c", "ԁ", "d", "е", "e", "ё", "e", "һ", "h", "і", "i", "ї", "i", "ј", "j", "к", "k", "ӏ", "l",
	"м", "m", "п", "n", "о", "o", "р", "p", "ԛ", "q", "г", "r", "ѕ", "s", "т", "t", "у", "y", "ѵ", "v", "ԝ", "w", "х", "x",
	"α", "a", "β", "b", "ε", "e", "η", "n", "ι", "i", "κ", "k", "ν", "v", "ο", "o", "ρ", "p", "τ", "t", "υ", "u", "χ", "x",
	"ı", "i", "ł", "l", "ø", "o", "æ", "ae", "ĸ", "k",
	"0", "o", "1", "l", "3", "e", "5", "s", "rn", "m", "vv", "w", "i", "l",
)

// skeleton is a name as the eye reads it. Names that look the same have the same.
func skeleton(s string) string {
	plain := strings.Map(func(r rune) rune {
		if unicode.Is(unicode.Mn, r) {
			return -1
		}
		return r
	}, norm.NFKD.String(strings.ToLower(s)))
	// Twice: a Cyrillic г before an n is first an r.
	return alike.Replace(alike.Replace(plain))
}

// mixed says that a name has letters of Latin and of another script in one label, as no honest name has.
func mixed(name string) bool {
	for label := range strings.SplitSeq(name, ".") {
		latin, other := false, false
		for _, r := range label {
			if unicode.IsLetter(r) {
				latin, other = latin || unicode.Is(unicode.Latin, r), other || !unicode.Is(unicode.Latin, r)
			}
		}
		if latin && other {
			return true
		}
	}
	return false
}

// sender judges who says that they have sent something: an address, or the name that a text
// message shows.
func (j *judge) sender(from string) (Reason, *debt.Agency) {
	if i, end := strings.LastIndexByte(from, '<'), strings.LastIndexByte(from, '>'); i >= 0 && end > i {
		from = from[i+1 : end]
	}
	name := folded(from)
	for _, s := range j.senders {
		if s.name == name {
			return AgencySender, s.agency
		}
	}
	if _, domain, ok := strings.Cut(name, "@"); ok {
		return j.address(domain)
	}
	for _, s := range j.senders {
		if read, own := skeleton(name), skeleton(s.name); read == own || near(read, own) {
			return LookalikeSender, s.agency
		}
	}
	return UnknownSender, nil
}

// address judges the domain of an e-mail address.
func (j *judge) address(domain string) (Reason, *debt.Agency) {
	h, reason := hostOf(domain)
	if reason != "" {
		return reason, nil
	}
	switch reason, a := j.host(h); reason {
	case AgencyDomain:
		return AgencySender, a
	case UnknownDomain:
		return UnknownSender, nil
	default:
		return reason, a
	}
}

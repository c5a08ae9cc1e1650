package text

import "golang.org/x/text/language"

// Accepted returns the language of a header Accept-Language: the first of those there are that it
// names, in the order of its wishes; English when it names none.
func Accepted(header string) Language {
	tags, _, err := language.ParseAcceptLanguage(header) // without those refused
	if err != nil {
		return EN
	}
	for _, tag := range tags {
		switch base, _ := tag.Base(); base.String() {
		case "nb", "no":
			return NB
		case "nn":
			return NN
		case "en":
			return EN
		}
	}
	return EN
}

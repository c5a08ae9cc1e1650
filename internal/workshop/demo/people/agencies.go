package people

import (
	"fmt"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// The codes of the four agencies.
const (
	Fjord     = "fjord"
	Tradisjon = "tradisjon"
	Lita      = "lita"
	Journal   = "journal"
)

// Agency is the profile of a fictional collection agency.
type Agency struct {
	Code          string
	Name          string
	OrgNumber     string
	Phone         string
	Email         string
	Website       string
	PostalAddress string
	Account       string // client account; payments are made to the agency
	Domains       []string
	Sender        string   // of text messages
	Phones        []string // besides Phone
	FAQ           []debt.FAQ
	Policy        debt.Policy
	Creditors     []*Creditor

	position   int // tells its KIDs from those of the others
	share      int // per cent of debtors whose first agency it is
	caseNumber func(year int, id int64) string
}

// Agencies returns the four profiles: a large agency, an old one, a small one, and one that keeps
// books, where none but demo people have cases.
func Agencies() []*Agency { return agencies }

// AgencyOf returns the profile with a code.
func AgencyOf(code string) (*Agency, error) {
	for _, a := range agencies {
		if a.Code == code {
			return a, nil
		}
	}
	return nil, fmt.Errorf("there is no agency %q: choose %s, %s, %s or %s", code, Fjord, Tradisjon, Lita, Journal)
}

var agencies = []*Agency{
	{
		Code: Fjord, Name: "Fjord Inkasso AS", OrgNumber: orgNumber("31000010"),
		Phone: "+4768050100", Email: "post@fjordinkasso.example", Website: "https://fjordinkasso.example",
		PostalAddress: "Postboks 101 Sentrum, 5803 Bergen", Account: account("9710101010"),
		Domains: []string{"fjordinkasso.example"}, Sender: "FjordInk",
		Phones: []string{"+4768050101"},
		FAQ: []debt.FAQ{
			{Key: "deferral", Language: debt.Bokmal, Question: "Kan jeg få utsatt fristen?",
				Answer: "Ja. Inntil 30 dager får du med en gang, uten gebyr. Renter løper så lenge."},
			{Key: "opening-hours", Language: debt.Bokmal, Question: "Når har dere åpent?",
				Answer: "Telefonen er åpen fra 8 til 20 på hverdager."},
		},
		Policy: debt.Policy{
			Imputation: debt.CostsFirst, MinInstalment: 300_00, MaxInstalments: 24, InstalmentFee: 65_00,
			SetupFee: 0, SetupFreeInstalments: 4, MaxDeferralDays: 30, DeferralFee: 0,
			JointAgreements: true, AgreementStopsCosts: true,
			PlanLongest: new(36), PlanGraceDays: new(14), PlanSkips: new(1), PlanAfterBreach: new(true),
		},
		Creditors: pick(0, 1, 2, 4, 5, 7, 8, 10, 12, 13, 15, 16, 18, 20, 21, 23, 24, 26, 28, 30, 31, 33, 35),
		position:  1, share: 50, caseNumber: func(_ int, id int64) string { return fmt.Sprint(100_000 + id) },
	},
	{
		Code: Tradisjon, Name: "Tradisjonsinkasso AS", OrgNumber: orgNumber("31000020"),
		Phone: "+4768050200", Email: "kundeservice@tradisjonsinkasso.example", Website: "https://tradisjonsinkasso.example",
		PostalAddress: "Postboks 202, 7402 Trondheim", Account: account("9720202020"),
		Domains: []string{"tradisjonsinkasso.example", "betal-tradisjon.example"}, Sender: "Tradisjon",
		Phones: []string{"+4768050201"},
		FAQ: []debt.FAQ{
			{Key: "deferral", Language: debt.Bokmal, Question: "Kan jeg få utsatt fristen?",
				Answer: "Ja, inntil 14 dager uten gebyr når saken ikke er omstridt. Be om det her, så får du svar med en gang."},
			{Key: "deferral", Language: debt.Nynorsk, Question: "Kan eg få utsett fristen?",
				Answer: "Ja, inntil 14 dagar utan gebyr når saka ikkje er omstridd. Be om det her, så får du svar med ein gong."},
			{Key: "opening-hours", Language: debt.Bokmal, Question: "Når har dere åpent?",
				Answer: "Telefonen er åpen fra 9 til 15 på hverdager."},
		},
		Policy: debt.Policy{
			Imputation: debt.CostsFirst, MinInstalment: 500_00, MaxInstalments: 12, InstalmentFee: 95_00,
			SetupFee: 1125_00, SetupFreeInstalments: 4, MaxDeferralDays: 14, DeferralFee: 0,
			JointAgreements: true, AgreementStopsCosts: true,
			PlanLongest: new(24), PlanGraceDays: new(10), PlanSkips: new(2), PlanAfterBreach: new(true),
		},
		Creditors: pick(0, 3, 4, 6, 8, 9, 11, 12, 14, 16, 17, 19, 21, 22, 25, 26, 27, 29, 31, 32, 34),
		position:  2, share: 36, caseNumber: func(year int, id int64) string {
			n := digits(int64(year%100), 2) + digits(id, 7)
			return n[:2] + "-" + n[2:] + "-" + norway.KID(n)[len(n):]
		},
	},
	{
		Code: Lita, Name: "Lita Inkasso AS", OrgNumber: orgNumber("31000030"),
		Phone: "+4768050300", Email: "hei@litainkasso.example", Website: "https://litainkasso.example",
		PostalAddress: "Storgata 3, 6413 Molde", Account: account("9730303030"),
		Domains: []string{"litainkasso.example"}, Sender: "Lita",
		Phones: []string{"+4768050301"},
		Policy: debt.Policy{
			Imputation: debt.PrincipalFirst, MinInstalment: 250_00, MaxInstalments: 6, InstalmentFee: 35_00,
			SetupFee: 0, SetupFreeInstalments: 6, MaxDeferralDays: 21, DeferralFee: 50_00,
			JointAgreements: false, AgreementStopsCosts: true,
			PlanLongest: new(12), PlanGraceDays: new(14), PlanSkips: new(1), PlanAfterBreach: new(true),
		},
		Creditors: pick(6, 9, 14, 19, 22, 25, 27, 29, 32, 34),
		position:  3, share: 14, caseNumber: func(year int, id int64) string {
			return fmt.Sprintf("L%02d-%d", year%100,
				1000+id)
		},
	},
	{
		Code: Journal, Name: "Bokført Inkasso AS", OrgNumber: orgNumber("31000040"),
		Phone: "+4768050400", Email: "post@bokfortinkasso.example", Website: "https://bokfortinkasso.example",
		PostalAddress: "Postboks 404, 9008 Tromsø", Account: account("9740404040"),
		Domains: []string{"bokfortinkasso.example", "bokførtinkasso.example"}, Sender: "Bokfort",
		Phones: []string{"+4768050401"},
		FAQ: []debt.FAQ{{Key: "instalments", Language: debt.English, Question: "Can I pay by instalments?",
			Answer: "Yes, up to twelve, each of NOK 200 or more. The fee is NOK 55 each time."}},
		Policy: debt.Policy{
			Imputation: debt.CostsFirst, MinInstalment: 200_00, MaxInstalments: 12, InstalmentFee: 55_00,
			SetupFee: 0, SetupFreeInstalments: 4, MaxDeferralDays: 21, DeferralFee: 0,
			JointAgreements: true, AgreementStopsCosts: true,
			PlanLongest: new(24), PlanGraceDays: new(14), PlanSkips: new(1), PlanAfterBreach: new(true),
		},
		Creditors: pick(1, 4, 6, 7, 10, 12, 13, 15, 17, 20, 21, 23, 30, 33),
		position:  4, caseNumber: func(year int, id int64) string {
			return fmt.Sprintf("B%02d-%d", year%100, 1000+id)
		},
	},
}

// orgNumber completes the first eight digits from on to the next number that exists.
func orgNumber(eight string) string {
	for i := range 10 {
		if n, ok := norway.CheckOrgNumber(eight[:7] + string(rune('0'+(int(eight[7]-'0')+i)%10))); ok {
			return n
		}
	}
	panic("one of ten organisation numbers exists: " + eight)
}

// account completes the first ten digits to the next account number that exists.
func account(ten string) string {
	for i := range 10 {
		if n, ok := norway.CheckAccount(ten[:9] + string(rune('0'+(int(ten[9]-'0')+i)%10))); ok {
			return n
		}
	}
	panic("one of ten account numbers exists: " + ten)
}

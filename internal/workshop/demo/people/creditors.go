package people

import (
	"math/rand/v2"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
)

// Creditor is a fictional company, municipality or bank that money is owed to.
type Creditor struct {
	ID        int64
	Name      string
	OrgNumber string
	Trade     debt.Trade

	what   string // what its invoices are for
	vat    bool   // it cannot deduct VAT
	weight int    // how often it sends cases
	least  money.Øre
	most   money.Øre
	rate   int // contractual rate of most of its claims; 0: the statutory rate
}

// creditors are numbered in this order, which must stay: ids follow from it.
var creditors = numbered([]Creditor{
	{Name: "Granvik Forbruksbank ASA", Trade: debt.TradeBank, what: "Kredittkort, utestående saldo", vat: true, weight: 26,
		least: 3_000_00, most: 120_000_00, rate: 2190},
	{Name: "Havsulen Sparebank", Trade: debt.TradeBank, what: "Forbrukslån, misligholdt avtale", vat: true, weight: 14,
		least: 12_000_00, most: 380_000_00, rate: 1695},
	{Name: "Handlekonto Nordvei AS", Trade: debt.TradeBank, what: "Konto med delbetaling", vat: true, weight: 24,
		least: 500_00, most: 18_000_00, rate: 2290},
	{Name: "Skarholt Bank", Trade: debt.TradeBank, what: "Billån, forfalte terminer", vat: true, weight: 12,
		least: 6_000_00, most: 240_000_00, rate: 1450},
	{Name: "Elvesus Kraft AS", Trade: debt.TradeElectricity, what: "Strøm og nettleie", weight: 60, least: 380_00,
		most: 9_000_00},
	{Name: "Tindevåg Energi AS", Trade: debt.TradeElectricity, what: "Strømforbruk", weight: 48, least: 290_00,
		most: 7_500_00},
	{Name: "Lysbekk Strøm AS", Trade: debt.TradeElectricity, what: "Strøm, spotavtale", weight: 32, least: 240_00,
		most: 6_000_00},
	{Name: "Bjørkelunden Legesenter", Trade: debt.TradeHealth, what: "Egenandel, konsultasjon", vat: true, weight: 34,
		least: 140_00, most: 900_00},
	{Name: "Tannlegene i Svalegata", Trade: debt.TradeHealth, what: "Tannbehandling", vat: true, weight: 30, least: 650_00,
		most: 14_000_00},
	{Name: "Fossekallen Fysioterapi", Trade: debt.TradeHealth, what: "Behandling og ikke møtt-gebyr", vat: true,
		weight: 24, least: 180_00, most: 1_500_00},
	{Name: "Trollheim Helseforetak", Trade: debt.TradeHealth, what: "Egenandel, poliklinikk", vat: true, weight: 32,
		least: 370_00, most: 1_490_00},
	{Name: "Steinrøys Forsikring", Trade: debt.TradeInsurance, what: "Bilforsikring, premie", vat: true, weight: 36,
		least: 320_00, most: 7_500_00},
	{Name: "Trygghamn Gjensidige Brannkasse", Trade: debt.TradeInsurance, what: "Innbo- og reiseforsikring", vat: true,
		weight: 28, least: 210_00, most: 3_800_00},
	{Name: "Vidvang kommune", Trade: debt.TradeMunicipal, what: "Kommunale avgifter", vat: true, weight: 26, least: 900_00,
		most: 9_500_00},
	{Name: "Solfjell kommune", Trade: debt.TradeMunicipal, what: "Foreldrebetaling barnehage og SFO", vat: true,
		weight: 26, least: 600_00, most: 4_800_00},
	{Name: "Parkvokteren Øst AS", Trade: debt.TradeParking, what: "Kontrollsanksjon, parkering", weight: 54, least: 660_00,
		most: 990_00},
	{Name: "Rutemerket Parkering AS", Trade: debt.TradeParking, what: "Parkeringsavgift, bilskiltlesing", weight: 46,
		least: 85_00, most: 900_00},
	{Name: "Klesloftet Netthandel AS", Trade: debt.TradeRetail, what: "Klær kjøpt på faktura", weight: 66, least: 199_00,
		most: 4_500_00},
	{Name: "Møbelhulen Ringvei AS", Trade: debt.TradeRetail, what: "Møbler, faktura", weight: 34, least: 600_00,
		most: 22_000_00},
	{Name: "Bokhylla på Nett AS", Trade: debt.TradeRetail, what: "Bøker og abonnement", weight: 40, least: 149_00,
		most: 1_200_00},
	{Name: "Duppeditten Elektro AS", Trade: debt.TradeRetail, what: "Elektronikk, faktura", weight: 40, least: 300_00,
		most: 15_000_00},
	{Name: "Ringsvar Mobil AS", Trade: debt.TradeTelecom, what: "Mobilabonnement", weight: 76, least: 199_00,
		most: 4_200_00},
	{Name: "Fibersvingen Bredbånd AS", Trade: debt.TradeTelecom, what: "Bredbånd og TV", weight: 50, least: 399_00,
		most: 3_600_00},
	{Name: "Samtalen Telefoni AS", Trade: debt.TradeTelecom, what: "Mobil, delbetaling av telefon", weight: 34,
		least: 299_00, most: 12_000_00},
	{Name: "Trikkelinja Ruteselskap AS", Trade: debt.TradeTransport, what: "Gebyr for manglende billett", weight: 36,
		least: 950_00, most: 1_450_00},
	{Name: "Bomringen Grenlykkja AS", Trade: debt.TradeTransport, what: "Bompasseringer", weight: 40, least: 90_00,
		most: 2_600_00},
	{Name: "Sundbåten Ferge AS", Trade: debt.TradeTransport, what: "Fergebilletter", weight: 16, least: 80_00,
		most: 1_100_00},
	{Name: "Husrom Utleie Solbakkvika AS", Trade: debt.TradeRent, what: "Husleie", weight: 10, least: 6_500_00,
		most: 48_000_00},
	{Name: "Gårdstunet Eiendom AS", Trade: debt.TradeRent, what: "Husleie og fellesutgifter", weight: 8, least: 4_000_00,
		most: 60_000_00},
	{Name: "Treningsloftet AS", Trade: debt.TradeFitness, what: "Treningsmedlemskap", weight: 40, least: 299_00,
		most: 3_900_00},
	{Name: "Knebøy og Kaffe Treningssenter AS", Trade: debt.TradeFitness, what: "Medlemskap i bindingstid", weight: 26,
		least: 249_00, most: 4_800_00},
	{Name: "Varmepumpefolket Sørlia AS", Trade: debt.TradeOther, what: "Service på varmepumpe", weight: 16, least: 900_00,
		most: 9_000_00},
	{Name: "Rørleggeren i Nordgata AS", Trade: debt.TradeOther, what: "Rørleggerarbeid", weight: 14, least: 1_500_00,
		most: 28_000_00},
	{Name: "Avisbudet Lokalpresse AS", Trade: debt.TradeOther, what: "Avisabonnement", weight: 28, least: 169_00,
		most: 2_400_00},
	{Name: "Dyreklinikken Pote og Snute", Trade: debt.TradeOther, what: "Veterinærbehandling", weight: 20, least: 450_00,
		most: 11_000_00},
	{Name: "Alarmvakten Fjordgløtt AS", Trade: debt.TradeOther, what: "Boligalarm, abonnement", weight: 26, least: 349_00,
		most: 3_200_00},
})

func numbered(list []Creditor) []*Creditor {
	out := make([]*Creditor, len(list))
	for i := range list {
		list[i].ID = int64(i + 1)
		list[i].OrgNumber = orgNumber([]string{"2", "31"}[i%2] + digits(int64(3141592+27183*i), 7-i%2))
		out[i] = &list[i]
	}
	return out
}

func pick(positions ...int) []*Creditor {
	out := make([]*Creditor, len(positions))
	for i, p := range positions {
		out[i] = creditors[p]
	}
	return out
}

// drawCreditor chooses one of the agency's creditors by weight.
func (a *Agency) drawCreditor(r *rand.Rand) *Creditor {
	sum := 0
	for _, c := range a.Creditors {
		sum += c.weight
	}
	n := r.IntN(sum)
	for _, c := range a.Creditors {
		if n -= c.weight; n < 0 {
			return c
		}
	}
	panic("the weights changed while they were summed")
}

// ofTrade returns the agency's first creditor of a trade.
func (a *Agency) ofTrade(t debt.Trade) *Creditor {
	for _, c := range a.Creditors {
		if c.Trade == t {
			return c
		}
	}
	panic(a.Code + " has no creditor of trade " + string(t))
}

// drawPrincipal is skewed: most claims are near the least amount.
func (c *Creditor) drawPrincipal(r *rand.Rand) money.Øre {
	u := r.Float64()
	amount := c.least + money.Øre(u*u*u*float64(c.most-c.least))
	if r.IntN(3) > 0 {
		amount = wholeKroner(amount)
	}
	return amount
}

package people

import (
	"github.com/oversikt/oversikt/internal/debt"
)

// The demo people by index. The order is part of what users see.
const (
	flagship = iota
	nearHeavyFee
	keepsAgreement
	brokeAgreement
	objector
	debtFree
	small
	firm
	sameCreditor
	booked
	wronged
	demoPeople // how many they are
)

// storyAt is a function, and not a table, because stories refer to one another.
func storyAt(i int) story {
	switch i {
	case flagship:
		return story{"Kari Solheim Nordvik", debt.Bokmal, false,
			"12 open cases at three of the four agencies: every phase, a joint agreement with instalments paid, objections, a deferral, holds, wage deduction and coming costs. Fjord Inkasso has a power of attorney of hers for Per Solheim Nordvik, below; here she can give him one (the tab Give).", tellFlagship}
	case nearHeavyFee:
		return story{"Jonas Berge Lund", debt.Bokmal, false,
			"One case that will double its collection fee within days unless it is paid.", tellNearHeavyFee}
	case keepsAgreement:
		return story{"Sunniva Tveit", debt.Nynorsk, false,
			"Keeps an agreement of 12 instalments, half of them paid. Her language is nynorsk.", tellKeepsAgreement}
	case brokeAgreement:
		return story{"Trond Haugen", debt.Bokmal, false,
			"Broke an agreement; the claim went on to enforcement and is now taken from his wages. A second case at another agency is monitored, and a third at Bokført Inkasso has its first fee.", tellBrokeAgreement}
	case objector:
		return story{"Aisha Hassan Lie", debt.Bokmal, false,
			"An objection is under review, so no costs come in that case; an earlier one was partly upheld.", tellObjector}
	case debtFree:
		return story{"Per Solheim Nordvik", debt.Bokmal, false,
			"Debt free: only closed cases, at two agencies. Fjord Inkasso has a power of attorney of the first person for him.",
			tellDebtFree}
	case small:
		return story{"Agnieszka Nowak", debt.English, false,
			"One small case at one agency, still a warning: no collection fee yet. Reads English.", tellSmall}
	case firm:
		return story{"Granly Snekkeri Moen", debt.Bokmal, true,
			"A sole proprietorship: business fees of one and a half times, and a bank loan with a contractual rate beside the statutory one, and an invoice at Bokført Inkasso.", tellFirm}
	case booked:
		return story{"Ingrid Myhre Sand", debt.Bokmal, false,
			"Known to Bokført Inkasso alone, whose core keeps double-entry books: an agreement with two instalments paid, a part payment, a warning for two invoices and two cases that are settled.",
			tellBooked}
	case wronged:
		return story{"Liv Strand Aune", debt.Bokmal, false,
			"Claims that break the law: fees over their caps at three agencies, two small claims of one creditor that should be one, and one that is soon time-barred. The tab Check finds them.", tellWronged}
	}
	return story{"Ole Martin Dahl", debt.Bokmal, false,
		"The same creditor twice at one agency and once at another: what merging claims would save.", tellSameCreditor}
}

func tellFlagship(t *teller) {
	d := t.at(Fjord)
	d.agreed(debt.PhaseLightFee, 3, 10, d.straight(debt.TradeTelecom, 2_849_00),
		d.straight(debt.TradeElectricity, 6_412_50))
	d.now(d.straight(debt.TradeRetail, 1_899_00), debt.PhaseLightFee, -5)
	l := d.now(d.straight(debt.TradeFitness, 2_994_00), debt.PhasePaymentDemand, 9)
	l.object(protests[5], t.asOf-7)
	bank := d.straight(debt.TradeBank, 48_730_00)
	bank.court, bank.rate, bank.prior, bank.reminder = true, 2190, 1_312_44, true
	bank.wait[stepJudgment] = 90
	l = d.begin(bank, debt.PhaseLegal, t.asOf, 40)
	l.run(t.asOf - 25)
	l.pay(t.asOf-25, 2_000_00, debt.PaidByBank)
	l.run(t.asOf)
	d.now(d.straight(debt.TradeParking, 880_00), debt.PhaseCollectionWarning, 6)
	d.paid(d.straight(debt.TradeTelecom, 599_00), debt.PhaseLightFee, 310)
	d.converse(talks[0], t.asOf-32, d.lives[2].Case)
	d.powers = append(d.powers, PowerOfAttorney{
		NationalID: nationalID(debtFree).Reveal(), Name: storyAt(debtFree).name, MayAct: true,
		ValidFrom: t.asOf - 40, ValidUntil: (t.asOf - 40).AddMonths(24),
	})

	d = t.at(Tradisjon)
	l = d.begin(d.straight(debt.TradeHealth, 9_340_00), debt.PhaseHeavyFee, t.asOf, 3)
	l.run(t.asOf - 40)
	l.object(protests[2], t.asOf-40)
	l.decide(debt.ObjectionRejected, t.asOf-35, protests[2].rejected)
	l.run(t.asOf - 20)
	l.pay(t.asOf-20, 1_500_00, debt.PaidByVipps)
	l.run(t.asOf)
	l = d.now(d.straight(debt.TradeInsurance, 3_276_00), debt.PhaseLightFee, 8)
	l.Requests = append(l.Requests, Request{
		Status: requestGranted, RequestedAt: d.moment(t.asOf - 4), DecidedOn: t.asOf - 3,
		Until: t.asOf + 10, Reply: deferralGranted,
	})
	d.now(d.straight(debt.TradeTransport, 1_150_00), debt.PhasePaymentDemand, 4)
	wages := d.straight(debt.TradeElectricity, 14_980_00)
	wages.principal = 14_980_00
	l = d.begin(wages, debt.PhaseLegal, t.asOf, 190)
	l.run(t.asOf)
	d.deductWages(l)
	d.paid(d.straight(debt.TradeParking, 660_00), debt.PhaseCollectionWarning, 500)
	d.converse(talks[3], t.asOf-12, nil)

	d = t.at(Lita)
	reminded := d.straight(debt.TradeRetail, 749_00)
	reminded.reminder = true
	d.now(reminded, debt.PhaseReminder, 5)
	watched := d.straight(debt.TradeFitness, 4_190_00)
	watched.outcome = debt.StepNothingToAttach
	l = d.now(watched, debt.PhaseMonitoring, 200)
	l.Holds = append(l.Holds, debt.Hold{Kind: debt.HoldOther, Since: t.asOf - 15, Until: t.asOf + 30})
}

func tellNearHeavyFee(t *teller) {
	d := t.at(Fjord)
	d.now(d.straight(debt.TradeElectricity, 4_720_00), debt.PhaseLightFee, -4)
}

func tellKeepsAgreement(t *teller) {
	d := t.at(Tradisjon)
	d.agreed(debt.PhaseHeavyFee, 6, 12, d.straight(debt.TradeHealth, 18_650_00))
	d.converse(talks[0], t.asOf-200, d.lives[0].Case)
}

func tellBrokeAgreement(t *teller) {
	d := t.at(Fjord)
	first := t.asOf.AddMonths(-16)
	start := workdayBefore(first - 20)
	l := d.begin(d.straight(debt.TradeTelecom, 11_480_00), debt.PhaseLightFee, start, 5)
	l.run(start)
	deal := d.sign([]*life{l}, start, first, 8)
	deal.keep(0)
	deal.keep(1)
	deal.end(debt.AgreementBreached, workday(deal.Instalments[2].DueOn+14))
	d = t.at(Tradisjon)
	p := d.straight(debt.TradeElectricity, 5_310_00)
	p.outcome = debt.StepNothingToAttach
	d.now(p, debt.PhaseMonitoring, 300)
	d = t.at(Journal)
	d.now(d.straight(debt.TradeTelecom, 1_690_00), debt.PhaseLightFee, 4)
}

func tellObjector(t *teller) {
	d := t.at(Fjord)
	l := d.begin(d.straight(debt.TradeRetail, 3_499_00), debt.PhaseLightFee, t.asOf-9, 6)
	l.run(t.asOf - 9)
	l.object(protests[3], t.asOf-9)
	d = t.at(Lita)
	l = d.begin(d.straight(debt.TradeMunicipal, 2_140_00), debt.PhaseLightFee, t.asOf-30, 2)
	l.run(t.asOf - 30)
	l.object(protests[6], t.asOf-30)
	l.waive(debt.CostLightFee, t.asOf-18)
	l.decide(debt.ObjectionPartlyUpheld, t.asOf-18, partlyUpheldReply)
	l.resume(t.asOf - 10)
	l.run(t.asOf)
}

func tellDebtFree(t *teller) {
	d := t.at(Fjord)
	d.paid(d.straight(debt.TradeElectricity, 2_230_00), debt.PhasePaymentDemand, 95)
	d.paid(d.straight(debt.TradeParking, 900_00), debt.PhaseHeavyFee, 420)
	d = t.at(Tradisjon)
	start := t.asOf.AddMonths(-9)
	l := d.begin(d.straight(debt.TradeRetail, 7_999_00), debt.PhaseLightFee, start, 4)
	l.run(start)
	deal := d.sign([]*life{l}, start, start+20, 4)
	for k := range deal.Instalments {
		deal.keep(k)
	}
}

func tellSmall(t *teller) {
	d := t.at(Lita)
	d.now(d.straight(debt.TradeRetail, 349_00), debt.PhaseCollectionWarning, 4)
}

func tellFirm(t *teller) {
	d := t.at(Fjord)
	d.now(d.straight(debt.TradeTelecom, 3_980_00), debt.PhaseHeavyFee, 10)
	d = t.at(Tradisjon)
	loan := d.straight(debt.TradeBank, 164_000_00)
	loan.rate, loan.prior = 1450, 5_863_20
	l := d.begin(loan, debt.PhaseHeavyFee, t.asOf, 4)
	l.run(t.asOf - 22)
	l.pay(t.asOf-22, 10_000_00, debt.PaidByBank)
	l.run(t.asOf)
	d.now(d.straight(debt.TradeOther, 22_450_00), debt.PhasePaymentDemand, 11)
	d = t.at(Journal)
	d.now(d.straight(debt.TradeElectricity, 8_215_40), debt.PhasePaymentDemand, 6)
}

// tellSameCreditor has claims so small that together they bear a lower fee than each by itself.
func tellSameCreditor(t *teller) {
	d := t.at(Tradisjon)
	d.now(d.straight(debt.TradeElectricity, 1_200_00), debt.PhaseLightFee, 3)
	d.now(d.straight(debt.TradeElectricity, 1_100_00), debt.PhasePaymentDemand, 3)
	d = t.at(Fjord)
	d.now(d.straight(debt.TradeElectricity, 1_200_00), debt.PhasePaymentDemand, 8)
}

func tellBooked(t *teller) {
	d := t.at(Journal)
	d.agreed(debt.PhaseLightFee, 2, 6, d.straight(debt.TradeHealth, 4_860_00))
	l := d.begin(d.straight(debt.TradeElectricity, 7_340_00), debt.PhaseHeavyFee, t.asOf, 3)
	l.run(t.asOf - 20)
	l.pay(t.asOf-20, 1_000_00, debt.PaidByVipps)
	l.run(t.asOf)
	d.now(d.straight(debt.TradeRetail, 1_249_00), debt.PhaseCollectionWarning, 5)
	d.paid(d.straight(debt.TradeParking, 780_00), debt.PhaseLightFee, 200)
	d.paid(d.straight(debt.TradeTelecom, 640_00), debt.PhasePaymentDemand, 420)
}

// tellWronged has what no agency should do. The check of a claim finds it.
func tellWronged(t *teller) {
	d := t.at(Fjord)
	d.now(d.straight(debt.TradeRetail, 2_190_00), debt.PhaseLightFee, 4).overcharge(debt.CostLightFee, 220_00)
	first := d.now(d.straight(debt.TradeElectricity, 480_00), debt.PhaseLightFee, 5)
	second := d.straight(debt.TradeElectricity, 490_00)
	second.creditor = first.Creditor
	d.now(second, debt.PhaseLightFee, 5)
	old := d.straight(debt.TradeFitness, 3_490_00)
	old.legal = false
	d.now(old, debt.PhaseMonitoring, 915)
	d = t.at(Tradisjon)
	d.now(d.straight(debt.TradeTelecom, 1_480_00), debt.PhaseLightFee, 6).overcharge(debt.CostCollectionWarning, 35_00)
	d = t.at(Journal)
	d.now(d.straight(debt.TradeElectricity, 6_730_00), debt.PhaseHeavyFee, 3).overcharge(debt.CostHeavyFee, 400_00)
}

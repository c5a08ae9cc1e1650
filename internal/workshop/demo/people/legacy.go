package people

import (
	"context"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/debt"
)

// The sheets of the legacy core, by table.
const (
	oldDebtor = iota
	oldCase
	oldClaim
	oldFee
	oldScheduled
	oldHold
	oldLetter
	oldPayment
	oldAllocation
	oldAgreement
	oldAgreementCase
	oldInstalment
	oldObjection
	oldMessage
	oldRequest
	oldPower
	oldPowerCase
	oldCredential
)

var legacyLayout = layout{
	creditors: "inkasso.fordringshaver",
	tables: []string{
		oldDebtor:        "inkasso.skyldner (skyldner_id, type, fnr, orgnr, fornavn, etternavn, epost, telefon, adresse, postnr, poststed, maalform)",
		oldCase:          "inkasso.sak (saksnr, skyldner_id, fordringshaver_id, status, rettsskritt, gjelder, oppdragsgivers_ref, registrert, frist, avsluttet, rentetype, rentesats, rente_fra, avtale_fra, kid, kontonr, betalingsmottaker, saksbehandler)",
		oldClaim:         "inkasso.fordring (saksnr, linjenr, type, fakturanr, fakturadato, forfall, belop)",
		oldFee:           "inkasso.salaer (salaer_id, saksnr, type, belop, dato, kreditert, korrigerer, hjemmel)",
		oldScheduled:     "inkasso.planlagt_kostnad (saksnr, dato, type, belop)",
		oldHold:          "inkasso.sperre (sperre_id, saksnr, aarsak, fra, til)",
		oldLetter:        "inkasso.brev (brev_id, saksnr, type, tittel, kanal, sendt, frist, belop, opprettet, filtype, storrelse)",
		oldPayment:       "inkasso.innbetaling (innbetaling_id, saksnr, belop, valutert, registrert, kanal)",
		oldAllocation:    "inkasso.innbetaling_fordeling (innbetaling_id, hovedstol, renter, gebyr, salaer, sakskostnader)",
		oldAgreement:     "inkasso.avtale (avtale_id, skyldner_id, type, status, maanedsbelop, startet, avsluttet)",
		oldAgreementCase: "inkasso.avtale_sak (avtale_id, saksnr)",
		oldInstalment:    "inkasso.avdrag (avtale_id, nr, forfall, belop, gebyr, betalt)",
		oldObjection:     "inkasso.innsigelse (innsigelse_id, saksnr, status, aarsaker, tekst, mottatt, avgjort, svar)",
		oldMessage:       "inkasso.melding (melding_id, skyldner_id, saksnr, retning, emne, tekst, sendt, lest)",
		oldRequest:       "inkasso.henvendelse (henvendelse_id, saksnr, type, status, mottatt, til, avgjort, svar)",
		oldPower:         "inkasso.fullmakt (fullmakt_id, skyldner_id, fullmektig_fnr, fullmektig_orgnr, fullmektig_navn, rett, omfang, gjelder_fra, gjelder_til, tilbakekalt)",
		oldPowerCase:     "inkasso.fullmakt_sak (fullmakt_id, saksnr)",
		oldCredential:    "inkasso.passord (saksnr, merke, avtrykk, utstedt, gyldig_til)",
	},
	master: masterLegacy,
	write:  writeLegacy,
}

// masterLegacy keeps the agency, the policy and the rates that are there already.
func masterLegacy(ctx context.Context, tx pgx.Tx, a *Agency) error {
	var b pgx.Batch
	b.Queue(`insert into inkasso.firma (firmanr, navn, orgnr, telefon, epost, nettsted, postadresse)
		select 1, $1, $2, $3, $4, $5, $6 where not exists (select from inkasso.firma)`,
		a.Name, a.OrgNumber, a.Phone, a.Email, a.Website, a.PostalAddress)
	p := a.Policy
	b.Queue(`insert into inkasso.retningslinje (firmanr, dekningsrekkefolge, minste_avdrag, maks_antall_avdrag, avdragsgebyr,
			avdragssalaer, salaerfrie_avdrag, maks_utsettelse, utsettelsesgebyr, fellesavtale, avtale_stopper_salaer,
			lengste_avtale, dager_til_brudd, utsatte_avdrag, ny_etter_brudd)
		select f.firmanr, $1, $2::numeric, $3, $4::numeric, $5::numeric, $6, $7, $8::numeric, $9, $10, $11, $12, $13, $14
		from (select min(firmanr) from inkasso.firma) f (firmanr)
		where not exists (select from inkasso.retningslinje)`,
		map[debt.Imputation]int{debt.CostsFirst: 1, debt.PrincipalFirst: 2}[p.Imputation],
		p.MinInstalment.String(), p.MaxInstalments, p.InstalmentFee.String(), p.SetupFee.String(),
		p.SetupFreeInstalments, p.MaxDeferralDays, p.DeferralFee.String(), yes(p.JointAgreements), yes(p.AgreementStopsCosts),
		*p.PlanLongest, *p.PlanGraceDays, *p.PlanSkips, yes(*p.PlanAfterBreach))
	for _, r := range rates {
		b.Queue(`insert into inkasso.sats (type, gjelder_fra, prosent, kilde) values (1, $1, $2::numeric / 100, $3) on conflict do nothing`,
			r.ValidFrom.Time(), r.BasisPoints, r.Source)
	}
	for _, c := range a.Creditors {
		b.Queue(`insert into inkasso.fordringshaver (fordringshaver_id, navn, orgnr, bransje) values ($1, $2, $3, $4)`,
			string(appendUUID(nil, oldCreditorID, c.ID)), c.Name, c.OrgNumber, oldTrades[c.Trade])
	}
	return tx.SendBatch(ctx, &b).Close()
}

func yes(v bool) string {
	if v {
		return "J"
	}
	return "N"
}

// oldCreditorID and the like tell the uuids of tables with the same ids apart.
const (
	oldCreditorID byte = 100 + iota
	oldCorrectionID
	oldNoteID
)

// The codes of the legacy core and of the one that keeps books. What they have no code for does not
// occur.
var (
	oldTrades = map[debt.Trade]int{
		debt.TradeBank: 10, debt.TradeInsurance: 15, debt.TradeElectricity: 20, debt.TradeTelecom: 25,
		debt.TradeHealth: 30, debt.TradeFitness: 35, debt.TradeRetail: 40, debt.TradeTransport: 50,
		debt.TradeParking: 55, debt.TradeMunicipal: 60, debt.TradeRent: 65, debt.TradeOther: 99,
	}
	oldPhases = map[debt.Phase]int64{
		debt.PhaseReminder: 10, debt.PhaseCollectionWarning: 20, debt.PhasePaymentDemand: 30,
		debt.PhaseLightFee: 40, debt.PhaseHeavyFee: 50, debt.PhaseLegal: 60, debt.PhaseMonitoring: 70, debt.PhaseClosed: 80,
	}
	oldSteps = map[debt.LegalStep]string{
		debt.StepConciliation: "K", debt.StepJudgment: "D", debt.StepEnforcementRequested: "B", debt.StepAttachment: "U",
		debt.StepWageDeduction: "T", debt.StepLien: "P", debt.StepNothingToAttach: "I", debt.StepForcedSale: "S",
	}
	oldCosts = map[debt.CostKind]int64{
		debt.CostReminder: 1, debt.CostCollectionWarning: 2, debt.CostPaymentDemand: 3, debt.CostLightFee: 11,
		debt.CostHeavyFee: 12, debt.CostInstalment: 21, debt.CostAgreementSetup: 22, debt.CostDeferral: 23,
		debt.CostCompensation: 24,
		debt.CostCourt:        31, debt.CostEnforcement: 32, debt.CostWriting: 33,
	}
	oldHolds = map[debt.HoldKind]int64{
		debt.HoldDisputed: 1, debt.HoldDeferred: 2, debt.HoldAgreement: 3, debt.HoldDeath: 4, debt.HoldDebtSettlement: 5,
		debt.HoldOther: 9,
	}
	oldLetters = map[debt.LetterKind]string{
		debt.LetterInvoice: "FA", debt.LetterReminder: "PU", debt.LetterCollectionWarning: "IV",
		debt.LetterPaymentDemand: "BO",
		debt.LetterLegalNotice:   "RV", debt.LetterAgreement: "AV", debt.LetterObjectionReply: "SI", debt.LetterReceipt: "KV",
		debt.LetterOther: "AN",
	}
	oldLetterChannels = map[debt.LetterChannel]string{
		debt.ByPost: "P", debt.ByEmail: "E", debt.ByDigipost: "D", debt.ByEFaktura: "F", debt.ByPortal: "M",
	}
	oldPaymentChannels = map[debt.PaymentChannel]string{
		debt.PaidByBank: "B", debt.PaidByCard: "K", debt.PaidByVipps: "V", debt.PaidByAvtaleGiro: "A",
		debt.PaidByWageDeduction: "T", debt.PaidToCreditor: "F", debt.PaidOtherwise: "X",
	}
	oldAgreements = map[debt.AgreementStatus]string{
		debt.AgreementProposed: "F", debt.AgreementActive: "A", debt.AgreementCompleted: "O", debt.AgreementBreached: "B",
		debt.AgreementCancelled: "S",
	}
	oldObjections = map[debt.ObjectionStatus]string{
		debt.ObjectionReceived: "M", debt.ObjectionUnderReview: "B", debt.ObjectionUpheld: "G",
		debt.ObjectionPartlyUpheld: "D", debt.ObjectionRejected: "A", debt.ObjectionWithdrawn: "T",
	}
	oldReasons = map[debt.ObjectionReason]string{
		debt.ReasonNotMine: "01", debt.ReasonPaid: "02", debt.ReasonWrongAmount: "03", debt.ReasonNotReceived: "04",
		debt.ReasonDefect: "05", debt.ReasonCancelled: "06", debt.ReasonNoInvoice: "07", debt.ReasonFraud: "08",
		debt.ReasonTimeBarred: "09", debt.ReasonOther: "99",
	}
	oldRequests = map[string]int64{requestReceived: 0, requestGranted: 1, requestRejected: 2}
)

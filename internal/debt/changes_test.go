package debt_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
)

// TestChanges: what has happened since an instant is told, newest first; what came before, and what
// may come, is not.
func TestChanges(t *testing.T) {
	t.Parallel()
	day := norway.MustDate
	at := func(s string) time.Time {
		instant, err := time.Parse("2006-01-02 15:04", s)
		if err != nil {
			t.Fatal(err)
		}
		return instant
	}
	now, since := at("2026-11-30 12:00"), at("2026-11-10 12:00")
	a := &debt.Agency{Name: "Fjord"}
	c := &debt.Case{ID: debt.Key{Kind: debt.KindCase, ID: "1"}, CaseNumber: "1", Status: debt.Open,
		Phase:    debt.PhaseLightFee,
		OpenedOn: day("2026-11-12"), InterestFrom: day("2026-01-01"), OriginalPrincipal: 1000_00,
		Terms: &debt.Terms{Today: day("2026-11-30"), Rates: []debt.Rate{
			{Kind: debt.RateLatePayment, ValidFrom: day("2026-07-01"), BasisPoints: 1225},
			{Kind: debt.RateLatePayment, ValidFrom: day("2026-11-15"), BasisPoints: 1250},
			{Kind: debt.RateLatePayment, ValidFrom: day("2027-01-01"), BasisPoints: 1300}}},
		AllLetters: []debt.Letter{{Kind: debt.LetterReminder, Title: "Gammelt", SentOn: day("2026-11-09")},
			{Kind: debt.LetterPaymentDemand, Title: "BO", SentOn: day("2026-11-20")}},
		Fees: []debt.Fee{{Kind: debt.CostLightFee, Amount: 300_00, IncurredOn: day("2026-11-10"),
			WaivedOn: day("2026-11-29")}},
		AllPayments: []debt.Payment{
			{Amount: 10_00, ReceivedOn: day("2026-11-08"), RegisteredAt: at("2026-11-11 08:00")}, // booked later
			{Amount: 20_00, ReceivedOn: day("2026-11-10"), RegisteredAt: at("2026-11-10 11:00")}},
		Objections: []debt.Objection{{SubmittedAt: at("2026-11-10 11:59"), DecidedOn: day("2026-11-21")}},
		Deferrals: []debt.Deferral{{Status: debt.DeferralGranted, Until: day("2026-12-10"), DecidedOn: day("2026-11-22")},
			{Status: debt.DeferralRefused, Until: day("2026-12-20"), DecidedOn: day("2026-11-23")},
			{Status: debt.DeferralRequested, Until: day("2026-12-30")}},
		Requests: []debt.Request{{Kind: debt.RequestInformation, DecidedOn: day("2026-11-24")},
			{Kind: debt.RequestDeferral, DecidedOn: day("2026-11-24")}},
		AllHolds:       []debt.Hold{{Kind: debt.HoldDeferred, Since: day("2026-11-22"), Until: day("2026-12-10")}},
		ScheduledCosts: []debt.ScheduledCost{{On: day("2026-12-24"), Kind: debt.CostHeavyFee, Amount: 300_00}},
	}
	c.Complaints = []debt.Complaint{{SubmittedAt: at("2026-11-12 08:00"), AnsweredOn: day("2026-11-18")}}
	c.Agreements = []*debt.Agreement{{Kind: debt.AgreementInstalments, Status: debt.AgreementActive,
		StartedOn: day("2026-10-01"), Cases: []*debt.Case{c}, WarnedOn: day("2026-11-26"), BreachOn: day("2026-12-10"),
		DecidedOn:   day("2026-11-14"),
		Instalments: []debt.Instalment{{Number: 1, DueOn: day("2026-11-25"), Amount: 100_00}}}}
	own, others := "1", "2"
	cases := []*debt.Case{c}
	p := debt.Person{Parts: []debt.Part{{Agency: a, Status: debt.AgencyOK, Cases: cases, Messages: []debt.Message{
		{CaseID: &own, Sender: debt.SentByAgency, SentAt: at("2026-11-26 10:00"), Body: "Hemmelig"},
		{CaseID: &others, Sender: debt.SentByAgency, SentAt: at("2026-11-26 10:00")},
		{Sender: debt.SentByDebtor, SentAt: at("2026-11-26 10:00")}}}}}
	var got []string
	english := debt.English
	for _, x := range p.Changes(since, now) {
		got = append(got, fmt.Sprintf("%s %s %s", x.On, x.Kind, strings.ReplaceAll(x.Text(&english), "\u00a0", " ")))
	}
	want := []string{
		"2026-11-29 COST_WAIVED Light collection fee (lett salær) of NOK 300.00 was waived",
		"2026-11-26 MESSAGE The agency has sent you a message",
		"2026-11-26 INSTALMENT_MISSED Instalment of NOK 70.00 was due and has not been paid",
		"2026-11-26 AGREEMENT_WARNED Warning: an instalment has not been paid. The agreement is broken on 10 December 2026 " +
			"unless it is paid before",
		"2026-11-24 REQUEST_ANSWERED Your request was answered",
		"2026-11-23 DEFERRAL_DECIDED Your deferral until 20 December 2026 was refused",
		"2026-11-22 HOLD_STARTED Collection was put on hold: deferral",
		"2026-11-22 DEFERRAL_DECIDED Your deferral was granted until 10 December 2026",
		"2026-11-21 OBJECTION_DECIDED The objection was decided",
		"2026-11-20 LETTER Letter sent: BO",
		"2026-11-18 COMPLAINT_ANSWERED The agency answered the complaint",
		"2026-11-15 RATE Late-payment interest is now 12.50% a year",
		"2026-11-14 AGREEMENT_GRANTED The agreement was granted",
		"2026-11-12 OPENED The agency opened the case",
		"2026-11-12 COMPLAINT You complained about the agency",
		"2026-11-11 PAYMENT Payment of NOK 10.00",
		"2026-11-10 COST Light collection fee (lett salær) added: NOK 300.00",
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got)\n%s", diff)
	}
	if late := p.Changes(now, now); len(late) > 0 {
		t.Errorf("%d things are new since now", len(late))
	}
}

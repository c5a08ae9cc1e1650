package contracttest

import (
	"slices"

	"github.com/oversikt/oversikt/internal/agency/rehearse"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/state"
)

// courses are how the machines are walked.
var courses = []course{
	{state.Case, "", phaseOf, askInCase, map[string]func(*walk){
		string(debt.PhaseReminder):      func(w *walk) { w.happens(w.c.Happen.Early, w.of.ID.ID) },
		string(debt.PhasePaymentDemand): func(*walk) {},
		string(debt.PhaseClosed):        func(w *walk) { w.happens(w.c.Happen.Close, w.of.ID.ID) },
	}, nil},
	{state.Agreement, "agreement_id", agreementAt, askOfPlan, map[string]func(*walk){
		string(debt.AgreementBreached): func(w *walk) {
			w.happens(w.c.Happen.Pass, w.id, startsAfter+*w.s.policy.PlanGraceDays+1)
		},
	}, (*debt.Case).Agreed},
	{state.Deferral, "deferral_id", deferralAt, askOfDeferral, nil, func(x *debt.Case) bool {
		return x.Held(debt.HoldDeferred) || slices.ContainsFunc(x.Deferrals, func(d debt.Deferral) bool {
			return d.Status == debt.DeferralRequested
		})
	}},
	{state.Objection, "objection_id", objectionAt, askOfObjection, map[string]func(*walk){
		string(debt.ObjectionUnderReview): func(w *walk) { w.happens(w.c.Happen.Review, w.id) },
	}, (*debt.Case).Disputed},
	{state.Complaint, "complaint_id", complaintAt, askOfComplaint, nil, nil},
	{state.Receipt, "receipt_id", receiptAt, askOfReceipt, nil, nil},
	{state.InvoiceCopy, "request_id", copyAt, askOfCopy, nil, nil},
}

// walkedPlan is how many instalments the plans of a walk have.
const walkedPlan = 3

func (w *walk) happens(sql string, args ...any) {
	w.t.Helper()
	must(w.t, w.tx, sql, args...)
}

// find returns the state of the thing of a key among all; None where it is gone.
func find[T any](all []T, id string, of func(*T) (id, state string)) string {
	for i := range all {
		if key, at := of(&all[i]); key == id {
			return at
		}
	}
	return state.None
}

func phaseOf(x *debt.Case, _ string) string { return string(x.Phase) }

func agreementAt(x *debt.Case, id string) string {
	return find(x.Agreements, id, func(a **debt.Agreement) (string, string) { return (*a).ID.ID, string((*a).Status) })
}

func deferralAt(x *debt.Case, id string) string {
	return find(x.Deferrals, id, func(d *debt.Deferral) (string, string) { return d.ID, string(d.Status) })
}

func objectionAt(x *debt.Case, id string) string {
	return find(x.Objections, id, func(o *debt.Objection) (string, string) { return o.ID.ID, string(o.Status) })
}

func complaintAt(x *debt.Case, id string) string {
	return find(x.Complaints, id, func(o *debt.Complaint) (string, string) { return o.ID, string(o.Status) })
}

func receiptAt(x *debt.Case, id string) string {
	return find(x.Receipts, id, func(r *debt.Receipt) (string, string) { return r.ID, string(r.Status) })
}

func copyAt(x *debt.Case, id string) string {
	return find(x.Requests, id, func(q *debt.Request) (string, string) { return q.ID, string(q.InvoiceCopyStatus()) })
}

func askOfCopy(w *walk, s state.Step) (rehearse.Input, bool) {
	if s.Act == "order_invoice_copy" {
		return rehearse.Input{"case_id": w.of.ID.ID}, false
	}
	return rehearse.Input{"request_id": w.id, "outcome": s.When, "reply": "Slik ble det."}, true
}

func askOfDeferral(w *walk, s state.Step) (rehearse.Input, bool) {
	if s.Act == "request_deferral" {
		days := w.s.policy.MaxDeferralDays
		if s.When == "beyond it" {
			days += 5
		}
		return rehearse.Input{"case_id": w.of.ID.ID, "until": w.s.today.AddDays(days).String()}, false
	}
	return rehearse.Input{"deferral_id": w.id, "decision": s.When, "reply": "Slik ble det."}, true
}

func askOfObjection(w *walk, s state.Step) (rehearse.Input, bool) {
	switch s.Act {
	case "submit_objection":
		return rehearse.Input{"case_id": w.of.ID.ID, "reasons": []string{"WRONG_AMOUNT"}}, false
	case "decide_objection":
		return decidedAs(w.id, s.When), true
	}
	return rehearse.Input{"objection_id": w.id, "statement": "Kvitteringen er funnet."}, false
}

// decidedAs is a decision on an objection, with a reduction of a krone where it is in part.
func decidedAs(id, decision string) rehearse.Input {
	in := rehearse.Input{"objection_id": id, "decision": decision, "reply": "Slik ble det.", "reduction_ore": nil}
	if decision == string(debt.InPart) {
		return in.With("reduction_ore", 100)
	}
	return in
}

func askOfComplaint(w *walk, s state.Step) (rehearse.Input, bool) {
	if s.Act == "submit_complaint" {
		return rehearse.Input{"case_id": w.of.ID.ID, "categories": []string{"COSTS"}}, false
	}
	return rehearse.Input{"complaint_id": w.id, "outcome": s.When, "reply": "Slik ble det."}, true
}

func askOfReceipt(w *walk, s state.Step) (rehearse.Input, bool) {
	if s.Act == "submit_receipt" {
		return rehearse.Input{"case_id": w.of.ID.ID, "kind": "TO_AGENCY", "paid_on": w.s.today.String(),
			"amount_ore": receiptAmount, "statement": nil, "files": 1}, false
	}
	in := rehearse.Input{"receipt_id": w.id, "decision": s.When, "reply": "Slik ble det.", "amount_ore": nil,
		"effect": nil, "costs": nil}
	if s.When == string(debt.RejectReceipt) {
		return in, true
	}
	if s.When == string(debt.AcceptPart) {
		in = in.With("amount_ore", 100)
	}
	return in.With("effect", "BOOK_PAYMENT").With("costs", "KEEP"), true
}

func askOfPlan(w *walk, s state.Step) (rehearse.Input, bool) {
	n := walkedPlan
	if s.When == "beyond it" {
		n = w.s.policy.MaxInstalments + 1
	}
	in := rehearse.Input{"case_ids": []string{w.of.ID.ID}, "instalments": parts(w.s.instalments(n))}
	switch s.Act {
	case "apply_for_instalment_plan":
		return in, false
	case "decide_instalment_plan":
		return rehearse.Input{"agreement_id": w.id, "decision": s.When, "reply": "Slik ble det."}, true
	case "change_instalment_plan":
		return rehearse.Input{"agreement_id": w.id, "instalments": parts(w.s.instalments(2))}, false
	}
	return rehearse.Input{"agreement_id": w.id}, false
}

func askInCase(w *walk, s state.Step) (rehearse.Input, bool) {
	switch s.Act {
	case "decide_objection":
		w.happens(w.c.Happen.Object, w.of.ID.ID)
		all := w.now().Objections
		i := slices.IndexFunc(all, func(o debt.Objection) bool { return o.Status == debt.ObjectionReceived })
		return decidedAs(all[i].ID.ID, s.When), true
	case "request_deferral":
		return askOfDeferral(w, state.Step{Act: s.Act, When: "within the policy"})
	case "apply_for_instalment_plan":
		return askOfPlan(w, s)
	case "submit_complaint":
		return askOfComplaint(w, s)
	}
	return askOfObjection(w, s)
}

package resolvers

import (
	"context"
	"errors"
	"reflect"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/attachment"
	"github.com/oversikt/oversikt/internal/act/attorney"
	"github.com/oversikt/oversikt/internal/act/breathing"
	"github.com/oversikt/oversikt/internal/act/caselink"
	"github.com/oversikt/oversikt/internal/act/complaint"
	"github.com/oversikt/oversikt/internal/act/contact"
	"github.com/oversikt/oversikt/internal/act/credentials"
	"github.com/oversikt/oversikt/internal/act/deferral"
	"github.com/oversikt/oversikt/internal/act/desk"
	"github.com/oversikt/oversikt/internal/act/difficulty"
	"github.com/oversikt/oversikt/internal/act/household"
	"github.com/oversikt/oversikt/internal/act/invoicecopy"
	"github.com/oversikt/oversikt/internal/act/objection"
	"github.com/oversikt/oversikt/internal/act/plan"
	"github.com/oversikt/oversikt/internal/act/receipt"
	"github.com/oversikt/oversikt/internal/act/solution"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/text"
	"github.com/oversikt/oversikt/internal/wayout/offer"
	"github.com/oversikt/oversikt/internal/wayout/solver"
)

// Acts are all acts that there are, each under the name of its mutation.
type Acts struct {
	AcceptPaymentSolution  *act.Of[solution.Input]
	CorrectContactData     *act.Of[contact.Input]
	GivePowerOfAttorney    *act.Of[attorney.Input]
	RevokePowerOfAttorney  *act.Of[attorney.RevokeInput]
	OrderNewCredentials    *act.Of[credentials.Input]
	SubmitPrivacyRequest   *act.Of[privacy.RequestInput]
	SubmitComplaint        *act.Of[complaint.SubmitInput]
	AnswerComplaint        *act.Of[complaint.AnswerInput]
	SubmitReceipt          *act.Of[receipt.SubmitInput]
	DecideReceipt          *act.Of[receipt.DecideInput]
	OrderInvoiceCopy       *act.Of[invoicecopy.OrderInput]
	AnswerInvoiceCopy      *act.Of[invoicecopy.AnswerInput]
	ClaimCase              *act.Of[caselink.ClaimInput]
	DecideCaseLink         *act.Of[caselink.DecideInput]
	DecideDeferral         *act.Of[deferral.DecideInput]
	DecideObjection        *act.Of[objection.DecideInput]
	ClaimItem              *act.Of[desk.ClaimInput]
	ReleaseItem            *act.Of[desk.ReleaseInput]
	RequestDeferral        *act.Of[deferral.Input]
	RequestBreathingSpace  *act.Of[breathing.Input]
	ApplyForInstalmentPlan *act.Of[plan.ApplyInput]
	ChangeInstalmentPlan   *act.Of[plan.ChangeInput]
	CancelInstalmentPlan   *act.Of[plan.CancelInput]
	DecideInstalmentPlan   *act.Of[plan.DecideInput]
	DeclareDifficulty      *act.Of[difficulty.Input]
	WithdrawDifficulty     *act.Of[difficulty.WithdrawInput]
	SubmitObjection        *act.Of[objection.SubmitInput]
	AddToObjection         *act.Of[objection.AddInput]
	WithdrawObjection      *act.Of[objection.WithdrawInput]
	SaveBudget             *act.Of[household.SaveInput]
	ShareBudget            *act.Of[household.ShareInput]
}

// ActDeps is what the acts work with.
type ActDeps struct {
	Agencies  *agency.Registry
	OpenOffer func(text string) (offer.Token, error)
	List      func(ctx context.Context, p caller.Principal) ([]*act.Record, error) // the caller's acts
	Solving   *Solving
	Desk      *letterlogin.Desk
	Powers    *attorney.Register
	Privacy   *privacy.Service
	Recorder  *audit.Recorder
	Budgets   *household.Store
	Files     attachment.Taker
}

// NewActs returns all acts.
func NewActs(d ActDeps) *Acts {
	return &Acts{
		AcceptPaymentSolution: solution.Accept(solution.Deps{
			Agencies: d.Agencies, OpenOffer: d.OpenOffer, Acts: d.List,
			Solve: func(ctx context.Context, in solver.Instance) (solver.Suggestions, error) {
				return d.Solving.solve(ctx, d.Solving.Act, in)
			},
		}),
		CorrectContactData:     contact.Correct(d.Agencies),
		GivePowerOfAttorney:    attorney.Give(d.Powers),
		RevokePowerOfAttorney:  attorney.Revoke(d.Powers),
		SubmitPrivacyRequest:   privacy.Submit(d.Privacy),
		RequestDeferral:        deferral.Request(d.Agencies),
		SubmitComplaint:        complaint.Submit(d.Agencies, d.Files),
		AnswerComplaint:        complaint.Answer(d.Agencies),
		SubmitReceipt:          receipt.Submit(d.Agencies, d.Files),
		DecideReceipt:          receipt.Decide(d.Agencies),
		OrderInvoiceCopy:       invoicecopy.Order(d.Agencies),
		AnswerInvoiceCopy:      invoicecopy.Answer(d.Agencies),
		ClaimCase:              caselink.Claim(d.claims()),
		DecideCaseLink:         caselink.Decide(d.Agencies),
		ClaimItem:              desk.Claim(d.Agencies),
		ReleaseItem:            desk.Release(d.Agencies),
		DecideDeferral:         deferral.Decide(d.Agencies),
		DecideObjection:        objection.Decide(d.Agencies),
		RequestBreathingSpace:  breathing.Request(d.Agencies),
		ApplyForInstalmentPlan: plan.Apply(d.Agencies),
		ChangeInstalmentPlan:   plan.Change(d.Agencies),
		CancelInstalmentPlan:   plan.Cancel(d.Agencies),
		DecideInstalmentPlan:   plan.Decide(d.Agencies),
		DeclareDifficulty:      difficulty.Declare(d.Agencies),
		WithdrawDifficulty:     difficulty.Withdraw(d.Agencies),
		SubmitObjection:        objection.Submit(d.Agencies, d.Files),
		AddToObjection:         objection.Add(d.Agencies, d.Files),
		WithdrawObjection:      objection.Withdraw(d.Agencies),
		SaveBudget:             household.Save(d.Budgets),
		ShareBudget:            household.Share(d.Budgets, d.Agencies),
		OrderNewCredentials: credentials.Order(credentials.Deps{
			Agencies: d.Agencies,
			Number:   plainNumber,
			Take: func(ctx context.Context, network, agency string) error {
				return throttled(d.Desk.TakeOrder(ctx, network, agency), credentials.Throttled)
			},
			Stranger: func(ctx context.Context) audit.Stranger { return d.Recorder.Stranger(ctx) },
			Tell:     d.tellOfOrder,
			End:      d.Desk.EndSessions,
		}),
	}
}

// claims is what claims of cases work with.
func (d ActDeps) claims() caselink.Deps {
	return caselink.Deps{
		Agencies: d.Agencies, Number: plainNumber,
		Prove: func(ctx context.Context, by act.By, agency, number string, password *string) (*uuid.UUID, error) {
			attempt, err := d.Desk.Prove(ctx, by.Network, letterlogin.Claim{
				Agency: agency, CaseNumber: number, Password: password})
			return attempt, throttled(err, caselink.Throttled)
		},
	}
}

// plainNumber returns a case number without the space around it; false for what is none.
func plainNumber(typed string) (string, bool) {
	number, err := letterlogin.PlainNumber(typed)
	return number, err == nil
}

// throttled returns an error with a wait as Faults of the code, and any other as it is.
func throttled(err error, code act.Code) error {
	var wait *letterlogin.ThrottledError
	if errors.As(err, &wait) {
		return act.Faults{{Code: code, After: wait.Seconds(), Args: []text.Arg{text.With("wait", wait.Wait)}}}
	}
	return err
}

// tellOfOrder puts a stranger's order of a password into the log of the case's debtor. Where there
// is no such case nobody is told, and who orders cannot tell the one from the other.
func (d ActDeps) tellOfOrder(ctx context.Context, who audit.Stranger, id uuid.UUID, agency, number string) error {
	key, debtor, err := d.Agencies.CaseOf(ctx, agency, number)
	if err != nil || key.ID == "" {
		return err
	}
	return d.Recorder.ByStranger(ctx, who, id, credentials.Name.Mutation(), key, debtor)
}

// All returns what is declared of each act.
func (a *Acts) All() []*act.Act {
	var all []*act.Act
	for _, field := range reflect.ValueOf(a).Elem().Fields() {
		all = append(all, field.Interface().(interface{ Declared() *act.Act }).Declared())
	}
	return all
}

package solver

import (
	"errors"
	"fmt"
	"reflect"
	"strings"

	"github.com/go-json-experiment/json"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

// The wire types have pointers where a member must be there: zero and missing differ.
type wireInstance struct {
	ID         *string       `json:"id"`
	Version    *int          `json:"version"`
	AsOf       *string       `json:"as_of"`
	PayDays    *[]string     `json:"pay_days"`
	Budget     *int64        `json:"budget_ore" optional:"when budgets_ore is there"`
	Budgets    *[]int64      `json:"budgets_ore" optional:"missing: budget_ore on each pay day"`
	CarryOver  *bool         `json:"carry_over" optional:"missing: false"`
	OffRhythm  *[]int        `json:"off_rhythm" optional:"missing: none"`
	Imputation *string       `json:"imputation"`
	Agencies   *[]wireAgency `json:"agencies"`
	Cases      *[]wireCase   `json:"cases"`
}

type wireAgency struct {
	ID                   *string `json:"id"`
	MinInstalment        *int64  `json:"min_instalment_ore"`
	MaxInstalments       *int    `json:"max_instalments"`
	InstalmentFee        *int64  `json:"instalment_fee_ore"`
	SetupFee             *int64  `json:"setup_fee_ore"`
	SetupFreeInstalments *int    `json:"setup_free_instalments"`
	MaxDeferralDays      *int    `json:"max_deferral_days"`
	DeferralFee          *int64  `json:"deferral_fee_ore"`
	Joint                *bool   `json:"joint"`
}

type wireCase struct {
	ID            *string      `json:"id"`
	Agency        *string      `json:"agency"`
	Stage         *string      `json:"stage"`
	Principal     *int64       `json:"principal_ore"`
	Costs         *int64       `json:"costs_ore"`
	Interest      *int64       `json:"interest_ore"`
	Rate          *int         `json:"rate_bp"`
	AgreementFrom *string      `json:"agreement_from" optional:"null: never"`
	Group         *string      `json:"agreement_group" optional:"missing: the group of those without one"`
	Objection     *bool        `json:"objection" optional:"missing: none"`
	Events        *[]wireEvent `json:"events"`
}

type wireEvent struct {
	Date *string `json:"date"`
	Fee  *int64  `json:"fee_ore"`
	Kind *string `json:"kind" optional:"information"`
}

// ParseInstance reads an instance in JSON, strictly: a member that is unknown, missing,
// doubled or of a wrong type is an error that names it, and so is what Validate refuses.
func ParseInstance(data []byte) (Instance, error) {
	var w wireInstance
	if err := json.Unmarshal(data, &w, json.RejectUnknownMembers(true)); err != nil {
		return Instance{}, unreadable(err)
	}
	if err := missing("", reflect.ValueOf(w)); err != nil {
		return Instance{}, err
	}
	in, err := w.instance()
	if err != nil {
		return Instance{}, err
	}
	return in, in.Validate()
}

// unreadable turns a JSON error into a fault with the member's name, as in cases[0].id.
func unreadable(err error) error {
	var semantic *json.SemanticError
	if !errors.As(err, &semantic) {
		return fault.Invalid("", "is not JSON: %s", strings.TrimPrefix(err.Error(), "jsontext: "))
	}
	field := ""
	for token := range semantic.JSONPointer.Tokens() {
		switch {
		case strings.Trim(token, "0123456789") == "" && field != "":
			field += "[" + token + "]"
		case field == "":
			field = token
		default:
			field += "." + token
		}
	}
	switch {
	case errors.Is(err, json.ErrUnknownName):
		return fault.Invalid(field, "is not a member of this format")
	case semantic.GoType == nil || semantic.JSONKind == 0:
		return fault.Invalid(field, "cannot be read")
	default:
		return fault.Invalid(field, "must be %s", wanted(semantic.GoType))
	}
}

func wanted(t reflect.Type) string {
	for t.Kind() == reflect.Pointer {
		t = t.Elem()
	}
	switch t.Kind() {
	case reflect.Int, reflect.Int64:
		return "a whole number"
	case reflect.String:
		return "a string"
	case reflect.Bool:
		return "true or false"
	case reflect.Slice:
		return "an array"
	default:
		return "an object"
	}
}

// missing finds the first required member that is absent or null.
func missing(at string, v reflect.Value) error {
	for i := range v.NumField() {
		f := v.Type().Field(i)
		field := at + f.Tag.Get("json")
		p := v.Field(i)
		if p.IsNil() {
			if _, ok := f.Tag.Lookup("optional"); ok {
				continue
			}
			return fault.Invalid(field, "is missing")
		}
		list := p.Elem()
		if list.Kind() != reflect.Slice || list.Type().Elem().Kind() != reflect.Struct {
			continue
		}
		for j := range list.Len() {
			if err := missing(fmt.Sprintf("%s[%d].", field, j), list.Index(j)); err != nil {
				return err
			}
		}
	}
	return nil
}

var imputations = map[string]debt.Imputation{
	"costs_interest_principal": debt.CostsFirst,
	"principal_interest_costs": debt.PrincipalFirst,
}

func (w *wireInstance) instance() (in Instance, err error) {
	in = Instance{ID: *w.ID, Budget: NoBudget, Imputation: imputations[*w.Imputation]}
	if err := w.budgets(&in); err != nil {
		return in, err
	}
	if in.Imputation == "" {
		return in, fault.Invalid("imputation", "%q is not one of costs_interest_principal, principal_interest_costs",
			*w.Imputation)
	}
	if in.AsOf, err = date("as_of", *w.AsOf); err != nil {
		return in, err
	}
	for i, s := range *w.PayDays {
		d, err := date(fmt.Sprintf("pay_days[%d]", i), s)
		if err != nil {
			return in, err
		}
		in.PayDays = append(in.PayDays, d)
	}
	if *w.Version == 1 && in.Today() {
		return in, fault.Invalid("pay_days[0]", "%s is as_of: that is version 2", in.AsOf)
	}
	for _, a := range *w.Agencies {
		in.Agencies = append(in.Agencies, Agency{
			ID: *a.ID, MinInstalment: money.Øre(*a.MinInstalment), MaxInstalments: *a.MaxInstalments,
			InstalmentFee: money.Øre(*a.InstalmentFee), SetupFee: money.Øre(*a.SetupFee),
			SetupFreeInstalments: *a.SetupFreeInstalments, MaxDeferralDays: *a.MaxDeferralDays,
			DeferralFee: money.Øre(*a.DeferralFee), Joint: *a.Joint,
		})
	}
	for i := range *w.Cases {
		c, err := (*w.Cases)[i].read(fmt.Sprintf("cases[%d].", i))
		if err != nil {
			return in, err
		}
		in.Cases = append(in.Cases, c)
	}
	return in, nil
}

// budgets reads what the debtor can pay. Version 2 has more of it than version 1.
func (w *wireInstance) budgets(in *Instance) error {
	switch *w.Version {
	case 1:
		for _, member := range []struct {
			field string
			there bool
		}{
			{"budgets_ore", w.Budgets != nil}, {"carry_over", w.CarryOver != nil}, {"off_rhythm", w.OffRhythm != nil},
		} {
			if member.there {
				return fault.Invalid(member.field, "is a member of version 2")
			}
		}
	case 2:
	default:
		return fault.Invalid("version", "%d is not known, 1 and 2 are", *w.Version)
	}
	if w.CarryOver != nil {
		in.CarryOver = *w.CarryOver
	}
	if w.OffRhythm != nil {
		in.OffRhythm = *w.OffRhythm
	}
	if w.Budgets != nil {
		for t, b := range *w.Budgets {
			if b < 0 {
				return fault.Invalid(fmt.Sprintf("budgets_ore[%d]", t), "%d is negative", b)
			}
			in.Budgets = append(in.Budgets, money.Øre(b))
		}
		return nil
	}
	switch {
	case w.Budget == nil:
		return fault.Invalid("budget_ore", "is missing")
	case *w.Budget < 0:
		return fault.Invalid("budget_ore", "%d is negative", *w.Budget)
	}
	in.Budget = money.Øre(*w.Budget)
	return nil
}

func (w *wireCase) read(at string) (c Case, err error) {
	c = Case{
		ID: *w.ID, Agency: *w.Agency, Stage: Stage(*w.Stage), Principal: money.Øre(*w.Principal),
		Costs: money.Øre(*w.Costs), Interest: money.Øre(*w.Interest), RateBasisPoints: *w.Rate,
		Objection: w.Objection != nil && *w.Objection,
	}
	if w.Group != nil {
		c.AgreementGroup = *w.Group
	}
	if w.AgreementFrom != nil {
		if c.AgreementFrom, err = date(at+"agreement_from", *w.AgreementFrom); err != nil {
			return c, err
		}
	}
	for i, e := range *w.Events {
		event := Event{Fee: money.Øre(*e.Fee)}
		if e.Kind != nil {
			event.Kind = *e.Kind
		}
		if event.Date, err = date(fmt.Sprintf("%sevents[%d].date", at, i), *e.Date); err != nil {
			return c, err
		}
		c.Events = append(c.Events, event)
	}
	return c, nil
}

func date(field, s string) (norway.Date, error) {
	d, err := norway.ParseDate(s)
	if err != nil {
		return 0, fault.Invalid(field, "%s", err)
	}
	return d, nil
}

package acttest

import (
	"fmt"
	"maps"
	"reflect"
	"testing"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/money"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/wayout/offer"
)

// Examples is what an act is tested from. Keys are chosen by the tests.
type Examples[In act.Input] struct {
	// Good is what somebody who Suits can ask for, and is granted. What must be done before it
	// is done there. An act of case workers is asked for by one at the agency of what About names, and
	// somebody is whom it is about.
	Suits func(*Somebody) bool
	Good  func(testing.TB, *Site, *Somebody) In
	// Other makes another wish of one, with which its key is reused.
	Other func(*In)
	// Bad are inputs that are refused before anything is stored, by name.
	Bad map[string]Bad[In]
	// AtOnce are the names of those that are told together.
	AtOnce []string

	// About is what a wish names that is the person's own, such as a case, and lets it name
	// another one. Nil: it names nothing.
	About func(*In) *debt.Key
	// Private are texts in a wish that nobody may read in the portal's database.
	Private func(In) []string
}

// Bad is a wrong input.
type Bad[In act.Input] struct {
	Reason string
	Change func(*In)
	Want   act.Faults // codes and fields; texts and arguments are not compared
}

// Site is where an act is asked for: the service, as far as what goes before an example needs it.
type Site struct {
	Agencies  *agency.Registry
	Engine    *act.Engine
	Acts      any // a pointer to a struct that has an *act.Of for each act
	SealOffer func(offer.Token) (string, error)
}

// Example is what an act is tested from, whatever it takes.
type Example interface {
	// Of returns the act that it is of among the registered ones; nil for none.
	Of(acts any) *act.Act
	// Asked returns what somebody can ask for; the person must suit.
	Asked(testing.TB, *Site, *Somebody) Asked
	// As returns who asks for what somebody is asked about: themselves, or a case worker.
	As(acts any, who *Somebody, in act.Input) caller.Principal
	// Fits says whether somebody suits.
	Fits(*Somebody) bool
	// Run tests the act.
	Run(*testing.T, *Site, *World)
}

// Asked is what somebody asks for, rightly and wrongly, without keys.
type Asked struct {
	Good, Other act.Input
	Bad         []Wrong
	// Naming returns Good, naming what another input names; nil where it names nothing.
	Naming func(other act.Input) act.Input
	// Missing is Good, naming what does not exist; nil where it names nothing.
	Missing act.Input
}

// Wrong is an input and what is told of it.
type Wrong struct {
	Name, Reason string
	Input        act.Input
	Want         act.Faults
}

// Of implements Example.
func (x Examples[In]) Of(acts any) *act.Act {
	if a := Registered[In](acts); a != nil {
		return a.Declared()
	}
	return nil
}

// Registered returns the registered act that takes such an input; nil for none.
func Registered[In act.Input](acts any) *act.Of[In] {
	for _, field := range reflect.ValueOf(acts).Elem().Fields() {
		if a, ok := field.Interface().(*act.Of[In]); ok {
			return a
		}
	}
	return nil
}

// As implements Example.
func (x Examples[In]) As(acts any, who *Somebody, in act.Input) caller.Principal {
	if x.Of(acts).Who&act.AtDesk == 0 {
		return who.Principal()
	}
	good := in.(In)
	return Worker(x.About(&good).Agency, who)
}

// Fits implements Example.
func (x Examples[In]) Fits(s *Somebody) bool { return x.Suits(s) }

// Asked implements Example.
func (x Examples[In]) Asked(t testing.TB, at *Site, who *Somebody) Asked {
	t.Helper()
	good := x.Good(t, at, who)
	changed := func(change func(*In)) act.Input {
		in := good
		change(&in)
		return in
	}
	all := Asked{Good: good, Other: changed(x.Other)}
	for _, name := range x.names() {
		b := x.Bad[name]
		all.Bad = append(all.Bad, Wrong{name, b.Reason, changed(b.Change), b.Want})
	}
	if x.About != nil {
		all.Naming = func(other act.Input) act.Input {
			theirs := other.(In)
			return changed(func(in *In) { *x.About(in) = *x.About(&theirs) })
		}
		all.Missing = changed(func(in *In) {
			about := x.About(in) // once: it may copy what it points into
			*about = missing(*about)
		})
	}
	return all
}

// missing is a key of the same kind that nothing has.
func missing(k debt.Key) debt.Key {
	k.ID = "999999999"
	if k.Agency == "" { // the portal's own
		k.ID = uuid.NewString()
	}
	return k
}

// Keyed returns an input under a key.
func Keyed[In act.Input](in In, key uuid.UUID) In {
	v := reflect.New(reflect.TypeOf(in)).Elem()
	v.Set(reflect.ValueOf(in))
	v.FieldByName("Keyed").Set(reflect.ValueOf(act.Keyed{IdempotencyKey: key}))
	return v.Interface().(In)
}

// Do asks for what goes before an example, and ends the test unless it is done.
func Do[In act.Input](t testing.TB, at *Site, who *Somebody, in In) *act.Record {
	t.Helper()
	return DoneBy(t, at, who.Principal(), in)
}

// DoneBy is Do, as somebody else than the person.
func DoneBy[In act.Input](t testing.TB, at *Site, p caller.Principal, in In) *act.Record {
	t.Helper()
	ctx := caller.NewContext(t.Context(), p)
	r, err := Registered[In](at.Acts).Perform(ctx, at.Engine, act.By{Principal: p}, Keyed(in, uuid.New()))
	if err != nil || r.Status != act.Done {
		t.Fatalf("what goes before is not done: %+v, %v", r, err)
	}
	return r
}

// Values returns an input as a client sends it, with its keys sealed. What is nil is left out.
func Values(in any, seal func(debt.Key) string) any {
	switch in := in.(type) {
	case debt.Key:
		return seal(in)
	case norway.Date, uuid.UUID, money.Øre:
		return fmt.Sprint(in)
	}
	v := reflect.ValueOf(in)
	switch v.Kind() {
	case reflect.Pointer:
		return Values(v.Elem().Interface(), seal)
	case reflect.Slice:
		items := []any{}
		for i := range v.Len() {
			items = append(items, Values(v.Index(i).Interface(), seal))
		}
		return items
	case reflect.Struct:
		members := map[string]any{}
		for field, value := range v.Fields() {
			switch name := field.Tag.Get("json"); {
			case field.Anonymous:
				maps.Copy(members, Values(value.Interface(), seal).(map[string]any))
			case value.Kind() != reflect.Pointer && value.Kind() != reflect.Slice || !value.IsNil():
				members[name] = Values(value.Interface(), seal)
			}
		}
		return members
	case reflect.String:
		return v.String()
	}
	return in
}

package rehearse

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/oversikt/oversikt/internal/agency/core"
	"github.com/oversikt/oversikt/internal/agency/sample"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

// Input is the members of an act's input.
type Input map[string]any

// With returns the input with a member in place of the one of that name, if there is one.
func (in Input) With(name string, value any) Input {
	out := Input{}
	maps.Copy(out, in)
	out[name] = value
	return out
}

// scene is an act that is rehearsed with one person, in a transaction of its own.
type scene struct {
	*rehearsal
	view *sample.View
	who  *person
	now  state // after the last step
}

// call is one call of a function.
type call struct {
	function string
	step     string // why it is called
	key      uuid.UUID
	scope    caller.Scope
	in       any // nil: {}
}

// want is what a call must answer, and which relations it changes in the person's rows.
type want struct {
	status, reason string
	must, may      []string
}

// refused is the answer of a call that changes nothing.
func refused(reason string) want { return want{status: "REFUSED", reason: reason} }

var (
	// errDiffers ends a scene: what comes after a difference proves nothing.
	errDiffers = errors.New("the act differs from the contract")
	// errBusy ends a scene that others are in the way of.
	errBusy = errors.New("somebody else is at work on the same records")
)

// differs notes what is wrong, and ends the scene if anything is.
func (s *scene) differs(c call, all ...Finding) error {
	for _, f := range all {
		d := Difference{Act: c.function, Step: c.step, Relation: f.Relation, How: f.How}
		if !slices.Contains(s.report.Differences, d) {
			s.report.Differences = append(s.report.Differences, d)
		}
	}
	if len(all) > 0 {
		return errDiffers
	}
	return nil
}

// expect calls a function, holds its answer against what is wanted, and the views against what
// they were.
func (s *scene) expect(ctx context.Context, c call, w want) (core.Answer, error) {
	a, changed, err := s.do(ctx, c)
	if err != nil {
		return a, err
	}
	var wrong []Finding
	switch {
	case a.Status != w.status || w.reason != "" && a.Reason != w.reason:
		wrong = append(wrong, found(c.function, "it answers %s, not %s", answered(a.Status, a.Reason),
			answered(w.status, w.reason)))
	default:
		wrong = Misfits(c.function, a)
	}
	return a, s.differs(c, append(wrong, s.against(w, changed)...)...)
}

func answered(status, reason string) string {
	if reason == "" {
		return status
	}
	return status + " " + reason
}

// against says which changes are not wanted, and which are missing.
func (s *scene) against(w want, changes []Finding) (wrong []Finding) {
	for _, f := range changes {
		if !slices.Contains(w.must, f.Relation) && !slices.Contains(w.may, f.Relation) {
			wrong = append(wrong, f)
		}
	}
	for _, name := range w.must {
		seen := slices.ContainsFunc(changes, func(f Finding) bool { return f.Relation == name })
		if !seen && slices.Contains(s.views.owned, name) {
			wrong = append(wrong, found(name, "no row shows what was done"))
		}
	}
	return wrong
}

// do calls a function, and returns how the person's rows have changed. It is an error where
// somebody else's have.
func (s *scene) do(ctx context.Context, c call) (a core.Answer, changes []Finding, err error) {
	sp, err := s.view.Savepoint(ctx)
	if err != nil {
		return a, nil, err
	}
	var text json.RawMessage
	if c.in != nil {
		if text, err = json.Marshal(c.in); err != nil {
			return a, nil, fmt.Errorf("%s: %w", c.function, err)
		}
	}
	a, err = core.Ask(ctx, sp, core.Call{Function: c.function, Key: c.key, Scope: c.scope, Input: text})
	if err != nil {
		return a, nil, errors.Join(s.failed(ctx, c, err), sp.Rollback(ctx))
	}
	now, err := s.views.look(ctx, sp, s.who.number())
	if err != nil {
		return a, nil, errors.Join(err, sp.Rollback(ctx))
	}
	if outside := s.now.outside(now); len(outside) > 0 {
		return a, nil, s.elsewhere(ctx, sp, c, outside)
	}
	changes = s.now.changes(now)
	s.now = now
	return a, changes, sp.Commit(ctx)
}

// elsewhere names the rows of others that a call has changed, and takes the call back.
func (s *scene) elsewhere(ctx context.Context, sp *sample.View, c call, names []string) error {
	after := map[string][]row{}
	for _, name := range names {
		rows, err := list(ctx, sp, name)
		if err != nil {
			return errors.Join(err, sp.Rollback(ctx))
		}
		after[name] = rows
	}
	if err := sp.Rollback(ctx); err != nil {
		return err
	}
	var all []Finding
	for _, name := range names {
		before, err := list(ctx, s.view, name)
		if err != nil {
			return err
		}
		all = append(all, found(name, "rows that are not the person's: %s", changed(before, after[name])))
	}
	return s.differs(c, all...)
}

// failed says what a call that gave an error proves. No message of the server is repeated: it
// may hold data.
func (s *scene) failed(ctx context.Context, c call, err error) error {
	pg, ok := errors.AsType[*pgconn.PgError](err)
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case ok && (pg.Code == "55P03" || pg.Code == "40P01" || pg.Code == "40001"):
		return errBusy
	case ok && pg.Code == "57014":
		return s.differs(c, found(c.function, "it took longer than %s", s.Timeout))
	case ok:
		return s.differs(c, found(c.function, "it failed with SQLSTATE %s: an act is refused with a code, never with an error",
			pg.Code))
	case fault.Of(err).Code == fault.SchemaMismatch:
		return s.differs(c, found(c.function, "its answer is not one of the contract: run agency check"))
	default:
		return err
	}
}

// read reads the person's records as they are now.
func (s *scene) read(ctx context.Context) (*debt.Part, error) {
	return s.view.Read(ctx, s.who.scope, debt.OfAll, s.today)
}

// trial is one act that is one call, with an input that it should take.
type trial struct {
	function  string
	in        Input
	other     Input   // with the same key
	nonsense  []Input // that are refused
	foreign   bool    // it is about what is a person's, by its key
	desk      bool    // a case worker asks
	must, may []string
	// wrong holds the records against what they were; nil: the relations say enough.
	wrong func(before, now *debt.Part, a core.Answer) []Finding
}

// errRefused says that the act was refused, for the reason that is noted.
var errRefused = errors.New("refused")

// whole rehearses an act that is one call: for a stranger, for the person, again, with another
// input, and with nonsense.
func (s *scene) whole(ctx context.Context, t trial) (core.Answer, error) {
	if err := s.stranger(ctx, t); err != nil {
		return core.Answer{}, err
	}
	before, err := s.read(ctx)
	if err != nil {
		return core.Answer{}, err
	}
	good := call{t.function, "a call that is right", uuid.New(), s.asking(t), t.in}
	first, changes, err := s.do(ctx, good)
	if err != nil {
		return first, err
	}
	if first.Status == "REFUSED" {
		return first, s.refused(ctx, good, first, changes)
	}
	all := append(Misfits(t.function, first), s.against(want{must: t.must, may: t.may}, changes)...)
	now, err := s.read(ctx)
	if err != nil {
		return first, err
	}
	all = append(all, lost(before, now)...)
	if t.wrong != nil {
		all = append(all, t.wrong(before, now, first)...)
	}
	if err := s.differs(good, all...); err != nil {
		return first, err
	}
	return first, s.known(ctx, t, good, first)
}

// refused holds a refusal against the contract: it changes nothing, and is given again.
func (s *scene) refused(ctx context.Context, c call, first core.Answer, changes []Finding) error {
	s.reasons[c.function] = append(s.reasons[c.function], "refused with "+first.Reason)
	c.step = "a call that is refused"
	if err := s.differs(c, append(Misfits(c.function, first), changes...)...); err != nil {
		return err
	}
	if err := s.again(ctx, c, first); err != nil {
		return err
	}
	return errRefused
}

// again repeats a call: it answers the same, and changes nothing.
func (s *scene) again(ctx context.Context, c call, first core.Answer) error {
	c.step = "the same call again"
	a, changes, err := s.do(ctx, c)
	if err != nil {
		return err
	}
	if !same(a, first) {
		changes = append(changes, found(c.function, "it answers otherwise than the first time"))
	}
	return s.differs(c, changes...)
}

func same(x, y core.Answer) bool {
	var a, b any
	if x.Result != nil && json.Unmarshal(x.Result, &a) != nil || y.Result != nil && json.Unmarshal(y.Result, &b) != nil {
		return false
	}
	return x.Status == y.Status && x.Reason == y.Reason && reflect.DeepEqual(a, b)
}

// asking is for whom an act is tried: the person, or a case worker.
func (s *scene) asking(t trial) caller.Scope {
	if t.desk {
		return desk.Deciding()
	}
	return s.who.scope
}

// stranger calls for another person: what is not theirs does not exist. What case workers decide, no
// debtor does.
func (s *scene) stranger(ctx context.Context, t trial) error {
	if t.desk {
		c := call{t.function, "a debtor's call", uuid.New(), s.who.scope, t.in}
		_, err := s.expect(ctx, c, refused("NOT_FOUND"))
		return err
	}
	other := s.other()
	if !t.foreign || other == nil {
		return nil
	}
	_, err := s.expect(ctx, call{t.function, "another person's call", uuid.New(), other.scope, t.in}, refused("NOT_FOUND"))
	return err
}

// known tries a key that has come, and what is refused whatever has come.
func (s *scene) known(ctx context.Context, t trial, good call, first core.Answer) error {
	if err := s.again(ctx, good, first); err != nil {
		return err
	}
	tries := []struct {
		c call
		w want
	}{{call{t.function, "another input with the same key", good.key, good.scope, t.other}, refused("KEY_REUSED")}}
	if other := s.other(); other != nil && !t.desk {
		tries = append(tries, struct {
			c call
			w want
		}{call{t.function, "another person with the same key", good.key, other.scope, t.in}, refused("KEY_REUSED")})
	}
	for _, in := range t.nonsense {
		tries = append(tries, struct {
			c call
			w want
		}{call{t.function, "an input that cannot be right", uuid.New(), good.scope, in}, refused("")})
	}
	for _, x := range tries {
		if _, err := s.expect(ctx, x.c, x.w); err != nil {
			return err
		}
	}
	return nil
}

// offers says that an act can be asked for.
func (s *scene) offers(function string) bool { return s.view.Kept.Offers(function) }

package act

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/agency"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt"
)

// bureau is a simulated agency. It does with keys what the wrappers of the contract do, and
// counts what it has carried out.
type bureau struct {
	sim     *sim
	code    string
	mood    mood
	records map[uuid.UUID]*record
}

// record is what an agency keeps under a key.
type record struct {
	function, digest string
	status, reason   string
	done             int  // how often the rule has run and agreed
	inForce          bool // what was agreed holds: an agreement, a deferral
	lied             bool // it once answered what its records do not say
}

// mood is how an agency is just now.
type mood string

const (
	well     mood = "well"
	down     mood = "down"
	refuses  mood = "refusing"
	others   mood = "at other records" // than an offer was computed from
	confused mood = "confused"         // it answers what it must not
	slowly   mood = "slow"
)

var moods = []mood{well, well, well, down, down, refuses, others, confused, slowly}

// deadline is how long an agency is waited for.
const deadline = 3 * time.Second

const (
	fnDo, fnPropose, fnConfirm, fnWithdraw = "do", "propose", "confirm", "withdraw"
)

// Offers is what an engine asks nobody.
func (w *sim) Offers(string, string) bool { return true }

func (w *sim) bureau(code string) *bureau {
	for _, b := range w.bureaus {
		if b.code == code {
			return b
		}
	}
	return nil
}

// Ask sends a question to an agency.
func (w *sim) Ask(ctx context.Context, code string, c agency.Call) (agency.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	if w.bug == "withdraws at some" && c.Function == fnWithdraw && w.bureau(code).records[c.Key] == nil {
		return agency.Answer{Status: "WITHDRAWN"}, nil
	}
	return exchange(ctx, w, c.Function+" "+code, func() { w.sending(code, c) }, func() (agency.Answer, error) {
		return w.bureau(code).serve(c, nil)
	})
}

// Propose sends a proposal, which is taken back where verify refuses the records.
func (w *sim) Propose(ctx context.Context, code string, c agency.Call, _ debt.Relations,
	verify func(debt.Part) error) (agency.Answer, error) {
	ctx, cancel := context.WithTimeout(ctx, deadline)
	defer cancel()
	answer, err := exchange(ctx, w, c.Function+" "+code, func() { w.sending(code, c) }, func() (agency.Answer, error) {
		return w.bureau(code).serve(c, verify)
	})
	if w.bug == "silence agrees" && err != nil {
		return agency.Answer{Status: "PROPOSED"}, nil
	}
	return answer, err
}

// serve is what arrives at the agency. It is one transaction.
func (b *bureau) serve(c agency.Call, verify func(debt.Part) error) (agency.Answer, error) {
	b.sim.asked(b, c)
	if b.mood == confused {
		if a, ok := b.nonsense(c); ok {
			return a, nil
		}
	}
	switch c.Function {
	case fnPropose:
		return b.propose(c, verify)
	case fnConfirm:
		return b.confirm(c), nil
	case fnWithdraw:
		return b.withdraw(c), nil
	}
	digest := c.Function + who(c.Scope) + string(c.Input)
	r := b.records[c.Key]
	if r == nil {
		r = &record{function: fnDo, digest: digest, status: "DONE"}
		b.records[c.Key] = r
		if b.mood == refuses {
			r.status, r.reason = "REFUSED", "DISPUTED"
		} else {
			r.done, r.inForce = r.done+1, true
		}
	}
	if r.digest != digest {
		return agency.Answer{Status: "REFUSED", Reason: string(KeyReused)}, nil
	}
	return agency.Answer{Status: r.status, Reason: r.reason, Result: json.RawMessage(`{"a":1}`)}, nil
}

// begun has an agency know of an act that an earlier version had asked it for. driven is what
// who has stored it has of it.
func (w *sim) begun(r *memoryRow, driven *saga) {
	s := r.saga
	for i := range s.parts {
		if !s.parts[i].sent {
			continue
		}
		if w.bug == "before counts as never" {
			s.parts[i].sent, driven.parts[i].sent = false, false
		}
		if w.in1000(400) {
			continue
		}
		b := w.bureau(s.Agencies[i].Code)
		in, err := simSecret.Unseal(s.parts[i].input, bound(s, b.code))
		whose, wrong := simSecret.Unseal(s.whose, bound(s, ""))
		if err = errors.Join(err, wrong); err != nil {
			panic(err) // what was sealed a moment ago
		}
		scope, err := caller.DecodeScope(whose)
		if err != nil {
			panic(err)
		}
		_, _ = b.serve(agency.Call{Function: fnDo, Key: s.parts[i].key, Scope: scope, Input: in}, nil)
		w.say("%s was asked before", b.code)
	}
}

func who(s caller.Scope) string {
	if s.IsZero() {
		return ""
	}
	return s.NationalID().Reveal()
}

func (b *bureau) propose(c agency.Call, verify func(debt.Part) error) (agency.Answer, error) {
	digest := c.Function + who(c.Scope) + string(c.Input)
	if r := b.records[c.Key]; r != nil {
		if r.digest != "" && r.digest != digest {
			return agency.Answer{Status: "REFUSED", Reason: string(KeyReused)}, nil
		}
		if r.digest == "" && b.sim.bug == "no memory of withdrawals" {
			delete(b.records, c.Key)
			return b.propose(c, verify)
		}
		if r.digest == "" && r.status == "WITHDRAWN" {
			return agency.Answer{Status: "REFUSED", Reason: "WITHDRAWN"}, nil
		}
		return agency.Answer{Status: r.status, Reason: r.reason}, nil
	}
	if b.mood == refuses {
		b.records[c.Key] = &record{function: fnPropose, digest: digest, status: "REFUSED", reason: "DISPUTED"}
		return agency.Answer{Status: "REFUSED", Reason: "DISPUTED"}, nil
	}
	if verify != nil {
		part := debt.Part{Agency: &debt.Agency{Code: b.code}}
		if b.mood == others {
			part.Agency.Name = "other records"
		}
		if err := verify(part); err != nil {
			return agency.Answer{}, err
		}
	}
	b.records[c.Key] = &record{function: fnPropose, digest: digest, status: "PROPOSED", done: 1}
	return agency.Answer{Status: "PROPOSED"}, nil
}

func (b *bureau) confirm(c agency.Call) agency.Answer {
	r := b.records[c.Key]
	if r == nil {
		return agency.Answer{Status: "REFUSED", Reason: "NOT_FOUND"}
	}
	if r.status == "PROPOSED" {
		r.status, r.inForce = "CONFIRMED", true
	}
	return agency.Answer{Status: r.status, Reason: r.reason}
}

func (b *bureau) withdraw(c agency.Call) agency.Answer {
	r := b.records[c.Key]
	if r == nil {
		r = &record{function: fnPropose}
		b.records[c.Key] = r
	}
	r.status, r.reason, r.inForce = "WITHDRAWN", "", false
	return agency.Answer{Status: "WITHDRAWN"}
}

// nonsense is an answer that the contract does not allow. What it says is not what the
// agency's records say.
func (b *bureau) nonsense(c agency.Call) (agency.Answer, bool) {
	all := map[string][]string{
		fnDo:       {"PROPOSED", "CONFIRMED", "WITHDRAWN", "KEY_REUSED", "GONE"},
		fnPropose:  {"PROPOSED", "CONFIRMED", "WITHDRAWN", "GONE"},
		fnConfirm:  {"PROPOSED", "REFUSED", "WITHDRAWN", "GONE"},
		fnWithdraw: {"PROPOSED", "REFUSED", "CONFIRMED", "GONE"},
	}[c.Function]
	said := all[b.sim.rand.IntN(len(all))]
	if b.sim.in1000(400) {
		return agency.Answer{}, false
	}
	b.sim.say("%s answers nonsense: %s", b.code, said)
	if c.Function == fnPropose {
		if b.records[c.Key] == nil {
			b.records[c.Key] = &record{function: fnPropose, digest: c.Function + who(c.Scope) + string(c.Input), status: "REFUSED",
				reason: "OTHER"}
		}
		b.records[c.Key].lied = true
	}
	if said == "KEY_REUSED" {
		return agency.Answer{Status: "REFUSED", Reason: said}, true
	}
	return agency.Answer{Status: said}, true
}

// mend is what people do at an agency that had answered nonsense: its records say what was
// decided.
func (b *bureau) mend() {
	for key, r := range b.records {
		row, _ := b.sim.memory.byPart(key)
		if r.lied && row != nil && row.saga.Decision == Confirm && r.status != "CONFIRMED" {
			r.status, r.reason, r.inForce = "CONFIRMED", "", true
		}
	}
}

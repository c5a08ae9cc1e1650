package contracttest

import (
	"strconv"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/workshop/demo/people"
)

// childrenOfDebtor is how many rows of a kind a debtor may have in the generator's keys.
const childrenOfDebtor = 64

func id(n int64) string { return strconv.FormatInt(n, 10) }

func (e expectation) documents(r *people.Case) []debt.Document {
	var out []debt.Document
	for i, l := range r.Letters {
		key := id(r.ID*childrenOfCase + int64(i))
		// Made in the night before it was sent, at a minute that its size decides.
		made := people.Moment{On: l.SentOn, Minute: 30 + l.Bytes%180}
		out = append(out, debt.Document{
			ID: key, Title: l.Title, MediaType: "application/pdf", Bytes: int64(l.Bytes), CreatedAt: instant(made),
			LetterID: &key,
		})
	}
	return out
}

func (e expectation) requests(r *people.Case) []debt.Request {
	var out []debt.Request
	for i, q := range r.Requests {
		out = append(out, debt.Request{
			ID: id(r.ID*childrenOfCase + int64(i)), Kind: debt.RequestDeferral, Status: debt.RequestStatus(q.Status),
			RequestedAt: instant(q.RequestedAt), Until: q.Until, DecidedOn: q.DecidedOn, Reply: some(q.Reply),
		})
	}
	return out
}

// deferrals are the requests for more time that were not taken back.
func deferrals(requests []debt.Request) []debt.Deferral {
	as := map[debt.RequestStatus]debt.DeferralStatus{
		debt.RequestReceived: debt.DeferralRequested, debt.RequestGranted: debt.DeferralGranted,
		debt.RequestRejected: debt.DeferralRefused,
	}
	var out []debt.Deferral
	for _, q := range requests {
		if status, ok := as[q.Status]; ok {
			out = append(out, debt.Deferral{ID: q.ID, Status: status, Until: q.Until, RequestedAt: q.RequestedAt,
				DecidedOn: q.DecidedOn, Reply: q.Reply})
		}
	}
	return out
}

func (e expectation) messages(d *people.Debtor) []debt.Message {
	var out []debt.Message
	for i, m := range d.Messages {
		row := debt.Message{
			ID: id(d.ID*childrenOfDebtor + int64(i)), Sender: debt.Sender(m.Sender), Subject: some(m.Subject), Body: m.Body,
			SentAt: instant(m.SentAt), ReadAt: someInstant(m.ReadAt),
		}
		if m.Case != nil {
			row.CaseID = new(e.caseID(m.Case))
		}
		out = append(out, row)
	}
	return out
}

// powers are those that the debtor has given.
func (e expectation) powers(d *people.Debtor) []debt.PowerOfAttorney {
	var out []debt.PowerOfAttorney
	for i, p := range d.Powers {
		row := powerRecord(p)
		row.ID, row.OrgNumber = id(d.ID*childrenOfDebtor+int64(i)), some(p.OrgNumber)
		for _, c := range p.Cases {
			row.CaseIDs = append(row.CaseIDs, e.caseID(c))
		}
		out = append(out, row)
	}
	return out
}

// held are the powers that people have given to somebody.
func (c *Core) held(attorney norway.NationalID) []debt.PowerOfAttorney {
	if c.powersHeld == nil {
		c.powersHeld = map[string][]debt.PowerOfAttorney{}
		c.debtors(func(_ *people.Person, d *people.Debtor) {
			for i, p := range d.Powers {
				row := powerRecord(p)
				row.ID, row.Held = id(d.ID*childrenOfDebtor+int64(i)), true
				c.powersHeld[p.NationalID] = append(c.powersHeld[p.NationalID], row)
			}
		})
		delete(c.powersHeld, "") // organisations
	}
	return c.powersHeld[attorney.Reveal()]
}

func powerRecord(p people.PowerOfAttorney) debt.PowerOfAttorney {
	return debt.PowerOfAttorney{
		AttorneyName: p.Name, MayAct: p.MayAct, AllCases: len(p.Cases) == 0,
		ValidFrom: p.ValidFrom, ValidUntil: p.ValidUntil, RevokedAt: someInstant(p.RevokedAt),
	}
}

// caseID is the key of a case.
func (e expectation) caseID(c *people.Case) string {
	if e.core.CaseKey != nil {
		return e.core.CaseKey(c)
	}
	return id(c.ID)
}

func someInstant(m people.Moment) *time.Time {
	if m == (people.Moment{}) {
		return nil
	}
	return new(instant(m))
}

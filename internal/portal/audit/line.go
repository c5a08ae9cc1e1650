package audit

import (
	"bytes"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"strings"
	"time"

	"github.com/oversikt/oversikt/internal/portal"
)

// record is an entry as it is kept: in the spool, and on the way to sql/insert.sql.
type record struct {
	At          string   `json:"at"`
	ID          string   `json:"id"`
	Request     string   `json:"request"`
	ActorKind   Kind     `json:"actorKind"`
	Actor       string   `json:"actor,omitempty"`
	ActorAgency string   `json:"actorAgency,omitempty"`
	Subject     string   `json:"subject,omitempty"`
	Ground      Basis    `json:"ground"`
	Attorney    string   `json:"attorney,omitempty"`
	Reason      string   `json:"reason,omitempty"`
	Action      string   `json:"action"`
	What        []string `json:"what"`
	Agencies    []string `json:"agencies"`
	Cases       []string `json:"cases,omitempty"`
	CasesCut    bool     `json:"casesCut,omitempty"`
	Client      string   `json:"client"`
	Outcome     Outcome  `json:"outcome"`
	Mark        string   `json:"mark,omitempty"` // see Entry.marked; empty: nobody has marked it
}

func (e Entry) record() record {
	l := e.look
	r := record{
		At: l.At.Format(time.RFC3339Nano), ID: hex.EncodeToString(e.id[:]), Request: l.Request,
		ActorKind: l.Actor.Kind, Actor: l.Actor.Reference.text(), ActorAgency: l.Actor.Agency, Subject: l.Subject.text(),
		Ground: l.Ground.Basis, Attorney: l.Ground.Attorney, Reason: l.Ground.Reason,
		Action: l.Action, What: orNone(l.What), Agencies: orNone(l.Agencies), CasesCut: e.cut, Client: l.Client,
		Outcome: l.Outcome, Mark: hex.EncodeToString(e.mark),
	}
	r.Cases = make([]string, 0, min(len(l.Cases), MaxCases))
	for _, c := range l.Cases[:cap(r.Cases)] {
		r.Cases = append(r.Cases, c.Agency+"/"+caseID(c.ID))
	}
	return r
}

func (r Reference) text() string {
	if r.IsZero() {
		return ""
	}
	return hex.EncodeToString(r[:])
}

func orNone(list []string) []string {
	if list == nil {
		return []string{}
	}
	return list
}

// appendJSON appends the entry to b, without a line's end in it.
func (e Entry) appendJSON(b []byte) ([]byte, error) {
	text, err := json.Marshal(e.record())
	if err != nil {
		return b, fmt.Errorf("access log: encode entry: %w", err)
	}
	return append(b, text...), nil
}

// A line of the spool is the mark of the entry in hexadecimal, a space, the entry in JSON and the
// end of the line, which JSON cannot have in it. Only who has the key can make the mark.
const markSize = 2 * portal.MarkSize

var noMark = strings.Repeat("0", markSize) + " "

func appendLine(b []byte, e Entry, secret *portal.Secret) ([]byte, error) {
	start := len(b)
	b = append(b, noMark...)
	b, err := e.appendJSON(b)
	if err != nil {
		return b[:start], err
	}
	mark := secret.Mark(b[start+len(noMark):])
	hex.Encode(b[start:], mark[:])
	return append(b, '\n'), nil
}

// cutLine returns the entry of the first line of b in JSON, and what follows the line. A line
// that was not written whole, was not written here, or has changed since, gives no entry.
func cutLine(b []byte, secret *portal.Secret) (entry, rest []byte) {
	line, rest, whole := bytes.Cut(b, []byte{'\n'})
	if !whole || len(line) < len(noMark)+1 || line[markSize] != ' ' {
		return nil, rest
	}
	var mark [portal.MarkSize]byte
	if _, err := hex.Decode(mark[:], line[:markSize]); err != nil {
		return nil, rest
	}
	entry = line[len(noMark):]
	switch place := secret.Marked(entry, mark); {
	case place < 0:
		return nil, rest
	case place > 0:
		return renew(entry, secret), rest
	}
	return entry, rest
}

// renew gives an entry that another key wrote the references of the first one.
func renew(entry []byte, secret *portal.Secret) []byte {
	var r record
	if err := json.Unmarshal(entry, &r); err != nil {
		return nil
	}
	for _, text := range []*string{&r.Actor, &r.Subject, &r.Mark} {
		if ref, ok := ParseReference(*text); ok {
			current, _ := secret.Current(ref[:])
			*text = hex.EncodeToString(current)
		}
	}
	renewed, err := json.Marshal(r)
	if err != nil {
		return nil
	}
	return renewed
}

package check

import (
	"encoding/json"
	"io"
)

// Format is the version of the JSON that WriteJSON writes. Members may be added to it; what is there
// keeps its name and meaning until the number changes.
const Format = 1

// document is what docs/contract.md says of `oversikt agency check --json`.
type document struct {
	Format      int          `json:"format"`
	Kept        bool         `json:"kept"`     // no breach was found
	Complete    bool         `json:"complete"` // every row of every view was seen
	Breaches    []jsonBreach `json:"breaches"`
	Warnings    []jsonBreach `json:"warnings"`
	Seen        []Seen       `json:"seen"`
	Unseen      []string     `json:"unseen"`
	NotThere    []string     `json:"notThere"`
	Acts        jsonActs     `json:"acts"`
	LetterLogin bool         `json:"letterLogin"`
}

type jsonBreach struct {
	Relation string   `json:"relation"`
	Column   string   `json:"column"`
	Rule     Rule     `json:"rule"`
	What     string   `json:"what"`
	Remedy   string   `json:"remedy"`
	Keys     []string `json:"keys"`
	Plan     string   `json:"plan"`
	DDL      string   `json:"ddl"`
}

type jsonActs struct {
	Offered int      `json:"offered"`
	All     int      `json:"all"`
	Missing []string `json:"missing"`
	Old     []string `json:"old"`
}

// WriteJSON writes all findings as one JSON document.
func WriteJSON(w io.Writer, found Findings) error {
	offered, all := found.Acts()
	d := document{
		Format: Format, Kept: len(found.Breaches) == 0, Complete: found.Complete(),
		Breaches: jsonBreaches(found.Breaches), Warnings: jsonBreaches(found.Warnings),
		Seen: list(found.Seen), Unseen: list(found.unseen()), NotThere: list(found.Lacking),
		Acts:        jsonActs{Offered: offered, All: all, Missing: list(found.Missing), Old: list(found.Old)},
		LetterLogin: !found.NoLogin,
	}
	e := json.NewEncoder(w)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	return e.Encode(d)
}

func jsonBreaches(found []Breach) []jsonBreach {
	out := []jsonBreach{}
	for _, b := range found {
		out = append(out, jsonBreach{b.Relation, b.Column, b.Rule, b.What, b.Remedy, list(b.Keys), b.Plan, b.DDL})
	}
	return out
}

// list is never null in JSON.
func list[T any](l []T) []T {
	if l == nil {
		return []T{}
	}
	return l
}

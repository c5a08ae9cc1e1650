package model

import (
	"encoding/json"
	"fmt"
	"time"

	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
)

var linkLabel = []byte("link 1")

// Paper is what a link leads to; the access log calls it so.
type Paper string

// The papers.
const (
	PaperStatement Paper = "caseStatement"
	PaperClosing   Paper = "closingProof"
	PaperReceipt   Paper = "receiptFile"
	PaperObjection Paper = "objectionFile"
	PaperComplaint Paper = "complaintFile"
	PaperLetter    Paper = "letterDocument"
	PaperInvoice   Paper = "invoiceDocument"
	PaperPack      Paper = "proofPack"
	PaperPackJSON  Paper = "proofPackData"
)

// Link is one paper of one case, for one login until some time.
type Link struct {
	Paper    Paper
	Case     debt.Key
	Language *debt.Language // nil: the debtor's
	Document string         // the agency's key of it, or ours of a file that was sent; empty: the paper is made here
	Until    time.Time
	For      []byte // what stands for the login
}

// DocumentLink is a link as clients get it.
type DocumentLink struct {
	Link      string
	ExpiresAt time.Time
}

// ProofPack is the documentation of a case, which links lead to.
type ProofPack struct{ Case *debt.Case }

// SealLink returns the text that a client fetches a paper by.
func (ids *IDs) SealLink(l Link) (DocumentLink, error) {
	plain, err := json.Marshal(l)
	if err != nil {
		return DocumentLink{}, fmt.Errorf("make a link: %w", err)
	}
	s := ids.keys[0].Get().(*sealer)
	defer ids.keys[0].Put(s)
	return DocumentLink{string(s.appendSealed(nil, plain, linkLabel)), l.Until}, nil
}

// OpenLink returns what a text leads to; one that was not sealed here is BAD_USER_INPUT.
func (ids *IDs) OpenLink(sealed string) (l Link, err error) {
	plain, ok := ids.open(sealed, linkLabel)
	if !ok || json.Unmarshal(plain, &l) != nil {
		return Link{}, fault.Invalid("link", "the link is not one of this service")
	}
	return l, nil
}

package model

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document/vault"
)

// Attachment is a file that a debtor has sent, in its case.
type Attachment struct {
	vault.Kept
	Case  *debt.Case
	Paper Paper // what a link to it leads to
}

// ByteSize is how large it is.
func (f Attachment) ByteSize() int { return f.Bytes }

package model

import (
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/document/vault"
)

// ReceiptFile is a file of a proof of a payment, in its case.
type ReceiptFile struct {
	vault.Kept
	Case *debt.Case
}

// ByteSize is how large it is.
func (f ReceiptFile) ByteSize() int { return f.Bytes }

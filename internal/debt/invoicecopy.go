package debt

// InvoiceCopyStatus says what became of an order of a copy of the invoice.
type InvoiceCopyStatus string

// The states of an order.
const (
	InvoiceCopyOrdered    InvoiceCopyStatus = "ORDERED"
	InvoiceCopySent       InvoiceCopyStatus = "SENT"
	InvoiceCopyNoneExists InvoiceCopyStatus = "NONE_EXISTS"
	InvoiceCopyUnknown    InvoiceCopyStatus = "OTHER"
)

// InvoiceCopies are the orders of copies of the invoice, the oldest first.
func (c *Case) InvoiceCopies() []Request {
	var found []Request
	for _, q := range c.Requests {
		if q.Kind == RequestInvoiceCopy {
			found = append(found, q)
		}
	}
	return found
}

// InvoiceCopyStatus is what became of a request that orders a copy of the invoice.
func (q *Request) InvoiceCopyStatus() InvoiceCopyStatus {
	switch q.Status {
	case RequestReceived:
		return InvoiceCopyOrdered
	case RequestGranted:
		return InvoiceCopySent
	case RequestRejected:
		return InvoiceCopyNoneExists
	default:
		return InvoiceCopyUnknown
	}
}

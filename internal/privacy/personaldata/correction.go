package personaldata

// CorrectionStatus is what became of a correction of contact data at one agency.
type CorrectionStatus string

// The states of a correction.
const (
	Corrected     CorrectionStatus = "CORRECTED"
	NotRegistered CorrectionStatus = "NOT_REGISTERED" // the agency has nothing on the person
	Refused       CorrectionStatus = "REFUSED"        // its core does not take the values
	Unavailable   CorrectionStatus = "UNAVAILABLE"    // it may or may not have been corrected
)

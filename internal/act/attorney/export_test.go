package attorney

// Reads are the statements that requests wait for, by name.
var Reads = map[string]string{
	"in force": inForceSQL, "given": givenSQL, "received": receivedSQL, "situation": situationSQL,
	"revocation": revocationSQL,
	"registered": registeredSQL, "document": documentSQL,
}

// Lease is how long an agency's row is taken for.
const Lease = lease

package attorney

// Reads are the statements that requests wait for, by name.
var Reads = map[string]string{
	"in force": inForceSQL, "given": givenSQL, "received": receivedSQL, "situation": situationSQL,
	"registered": registeredSQL, "document": documentSQL, "ended": endedSQL, "told": toldSQL, "agencies": agenciesSQL,
}

package attorney

// Reads are the statements that requests wait for, by name.
var Reads = map[string]string{
	"in force": inForceSQL, "given": givenSQL, "received": receivedSQL, "situation": situationSQL,
	"registered": registeredSQL, "document": documentSQL, "ended": endedSQL, "told": toldSQL, "agencies": agenciesSQL,
}

// Plain says whether a document of that kind is taken, as far as can be seen in it.
func Plain(kind MediaType, content []byte) bool { return kind.holds(content) && kind.plain(content) }

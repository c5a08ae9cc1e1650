package server

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow to five times the live data. The live data is a few megabytes,
// while each request allocates some hundred kilobytes: at Go's default of 100 the collector
// would run a hundred times a second and take a third of the time.
const gcPercent = 400

// memoryLimit is where that growth ends, in bytes: otherwise a few of the largest answers would
// take five times what they need. It is a soft limit: a server that needs more gets more.
const memoryLimit = 512 << 20

// TuneMemory sets how often a server collects garbage, unless GOGC and GOMEMLIMIT in the
// environment do.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
}

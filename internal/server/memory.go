package server

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow to five times what lives. What lives is a few megabytes
// while each request allocates some hundred kilobytes: at Go's default of 100 the
// collector would run a hundred times a second and take a third of the time.
const gcPercent = 400

// memoryLimit is where that ends, in bytes: a few of the largest answers would else take
// five times what they need. It is no wall; whoever needs more gets it.
const memoryLimit = 1 << 30

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

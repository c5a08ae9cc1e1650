package server

import (
	"os"
	"runtime/debug"
)

// gcPercent lets the heap grow to five times what lives. What lives is a few megabytes
// while each request allocates some hundred kilobytes: at Go's default of 100 the
// collector would run a hundred times a second and take a third of the time.
const gcPercent = 400

// TuneMemory sets how often a server collects garbage, unless GOGC in the environment does.
func TuneMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

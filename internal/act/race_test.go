//go:build race

package act

// raceFactor is how many histories fewer there are with the race detector.
const raceFactor = 20

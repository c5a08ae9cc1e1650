//go:build !race

package act

const raceFactor = 1

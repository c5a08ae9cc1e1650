// Package caller says who calls, and what the caller may therefore read.
//
// A Principal is a caller that has proved who it is, by a token (caller/token), a session
// in a browser (caller/session) or a letter (caller/letterlogin). It gives the Scope that
// every read of an agency takes. How the proof is made is no matter of this package, so
// what reads agencies links no library for tokens.
package caller

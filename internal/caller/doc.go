// Package caller says who calls, and what the caller may therefore read.
//
// A Verifier turns a bearer token of a trusted issuer (BankID, or a broker in
// front of it; an agency's own for its staff) into a Principal; the Principal
// gives the Scope that every read of an agency takes.
package caller

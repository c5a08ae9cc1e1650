package caller

import "github.com/oversikt/oversikt/internal/fault"

// ErrUnauthenticated is all that a client learns when a credential is missing or was refused.
// Which check failed would only help somebody who forges credentials. The cause, for the log, is
// one of a fixed set of sentences. So it contains neither the token nor anything in it.
var ErrUnauthenticated = fault.New(fault.Unauthenticated,
	"you are not logged in, or the login has lapsed: log in again")

// ErrNoNationalID says that a login is good and of no use here, so that nobody is sent to log in
// again: agencies know people by a number that it does not have.
var ErrNoNationalID = fault.New(fault.NoNationalID,
	"this login has no Norwegian national identity number or D number: use one that has, or a letter from the agency")

// ErrIssuerUnavailable says that a token could not be judged, since the keys of
// its issuer cannot be fetched. It is not the caller's fault, and they may try again.
var ErrIssuerUnavailable = fault.New(fault.LoginUnavailable, "the login service cannot be reached now")

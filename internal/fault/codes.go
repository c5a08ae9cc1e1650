package fault

// Code is the stable name of a kind of failure, in extensions.code of a GraphQL error.
type Code string

// The catalogue. docs/errors.md is generated from Catalogue; a code is never renamed.
const (
	Unauthenticated   Code = "UNAUTHENTICATED"
	LoginUnavailable  Code = "LOGIN_UNAVAILABLE"
	PortalUnavailable Code = "PORTAL_UNAVAILABLE"
	NotFound          Code = "NOT_FOUND"
	BadUserInput      Code = "BAD_USER_INPUT"
	RateLimited       Code = "RATE_LIMITED"
	AgencyUnavailable Code = "AGENCY_UNAVAILABLE"
	SchemaMismatch    Code = "SCHEMA_MISMATCH"
	Internal          Code = "INTERNAL"

	BadRequest           Code = "BAD_REQUEST"
	CrossOrigin          Code = "CROSS_ORIGIN"
	MethodNotAllowed     Code = "METHOD_NOT_ALLOWED"
	NotAcceptable        Code = "NOT_ACCEPTABLE"
	BodyTooLarge         Code = "BODY_TOO_LARGE"
	UnsupportedMediaType Code = "UNSUPPORTED_MEDIA_TYPE"
	ParseFailed          Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed     Code = "GRAPHQL_VALIDATION_FAILED"

	PersistedQueryNotFound     Code = "PERSISTED_QUERY_NOT_FOUND"
	PersistedQueryNotSupported Code = "PERSISTED_QUERY_NOT_SUPPORTED"
)

// Entry describes one code for the people who meet it.
type Entry struct {
	Code    Code
	Status  int    // HTTP status when the whole request fails with this code
	Meaning string // what happened
	Remedy  string // what the client does about it
	Retry   bool   // whether the same request may succeed later
}

// Catalogue lists every code in the order of docs/errors.md.
var Catalogue = []Entry{
	{Unauthenticated, 401, "No token, or a token that is expired, not yet valid, of another issuer or audience, of too low an assurance level, or not signed by the issuer. A token that was sent and is bad is never treated as none.", "Log in again and repeat the request.", false},
	{LoginUnavailable, 503, "The issuer of the token cannot be reached, so the token cannot be checked.", "Ask again later.", true},
	{PortalUnavailable, 503, "The service's own database cannot be reached, so what is only there can neither be read nor stored. What comes from agencies goes on.", "Ask again later.", true},
	{NotFound, 200, "No such object in what the caller may see. An object of somebody else, a forbidden one and a missing one answer alike.", "Fetch the id anew from a list.", false},
	{BadUserInput, 200, "An argument or input field has a value that cannot be used; `extensions.field` names it.", "Show the message at the field.", false},
	{RateLimited, 429, "Too many questions of this kind from this address, or of this person, in the last minute. In GraphQL it is an error of the field that was asked.", "Wait a minute.", true},
	{AgencyUnavailable, 200, "The agency in `extensions.agency` did not answer in time or at all. Only its part of the answer is missing.", "Show the rest, say what is missing, ask again later.", true},
	{SchemaMismatch, 200, "The agency's database does not keep the contract. Only its part of the answer is missing.", "As for AGENCY_UNAVAILABLE; the agency's operators see the cause with `bin/oversikt agency check`.", true},
	{Internal, 200, "A fault on our side. It is logged with its cause.", "Ask again later; report it if it stays.", true},
	{BadRequest, 400, "The body is not one JSON object of the form {query, operationName, variables, extensions}: broken JSON, a duplicate key, trailing data, invalid UTF-8, a wrong type.", "Mend the client.", false},
	{CrossOrigin, 403, "A browser sent the request from a page of another origin that is not allowed.", "Add the origin to the configuration, if it is yours.", false},
	{MethodNotAllowed, 405, "The method is not POST.", "Use POST.", false},
	{NotAcceptable, 406, "The Accept header allows no type that can be sent.", "Accept application/graphql-response+json or application/json.", false},
	{BodyTooLarge, 413, "The body is over the limit (128 KiB).", "Send a smaller document.", false},
	{UnsupportedMediaType, 415, "The Content-Type is not application/json in UTF-8, or the body is encoded.", "Send plain application/json.", false},
	{ParseFailed, 400, "The document is not GraphQL.", "Mend the document.", false},
	{ValidationFailed, 400, "The document does not fit the schema, or a variable does not fit its type.", "Mend the document or the variables.", false},
	{PersistedQueryNotFound, 200, "The hash of an automatic persisted query is not known here.", "Send the hash together with the document once, logged in.", true},
	{PersistedQueryNotSupported, 200, "Automatic persisted queries are off here.", "Send documents.", false},
}

// Status returns the HTTP status for a request that failed whole with the code.
func (c Code) Status() int {
	for _, e := range Catalogue {
		if e.Code == c {
			return e.Status
		}
	}
	return 500
}

package fault

// Code is the stable name of a kind of failure, in extensions.code of a GraphQL error.
type Code string

// The catalogue. docs/errors.md is generated from Catalogue; a code is never renamed.
const (
	Unauthenticated   Code = "UNAUTHENTICATED"
	LoginUnavailable  Code = "LOGIN_UNAVAILABLE"
	PortalUnavailable Code = "PORTAL_UNAVAILABLE"
	Forbidden         Code = "FORBIDDEN"
	NotFound          Code = "NOT_FOUND"
	BadUserInput      Code = "BAD_USER_INPUT"
	RateLimited       Code = "RATE_LIMITED"
	AgencyUnavailable Code = "AGENCY_UNAVAILABLE"
	SchemaMismatch    Code = "SCHEMA_MISMATCH"
	NotOffered        Code = "NOT_OFFERED"
	AccessNotRecorded Code = "ACCESS_NOT_RECORDED"
	Internal          Code = "INTERNAL"

	BadRequest           Code = "BAD_REQUEST"
	AmbiguousCredentials Code = "AMBIGUOUS_CREDENTIALS"
	CrossOrigin          Code = "CROSS_ORIGIN"
	ClientHeaderRequired Code = "CLIENT_HEADER_REQUIRED"
	MethodNotAllowed     Code = "METHOD_NOT_ALLOWED"
	NotAcceptable        Code = "NOT_ACCEPTABLE"
	BodyTooLarge         Code = "BODY_TOO_LARGE"
	UnsupportedMediaType Code = "UNSUPPORTED_MEDIA_TYPE"
	ParseFailed          Code = "GRAPHQL_PARSE_FAILED"
	ValidationFailed     Code = "GRAPHQL_VALIDATION_FAILED"
	OperationTooLarge    Code = "OPERATION_TOO_LARGE"

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
	{Unauthenticated, 401,
		"Neither a token nor a session where a field needs one (`extensions.field` names it); or a token that is expired, not yet valid, of another issuer or audience, of too low an assurance level, or not signed by the issuer; or a session that has ended or lapsed. A token or session that was sent and is no good is never treated as none.", "Log in again and repeat the request.", false},
	{LoginUnavailable, 503, "The issuer of the token cannot be reached, so the token cannot be checked.",
		"Ask again later.", true},
	{PortalUnavailable, 503,
		"Oversikt's own database cannot be reached, so a session can neither be checked nor started, a power of attorney neither looked up nor given, and no password ordered. Requests with a token and without `X-Oversikt-Acting-For` go on. At a field, the status is 200.", "Ask again later.", true},
	{Forbidden, 403,
		"The caller may not select the field in `extensions.field`, whatever is behind it, or holds no such power of attorney in force (`X-Oversikt-Acting-For`). Nothing was read.", "Do not ask for it with this login; see docs/access.md.", false},
	{NotFound, 200,
		"No such object in what the caller may see. An object of somebody else, a forbidden one and a missing one answer alike.", "Fetch the id anew from a list.", false},
	{BadUserInput, 200, "An argument or input field has a value that cannot be used; `extensions.field` names it.",
		"Show the message at the field.", false},
	{RateLimited, 429,
		"Too many questions of this kind from this address, or of this person, in the last minute; or a body of more than 128 KiB while another one of the same person is being looked at. At a field, the status is 200. Or 32 requests of the same caller, or 64 without a login from the same network, are being answered by this replica, and the request was refused whole.", "Wait as long as `Retry-After` says, else a minute.", true},
	{AgencyUnavailable, 200,
		"The agency in `extensions.agency` did not answer in time or at all. Only its part of the answer is missing.",
		"Show the rest, say what is missing, ask again later.", true},
	{SchemaMismatch, 200, "The agency's database does not keep the contract. Only its part of the answer is missing.",
		"As for AGENCY_UNAVAILABLE; the agency's operators see the cause with `bin/oversikt agency check`.", true},
	{NotOffered, 200,
		"The agency in `extensions.agency` does not offer this: its database has no function for it. So has one without logins by letter for `loginWithLetter`. Nothing was done.",
		"Do not offer it at this agency; `Agency.acts` says what is offered.", false},
	{AccessNotRecorded, 503,
		"Who looks at whose data must be in the access log before data leaves, and the log cannot be written now. Nothing of the answer was sent; an act may be done all the same. At a field of `staff` that is recorded before it is read, the status is 200 and the rest of the answer is there.", "Ask again later; an act with the same `idempotencyKey`, so that it is not done twice.", true},
	{Internal, 200, "A fault on our side. It is logged with its cause.", "Ask again later; report it if it stays.", true},
	{BadRequest, 400,
		"The body is not one JSON object of the form {query, operationName, variables, extensions}: broken JSON, a duplicate key, trailing data, invalid UTF-8, a wrong type.", "Mend the client.", false},
	{AmbiguousCredentials, 400, "A session cookie and a token were both sent, or more than one session cookie.",
		"Send one of them; leave cookies out (`credentials: \"omit\"`) of requests with a token.", false},
	{CrossOrigin, 403, "A browser sent the request from a page of another origin that is not allowed.",
		"Add the origin to the configuration, if it is yours.", false},
	{ClientHeaderRequired, 403,
		"A request with a session cookie has no `X-Oversikt-Client` header, which shows that a script of this host sent it.",
		"Send the name of the client in it.", false},
	{MethodNotAllowed, 405, "The method is not POST.", "Use POST.", false},
	{NotAcceptable, 406, "The Accept header allows no type that can be sent.",
		"Accept application/graphql-response+json or application/json.", false},
	{BodyTooLarge, 413, "The body is over the limit: 128 KiB; with a document, for somebody who is logged in, 8 MiB.",
		"Send a smaller document.", false},
	{UnsupportedMediaType, 415, "The Content-Type is not application/json in UTF-8, or the body is encoded.",
		"Send plain application/json.", false},
	{ParseFailed, 400, "The document is not GraphQL.", "Mend the document.", false},
	{ValidationFailed, 400, "The document does not fit the schema, or a variable does not fit its type.",
		"Mend the document or the variables.", false},
	{OperationTooLarge, 400,
		"The document has one name more than 250 times or 100 aliases, or the operation is nested more than 25 levels deep, or its answer could have more than 200,000 fields: a page counts as many times as it is asked for, 20 when it does not say, any other list as 5, and a fragment wherever it is spread.", "Select less, or smaller pages.", false},
	{PersistedQueryNotFound, 200, "The hash of an automatic persisted query is not known here.",
		"Send the hash together with the document once, logged in.", true},
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

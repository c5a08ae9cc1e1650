package fault

// Code is the stable name of a kind of failure, in extensions.code of a GraphQL error.
type Code string

// The catalogue. docs/errors.md is generated from Catalogue; a code is never renamed.
const (
	Unauthenticated   Code = "UNAUTHENTICATED"
	NoNationalID      Code = "NO_NATIONAL_ID"
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

	PersistedDocumentNotFound   Code = "PERSISTED_DOCUMENT_NOT_FOUND"
	PersistedDocumentIDRequired Code = "PERSISTED_DOCUMENT_ID_REQUIRED"
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
		"A field needs a login, and there is neither a token nor a session (`extensions.field` names the field). Or the token is expired, not yet valid, from another issuer, for another audience, at too low an assurance level, lasts longer than its issuer may give (`maxTokenLifetime`), or is not signed by the issuer. Or the session has ended. A bad token or session is never treated as if none was sent.", "Log in again and repeat the request.", false},
	{NoNationalID, 403,
		"The token is good, but has no Norwegian national identity number (fødselsnummer, D-nummer): that of somebody from abroad, or of a broker that does not pass it on. Agencies know people by that number.",
		"Do not ask for the same login again. Offer one that has the number, and the login with a letter (`loginWithLetter`).", false},
	{LoginUnavailable, 503, "The issuer of the token cannot be reached, so the token cannot be checked.",
		"Ask again later.", true},
	{PortalUnavailable, 503,
		"Oversikt's own database cannot be reached. So no session can be checked or started, no power of attorney looked up or given, and no password ordered. Requests with a token and without `X-Oversikt-Acting-For` still work. At a field, the status is 200.", "Ask again later.", true},
	{Forbidden, 403,
		"The caller may not select the field in `extensions.field`, whatever its value is. Or the power of attorney in `X-Oversikt-Acting-For` is not one that they hold and that is in force. Nothing was read.", "Do not ask for it with this login; see docs/access.md.", false},
	{NotFound, 200,
		"The caller may see no such object. The answer is the same for somebody else's object, a forbidden one and a missing one.", "Fetch the id again from a list.", false},
	{BadUserInput, 200,
		"An argument, a variable or a member of an input has a value that cannot be used; `extensions.field` names it. Where the value does not fit its type, nothing of the request was executed, and the status is 400.",
		"Show the message at the field, or mend what builds the value.", false},
	{RateLimited, 429,
		"Too many requests of this kind from this address or this person in the last minute. Or a body of more than 128 KiB came while another large one from the same person is being handled. At a field, the status is 200; then it was done too often on all replicas together, and `extensions.retryAfterSeconds` says how long to wait. Or this replica is already answering 32 requests from the same caller, or 64 without a login from the same network; then the whole request was refused. Or others ask for more without a login than a fourth of this replica's processor can do; whoever is logged in is not refused for that, and a login is not either.", "Wait as long as `Retry-After` or `retryAfterSeconds` says, else a minute.", true},
	{AgencyUnavailable, 200,
		"The agency in `extensions.agency` did not answer in time or at all. Only its part of the answer is missing.",
		"Show the rest, say what is missing, and ask again later.", true},
	{SchemaMismatch, 200, "The agency's database does not fit the contract. Only its part of the answer is missing, or the cases that `Overview.withheld` and `PaymentSolutions.withheld` name.",
		"As for AGENCY_UNAVAILABLE; the agency's operators see the cause with `bin/oversikt agency check`.", true},
	{NotOffered, 200,
		"The agency in `extensions.agency` does not offer this: its database has no function for it. So has one without logins by letter for `loginWithLetter`. Nothing was done.",
		"Do not offer it at this agency; `Agency.acts` says what is offered.", false},
	{AccessNotRecorded, 503,
		"The access log must have an entry before data leaves, and it cannot be written now. Nothing of the answer was sent, but an act may have been done. At a field of `staff` that is recorded before it is read, the status is 200 and the rest of the answer is there.", "Ask again later. Repeat an act with the same `idempotencyKey`, so that it is not done twice.", true},
	{Internal, 200, "A fault on our side. It is logged with its cause.", "Ask again later. Report it if it goes on.", true},
	{BadRequest, 400,
		"The body is not one JSON object of the form {query, operationName, variables, extensions}: broken JSON, a duplicate key, trailing data, invalid UTF-8, a wrong type.", "Correct the client.", false},
	{AmbiguousCredentials, 400, "A session cookie and a token were both sent, or more than one session cookie.",
		"Send only one of them. Leave cookies out (`credentials: \"omit\"`) from requests with a token.", false},
	{CrossOrigin, 403, "A browser sent the request from a page on another origin, which is not allowed.",
		"If the origin is yours, add it to the configuration.", false},
	{ClientHeaderRequired, 403,
		"A request with a session cookie lacks the header `X-Oversikt-Client`. The header proves that a script on this host sent it.",
		"Send the header with the name of the client.", false},
	{MethodNotAllowed, 405, "The method is not POST.", "Use POST.", false},
	{NotAcceptable, 406, "The Accept header allows none of the types that this service sends.",
		"Accept application/graphql-response+json or application/json.", false},
	{BodyTooLarge, 413, "The body is over the limit of 128 KiB, or 8 MiB for somebody who is logged in and sends a document.",
		"Send a smaller document.", false},
	{UnsupportedMediaType, 415, "The Content-Type is not application/json in UTF-8, or the body is encoded.",
		"Send plain application/json.", false},
	{ParseFailed, 400, "The document is not GraphQL.", "Correct the document.", false},
	{ValidationFailed, 400, "The document does not fit the schema, or a variable does not fit its type.",
		"Correct the document or the variables.", false},
	{OperationTooLarge, 400,
		"The document uses one name more than 250 times, or has more than 100 aliases. Or the operation is nested more than 25 levels deep. Or its answer could have more than 200,000 fields: a page counts as the number of items asked for, or 20, any other list counts as 5, and a fragment counts wherever it is spread. Or it asks for too much at once: more than ten acts, look-ups of people or of case numbers, or payment solutions; what is read from the portal counts a fourth or a half of one.", "Select less, or smaller pages.", false},
	{PersistedQueryNotFound, 200, "This service does not know the hash of the automatic persisted query.",
		"Send the hash together with the document once, logged in.", true},
	{PersistedQueryNotSupported, 200, "This service does not take automatic persisted queries.", "Send documents.", false},
	{PersistedDocumentNotFound, 200, "No document of the `documentId` is registered here.",
		"Register it: see docs/documents.md. A frontend that was just released may be ahead of this service.", false},
	{PersistedDocumentIDRequired, 200, "Only registered documents run here, and the request has a text, or no `documentId`.",
		"Send `documentId` without `query`: see docs/documents.md.", false},
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

package server

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"sync"

	"github.com/99designs/gqlgen/graphql"
	"github.com/go-json-experiment/json/jsontext"

	"github.com/oversikt/oversikt/internal/fault"
)

const (
	maxBody = 128 << 10
	// maxUpload is the same for a document of 5 MiB in base64, from a caller who is logged in.
	maxUpload = 8 << 20
	// maxUploadTokens is less than a body of maxBody can have: only strings may be longer.
	maxUploadTokens = 16 << 10
	// maxDepth is how deep objects and lists may be nested, the body included.
	maxDepth = 32
	// maxPooled keeps the buffer of an unusual request from staying for ever.
	maxPooled = 64 << 10
)

var errDepth = errors.New("nested too deeply")

// body is a reusable buffer and decoder. jsontext refuses what encoding/json
// lets through: duplicate names at any depth, invalid UTF-8, lone surrogates.
type body struct {
	buf bytes.Buffer
	dec jsontext.Decoder
}

var bodies = sync.Pool{New: func() any { return new(body) }}

func (b *body) release() {
	if b.buf.Cap() <= maxPooled {
		bodies.Put(b)
		return
	}
	*b = body{} // whoever still knows it does not keep the bytes
}

// params are what a request asks for.
type params struct {
	graphql.RawParams
	documentID string // of a registered document; empty: none is named
	size       int    // of the body, in bytes
}

// receive reads the body of a request to its end. No error repeats a byte of it.
func receive(x *exchange, r *http.Request, limit int64) (*body, error) {
	if r.ContentLength > limit {
		x.Header()["Connection"] = []string{"close"}
		return nil, tooLarge(limit)
	}
	b := bodies.Get().(*body)
	b.buf.Reset()
	if r.ContentLength > 0 {
		b.buf.Grow(int(r.ContentLength) + bytes.MinRead)
	}
	// The bare writer, so that net/http closes the connection after a 413.
	_, err := b.buf.ReadFrom(http.MaxBytesReader(x.ResponseWriter, r.Body, limit))
	if err == nil {
		return b, nil
	}
	b.release()
	if errors.As(err, new(*http.MaxBytesError)) {
		return nil, tooLarge(limit)
	}
	x.Header()["Connection"] = []string{"close"}
	return nil, errUnread
}

func (b *body) large() bool { return b.buf.Len() > maxBody }

// decode puts the body into params and releases it. hasQuery is false when there was no member
// "query". No error repeats a byte of the body.
func (b *body) decode(params *params) (hasQuery bool, err error) {
	defer b.release()
	params.size = b.buf.Len()
	if b.large() {
		if err := checkUpload(b.buf.Bytes()); err != nil {
			return false, badBody(err)
		}
	}
	b.dec.Reset(&b.buf)
	hasQuery, err = decodeRequest(&b.dec, params)
	if err != nil {
		return false, badBody(err)
	}
	return hasQuery, nil
}

var errUnread = fault.New(fault.BadRequest, "the body could not be read to its end")

func tooLarge(limit int64) error {
	return fault.New(fault.BodyTooLarge, "the body is larger than %d bytes", limit)
}

// checkUpload looks through a large body before anything is made of it. A few megabytes of
// small objects would become hundreds.
func checkUpload(body []byte) error {
	dec := jsontext.NewDecoder(bytes.NewBuffer(body))
	for range maxUploadTokens {
		switch _, err := dec.ReadToken(); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		case dec.StackDepth() > maxDepth:
			return errDepth
		}
	}
	return fault.New(fault.BodyTooLarge, "a body of more than %d bytes has at most %d tokens", maxBody, maxUploadTokens)
}

// badBody says what is wrong without quoting: a broken log-in form must not come
// back, or end in a log, with the password in it.
func badBody(err error) error {
	var known *fault.Error
	var syntax *jsontext.SyntacticError
	switch {
	case errors.As(err, &known):
		return known
	case errors.Is(err, jsontext.ErrDuplicateName):
		return fault.New(fault.BadRequest, "the body has a member twice in one object")
	case errors.Is(err, errDepth):
		return fault.New(fault.BadRequest, "the body is nested more than %d levels deep", maxDepth)
	case errors.As(err, &syntax):
		return fault.New(fault.BadRequest, "the body is not JSON in UTF-8: see byte %d", syntax.ByteOffset)
	default:
		return fault.New(fault.BadRequest, "the body is not a complete JSON object")
	}
}

// decodeRequest reads exactly one object. Members of other names are ignored,
// as the specification has it, though they must be JSON too.
func decodeRequest(dec *jsontext.Decoder, params *params) (hasQuery bool, err error) {
	open, err := dec.ReadToken()
	if err != nil {
		return false, err
	}
	if open.Kind() != '{' {
		return false, fault.New(fault.BadRequest, "the body is not a JSON object")
	}
	for {
		name, err := dec.ReadToken()
		if err != nil {
			return false, err
		}
		if name.Kind() == '}' {
			break
		}
		switch name.String() {
		case "query":
			hasQuery = true
			params.Query, err = readString(dec, "query", false)
		case "documentId":
			params.documentID, err = readString(dec, "documentId", true)
		case "operationName":
			params.OperationName, err = readString(dec, "operationName", true)
		case "variables":
			params.Variables, err = readMap(dec, "variables")
		case "extensions":
			params.Extensions, err = readMap(dec, "extensions")
		default:
			err = skip(dec)
		}
		if err != nil {
			return false, err
		}
	}
	if _, err := dec.ReadToken(); !errors.Is(err, io.EOF) {
		return false, fault.New(fault.BadRequest, "the body goes on after the JSON object")
	}
	return hasQuery, nil
}

func readString(dec *jsontext.Decoder, member string, nullable bool) (string, error) {
	token, err := dec.ReadToken()
	switch {
	case err != nil:
		return "", err
	case token.Kind() == '"':
		return token.String(), nil
	case token.Kind() == 'n' && nullable:
		return "", nil
	}
	return "", fault.New(fault.BadRequest, "%s must be a string", member)
}

func readMap(dec *jsontext.Decoder, member string) (map[string]any, error) {
	token, err := dec.ReadToken()
	switch {
	case err != nil:
		return nil, err
	case token.Kind() == 'n':
		return nil, nil
	case token.Kind() != '{':
		return nil, fault.New(fault.BadRequest, "%s must be an object", member)
	}
	return readObject(dec)
}

// readValue returns what encoding/json with UseNumber would, so that numbers
// reach the scalars with all their digits.
func readValue(dec *jsontext.Decoder, token jsontext.Token) (any, error) {
	switch token.Kind() {
	case '{':
		return readObject(dec)
	case '[':
		return readList(dec)
	case '"':
		return token.String(), nil
	case '0':
		return json.Number(token.String()), nil
	case 't':
		return true, nil
	case 'f':
		return false, nil
	default:
		return nil, nil
	}
}

func readObject(dec *jsontext.Decoder) (map[string]any, error) {
	if dec.StackDepth() > maxDepth {
		return nil, errDepth
	}
	object := map[string]any{}
	for {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		if name.Kind() == '}' {
			return object, nil
		}
		key := name.String()
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		if object[key], err = readValue(dec, token); err != nil {
			return nil, err
		}
	}
}

func readList(dec *jsontext.Decoder) ([]any, error) {
	if dec.StackDepth() > maxDepth {
		return nil, errDepth
	}
	list := []any{}
	for {
		token, err := dec.ReadToken()
		if err != nil {
			return nil, err
		}
		if token.Kind() == ']' {
			return list, nil
		}
		value, err := readValue(dec, token)
		if err != nil {
			return nil, err
		}
		list = append(list, value)
	}
}

// skip passes over one value with the same strictness and the same depth limit.
func skip(dec *jsontext.Decoder) error {
	outer := dec.StackDepth()
	for {
		if _, err := dec.ReadToken(); err != nil {
			return err
		}
		switch depth := dec.StackDepth(); {
		case depth == outer:
			return nil
		case depth > maxDepth:
			return errDepth
		}
	}
}

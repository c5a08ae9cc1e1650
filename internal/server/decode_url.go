package server

import (
	"bytes"
	"errors"
	"io"
	"net/url"

	"github.com/go-json-experiment/json/jsontext"

	"github.com/oversikt/oversikt/internal/fault"
)

// readURL decodes a request by GET. The length is bounded by that of the header.
func readURL(u *url.URL, params *params) (hasQuery bool, err error) {
	values, err := url.ParseQuery(u.RawQuery)
	if err != nil {
		return false, fault.New(fault.BadRequest, "the query string is not URL-encoded")
	}
	for name, given := range values {
		if len(given) != 1 {
			return false, fault.New(fault.BadRequest, "the query string has a parameter twice")
		}
		switch name {
		case "query":
			hasQuery, params.Query = true, given[0]
		case "documentId":
			params.documentID = given[0]
		case "operationName":
			params.OperationName = given[0]
		case "variables":
			params.Variables, err = readParam(given[0], name)
		case "extensions":
			params.Extensions, err = readParam(given[0], name)
		}
		if err != nil {
			return false, err
		}
	}
	return hasQuery, nil
}

func readParam(text, name string) (map[string]any, error) {
	dec := jsontext.NewDecoder(bytes.NewBufferString(text))
	object, err := readMap(dec, name)
	if err == nil {
		if _, more := dec.ReadToken(); !errors.Is(more, io.EOF) {
			err = errors.New("trailing data")
		}
	}
	var known *fault.Error
	if err != nil && !errors.As(err, &known) {
		err = fault.New(fault.BadRequest, "%s is not a JSON object", name)
	}
	return object, err
}

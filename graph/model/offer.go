package model

import (
	"context"
	"errors"
	"io"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/wayout/offer"
)

var offerLabel = []byte("offer 1")

// SealOffer returns the text that a client accepts an offer by.
func (ids *IDs) SealOffer(t offer.Token) (string, error) {
	plain, err := t.Encode()
	if err != nil {
		return "", err
	}
	s := ids.keys[0].Get().(*sealer)
	defer ids.keys[0].Put(s)
	return string(s.appendSealed(nil, plain, offerLabel)), nil
}

// OpenOffer returns the offer of a text; one that was not sealed here is BAD_USER_INPUT.
func (ids *IDs) OpenOffer(text string) (offer.Token, error) {
	plain, ok := ids.open(text, offerLabel)
	if !ok {
		return offer.Token{}, fault.Invalid("input.offerId", "the offer is not one of this service").Saying("input.OFFER")
	}
	return offer.Decode(plain)
}

// MarshalOffer writes an offer as a String.
func MarshalOffer(t offer.Token) graphql.ContextMarshaler {
	return graphql.ContextWriterFunc(func(ctx context.Context, w io.Writer) error {
		text, err := ctx.Value(idsKey{}).(*IDs).SealOffer(t)
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, `"`+text+`"`)
		return err
	})
}

// UnmarshalOffer never runs: offers come in as String arguments.
func UnmarshalOffer(context.Context, any) (offer.Token, error) {
	return offer.Token{}, errors.New("offers come in as String")
}

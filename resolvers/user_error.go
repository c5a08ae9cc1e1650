package resolvers

import (
	"context"
	"errors"
	"strings"

	"github.com/99designs/gqlgen/graphql"

	"github.com/oversikt/oversikt/graph/model"
	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/credentials"
	"github.com/oversikt/oversikt/internal/caller/letterlogin"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal/audit"
	"github.com/oversikt/oversikt/internal/text"

	"github.com/oversikt/oversikt/internal/caller"
)

// loginFailed is the code of a login that did not work, whatever was wrong with it.
const loginFailed act.Code = "LOGIN_FAILED"

// loginErrors tells what the person can mend of why a login with a letter did not work; an
// error that nobody foresaw comes back as it is.
func loginErrors(ctx context.Context, err error) ([]model.LoginWithLetterError, error) {
	var throttled *letterlogin.ThrottledError
	var f act.Fault
	switch known := fault.Of(err); {
	case errors.Is(err, letterlogin.ErrFailed):
		f = act.Fault{Code: loginFailed}
	case errors.As(err, &throttled):
		f = act.Fault{Code: credentials.Throttled, After: throttled.Seconds(),
			Args: []text.Arg{text.With("wait", throttled.Wait)}}
	case known.Code == fault.BadUserInput && known.Field != "":
		f = act.Fault{Code: act.Invalid, Field: strings.Split(known.Field, ".")}
	case known.Code == fault.AgencyUnavailable:
		f = act.Fault{Code: act.AgencyUnavailable}
	default:
		return nil, err
	}
	requestOf(ctx).trail.refuse(graphql.GetFieldContext(ctx).Field.Alias)
	return []model.LoginWithLetterError{{UserError: model.NewUserError(audit.LoginWithLetter, f)}}, nil
}

// sentBy returns how a new password is sent; nil where nothing was ordered, or where the
// agency has not answered yet.
func sentBy(record *act.Record, p caller.Principal) *debt.CredentialChannel {
	if record == nil {
		return nil
	}
	if by := credentials.SentBy(record, p); by != "" {
		return &by
	}
	return nil
}

package attorney

import (
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/given.sql
	givenSQL string
	//go:embed sql/received.sql
	receivedSQL string
	//go:embed sql/registered.sql
	registeredSQL string
	//go:embed sql/at_agency.sql
	atAgencySQL string
	//go:embed sql/document.sql
	documentSQL string
	//go:embed sql/in_force.sql
	inForceSQL string
	//go:embed sql/situation.sql
	situationSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/insert_act.sql
	insertActSQL string
	//go:embed sql/revoke.sql
	revokeSQL string
	//go:embed sql/agencies.sql
	agenciesSQL string
	//go:embed sql/ended.sql
	endedSQL string
	//go:embed sql/told.sql
	toldSQL string
	//go:embed sql/lock_power.sql
	lockPowerSQL string
	//go:embed sql/due.sql
	dueSQL string
)

// row is a row of the table.
type row struct {
	ID           uuid.UUID
	OrgNumber    *string
	Sealed       []byte
	Agencies     []string
	CoversAll    bool
	MayAct       bool
	ValidFrom    int32 // days since 1970-01-01, as the next two
	ValidUntil   int32
	Today        int32
	Signed       Signing
	DocumentType *document.MediaType
	DocumentSize *int
	Document     []byte // sealed; of documentSQL alone
	CreatedAt    time.Time
	RevokedAt    *time.Time
	RevokedBy    *uuid.UUID // of givenSQL alone, as the next
	Told         []toldRow
}

// toldRow is what an agency has answered to one of the acts about a power.
type toldRow struct {
	Agency  string    `json:"agency"`
	Revokes bool      `json:"revokes"`
	State   act.State `json:"state"`
	Reason  act.Code  `json:"reason"`
}

// known returns what the agencies know, by their codes. Of the answers, which are in the order
// of the acts, the last one counts.
func known(answers []toldRow, revoked bool) (parts []AgencyPart) {
	given, ended := map[string]toldRow{}, map[string]toldRow{}
	for _, t := range answers {
		if t.Revokes {
			ended[t.Agency] = t
		} else {
			given[t.Agency] = t
		}
	}
	for _, code := range slices.Sorted(maps.Keys(given)) {
		parts = append(parts, AgencyPart{code, knowledge(given[code], ended[code], revoked)})
	}
	return parts
}

func knowledge(given, ended toldRow, revoked bool) Knowledge {
	switch {
	case given.State == act.PartRefused && given.Reason != act.NotFound:
		return Refused
	case given.State == act.PartRefused, given.State == act.PartWithdrawn, ended.State == act.PartWithdrawn:
		return NotNeeded
	case ended.State == act.PartDone, ended.State == act.PartRefused && ended.Reason == act.NotFound:
		return RevocationTold
	case revoked:
		return RevocationPending
	case given.State == act.PartDone:
		return Told
	default:
		return Untold
	}
}

// sealed is what nobody who reads the table may learn.
type sealed struct {
	Grantor     string           `json:"grantor"`
	GrantorName string           `json:"grantorName,omitempty"`
	Attorney    string           `json:"attorney,omitempty"`
	Name        string           `json:"name"`
	Cases       []caller.CaseKey `json:"cases,omitempty"`
}

// What is sealed belongs to its row and its column.
func boundPeople(id uuid.UUID) string   { return "power_of_attorney sealed " + id.String() }
func boundDocument(id uuid.UUID) string { return "power_of_attorney document " + id.String() }

// rows reads what a statement finds of the caller.
func (r *Register) rows(ctx context.Context, statement string, p caller.Principal, args pgx.NamedArgs) ([]row, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	references := r.Secret.References(p.NationalID)
	args["people"], args["now"], args["org_number"] = references, r.now(), nil
	if p.OrgNumber != "" {
		args["org_number"] = p.OrgNumber
	}
	found, err := r.Portal.Query(ctx, statement, args)
	if err != nil {
		return nil, unavailable("read powers of attorney", err)
	}
	all, err := pgx.CollectRows(found, pgx.RowToStructByNameLax[row])
	if err != nil {
		return nil, unavailable("read powers of attorney", err)
	}
	return all, nil
}

func (r *Register) read(ctx context.Context, statement string, p caller.Principal,
	args pgx.NamedArgs) ([]Power, error) {
	rows, err := r.rows(ctx, statement, p, args)
	if err != nil {
		return nil, err
	}
	all := make([]Power, len(rows))
	for i := range rows {
		if all[i], err = r.open(rows[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// open unseals a row. With another key nothing can be read, which is a fault of ours.
func (r *Register) open(x row) (Power, error) {
	s, err := r.unseal(x.ID, x.Sealed)
	if err != nil {
		return Power{}, err
	}
	p := Power{
		ID: x.ID, GrantorName: s.GrantorName, Name: s.Name, CoversAll: x.CoversAll, Agencies: x.Agencies, Cases: s.Cases,
		MayAct: x.MayAct,
		From:   norway.FromUnixDays(x.ValidFrom), Until: norway.FromUnixDays(x.ValidUntil),
		Today:  norway.FromUnixDays(x.Today),
		Signed: x.Signed, CreatedAt: x.CreatedAt, RevokedAt: x.RevokedAt,
	}
	if p.Grantor, err = norway.ParseNationalID(s.Grantor); err != nil {
		return Power{}, fmt.Errorf("grantor of power of attorney %s: %w", x.ID, err)
	}
	if x.OrgNumber != nil {
		p.OrgNumber = *x.OrgNumber
	} else if p.Attorney, err = norway.ParseNationalID(s.Attorney); err != nil {
		return Power{}, fmt.Errorf("attorney of power of attorney %s: %w", x.ID, err)
	}
	if x.DocumentType != nil && x.DocumentSize != nil {
		p.Document = document.Info{MediaType: *x.DocumentType, Size: *x.DocumentSize}
	}
	if x.RevokedBy != nil {
		p.RevokedBy = *x.RevokedBy
	}
	p.Told = known(x.Told, x.RevokedAt != nil)
	return p, nil
}

func (r *Register) unseal(id uuid.UUID, bytes []byte) (s sealed, err error) {
	plain, err := r.Secret.Unseal(bytes, boundPeople(id))
	if err == nil {
		err = json.Unmarshal(plain, &s)
	}
	if err != nil {
		return s, fmt.Errorf("open power of attorney %s: %w", id, err)
	}
	return s, nil
}

// seal returns the row of a power that is given now.
func (r *Register) seal(p Power, document []byte, by act.By) (pgx.NamedArgs, error) {
	s := sealed{Grantor: p.Grantor.Reveal(), GrantorName: p.GrantorName, Name: p.Name, Cases: p.Cases}
	row := pgx.NamedArgs{
		"id": p.ID, "grantor": r.Secret.Reference(p.Grantor), "people": r.Secret.References(p.Grantor),
		"attorney": nil, "org_number": nil, "agencies": p.Agencies,
		"covers_all": p.CoversAll, "may_act": p.MayAct, "valid_from": p.From.UnixDays(), "valid_until": p.Until.UnixDays(),
		"signed": p.Signed, "issuer": by.Issuer, "acr": by.ACR, "document": nil, "document_type": nil, "document_size": nil,
		"now": p.CreatedAt,
	}
	if p.OrgNumber != "" {
		row["org_number"] = p.OrgNumber
	} else {
		s.Attorney, row["attorney"] = p.Attorney.Reveal(), r.Secret.Reference(p.Attorney)
	}
	if document != nil {
		row["document"] = r.Secret.Seal(document, boundDocument(p.ID))
		row["document_type"], row["document_size"] = p.Document.MediaType, p.Document.Size
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return nil, fmt.Errorf("seal power of attorney: %w", err)
	}
	row["sealed"] = r.Secret.Seal(plain, boundPeople(p.ID))
	return row, nil
}

// now is null where the database's own time counts.
func (r *Register) now() *time.Time {
	if r.Clock == nil {
		return nil
	}
	return new(r.Clock())
}

func unavailable(doing string, err error) error {
	return ErrUnavailable.Because(fmt.Errorf("%s: %w", doing, err))
}

// UnderKey says where powers of attorney have references and sealed values.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{
		Table: "portal.power_of_attorney", Key: []string{"id"}, References: []string{"grantor", "attorney"}, Rows: 5,
		Sealed: []portal.Sealed{
			{Column: "sealed", Bound: "'power_of_attorney sealed ' || id"},
			{Column: "document", Bound: "'power_of_attorney document ' || id"},
		},
	}}
}

package attorney

import (
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/caller"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
)

var (
	//go:embed sql/situation.sql
	situationSQL string
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/insert_agency.sql
	insertAgencySQL string
	//go:embed sql/insert_new_agencies.sql
	insertNewAgenciesSQL string
	//go:embed sql/given.sql
	givenSQL string
	//go:embed sql/received.sql
	receivedSQL string
	//go:embed sql/registered.sql
	registeredSQL string
	//go:embed sql/document.sql
	documentSQL string
	//go:embed sql/in_force.sql
	inForceSQL string
	//go:embed sql/revoke.sql
	revokeSQL string
	//go:embed sql/revocation.sql
	revocationSQL string
	//go:embed sql/due_revocation.sql
	dueRevocationSQL string
	//go:embed sql/lease.sql
	leaseSQL string
	//go:embed sql/settle.sql
	settleSQL string
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
	DocumentType *MediaType
	DocumentSize *int
	Document     []byte // sealed; of documentSQL alone
	CreatedAt    time.Time
	RevokedAt    *time.Time
	Told         []toldRow
}

// toldRow is a row of what an agency was told.
type toldRow struct {
	Agency  string  `json:"agency"`
	Told    bool    `json:"told"`
	Ended   bool    `json:"ended"`
	Refusal *string `json:"refusal"`
}

func (t toldRow) knowledge(revoked bool) Knowledge {
	switch {
	case t.Refusal != nil:
		return Knowledge(*t.Refusal)
	case revoked && t.Ended:
		return RevocationTold
	case revoked:
		return RevocationPending
	case t.Told:
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
	Digest      [32]byte         `json:"digest"`
}

// What is sealed belongs to its row and its column.
func boundPeople(id uuid.UUID) string   { return "power_of_attorney sealed " + id.String() }
func boundDocument(id uuid.UUID) string { return "power_of_attorney document " + id.String() }

// rows reads what a statement finds of the caller.
func (r *Register) rows(ctx context.Context, statement string, p caller.Principal, args pgx.NamedArgs) ([]row, error) {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	reference := r.Secret.Reference(p.NationalID)
	args["grantor"], args["attorney"], args["now"], args["org_number"] = reference, reference, r.now(), nil
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

func (r *Register) read(ctx context.Context, statement string, p caller.Principal, args pgx.NamedArgs) ([]Power,
	error) {
	rows, err := r.rows(ctx, statement, p, args)
	if err != nil {
		return nil, err
	}
	all := make([]Power, len(rows))
	for i := range rows {
		if all[i], _, err = r.open(rows[i]); err != nil {
			return nil, err
		}
	}
	return all, nil
}

// open unseals a row. With another key nothing can be read, which is a fault of ours.
func (r *Register) open(x row) (Power, sealed, error) {
	s, err := r.unseal(x.ID, x.Sealed)
	if err != nil {
		return Power{}, s, err
	}
	p := Power{
		ID: x.ID, GrantorName: s.GrantorName, Name: s.Name, CoversAll: x.CoversAll, Agencies: x.Agencies, Cases: s.Cases,
		MayAct: x.MayAct,
		From:   norway.FromUnixDays(x.ValidFrom), Until: norway.FromUnixDays(x.ValidUntil),
		Today:  norway.FromUnixDays(x.Today),
		Signed: x.Signed, CreatedAt: x.CreatedAt, RevokedAt: x.RevokedAt,
	}
	if p.Grantor, err = norway.ParseNationalID(s.Grantor); err != nil {
		return Power{}, s, fmt.Errorf("grantor of power of attorney %s: %w", x.ID, err)
	}
	if x.OrgNumber != nil {
		p.OrgNumber = *x.OrgNumber
	} else if p.Attorney, err = norway.ParseNationalID(s.Attorney); err != nil {
		return Power{}, s, fmt.Errorf("attorney of power of attorney %s: %w", x.ID, err)
	}
	if x.DocumentType != nil && x.DocumentSize != nil {
		p.Document = DocumentInfo{*x.DocumentType, *x.DocumentSize}
	}
	for _, t := range x.Told {
		p.Told = append(p.Told, AgencyPart{t.Agency, t.knowledge(x.RevokedAt != nil)})
	}
	return p, s, nil
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

// insert stores a power and whom to tell of it, unless the key has been used meanwhile.
func (r *Register) insert(ctx context.Context, p caller.Principal, id uuid.UUID, q request, digest [32]byte) error {
	s := sealed{Grantor: p.NationalID.Reveal(), GrantorName: p.Name, Name: q.name, Cases: q.cases, Digest: digest}
	args := pgx.NamedArgs{
		"id": id, "grantor": r.Secret.Reference(p.NationalID), "key": q.IdempotencyKey, "attorney": nil,
		"org_number": nil, "agencies": q.agencies, "covers_all": q.coversAll(), "may_act": q.MayAct,
		"valid_from": q.ValidFrom.UnixDays(), "valid_until": q.ValidUntil.UnixDays(), "signed": q.signing(),
		"issuer": p.Issuer, "acr": p.ACR,
		"document": nil, "document_type": nil, "document_size": nil, "now": r.now(),
	}
	if to := q.Attorney.Organisation; to != nil {
		args["org_number"] = to.OrgNumber
	} else {
		s.Attorney, args["attorney"] = q.attorney.Reveal(), r.Secret.Reference(q.attorney)
	}
	if q.content != nil {
		args["document"] = r.Secret.Seal(q.content, boundDocument(id))
		args["document_type"], args["document_size"] = q.Signing.Document.MediaType, len(q.content)
	}
	plain, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("seal power of attorney: %w", err)
	}
	args["sealed"] = r.Secret.Seal(plain, boundPeople(id))
	return r.within(ctx, "give power of attorney", func(ctx context.Context, tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, insertSQL, args); err != nil {
			return err
		}
		_, err := tx.Exec(ctx, insertAgencySQL, pgx.NamedArgs{"id": id, "codes": r.inScope(q), "now": r.now()})
		return err
	})
}

// inScope returns the agencies that a power is about.
func (r *Register) inScope(q request) []string {
	if q.coversAll() {
		return r.Agencies.Codes()
	}
	codes := q.agencies
	for _, c := range q.cases {
		codes = append(codes[:len(codes):len(codes)], c.Agency)
	}
	return codes
}

// now is null where the database's own time counts.
func (r *Register) now() *time.Time {
	if r.Clock == nil {
		return nil
	}
	return new(r.Clock())
}

func (r *Register) within(ctx context.Context, doing string, do func(context.Context, pgx.Tx) error) error {
	ctx, cancel := r.Portal.Bounded(ctx)
	defer cancel()
	err := pgx.BeginFunc(ctx, r.Portal, func(tx pgx.Tx) error { return do(ctx, tx) })
	if err == nil || errors.As(err, new(Faults)) || errors.Is(err, fault.ErrKeyReused) {
		return err
	}
	return unavailable(doing, err)
}

func unavailable(doing string, err error) error {
	return ErrUnavailable.Because(fmt.Errorf("%s: %w", doing, err))
}

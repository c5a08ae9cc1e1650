// Package vault keeps documents that people hand in: each under a random name in a bucket, encrypted with a
// key of its own, and in the portal database the row that has the key. A document without a row is nothing:
// nobody can read it, and [Vault.Sweep] takes it away. A row is written in the transaction of the act that brings
// the document.
package vault

import (
	"cmp"
	"context"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	_ "embed"
	"errors"
	"fmt"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"gocloud.dev/blob"

	"github.com/oversikt/oversikt/internal/document"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
)

var (
	//go:embed sql/insert.sql
	insertSQL string
	//go:embed sql/settle.sql
	settleSQL string
	//go:embed sql/refuse.sql
	refuseSQL string
	//go:embed sql/of.sql
	ofSQL string
	//go:embed sql/one.sql
	oneSQL string
	//go:embed sql/person.sql
	personSQL string
	//go:embed sql/ended.sql
	endedSQL string
	//go:embed sql/strangers.sql
	strangersSQL string
)

// DefaultPatience is how long one document may take to be written or read.
const DefaultPatience = 10 * time.Second

// Vault keeps documents. It is safe for concurrent use.
type Vault struct {
	DB       *portal.DB
	Secret   *portal.Secret
	Bucket   *blob.Bucket
	Patience time.Duration // for one document; 0 is DefaultPatience
	Log      *slog.Logger
}

// ErrUnavailable says that documents can neither be kept nor read now.
var ErrUnavailable = fault.New(fault.PortalUnavailable, "documents cannot be kept or read now: try again later")

func unavailable(doing string, err error) error {
	return ErrUnavailable.Because(fmt.Errorf("%s: %w", doing, err))
}

// File is a document that was looked through.
type File struct {
	document.Info
	Content []byte
}

// Stored is a document in the bucket that has no row yet.
type Stored struct {
	ID     uuid.UUID
	info   document.Info
	sealed []byte
}

const (
	prefix  = "documents/"
	keySize = 32
)

func nameOf(id uuid.UUID) string { return prefix + id.String() }
func bound(id uuid.UUID) string  { return "document " + id.String() }

func (v *Vault) bounded(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(ctx, cmp.Or(v.Patience, DefaultPatience))
}

// Put encrypts documents and writes them into the bucket: all, or with an error none. They count once [Vault.Insert]
// has written their rows.
func (v *Vault) Put(ctx context.Context, files []File) (all []Stored, err error) {
	for _, f := range files {
		one, err := v.put(ctx, f)
		if err != nil {
			v.Discard(ctx, all)
			return nil, unavailable("keep a document", err)
		}
		all = append(all, one)
	}
	return all, nil
}

func (v *Vault) put(ctx context.Context, f File) (Stored, error) {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	one := Stored{ID: uuid.New(), info: document.Info{MediaType: f.MediaType, Size: len(f.Content)}}
	key := make([]byte, keySize)
	_, _ = rand.Read(key) // it never fails
	hash := sha256.Sum256(f.Content)
	one.sealed = v.Secret.Seal(append(key[:keySize:keySize], hash[:]...), bound(one.ID))
	lock, err := lockOf(key)
	if err != nil {
		return one, err
	}
	return one, v.Bucket.WriteAll(ctx, nameOf(one.ID), lock.Seal(nil, nil, f.Content, []byte(bound(one.ID))),
		&blob.WriterOptions{ContentType: "application/octet-stream", DisableContentTypeDetection: true})
}

func lockOf(key []byte) (cipher.AEAD, error) {
	block, err := aes.NewCipher(key)
	if err != nil {
		return nil, err
	}
	return cipher.NewGCMWithRandomNonce(block)
}

// Discard takes documents out of the bucket that got no row. What it cannot take, [Vault.Sweep] does.
func (v *Vault) Discard(ctx context.Context, all []Stored) {
	for _, one := range all {
		if err := v.remove(context.WithoutCancel(ctx), one.ID); err != nil {
			v.Log.WarnContext(ctx, "a document without a row is left to the sweep", "cause", err)
		}
	}
}

func (v *Vault) remove(ctx context.Context, id uuid.UUID) error {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	err := v.Bucket.Delete(ctx, nameOf(id))
	if isMissing(err) {
		return nil
	}
	return err
}

// Kind is what documents were handed in with.
type Kind string

// The kinds.
const (
	Receipt   Kind = "RECEIPT"   // proof of a payment (kvittering)
	Objection Kind = "OBJECTION" // innsigelse
	Complaint Kind = "COMPLAINT" // klage
)

// Place is what documents belong to: an act, and a case of an agency by the agency's key.
type Place struct {
	Kind         Kind
	Act          uuid.UUID
	Agency, Case string // Case is empty where nobody knows it
	Subject      string // the agency's key of what they belong to; empty: it has yet to say
}

// Insert writes the rows of documents, in the transaction of their act.
func (v *Vault) Insert(ctx context.Context, tx pgx.Tx, at Place, all []Stored, now time.Time) error {
	batch := &pgx.Batch{}
	for i, one := range all {
		batch.Queue(insertSQL, pgx.NamedArgs{"id": one.ID, "act": at.Act, "place": i, "agency": at.Agency,
			"case_id": at.Case, "kind": at.Kind, "subject": at.Subject, "media_type": one.info.MediaType,
			"bytes": one.info.Size, "sealed": one.sealed, "now": now})
	}
	return tx.SendBatch(ctx, batch).Close()
}

// Settle notes that the agency has taken the documents of an act, and what it calls what they belong to; empty where
// their [Place] said it.
func (v *Vault) Settle(ctx context.Context, tx pgx.Tx, act uuid.UUID, subject string) error {
	_, err := tx.Exec(ctx, settleSQL, pgx.NamedArgs{"act": act, "subject": subject})
	return err
}

// Refuse deletes the documents of an act that the agency has refused.
func (v *Vault) Refuse(ctx context.Context, tx pgx.Tx, act uuid.UUID) error {
	_, err := tx.Exec(ctx, refuseSQL, pgx.NamedArgs{"act": act})
	return err
}

// Kept is a document that is kept.
type Kept struct {
	ID        uuid.UUID
	Agency    string // code
	CaseID    string // the agency's, as the next
	Kind      Kind
	Subject   *string
	MediaType document.MediaType
	Bytes     int
	CreatedAt time.Time
	Sealed    []byte
}

// Of returns the documents of things of a kind at an agency by the agency's keys of them, in the order in which they
// were handed in.
func (v *Vault) Of(ctx context.Context, agency string, kind Kind, subjects []string) ([]Kept, error) {
	return v.read(ctx, ofSQL, pgx.NamedArgs{"agency": agency, "kind": kind, "subjects": subjects})
}

// OfPerson returns the documents of somebody's acts; subjects are the references of who asked for them.
func (v *Vault) OfPerson(ctx context.Context, subjects [][]byte) ([]Kept, error) {
	return v.read(ctx, personSQL, pgx.NamedArgs{"people": subjects})
}

func (v *Vault) read(ctx context.Context, sql string, args pgx.NamedArgs) ([]Kept, error) {
	ctx, cancel := v.DB.Bounded(ctx)
	defer cancel()
	rows, err := v.DB.Query(ctx, sql, args)
	if err != nil {
		return nil, unavailable("read which documents are kept", err)
	}
	all, err := pgx.CollectRows(rows, pgx.RowToStructByNameLax[Kept])
	if err != nil {
		return nil, unavailable("read which documents are kept", err)
	}
	return all, nil
}

// Open returns a document, and what it is; ErrGone where there is none.
func (v *Vault) Open(ctx context.Context, id uuid.UUID) (File, Kept, error) {
	found, err := v.read(ctx, oneSQL, pgx.NamedArgs{"id": id})
	if err != nil {
		return File{}, Kept{}, err
	}
	if len(found) == 0 {
		return File{}, Kept{}, ErrGone
	}
	content, err := v.open(ctx, found[0])
	if isMissing(err) {
		return File{}, Kept{}, ErrGone.Because(err)
	}
	if err != nil {
		return File{}, Kept{}, err
	}
	return File{document.Info{MediaType: found[0].MediaType, Size: len(content)}, content}, found[0], nil
}

// ErrGone says that there is no such document.
var ErrGone = fault.New(fault.NotFound, "there is no such document")

func (v *Vault) open(ctx context.Context, k Kept) ([]byte, error) {
	ctx, cancel := v.bounded(ctx)
	defer cancel()
	locked, err := v.Bucket.ReadAll(ctx, nameOf(k.ID))
	if isMissing(err) {
		return nil, err
	}
	if err != nil {
		return nil, unavailable("read a document", err)
	}
	both, err := v.Secret.Unseal(k.Sealed, bound(k.ID))
	if err != nil || len(both) != keySize+sha256.Size {
		return nil, fmt.Errorf("open document %s: %w", k.ID, errors.Join(err, errAltered))
	}
	lock, err := lockOf(both[:keySize])
	if err != nil {
		return nil, err
	}
	content, err := lock.Open(nil, nil, locked, []byte(bound(k.ID)))
	if err != nil {
		return nil, fmt.Errorf("open document %s: %w", k.ID, errAltered)
	}
	if is := sha256.Sum256(content); subtle.ConstantTimeCompare(is[:], both[keySize:]) != 1 {
		return nil, fmt.Errorf("open document %s: %w", k.ID, errAltered)
	}
	return content, nil
}

var errAltered = errors.New("it is not what was kept")

// UnderKey says where documents have sealed values. What is in the bucket is under keys that are sealed there: to
// change the portal's key changes nothing in the bucket.
func UnderKey() []portal.Keyed {
	return []portal.Keyed{{
		Table: "portal.document", Key: []string{"id"},
		Sealed: []portal.Sealed{{Column: "sealed", Bound: "'document ' || id"}},
	}}
}

package audit

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	_ "embed"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/portal"
)

const (
	linkEvery   = time.Second
	anchorEvery = time.Hour
	linkAtOnce  = 1000
	unmarkedFor = 24 * time.Hour // after the chain began: replicas of the release before write on

	boundChain = "access log chain"
	markKind   = "access log entry"
)

// entryColumns are an entry as [record] has it.
const entryColumns = `coalesce(l.request, '') as request, coalesce(l.actor_kind, '') as actor_kind,
	l.actor, coalesce(l.actor_agency, '') as actor_agency, l.subject, coalesce(l.ground, '') as ground, coalesce(l.attorney, '') as attorney,
	coalesce(l.reason, '') as reason, coalesce(l.action, '') as action, coalesce(l.what, '{}') as what,
	coalesce(l.agencies, '{}') as agencies, coalesce(l.cases, '{}') as cases, coalesce(l.cases_cut, false) as cases_cut,
	coalesce(l.client, '') as client, coalesce(l.outcome, '') as outcome, l.mark`

var (
	//go:embed sql/fresh.sql
	freshSQL string
	//go:embed sql/link.sql
	linkSQL string
	//go:embed sql/head.sql
	headSQL string
	//go:embed sql/anchor.sql
	anchorSQL string
)

// Chain links the entries of the access log, so that one that is removed, altered, inserted or put
// elsewhere shows: each link has a keyed hash of its entry, and of the link before. Nobody waits for
// it; an entry is linked within seconds of its commit.
type Chain struct {
	Portal *portal.DB
	Secret *portal.Secret
	Now    func() time.Time
	Log    *slog.Logger
}

// stored is an entry as the database has it; There is false where it is gone.
type stored struct {
	At          time.Time
	ID          [16]byte
	There       bool
	Request     string
	ActorKind   string
	Actor       []byte
	ActorAgency string
	Subject     []byte
	Ground      string
	Attorney    string
	Reason      string
	Action      string
	What        []string
	Agencies    []string
	Cases       []string
	CasesCut    bool
	Client      string
	Outcome     string
	Mark        []byte
}

// said is what an entry says, in one form: each part of it begins with its length.
type said []byte

func (b said) text(parts ...string) said {
	for _, part := range parts {
		b = append(binary.BigEndian.AppendUint32(b, uint32(len(part))), part...)
	}
	return b
}

func (b said) bytes(part []byte) said {
	return append(binary.BigEndian.AppendUint32(b, uint32(len(part))), part...)
}

func (b said) list(parts []string) said {
	return said(binary.BigEndian.AppendUint32(b, uint32(len(parts)))).text(parts...)
}

func begin(at time.Time, id [16]byte, cut bool) said {
	b := binary.BigEndian.AppendUint64(make(said, 0, 1024), uint64(at.UnixMicro()))
	b = append(b, id[:]...)
	if cut {
		return append(b, 1)
	}
	return append(b, 0)
}

func (s stored) says(secret *portal.Secret) said {
	return begin(s.At, s.ID, s.CasesCut).bytes(secret.Origin(s.Actor)).bytes(secret.Origin(s.Subject)).
		text(s.Request, s.ActorKind, s.ActorAgency, s.Ground, s.Attorney, s.Reason, s.Action, s.Client, s.Outcome).
		list(s.What).list(s.Agencies).list(s.Cases)
}

// says is what the entry will say when it is stored.
func (e Entry) says(secret *portal.Secret) said {
	l := e.look
	reference := func(r *Reference) []byte {
		if r.IsZero() {
			return nil
		}
		return secret.Origin(r[:])
	}
	b := begin(l.At, e.id, e.cut).bytes(reference(&l.Actor.Reference)).bytes(reference(&l.Subject)).
		text(l.Request, string(l.Actor.Kind), l.Actor.Agency, string(l.Ground.Basis), l.Ground.Attorney, l.Ground.Reason,
			l.Action, l.Client, string(l.Outcome)).list(l.What).list(l.Agencies)
	cases := l.Cases[:min(len(l.Cases), MaxCases)]
	b = binary.BigEndian.AppendUint32(b, uint32(len(cases)))
	for _, c := range cases {
		id := caseID(c.ID)
		b = binary.BigEndian.AppendUint32(b, uint32(len(c.Agency)+len("/")+len(id)))
		b = append(append(append(b, c.Agency...), '/'), id...)
	}
	return b
}

// marked returns the entry with a mark that the service alone can make.
func (e Entry) marked(secret *portal.Secret) Entry {
	e.mark = secret.Digests(markKind, e.says(secret))[0]
	return e
}

// chainKey is what the hashes of the chain are made with. From Began on entries have marks.
type chainKey struct {
	Key   []byte    `json:"key"`
	Began time.Time `json:"began"`
}

func (k chainKey) hash(kind string, parts ...[]byte) []byte {
	mac := hmac.New(sha256.New, k.Key)
	mac.Write([]byte(kind))
	for _, part := range parts {
		mac.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		mac.Write(part)
	}
	return mac.Sum(nil)
}

// link is one link of the chain.
type link struct {
	Number  int64
	Doubted bool
	Digest  []byte
	Mac     []byte
}

func number(n int64) []byte { return binary.BigEndian.AppendUint64(nil, uint64(n)) }

// after returns the keyed hash of a link of an entry that comes after one with this mac.
func (l link) after(k chainKey, before []byte, e stored) []byte {
	at := number(e.At.UnixMicro())
	return k.hash("link", before, number(l.Number), at, e.ID[:], []byte(fmt.Sprint(l.Doubted)), l.Digest)
}

func (l link) seal(k chainKey) []byte { return k.hash("anchor", number(l.Number), l.Mac) }

// doubts says that an entry is not as the service made it. One without a mark can be dated back: it
// counts when it is linked, too.
func (c *Chain) doubts(k chainKey, e stored) bool {
	if e.Mark == nil {
		marked := k.Began.Add(unmarkedFor)
		return e.At.After(marked) || c.Now().After(marked)
	}
	return !slices.ContainsFunc(c.Secret.Digests(markKind, e.says(c.Secret)), func(mark []byte) bool {
		return hmac.Equal(e.Mark, mark)
	})
}

// digest is the keyed hash of an entry; of one that is gone, of nothing.
func (k chainKey) digest(e stored, secret *portal.Secret) []byte {
	if !e.There {
		return make([]byte, sha256.Size)
	}
	return k.hash("entry", e.says(secret), secret.Origin(e.Mark))
}

// Keep links what is new again and again, until the context ends. Any number of replicas may: one at
// a time does it.
func (c *Chain) Keep(ctx context.Context) {
	tick := time.NewTicker(linkEvery)
	defer tick.Stop()
	var anchored time.Time
	for {
		err := c.Link(ctx)
		if err == nil && time.Since(anchored) > anchorEvery {
			if err = errors.Join(c.Anchor(ctx), c.Check(ctx)); err == nil {
				anchored = time.Now()
			}
		}
		if err != nil && ctx.Err() == nil {
			c.Log.Error("access log: entries are not linked", "cause", err)
		}
		if errors.Is(err, portal.ErrSealed) { // the keys were changed: connections from before write under an old one
			c.Portal.Jobs().Reset()
		}
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
}

// Link links what is committed and not linked yet, unless another replica does.
func (c *Chain) Link(ctx context.Context) error {
	for {
		n, err := c.linkSome(ctx)
		if err != nil || n < linkAtOnce {
			return err
		}
	}
}

func (c *Chain) linkSome(ctx context.Context) (n int, err error) {
	ctx, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	doubted := 0
	err = pgx.BeginFunc(ctx, c.Portal.Jobs(), func(tx pgx.Tx) error {
		var alone bool
		err := tx.QueryRow(ctx, "select pg_catalog.pg_try_advisory_xact_lock(pg_catalog.hashtext('portal.access_log_link'))").
			Scan(&alone)
		if err != nil || !alone {
			return err
		}
		key, err := c.key(ctx, tx)
		if err != nil {
			return err
		}
		fresh, err := collect[stored](ctx, tx, freshSQL, pgx.NamedArgs{"most": linkAtOnce})
		if err != nil || len(fresh) == 0 {
			return err
		}
		n = len(fresh)
		doubted, err = c.append(ctx, tx, key, fresh)
		return err
	})
	if err != nil {
		return 0, fmt.Errorf("link entries of the access log: %w", err)
	}
	if doubted > 0 {
		c.Log.Error("access log: somebody else has written to it: run `oversikt access-log verify`", "entries", doubted)
	}
	return n, nil
}

// append adds a link for each entry, and returns how many of them are in doubt.
func (c *Chain) append(ctx context.Context, tx pgx.Tx, key chainKey, fresh []stored) (doubted int, err error) {
	head, err := headOf(ctx, tx)
	if err != nil {
		return 0, err
	}
	var numbers []int64
	var ats []time.Time
	var ids [][16]byte
	var doubts []bool
	var digests, macs [][]byte
	for _, e := range fresh {
		l := link{Number: head.Number + 1, Doubted: e.There && c.doubts(key, e), Digest: key.digest(e, c.Secret)}
		l.Mac = l.after(key, head.Mac, e)
		if l.Doubted || !e.There {
			doubted++
		}
		numbers, ats, ids, doubts = append(numbers, l.Number), append(ats, e.At), append(ids, e.ID), append(doubts, l.Doubted)
		digests, macs = append(digests, l.Digest), append(macs, l.Mac)
		head = l
	}
	_, err = tx.Exec(ctx, linkSQL, pgx.NamedArgs{"numbers": numbers, "ats": ats, "ids": ids, "doubted": doubts,
		"digests": digests, "macs": macs})
	return doubted, err
}

// headOf returns the link that the next one follows.
func headOf(ctx context.Context, tx pgx.Tx) (head link, err error) {
	err = tx.QueryRow(ctx, headSQL).Scan(&head.Number, &head.Mac)
	if errors.Is(err, pgx.ErrNoRows) {
		return link{}, nil
	}
	return head, err
}

// key returns the key of the chain, and makes it at the first time.
func (c *Chain) key(ctx context.Context, tx pgx.Tx) (k chainKey, err error) {
	var sealed []byte
	const read = "select sealed from portal.access_log_key"
	err = tx.QueryRow(ctx, read).Scan(&sealed)
	if errors.Is(err, pgx.ErrNoRows) {
		return c.newKey(ctx, tx)
	}
	if err != nil {
		return k, err
	}
	text, err := c.Secret.Unseal(sealed, boundChain)
	if err != nil {
		return k, fmt.Errorf("key of the chain: %w", err)
	}
	return k, json.Unmarshal(text, &k)
}

func (c *Chain) newKey(ctx context.Context, tx pgx.Tx) (k chainKey, err error) {
	k = chainKey{Key: make([]byte, sha256.Size), Began: c.Now()}
	rand.Read(k.Key) // never fails
	var before bool
	if err := tx.QueryRow(ctx, "select exists (select from portal.access_log)").Scan(&before); err != nil {
		return k, err
	}
	if !before { // and so there was no release before that made no marks
		k.Began = k.Began.Add(-unmarkedFor)
	}
	text, err := json.Marshal(k)
	if err != nil {
		return k, err
	}
	_, err = tx.Exec(ctx, "insert into portal.access_log_key (sealed) values ($1)", c.Secret.Seal(text, boundChain))
	return k, err
}

// Anchor notes where the chain begins when retention has taken what is older than the schedule
// keeps, and tells operators its head: whoever has noted that can tell when the end is cut off.
func (c *Chain) Anchor(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	err := pgx.BeginFunc(ctx, c.Portal.Jobs(), func(tx pgx.Tx) error {
		key, err := c.key(ctx, tx)
		if err != nil {
			return err
		}
		cut, err := c.cut(ctx, tx)
		if err != nil {
			return err
		}
		head, err := headOf(ctx, tx)
		if err != nil {
			return err
		}
		c.Log.Info("access log: chain", "head", head.text())
		var l link
		err = tx.QueryRow(ctx, anchorSQL, pgx.NamedArgs{"cut": cut}).Scan(&l.Number, &l.Mac)
		if errors.Is(err, pgx.ErrNoRows) {
			return nil
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, "insert into portal.access_log_anchor (number, mac, seal) values ($1, $2, $3) on conflict do nothing",
			l.Number, l.Mac, l.seal(key))
		return err
	})
	if err != nil {
		return fmt.Errorf("anchor the chain of the access log: %w", err)
	}
	return nil
}

// text is how a link is told: its number, and the beginning of its keyed hash.
func (l link) text() string {
	return fmt.Sprintf("%d:%s", l.Number, hex.EncodeToString(l.Mac[:min(len(l.Mac), 16)]))
}

// cut is the instant before which the schedule lets whole months go.
func (c *Chain) cut(ctx context.Context, tx pgx.Tx) (time.Time, error) {
	var days int
	err := tx.QueryRow(ctx, "select days from portal.retention_rule where name = 'access_log'").Scan(&days)
	return month(c.Now().AddDate(0, 0, -days)), err
}

// collect runs a statement with the columns of an entry in it.
func collect[R any](ctx context.Context, tx pgx.Tx, sql string, args pgx.NamedArgs) ([]R, error) {
	rows, err := tx.Query(ctx, strings.Replace(sql, "COLUMNS", entryColumns, 1), args)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByName[R])
}

package privacy_test

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"
	"pgregory.net/rapid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/debt"
	"github.com/oversikt/oversikt/internal/debt/norway"
	"github.com/oversikt/oversikt/internal/fault"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/privacy"
	"github.com/oversikt/oversikt/internal/privacy/personaldata"
)

func secret(t testing.TB) *portal.Secret {
	t.Helper()
	s, err := portal.NewSecret(bytes.Repeat([]byte{3}, portal.SecretSize))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func submission(text string) privacy.RequestInput {
	return privacy.RequestInput{Keyed: act.Keyed{IdempotencyKey: uuid.New()}, Kind: personaldata.AskErasure, Text: text}
}

func agencyKey(code string) *debt.Key { return &debt.Key{Kind: debt.KindAgency, Agency: code} }

// wrong returns the faults in an error as "field code text".
func wrong(err error) (all []string) {
	var faults act.Faults
	errors.As(err, &faults)
	for _, f := range faults {
		all = append(all, fmt.Sprint(f.Field, f.Code, " ", f.Text))
	}
	return all
}

const everyAgency = "fjord tradisjon lita"

func TestSubmit(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	in := submission("  Slett telefonnummeret mitt.\n")
	in.Agency = agencyKey("fjord")
	got, err := w.hand(t.Context(), p, in)
	if err != nil {
		t.Fatal(err)
	}
	if got.Text != "Slett telefonnummeret mitt." || got.AnswerBy != norway.MustDate("2026-04-02") ||
		got.Status != personaldata.RequestReceived || got.Reply != nil {
		t.Errorf("%+v", got)
	}
	other := generator.Person(1)
	if mine, err := w.Requests(t.Context(), p); err != nil || len(mine) != 1 || mine[0].Number != got.Number {
		t.Errorf("%+v, %v", mine, err)
	}
	if theirs, err := w.Requests(t.Context(), callerOf(&other)); err != nil || len(theirs) > 0 {
		t.Errorf("another person sees %+v, %v", theirs, err)
	}

	same, err := w.hand(t.Context(), p, in)
	if err != nil || same.Number != got.Number {
		t.Errorf("tried again: %+v, %v", same, err)
	}
	for name, change := range map[string]func(*privacy.RequestInput){
		"another text":   func(in *privacy.RequestInput) { in.Text = "Noe annet" },
		"another kind":   func(in *privacy.RequestInput) { in.Kind = personaldata.AskComplaint },
		"another agency": func(in *privacy.RequestInput) { in.Agency = agencyKey("lita") },
		"the portal":     func(in *privacy.RequestInput) { in.Agency = nil },
	} {
		changed := in
		change(&changed)
		_, err := w.hand(t.Context(), p, changed)
		if diff := cmp.Diff([]string{"[input idempotencyKey]KEY_REUSED "}, wrong(err)); diff != "" {
			t.Errorf("%s under the same key: %v", name, err)
		}
	}
	if theirs, err := w.hand(t.Context(), callerOf(&other), in); err != nil || theirs.Number == got.Number {
		t.Errorf("a key is its person's own: %+v, %v", theirs, err)
	}
}

func TestBadRequest(t *testing.T) {
	t.Parallel()
	w := build(t, everyAgency)
	misled := submission("x")
	misled.Agency = agencyKey("nobody")
	blank := submission(" \n\t")
	blank.Agency = &debt.Key{Kind: debt.KindCase, Agency: "fjord", ID: "1"}
	const noText, noAgency = "[input text]INVALID input.QUESTION", "[input agency]INVALID input.AGENCY"
	cases := map[string]struct {
		reason string
		in     privacy.RequestInput
		want   []string
	}{
		"nothing":   {"there is nothing to answer", submission(""), []string{noText}},
		"too long":  {"a novel", submission(strings.Repeat("å", 5001)), []string{"[input text]INVALID input.TEXT_LENGTH"}},
		"no agency": {"nobody would answer", misled, []string{noAgency}},
		"both":      {"all at once", blank, []string{noText, noAgency}},
		"no key": {"it could not be tried again", privacy.RequestInput{Kind: personaldata.AskAccess, Text: "x"},
			[]string{"[input idempotencyKey]INVALID input.KEY"}},
	}
	for name, tc := range cases {
		_, err := w.hand(t.Context(), callerOf(kari()), tc.in)
		if diff := cmp.Diff(tc.want, wrong(err)); diff != "" {
			t.Errorf("%s (%s): %v\n%s", name, tc.reason, err, diff)
		}
	}
	if _, err := w.hand(t.Context(), callerOf(kari()), submission(strings.Repeat("å", 5000))); err != nil {
		t.Errorf("just short enough: %v", err)
	}
}

// TestAtOnce: one key in many requests at once stores one request.
func TestAtOnce(t *testing.T) {
	t.Parallel()
	w, p, in := build(t, everyAgency), callerOf(kari()), submission("En gang")
	ids := make([]uuid.UUID, 20)
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			q, err := w.hand(t.Context(), p, in)
			if err != nil {
				t.Error(err)
			}
			ids[i] = q.Number
		})
	}
	wg.Wait()
	mine, err := w.Requests(t.Context(), p)
	if err != nil || len(mine) != 1 {
		t.Fatalf("%d requests, %v", len(mine), err)
	}
	for _, id := range ids {
		if id != mine[0].Number {
			t.Errorf("%s is not %s", id, mine[0].Number)
		}
	}
}

func TestTooManyWait(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	var first privacy.RequestInput
	for i := range 20 {
		in := submission("Nok en")
		if i == 0 {
			first = in
		}
		if _, err := w.hand(t.Context(), p, in); err != nil {
			t.Fatal(err)
		}
	}
	_, err := w.hand(t.Context(), p, submission("En for mye"))
	if diff := cmp.Diff([]string{"[]TOO_MANY "}, wrong(err)); diff != "" {
		t.Errorf("the 21st: %v\n%s", err, diff)
	}
	if _, err := w.hand(t.Context(), p, first); err != nil {
		t.Errorf("the first one again: %v", err)
	}
	mine, err := w.Requests(t.Context(), p)
	if err != nil || len(mine) != 20 {
		t.Fatalf("%d requests, %v", len(mine), err)
	}
	if err := w.desk.Answer(t.Context(), mine[3].Number, "Svar"); err != nil {
		t.Fatal(err)
	}
	if _, err := w.hand(t.Context(), p, submission("Nå er det plass")); err != nil {
		t.Errorf("after an answer: %v", err)
	}
}

// TestManyAtOnce: of more requests at once than may wait, no more than that are stored.
func TestManyAtOnce(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	const most, tried = 20, 24
	outcomes := make([]error, tried)
	var wg sync.WaitGroup
	for i := range tried {
		wg.Go(func() { _, outcomes[i] = w.hand(t.Context(), p, submission("En av mange")) })
	}
	wg.Wait()
	refused := 0
	for _, err := range outcomes {
		if err != nil && cmp.Equal([]string{"[]TOO_MANY "}, wrong(err)) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	mine, err := w.Requests(t.Context(), p)
	acts, listed := w.engine.List(t.Context(), p)
	if len(mine) != most || refused != tried-most || len(acts) != most || err != nil || listed != nil {
		t.Errorf("%d wait, %d were refused, %d acts: %v, %v", len(mine), refused, len(acts), err, listed)
	}
}

func TestDesk(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	toPortal, err := w.hand(t.Context(), p, submission("Til portalen"))
	if err != nil {
		t.Fatal(err)
	}
	in := submission("Til foretaket")
	in.Agency = agencyKey("lita")
	w.day.Store(int32(norway.MustDate("2026-03-01"))) // older, so more urgent
	toAgency, err := w.hand(t.Context(), p, in)
	if err != nil {
		t.Fatal(err)
	}
	all, err := w.desk.Waiting(t.Context())
	if err != nil || len(all) != 2 || all[0].Number != toAgency.Number || all[1].Text != "Til portalen" {
		t.Fatalf("%+v, %v", all, err)
	}
	if all[0].NationalID != p.NationalID || all[0].Name != p.Name || !all[1].NationalID.IsZero() || all[1].Name != "" {
		t.Error("an agency must find the person; the portal need not know who asks")
	}
	if err := w.desk.Extend(t.Context(), toAgency.Number, "Mange saker"); err != nil {
		t.Fatal(err)
	}
	if q, err := w.desk.Find(t.Context(), toAgency.Number); err != nil || q.Status != personaldata.RequestExtended ||
		q.AnswerBy != norway.MustDate("2026-06-01") || *q.Reply != "Mange saker" || q.AnsweredAt != nil {
		t.Errorf("extended: %+v, %v", q, err)
	}
	if err := w.desk.Answer(t.Context(), toAgency.Number, " Slettet.\n"); err != nil {
		t.Fatal(err)
	}
	mine, err := w.Requests(t.Context(), p)
	if err != nil || len(mine) != 2 || mine[1].Status != personaldata.RequestAnswered || *mine[1].Reply != "Slettet." ||
		mine[1].AnsweredAt == nil {
		t.Errorf("answered: %+v, %v", mine, err)
	}
	for reason, try := range map[string]func() error{
		"answered already": func() error { return w.desk.Answer(t.Context(), toAgency.Number, "Igjen") },
		"too late":         func() error { return w.desk.Extend(t.Context(), toAgency.Number, "Igjen") },
		"no such request":  func() error { return w.desk.Answer(t.Context(), uuid.New(), "Hei") },
	} {
		if err := try(); !errors.Is(err, privacy.ErrNone) {
			t.Errorf("%s: %v", reason, err)
		}
	}
	if err := w.desk.Answer(t.Context(), toPortal.Number, " \n"); err == nil {
		t.Error("an empty reply is no answer")
	}
}

// TestNothingIsReadable: the database has neither the words nor who wrote them, and what is
// sealed cannot be moved to another row.
func TestNothingIsReadable(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	for _, text := range []string{"Uhyre hemmelig en", "Uhyre hemmelig to"} {
		in := submission(text)
		in.Agency = agencyKey("lita")
		q, err := w.hand(t.Context(), p, in)
		if err == nil {
			err = w.desk.Answer(t.Context(), q.Number, "Uhyre hemmelig svar")
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	conn := w.own.Conn()
	rows, err := conn.Query(t.Context(),
		`select r::text || convert_from(decode(replace(encode(text || reply || person, 'hex'), '00', ''), 'hex'), 'LATIN1') from portal.privacy_request r`)
	if err != nil {
		t.Fatal(err)
	}
	texts, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil || len(texts) != 2 {
		t.Fatal(len(texts), err)
	}
	for _, text := range texts {
		for _, word := range []string{"hemmelig", p.NationalID.Reveal(), p.Name, "Kari"} {
			if strings.Contains(text, word) {
				t.Errorf("the table has %q", word)
			}
		}
	}
	if _, err := conn.Exec(t.Context(),
		`update portal.privacy_request a set text = b.text from portal.privacy_request b where a.id <> b.id`); err != nil {
		t.Fatal(err)
	}
	if _, err := w.Requests(t.Context(), p); !errors.Is(err, portal.ErrSealed) ||
		strings.Contains(err.Error(), "hemmelig") {
		t.Errorf("after two texts changed places: %v", err)
	}
}

func TestPortalIsAway(t *testing.T) {
	t.Parallel()
	w := build(t, everyAgency, "portal")
	if _, err := w.Requests(t.Context(), callerOf(kari())); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("read: %v", err)
	}
	if _, err := w.hand(t.Context(), callerOf(kari()),
		submission("Hei")); fault.Of(err).Code != fault.PortalUnavailable {
		t.Errorf("store: %v", err)
	}
}

// TestAnyText: whatever a person writes is kept as it is, but for space around it.
func TestAnyText(t *testing.T) {
	t.Parallel()
	w, p := build(t, everyAgency), callerOf(kari())
	rapid.Check(t, func(rt *rapid.T) {
		in := submission(rapid.StringMatching(`[^\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]{1,200}x`).Draw(rt, "text"))
		in.Kind = rapid.SampledFrom([]personaldata.RequestKind{personaldata.AskAccess, personaldata.AskObjection,
			personaldata.AskQuestion}).Draw(rt, "kind")
		q, err := w.hand(t.Context(), p, in)
		if err != nil || q.Text != strings.TrimSpace(in.Text) || q.Kind != in.Kind {
			rt.Fatalf("%q, %v", q.Text, err)
		}
		if err := w.desk.Answer(t.Context(), q.Number, q.Text); err != nil {
			rt.Fatal(err)
		}
	})
}

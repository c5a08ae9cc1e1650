package act_test

import (
	"bufio"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/oversikt/oversikt/internal/act"
	"github.com/oversikt/oversikt/internal/act/acttest"
	"github.com/oversikt/oversikt/internal/portal"
	"github.com/oversikt/oversikt/internal/workshop/demo/line"
)

// TestSilentPortal: the line to the portal falls silent while an act is driven, so that not
// even the end of a connection arrives, and the process is killed. Once the line is back the
// act is decided within two minutes, also where the database still holds a transaction of the
// dead process with the act's row locked.
func TestSilentPortal(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		reason, step string
		locked       bool
	}{
		"between":     {"nothing is under way", "propose tradisjon", false},
		"decided":     {"the decision is stored", "decide done", false},
		"while saved": {"the decision is in a transaction that nobody ends", "decide", true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t)
			s := w.persons(1, 2)[0]
			pool, err := portal.Open(acttest.LineDSN(w.PortalTo, portal.Role, w.Portal), 0) // as it is served
			if err != nil {
				t.Fatal(err)
			}
			t.Cleanup(pool.Close)
			w.Pool = pool
			child := w.hold(s, tc.step)
			if tc.locked {
				w.lockRow(child)
			} else {
				w.silence(true)
				child.goOn()
			}
			child.kill()
			w.silence(false)
			mended := time.Now()

			e := w.engine(nil)
			stop := w.Run(e)
			var a act.Record
			acttest.Eventually(t, tc.reason, func() bool {
				all, err := e.List(t.Context(), s.principal())
				if err == nil && len(all) == 1 {
					a = *all[0]
				}
				return a.EndedAt != nil
			})
			stop()
			t.Logf("%s after the line was mended", time.Since(mended).Round(100*time.Millisecond))
			w.agreed(s, a, act.Done)
			w.undo(s, a.ID)
			if again := w.accept(e, s); again.Status != act.Done {
				t.Errorf("the next one is in somebody's way: %+v", again)
			}
		})
	}
}

func (w *world) silence(silent bool) {
	w.T.Helper()
	if err := w.PortalTo.Set(line.Quality{Silent: silent}); err != nil {
		w.T.Fatal(err)
	}
}

// held is a process that stands before a step.
type held struct {
	w   *world
	cmd *exec.Cmd
	in  io.WriteCloser
}

// hold starts a process that has a plan accepted, and returns when it stands before a step.
func (w *world) hold(s someone, step string) *held {
	w.T.Helper()
	text, err := json.Marshal(childWork{
		Portal: acttest.LineDSN(w.PortalTo, portal.Role, w.Portal), Agencies: w.Configs,
		Now: w.Clock(), Person: s.id.Reveal(),
		Plans: s.plan.Agencies, Key: uuid.New(), Held: step, Patience: 2 * time.Second,
	})
	if err != nil {
		w.T.Fatal(err)
	}
	cmd := exec.CommandContext(w.T.Context(), os.Args[0])
	cmd.Env = append(os.Environ(), childEnv+"="+string(text))
	in, err := cmd.StdinPipe()
	if err != nil {
		w.T.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		w.T.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		w.T.Fatal(err)
	}
	h := &held{w, cmd, in}
	w.T.Cleanup(h.kill)
	if said, err := bufio.NewReader(out).ReadString('\n'); err != nil || said != step+"\n" {
		w.T.Fatalf("it came to %q: %v", said, err)
	}
	return h
}

func (h *held) goOn() {
	if _, err := h.in.Write([]byte{1}); err != nil {
		h.w.T.Fatal(err)
	}
}

func (h *held) kill() {
	_ = h.cmd.Process.Kill()
	_ = h.cmd.Wait()
}

// lockRow lets the process wait for the act's row with what it writes, silences the line, and
// leaves its session in the database alone with the lock.
func (w *world) lockRow(h *held) {
	w.T.Helper()
	own := w.Portal.Conn()
	tx, err := own.Begin(w.T.Context())
	if err != nil {
		w.T.Fatal(err)
	}
	if _, err := tx.Exec(w.T.Context(), "select from portal.act for update"); err != nil {
		w.T.Fatal(err)
	}
	look := w.Portal.Conn()
	sessions := func(what string) (n int) {
		err := look.QueryRow(w.T.Context(), `select count(*) from pg_catalog.pg_stat_activity
			where datname = current_database() and usename = $1 and `+what, portal.Role).Scan(&n)
		if err != nil {
			w.T.Fatal(err)
		}
		return n
	}
	h.goOn()
	acttest.Eventually(w.T, "it waits for the row", func() bool { return sessions("wait_event_type = 'Lock'") == 1 })
	w.silence(true)
	h.kill()
	if err := tx.Commit(w.T.Context()); err != nil {
		w.T.Fatal(err)
	}
	acttest.Eventually(w.T, "the session of the dead holds the row", func() bool { return sessions("state = 'idle in transaction'") == 1 })
}

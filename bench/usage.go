package main

import (
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"github.com/oversikt/oversikt/internal/workshop/pgcluster"
)

// tick is the unit of CPU time in /proc, which is the same on every Linux machine.
const tick = time.Second / 100

// postgres watches how much CPU the database's processes use. Where there is no
// /proc it sees none.
type postgres struct{ conn *pgx.Conn }

func watchPostgres(ctx context.Context, dsn string) (*postgres, error) {
	admin, err := changed(dsn, pgcluster.Superuser, pgcluster.Maintenance)
	if err != nil {
		return nil, err
	}
	conn, err := pgx.Connect(ctx, admin)
	if err != nil {
		return nil, fmt.Errorf("watch PostgreSQL: %w", err)
	}
	return &postgres{conn}, nil
}

func (p *postgres) close() { _ = p.conn.Close(context.Background()) }

// processes is the CPU time of each process so far.
type processes map[int]time.Duration

// since sums what was used meanwhile; a process that is new counts whole.
func (p processes) since(before processes) (sum time.Duration) {
	for pid, used := range p {
		sum += used - before[pid]
	}
	return sum
}

func (p *postgres) used(ctx context.Context) (processes, error) {
	rows, err := p.conn.Query(ctx, "select pid from pg_catalog.pg_stat_activity where pid <> pg_catalog.pg_backend_pid()")
	if err != nil {
		return nil, fmt.Errorf("list PostgreSQL's processes: %w", err)
	}
	pids, err := pgx.CollectRows(rows, pgx.RowTo[int32])
	if err != nil {
		return nil, fmt.Errorf("list PostgreSQL's processes: %w", err)
	}
	all := processes{}
	for _, pid := range pids {
		all[int(pid)] = processCPU(int(pid))
	}
	return all, nil
}

func processCPU(pid int) time.Duration {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	// The name of the program, in parentheses, may have spaces in it.
	fields := strings.Fields(string(text[strings.LastIndexByte(string(text), ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	return ticks(fields[11:13])
}

// machineCPU returns how long the machine's cores have been busy so far.
func machineCPU() time.Duration {
	text, _ := os.ReadFile("/proc/stat")
	line, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(line)
	if len(fields) < 9 {
		return 0
	}
	const idle, wait = 4, 5
	return ticks(append(fields[1:idle:idle], fields[wait+1:9]...))
}

func ticks(fields []string) (sum time.Duration) {
	for _, f := range fields {
		n, _ := strconv.ParseInt(f, 10, 64)
		sum += time.Duration(n) * tick
	}
	return sum
}

// loadAverage is that of the last minute, empty where there is no /proc.
func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	first, _, _ := strings.Cut(string(text), " ")
	return first
}

package audit

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// batch is a list of entries in JSON.
type batch [][]byte

func (b batch) json() []byte {
	size := len("[]")
	for _, entry := range b {
		size += len(entry) + len(",")
	}
	list := append(make([]byte, 0, size), '[')
	for i, entry := range b {
		if i > 0 {
			list = append(list, ',')
		}
		list = append(list, entry...)
	}
	return append(list, ']')
}

// Flush delivers everything that is in the spool of this process now. Until it is done or
// fails, nothing else delivers.
func (l *Log) Flush(ctx context.Context) error { return l.deliver(ctx, true) }

// deliveries delivers until ctx ends, and waits longer and longer while the database is down.
func (l *Log) deliveries(ctx context.Context) {
	keep := time.NewTicker(keepEvery)
	defer keep.Stop()
	wait := l.every
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-keep.C:
			if err := l.adopt(); err != nil {
				l.log.Error("access log: the spool cannot be looked through", "cause", err)
			}
		case <-timer.C:
			err := errors.Join(l.store.months(ctx), l.deliver(ctx, false))
			switch {
			case err == nil:
				wait = l.every
			case ctx.Err() == nil:
				wait = min(2*wait, max(maxBackoff, l.every))
				l.log.Error("access log: delivery waits", "cause", err, "for", wait, "bytes", l.spool.pending())
			}
			timer.Reset(wait)
		}
	}
}

func (l *Log) deliver(ctx context.Context, all bool) error {
	l.delivering.Lock()
	defer l.delivering.Unlock()
	l.spool.seal(all)
	for f := l.spool.oldest(); f != nil; f = l.spool.oldest() {
		if err := l.deliverFile(ctx, f); err != nil {
			return err
		}
		if err := l.spool.remove(f); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) deliverFile(ctx context.Context, f *file) error {
	rest, err := f.read()
	if err != nil {
		return err
	}
	for len(rest) > 0 {
		var list batch
		length, torn := len(rest), 0
		for len(rest) > 0 && len(list) < maxBatch {
			var entry []byte
			if entry, rest = cutLine(rest, l.secret); entry != nil {
				list = append(list, entry)
			} else {
				torn++
			}
		}
		if err := l.deliverBatch(ctx, list); err != nil {
			return err
		}
		f.done += int64(length - len(rest))
		if torn > 0 {
			l.counts.torn.Add(int64(torn))
			l.log.Warn("access log: lines that were not written whole are left out", "lines", torn)
		}
	}
	return nil
}

// deliverBatch stores entries. When the database refuses one for what is in it, the others are
// stored and that one is put aside, so that nothing waits behind it.
func (l *Log) deliverBatch(ctx context.Context, list batch) error {
	if len(list) == 0 {
		return nil
	}
	once, cancel := context.WithTimeout(ctx, deliverTime)
	defer cancel()
	err := l.store.insert(once, list.json())
	switch half := len(list) / 2; {
	case err == nil:
		l.counts.delivered.Add(int64(len(list)))
		return nil
	case !errors.Is(err, errData):
		return err
	case half > 0:
		if err := l.deliverBatch(ctx, list[:half]); err != nil {
			return err
		}
		return l.deliverBatch(ctx, list[half:])
	default:
		l.log.Error("access log: an entry is put aside in the file rejected", "cause", err)
		if err := l.putAside(list[0]); err != nil {
			return err
		}
		l.counts.rejected.Add(1)
		return nil
	}
}

const rejected = "rejected"

func (l *Log) putAside(entry []byte) error {
	f, err := openOwn(filepath.Join(l.spool.dir, rejected), os.O_WRONLY|os.O_CREATE|os.O_APPEND)
	if err != nil {
		return fmt.Errorf("put entry aside: %w", err)
	}
	info, err := f.Stat()
	if err == nil {
		if _, err = f.Write(append(bytes.Clone(entry), '\n')); err != nil {
			err = errors.Join(err, f.Truncate(info.Size())) // it is tried again, and is there once
		}
	}
	if err = errors.Join(err, f.Sync(), f.Close()); err != nil {
		return fmt.Errorf("put entry aside: %w", err)
	}
	return nil
}

// Package testlog is a log that a test reads while others write to it.
package testlog

import (
	"bytes"
	"strings"
	"sync"
)

// Log keeps what is written to it. The zero value is empty.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write adds to the log; it never fails.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String returns all that was written so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

// Has says whether a text was written so far.
func (l *Log) Has(text string) bool { return strings.Contains(l.String(), text) }

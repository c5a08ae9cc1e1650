package document

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"strings"
	"time"
)

// Scanner asks clamd whether a document is known to be harmful, with the command INSTREAM of its
// protocol.
type Scanner struct {
	network, address string
	timeout          time.Duration
}

const (
	scanChunk  = 64 << 10 // bytes
	maxVerdict = 1 << 10  // bytes of an answer
)

// NewScanner returns a scanner at an address such as tcp://127.0.0.1:3310 or unix:///run/clamd.ctl.
func NewScanner(address string, timeout time.Duration) (*Scanner, error) {
	u, err := url.Parse(address)
	switch {
	case err == nil && u.Scheme == "tcp" && u.Port() != "" && u.Path == "":
		return &Scanner{"tcp", u.Host, timeout}, nil
	case err == nil && u.Scheme == "unix" && u.Host == "" && u.Path != "":
		return &Scanner{"unix", u.Path, timeout}, nil
	}
	return nil, errors.New("is neither tcp://HOST:PORT nor unix:///PATH")
}

// Scan returns what clamd calls what it found, empty for nothing. An error says that nobody knows.
func (s *Scanner) Scan(ctx context.Context, content []byte) (found string, err error) {
	ctx, cancel := context.WithTimeout(ctx, s.timeout)
	defer cancel()
	var dialer net.Dialer
	conn, err := dialer.DialContext(ctx, s.network, s.address)
	if err != nil {
		return "", fmt.Errorf("scan document: %w", err)
	}
	defer func() { _ = conn.Close() }()
	defer context.AfterFunc(ctx, func() { _ = conn.Close() })()
	if err := sendStream(conn, content); err != nil {
		return "", fmt.Errorf("scan document: %w", err)
	}
	answer, err := io.ReadAll(io.LimitReader(conn, maxVerdict))
	if err != nil {
		return "", fmt.Errorf("scan document: %w", err)
	}
	return verdict(string(answer))
}

func sendStream(to io.Writer, content []byte) error {
	message := []byte("zINSTREAM\x00")
	for len(content) > 0 {
		chunk := content[:min(len(content), scanChunk)]
		message = append(binary.BigEndian.AppendUint32(message, uint32(len(chunk))), chunk...)
		if _, err := to.Write(message); err != nil {
			return err
		}
		content, message = content[len(chunk):], message[:0]
	}
	_, err := to.Write(binary.BigEndian.AppendUint32(message, 0))
	return err
}

func verdict(answer string) (found string, err error) {
	said, whole := strings.CutSuffix(answer, "\x00")
	name, isFound := strings.CutSuffix(strings.TrimPrefix(said, "stream: "), " FOUND")
	switch {
	case !whole || !strings.HasPrefix(said, "stream: "):
		return "", errors.New("scan document: clamd gives no verdict")
	case said == "stream: OK":
		return "", nil
	case isFound:
		return name, nil
	}
	return "", errors.New("scan document: clamd gives no verdict")
}

package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"
)

// client speaks as much of HTTP/1.1 as the two servers do, over one connection, since
// client and servers share the cores: answers have a length and are thrown away.
type client struct {
	conn net.Conn
	r    *bufio.Reader
}

// patience is how long one answer may take.
const patience = time.Minute

func dial(address string) (*client, error) {
	conn, err := net.DialTimeout("tcp", address, patience)
	if err != nil {
		return nil, err
	}
	return &client{conn, bufio.NewReaderSize(conn, 64<<10)}, nil
}

func (c *client) close() { _ = c.conn.Close() }

var (
	statusOK      = []byte("HTTP/1.1 200 ")
	contentLength = []byte("Content-Length: ")
)

// ask sends a request and returns the length of the answer, which is yet to be read.
func (c *client) ask(request string) (length int, err error) {
	if _, err := io.WriteString(c.conn, request); err != nil {
		return 0, err
	}
	status, err := c.r.ReadSlice('\n')
	if err != nil {
		return 0, err
	}
	if !bytes.HasPrefix(status, statusOK) {
		return 0, fmt.Errorf("the status is %q", bytes.TrimSpace(status))
	}
	length = -1
	for {
		line, err := c.r.ReadSlice('\n')
		if err != nil {
			return 0, err
		}
		if len(line) <= 2 {
			break
		}
		if text, ok := bytes.CutPrefix(line, contentLength); ok {
			if length, err = strconv.Atoi(string(bytes.TrimSpace(text))); err != nil {
				return 0, err
			}
		}
	}
	if length < 0 {
		return 0, errors.New("the answer has no length")
	}
	return length, nil
}

// answer asks and returns the whole body.
func (c *client) answer(request string) ([]byte, error) {
	if err := c.conn.SetDeadline(time.Now().Add(patience)); err != nil {
		return nil, err
	}
	length, err := c.ask(request)
	if err != nil {
		return nil, err
	}
	body := make([]byte, length)
	_, err = io.ReadFull(c.r, body)
	return body, err
}

// skip asks, throws the body away and checks its length. Deadlines are the caller's.
func (c *client) skip(request string, want int) error {
	length, err := c.ask(request)
	if err != nil {
		return err
	}
	if length != want {
		return fmt.Errorf("an answer of %d bytes where there were %d before", length, want)
	}
	_, err = c.r.Discard(length)
	return err
}

//go:build !linux

package pgtest

import "os"

func parent() string { return os.TempDir() }

package leaktest

import (
	"testing"
	"time"
)

func TestSettled(t *testing.T) {
	late, never := make(chan struct{}), make(chan struct{})
	go func() { <-never }()
	if settled(0) == nil {
		t.Error("a goroutine that does not end is not found")
	}
	close(never)
	go func() { <-late }()
	time.AfterFunc(time.Second, func() { close(late) })
	if err := settled(patience); err != nil {
		t.Errorf("one that ends late is none that is left: %v", err)
	}
}

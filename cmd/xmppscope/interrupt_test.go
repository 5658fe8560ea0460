//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"xmppscope/captures/samples"
)

// TestInterruptedExport: Ctrl-C while an input is still coming leaves a whole,
// readable file of what came, and nothing else.
func TestInterruptedExport(t *testing.T) {
	dir := t.TempDir()
	fifo, out, log := filepath.Join(dir, "fifo"), filepath.Join(dir, "out.jsonl"), filepath.Join(dir, "log")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	code := make(chan int, 1)
	var said bytes.Buffer
	go func() {
		s := &streams{in: strings.NewReader(""), out: io.Discard, err: &said}
		code <- run(ctx, s, []string{"export", fifo, "-o", out, "--log", "decode", "--log-file", log})
	}()
	w, err := os.OpenFile(fifo, os.O_WRONLY, 0) // waits for the reader
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	f, _, err := samples.Open("plain-login")
	if err != nil {
		t.Fatal(err)
	}
	whole := readAll(t, f)
	if _, err := w.Write(whole[:len(whole)/2]); err != nil {
		t.Fatal(err)
	}
	for {
		text, _ := os.ReadFile(log)
		if bytes.Contains(text, []byte("step=sasl-auth")) {
			break
		}
		select {
		case c := <-code:
			t.Fatalf("ended with %d before it was interrupted", c)
		case <-time.After(5 * time.Millisecond):
		}
	}
	interrupt()
	if got := <-code; got != exitInterrupted {
		t.Errorf("exit code %d, want %d", got, exitInterrupted)
	}
	if want := "out.jsonl: interrupted: "; !strings.Contains(said.String(), want) {
		t.Errorf("%q does not say %q", said.String(), want)
	}
	text, err := os.ReadFile(out)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.HasSuffix(text, []byte("}\n")) || !bytes.Contains(text, []byte(`"step":"sasl-auth"`)) {
		t.Errorf("not whole: %q", text[max(len(text)-60, 0):])
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".out*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}

// TestNamedPipeNobodyReads: Ctrl-C ends the wait for a reader of the output.
func TestNamedPipeNobodyReads(t *testing.T) {
	fifo := filepath.Join(t.TempDir(), "fifo")
	if err := syscall.Mkfifo(fifo, 0o600); err != nil {
		t.Skip("no named pipes here:", err)
	}
	ctx, interrupt := context.WithCancel(t.Context())
	interrupt()
	s := &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}
	if got := run(ctx, s, []string{"export", "sample:plain-login", "-o", fifo}); got != exitInterrupted {
		t.Errorf("exit code %d, want %d", got, exitInterrupted)
	}
	if st, err := os.Stat(fifo); err != nil || st.Mode().IsRegular() {
		t.Errorf("the pipe is gone: %v %v", st, err)
	}
}

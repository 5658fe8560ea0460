package main

import (
	"bufio"
	"context"
	"encoding/json"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures/samples"
)

// half writes the first part of a recording to a file and returns the rest.
func half(t *testing.T, path string) (rest []byte) {
	t.Helper()
	f, _, err := samples.Open("plain-login")
	if err != nil {
		t.Fatal(err)
	}
	whole := readAll(t, f)
	if err := os.WriteFile(path, whole[:len(whole)/2], 0o600); err != nil {
		t.Fatal(err)
	}
	return whole[len(whole)/2:]
}

// TestFollow: a file that is still being written. What is there comes at once,
// what is added comes when it is added, and Ctrl-C ends it with exit code 0
// and the conversation summed up.
func TestFollow(t *testing.T) {
	path := filepath.Join(t.TempDir(), "growing.pcap")
	rest := half(t, path)
	ctx, interrupt := context.WithCancel(t.Context())
	defer interrupt()
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		code <- run(ctx, &streams{in: strings.NewReader(""), out: in, err: io.Discard}, []string{"dump", "--json", "--follow", path})
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	lines.Buffer(nil, 1<<20)
	next := func() map[string]any {
		t.Helper()
		if !lines.Scan() {
			t.Fatal("the output ended", lines.Err())
		}
		record := map[string]any{}
		if err := json.Unmarshal(lines.Bytes(), &record); err != nil {
			t.Fatal(err)
		}
		return record
	}
	for next()["step"] != "sasl-auth" {
	}
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := f.Write(rest); err != nil {
		t.Fatal(err)
	}
	f.Close()
	for next()["step"] != "stream-close" {
	}
	interrupt()
	last := map[string]any{}
	for lines.Scan() {
		clear(last)
		if err := json.Unmarshal(lines.Bytes(), &last); err != nil {
			t.Fatal(err)
		}
	}
	if last["record"] != "conversation" {
		t.Errorf("the last record is %v, not the conversation", last)
	}
	if got := <-code; got != exitDone {
		t.Errorf("exit code %d after following", got)
	}
}

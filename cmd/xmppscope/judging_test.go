package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/sasl"
	"xmppscope/inspector/export"
)

// halves opens a sample: the first time half of it, then all of it.
func halves(t *testing.T, name string) (*reading, *bytes.Buffer, *bytes.Buffer) {
	t.Helper()
	f, _, err := samples.Open(name)
	if err != nil {
		t.Fatal(err)
	}
	head, packets := split(readAll(t, f))
	parts := [2][]byte{append(bytes.Clone(head), bytes.Join(packets[:len(packets)/2], nil)...), append(bytes.Clone(head), bytes.Join(packets, nil)...)}
	path := filepath.Join(t.TempDir(), "grows.pcap")
	if err := os.WriteFile(path, parts[1], 0o600); err != nil {
		t.Fatal(err)
	}
	var out, said bytes.Buffer
	e := &env{streams: &streams{in: strings.NewReader(""), out: &out, err: &said}}
	r, err := e.open(&captureFlags{}, []string{path})
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	r.inputs[0] = captures.Input{Name: "grows.pcap", Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		part := parts[min(n, 1)]
		n++
		return io.NopCloser(bytes.NewReader(part)), nil
	}}
	return r, &out, &said
}

func linted(ctx context.Context, r *reading) error {
	r.rules.Timeout = lint.DefaultTimeout
	return r.lint(ctx, &lintFlags{}, export.FindingFormats()[0], lint.LevelError)
}

// TestInterruptedFirstReading: Ctrl-C in the first of two readings leaves what
// was judged until then, says so in one line, and is no success.
func TestInterruptedFirstReading(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	r, out, said := halves(t, "scram-sha-1")
	r.rules.Verify = func(*decode.Event) (v sasl.Verdict, ok bool) { // a login has come
		interrupt()
		return v, false
	}
	if code := r.e.report(linted(ctx, r)); code != exitInterrupted {
		t.Errorf("exit code %d, want %d", code, exitInterrupted)
	}
	if !strings.Contains(out.String(), "error sasl-plain-offered-clear") || !strings.Contains(out.String(), "1 error, ") {
		t.Errorf("what was judged is not left:\n%s", out)
	}
	if got := said.String(); strings.Count(got, "\n") != 1 || !strings.HasPrefix(got, "xmppscope: interrupted in the first of two readings") {
		t.Errorf("it says %q", got)
	}
}

// TestGrownBetweenReadings: an input that grows between its two readings is told.
func TestGrownBetweenReadings(t *testing.T) {
	r, _, said := halves(t, "plain-login")
	_ = linted(t.Context(), r)
	if !strings.Contains(said.String(), "the input changed while it was read twice") {
		t.Errorf("it says %q", said)
	}
	r, _, said = halves(t, "plain-login")
	first := r.inputs[0].Open
	if f, err := first(t.Context()); err != nil { // the half is read: both readings get all of it
		t.Fatal(err)
	} else {
		f.Close()
	}
	_ = linted(t.Context(), r)
	if strings.Contains(said.String(), "changed") {
		t.Errorf("nothing has changed, and it says %q", said)
	}
}

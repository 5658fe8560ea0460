package main

import (
	"bytes"
	"io"
	"slices"
	"testing"
	"time"

	"xmppscope/captures"
)

// TestProgress: silent at first, one line that is overwritten, wiped at the
// end, and nothing after that.
func TestProgress(t *testing.T) {
	var out bytes.Buffer
	p := &progress{w: &out, name: "reading", began: time.Now().Add(time.Hour)}
	p.tell(1_000_000, 4_000_000)
	if out.Len() > 0 {
		t.Errorf("short work shows %q", &out)
	}
	p.began = time.Now().Add(-time.Hour)
	p.tell(1_000_000, 4_000_000)
	if got, want := out.String(), "\r\x1b[Kreading: 25 % of 4.0 MB"; got != want {
		t.Errorf("shows %q, want %q", got, want)
	}
	out.Reset()
	p.done()
	p.tell(2_000_000, 4_000_000)
	if got, want := out.String(), "\r\x1b[K"; got != want {
		t.Errorf("ends with %q, want %q", got, want)
	}
	out.Reset()
	p = &progress{w: &out, name: "reading", began: time.Now().Add(-time.Hour)}
	p.tell(2_500_000, 0)
	if got, want := out.String(), "\r\x1b[Kreading: 2.5 MB"; got != want {
		t.Errorf("without a size it shows %q, want %q", got, want)
	}
	(*progress)(nil).done()
}

// A reading that needs two passes tells of both, and never goes back.
func TestProgressOfTwoReadings(t *testing.T) {
	var told []int64
	e := &env{streams: &streams{err: io.Discard, out: io.Discard}}
	r, err := e.open(&captureFlags{filter: `level == "error"`}, []string{samplePrefix + "plain-login"})
	if err != nil {
		t.Fatal(err)
	}
	var size int64
	r.options.Progress = func(read, total int64) { told, size = append(told, read), total }
	if err := r.each(t.Context(), func(captures.Item) error { return nil }); err != nil {
		t.Fatal(err)
	}
	if len(told) < 2 || told[0] > size/2 || told[len(told)-1] < size-1 || !slices.IsSorted(told) {
		t.Errorf("of %d bytes %d were told", size, told)
	}
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"encoding/xml"
	"hash/fnv"
	"io"
	"math/rand/v2"
	"os"
	"testing"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/why"
	"xmppscope/inspector"
	"xmppscope/inspector/export"
)

// TestDamageIsJudged judges captures that are cut, changed and out of order by
// all rules, asks all questions and keeps all of it in a store: every finding is
// whole, every answer names events that there are, and every form of output
// stays what it is.
func TestDamageIsJudged(t *testing.T) {
	times := 60
	if os.Getenv(extraCaptures) == "" {
		times = 4
	}
	for name, whole := range allCaptures(t) {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			h := fnv.New64a()
			io.WriteString(h, name)
			random := rand.New(rand.NewPCG(h.Sum64(), 1))
			for range times {
				p := bytes.Clone(whole)
				for range 1 + random.IntN(40) {
					p[random.IntN(len(p))] ^= byte(1 + random.IntN(255))
				}
				judgeDamaged(t, p)
				judgeDamaged(t, shuffled(random, whole))
				judgeDamaged(t, whole[:random.IntN(len(whole))])
			}
		})
	}
}

// shuffled puts pieces of a capture elsewhere, twice or nowhere, as long as the
// first ones, which say what it is, are in their place.
func shuffled(random *rand.Rand, whole []byte) []byte {
	const piece = 200
	p := bytes.Clone(whole)
	for range 1 + random.IntN(10) {
		if len(p) < 4*piece {
			break
		}
		from, to := piece+random.IntN(len(p)-2*piece), piece+random.IntN(len(p)-2*piece)
		copy(p[to:to+piece], whole[from:])
	}
	return p
}

func judgeDamaged(t *testing.T, p []byte) {
	t.Helper()
	in := captures.Input{Name: "damaged", Size: int64(len(p)), Open: func(context.Context) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(p)), nil
	}}
	var writers []export.FindingWriter
	outs := make([]bytes.Buffer, len(export.FindingFormats()))
	for i, f := range export.FindingFormats() {
		writers = append(writers, f.New(&outs[i], export.FindingOptions{Sources: []string{"damaged"}, FailOn: lint.LevelError}))
	}
	store := inspector.NewStore(inspector.StoreOptions{})
	defer store.Close()
	stats := inspector.NewStats(lint.Options{})
	engine, all := lint.New(lint.Options{}), why.New(why.Options{})
	last, seen := decode.Seq(0), map[decode.ConnID]bool{}
	for i, err := range captures.Read(t.Context(), []captures.Input{in}, captures.Options{}) {
		if err != nil {
			break
		}
		var found []lint.Finding
		if e := i.Event; e != nil {
			last, seen[e.Conn] = max(last, e.Seq), true
			found = engine.Event(e)
			all.Event(e, found)
			store.Append(e)
			stats.Add(e)
		} else {
			seen[i.Conversation.Conn] = true
			found = engine.End(i.Conversation)
			all.End(i.Conversation, found)
			store.Over(*i.Conversation)
			stats.AddConversation(*i.Conversation)
		}
		for k := range found {
			f := &found[k]
			if lint.Lookup(f.Rule) == nil || f.Text == "" || f.Seq == 0 || f.Seq > last || !seen[f.Conn] {
				t.Fatalf("%+v, after %d events", f, last)
			}
			for _, w := range writers {
				if err := w.Finding(f, i.Event); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	for conn := range seen {
		for _, q := range why.Questions() {
			a := all.Answer(conn, &q, "")
			for _, f := range a.Facts {
				for _, s := range f.Seq {
					if s == 0 || s > last {
						t.Fatalf("%s names event %d of %d: %s", q.Name, s, last, f.Text)
					}
				}
			}
		}
	}
	for i, w := range writers {
		if err := w.Silent(engine.Silent()); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
		wellFormed(t, export.FindingFormats()[i].Name, outs[i].Bytes())
	}
}

// wellFormed checks that a form of output is what it says.
func wellFormed(t *testing.T, format string, out []byte) {
	t.Helper()
	if i := bytes.IndexAny(out, "\x00\x07\x08\x0d\x1b\x7f"); i >= 0 {
		t.Fatalf("%s: a control at byte %d", format, i)
	}
	switch format {
	case "json":
		for line := range bytes.Lines(out) {
			if !json.Valid(line) {
				t.Fatalf("no JSON: %s", line)
			}
		}
	case "sarif":
		if !json.Valid(out) {
			t.Fatalf("no JSON: %s", out)
		}
	case "junit":
		for d := xml.NewDecoder(bytes.NewReader(out)); ; {
			if _, err := d.Token(); err == io.EOF {
				break
			} else if err != nil {
				t.Fatalf("%v: %s", err, out)
			}
		}
	}
}

package inspector

import (
	"bytes"
	"context"
	"io"
	"iter"
	"testing"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/captures/synth"
	"xmppscope/decode"
	"xmppscope/decode/lint"
)

func readSample(name string) iter.Seq2[captures.Item, error] {
	return captures.Read(context.Background(), []captures.Input{{Name: name, Size: -1,
		Open: func(context.Context) (io.ReadCloser, error) {
			f, _, err := samples.Open(name)
			return f, err
		}}}, captures.Options{})
}

func readBytes(b []byte) iter.Seq2[captures.Item, error] {
	return captures.Read(context.Background(), []captures.Input{{Name: "bytes", Size: int64(len(b)),
		Open: func(context.Context) (io.ReadCloser, error) { return io.NopCloser(bytes.NewReader(b)), nil }}}, captures.Options{})
}

// made writes a capture of about size bytes.
func made(t testing.TB, size int64) ([]byte, synth.Truth) {
	t.Helper()
	var b bytes.Buffer
	truth, err := synth.Write(&b, synth.Options{Conns: 10, Size: size, Seed: 7})
	if err != nil {
		t.Fatal(err)
	}
	return b.Bytes(), truth
}

// Law 7: what the row does not hold comes back equal from the stored bytes,
// for all that our recordings and a made one have, in memory and spilled.
func TestStoreGivesBackWhatWasRead(t *testing.T) {
	inputs := map[string]iter.Seq2[captures.Item, error]{}
	for _, s := range samples.All() {
		inputs[s.Name] = readSample(s.Name)
	}
	capture, _ := made(t, 400_000)
	inputs["synth"] = readBytes(capture)
	for name, items := range inputs {
		t.Run(name, func(t *testing.T) {
			var want []decode.Event
			whole := NewStore(StoreOptions{})
			spilled := NewStore(StoreOptions{MemLimit: 1, CacheLimit: pageSize, Dir: t.TempDir()})
			defer whole.Close()
			defer spilled.Close()
			for item, err := range items {
				switch {
				case err != nil:
					t.Fatal(err)
				case item.Event != nil:
					want = append(want, *item.Event)
					whole.Append(item.Event)
					spilled.Append(item.Event)
				case item.Conversation != nil:
					whole.SetConversation(*item.Conversation)
				}
			}
			if len(want) == 0 || len(whole.Conversations()) == 0 {
				t.Fatal("nothing was read")
			}
			for _, s := range []*Store{whole, spilled} {
				for i := range want {
					got, err := s.Event(i)
					if err != nil {
						t.Fatal(err)
					}
					equal(t, &want[i], got)
					if got.State != want[i].State || got.After != want[i].After || got.Scope != want[i].Scope {
						t.Fatalf("event %d: State, After or Scope is another one", i+1)
					}
				}
			}
		})
	}
}

// A filter decides alike over an event and over its row.
func TestMatchAndMatchRowAgree(t *testing.T) {
	var filters []*Filter
	for _, f := range Fields() {
		filters = append(filters, must(t, f.Example))
	}
	filters = append(filters, must(t, `xpath("//*[@type]")`), must(t, `has("body")`), must(t, `juliet`))
	held := make([]int, len(filters))
	for _, sample := range samples.All() {
		s := NewStore(StoreOptions{})
		if err := Load(context.Background(), s, readSample(sample.Name)); err != nil {
			t.Fatal(err)
		}
		for i := range s.Len() {
			e, err := s.Event(i)
			if err != nil {
				t.Fatal(err)
			}
			for k, f := range filters {
				row, event := f.MatchRow(s, i), f.Match(e, Extra{Answered: s.Row(i).Has(Answered), Findings: s.Found().Of(e.Seq)})
				if row != event {
					t.Errorf("%s, event %d, %s: by row %v, by event %v", sample.Name, e.Seq, f.Text(), row, event)
				}
				if row {
					held[k]++
				}
			}
		}
		s.Close()
	}
	if held[len(held)-1] == 0 || held[len(held)-2] == 0 || held[len(held)-3] == 0 {
		t.Errorf("filters that must hold somewhere hold nowhere: %v", held)
	}
}

// With the passwords of the recordings every login that succeeded verifies.
func TestSamplesVerify(t *testing.T) {
	verified := 0
	for _, sample := range samples.All() {
		var secrets Secrets
		for _, p := range sample.Passwords {
			if err := secrets.Add(p); err != nil {
				t.Fatal(err)
			}
		}
		if len(sample.Passwords) == 0 {
			continue
		}
		for item, err := range readSample(sample.Name) {
			if err != nil {
				t.Fatal(err)
			}
			if item.Event == nil || item.Event.SASL == nil || !item.Event.SASL.Accepted() {
				continue
			}
			v, ok := secrets.Verify(item.Event)
			if !ok || v.Known && !v.Verified {
				t.Errorf("%s, event %d: %s: %s", sample.Name, item.Event.Seq, item.Event.SASL.Mechanism, v.Why)
			}
			if v.Verified {
				verified++
			}
		}
	}
	if verified == 0 {
		t.Error("nothing was verified")
	}
}

// What Stats counts is what the maker of a capture counted.
func TestStatsEqualTheTruth(t *testing.T) {
	capture, truth := made(t, 1_000_000)
	stats := NewStats(lint.Options{})
	for item, err := range readBytes(capture) {
		switch {
		case err != nil:
			t.Fatal(err)
		case item.Event != nil:
			stats.Add(item.Event)
		case item.Conversation != nil:
			stats.AddConversation(*item.Conversation)
		}
	}
	r := stats.Report()
	sum := func(n [2]int64) int64 { return n[0] + n[1] }
	for what, c := range map[string][2]int64{
		"messages":      {r.Stanzas.Of("message"), sum(truth.Message)},
		"presences":     {r.Stanzas.Of("presence"), sum(truth.Presence)},
		"iqs":           {r.Stanzas.Of("iq"), sum(truth.IQ)},
		"stanzas":       {r.Kinds.Of("stanza"), truth.Stanzas()},
		"headers":       {r.Kinds.Of("open"), sum(truth.Open)},
		"features":      {r.Kinds.Of("features"), sum(truth.Features)},
		"ends":          {r.Kinds.Of("close"), sum(truth.Close)},
		"conversations": {int64(len(r.Conversations)), int64(truth.Conns)},
		"client bytes":  {r.Directions.Initiator.Bytes, truth.XMLBytes[0]},
		"server bytes":  {r.Directions.Receiver.Bytes, truth.XMLBytes[1]},
	} {
		if c[0] != c[1] {
			t.Errorf("%s: %d, want %d", what, c[0], c[1])
		}
	}
	if r.Latency == nil || r.Latency.Answered == 0 || r.Negotiation == nil {
		t.Errorf("no waits: %+v, %+v", r.Latency, r.Negotiation)
	}
	var events int64
	for _, c := range r.Conversations {
		events += c.Events
	}
	if events != r.Events {
		t.Errorf("the conversations have %d events, all together %d", events, r.Events)
	}
}

func BenchmarkLoad(b *testing.B) {
	capture, _ := made(b, 10_000_000)
	for b.Loop() {
		s := NewStore(StoreOptions{Dir: b.TempDir()})
		if err := Load(context.Background(), s, readBytes(capture)); err != nil {
			b.Fatal(err)
		}
		s.Close()
	}
	b.SetBytes(int64(len(capture)))
}

func BenchmarkStats(b *testing.B) {
	capture, _ := made(b, 10_000_000)
	for b.Loop() {
		s := NewStats(lint.Options{})
		for item, err := range readBytes(capture) {
			if err != nil {
				b.Fatal(err)
			}
			if item.Event != nil {
				s.Add(item.Event)
			}
		}
	}
	b.SetBytes(int64(len(capture)))
}

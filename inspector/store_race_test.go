package inspector

import (
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
	"unsafe"

	"xmppscope/decode"
)

func TestRowSize(t *testing.T) {
	if n := unsafe.Sizeof(Row{}); n > 48 {
		t.Errorf("a row has %d bytes, 48 are allowed", n)
	}
}

// Readers look at everything that is there while the writer goes on.
func TestReadersBesideTheWriter(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 2 * pageSize, CacheLimit: pageSize, Dir: t.TempDir()})
	defer s.Close()
	const n = 6 * chunkRows
	done := make(chan struct{})
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for step := 1; ; step++ {
				select {
				case <-done:
					return
				default:
				}
				for i := 0; i < s.Len(); i += 1 + step*61 {
					e, err := s.Event(i)
					if err != nil || int(e.Seq) != i+1 || string(e.Wire) != fmt.Sprint("wire ", i) {
						t.Errorf("row %d: %+v, %v", i, e, err)
						return
					}
					if r := s.Row(i); r.Answer() != 0 && int(r.Answer()) != i+2 {
						t.Errorf("row %d is answered by %d", i, r.Answer())
						return
					}
				}
				s.Conversations()
			}
		})
	}
	var last *decode.State
	for i := range n {
		e := &decode.Event{Seq: decode.Seq(i + 1), Conn: decode.ConnID(1 + i%3), Time: t0.Add(time.Duration(i)), Wire: fmt.Append(nil, "wire ", i), From: fmt.Sprint("user", i), State: last, After: last}
		if i%2 == 1 {
			e.Reply = decode.Seq(i)
		}
		if i%100 == 0 {
			e.After = &decode.State{StreamID: fmt.Sprint(i)}
			last = e.After
		}
		s.Append(e)
	}
	close(done)
	wg.Wait()
}

// heap is how many bytes are in use.
func heap() int64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// Once its limits are reached a store takes no more memory, however much comes:
// far less than the 48 bytes of a row. The same holds for what is shown of it.
// What the rules remember is bounded by conversation.
func TestMemoryStaysFlat(t *testing.T) {
	events := stanzas(1000)
	for order, held := range map[string]int{"in order": 0, "every other event held while the next passed": 1} {
		s := NewStore(StoreOptions{MemLimit: 1 << 20, CacheLimit: 1 << 20, Dir: t.TempDir(), Judged: true})
		defer s.Close()
		v := NewView(s)
		v.SetFilter(must(t, `name == "message"`))
		const n = (maxBack + 8) * chunkRows
		after := func(rows int) int64 {
			for i := s.Len(); i < rows; i++ {
				e := *events[i%len(events)]
				e.Seq, e.Reply = decode.Seq(i^held)+1, 0
				s.Append(&e)
			}
			v.Update(0)
			return heap()
		}
		once := after(n)
		grown := float64(after(4*n)-once) / (3 * n)
		if t.Logf("%s: %.2f bytes a row", order, grown); grown > 1 || v.Len() != 2*n {
			t.Errorf("%s: each row past the limits takes %.1f bytes; %d rows of %d are shown", order, grown, v.Len(), s.Len())
		}
		if row, ok := s.Find(n + 1); !ok || row != n^held {
			t.Errorf("%s: event %d is in row %d, %v", order, n+1, row, ok)
		}
	}
	runtime.KeepAlive(events)
}

// stanzas makes n events as a chat server sees them.
func stanzas(n int) []*decode.Event {
	st := &decode.State{Domain: "example.com", JID: "juliet@example.com/balcony", Phase: decode.PhaseExchange}
	all := make([]*decode.Event, n)
	for i := range all {
		e := &decode.Event{Conn: decode.ConnID(1 + i%100), Dir: decode.Dir(i & 1), Kind: decode.KindStanza, Step: decode.StepExchange, Phase: decode.PhaseExchange,
			Time: t0.Add(time.Duration(i) * time.Millisecond), ID: fmt.Sprint("id-", i), State: st, After: st, Off: int64(i) * 400, Frames: []uint32{uint32(i), uint32(i + 1)},
			From: fmt.Sprintf("user%d@example.com/phone", i%200), To: fmt.Sprintf("user%d@example.com/laptop", i%200)}
		switch i % 4 {
		case 0:
			e.Name, e.Type, e.Payload = name("jabber:client", "iq"), "get", name("urn:xmpp:ping", "ping")
			e.Wire = fmt.Appendf(nil, "<iq id='id-%d' type='get' from='%s' to='%s'><ping xmlns='urn:xmpp:ping'/></iq>", i, e.From, e.To)
		case 1:
			e.Name, e.Type, e.Reply = name("jabber:client", "iq"), "result", 1
			e.Wire = fmt.Appendf(nil, "<iq id='id-%d' type='result' from='%s' to='%s'/>", i, e.From, e.To)
		default:
			e.Name, e.Type, e.Payload = name("jabber:client", "message"), "chat", name("jabber:client", "body")
			e.Wire = fmt.Appendf(nil, "<message id='id-%d' type='chat' from='%s' to='%s'><body>%0200d wherefore art thou</body></message>", i, e.From, e.To, i)
		}
		all[i] = e
	}
	return all
}

// fill appends n events of the repeating kind that stanzas makes.
func fill(s *Store, events []*decode.Event, n int) {
	for i := range n {
		e := *events[i%len(events)]
		e.Seq = decode.Seq(s.Len() + 1)
		if e.Reply != 0 {
			e.Reply = e.Seq - 1
		}
		s.Append(&e)
	}
}

func BenchmarkAppend(b *testing.B) {
	events := stanzas(10_000)
	s := NewStore(StoreOptions{Dir: b.TempDir()})
	defer s.Close()
	b.ReportAllocs()
	b.ResetTimer()
	fill(s, events, b.N)
	memory, spilled := s.Bytes()
	b.ReportMetric(float64(memory+spilled)/float64(b.N), "log-B/event")
}

func BenchmarkEvent(b *testing.B) {
	s := NewStore(StoreOptions{Dir: b.TempDir()})
	defer s.Close()
	fill(s, stanzas(10_000), 100_000)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		if _, err := s.Event(i % s.Len()); err != nil {
			b.Fatal(err)
		}
	}
}

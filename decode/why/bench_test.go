package why

import (
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// BenchmarkCollector is what an event costs that is collected.
func BenchmarkCollector(b *testing.B) {
	var events []decode.Event
	for _, x := range examples(b) {
		if x.file != "stanzas" {
			continue
		}
		s, err := transcript.Parse(x.script)
		if err != nil {
			b.Fatal(err)
		}
		p, err := s.Play(decode.Options{})
		if err != nil {
			b.Fatal(err)
		}
		events = append(events, p.Events...)
	}
	b.ReportAllocs()
	for b.Loop() {
		c := New(Options{})
		for i := range events {
			c.Event(&events[i], nil)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*len(events)), "ns/event")
}

package tui

import (
	"testing"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// BenchmarkFindingsOfMany puts many findings and failures in order, as a key
// does that opens their list.
func BenchmarkFindingsOfMany(b *testing.B) {
	src := manyEvents(b, 100_000)
	c := newCapture(src, nil, func() {})
	for i := range 100_000 {
		src.Store.Found().Add([]inspector.Finding{{Rule: "r", Level: inspector.Level(1 + i%3), Seq: decode.Seq(1 + i), Conn: 1}})
	}
	for i := range 100_000 {
		c.tracks.failures = append(c.tracks.failures, int32(i))
	}
	for b.Loop() {
		c.found.made = false
		if n := c.findings(inspector.LevelNote).len(); n != 200_000 {
			b.Fatal(n)
		}
	}
}

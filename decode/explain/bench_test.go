package explain

import (
	"testing"

	"xmppscope/decode"
)

func benchEvents(b *testing.B) []decode.Event {
	t := &testing.T{}
	var all []decode.Event
	for _, script := range scripts(t) {
		all = append(all, playAll(t, script).events...)
	}
	b.ReportAllocs()
	return all
}

// A list shows some dozens of titles on every frame.
func BenchmarkTitle(b *testing.B) {
	all := benchEvents(b)
	for i := 0; b.Loop(); i++ {
		Title(&all[i%len(all)])
	}
}

func BenchmarkEvent(b *testing.B) {
	all := benchEvents(b)
	for i := 0; b.Loop(); i++ {
		Event(&all[i%len(all)])
	}
}

func BenchmarkTermMiss(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		Term("not-authorised")
	}
}

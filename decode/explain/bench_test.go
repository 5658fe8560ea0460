package explain

import (
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/xmlstream"
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

// BenchmarkEventWith is how a long conversation is explained from its beginning
// to its end.
func BenchmarkEventWith(b *testing.B) {
	all := benchEvents(b)
	tree, s := new(xmlstream.Tree), im.New()
	for i := 0; b.Loop(); i++ {
		e := &all[i%len(all)]
		if i%len(all) == 0 {
			s = im.New()
		}
		s.Event(e, nil)
		EventWith(tree, e, s)
	}
}

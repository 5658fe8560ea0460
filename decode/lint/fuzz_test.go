package lint

import (
	"fmt"
	"math/rand"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/transcript"
)

// FuzzEngine judges whatever two sides say, a line at a time as in a transcript.
// Every finding is whole and about an event that was there; the same events give
// the same findings, with and without what is known of their insides. With
// events that are out of order, come twice or without their state, and of
// conversations that end too early, too often or never, nothing breaks.
func FuzzEngine(f *testing.F) {
	for _, x := range examples(f) {
		f.Add(x.script, int64(0))
	}
	f.Fuzz(func(t *testing.T, text string, seed int64) {
		p := playable(text)
		if p == nil || len(p.Events) > 500 {
			return
		}
		bare := make([]decode.Event, len(p.Events))
		copy(bare, p.Events)
		for i := range bare {
			bare[i].Inside = 0
		}
		a, b := New(Options{}), New(Options{})
		for i := range p.Events {
			agree(t, p, &p.Events[i], a.Event(&p.Events[i]), b.Event(&bare[i]))
		}
		for i := range p.Conversations {
			agree(t, p, nil, a.End(&p.Conversations[i]), b.End(&p.Conversations[i]))
		}
		disorder(t, p, seed)
	})
}

// playable plays lines without an error: those that are none are left out.
func playable(text string) *transcript.Played {
	var lines []string
	for _, l := range strings.Split(text, "\n") {
		if _, err := transcript.Parse(l); err == nil {
			lines = append(lines, l)
		}
	}
	s, err := transcript.Parse(strings.Join(lines, "\n"))
	if err != nil {
		return nil
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		return nil
	}
	return p
}

// agree checks findings, made twice, that an event or the end showed.
func agree(t *testing.T, p *transcript.Played, e *decode.Event, found, again []Finding) {
	t.Helper()
	if fmt.Sprint(found) != fmt.Sprint(again) {
		t.Fatalf("%v\nand without what is known of the inside\n%v", found, again)
	}
	for _, f := range found {
		if Lookup(f.Rule) == nil || f.Text == "" || f.Who.String() == "" || f.Level.String() == "" || f.Seq == 0 || int(f.Seq) > len(p.Events) || e != nil && f.Seq > e.Seq {
			t.Fatalf("%+v", f)
		}
		at := &p.Events[f.Seq-1]
		if f.Span.Start < 0 || f.Span.End < f.Span.Start || f.In == InText && int(f.Span.End) > len(at.Text()) {
			t.Fatalf("%+v, in %d bytes", f, len(at.Text()))
		}
	}
}

// disorder plays the events as no conversation ever goes.
func disorder(t *testing.T, p *transcript.Played, seed int64) {
	t.Helper()
	r := rand.New(rand.NewSource(seed))
	g := New(Options{})
	for range len(p.Events) {
		e := p.Events[r.Intn(len(p.Events))]
		switch r.Intn(8) {
		case 0:
			e.State = nil
		case 1:
			e.After, e.Scope = nil, nil
		case 2:
			e.SASL, e.Wire = nil, nil
		case 3:
			e.Conn = decode.ConnID(1 + r.Intn(3))
		case 4:
			e.Reply, e.Carrier = decode.Seq(r.Intn(int(e.Seq)+1)), decode.Seq(r.Intn(2))
		case 5:
			g.End(&p.Conversations[r.Intn(len(p.Conversations))])
		}
		for _, f := range g.Event(&e) {
			if f.Rule == "" || f.Text == "" {
				t.Fatalf("%+v", f)
			}
		}
	}
}

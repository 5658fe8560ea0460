package lint

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
)

// What a tool on the way has dropped is not judged, what it has sent itself is
// its own fault and nobody else's.
func TestWhatAToolDidIsItsOwn(t *testing.T) {
	const (
		open     = "<?xml version='1.0'?><stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		answer   = "<?xml version='1.0'?><stream:stream id='1' from='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
		question = "<iq type='get'><query xmlns='jabber:iq:roster'/></iq>" // without an id
	)
	for _, test := range []struct {
		name string
		mark decode.Mark
		who  Who
		want bool
	}{
		{"sent by the client", decode.Mark{}, WhoInitiator, true},
		{"injected", decode.Mark{Do: decode.MarkInsert, Origin: decode.OriginInjected, Text: []byte(question)}, WhoPath, true},
		{"dropped", decode.Mark{Do: decode.MarkDrop, N: int64(len(question))}, 0, false},
	} {
		c, g := decode.NewConn(1, decode.Options{}), New(Options{})
		now := time.Unix(0, 0)
		found := map[string]Who{}
		judge := func(events []decode.Event) {
			for i := range events {
				for _, f := range g.Event(&events[i]) {
					found[f.Rule] = f.Who
				}
			}
		}
		feed := func(d decode.Dir, text string) {
			events, _ := c.Feed(d, now, []byte(text))
			judge(events)
		}
		feed(decode.FromInitiator, open)
		feed(decode.FromReceiver, answer)
		if test.mark.Do != decode.MarkNote {
			test.mark.At = int64(len(open))
			judge(c.Mark(now, test.mark))
		}
		if test.mark.Do != decode.MarkInsert {
			feed(decode.FromInitiator, question)
		}
		who, ok := found["iq-no-id"]
		if ok != test.want || who != test.who {
			t.Errorf("%s: found %v", test.name, found)
		}
	}
}

// TLS of a proxy says nothing about the server, and --explain tells so. What the
// client does there is judged.
func TestTLSOfAProxyIsItsOwn(t *testing.T) {
	judged, silent := 0, map[string]bool{}
	for _, x := range examples(t) {
		if x.file != "cert" && x.file != "tls" && x.file != "tls_end" {
			continue
		}
		_, p, err := x.run()
		if err != nil {
			t.Fatal(err)
		}
		g := New(Options{})
		var found []Finding
		for i := range p.Events {
			e := p.Events[i]
			before, after := *e.State, *e.After
			before.Proxied, after.Proxied = true, true
			e.State, e.After = &before, &after
			found = append(found, g.Event(&e)...)
		}
		for i := range p.Conversations {
			found = append(found, g.End(&p.Conversations[i])...)
		}
		for _, f := range found {
			if Lookup(f.Rule).Needs&NeedPeer == 0 {
				continue
			}
			if judged++; f.Who != WhoInitiator {
				t.Errorf("%s/%s: %s of the %s: %s", x.file, x.title, f.Rule, f.Who, f.Text)
			}
		}
		for _, s := range g.Silent() {
			for _, r := range s.Rules {
				silent[r] = silent[r] || strings.Contains(s.Why, "a proxy")
			}
		}
	}
	if judged == 0 {
		t.Error("nothing of the client is judged")
	}
	for _, r := range Rules() {
		if r.Needs&NeedPeer != 0 && !silent[r.Name] {
			t.Errorf("%s is silent and does not say so", r.Name)
		}
	}
}

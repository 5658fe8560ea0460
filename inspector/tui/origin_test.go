package tui

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
)

const (
	cameText = "<message to='a@h.example' id='m1'><body>naïve</body></message>"
	sentText = "<message to='b@h.example' id='m1'><body>naève</body></message>"
)

// handled is a conversation in which each kind of origin stands once.
func handled(t *testing.T) *Source {
	t.Helper()
	store := inspector.NewStore(inspector.StoreOptions{})
	t.Cleanup(func() { store.Close() })
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	c := decode.NewConn(1, decode.Options{})
	keep := func(events []decode.Event, o decode.Origin) {
		for i := range events {
			if events[i].Origin = o; o == decode.OriginEdited {
				events[i].Original = []byte(cameText)
			}
			store.Append(&events[i])
		}
	}
	feed := func(dir decode.Dir, text string, o decode.Origin) {
		at = at.Add(time.Millisecond)
		events, _ := c.Feed(dir, at, []byte(text))
		keep(events, o)
	}
	feed(decode.FromInitiator, "<stream:stream to='h.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", decode.OriginWire)
	feed(decode.FromReceiver, "<stream:stream from='h.example' id='s1' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>", decode.OriginWire)
	feed(decode.FromInitiator, sentText, decode.OriginEdited)
	feed(decode.FromInitiator, "<presence/>", decode.OriginDropped)
	feed(decode.FromReceiver, "<message from='x@h.example'><body>boo</body></message>", decode.OriginInjected)
	feed(decode.FromInitiator, "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", decode.OriginSynthetic)
	return &Source{Title: "live", Store: store}
}

// What did not go over the wire as it came has a sign and a word in the list, in
// the ladder and over every tab, and colour tells nothing alone.
func TestOriginsAreMarked(t *testing.T) {
	for _, w := range []int{80, 160} {
		th := perform(t, Options{Source: handled(t), NoColor: true}, w, 24)
		th.press("s s s")
		for _, c := range []struct{ list, word, text string }{
			{"~   3", "edited", "Changed on the way."},
			{"-   4", "dropped", "never got it"},
			{"+   5", "injected", "Put in on the way"},
			{"=   6", "synthetic", "Made by xmppscope"},
		} {
			row, _ := th.u.cap.store.Find(decode.Seq(c.list[len(c.list)-1] - '0'))
			th.u.goTo(row)
			th.draw()
			th.has(c.list).has(c.word + ": ").has(c.text)
			for _, tab := range strings.Fields("1 2 3 4 5") {
				th.press(tab).has(" " + c.list[:1] + " " + c.word)
			}
			th.press("1 l").has(c.word + ": ")
			if c.word == "dropped" {
				th.has("✗│")
			}
			th.press("l")
		}
		th.press("Home 2").lacks("~ edited").press("s s 1").golden("origins-" + thousands(w))
		th.press("l").golden("origins-ladder-" + thousands(w))
		th.press("2").golden("edited-xml-" + thousands(w))
		th.press("4 Tab End").golden("edited-bytes-" + thousands(w))
	}
}

// The XML and the bytes of an edited event show what had come below what was
// sent on, and what differs is marked in both.
func TestEditedShowsBoth(t *testing.T) {
	e := decode.Event{Kind: decode.KindStanza, Origin: decode.OriginEdited, Wire: []byte(sentText), Original: []byte(cameText)}
	c := &capture{store: inspector.NewStore(inspector.StoreOptions{})}
	in := &tabInput{th: newTheme("", true), event: &e, ctx: c, folds: map[string]bool{}, links: linksOf(&e)}
	p := xmlPage(in).(*textPage)
	var marked []string
	for _, l := range p.lines {
		run := ""
		for _, s := range l.spans {
			if s.isMarked() {
				run += s.text
			}
		}
		if run != "" {
			marked = append(marked, run)
		}
	}
	text := strings.Join(marked, "|")
	if text != "b|naève|a|naïve" {
		t.Errorf("marked is %q in\n%s", text, p.plain())
	}
	if p.plain() != sentText {
		t.Errorf("copying gives %q", p.plain())
	}
	h := bytesPage(in).(*hexPage)
	n, seen := h.fit(78), ""
	for i := range n {
		if l := h.at(i); l != nil {
			seen += l.plain() + "\n"
		}
	}
	if !strings.Contains(seen, "had sent: "+size(int64(len(cameText)))) || !strings.Contains(seen, "to='a@h") {
		t.Errorf("the bytes are\n%s", seen)
	}
}

// Several changes are told apart, token by token, and huge texts cost no more
// than others.
func TestDifferences(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"<a x='1' y='2'/>", "<a x='3' y='4'/>", "3|4"}, {"<a>one two three</a>", "<a>one 2 three four</a>", "2| four"},
		{"<a b='c'/>", "<a/>", "/"}, {"<a/>", "<a b='c'/>", " b='c'"}, {"", "<a/>", "<a/>"}, {"<naïve/>", "<naive/>", "naive"},
	} {
		got := []string{}
		for _, s := range differences([]byte(c.a), []byte(c.b)) {
			got = append(got, c.b[s.start:s.end])
		}
		if text := strings.Join(got, "|"); text != c.want {
			t.Errorf("from %q to %q: %q, not %q", c.a, c.b, text, c.want)
		}
	}
	x := strings.Repeat("a <b", 1<<16)
	if got := differences([]byte(x), []byte("c"+x+"d")); len(got) != 1 {
		t.Errorf("%d stretches", len(got))
	}
}

func TestChanged(t *testing.T) {
	for _, c := range []struct{ a, b, want string }{
		{"abc", "abXc", "X"}, {"abXc", "abc", "c"}, {"abX", "ab", "b"}, {"", "new", "new"}, {"old", "", ""},
		{"naïve", "naève", "è"}, {"same", "same", "e"}, {"aaa", "aa", "a"},
	} {
		s := changed([]byte(c.a), []byte(c.b))
		if got := c.b[s.start:min(s.end, len(c.b))]; got != c.want {
			t.Errorf("from %q to %q: %q, not %q", c.a, c.b, got, c.want)
		}
	}
}

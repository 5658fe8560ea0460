package decode

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// passage is what a proxy saw: bytes of one direction, or a mark.
type passage struct {
	dir  Dir
	text string
	mark *Mark
}

const (
	opened   = `<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`
	answered = `<stream:stream from='localhost' id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`
)

// told plays passages in portions of n bytes and lists what came out.
func told(n int, all ...passage) string {
	c := NewConn(1, Options{})
	var b strings.Builder
	at := time.Unix(0, 0)
	say := func(events []Event) {
		for i := range events {
			e := &events[i]
			fmt.Fprintf(&b, "%d %s %s", e.Seq, e.Dir, e.Origin)
			if e.Held {
				b.WriteString(" held")
			}
			fmt.Fprintf(&b, " %s %s", e.Kind, e.Step)
			if e.Reply != 0 {
				fmt.Fprintf(&b, " re %d", e.Reply)
			}
			if e.Original != nil {
				fmt.Fprintf(&b, " was %s", e.Original)
			}
			if e.Kind != KindOpen && len(e.Wire) > 0 {
				fmt.Fprintf(&b, " %s", e.Wire)
			}
			if e.Note != "" {
				fmt.Fprintf(&b, " (%s)", e.Note)
			}
			b.WriteByte('\n')
		}
	}
	for _, p := range all {
		if p.mark != nil {
			say(c.Mark(at, *p.mark))
			continue
		}
		for text := []byte(p.text); len(text) > 0; {
			part := text[:min(n, len(text))]
			text = text[len(part):]
			for len(part) > 0 {
				events, used := c.Feed(p.dir, at, part)
				say(events)
				part = part[used:]
			}
		}
	}
	say(c.Finish(at))
	return b.String()
}

func from(d Dir, text string) passage { return passage{dir: d, text: text} }

func doing(m Mark) passage { return passage{mark: &m} }

var (
	ask    = `<iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>`
	result = `<iq type='result' id='a'/>`
	hello  = `<message><body>hello</body></message>`
)

var marked = []struct {
	name string
	all  []passage
	want string
}{
	{"a unit of the client is held and goes on as it came", []passage{
		from(FromInitiator, opened), from(FromReceiver, answered),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)), N: int64(len(ask)), ID: 1, Note: "break"}),
		from(FromInitiator, ask+hello), from(FromReceiver, hello),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 1}), from(FromReceiver, result),
	}, `
1 initiator wire open stream-open-initial
2 receiver wire open stream-open-response re 1
3 initiator wire held stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq> (break)
4 receiver wire stanza exchange <message><body>hello</body></message>
3 initiator wire stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>
5 initiator wire stanza exchange <message><body>hello</body></message>
6 receiver wire stanza keepalive re 3 <iq type='result' id='a'/>
`},
	{"a unit of the client is held and changed, the next one too", []passage{
		from(FromInitiator, opened), from(FromReceiver, answered),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)), N: int64(len(hello)), ID: 1}),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened + hello)), N: int64(len(hello)), ID: 2}),
		from(FromInitiator, hello+hello+ask),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 1, Origin: OriginEdited, Text: []byte("<presence/><message/>")}),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 2, Origin: OriginDropped, Note: "rule"}),
		from(FromReceiver, result),
	}, `
1 initiator wire open stream-open-initial
2 receiver wire open stream-open-response re 1
3 initiator wire held stanza exchange <message><body>hello</body></message>
3 initiator edited stanza presence-initial was <message><body>hello</body></message> <presence/>
4 initiator edited stanza exchange <message/>
5 initiator wire held stanza exchange <message><body>hello</body></message>
5 initiator dropped stanza exchange <message><body>hello</body></message> (rule)
6 initiator wire stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>
7 receiver wire stanza keepalive re 6 <iq type='result' id='a'/>
`},
	{"what was inserted, changed and dropped on the way to the server", []passage{
		from(FromInitiator, opened), from(FromReceiver, answered),
		doing(Mark{Do: MarkInsert, Dir: FromInitiator, At: int64(len(opened)), Origin: OriginInjected, Text: []byte(ask)}),
		doing(Mark{Do: MarkEdit, Dir: FromInitiator, At: int64(len(opened)), N: int64(len(hello)), Text: []byte("<message/>"), Note: "rule"}),
		doing(Mark{Do: MarkDrop, Dir: FromInitiator, At: int64(len(opened + hello)), N: int64(len(ask))}),
		from(FromInitiator, hello+ask+hello), from(FromReceiver, result),
	}, `
1 initiator wire open stream-open-initial
2 receiver wire open stream-open-response re 1
3 initiator injected stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>
4 initiator edited stanza exchange was <message><body>hello</body></message> <message/> (rule)
5 initiator dropped stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>
6 initiator wire stanza exchange <message><body>hello</body></message>
7 receiver wire stanza keepalive re 3 <iq type='result' id='a'/>
`},
	{"the same on the way to the client", []passage{
		from(FromInitiator, opened), from(FromReceiver, answered),
		doing(Mark{Do: MarkInsert, Dir: FromReceiver, At: int64(len(answered)), N: int64(len(hello)), Origin: OriginSynthetic, Note: "alive"}),
		doing(Mark{Do: MarkEdit, Dir: FromReceiver, At: int64(len(answered + hello)), N: int64(len(result)), Text: []byte(hello)}),
		from(FromReceiver, hello+result+hello),
		doing(Mark{Do: MarkDrop, Dir: FromReceiver, Text: []byte(hello)}),
		doing(Mark{Do: MarkHold, Dir: FromReceiver, ID: 7, Text: []byte(hello)}),
		from(FromInitiator, hello),
		doing(Mark{Do: MarkRelease, Dir: FromReceiver, ID: 7, At: int64(len(answered + hello + result + hello)), N: int64(len(result)), Origin: OriginEdited}),
		from(FromReceiver, result+hello),
	}, `
1 initiator wire open stream-open-initial
2 receiver wire open stream-open-response re 1
3 receiver synthetic stanza exchange <message><body>hello</body></message> (alive)
4 receiver edited stanza exchange was <message><body>hello</body></message> <iq type='result' id='a'/>
5 receiver wire stanza exchange <message><body>hello</body></message>
6 receiver dropped stanza exchange <message><body>hello</body></message>
7 receiver wire held stanza exchange <message><body>hello</body></message>
8 initiator wire stanza exchange <message><body>hello</body></message>
7 receiver edited stanza exchange was <message><body>hello</body></message> <iq type='result' id='a'/>
9 receiver wire stanza exchange <message><body>hello</body></message>
`},
	{"a header, a request to switch and an end are held and changed", []passage{
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: 0, N: int64(len(opened)), ID: 1}),
		from(FromInitiator, opened),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 1, Origin: OriginEdited, Text: []byte(strings.Replace(opened, "localhost", "example.com", 1))}),
		from(FromReceiver, answered),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)), N: int64(len("</stream:stream>")), ID: 2}),
		from(FromInitiator, "</stream:stream>"),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 2, Origin: OriginEdited, Text: []byte(hello + "</stream:stream>")}),
	}, `
1 initiator wire held open stream-open-initial
1 initiator edited open stream-open-initial was <stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>
2 receiver wire open stream-open-response re 1
3 initiator wire held close stream-close </stream:stream>
3 initiator edited stanza exchange was </stream:stream> <message><body>hello</body></message>
4 initiator edited close stream-close </stream:stream>
`},
	{"what keeps the server awake while a unit of the client is held", []passage{
		from(FromInitiator, opened), from(FromReceiver, answered),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)), N: int64(len(hello)), ID: 1}),
		from(FromInitiator, hello+ask),
		doing(Mark{Do: MarkInsert, Dir: FromInitiator, At: int64(len(opened)), Origin: OriginSynthetic, Text: []byte(" "), Note: "alive"}),
		doing(Mark{Do: MarkInsert, Dir: FromInitiator, At: int64(len(opened + hello)), Origin: OriginInjected, Text: []byte(hello)}),
		doing(Mark{Do: MarkRelease, Dir: FromInitiator, ID: 1}),
	}, `
1 initiator wire open stream-open-initial
2 receiver wire open stream-open-response re 1
3 initiator wire held stanza exchange <message><body>hello</body></message>
4 initiator synthetic space    (alive)
3 initiator wire stanza exchange <message><body>hello</body></message>
5 initiator injected stanza exchange <message><body>hello</body></message>
6 initiator wire stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq>
`},
	{"what is still held at the end never went on", []passage{
		from(FromInitiator, opened),
		doing(Mark{Do: MarkHold, Dir: FromInitiator, At: int64(len(opened)), N: int64(len(hello)), ID: 1}),
		from(FromInitiator, hello+ask),
	}, `
1 initiator wire open stream-open-initial
2 initiator wire held stanza exchange <message><body>hello</body></message>
2 initiator dropped stanza exchange <message><body>hello</body></message> (was still held at the end)
3 initiator dropped stanza keepalive <iq type='get' id='a'><ping xmlns='urn:xmpp:ping'/></iq> (waited behind what was held)
`},
}

func TestMarksSayWhatAProxyDid(t *testing.T) {
	for _, test := range marked {
		t.Run(test.name, func(t *testing.T) {
			want := strings.TrimPrefix(test.want, "\n")
			for _, n := range []int{1 << 20, 1, 7} {
				if got := told(n, test.all...); got != want {
					t.Errorf("in portions of %d:\n%swanted:\n%s", n, got, want)
				}
			}
		})
	}
}

// FuzzMarks tells a decoder anything, with marks at any place: nothing panics, and
// a unit that
// was announced comes at most once more.
func FuzzMarks(f *testing.F) {
	f.Add([]byte(hello+ask+result), uint8(1), uint16(0), uint16(37), uint8(0), []byte("<presence/>"))
	f.Add([]byte(hello+hello), uint8(3), uint16(37), uint16(37), uint8(1), []byte("<a>"))
	f.Add([]byte("<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"), uint8(1), uint16(0), uint16(51), uint8(0), []byte("</stream:stream>"))
	f.Fuzz(func(t *testing.T, text []byte, do uint8, at, n uint16, how uint8, other []byte) {
		for _, d := range []Dir{FromInitiator, FromReceiver} {
			c := NewConn(1, Options{})
			now := time.Unix(0, 0)
			announced, came := map[Seq]int{}, map[Seq]int{}
			say := func(events []Event) {
				for i := range events {
					if e := &events[i]; e.Held {
						announced[e.Seq]++
					} else {
						came[e.Seq]++
					}
				}
			}
			feed := func(d Dir, p []byte) {
				for len(p) > 0 {
					events, used := c.Feed(d, now, p)
					say(events)
					p = p[used:]
				}
			}
			feed(FromInitiator, []byte(opened))
			feed(FromReceiver, []byte(answered))
			base := int64(len([...]string{opened, answered}[d]))
			say(c.Mark(now, Mark{Do: MarkKind(do % 8), Dir: d, At: base + int64(at), N: int64(n), ID: 1, Origin: Origin(how % 5), Text: other}))
			half := len(text) / 2
			feed(d, text[:half])
			feed(d.Other(), other)
			say(c.Mark(now, Mark{Do: MarkRelease, Dir: d, At: base + int64(at), N: int64(n), ID: 1, Origin: Origin(how % 4), Text: other}))
			feed(d, text[half:])
			c.Preview(d, now, other)
			c.Would(d, now, other, 8)
			say(c.Finish(now))
			for seq, count := range came {
				if count > 1 {
					t.Errorf("event %d came %d times", seq, count)
				}
			}
			for seq, count := range announced {
				if count > 1 {
					t.Errorf("event %d was announced %d times", seq, count)
				}
			}
		}
	})
}

package tui

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/alecthomas/chroma/v2"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/inspector"
)

// What is typed is gone on with: names of elements and attributes, values, what
// the conversation has used.
func TestCompletion(t *testing.T) {
	for _, c := range []struct{ text, write, shows, makes string }{
		{"", "<me", "message", "<message"},
		{"", "<message t", "type='", "<message to='"},
		{"", "<message ty", "type='", "<message type='"},
		{"", "<message type='g", "groupchat", "<message type='groupchat"},
		{"", "<iq type='get' id='1'><pi", "ping xmlns='urn:xmpp:ping'/>", "<iq type='get' id='1'><ping xmlns='urn:xmpp:ping'/>"},
		{"", "<iq type='get' id='1'><query xmlns='ros", "jabber:iq:roster", "<iq type='get' id='1'><query xmlns='jabber:iq:roster"},
		{"", "<iq type='error'><error type='cancel'><item-n", "RFC 6120 §8.3.3", "<iq type='error'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/>"},
		{"", "<stream:error><confl", "RFC 6120 §4.9.3", "<stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"},
		{"", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><acc", "account-disabled/>", "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><account-disabled/>"},
		{"", "<message><body>x</b", "body>", "<message><body>x</body>"},
		{"", "<message to='mb", "mbed@h.example", "<message to='mbed@h.example/x"},
		{"", "<iq type='result' id='b", "▶ b1", "<iq type='result' id='b1"},
		{"", "<presence><show>d", "dnd", "<presence><show>dnd"},
		{"", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCR", "SCRAM-SHA-1", "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1"},
	} {
		th, p := onAir(t, 120, 40)
		p.bound()
		th.tick()
		th.press("i").write("empty").press("Enter").write(c.write).has(c.shows).press("Tab")
		if e, ok := th.u.over.(*composer); !ok || e.text() != c.makes {
			t.Errorf("%s becomes %s, want %s", c.write, e.text(), c.makes)
		}
	}
	// It stands in nobody's way: Esc closes it, Enter types, arrows choose.
	th, p := onAir(t, 120, 40)
	p.bound()
	th.tick()
	th.press("i").write("empty").press("Enter").write("<p").has("▶ presence").press("Esc").lacks("▶ presence").write("r").has("▶ presence").press("Enter")
	if e := th.u.over.(*composer); e.text() != "<pr\n" {
		t.Errorf("%q", e.text())
	}
	th.press("Backspace Backspace Backspace").write("i").press("Down Tab Tab").has("press the button")
}

// All keys of the editor can be seen from inside it.
func TestEditorKeys(t *testing.T) {
	th, _ := onAir(t, 100, 30)
	th.press("i").write("empty").press("Enter").has("F1 keys").press("F1").has("Keys of the editor").has("wrap long lines").press("Esc").has("Send something of your own")
}

// What a judgement costs in a long conversation; it is never waited for.
func BenchmarkAdvice(b *testing.B) {
	store := inspector.NewStore(inspector.StoreOptions{})
	defer store.Close()
	c, seq := decode.NewConn(1, decode.Options{}), decode.Seq(0)
	for i := range 5000 {
		text := openC
		if i > 0 {
			text = "<message to='a@b' id='m'><body>x</body></message>"
		}
		events, _ := c.Feed(decode.FromInitiator, time.Unix(int64(i), 0), []byte(text))
		for k := range events {
			seq++
			events[k].Seq = seq
			store.Append(&events[k])
		}
	}
	var h history
	h.read(store, 1)
	for b.Loop() {
		e := c.Preview(decode.FromInitiator, time.Unix(6000, 0), []byte(pingText))
		h.judge(&looking{}, []*decode.Event{&e})
	}
}

// On a small screen the last line keeps the way from the XML of a login to its
// fields and back, and the ways out.
func TestEditorKeysOnASmallScreen(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.press("e").has("Ctrl-T as XML").has("Esc leave it held")
	th.press("Ctrl-T").has("Ctrl-T as fields").has("F1 keys").has("Esc leave it held")
	th.press("Ctrl-T").has("Ctrl-T as XML")
}

// A text that is cut is cut between characters.
func TestCutBetweenCharacters(t *testing.T) {
	for most := range 8 {
		if s := beginning("aü你👨", most); !utf8.ValidString(s) || len(s) > most {
			t.Errorf("%d bytes: %q", most, s)
		}
	}
	if s := beginning("\xff\x80\x80\x80\x80\x80", 5); len(s) == 0 {
		t.Error("of what is no UTF-8 nothing is left")
	}
	if s := snippet([]byte(strings.Repeat("👨", 20))); strings.Contains(s, "⟨") {
		t.Error(s)
	}
}

// Colours are those of a chroma style, token by token, and what is wrong is
// underlined at its place.
func TestEditorColours(t *testing.T) {
	th, p := onAir(t, 100, 30)
	th.u.th = newTheme("monokai", false)
	p.hold(decode.FromInitiator, "<iq type='get' id='p&amp;1'><ping xmlns='urn:xmpp:ping'/></iq>")
	th.tick()
	th.press("e")
	e := th.u.over.(*composer)
	for text, kind := range map[string]chroma.TokenType{"iq": chroma.NameTag, "type": chroma.NameAttribute, "get": chroma.LiteralString, "&amp;": chroma.NameEntity, "xmlns": chroma.NameNamespace, "<": chroma.Punctuation} {
		_, style, _ := th.u.surface.Get(e.body.x+strings.Index(e.text(), text), e.body.y)
		if style != th.u.th.syntax(kind) {
			t.Errorf("%s has the style %v", text, style)
		}
	}
	th.press("PgDn Home").write("&")
	_, style, _ := th.u.surface.Get(e.body.x+e.box.column(e.advice.newest().fault.Pos), e.body.y)
	if style != th.u.th.bad.Underline(true) {
		t.Error("the fault is not underlined")
	}
}

// scram is a login that is at its last message, with what verifies it.
func (p *puppet) scram() (proof string) {
	const first, server, bare = "n=juliet,r=abc", "r=abcdef,s=QSXCR+Q6sek8bf92,i=4096", "c=biws,r=abcdef"
	enc := base64.StdEncoding.EncodeToString
	p.feed(decode.FromInitiator, "<auth xmlns='"+nsSASL+"' mechanism='SCRAM-SHA-1'>"+enc([]byte("n,,"+first))+"</auth>")
	p.feed(decode.FromReceiver, "<challenge xmlns='"+nsSASL+"'>"+enc([]byte(server))+"</challenge>")
	x := &sasl.Exchange{Mechanism: "SCRAM-SHA-1"}
	x.Add(sasl.InitialResponse, []byte(enc([]byte("n,,"+first))))
	x.Add(sasl.Challenge, []byte(enc([]byte(server))))
	x.Add(sasl.Response, []byte(enc([]byte(bare+",p=AAAAAAAAAAAAAAAAAAAAAAAAAAA="))))
	for _, s := range sasl.Verify(x, &sasl.Secret{Password: "r0m30"}).Chain {
		if s.Wire != "" && s.Result == sasl.Different {
			proof = s.Value
		}
	}
	p.hold(decode.FromInitiator, "<response xmlns='"+nsSASL+"'>"+enc([]byte(bare+",p="+proof))+"</response>")
	return proof
}

func verifyJuliet(e *decode.Event) (sasl.Verdict, bool) {
	if e.SASL == nil {
		return sasl.Verdict{}, false
	}
	return sasl.Verify(e.SASL, &sasl.Secret{Password: "r0m30"}), true
}

// A bit of a proof is flipped with one key, and the chain says at once which
// value does not agree.
func TestFlipABitOfAProof(t *testing.T) {
	th, p := onAir(t, 100, 34)
	th.u.o.Verify = verifyJuliet
	proof := p.scram()
	th.tick()
	th.press("e").has("▶ p ").has(proof).has("✓ fits what is known").has("✓ ClientProof agrees")
	th.press("Ctrl-G").has("✗ ClientProof does not agree").has("came as " + proof).press("Ctrl-G").has("✓ ClientProof agrees")
	th.press("Ctrl-X").has("hexadecimal").press("Home Delete").has("is to be hexadecimal").write("0")
	th.press("Ctrl-X Ctrl-G Ctrl-S").has("goes on changed")
	if a := p.last(); a.Do != "edit" || a.XML == nil || !strings.HasPrefix(*a.XML, "<response xmlns='"+nsSASL+"'>") {
		t.Errorf("%+v", a)
	}
}

// What was sent by hand is found in the list, and so is its answer.
func TestAnswersToReplays(t *testing.T) {
	th, p := onAir(t, 100, 30)
	p.bound()
	p.open = []decode.ConnID{1, 2}
	p.feed(decode.FromInitiator, "<iq type='get' id='q1'><ping xmlns='urn:xmpp:ping'/></iq>")
	p.feed(decode.FromReceiver, "<iq type='result' id='q1'/>")
	th.tick()
	th.press("k r").has("Replay #12").has("on connection 1").press("Ctrl-S").has("sent to the server of connection 1")
	if a := p.last(); a.Do != "replay" || a.Conn != 1 || a.Seq != 12 || !a.Fresh {
		t.Errorf("%+v", a)
	}
	p.inject(decode.FromInitiator, "<iq type='get' id='xs-1'><ping xmlns='urn:xmpp:ping'/></iq>")
	th.tick()
	th.has("is what was sent to the server; its answer is waited for")
	p.feed(decode.FromReceiver, "<iq type='error' id='xs-1'><error type='cancel'><item-not-found xmlns='urn:ietf:params:xml:ns:xmpp-stanzas'/></error></iq>")
	th.tick()
	th.has("#14 is answered by #15 after 1000.0 ms").has("an error, item-not-found")
	// Another connection is chosen from a list, and what was typed stays.
	th.press("r Tab Tab Tab Tab Tab Tab Enter").has("On which connection").has("Where it comes from is not known; 15 events so far").press("Down Enter").has("on connection 2").press("Ctrl-S")
	if a := p.last(); a.Conn != 2 {
		t.Errorf("%+v", a)
	}
	p.at = p.at.Add(2 * time.Minute)
	th.tick()
	if th.u.editing.sent != nil {
		t.Error("it waits for ever")
	}
	// Who looks at something else waits for no answer there.
	p.open = []decode.ConnID{1}
	th.press("i").write("ping").press("Enter Ctrl-S")
	p.inject(decode.FromInitiator, "<iq type='get' id='xs-2'><ping xmlns='urn:xmpp:ping'/></iq>")
	th.tick()
	th.has("its answer is waited for")
	th.u.look(&Source{Title: "another", Store: newPuppet(t).store, Follow: true})
	th.tick()
}

// inject is what a proxy makes of something that was sent by hand.
func (p *puppet) inject(dir decode.Dir, text string) {
	p.at = p.at.Add(time.Second)
	events, _ := p.conn.Feed(dir, p.at, []byte(text))
	for i := range events {
		p.seq++
		events[i].Seq, events[i].Origin = p.seq, decode.OriginInjected
		p.store.Append(&events[i])
	}
}

// A login that is built from fields.
func TestLoginFromTemplate(t *testing.T) {
	th, p := onAir(t, 100, 30)
	th.press("i").write("auth plain").press("Enter").has("▶ passwd   secret").press("Ctrl-U").write("mirror").press("Up Ctrl-U").write("mbed").press("Ctrl-S").has("sent to the server")
	if a := p.last(); a.Do != "inject" || *a.XML != authText {
		t.Errorf("%+v %s", a, *a.XML)
	}
	th.press("i").write("scram-sha-1 ").press("Enter").has("SCRAM-SHA-1, initial-response").has("ABCDEFGHIJKLMNOPQRSTUVWXYZ").press("Ctrl-T").has("mechanism='SCRAM-SHA-1'>").has("biwsbj1").press("Ctrl-T").has("gs2-cbind-flag")
}

// Many lines are pasted as they are; too much is refused with a way out.
func TestPasteManyLines(t *testing.T) {
	th, p := onAir(t, 80, 24)
	th.press("i").write("empty").press("Enter")
	th.u.over.paste("<message to='a@b'>\r\n  <body>one\ntwo</body>\n</message>")
	th.tick()
	th.has("✓ well-formed").has("line 4:11").press("Ctrl-S")
	if a := p.last(); *a.XML != "<message to='a@b'>\n  <body>one\ntwo</body>\n</message>" {
		t.Errorf("%q", *a.XML)
	}
	th.press("i").write("empty").press("Enter")
	th.u.over.paste(strings.Repeat("x", maxEdited+1))
	th.tick()
	th.has("Ctrl-O edits").press("Esc")
	p.hold(decode.FromInitiator, "<message><body>"+strings.Repeat("x", 5<<20)+"</body></message>")
	th.tick()
	th.press("e").has("too much to be edited here: E opens it in $EDITOR")
}

func TestEditingScreens(t *testing.T) {
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"120x40", 120, 40}} {
		for _, c := range []struct {
			name string
			do   func(th *theatre, p *puppet)
		}{
			{"edit-proof", func(th *theatre, p *puppet) {
				th.u.o.Verify = verifyJuliet
				p.scram()
				th.tick()
				th.press("e Ctrl-G")
			}},
			{"edit-completion", func(th *theatre, p *puppet) {
				p.bound()
				th.tick()
				th.press("i").write("empty").press("Enter").write("<iq type='get' id='7'><query xmlns='disco")
			}},
			{"edit-lint", func(th *theatre, p *puppet) {
				p.bound()
				p.hold(decode.FromInitiator, "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>")
				th.tick()
				th.press("e Ctrl-A")
				th.u.over.paste("<iq type='ask'>\n\t<ping xmlns='urn:xmpp:ping'/>\n</iq>")
				th.tick()
			}},
			{"edit-hostile", func(th *theatre, p *puppet) {
				p.hold(decode.FromReceiver, "<message><body>世界 e\u0301 \x1b[31m \u202e \xff &lt; 👨‍👩‍👧</body></message>")
				th.tick()
				th.press("e Ctrl-A")
			}},
			{"edit-replay", func(th *theatre, p *puppet) {
				p.bound()
				p.open = []decode.ConnID{1, 2}
				th.tick()
				th.press("k k r")
			}},
		} {
			t.Run(c.name+"-"+size.name, func(t *testing.T) {
				th, p := onAir(t, size.w, size.h)
				c.do(th, p)
				th.golden(c.name + "-" + size.name)
			})
		}
	}
}

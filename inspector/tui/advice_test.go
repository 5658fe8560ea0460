package tui

import (
	"errors"
	"strings"
	"testing"

	"xmppscope/decode"
)

// Would makes a puppet tell what something would be, like a proxy.
func (p *puppet) Would(id decode.ConnID, dir decode.Dir, text []byte, most int) ([]decode.Event, error) {
	if id != 1 {
		return nil, errors.New("it is not open")
	}
	return p.conn.Would(dir, p.at, text, most), nil
}

func (p *puppet) Open() []decode.ConnID { return p.open }

var _ Previewer = (*puppet)(nil)

// bound brings a puppet to a session that can send stanzas.
func (p *puppet) bound() {
	for _, s := range []struct {
		dir  decode.Dir
		text string
	}{
		{decode.FromInitiator, authText}, {decode.FromReceiver, "<success xmlns='urn:ietf:params:xml:ns:xmpp-sasl'/>"}, {decode.FromInitiator, openC}, {decode.FromReceiver, openS},
		{decode.FromReceiver, "<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>"},
		{decode.FromInitiator, "<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>"},
		{decode.FromReceiver, "<iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mbed@h.example/x</jid></bind></iq>"},
		{decode.FromInitiator, "<presence/>"},
	} {
		p.feed(s.dir, s.text)
	}
}

// The rules are asked about what the text would be in the session as it is: what
// the edit causes is told, not what was wrong before.
func TestAdvice(t *testing.T) {
	for _, c := range []struct {
		name, held, edited string
		dir                decode.Dir
		has, lacks         string
	}{
		{"as it came", "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", "", 0, "as it came", "would cause"},
		{"no id", "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", 0, "✗ would cause error iq-no-id", "xml-"},
		{"no such type", "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq type='ask' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", 0, "would cause error", ""},
		{"repaired", "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq type='get' id='p1'><ping xmlns='urn:xmpp:ping'/></iq>", 0, "✓ no longer error iq-no-id", "would cause"},
		{"as wrong as before", "<iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", "<iq type='get'><ping xmlns='urn:xmpp:pong'/></iq>", 0, "· as it came, not by your change: error iq-no-id", "would cause"},
		{"a second login", "<presence/>", authText, 0, "would cause", ""},
		{"not well-formed", "<presence/>", "<presence>\n <x></presence>", 0, "✗ not well-formed at line 2, column 5 (byte 15)", "as it came"},
		{"two units", "<presence/>", "<presence/><iq type='get'><ping xmlns='urn:xmpp:ping'/></iq>", 0, "would cause error iq-no-id", ""},
		{"from a stranger", "<iq type='result' id='b9' to='mbed@h.example/x'/>", "<message from='a@b' to='mbed@h.example/x'><body/></message>", 1, "well-formed", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			th, p := onAir(t, 110, 36)
			p.bound()
			th.tick()
			p.hold(c.dir, c.held)
			th.tick()
			th.press("e")
			if c.edited != "" {
				th.press("Ctrl-A")
				th.u.over.paste(c.edited)
				th.tick()
			}
			th.has(c.has)
			if c.lacks != "" {
				th.lacks(c.lacks)
			}
		})
	}
}

// What stands behind an element that switches layers is told before it is sent, and
// a list of features is judged by what it offers itself.
func TestAdviceOnASwitch(t *testing.T) {
	const (
		offer   = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'><required/></starttls></stream:features>"
		ask     = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
		proceed = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	)
	for _, c := range []struct {
		name, held, edited string
		dir                decode.Dir
		has, lacks         string
	}{
		{"an offer", offer, offer + " ", 1, "well-formed", "starttls-absent"},
		{"no offer", offer, "<stream:features/>", 1, "would cause warning starttls-absent", ""},
		{"a request", ask, ask, 0, "as it came", "would cause"},
		{"a line end behind it", ask, ask + "\n", 0, "would cause error starttls-whitespace", ""},
		{"more behind it", ask, ask + "<presence/>", 0, "would cause error starttls-data-before-proceed", ""},
		{"agreed", proceed, proceed, 1, "as it came", "would cause"},
		{"a blank behind it", proceed, proceed + " ", 1, "would cause error starttls-whitespace: white space between proceed and the first TLS record (byte 50;", ""},
		{"a stanza behind it", proceed, proceed + "<message/>", 1, "would cause error starttls-plaintext-injection", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			th, p := onAirAt(t, 120, 36, 2)
			if c.held != offer {
				p.feed(decode.FromReceiver, offer)
			}
			if c.held == proceed {
				p.feed(decode.FromInitiator, ask)
			}
			th.tick()
			p.hold(c.dir, c.held)
			th.tick()
			th.press("e Ctrl-A")
			th.u.over.paste(c.edited)
			th.tick()
			th.has(c.has)
			if c.lacks != "" {
				th.lacks(c.lacks)
			}
		})
	}
}

// Where nobody can tell what a text would be, it is what it takes the place of, as
// long as it has the same name.
func TestAdviceFromAfar(t *testing.T) {
	in := transcripts(t, "plain")
	var h history
	for i := range in.Store.Len() {
		e, err := in.Store.Event(i)
		if err != nil {
			t.Fatal(err)
		}
		if e.Step == decode.StepSASLAuth {
			j, as := job{conn: e.Conn, dir: e.Dir, kind: e.Kind, scope: e.Scope, exchange: e.SASL, instead: e}, *e
			came := h.judge(&looking{}, []*decode.Event{&as})
			if fresh, gone, _ := compared(came, h.judge(&looking{}, []*decode.Event{j.plain(e.Wire)})); len(came) == 0 || len(fresh)+len(gone) > 0 {
				t.Errorf("as it came it is otherwise: %v, and not %v", fresh, gone)
			}
			if other := j.plain([]byte("<other xmlns='x'/>")); other.Step != decode.StepNone {
				t.Errorf("something else is %s", other.Step)
			}
			return
		}
		h.conn = e.Conn
		h.first = append(h.first, e)
	}
	t.Fatal("there is no login")
}

// What a long history cannot show is not held against what comes next.
func TestHistoryIsBounded(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.bound()
	for range maxFirst + 3*maxRecent {
		p.feed(decode.FromInitiator, "<message to='a@b' id='m'><body>x</body></message>")
	}
	th.tick()
	var h history
	h.read(p.store, 1)
	if len(h.first) != maxFirst || len(h.recent) > 2*maxRecent || !h.left {
		t.Errorf("%d and %d events, left out %v", len(h.first), len(h.recent), h.left)
	}
	p.hold(decode.FromInitiator, pingText)
	th.tick()
	th.press("e").has("as it came").lacks("would cause")
	names := h.names()
	if len(names.jids) < 2 || !strings.HasPrefix(names.ids[0].insert, "m") {
		t.Errorf("%+v", names)
	}
}

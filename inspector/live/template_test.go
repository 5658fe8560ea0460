package live

import (
	"encoding/base64"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/xmlstream"
	"xmppscope/inspector/gate"
)

const header = " to='h.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"

// stages are what was said before a template is sent: up to the offer of a login,
// up to its first message, and up to the session.
func stages() (offer, login, session []string) {
	offer = []string{"C<stream:stream" + header, "S<stream:stream id='1'" + strings.Replace(header, " to=", " from=", 1),
		"S<stream:features><mechanisms xmlns='" + nsSASL + "'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism><mechanism>SCRAM-SHA-256</mechanism><mechanism>EXTERNAL</mechanism><mechanism>ANONYMOUS</mechanism></mechanisms></stream:features>"}
	login = append(append(login, offer...), "C<auth xmlns='"+nsSASL+"' mechanism='PLAIN'>"+base64.StdEncoding.EncodeToString([]byte("\x00mbed\x00mirror"))+"</auth>")
	session = append(append(session, login...), "S<success xmlns='"+nsSASL+"'/>", "C<stream:stream"+header, "S<stream:stream id='2'"+strings.Replace(header, " to=", " from=", 1),
		"S<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><sm xmlns='urn:xmpp:sm:3'/></stream:features>",
		"C<iq type='set' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq>",
		"S<iq type='result' id='b1'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><jid>mbed@h.example/x</jid></bind></iq>",
		"C<presence/>", "C<iq type='get' id='q1' to='h.example'><query xmlns='http://jabber.org/protocol/disco#info'/></iq>", "S<iq type='get' id='q2' from='h.example' to='mbed@h.example/x'><ping xmlns='urn:xmpp:ping'/></iq>")
	return offer, login, session
}

// Every template can be sent as it is by the side that it is for, breaks no rule
// where it is sent, and holds nothing that was to be filled in.
func TestTemplates(t *testing.T) {
	offer, login, session := stages()
	counted := append(append([]string(nil), session...), "C<enable xmlns='urn:xmpp:sm:3'/>", "S<enabled xmlns='urn:xmpp:sm:3'/>")
	before := map[string][]string{"login refused": login, "login accepted": login, "abort": login, "sm request": counted, "sm answer": counted}
	for _, d := range []decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		for _, tm := range Templates(d) {
			t.Run(d.String()+" "+tm.Name, func(t *testing.T) {
				said := session
				if some := before[tm.Name]; some != nil {
					said = some
				} else if tm.Login {
					said = offer
				}
				c, engine := decode.NewConn(1, decode.Options{}), lint.New(lint.Options{})
				at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
				seq := decode.Seq(0)
				k := Known{Peer: "romeo@h.example"}
				for _, s := range said {
					events, _ := c.Feed(decode.Dir(strings.IndexByte("CS", s[0])), at, []byte(s[1:]))
					for i := range events {
						seq++
						events[i].Seq = seq
						engine.Event(&events[i])
						k.State, k.H = events[i].After, events[i].SM.Sent[d.Other()]
					}
				}
				if said[len(said)-1] == session[len(session)-1] {
					k.Asked, k.Asker = map[decode.Dir]string{0: "q2", 1: "q1"}[d], map[decode.Dir]string{0: "h.example", 1: "mbed@h.example/x"}[d]
				}
				text := tm.With(k)
				if strings.Contains(text, "$") || strings.Contains(text, "''") {
					t.Errorf("not filled: %s", text)
				}
				if tm.Name == "empty" {
					return
				}
				if why := gate.Malformed([]byte(text), xmlstream.MidStream(xmlstream.NSClient)); why != "" {
					t.Fatalf("%s: %s", why, text)
				}
				e := c.Preview(d, at, []byte(text))
				e.Seq = seq + 1
				if e.Kind == decode.KindBroken {
					t.Fatalf("it is broken: %s", text)
				}
				for _, f := range engine.Event(&e) {
					if f.Level == lint.LevelError && !strings.HasPrefix(f.Rule, "sasl-plain-") { // what PLAIN is, and no fault of the template
						t.Errorf("%s: %s, %s", text, f.Rule, f.Text)
					}
				}
				if tm.Login {
					if l := NewLogin(&e, text); l == nil || len(l.Fields) == 0 {
						t.Errorf("%s cannot be edited as fields", text)
					}
				}
			})
		}
	}
}

// Without anything that is known a template can still be sent.
func TestTemplatesAlone(t *testing.T) {
	for _, d := range []decode.Dir{decode.FromInitiator, decode.FromReceiver} {
		for _, tm := range Templates(d) {
			a, b := tm.Fill(nil), tm.Fill(&decode.State{Domain: "a'b<&"})
			for _, text := range []string{a, b} {
				if why := gate.Malformed([]byte(text), xmlstream.MidStream(xmlstream.NSClient)); why != "" || strings.Contains(text, "$") {
					t.Errorf("%s %s", text, why)
				}
			}
			if strings.Contains(a, " id='xs-") && a == tm.Fill(nil) {
				t.Errorf("%s has the same id again", tm.Name)
			}
		}
	}
}

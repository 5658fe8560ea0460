package binding

import (
	"fmt"
	"strings"
	"testing"

	"xmppscope/decode"
)

const (
	bothFeatures = `<stream:features>
 <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism >SCRAM-SHA-1</mechanism><mechanism>GS2-KRB5-PLUS</mechanism> <mechanism>PLAIN</mechanism></mechanisms>
 <sasl-channel-binding xmlns="urn:xmpp:sasl-cb:0"><channel-binding type="tls-unique"/><channel-binding  type='tls-exporter' /></sasl-channel-binding>
 <authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-256</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-UNIQ</mechanism><mechanism>HT-SHA-256-EXPR</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication>
 <x xmlns='odd' a = "&#x41;"><y>stays</y></x></stream:features>`
	strippedFeatures = `<stream:features>
 <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism >SCRAM-SHA-1</mechanism> <mechanism>PLAIN</mechanism></mechanisms>
 
 <authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256</mechanism><inline><bind xmlns='urn:xmpp:bind:0'/></inline></authentication>
 <x xmlns='odd' a = "&#x41;"><y>stays</y></x></stream:features>`
	newClientFeatures = `<stream:features>
 <mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1-PLUS</mechanism><mechanism >SCRAM-SHA-1</mechanism> <mechanism>PLAIN</mechanism></mechanisms>
 <sasl-channel-binding xmlns="urn:xmpp:sasl-cb:0"><channel-binding  type='tls-exporter' /></sasl-channel-binding>
 <authentication xmlns='urn:xmpp:sasl:2'><mechanism>SCRAM-SHA-256-PLUS</mechanism><mechanism>SCRAM-SHA-256</mechanism><inline><fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism></fast><bind xmlns='urn:xmpp:bind:0'/></inline></authentication>
 <x xmlns='odd' a = "&#x41;"><y>stays</y></x></stream:features>`
)

// TestFeatures: what has to go goes, everything else stays byte for byte.
func TestFeatures(t *testing.T) {
	modern, old, all := Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0303, Unique: []byte("B")}, Leg{Version: 0x0303, Unique: []byte("U"), Exporter: []byte("E"), EndPoint: []byte("P")}
	without := strings.Replace(bothFeatures, "<mechanism>GS2-KRB5-PLUS</mechanism>", "", 1)
	tests := []struct {
		name string
		mode Mode
		a, b Leg
		want string
	}{
		{"strip", Strip, modern, modern, strippedFeatures},
		{"observe", Observe, modern, old, bothFeatures},
		{"the client cannot bind at all", Recompute, Leg{}, modern, strippedFeatures},
		{"both can do everything", Recompute, all, all, without},
		{"new client", Recompute, modern, Leg{Version: 0x0304, Exporter: []byte("B")}, newClientFeatures},
		{"new client, old server", Recompute, modern, old, strings.Replace(newClientFeatures, "<fast xmlns='urn:xmpp:fast:0'><mechanism>HT-SHA-256-EXPR</mechanism></fast>", "", 1)},
	}
	for _, tt := range tests {
		s := New(Options{Mode: tt.mode, Password: pencil})
		s.Secured(tt.a, tt.b)
		v := s.Unit(decode.FromReceiver, element(t, bothFeatures), exampleState)
		got := string(v.Bytes)
		if v.Bytes == nil {
			got = bothFeatures
		}
		if got != tt.want {
			t.Errorf("%s:\n got %s\nwant %s", tt.name, got, tt.want)
		}
		if (v.Note != "") != (v.Bytes != nil) {
			t.Errorf("%s: note %q", tt.name, v.Note)
		}
	}
}

// TestInsideABody: on BOSH the element is part of a larger unit, and only its own
// bytes come back.
func TestInsideABody(t *testing.T) {
	body := element(t, "<body xmlns='http://jabber.org/protocol/httpbind' xmlns:stream='http://etherx.jabber.org/streams'>"+bothFeatures+"</body>")
	s := New(Options{Mode: Strip})
	if v := s.Unit(decode.FromReceiver, body, nil); v.Bytes != nil {
		t.Errorf("the body became %s", v.Bytes)
	}
	if v := s.Unit(decode.FromReceiver, body.FirstElement(), nil); string(v.Bytes) != strippedFeatures {
		t.Errorf("%s", v.Bytes)
	}
}

func TestFeaturesWithNothingToDo(t *testing.T) {
	for _, xml := range []string{
		"<stream:features/>", "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>",
		"<stream:features><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/><mechanism>X-PLUS</mechanism></stream:features>",
	} {
		for _, mode := range []Mode{Strip, Recompute} {
			if v := New(Options{Mode: mode}).Unit(decode.FromReceiver, element(t, xml), nil); v.Bytes != nil || v.Note != "" {
				t.Errorf("%v %s: %s %s", mode, xml, v.Bytes, v.Note)
			}
		}
	}
}

// TestOtherMechanisms: bytes stay; the sentence says why it will not work.
func TestOtherMechanisms(t *testing.T) {
	tests := []struct{ xml, note string }{
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>=</auth>", "the one of --client-cert"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'/>", "the one of --client-cert"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>", ""},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='GS2-KRB5-PLUS'/>", "cannot be recomputed"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1-PLUS'>cD10bHM</auth>", "no base64"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1-PLUS'>cj1hYg==</auth>", "no message of SCRAM"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1-PLUS'>=</auth>", "no message of SCRAM"},
		{"<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='SCRAM-SHA-1-PLUS'/>", ""},
		{"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='SCRAM-SHA-1-PLUS'><initial-response>cD10bHMtZXhwb3J0ZXIsLG49dXNlcixyPWFi</initial-response></authenticate>", "its TLS connection with the proxy has none"},
		{"<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-EXPR'><initial-response>AA==</initial-response></authenticate>", "not both TLS connections have"},
		{"<authenticate xmlns='urn:xmpp:sasl:2'/>", ""},
		{"<message xmlns='jabber:client'/>", ""},
	}
	for _, tt := range tests {
		v := New(Options{Mode: Recompute, Password: pencil}).Unit(decode.FromInitiator, element(t, tt.xml), exampleState)
		if v.Bytes != nil {
			t.Errorf("%s became %s", tt.xml, v.Bytes)
		}
		if (tt.note == "") != (v.Note == "") || !strings.Contains(v.Note, tt.note) {
			t.Errorf("%s: note %q, want %q", tt.xml, v.Note, tt.note)
		}
	}
}

// TestLateFirstMessage: no initial response; the first message comes after an
// empty challenge (RFC 4422 §3), the signature in a challenge of its own.
func TestLateFirstMessage(t *testing.T) {
	s := New(Options{Mode: Recompute, Password: pencil})
	s.Secured(Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0304, Exporter: []byte("B")})
	h, _ := scramHash("SCRAM-SHA-1")
	k, _ := h.keys("pencil", []byte("salt"), 5)
	const bare, nonce = "n=user,r=ab", "abcd"
	first := "r=" + nonce + ",s=" + string(encode([]byte("salt"))) + ",i=5"
	final := func(cb string) string { return "c=" + string(encode([]byte("p=tls-exporter,,"+cb))) + ",r=" + nonce }
	auth := func(cb string) []byte { return authMessage([]byte(bare), []byte(first), []byte(final(cb))) }
	clientKey := findClientKey("pencil", "salt", 5)
	proof := func(cb string) string {
		return final(cb) + ",p=" + string(encode(xor(clientKey, h.mac(k.stored, auth(cb)))))
	}
	v := func(cb string) string { return "v=" + string(encode(h.mac(k.server, auth(cb)))) }
	steps := []struct {
		dir      decode.Dir
		name     string
		in, want string
	}{
		{0, "auth", "", ""}, {1, "challenge", "", ""},
		{0, "response", "p=tls-exporter,," + bare, ""}, {1, "challenge", first, ""},
		{0, "response", proof("A"), proof("B")}, {1, "challenge", v("B"), v("A")},
		{0, "response", "", ""}, {1, "success", "", ""},
	}
	for i, st := range steps {
		attrs := ""
		if i == 0 {
			attrs = " mechanism='SCRAM-SHA-1-PLUS'"
		}
		xml := func(data string) string {
			return fmt.Sprintf("<%s xmlns='%s'%s>%s</%[1]s >", st.name, nsSASL, attrs, encode([]byte(data)))
		}
		verdict := s.Unit(st.dir, element(t, xml(st.in)), exampleState)
		want := ""
		if st.want != "" {
			want = xml(st.want)
		}
		if string(verdict.Bytes) != want {
			t.Errorf("step %d: got %q, want %q (%s)", i, verdict.Bytes, want, verdict.Note)
		}
	}
}

func findClientKey(password, salt string, n int) []byte {
	h, _ := scramHash("SCRAM-SHA-1")
	// Hi() by its definition, RFC 5802 §2.2.
	u := h.mac([]byte(password), []byte(salt), []byte{0, 0, 0, 1})
	all := u
	for range n - 1 {
		u = h.mac([]byte(password), u)
		all = xor(all, u)
	}
	return h.mac(all, []byte("Client Key"))
}

// TestTokens: a token that was given out through the proxy is good for the next
// login (XEP-0484).
func TestTokens(t *testing.T) {
	tokens := &Tokens{}
	a, b := Leg{Version: 0x0304, Exporter: []byte("A")}, Leg{Version: 0x0304, Exporter: []byte("B")}
	first := New(Options{Mode: Recompute, Tokens: tokens})
	first.Secured(a, b)
	first.Unit(decode.FromInitiator, element(t, "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AG1iZWQAbWlycm9y</initial-response></authenticate>"), exampleState)
	first.Unit(decode.FromReceiver, element(t, "<success xmlns='urn:xmpp:sasl:2'><authorization-identifier>mbed@example.com/x</authorization-identifier><token xmlns='urn:xmpp:fast:0' token='secret-token' expiry='2030-01-01T00:00:00Z'/></success>"), exampleState)

	h := hashes["SHA-256"]
	proof := func(who, cb string) []byte { return h.mac([]byte("secret-token"), []byte(who), []byte(cb)) }
	authenticate := func(cb string) string {
		return "<authenticate xmlns='urn:xmpp:sasl:2' mechanism='HT-SHA-256-EXPR'><initial-response>" + string(encode(append([]byte("mbed\x00"), proof("Initiator", cb)...))) + "</initial-response><fast xmlns='urn:xmpp:fast:0' count='1'/></authenticate>"
	}
	success := func(cb string) string {
		return "<success xmlns='urn:xmpp:sasl:2'><additional-data>" + string(encode(proof("Responder", cb))) + "</additional-data></success>"
	}
	second := New(Options{Mode: Recompute, Tokens: tokens})
	second.Secured(a, b)
	v := second.Unit(decode.FromInitiator, element(t, authenticate("A")), exampleState)
	if string(v.Bytes) != authenticate("B") || strings.Contains(v.Note, "secret") {
		t.Errorf("%s (%s)", v.Bytes, v.Note)
	}
	if v = second.Unit(decode.FromReceiver, element(t, success("B")), exampleState); string(v.Bytes) != success("A") {
		t.Errorf("%s (%s)", v.Bytes, v.Note)
	}
	for name, xml := range map[string]string{"none of the tokens": authenticate("C"), "before this proxy": strings.Replace(authenticate("A"), "bWJlZ", "bWJlY", 1)} {
		s := New(Options{Mode: Recompute, Tokens: tokens})
		s.Secured(a, b)
		if v := s.Unit(decode.FromInitiator, element(t, xml), exampleState); v.Bytes != nil || !strings.Contains(v.Note, name) {
			t.Errorf("%s: %s (%s)", name, v.Bytes, v.Note)
		}
	}
}

func TestTokensAreBounded(t *testing.T) {
	var tokens Tokens
	for i := range maxAccounts + 10 {
		for j := range maxTokens + 3 {
			tokens.put(account{fmt.Sprint(i), "d"}, fmt.Sprint(j))
		}
	}
	if len(tokens.of) != maxAccounts || len(tokens.order) != maxAccounts {
		t.Error(len(tokens.of), len(tokens.order))
	}
	if got := tokens.get(account{"20", "d"}); len(got) != maxTokens || got[0] != "10" {
		t.Error(got)
	}
	if tokens.get(account{"0", "d"}) != nil {
		t.Error("the oldest account is still there")
	}
}

func TestModes(t *testing.T) {
	for _, m := range []Mode{Recompute, Strip, Observe} {
		if got, err := ParseMode(m.String()); err != nil || got != m || m.Banner() == "" {
			t.Error(m, got, err)
		}
	}
	for _, bad := range []string{"", "none", "Strip"} {
		if _, err := ParseMode(bad); err == nil {
			t.Errorf("%q is taken", bad)
		}
	}
	if Mode(99).String() != "" || Mode(99).Banner() != "" {
		t.Error("a mode that does not exist has a name")
	}
}

func TestShown(t *testing.T) {
	for in, want := range map[string]string{
		"SCRAM-SHA-1": "SCRAM-SHA-1", "\u202eX": `"\u202eX"`, "\xa6": `"\xa6"`, "\x1b[31m": `"\x1b[31m"`,
		strings.Repeat("x", 100): strings.Repeat("x", 60) + "…",
	} {
		if got := shown(in); got != want {
			t.Errorf("%q: %s", in, got)
		}
	}
}

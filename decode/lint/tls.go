package lint

import (
	"bytes"
	"fmt"
	"slices"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/spec"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// tlsGroup is what the two sides agree on in the TLS handshake (RFC 9325).
var tlsGroup = Group{
	Kinds: []decode.Kind{decode.KindTLS, decode.KindNote, decode.KindNonza},
	Check: checkTLS,
	Rules: []Rule{
		{Name: "tls-version-weak", Level: LevelError, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "3.1.1"),
			Doc:    "Versions of TLS before 1.2 are broken and must not be used, and 1.3 is better than 1.2.",
			Advice: "allow TLS 1.2 and 1.3 alone on both sides"},
		{Name: "tls-cipher-forbidden", Level: LevelError, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "4.1"),
			Doc:    "Some cipher suites do not encrypt at all, or so weakly that it can be undone.",
			Advice: "take the suite out of the lists of both sides"},
		{Name: "tls-no-forward-secrecy", Level: LevelWarning, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "4.1"),
			Doc:    "Without a fresh key agreement whoever steals the server's key later can read what was recorded today.",
			Advice: "prefer the suites with ECDHE, or TLS 1.3"},
		{Name: "tls-cbc-no-etm", Level: LevelWarning, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "4.2"),
			Doc:    "Block ciphers in CBC mode leak unless the checksum is made after encryption.",
			Advice: "use a suite with GCM or ChaCha20-Poly1305, or the extension encrypt_then_mac"},
		{Name: "tls-compression", Level: LevelWarning, Needs: Outside | NeedPeer, Ref: spec.RFC(9325, "3.3"),
			Doc:    "Compression inside TLS lets an attacker guess secrets from the length of what is sent.",
			Advice: "switch it off"},
		{Name: "tls-no-ems", Level: LevelWarning, Needs: Outside | NeedPeer, Ref: spec.RFC(7627, "4"),
			Doc:    "Without the extended master secret the keys of TLS 1.2 are not tied to their handshake, and channel binding can be fooled.",
			Advice: "use a TLS library that has the extension extended_master_secret, or TLS 1.3"},
		{Name: "tls-no-renegotiation-info", Level: LevelError, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(9325, "3.5"),
			Doc:    "A client of TLS 1.2 must show that it cannot be fooled by a second handshake slipped in before its own.",
			Advice: "use a TLS library that sends renegotiation_info"},
	},
}

// tlsFacts are what the handshake of a conversation told. The group tlsGroup
// writes them.
type tlsFacts struct {
	client                decode.Seq // the ClientHello; 0 where none was seen
	direct                bool       // TLS from the first byte (XEP-0368)
	sni                   string
	sniAt, alpnAt         xmlstream.Span // in the ClientHello
	alpn                  []string
	best                  uint16 // the highest version that the client offers
	clientEMS, ech, reneg bool
	early                 bool // offers early data
	shaken                bool // the client has ended its handshake, or its early data
	server                bool // a ServerHello was seen
	ems, resumed          bool
	version               uint16
	judged                bool // version and suite
	bound                 bool // the login was judged
}

func checkTLS(p *Pass) {
	e, m := p.Event, of(&p.own.tlsFacts)
	if e.State == nil || e.After == nil {
		return
	}
	if e.Kind == decode.KindNonza {
		boundLogin(p, m)
		return
	}
	switch e.Name.Local {
	case "client_hello":
		m.clientHello(e)
	case "server_hello":
		serverHello(p, m)
	case "finished", "end_of_early_data":
		m.shaken = m.shaken || e.Dir == decode.FromInitiator
	}
	if v := e.After.TLS.Version; v != 0 && !m.judged {
		m.judged, m.version = true, v
		judgeVersion(p, m)
		judgeSuite(p, e.After.TLS.Cipher)
	}
	m.resumed = e.After.TLS.Resumed
}

// maxProtocols bounds the names in ALPN that are kept.
const maxProtocols = 16

func (m *tlsFacts) clientHello(e *decode.Event) {
	h, err := tlswire.ParseClientHello(e.Wire)
	if err != nil || m.server {
		return // a second handshake inside the first
	}
	if m.client == 0 {
		m.direct = e.Step == decode.StepDirectTLS
	}
	m.client = e.Seq
	m.sni, m.alpn = h.SNI[:min(len(h.SNI), maxKey)], h.ALPN[:min(len(h.ALPN), maxProtocols)]
	m.sniAt = wordIn(e.Wire, m.sni)
	if len(m.alpn) > 0 {
		m.alpnAt = wordIn(e.Wire, m.alpn[0])
	}
	m.clientEMS, m.ech, m.early = h.EMS, h.ECH, h.EarlyData
	m.reneg = h.RenegotiationInfo || slices.Contains(h.CipherSuites, 0x00ff)
	m.best = h.Version
	for _, v := range h.Versions {
		if v <= tlswire.TLS13 && v > m.best { // what is above is GREASE (RFC 8701)
			m.best = v
		}
	}
}

// wordIn is where a word stands in a message.
func wordIn(message []byte, word string) xmlstream.Span {
	at := bytes.Index(message, []byte(word))
	if at < 0 || word == "" {
		return xmlstream.Span{}
	}
	return xmlstream.Span{Start: int32(at), End: int32(at + len(word))}
}

// inEarlyData tells that what the client says now came before the handshake was
// over (RFC 8446 §2.3).
func (m *tlsFacts) inEarlyData() bool { return m.early && !m.shaken }

// serverHello judges what stands in the hellos alone.
func serverHello(p *Pass, m *tlsFacts) {
	h, err := tlswire.ParseServerHello(p.Event.Wire)
	if err != nil || m.server {
		return
	}
	m.server, m.ems = true, h.EMS
	if h.Compression != 0 {
		p.Report("tls-compression", fmt.Sprintf("the server has chosen compression method %d", h.Compression))
	}
	if h.Version >= tlswire.TLS13 {
		m.ems = true // the key schedule of TLS 1.3 has it built in
		if h.HasPSK && h.Group == 0 {
			p.Report("tls-no-forward-secrecy", "the keys come from the older session alone, without a new key agreement")
		}
		return
	}
	if hasSuite(suitesCBC, h.CipherSuite) && !h.EncryptThenMAC {
		p.Report("tls-cbc-no-etm", tlswire.CipherName(h.CipherSuite)+" without encrypt_then_mac")
	}
	if m.client == 0 {
		return
	}
	switch {
	case !m.clientEMS:
		p.Add(Finding{Rule: "tls-no-ems", Who: WhoInitiator, Seq: m.client, Text: "the client does not offer the extended master secret"})
	case !h.EMS:
		p.Add(Finding{Rule: "tls-no-ems", Who: WhoReceiver, Text: "the server does not take the extended master secret that the client offers"})
	}
	if !m.reneg {
		p.Add(Finding{Rule: "tls-no-renegotiation-info", Seq: m.client, Text: "neither renegotiation_info nor its stand-in among the cipher suites"})
	}
}

func judgeVersion(p *Pass, m *tlsFacts) {
	f := Finding{Rule: "tls-version-weak", Who: WhoReceiver, Text: tlswire.VersionName(m.version) + " is used"}
	if m.client != 0 && m.best <= m.version {
		f.Who = WhoInitiator // offered nothing better
	}
	switch {
	case m.version < tlswire.TLS12:
		p.Add(f)
	case m.version == tlswire.TLS12:
		f.Level, f.Text = LevelNote, "TLS 1.2 is used; it is allowed, and TLS 1.3 is better"
		p.Add(f)
	}
}

// judgeSuite judges a cipher suite by its number.
func judgeSuite(p *Pass, id uint16) {
	name := tlswire.CipherName(id)
	add := func(rule string, level Level, text string) {
		p.Add(Finding{Rule: rule, Level: level, Who: WhoReceiver, Text: name + " " + text})
	}
	switch {
	case hasSuite(suitesNull, id):
		add("tls-cipher-forbidden", LevelError, "does not encrypt")
	case hasSuite(suitesExport, id), hasSuite(suitesDES, id):
		add("tls-cipher-forbidden", LevelError, "has less than 112 bits: it can be broken by trying")
	case hasSuite(suitesRC4, id):
		add("tls-cipher-forbidden", LevelError, "uses RC4, which is broken")
	case hasSuite(suitesAnon, id):
		add("tls-cipher-forbidden", LevelWarning, "proves nobody's identity: anybody between the two can read along")
	case hasSuite(suites3DES, id):
		// 112 bits, so not forbidden, but below the 128 that should be.
		add("tls-cipher-forbidden", LevelWarning, "has 112 bits only, and small blocks that repeat in long connections")
	}
	switch {
	case hasSuite(suitesStatic, id):
		add("tls-no-forward-secrecy", LevelWarning, "has no fresh key agreement")
	case hasSuite(suitesDHE, id):
		add("tls-no-forward-secrecy", LevelNote, "agrees on keys in finite fields, whose strength depends on the server's group: ECDHE is better")
	}
}

// boundLogin judges a login that is bound to a TLS connection whose keys are
// not tied to its handshake (RFC 7677 §4, RFC 9266 §2).
func boundLogin(p *Pass, m *tlsFacts) {
	e := p.Event
	if m.bound || !m.server || m.ems || m.version >= tlswire.TLS13 || e.SASL == nil || !isLogin(e) {
		return
	}
	kind := sasl.BindingType(e.SASL)
	if kind != "tls-exporter" && !(m.resumed && kind != "") {
		return
	}
	m.bound = true
	text := "the login is bound by " + short(kind) + " to a connection without the extended master secret"
	if kind == "tls-exporter" {
		p.Add(Finding{Rule: "tls-no-ems", Level: LevelError, Ref: spec.RFC(9266, "2"), Text: text})
		return
	}
	p.Add(Finding{Rule: "tls-no-ems", Level: LevelError, Ref: spec.RFC(7677, "4"), Text: text + " that goes on with an older session"})
}

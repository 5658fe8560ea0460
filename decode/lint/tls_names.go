package lint

import (
	"net/netip"
	"slices"
	"strings"

	"golang.org/x/net/idna"

	"xmppscope/decode"
	"xmppscope/decode/spec"
)

// tlsNamesGroup is what a ClientHello asks for by name, and which way to TLS
// was taken.
var tlsNamesGroup = Group{
	Kinds: []decode.Kind{decode.KindTLS, decode.KindNote, decode.KindOpen, decode.KindHTTP, decode.KindNonza, decode.KindDNS},
	Check: checkTLSNames,
	End:   endTLSNames,
	Rules: []Rule{
		{Name: "tls-sni-missing", Level: LevelNote, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(7590, "3.5"),
			Doc:    "By naming the domain in its ClientHello a client lets a server of many domains pick the right certificate.",
			Advice: "set SNI to the XMPP domain, the part of the address behind the @"},
		{Name: "tls-sni-mismatch", Level: LevelWarning, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(6066, "3"),
			Doc:    "The server name in TLS should be the domain in the stream header.",
			Advice: "set SNI to the XMPP domain, not to the machine that DNS names"},
		{Name: "tls-alpn-wrong", Level: LevelError, Who: WhoInitiator, Ref: spec.XEP(368, "3"),
			Doc:    "Whoever speaks XMPP in direct TLS and names a protocol there must name xmpp-client or xmpp-server.",
			Advice: "offer xmpp-client to a server as a client, xmpp-server as a server"},
		{Name: "tls-direct-preferred", Level: LevelNote, Who: WhoInitiator, Needs: Outside, Ref: spec.RFC(9325, "3.2"),
			Doc:    "Where DNS offers TLS from the first byte there is no clear text that could be changed on its way.",
			Advice: "look up the _xmpps records as well, and prefer them where priorities allow"},
		{Name: "tls-legs-differ", Level: LevelNote, Who: WhoPath, Ref: spec.XEP(515, "1"),
			Doc:    "A proxy that ends TLS and begins it anew may have different versions of TLS on its two sides.",
			Advice: "have one version on both sides: the kinds of channel binding depend on it"},
	},
}

// tlsNames is what was said about the names of one conversation.
type tlsNames struct {
	hello    bool // the ClientHello was judged
	missing  bool // direct TLS without SNI, not told yet
	compared bool // SNI with the stream header
	alpn     bool // ALPN was judged
	direct   bool // DNS offers direct TLS
	starttls decode.Seq
	told     bool // that direct TLS was to be had
}

func checkTLSNames(p *Pass) {
	e, m, f := p.Event, of(&p.own.tlsNames), of(&p.own.tlsFacts)
	if e.State == nil {
		return
	}
	switch e.Kind {
	case decode.KindTLS:
		// A second one follows a HelloRetryRequest and says the same.
		if e.Name.Local == "client_hello" && f.client == e.Seq && !m.hello {
			m.hello = true
			helloNames(p, m, f)
		}
	case decode.KindNote:
		f.direct = f.direct || e.After != nil && e.After.TLS.Version != 0 && e.State.TLS.Version == 0 && e.State.Headers == [2]int{}
	case decode.KindHTTP:
		m.missing, m.alpn, m.compared = false, true, true // a web server's TLS is named after its own host
	case decode.KindOpen:
		headerNames(p, m, f)
	case decode.KindNonza:
		if e.Name.Space == spaceStartTLS && e.Name.Local == "starttls" {
			m.starttls = e.Seq
			m.tellDirect(p)
		}
	case decode.KindDNS:
		m.lookup(e)
		m.tellDirect(p)
	}
}

// helloNames judges a ClientHello by itself. With direct TLS the domain is not
// known yet, and it may turn out to be HTTPS.
func helloNames(p *Pass, m *tlsNames, f *tlsFacts) {
	s := p.Event.State
	switch {
	case f.sni != "" && s.Domain != "":
		compareSNI(p, m, f, s.Domain)
	case f.sni != "" || f.ech:
	case f.direct:
		m.missing = !s.Late // or <proceed/> stands before the capture
	case !isAddress(s.Domain):
		p.Report("tls-sni-missing", "the ClientHello names no server")
	}
}

func headerNames(p *Pass, m *tlsNames, f *tlsFacts) {
	e := p.Event
	if !inTLS(e.State) || e.Dir != decode.FromInitiator || !onSocket(e) {
		return
	}
	if m.missing && !isAddress(e.To) {
		noSNI(p, f)
	}
	m.missing = false
	sni := *f
	if sni.sni == "" {
		sni.sni = e.State.TLS.SNI
	}
	compareSNI(p, m, &sni, e.To)
	if m.alpn || !f.direct {
		return
	}
	m.alpn = true
	offered := f.alpn
	if len(offered) == 0 && e.State.TLS.ALPN != "" {
		offered = []string{e.State.TLS.ALPN}
	}
	want := "xmpp-client"
	if e.After != nil && e.After.Profile == decode.ProfileS2S {
		want = "xmpp-server"
	}
	if len(offered) > 0 && !slices.Contains(offered, want) {
		p.Add(Finding{Rule: "tls-alpn-wrong", Seq: f.client, Span: f.alpnAt, Text: "ALPN offers " + short(strings.Join(offered, ", ")) + ", not " + want})
	}
}

// noSNI is told of direct TLS, where SNI is required.
func noSNI(p *Pass, f *tlsFacts) {
	p.Add(Finding{Rule: "tls-sni-missing", Level: LevelError, Ref: spec.XEP(368, "3"), Seq: f.client,
		Text: "direct TLS, and the ClientHello names no server"})
}

// compareSNI holds SNI against the domain. Inside an encrypted ClientHello there
// is another one that counts.
func compareSNI(p *Pass, m *tlsNames, f *tlsFacts, domain string) {
	if m.compared || f.sni == "" || domain == "" || f.ech {
		return
	}
	m.compared = true
	if !sameDomain(f.sni, domainPart(domain)) {
		p.Add(Finding{Rule: "tls-sni-mismatch", Seq: f.client, Span: f.sniAt, Text: "SNI is " + short(f.sni) + ", the stream is for " + short(domain)})
	}
}

// sameDomain compares two domain names, in Unicode or in ASCII (RFC 5890).
func sameDomain(a, b string) bool { return strings.EqualFold(a, b) || ascii(a) == ascii(b) }

// ascii is a domain name as DNS and certificates have it.
func ascii(domain string) string {
	domain = strings.ToLower(strings.TrimSuffix(domain, "."))
	if len(domain) > 1023 {
		return domain
	}
	if a, err := idna.Lookup.ToASCII(domain); err == nil {
		return a
	}
	return domain
}

// isAddress tells an IP address, which cannot stand in SNI (RFC 6066 §3).
func isAddress(domain string) bool {
	_, err := netip.ParseAddr(strings.Trim(domain, "[]"))
	return err == nil
}

// lookup finds records of direct TLS among the answers of DNS.
func (m *tlsNames) lookup(e *decode.Event) {
	if m.direct || e.Type != "SRV" || e.Dir != decode.FromReceiver {
		return
	}
	msg, err := decode.DNSOf(e)
	if err != nil {
		return
	}
	for _, r := range msg.Answers {
		direct := strings.HasPrefix(r.Name, "_xmpps-client.") || strings.HasPrefix(r.Name, "_xmpps-server.")
		if r.Type == "SRV" && direct && strings.Trim(r.Target, ".") != "" {
			m.direct = true
		}
	}
}

func (m *tlsNames) tellDirect(p *Pass) {
	if m.direct && m.starttls != 0 && !m.told {
		m.told = true
		p.Add(Finding{Rule: "tls-direct-preferred", Seq: m.starttls, Text: "STARTTLS is used, though DNS offers direct TLS"})
	}
}

// endTLSNames tells of direct TLS that was never read. What is recognised as
// XMPP without that named it in ALPN.
func endTLSNames(p *Pass) {
	if m := of(&p.own.tlsNames); m.missing {
		noSNI(p, of(&p.own.tlsFacts))
	}
}

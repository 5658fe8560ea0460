package verify

import (
	"crypto/x509"
	"net"
	"strings"
	"testing"
	"unicode/utf8"

	"xmppscope/decode/tlswire"
)

// names reads "d example.org; s _xmpp-client.example.org": the kinds of a
// certificate's names are d, s, x, i and c for DNS-ID, SRV-ID, XmppAddr, IP
// address and CN-ID.
func names(text string) (ids []tlswire.Identifier) {
	for one := range strings.SplitSeq(text, "; ") {
		if len(one) > 1 {
			ids = append(ids, tlswire.Identifier{Kind: tlswire.IdentifierKind(strings.IndexByte("?dsxic", one[0])), Text: one[2:]})
		}
	}
	return ids
}

func TestNames(t *testing.T) {
	for _, c := range []struct {
		domain  string
		purpose Purpose
		names   string
		match   string // kind and name, or
		why     string // what the mismatch says
	}{
		// The kinds of RFC 6120 §13.7.1.2.1.
		{"example.org", ClientStream, "d example.org", "DNS-ID example.org", ""},
		{"Example.ORG.", ClientStream, "d EXAMPLE.org", "DNS-ID EXAMPLE.org", ""},
		{"example.org", ClientStream, "d www.example.org; s _xmpp-client.example.org", "SRV-ID _xmpp-client.example.org", ""},
		{"example.org", ClientStream, "s _XMPP-Client.Example.org", "SRV-ID _XMPP-Client.Example.org", ""},
		{"example.org", ServerStream, "s _xmpp-server.example.org", "SRV-ID _xmpp-server.example.org", ""},
		{"example.org", PeerServer, "s _xmpp-server.example.org", "SRV-ID _xmpp-server.example.org", ""},
		{"example.org", ClientStream, "x example.org", "XmppAddr example.org", ""},
		{"example.org", ClientStream, "c example.org", "CN-ID example.org", ""},
		{"example.org", ClientStream, "s _xmpp-server.example.org", "", "_xmpp-server.example.org is for another service than _xmpp-client"},
		{"example.org", ServerStream, "s _xmpp-client.example.org", "", "is for another service than _xmpp-server"},
		{"example.org", ClientStream, "d _xmpp-client.example.org", "", "is for _xmpp-client.example.org and not for example.org"},
		{"example.org", ClientStream, "x juliet@example.org", "", "is for juliet@example.org and"},
		{"example.org", ClientStream, "x example.org/balcony", "", "is for example.org/balcony and"},
		{"example.org", ClientStream, "d example.net; c example.org", "", "does not count where there are other names"},
		{"example.org", ClientStream, "i 192.0.2.1; c example.org", "CN-ID example.org", ""},
		{"example.org", ClientStream, "", "", "is for no name at all and not for example.org"},
		{"example.org", ClientStream, "d xmpp1.hosting.example", "", "xmpp1.hosting.example is the machine that DNS leads to"},
		{"example.org", ClientStream, "d a.example; d b.example; d c.example; d d.example; d e.example; d f.example", "", "for a.example, b.example, c.example, d.example, e.example, … and not"},
		// Stars.
		{"chat.example.org", ClientStream, "d *.example.org", "DNS-ID *.example.org", ""},
		{"chat.example.org", ClientStream, "s _xmpp-client.*.example.org", "SRV-ID _xmpp-client.*.example.org", ""},
		{"a.chat.example.org", ClientStream, "d *.example.org", "", "stands for one label and not for several"},
		{"example.org", ClientStream, "d *.example.org", "", "the domain has none there"},
		{"example.org", ClientStream, "d *", "", "a star counts only as the whole left-most label"},
		{"example.org", ClientStream, "d *.", "", "not for example.org"},
		{"example.org", ClientStream, "d *.*", "", "a star counts only as the whole left-most label"},
		{"chat.example.org", ClientStream, "d c*t.example.org", "", "a star counts only as the whole left-most label"},
		{"chat.example.org", ClientStream, "d *hat.example.org", "", "a star counts only as the whole left-most label"},
		{"chat.example.org", ClientStream, "d chat.*.org", "", "a star counts only as the whole left-most label"},
		{"chat.example.org", ClientStream, "d *.*.org", "", "a star counts only as the whole left-most label"},
		{"chat.example.org", ClientStream, "x *.example.org", "", "not for chat.example.org"},
		{"xn--mnchen-3ya.example.org", ClientStream, "d *.example.org", "DNS-ID *.example.org", ""},
		{"münchen.example", ClientStream, "d xn--m*.example", "", "a star counts only as the whole left-most label"},
		// International names.
		{"münchen.example", ClientStream, "d xn--mnchen-3ya.example", "DNS-ID xn--mnchen-3ya.example", ""},
		{"MÜNCHEN.example", ClientStream, "x münchen.example", "XmppAddr münchen.example", ""},
		{"xn--mnchen-3ya.example", ClientStream, "x münchen.example", "XmppAddr münchen.example", ""},
		{"münchen.example", ClientStream, "x xn--mnchen-3ya.example", "XmppAddr xn--mnchen-3ya.example", ""},
		{"münchen.example", ClientStream, "s _xmpp-client.xn--mnchen-3ya.example", "SRV-ID _xmpp-client.xn--mnchen-3ya.example", ""},
		{"münchen.example", ClientStream, "x munchen.example", "", "for munchen.example and not for münchen.example"},
		{"example.org", ClientStream, "x еxample.org", "", "not for example.org"}, // a Cyrillic letter
		// Forgeries.
		{"example.org", ClientStream, "d example.org\x00.evil.example", "", "has a zero byte in it"},
		{"example.org", ClientStream, "x example.org\x00", "", "has a zero byte in it"},
		{"example.org", ClientStream, "c example.org\x00.evil.example", "", "has a zero byte in it"},
		{"example.org", ClientStream, "d evil.example\x1b[2Jexample.org\u202e", "", `for "evil.example\x1b[2Jexample.org\u202e" and`},
		{"example.org", ClientStream, "d .example.org", "", "not for example.org"},
		{"example.org", ClientStream, "d example.org.", "", "not for example.org"},
		{"example.org", ClientStream, "d notexample.org; d *.xample.org", "", "not for example.org"},
		{"example.org", ClientStream, "s _xmpp-client.", "", "not for example.org"},
		{"example.org", ClientStream, "s _", "", "not for example.org"},
		{"", ClientStream, "d example.org; c ", "", "is no domain"},
		{"juliet@example.org", ClientStream, "d example.org", "", "is no domain"},
		{"a b", ClientStream, "d a b", "", "is no domain"},
		{"*.example.org", ClientStream, "d *.example.org", "", "is no domain"},
		// Addresses.
		{"192.0.2.1", ClientStream, "i 192.0.2.1", "IP address 192.0.2.1", ""},
		{"[2001:db8::1]", ClientStream, "i 2001:db8::1", "IP address 2001:db8::1", ""},
		{"192.0.2.1", ClientStream, "d 192.0.2.1", "", "stands there as a DNS name"},
		{"192.0.2.1", ClientStream, "d *.0.2.1; c 192.0.2.1; x 192.0.2.1", "", "not for 192.0.2.1"},
		{"example.org", ClientStream, "i 192.0.2.1", "", "not for example.org"},
	} {
		var r Result
		check := Check{Domain: c.domain, Purpose: c.purpose, Host: "xmpp1.hosting.example"}
		check.match(&r, names(c.names))
		got := ""
		if r.MatchKind != "" {
			got = r.MatchKind + " " + r.Match
		}
		why := ""
		for _, p := range r.Problems {
			if p.Fatal {
				why = p.Text
			}
		}
		if got != c.match || (c.why == "") != (why == "") || !strings.Contains(why, c.why) {
			t.Errorf("%s, %v, %q: %q, %q; want %q, %q", c.domain, c.purpose, c.names, got, why, c.match, c.why)
		}
		if (got != "") == r.MatchRef.IsZero() || got != "" && !r.MatchRef.Known() {
			t.Errorf("%s, %q: reference %v", c.domain, c.names, r.MatchRef)
		}
	}
}

func TestManyNames(t *testing.T) {
	ids := make([]tlswire.Identifier, 0, 10001)
	for range 10000 {
		ids = append(ids, tlswire.Identifier{Kind: tlswire.XmppAddr, Text: strings.Repeat("ü", 30)})
	}
	ids = append(ids, tlswire.Identifier{Kind: tlswire.DNSID, Text: "example.org"})
	var r Result
	r.name(ids)
	check := Check{Domain: "example.org"}
	if check.match(&r, ids); r.Match != "example.org" || len(r.Names) != maxShown || r.More != len(ids)-maxShown {
		t.Errorf("%q, %d names and %d more", r.Match, len(r.Names), r.More)
	}
	check.Domain = "example.net"
	if check.match(&r, ids); len(r.Problems) != 1 || len(r.Problems[0].Text) > 1000 {
		t.Errorf("%d problems", len(r.Problems))
	}
}

func TestWord(t *testing.T) {
	for in, want := range map[string]string{
		"": `""`, "a": "a", "ü": "ü", `a"b`: `"a\"b"`, "a\nb": `"a\nb"`, "\xff": `"\xff"`,
		strings.Repeat("ü", 60): strings.Repeat("ü", 50) + "…",
	} {
		if got := word(in); got != want {
			t.Errorf("%q: %s, want %s", in, got, want)
		}
	}
}

// FuzzMatch: no name is taken for a domain that crypto/x509 would not take it
// for, and nothing that is said can fool a terminal.
func FuzzMatch(f *testing.F) {
	for _, seed := range [][2]string{{"example.org", "*.example.org"}, {"münchen.example", "xn--mnchen-3ya.example"}, {"a.b", "a.b\x00"}, {"::1", "::1"}} {
		f.Add(seed[0], seed[1])
	}
	f.Fuzz(func(t *testing.T, domain, name string) {
		c := Check{Domain: domain}
		var r Result
		c.match(&r, []tlswire.Identifier{{Kind: tlswire.DNSID, Text: name}, {Kind: tlswire.SRVID, Text: name}, {Kind: tlswire.XmppAddr, Text: name}, {Kind: tlswire.CNID, Text: name}})
		for _, p := range r.Problems {
			if !utf8.ValidString(p.Text) || strings.ContainsAny(p.Text, "\x00\x1b\n\u202e") || len(p.Text) > 2000 {
				t.Fatalf("%q", p.Text)
			}
		}
		ref, ok := c.reference()
		if !ok || r.MatchKind != "DNS-ID" {
			return
		}
		if cert := (&x509.Certificate{DNSNames: []string{name}}); net.ParseIP(ref.ascii) == nil && cert.VerifyHostname(ref.ascii) != nil {
			t.Fatalf("%q is taken for %q, and crypto/x509 would not", name, domain)
		}
	})
}

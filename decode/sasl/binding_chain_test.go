package sasl

import (
	"fmt"
	"strings"
	"testing"
)

// chainLines writes a chain without what only a secret gives: name, value, the
// mark of the comparison, meaning.
func chainLines(v Verdict) string {
	var b strings.Builder
	for _, s := range v.Chain {
		mark := map[Comparison]string{Equal: "=", Different: "≠", Unknown: "?", NotCompared: " "}[s.Result]
		if s.Wire != "" && s.Wire != s.Value {
			mark += " " + s.Wire
		}
		fmt.Fprintf(&b, "%s: %s %s (%s)\n", s.Name, s.Value, mark, s.Meaning)
	}
	return b.String()
}

// What ties a login to its TLS connection is told without any password, as far
// as the login has gone.
func TestBindingChain(t *testing.T) {
	listed := []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-1"}
	types := []string{"tls-server-end-point", "tls-exporter"}
	xep515 := vectorNamed(t, "XEP-0515 §4.3").transcript
	proxy := vectorNamed(t, "client side of a proxy").transcript
	aa, bb := strings.Repeat("aa", 32), strings.Repeat("bb", 32)
	for _, c := range []struct {
		name, mechanism, transcript string
		set                         func(*Exchange)
		want                        []string
	}{
		{"all of it fits, XEP-0515 §4.3", "SCRAM-SHA-1-PLUS sasl2", xep515, func(x *Exchange) {
			x.Offered, x.OfferedBindings, x.TLSVersion, x.Binding = listed, types, 0x0304, []byte("THIS IS FAKE CB DATA")
		}, []string{
			"channel-binding-type: tls-exporter = (one of those that the server lists: tls-server-end-point, tls-exporter)",
			"gs2-header: p=tls-exporter,, = (c= repeats it, so that the proof covers it: the same)",
			"ChannelBinding: 544849532049532046414b452043422044415441 = (the data in c=, the same as those of this TLS connection",
			"ListHash: G6k/rBLDqgOhRRaCuuatSDFkJ08= = (h=, the server's hash over its lists, is the same",
			"TLSVersion: 0304 = (t=, the version on the server's side, is the same here)",
		}},
		{"nothing of it fits", "SCRAM-SHA-1-PLUS sasl2", xep515, func(x *Exchange) {
			x.Offered, x.OfferedBindings, x.TLSVersion, x.Binding = listed[1:], types[:1], 0x0303, []byte("another")
		}, []string{
			"channel-binding-type: tls-exporter ≠ (none of those that the server lists: tls-server-end-point)",
			"gs2-header: p=tls-exporter,, = (",
			"ChannelBinding: 616e6f74686572 ≠ 544849532049532046414b452043422044415441 (the data in c=, not the same as those of this TLS connection",
			"≠ G6k/rBLDqgOhRRaCuuatSDFkJ08= (h=, the server's hash over its lists, is not the same",
			"TLSVersion: 0303 ≠ 0304 (t=, the version on the server's side, is not the same here: there are two TLS connections)",
		}},
		{"nothing is known", "SCRAM-SHA-1-PLUS sasl2", xep515, func(x *Exchange) { x.BindingWhy = "the keys are not there" }, []string{
			"channel-binding-type: tls-exporter ? (the server has sent no list of types)",
			"ChannelBinding: 544849532049532046414b452043422044415441 ? (the data in c=, cannot be compared: the keys are not there)",
			"ListHash: G6k/rBLDqgOhRRaCuuatSDFkJ08= ? (h=, the server's hash over its lists, cannot be recomputed: the lists were not seen)",
			"TLSVersion: 0304 ? (t=, the version on the server's side, cannot be compared",
		}},
		{"a proxy: the data of its other side", "SCRAM-SHA-256-PLUS", proxy, func(x *Exchange) { x.Binding = []byte(strings.Repeat("\xBB", 32)) }, []string{
			"ChannelBinding: " + bb + " ≠ " + aa + " (the data in c=, not the same",
		}},
		{"the header is not repeated", "SCRAM-SHA-256-PLUS", strings.Replace(proxy, "p=tls-exporter,,", "p=tls-unique,,", 1), func(x *Exchange) { x.TLSVersion = 0x0304 }, []string{
			"channel-binding-type: tls-unique ≠ (the server has sent no list of types; it is not defined for TLS 1.3)",
			"gs2-header: p=tls-unique,, ≠ ", "not the same)",
		}},
		{"only the first message", "SCRAM-SHA-256", `C: "n,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, func(*Exchange) {}, []string{
			"channel-binding-type: none   (the client does not bind",
		}},
		{"a -PLUS mechanism was hidden", "SCRAM-SHA-1", `C: "y,,n=user,r=rOprNGfwEbeRWgbNEkqO"`, func(x *Exchange) { x.Offered = listed }, []string{
			"channel-binding-type: none   (the client could bind the login, but believes that the server cannot; yet the list seen here has a -PLUS mechanism",
		}},
		{"a token", "HT-SHA-256-EXPR sasl2", "C: dXNlcgA=", func(x *Exchange) { x.Binding = []byte("B"); x.OfferedBindings = types }, []string{
			"channel-binding-type: tls-exporter = (one of those", "cb-data: 42   (mixed into both proofs)",
		}},
		{"a token, and no data", "HT-SHA-256-ENDP sasl2", "C: dXNlcgA=", func(x *Exchange) { x.BindingWhy = "the certificate was not seen" }, []string{
			"cb-data:  ? (mixed into both proofs; cannot be computed: the certificate was not seen)",
		}},
		{"a token that is not bound", "HT-SHA-256-NONE sasl2", "C: dXNlcgA=", func(*Exchange) {}, []string{
			"channel-binding-type: none   (the login is not bound",
		}},
	} {
		x := play(t, c.mechanism, c.transcript)
		c.set(x)
		v := Verify(x, nil)
		if v.Known || v.Why == "" {
			t.Errorf("%s: judged without a secret: %+v", c.name, v)
		}
		got := chainLines(v)
		for _, want := range c.want {
			if !strings.Contains(got, want) {
				t.Errorf("%s: no %q in\n%s", c.name, want, got)
			}
		}
		for _, s := range v.Chain {
			if s.Secret {
				t.Errorf("%s: %s is secret, and no secret was given", c.name, s.Name)
			}
		}
	}
}

// With the password the same lines stand among those that it gives.
func TestBindingChainBesideThePassword(t *testing.T) {
	v := vectorNamed(t, "XEP-0515 §4.3")
	x := play(t, v.mechanism, v.transcript)
	x.Binding, x.TLSVersion = []byte(v.binding), 0x0304
	got := chainLines(Verify(x, &v.secret))
	for _, want := range []string{"ClientProof: ", "gs2-header: ", "ChannelBinding: ", "ListHash: ", "TLSVersion: ", "ServerSignature: "} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}

// The server's signature may come before a further task, and success after it
// says nothing more (XEP-0388 §2.6.3).
func TestSignatureBeforeATask(t *testing.T) {
	x := play(t, "SCRAM-SHA-256 sasl2", scramC1+scramS1+scramC2+scramS2+"\nS: success")
	if got := rules(Decode(x, len(x.Messages)-1)); got != "" {
		t.Errorf("faults %q", got)
	}
}

// A server's certificate names it in several forms (RFC 6120 §13.7.1.2.1).
func TestCertificateNames(t *testing.T) {
	for _, c := range []struct {
		names, identity string
		want            Comparison
	}{
		{"capulet.example", "CAPULET.example", Equal},
		{"_xmpp-server.capulet.example", "capulet.example", Equal},
		{"mail.example *.capulet.example", "chat.capulet.example", Equal},
		{"*.capulet.example", "capulet.example", Different},
		{"*.capulet.example", "a.chat.capulet.example", Different},
		{"*.capulet.example", "juliet@x.capulet.example", Different},
		{"juliet@capulet.example", "juliet@capulet.example", Equal},
		{"capulet.example", "montague.example", Different},
	} {
		x := play(t, "EXTERNAL", `C: "`+c.identity+`"`)
		x.CertNames = strings.Fields(c.names)
		v := Verify(x, nil)
		if got := v.Chain[len(v.Chain)-1].Result; got != c.want || v.Verified != (c.want == Equal) {
			t.Errorf("%s for %s: %s, %+v", c.names, c.identity, got, v)
		}
	}
}

package lint

import (
	"bytes"
	"crypto/tls"
	"os/exec"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/sasl"
	"xmppscope/decode/tlswire"
)

// hello is a hello without any extension, header included.
func hello(kind byte, suite ...byte) []byte {
	body := append([]byte{3, 3}, make([]byte, 32)...)
	body = append(body, 0)
	if kind == tlswire.TypeClientHello {
		body = append(body, 0, byte(len(suite)))
	}
	body = append(body, suite...)
	if kind == tlswire.TypeClientHello {
		body = append(body, 1)
	}
	body = append(body, 0)
	return append([]byte{kind, 0, 0, byte(len(body))}, body...)
}

// A login that is bound to TLS 1.2 without the extended master secret: nothing
// in clear text shows it, so the events are made by hand.
func TestBoundWithoutEMS(t *testing.T) {
	for _, c := range []struct {
		kind    string
		resumed bool
		want    []string
	}{
		{"tls-exporter", false, []string{"tls-no-ems", "scram-cb-type-invalid"}},
		{"tls-server-end-point", true, []string{"tls-no-ems"}},
		{"tls-server-end-point", false, nil},
	} {
		g := New(Options{})
		state := &decode.State{Layer: decode.LayerTLS, Profile: decode.ProfileC2S}
		after := &decode.State{Layer: decode.LayerTLS, Profile: decode.ProfileC2S, TLS: decode.TLS{Version: tlswire.TLS12, Cipher: 0xc02f, Resumed: c.resumed}}
		for i, wire := range [][]byte{hello(tlswire.TypeClientHello, 0xc0, 0x2f, 0x00, 0xff), hello(tlswire.TypeServerHello, 0xc0, 0x2f)} {
			e := decode.Event{Seq: decode.Seq(i + 1), Conn: 1, Dir: decode.Dir(i), Kind: decode.KindTLS, Wire: wire, State: state, After: state}
			e.Name.Local = tlswire.MessageName(wire)
			if i == 1 {
				e.After = after
			}
			g.Event(&e)
		}
		x := &sasl.Exchange{Mechanism: "SCRAM-SHA-1-PLUS", TLSVersion: tlswire.TLS12}
		x.Add(sasl.InitialResponse, encode("p="+c.kind+",,n=juliet,r=3r8xYqKd0aVbTn6wLz1m"))
		e := decode.Event{Seq: 3, Conn: 1, Kind: decode.KindNonza, State: after, After: after, SASL: x}
		e.Name.Space, e.Name.Local = spaceSASL, "auth"
		var found []string
		for _, f := range g.Event(&e) {
			if f.Level != LevelError {
				t.Errorf("%s is only a %s", f.Rule, f.Level)
			}
			found = append(found, f.Rule)
		}
		if strings.Join(found, " ") != strings.Join(c.want, " ") {
			t.Errorf("%s, resumed %v: found %v, want %v", c.kind, c.resumed, found, c.want)
		}
	}
}

// What the tables say of cipher suites is what OpenSSL and crypto/tls say.
func TestSuites(t *testing.T) {
	for _, s := range append(tls.CipherSuites(), tls.InsecureCipherSuites()...) {
		checkSuite(t, s.ID, s.Name)
	}
	out, err := exec.Command("openssl", "ciphers", "-V", "-stdname", "ALL:COMPLEMENTOFALL:@SECLEVEL=0").Output()
	if err != nil {
		t.Skip("no openssl to compare with: ", err)
	}
	n := 0
	for _, l := range bytes.Split(out, []byte("\n")) {
		var hi, lo uint16
		f := strings.Fields(string(l))
		if len(f) < 3 || !parseSuite(f[0], &hi, &lo) {
			continue
		}
		n++
		checkSuite(t, hi<<8|lo, f[2])
	}
	if n < 50 {
		t.Errorf("openssl lists %d suites only: %s", n, out)
	}
}

func parseSuite(s string, hi, lo *uint16) bool {
	parts := strings.Split(s, ",")
	if len(parts) != 2 {
		return false
	}
	for i, p := range []*uint16{hi, lo} {
		digits, ok := strings.CutPrefix(parts[i], "0x")
		if !ok {
			return false
		}
		for _, c := range strings.ToLower(digits) {
			*p = *p<<4 | uint16(strings.IndexRune("0123456789abcdef", c))
		}
	}
	return true
}

func checkSuite(t *testing.T, id uint16, name string) {
	t.Helper()
	exchange, cipher, old := strings.Cut(strings.TrimPrefix(name, "TLS_"), "_WITH_")
	if !old {
		exchange, cipher = "", strings.TrimPrefix(name, "TLS_")
	}
	if exchange == "SRP_SHA" || strings.HasPrefix(exchange, "SRP_") || strings.HasPrefix(exchange, "GOST") {
		return
	}
	fresh := !old || strings.HasPrefix(exchange, "ECDHE") || strings.HasPrefix(exchange, "DHE") || strings.HasSuffix(exchange, "anon")
	for _, c := range []struct {
		table []suiteRange
		what  string
		want  bool
	}{
		{suitesNull, "NULL", old && strings.HasPrefix(cipher, "NULL")},
		{suitesRC4, "RC4", strings.HasPrefix(cipher, "RC4")},
		{suites3DES, "3DES", strings.HasPrefix(cipher, "3DES")},
		{suitesAnon, "anonymous", strings.HasSuffix(exchange, "anon")},
		{suitesDHE, "DHE", strings.HasPrefix(exchange, "DHE") || exchange == "DH_anon"},
		{suitesStatic, "without fresh keys", !fresh},
		{suitesCBC, "CBC", strings.Contains(cipher, "_CBC_")},
	} {
		if got := hasSuite(c.table, id); got != c.want {
			t.Errorf("%04x %s: %s is %v", id, name, c.what, got)
		}
	}
}

package sandbox

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"math/big"
	"strings"
	"testing"
	"time"

	"xmppscope/lessons/practice"
)

// TestDigestVector: the numbers of RFC 2831 §4.
func TestDigestVector(t *testing.T) {
	f, ok := directives(`charset=utf-8,username="chris",realm="elwood.innosoft.com",nonce="OA6MG9tEQGm2hh",nc=00000001,cnonce="OA6MHXh6VqTrRk",` +
		`digest-uri="imap/elwood.innosoft.com",response=d388dad90d4bbd760a152321f2143af7,qop=auth`)
	if !ok {
		t.Fatal("not read")
	}
	if sum := digestOf(f, "secret", "OA6MG9tEQGm2hh", "AUTHENTICATE:"+f["digest-uri"]); sum != f["response"] {
		t.Errorf("response %s", sum)
	}
	if sum := digestOf(f, "secret", "OA6MG9tEQGm2hh", ":"+f["digest-uri"]); sum != "ea40f60335c427b5527b84dbabcdfffd" {
		t.Errorf("rspauth %s", sum)
	}
	for _, bad := range []string{`nonce`, `nonce="a`, `nonce="a\`, `nonce=a,nonce=b`, `=a`} {
		if f, ok := directives(bad); ok {
			t.Errorf("%s: %v", bad, f)
		}
	}
	if f, ok := directives(`username="a\"b,c" , realm=x,`); !ok || f["username"] != `a"b,c` || f["realm"] != "x" {
		t.Errorf("%v %v", f, ok)
	}
}

// persona is a certificate for addresses, signed by itself.
func persona(t *testing.T, addresses ...string) (tls.Certificate, *x509.Certificate) {
	t.Helper()
	type otherName struct {
		OID   asn1.ObjectIdentifier
		Value asn1.RawValue `asn1:"tag:0"`
	}
	var names []asn1.RawValue
	for _, a := range addresses {
		text, err := asn1.MarshalWithParams(a, "utf8")
		if err != nil {
			t.Fatal(err)
		}
		inner, err := asn1.Marshal(otherName{asn1.ObjectIdentifier{1, 3, 6, 1, 5, 5, 7, 8, 5},
			asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: text}})
		if err != nil {
			t.Fatal(err)
		}
		var seq asn1.RawValue
		if _, err := asn1.Unmarshal(inner, &seq); err != nil {
			t.Fatal(err)
		}
		names = append(names, asn1.RawValue{Class: asn1.ClassContextSpecific, Tag: 0, IsCompound: true, Bytes: seq.Bytes})
	}
	san, err := asn1.Marshal(names)
	if err != nil {
		t.Fatal(err)
	}
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(7), Subject: pkix.Name{CommonName: "a person"}, NotBefore: time.Now().Add(-time.Hour),
		NotAfter: time.Now().Add(time.Hour), ExtKeyUsage: []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{2, 5, 29, 17}, Value: san}}}
	der, err := x509.CreateCertificate(rand.Reader, template, template, &key.PublicKey, key)
	if err != nil {
		t.Fatal(err)
	}
	cert, err := x509.ParseCertificate(der)
	if err != nil {
		t.Fatal(err)
	}
	return tls.Certificate{Certificate: [][]byte{der}, PrivateKey: key}, cert
}

// TestExternal: the address in a certificate that is trusted logs in, and no
// other does; where none is shown, EXTERNAL is not offered.
func TestExternal(t *testing.T) {
	juliet, root := persona(t, "juliet@localhost")
	both, root2 := persona(t, "juliet@localhost", "romeo@localhost")
	stranger, root3 := persona(t, "stranger@localhost")
	forged, _ := persona(t, "juliet@localhost")
	pool := x509.NewCertPool()
	for _, c := range []*x509.Certificate{root, root2, root3} {
		pool.AddCert(c)
	}
	s := newHouse(t, Options{ClientCAs: pool})
	const auth = "open\nstarttls\nC: <auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='EXTERNAL'>"
	for _, c := range []struct {
		name  string
		shown *tls.Certificate
		lines string
	}{
		{"hers", &juliet, "open\nstarttls\nlogin EXTERNAL juliet -\nbind\nroster\npresence\nS: presence\nclose"},
		{"hers, by name", &juliet, auth + "anVsaWV0QGxvY2FsaG9zdA==</auth>\nS: success"},
		{"of two, none named", &both, auth + "=</auth>\nS: failure/invalid-authzid"},
		{"of two, one named", &both, auth + "anVsaWV0QGxvY2FsaG9zdA==</auth>\nS: success"},
		{"somebody else's name", &juliet, auth + "cm9tZW9AbG9jYWxob3N0</auth>\nS: failure/invalid-authzid"},
		{"an address without an account", &stranger, auth + "=</auth>\nS: failure/not-authorized"},
		{"nobody trusts it", &forged, auth + "=</auth>\nS: failure/invalid-mechanism"},
		{"none", nil, auth + "=</auth>\nS: failure/invalid-mechanism"},
	} {
		for _, version := range []uint16{tls.VersionTLS12, tls.VersionTLS13} {
			a := s.actor(func(o *practice.Options) {
				o.TLS.MinVersion, o.TLS.MaxVersion = version, version
				if c.shown != nil {
					o.TLS.Certificates = []tls.Certificate{*c.shown}
				}
			})
			if err := a.try(c.lines); err != nil {
				t.Errorf("%s, TLS %04x: %v", c.name, version, err)
			}
		}
	}
}

// TestAnonymous: an account that nobody had before, and nobody has afterwards.
func TestAnonymous(t *testing.T) {
	s := newHouse(t, Options{Mechanisms: []string{"ANONYMOUS"}})
	a := s.actor()
	a.do("open\nstarttls\nlogin ANONYMOUS x x\nbind here\nroster\npresence\nS: presence")
	user, _, _ := strings.Cut(a.Address(), "@")
	if !strings.HasPrefix(user, "anonymous-") || s.find(user) == nil {
		t.Fatalf("%q", a.Address())
	}
	b := s.actor()
	b.do("open\nstarttls\nlogin ANONYMOUS x x\nbind here")
	if b.Address() == a.Address() {
		t.Errorf("both are %s", a.Address())
	}
	b.do("C: <message to='" + a.Address() + "' type='chat'><body>Who are you?</body></message>\nclose")
	a.do("S: message body=Who are you?\nclose")
	half := s.actor()
	half.do("open\nstarttls\nlogin ANONYMOUS x x\nclose")
	// The end tag comes before the server has cleared up.
	for end := time.Now().Add(slack); time.Now().Before(end); {
		s.book.RLock()
		n := len(s.accounts)
		s.book.RUnlock()
		if n == len(DefaultAccounts()) {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	t.Errorf("%d accounts are left", len(s.accounts))
}

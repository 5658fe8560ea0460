package ca

import (
	"bytes"
	"crypto/ecdsa"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"xmppscope/decode/tlswire"
)

func newCA(t testing.TB) *Authority {
	t.Helper()
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

func TestRoot(t *testing.T) {
	a := newCA(t)
	c := a.Certificate()
	if !c.IsCA || c.MaxPathLen != 0 || !c.MaxPathLenZero || c.KeyUsage != x509.KeyUsageCertSign|x509.KeyUsageCRLSign {
		t.Errorf("CA %v, path length %d, key usage %b", c.IsCA, c.MaxPathLen, c.KeyUsage)
	}
	if len(c.SubjectKeyId) == 0 || c.PermittedDNSDomains != nil || c.ExcludedDNSDomains != nil {
		t.Error("no key identifier, or a constraint on names")
	}
	if b := newCA(t).Certificate(); b.Subject.String() == c.Subject.String() {
		t.Errorf("two authorities of the name %s", b.Subject)
	}
	if f := a.Fingerprint(); len(f) != 95 || strings.Trim(f, "0123456789ABCDEF:") != "" {
		t.Error(f)
	}
}

func TestLeafNames(t *testing.T) {
	a := newCA(t)
	for _, c := range []struct {
		ask  []string
		want string // DNS-ID, SRV-ID, XmppAddr, IP address, CN-ID
	}{
		{[]string{"Example.ORG."}, "d example.org; s _xmpp-client.example.org; s _xmpp-server.example.org; x example.org; c example.org"},
		{[]string{"münchen.example"}, "d xn--mnchen-3ya.example; s _xmpp-client.xn--mnchen-3ya.example; s _xmpp-server.xn--mnchen-3ya.example; x münchen.example; c xn--mnchen-3ya.example"},
		{[]string{"xn--mnchen-3ya.example", "münchen.example"}, "d xn--mnchen-3ya.example; s _xmpp-client.xn--mnchen-3ya.example; s _xmpp-server.xn--mnchen-3ya.example; x münchen.example; c xn--mnchen-3ya.example"},
		{[]string{"127.0.0.1"}, "x 127.0.0.1; i 127.0.0.1; c 127.0.0.1"},
		{[]string{"[::1]", "::1", "::ffff:10.0.0.1"}, "x [::1]; x 10.0.0.1; i ::1; i 10.0.0.1; c ::1"},
		{[]string{"juliet@example.org/balcony"}, "d example.org; s _xmpp-client.example.org; s _xmpp-server.example.org; x example.org; c example.org"},
		{[]string{"a\x00b.example", "", "b c", "..", "localhost"}, "d localhost; s _xmpp-client.localhost; s _xmpp-server.localhost; x localhost; c localhost"},
	} {
		leaf, err := a.Leaf(c.ask...)
		if err != nil {
			t.Errorf("%q: %v", c.ask, err)
			continue
		}
		var got []string
		for _, id := range tlswire.Identifiers(leaf.Leaf) {
			if id.Fault != "" {
				t.Errorf("%q: %s: %s", c.ask, id.Text, id.Fault)
			}
			got = append(got, string("?dsxic"[id.Kind])+" "+id.Text)
		}
		if d := cmp.Diff(c.want, strings.Join(got, "; ")); d != "" {
			t.Errorf("%q: %s", c.ask, d)
		}
	}
	for _, names := range [][]string{nil, {""}, {"a\x00b"}, {strings.Repeat("a", 1<<20)}, {"-"}} {
		var bad *NameError
		if _, err := a.Leaf(names...); !errors.As(err, &bad) {
			t.Errorf("%.20q: %v", names, err)
		} else if len(err.Error()) > 500 {
			t.Errorf("an error of %d bytes", len(err.Error()))
		}
	}
	long := strings.Repeat("a", 60) + "." + strings.Repeat("b", 60)
	if leaf, err := a.Leaf(long); err != nil || leaf.Leaf.Subject.CommonName != "" || leaf.Leaf.VerifyHostname(long) != nil {
		t.Errorf("a long name: %v", err)
	}
	var many []string
	for i := range 1000 {
		many = append(many, fmt.Sprintf("d%d.example", i))
	}
	if leaf, err := a.Leaf(many...); err != nil || len(leaf.Leaf.DNSNames) != maxNames {
		t.Errorf("many names: %v", err)
	}
}

func TestLeafIsAccepted(t *testing.T) {
	a := newCA(t)
	ec, err := a.Leaf("example.org", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	rs, err := a.LeafRSA("example.org", "127.0.0.1")
	if err != nil {
		t.Fatal(err)
	}
	if _, ok := ec.PrivateKey.(*ecdsa.PrivateKey); !ok {
		t.Errorf("key %T", ec.PrivateKey)
	}
	if _, ok := rs.PrivateKey.(*rsa.PrivateKey); !ok {
		t.Errorf("key %T", rs.PrivateKey)
	}
	for _, leaf := range []*tls.Certificate{ec, rs} {
		for _, use := range []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth, x509.ExtKeyUsageClientAuth} {
			for _, name := range []string{"example.org", "127.0.0.1"} {
				o := x509.VerifyOptions{Roots: a.Pool(), DNSName: name, KeyUsages: []x509.ExtKeyUsage{use}}
				if _, err := leaf.Leaf.Verify(o); err != nil {
					t.Error(err)
				}
			}
		}
		life := leaf.Leaf.NotAfter.Sub(leaf.Leaf.NotBefore)
		if life >= 398*day || life < 300*day || time.Since(leaf.Leaf.NotBefore) < day || leaf.Leaf.NotBefore.Before(a.cert.NotBefore) {
			t.Errorf("from %v to %v", leaf.Leaf.NotBefore, leaf.Leaf.NotAfter)
		}
		if string(leaf.Leaf.AuthorityKeyId) != string(a.cert.SubjectKeyId) || len(leaf.Leaf.SubjectKeyId) == 0 || leaf.Leaf.IsCA || !leaf.Leaf.BasicConstraintsValid {
			t.Error("key identifiers or basic constraints are wrong")
		}
	}
}

func TestCacheMakesOnceAndIsBounded(t *testing.T) {
	a := newCA(t)
	var all sync.Map
	var wait sync.WaitGroup
	for range 20 {
		wait.Go(func() {
			leaf, err := a.Leaf("a.example", "b.example")
			all.Store(leaf, err)
		})
	}
	wait.Wait()
	count := 0
	all.Range(func(_, err any) bool { count++; return err == nil })
	if again, _ := a.Leaf("b.example", "A.example"); count != 1 {
		t.Errorf("%d certificates for one set of names", count)
	} else if _, same := all.Load(again); !same {
		t.Error("another one for the same names in another order")
	}
	first, _ := a.Leaf("a.example", "b.example")
	for i := range maxLeaves {
		if _, err := a.Leaf(fmt.Sprintf("d%d.example", i)); err != nil {
			t.Fatal(err)
		}
	}
	if n := a.leaves.order.Len(); n != maxLeaves || len(a.leaves.byKey) != n {
		t.Errorf("%d certificates are kept", n)
	}
	if second, _ := a.Leaf("a.example", "b.example"); second == first {
		t.Error("the certificate that was used least was kept")
	}
}

func TestLeafIsRenewed(t *testing.T) {
	a := newCA(t)
	first, err := a.Leaf("example.org")
	if err != nil {
		t.Fatal(err)
	}
	start := a.now()
	a.now = func() time.Time { return start.Add(300 * day) }
	if same, _ := a.Leaf("example.org"); same != first {
		t.Error("made anew long before its end")
	}
	a.now = func() time.Time { return start.Add(380 * day) }
	if other, _ := a.Leaf("example.org"); other == first || !other.Leaf.NotAfter.After(first.Leaf.NotAfter) {
		t.Error("not made anew near its end")
	}
	a.now = func() time.Time { return start.Add(rootLife - 10*day) }
	if last, _ := a.Leaf("example.org"); last.Leaf.NotAfter.After(a.cert.NotAfter) {
		t.Error("good for longer than its authority")
	}
}

// handshake connects a client to a server over a pipe.
func handshake(t *testing.T, server, client *tls.Config) (tls.ConnectionState, error) {
	t.Helper()
	l, r := net.Pipe()
	defer l.Close()
	defer r.Close()
	done := make(chan error, 1)
	go func() {
		done <- tls.Server(r, server).Handshake()
		r.Close()
	}()
	c := tls.Client(l, client)
	err := c.Handshake()
	l.Close()
	return c.ConnectionState(), errors.Join(err, <-done)
}

func TestChoose(t *testing.T) {
	a := newCA(t)
	rsaOnly := []uint16{tls.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256}
	for _, c := range []struct {
		name, domain, sni, fallback string
		suites                      []uint16
		verify                      string // the name that the client looks for
		algorithm                   x509.PublicKeyAlgorithm
	}{
		{name: "STARTTLS with SNI", domain: "example.org", sni: "example.org", verify: "example.org", algorithm: x509.ECDSA},
		{name: "STARTTLS without SNI", domain: "example.org", verify: "example.org", algorithm: x509.ECDSA},
		{name: "direct TLS", sni: "example.org", verify: "example.org", algorithm: x509.ECDSA},
		{name: "the host in SNI", domain: "example.org", sni: "xmpp1.example.net", verify: "example.org", algorithm: x509.ECDSA},
		{name: "RSA only", domain: "example.org", sni: "example.org", suites: rsaOnly, verify: "example.org", algorithm: x509.RSA},
		{name: "nothing known", fallback: "localhost", verify: "localhost", algorithm: x509.ECDSA},
		{name: "nonsense in to", domain: "<>", fallback: "localhost", verify: "localhost", algorithm: x509.ECDSA},
	} {
		client := &tls.Config{ServerName: c.sni, RootCAs: a.Pool(), InsecureSkipVerify: true}
		if c.suites != nil {
			client.MaxVersion, client.CipherSuites = tls.VersionTLS12, c.suites
		}
		s, err := handshake(t, &tls.Config{GetCertificate: GetCertificate(a, c.domain, c.fallback)}, client)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		leaf := s.PeerCertificates[0]
		if _, err := leaf.Verify(x509.VerifyOptions{Roots: a.Pool(), DNSName: c.verify}); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if leaf.PublicKeyAlgorithm != c.algorithm {
			t.Errorf("%s: %v", c.name, leaf.PublicKeyAlgorithm)
		}
	}
	_, err := handshake(t, &tls.Config{GetCertificate: GetCertificate(a, "", "")}, &tls.Config{InsecureSkipVerify: true})
	var bad *NameError
	if !errors.As(err, &bad) {
		t.Errorf("no name at all: %v", err)
	}
}

// TestForServers: no XmppAddr, which ejabberd 23.01 stumbles over, and all the
// rest.
func TestForServers(t *testing.T) {
	a, err := New()
	if err != nil {
		t.Fatal(err)
	}
	hello := &tls.ClientHelloInfo{SupportedVersions: []uint16{tls.VersionTLS13}, SignatureSchemes: []tls.SignatureScheme{tls.ECDSAWithP256AndSHA256}, CipherSuites: []uint16{tls.TLS_AES_128_GCM_SHA256}}
	der, err := asn1.Marshal(oidXmppAddr)
	if err != nil {
		t.Fatal(err)
	}
	for want, from := range map[bool]Source{true: a, false: a.ForServers()} {
		cert, err := from.Choose(hello, "verona.example")
		if err != nil {
			t.Fatal(err)
		}
		if has := bytes.Contains(cert.Certificate[0], der); has != want || !slices.Equal(cert.Leaf.DNSNames, []string{"verona.example"}) || !bytes.Contains(cert.Certificate[0], []byte("_xmpp-server.verona.example")) {
			t.Errorf("XmppAddr %v, names %v", has, cert.Leaf.DNSNames)
		}
	}
}

package verify

import (
	"crypto/ecdsa"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/tls"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/pem"
	"errors"
	"math/big"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/crypto/cryptobyte"
	asn "golang.org/x/crypto/cryptobyte/asn1"
)

// now is the time of all tests.
var now = time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)

const day = 24 * time.Hour

// identity is a certificate with its key.
type identity struct {
	cert *x509.Certificate
	key  *ecdsa.PrivateKey
}

// issue makes a certificate, signed by another or by itself.
func issue(t testing.TB, by *identity, name string, change func(*x509.Certificate)) *identity {
	t.Helper()
	key, err := ecdsa.GenerateKey(elliptic.P256(), rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	template := &x509.Certificate{SerialNumber: big.NewInt(1), Subject: pkix.Name{CommonName: name}, NotBefore: now.Add(-30 * day), NotAfter: now.Add(30 * day)}
	change(template)
	me := &identity{key: key}
	parent, signer := template, key
	if by != nil {
		parent, signer = by.cert, by.key
	}
	der, err := x509.CreateCertificate(rand.Reader, template, parent, key.Public(), signer)
	if err != nil {
		t.Fatal(err)
	}
	if me.cert, err = x509.ParseCertificate(der); err != nil {
		t.Fatal(err)
	}
	return me
}

func authority(c *x509.Certificate) {
	c.IsCA, c.BasicConstraintsValid, c.KeyUsage = true, true, x509.KeyUsageCertSign
}

func server(c *x509.Certificate) {
	c.DNSNames, c.ExtKeyUsage = []string{c.Subject.CommonName}, []x509.ExtKeyUsage{x509.ExtKeyUsageServerAuth}
}

// with does several things to a certificate.
func with(all ...func(*x509.Certificate)) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		for _, change := range all {
			change(c)
		}
	}
}

func expired(c *x509.Certificate) {
	c.NotBefore, c.NotAfter = now.Add(-100*day), now.Add(-3*day)
}

// xmppOnly names the certificate by XmppAddr alone, in a critical extension.
func xmppOnly(domain string) func(*x509.Certificate) {
	return func(c *x509.Certificate) {
		zero := asn.Tag(0).ContextSpecific().Constructed()
		var b cryptobyte.Builder
		b.AddASN1(asn.SEQUENCE, func(b *cryptobyte.Builder) {
			b.AddASN1(zero, func(b *cryptobyte.Builder) {
				b.AddASN1ObjectIdentifier([]int{1, 3, 6, 1, 5, 5, 7, 8, 5})
				b.AddASN1(zero, func(b *cryptobyte.Builder) {
					b.AddASN1(asn.UTF8String, func(b *cryptobyte.Builder) { b.AddBytes([]byte(domain)) })
				})
			})
		})
		c.Subject = pkix.Name{}
		c.ExtraExtensions = []pkix.Extension{{Id: oidAltName, Critical: true, Value: b.BytesOrPanic()}}
	}
}

func TestChain(t *testing.T) {
	root := issue(t, nil, "Root", authority)
	other := issue(t, nil, "Other Root", authority)
	middle := issue(t, root, "Middle", authority)
	oldMiddle := issue(t, root, "Old Middle", with(authority, expired))
	constrained := issue(t, root, "Constrained", with(authority, func(c *x509.Certificate) {
		c.PermittedDNSDomains, c.PermittedDNSDomainsCritical = []string{"example.net"}, true
	}))
	noCA := issue(t, root, "No Authority", server)
	leaf := issue(t, middle, "example.org", server)
	impostor := issue(t, other, "Middle", authority)
	self := issue(t, nil, "example.org", server)
	clientOnly := func(c *x509.Certificate) { c.ExtKeyUsage = []x509.ExtKeyUsage{x509.ExtKeyUsageClientAuth} }

	for _, c := range []struct {
		name    string
		purpose Purpose
		chain   []*identity
		roots   []*identity
		trusted bool
		want    []string // problems, with ! before a fatal one
	}{
		{"good", ClientStream, []*identity{leaf, middle}, []*identity{root}, true, nil},
		{"with its root", ClientStream, []*identity{leaf, middle, root}, []*identity{root}, true, nil},
		{"out of order", ClientStream, []*identity{leaf, root, other, middle}, []*identity{root}, true, nil},
		{"an unknown root", ClientStream, []*identity{leaf, middle, root}, []*identity{other},
			false, []string{"!unknown-authority: the chain ends at CN=Root, who is not among the file (RFC 6120 §13.7.2)"}},
		{"the middle not sent", ClientStream, []*identity{leaf}, []*identity{root},
			false, []string{"!unknown-authority: the issuer CN=Middle is not among the file, and its certificate was not sent along"}},
		{"nothing sent", ServerStream, nil, []*identity{root}, false, []string{"!no-certificate: no certificate was shown"}},
		{"self-signed", ClientStream, []*identity{self}, []*identity{root}, false, []string{"!self-signed: the certificate is signed by itself"}},
		{"self-signed and trusted", ClientStream, []*identity{self}, []*identity{self}, true, nil},
		{"expired", ClientStream, []*identity{issue(t, middle, "example.org", with(server, expired)), middle}, []*identity{root},
			true, []string{"!expired: the certificate expired on 1 March 2026 05:06 UTC, 3 days ago (RFC 5280 §4.1.2.5)"}},
		{"too early", ClientStream, []*identity{issue(t, middle, "example.org", with(server, func(c *x509.Certificate) { c.NotBefore = now.Add(90 * time.Minute) })), middle},
			[]*identity{root}, true, []string{"!not-yet-valid: the certificate is good from 4 March 2026 06:36 UTC on, in 1 hour"}},
		{"an expired middle", ClientStream, []*identity{issue(t, oldMiddle, "example.org", server), oldMiddle}, []*identity{root},
			false, []string{"!expired: the certificate of CN=Old Middle expired on 1 March 2026"}},
		{"all at once", ClientStream, []*identity{issue(t, other, "example.net", with(server, expired, clientOnly))}, []*identity{root}, false, []string{
			"!name-mismatch: the certificate is for example.net and not for example.org",
			"!expired: the certificate expired", "!wrong-use: the certificate, or an authority above it, is not for servers", "!unknown-authority: the issuer CN=Other Root"}},
		{"a forged signature", ClientStream, []*identity{issue(t, impostor, "example.org", server), middle}, []*identity{root},
			false, []string{"!broken-chain: the signature on the certificate of CN=example.org is not that of CN=Middle (RFC 5280 §6.1)"}},
		{"signed by no authority", ClientStream, []*identity{issue(t, noCA, "example.org", server), noCA}, []*identity{root},
			false, []string{"!broken-chain: the certificate of CN=No Authority signed another"}},
		{"for clients only", ClientStream, []*identity{issue(t, root, "example.org", with(server, clientOnly))}, []*identity{root},
			true, []string{"!wrong-use: the certificate, or an authority above it, is not for servers"}},
		{"a server's, shown by a client", PeerServer, []*identity{leaf, middle}, []*identity{root},
			true, []string{"wrong-use: the certificate is not for those who open a connection"}},
		{"a client's, shown by a client", PeerServer, []*identity{issue(t, root, "example.org", with(server, clientOnly))}, []*identity{root}, true, nil},
		{"XmppAddr alone, critical", ClientStream, []*identity{issue(t, root, "", xmppOnly("example.org"))}, []*identity{root}, true, nil},
		{"XmppAddr around a constraint", ClientStream, []*identity{issue(t, constrained, "", xmppOnly("example.org")), constrained}, []*identity{root},
			false, []string{"!name-constraint: an authority of the chain may not sign for this name"}},
		{"DNS name against a constraint", ClientStream, []*identity{issue(t, constrained, "example.org", server), constrained}, []*identity{root},
			false, []string{"!name-constraint: an authority of the chain may not sign for this name"}},
		{"no key for connections", ClientStream, []*identity{issue(t, root, "example.org", with(server, func(c *x509.Certificate) { c.KeyUsage = x509.KeyUsageCRLSign }))},
			[]*identity{root}, true, []string{"!wrong-use: the key of the certificate is not for connections"}},
		{"the common name", ClientStream, []*identity{issue(t, root, "example.org", func(*x509.Certificate) {})}, []*identity{root},
			true, []string{"common-name-only: the domain stands in the subject only"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			check := Check{Domain: "example.org", Purpose: c.purpose, Roots: x509.NewCertPool(), RootsName: "the file", Now: now}
			for _, r := range c.roots {
				check.Roots.AddCert(r.cert)
			}
			var chain []*x509.Certificate
			for _, one := range c.chain {
				chain = append(chain, one.cert)
			}
			r := check.Certificates(chain)
			fatal := false
			for i, p := range r.Problems {
				got := string(p.Kind) + ": " + p.String()
				if p.Fatal {
					got, fatal = "!"+got, true
				}
				if i >= len(c.want) || !strings.HasPrefix(got, c.want[i]) {
					t.Errorf("problem %d: %s", i, got)
				}
				if !p.Ref.Known() {
					t.Errorf("%v is not known", p.Ref)
				}
			}
			if len(r.Problems) != len(c.want) || r.OK == fatal || r.Trusted != c.trusted || (r.Err() == nil) != r.OK {
				t.Errorf("%d problems, ok %v, trusted %v, error %v", len(r.Problems), r.OK, r.Trusted, r.Err())
			}
			if last := len(r.Chain) - 1; r.Trusted && r.Chain[last].Subject != "CN=Root" && c.name != "self-signed and trusted" {
				t.Errorf("the path ends at %s", r.Chain[last].Subject)
			}
		})
	}
}

func TestHostileKeysAndCircles(t *testing.T) {
	a := issue(t, nil, "A", authority)
	b := issue(t, a, "B", authority)
	a2 := &identity{cert: issue(t, b, "A", authority).cert, key: a.key}
	leaf := issue(t, b, "example.org", server)
	check := Check{Domain: "example.org", Roots: x509.NewCertPool(), Now: now}
	var chain []*x509.Certificate
	for range 100 {
		chain = append(chain, leaf.cert, b.cert, a2.cert)
	}
	r := check.Certificates(chain)
	if r.OK || r.Trusted || len(r.Chain) != maxLinks {
		t.Errorf("a circle: ok %v, %d links", r.OK, len(r.Chain))
	}
	long := *leaf.cert
	long.PublicKey = &rsa.PublicKey{N: new(big.Int).Lsh(big.NewInt(1), 1<<20), E: 65537}
	if r := check.Certificates([]*x509.Certificate{&long}); len(r.Problems) == 0 || r.Problems[0].Kind != WeakKey {
		t.Errorf("a key of a million bits: %v", r.Problems)
	}
}

// refuse lets a client look at a certificate and returns what became of that.
func refuse(t *testing.T, shown *identity, verify func(tls.ConnectionState) error) error {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	go func() {
		conn, err := l.Accept()
		if err != nil {
			return
		}
		defer conn.Close()
		// What the other side thinks of it is looked at.
		_ = tls.Server(conn, &tls.Config{Certificates: []tls.Certificate{{Certificate: [][]byte{shown.cert.Raw}, PrivateKey: shown.key}}}).Handshake()
	}()
	conn, err := tls.Dial("tcp", l.Addr().String(), &tls.Config{InsecureSkipVerify: true, VerifyConnection: verify})
	if err == nil {
		conn.Close()
	}
	return err
}

// TestVerifyConnection: what a handshake makes of a result.
func TestVerifyConnection(t *testing.T) {
	root := issue(t, nil, "Root", authority)
	leaf := issue(t, root, "example.org", server)
	roots := x509.NewCertPool()
	roots.AddCert(root.cert)
	for _, c := range []struct {
		domain   string
		insecure bool
		ok       bool
	}{{"example.org", false, true}, {"example.net", false, false}, {"example.net", true, true}} {
		var told []Result
		check := &Check{Domain: c.domain, Roots: roots, Insecure: c.insecure, Now: now}
		err := refuse(t, leaf, check.VerifyConnection(func(r Result) { told = append(told, r) }))
		var refused *Refused
		if (err == nil) != c.ok || len(told) != 1 || told[0].OK != (c.domain == "example.org") || told[0].Insecure != c.insecure {
			t.Errorf("%s: %v, %+v", c.domain, err, told)
		}
		if !c.ok && (!errors.As(err, &refused) || !strings.Contains(err.Error(), "is for example.org and not for example.net (RFC 6120 §13.7.2.1)")) {
			t.Errorf("%s: %v", c.domain, err)
		}
	}
	check := Check{Domain: "example.org"}
	if r, ok := check.Handshake(errors.New("tls: failed to parse certificate from server: x509: malformed\x1b SAN")); !ok || r.OK || r.Problems[0].Text != `the certificate cannot be read: "malformed\x1b SAN"` {
		t.Errorf("%+v", r)
	}
	if _, ok := check.Handshake(errors.New("EOF")); ok {
		t.Error("another error is taken for a certificate that cannot be read")
	}
}

func TestLoadRoots(t *testing.T) {
	dir := t.TempDir()
	root := issue(t, nil, "Root", authority)
	block := pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: root.cert.Raw})
	for _, c := range []struct{ name, text, want string }{
		{"good.pem", "some words\n" + string(block), ""},
		{"der", string(root.cert.Raw), "it is no PEM file"},
		{"key.pem", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "there is no certificate in it"},
		{"bad.pem", string(block) + "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n", "certificate 2 in it cannot be read"},
	} {
		path := filepath.Join(dir, c.name)
		if err := os.WriteFile(path, []byte(c.text), 0o600); err != nil {
			t.Fatal(err)
		}
		pool, err := LoadRoots(path)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) || err == nil && pool == nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	if _, err := LoadRoots(filepath.Join(dir, "none")); err == nil || strings.Contains(err.Error(), "open ") {
		t.Error(err)
	}
}

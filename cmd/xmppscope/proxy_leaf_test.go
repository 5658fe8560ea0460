package main

import (
	"testing"

	"xmppscope/proxy"
	"xmppscope/proxy/ca"
)

// TestLeafIsForWhatWasChecked: a client that names two domains gets a certificate
// for the one only that the server's certificate was checked against, unless the
// user has said what is to be checked.
func TestLeafIsForWhatWasChecked(t *testing.T) {
	authority, err := ca.New()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		name      string
		flags     proxyFlags
		facts     proxy.Facts
		good, bad []string
	}{
		{"to and SNI differ", proxyFlags{to: "192.0.2.1:5222"}, proxy.Facts{Domain: "evil.example", SNI: "good.example"}, []string{"evil.example"}, []string{"good.example"}},
		{"direct TLS", proxyFlags{to: "192.0.2.1:5223"}, proxy.Facts{Domain: "good.example", SNI: "good.example"}, []string{"good.example"}, nil},
		{"nothing but SNI is a name", proxyFlags{to: "192.0.2.1:5222"}, proxy.Facts{Domain: "a b", SNI: "good.example"}, []string{"good.example"}, nil},
		{"a domain is given", proxyFlags{domain: "example.org"}, proxy.Facts{Domain: "a.example", SNI: "b.example"}, []string{"a.example", "b.example"}, nil},
		{"insecure", proxyFlags{to: "192.0.2.1:5222", insecure: true}, proxy.Facts{Domain: "a.example", SNI: "b.example"}, []string{"a.example", "b.example"}, nil},
	} {
		j := &proxying{flags: &test.flags, source: authority}
		cert, err := j.leaf(test.facts)
		if err != nil {
			t.Errorf("%s: %v", test.name, err)
			continue
		}
		for _, name := range test.good {
			if err := cert.Leaf.VerifyHostname(name); err != nil {
				t.Errorf("%s: %v", test.name, err)
			}
		}
		for _, name := range test.bad {
			if cert.Leaf.VerifyHostname(name) == nil {
				t.Errorf("%s: the certificate is good for %s, which nobody checked", test.name, name)
			}
		}
	}
}

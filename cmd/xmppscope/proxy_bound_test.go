package main

import (
	"crypto/tls"
	"testing"

	"xmppscope/lessons/sandbox"
)

// TestProxyBindsNothingWrong: a login that was bound anew is verified on either
// side of the proxy, and nothing is found to be wrong with it.
func TestProxyBindsNothingWrong(t *testing.T) {
	for kind, version := range map[string]uint16{"tls-unique": tls.VersionTLS12, "tls-exporter": tls.VersionTLS13} {
		r := newRig(t, rigOptions{sandbox: sandbox.Options{Bindings: sandbox.AllBindings()}, args: []string{"--password", "mbed@localhost=mirror"}})
		r.client(bound(kind, version)).do("open\nstarttls\nlogin SCRAM-SHA-256-PLUS mbed mirror\nbind board\nclose")
		edited := 0
		for _, e := range r.over(1) {
			login, ok := e["sasl"].(map[string]any)
			if !ok {
				continue
			}
			if e["findings"] != nil {
				t.Errorf("%s, event %v: %v", kind, e["seq"], e["findings"])
			}
			if e["origin"] == "edited" {
				if edited++; login["verified"] != true {
					t.Errorf("%s, event %v: %v", kind, e["seq"], login["verdict"])
				}
			}
		}
		if edited != 2 {
			t.Errorf("%s: %d messages were made anew, want the proof and the signature", kind, edited)
		}
	}
}

package main

import (
	"fmt"
	"strings"

	"xmppscope/inspector/export"
)

// hashForm is how a hash was written.
type hashForm uint8

const (
	hexHash hashForm = 1 << iota
	base64Hash
)

// hashUses are what a hash of a length may be in XMPP, by how it is written.
var hashUses = [...]struct {
	bytes int
	name  string
	form  hashForm
	uses  string
}{
	{16, "MD5", hexHash, "the answer in DIGEST-MD5 (RFC 2831 §2.1.2) or CRAM-MD5 (RFC 2195 §2)"},
	{20, "SHA-1", hexHash, "the digest of a login before SASL, made of the stream's id and the password (XEP-0078 §3.1); the handshake of a component, made of the stream's id and the secret (XEP-0114 §3); the hash of a picture (XEP-0153, XEP-0084); the fingerprint of a certificate"},
	{20, "SHA-1", base64Hash, "the hash of what a program can do, ver in <c/> (XEP-0115 §5); a proof or signature of SCRAM-SHA-1"},
	{32, "SHA-256", hexHash, "a dialback key, made of the two domains and the stream's id (XEP-0220, XEP-0185); the fingerprint of a certificate or of an OMEMO key"},
	{32, "SHA-256", base64Hash, "the hash of what a program can do, in its newer form (XEP-0390); a proof or signature of SCRAM-SHA-256; the hash of a file (XEP-0300)"},
	{48, "SHA-384", hexHash | base64Hash, "a proof or signature of SCRAM-SHA-384; the fingerprint of a certificate"},
	{64, "SHA-512", hexHash | base64Hash, "a proof or signature of SCRAM-SHA-512; the hash of a file (XEP-0300)"},
}

// readHash tells by the length what a hash may be; nil where no hash has it.
func readHash(data []byte, form hashForm) *paste {
	if legible(data) {
		return nil
	}
	for _, h := range hashUses {
		if h.bytes != len(data) || h.form&form == 0 {
			continue
		}
		return &paste{page: func(p *export.Page) {
			p.Head(fmt.Sprintf("%d bytes · probably a hash", h.bytes))
			p.Text(fmt.Sprintf("As long as a value of %s. In XMPP, written like this, it may be: %s.", h.name, h.uses))
			p.Text("A hash cannot be undone. It is checked by making it again from what it should be made of; where the capture has that, xmppscope dump does so, with --password where a secret is needed.")
			if form == base64Hash {
				p.Text("In hexadecimal: " + strings.ToLower(fmt.Sprintf("%x", data)))
			}
		}}
	}
	return nil
}

package tlswire

import (
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"fmt"
	"strings"
	"time"

	"golang.org/x/crypto/cryptobyte"

	"xmppscope/decode/spec"
)

// certificate takes a chain apart, leaf first.
func (v *view) certificate() {
	version := v.version
	chain, err := ParseCertificates(v.msg, version)
	if err != nil || len(chain) == 0 && version == 0 {
		version = TLS13 ^ TLS12 ^ version // the other form
		if other, err2 := ParseCertificates(v.msg, version); err2 == nil {
			chain = other
		}
	}
	if len(chain) == 0 {
		v.m.Title = "no certificate"
		v.m.Fields = append(v.m.Fields, Field{Name: "certificates", Value: "none", Meaning: "the sender shows no certificate", Start: 4, End: len(v.msg)})
		return
	}
	at := 0
	for i, der := range chain {
		at += strings.Index(string(v.msg[at:]), string(der))
		v.oneCertificate(i, der, at)
		at += len(der)
	}
	if names := CertificateNames(chain[0]); len(names) > 0 {
		v.m.Title = "certificate for " + strings.Join(names, ", ")
	}
}

func (v *view) oneCertificate(i int, der []byte, at int) {
	add := func(name, value, meaning string) {
		if i > 0 {
			name = fmt.Sprintf("issuer %d: %s", i, name)
		}
		v.m.Fields = append(v.m.Fields, Field{Name: name, Value: value, Meaning: meaning, Start: at, End: at + len(der)})
	}
	c, err := x509.ParseCertificate(der)
	if err != nil {
		add("certificate", fmt.Sprintf("%d bytes", len(der)), "cannot be read: "+err.Error())
		return
	}
	add("subject", c.Subject.String(), "")
	if i == 0 {
		add("names", strings.Join(CertificateNames(der), ", "), "the XMPP domain must be among these (RFC 6120 §13.7.2)")
	}
	issuer := "who signed it"
	if c.Subject.String() == c.Issuer.String() {
		issuer = "signed by itself: nobody vouches for it unless it was installed as trusted"
	}
	add("issuer", c.Issuer.String(), issuer)
	add("not before", c.NotBefore.UTC().Format(time.RFC3339), "")
	add("not after", c.NotAfter.UTC().Format(time.RFC3339), "")
	add("key", keyWords(c), "")
	add("signature", c.SignatureAlgorithm.String(), "")
	add("SHA-256", fmt.Sprintf("%X", sha256.Sum256(der)), "the fingerprint, to compare with what the server's owner says")
}

func keyWords(c *x509.Certificate) string {
	switch k := c.PublicKey.(type) {
	case *rsa.PublicKey:
		return fmt.Sprintf("RSA, %d bits", k.N.BitLen())
	case *ecdsa.PublicKey:
		return "ECDSA, " + k.Curve.Params().Name
	case ed25519.PublicKey:
		return "Ed25519"
	}
	return c.PublicKeyAlgorithm.String()
}

// lasting writes a number of seconds in the largest unit that holds it exactly.
func lasting(seconds uint32) string {
	n, unit := seconds, "second"
	for _, u := range [...]struct {
		of   uint32
		name string
	}{{86400, "day"}, {3600, "hour"}, {60, "minute"}} {
		if seconds > 0 && seconds%u.of == 0 {
			n, unit = seconds/u.of, u.name
			break
		}
	}
	if n != 1 {
		unit += "s"
	}
	return fmt.Sprintf("%d %s", n, unit)
}

// ticket reads NewSessionTicket in both its forms.
func (v *view) ticket() {
	at := v.at()
	var life uint32
	if !v.s.ReadUint32(&life) {
		return
	}
	v.add(at, "lifetime", lasting(life), "for so long the session may be gone on with")
	if v.version >= TLS13 {
		v.bytes(4, "age_add", "hides how old the ticket is when it is used")
		v.short("nonce", func(b []byte) (string, string) {
			return fmt.Sprintf("%x", b), "tells the tickets of one connection apart"
		})
	}
	at = v.at()
	var t cryptobyte.String
	if v.s.ReadUint16LengthPrefixed(&t) {
		v.add(at, "ticket", fmt.Sprintf("%d bytes", len(t)), "only the server can read it")
	}
}

// serverKeyExchange reads as much as does not depend on the suite: the named
// curve of ECDHE, or the size of a Diffie-Hellman prime.
func (v *view) serverKeyExchange() {
	const named = 3
	p := v.msg[4:]
	switch {
	case len(p) > 4 && p[0] == named:
		at := v.at()
		v.s.Skip(3)
		v.add(at, "curve", GroupName(uint16(p[1])<<8|uint16(p[2])), "in which the key is agreed on")
		v.short("public key", func(b []byte) (string, string) {
			return fmt.Sprintf("%x", b), "the server's half of the key agreement"
		})
	case len(p) > 2:
		at := v.at()
		var prime cryptobyte.String
		if v.s.ReadUint16LengthPrefixed(&prime) && len(prime) >= 32 {
			v.add(at, "prime", fmt.Sprintf("%d bits", 8*len(prime)), "of a Diffie-Hellman key agreement; fewer than 2048 bits are too few")
		}
	}
	if !v.s.Empty() {
		at := v.at()
		v.s.Skip(len(v.s))
		v.add(at, "rest", fmt.Sprintf("%d bytes", v.at()-at), "parameters and the signature that proves them")
	}
}

func (v *view) clientKeyExchange() {
	at := v.at()
	v.s.Skip(len(v.s))
	v.add(at, "key", fmt.Sprintf("%d bytes", v.at()-at), "the client's half of the key agreement, or the secret itself, encrypted for the server")
}

func (v *view) certificateRequest() {
	at := v.at()
	n := len(v.s)
	v.s.Skip(n)
	v.add(at, "accepted", fmt.Sprintf("%d bytes", n), "which kinds of certificates and signatures are accepted; with one, XMPP can log in by SASL EXTERNAL")
}

func (v *view) certificateVerify() {
	at := v.at()
	var alg uint16
	var sig cryptobyte.String
	if !v.s.ReadUint16(&alg) {
		return
	}
	v.add(at, "algorithm", SignatureName(alg), "")
	at = v.at()
	if v.s.ReadUint16LengthPrefixed(&sig) {
		v.add(at, "signature", fmt.Sprintf("%d bytes", len(sig)), "over all of the handshake so far: only the owner of the certificate's key can make it")
	}
}

func (v *view) finished() {
	n := len(v.s)
	v.bytes(n, "verify_data", "a checksum over the whole handshake: if anybody changed a byte of it, this does not fit. tls-unique is made of the first one in TLS 1.2")
}

func (v *view) keyUpdate() {
	at := v.at()
	var ask uint8
	if v.s.ReadUint8(&ask) {
		meaning := "the other side may keep its keys"
		if ask == 1 {
			meaning = "the other side is asked to change its keys too"
		}
		v.add(at, "request_update", fmt.Sprint(ask), meaning)
	}
}

// maxSizes is how many records of a run are listed by their size.
const maxSizes = 40

// DescribeRecords says what can be seen of records that were not decrypted.
func DescribeRecords(raw []byte) Message {
	m := Message{Name: "records", Title: "encrypted records", Ref: spec.RFC(8446, "5.2")}
	var sizes []string
	records, content, at := 0, 0, 0
	for len(raw)-at >= recordHeader {
		n := int(raw[at+3])<<8 | int(raw[at+4])
		if !plausible(raw[at:]) {
			break
		}
		records++
		content += n
		if len(sizes) < maxSizes {
			sizes = append(sizes, fmt.Sprintf("%s %d", recordName(raw[at]), n))
		}
		at += recordHeader + n
	}
	if records == 0 {
		return m
	}
	m.Title = fmt.Sprintf("%d encrypted records", records)
	if records == 1 {
		m.Title = "1 encrypted record"
	}
	if len(sizes) < records {
		sizes = append(sizes, "…")
	}
	m.Fields = []Field{
		{Name: "records", Value: fmt.Sprint(records), Start: 0, End: len(raw)},
		{Name: "types and sizes", Value: strings.Join(sizes, ", "), Meaning: "in bytes; often one stanza is one record", Start: 0, End: len(raw)},
		{Name: "content", Value: fmt.Sprintf("about %d bytes", max(0, content-17*records)), Meaning: "an estimate: each record has 16 to 24 bytes of its own"},
	}
	return m
}

func recordName(typ byte) string {
	switch typ {
	case RecordChangeCipherSpec:
		return "change_cipher_spec"
	case RecordAlert:
		return "alert"
	case RecordHandshake:
		return "handshake"
	case RecordData:
		return "data"
	case RecordHeartbeat:
		return "heartbeat"
	}
	return "unknown"
}

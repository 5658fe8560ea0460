package sasl

import (
	"fmt"
	"strings"
)

// The tokens of GSSAPI are sealed for everybody but the two ends, RFC 4752
// §3: their length and the frame of RFC 2743 §3.1 are all there is to see.
func decodeGSSAPI(x *Exchange, i int) Decoded {
	p := newPage(x, i)
	if p.empty() {
		return p.d
	}
	size := plural(len(p.data), "byte")
	oid, inner, ok := gssFrame(p.data)
	if !ok {
		meaning := "a token without the outer frame: later messages have none"
		if len(p.data) >= 2 && p.data[0] == 0x05 && p.data[1] == 0x04 {
			meaning = "a wrapped message: offers or chooses a security layer, and may name an authorization identity"
		}
		p.hex("token", p.all(), meaning)
		p.summary("GSSAPI token, %s", size)
		return p.d
	}
	p.add(Field{Name: "mechanism", Value: oid, Meaning: gssName(oid), Span: Span{0, inner}})
	p.hex("token", Span{inner, len(p.data)}, "sealed; only the two ends can open it")
	p.summary("GSSAPI token for %s, %s", gssName(oid), size)
	return p.d
}

// gssFrame reads the frame 60 length 06 length OID. inner is where the
// mechanism's own token starts.
func gssFrame(b []byte) (oid string, inner int, ok bool) {
	if len(b) < 2 || b[0] != 0x60 {
		return "", 0, false
	}
	at := 2
	if b[1] >= 0x80 { // the length takes this many more bytes
		at += int(b[1] & 0x7F)
	}
	if at+2 > len(b) || b[at] != 0x06 {
		return "", 0, false
	}
	end := at + 2 + int(b[at+1])
	if b[at+1] == 0 || b[at+1] >= 0x80 || end > len(b) {
		return "", 0, false
	}
	return objectID(b[at+2 : end]), end, true
}

// objectID writes an ASN.1 object identifier with dots.
func objectID(b []byte) string {
	var out strings.Builder
	fmt.Fprintf(&out, "%d.%d", min(b[0]/40, 2), int(b[0])-40*int(min(b[0]/40, 2)))
	n := uint64(0)
	for _, c := range b[1:] {
		n = n<<7 | uint64(c&0x7F)
		if c < 0x80 {
			fmt.Fprintf(&out, ".%d", n)
			n = 0
		}
	}
	return out.String()
}

func gssName(oid string) string {
	switch oid {
	case "1.2.840.113554.1.2.2":
		return "Kerberos 5"
	case "1.3.6.1.5.5.2":
		return "SPNEGO"
	case "1.3.6.1.4.1.311.2.2.10":
		return "NTLM"
	}
	return "a mechanism not known here"
}

func verifyGSSAPI(*Exchange, *Secret) Verdict {
	return notJudged("the tokens are sealed with keys that only the two ends and the ticket server have")
}

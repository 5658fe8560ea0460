package main

import (
	"crypto/x509"
	"encoding/pem"
	"fmt"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/tlswire"
	"xmppscope/decode/xmlstream"
)

// readPEM reads certificates as OpenSSL writes them (RFC 7468).
func readPEM(text string, _ *pasteOptions) (p *paste, inner, undone string, err error) {
	if !strings.HasPrefix(text, "-----BEGIN ") {
		return nil, "", "", nil
	}
	var chain [][]byte
	rest := []byte(text)
	for {
		var b *pem.Block
		if b, rest = pem.Decode(rest); b == nil {
			break
		}
		switch {
		case b.Type == "CERTIFICATE" || b.Type == "X509 CERTIFICATE" || b.Type == "TRUSTED CERTIFICATE":
			chain = append(chain, b.Bytes)
		case strings.Contains(b.Type, "PRIVATE KEY"):
			return nil, "", "", usage("decode", "a private key: there is nothing in it to decode, and nobody should see it", "its certificate can be decoded")
		default:
			return nil, "", "", usage("decode", "a block of the type "+b.Type+", of which nothing is known", "decode reads certificates")
		}
	}
	if len(chain) == 0 {
		return nil, "", "", usage("decode", "it begins like PEM, but no block in it is whole", "copy it from -----BEGIN to -----END, dashes included")
	}
	return certificate(chain, "")
}

// isDER tells whether bytes are a certificate.
func isDER(data []byte) bool {
	if len(data) < 100 || data[0] != 0x30 {
		return false
	}
	_, err := x509.ParseCertificate(data)
	return err == nil
}

// certificate makes the event that showing a chain would be in TLS 1.2
// (RFC 5246 §7.4.2).
func certificate(chain [][]byte, how string) (p *paste, inner, undone string, err error) {
	if _, err := x509.ParseCertificate(chain[0]); err != nil {
		return nil, "", "", usage("decode", "this certificate cannot be read: "+strings.TrimPrefix(err.Error(), "x509: "), "")
	}
	var list []byte
	for _, der := range chain {
		list = append(append(list, length3(len(der))...), der...)
	}
	body := append(length3(len(list)), list...)
	msg := append(append([]byte{byte(tlswire.TypeCertificate)}, length3(len(body))...), body...)
	if len(msg) > 1<<24 {
		return nil, "", "", usage("decode", fmt.Sprintf("%d certificates are more than a chain can have", len(chain)), "")
	}
	state := &decode.State{Profile: decode.ProfileC2S, TLS: decode.TLS{Version: tlswire.TLS12}}
	e := decode.Event{Seq: 1, Conn: 1, Dir: decode.FromReceiver, Kind: decode.KindTLS, Step: decode.StepTLSHandshake, Phase: decode.PhaseTLS,
		Name: xmlstream.Name{Local: "certificate"}, Wire: msg, State: state, After: state}
	p = &paste{events: []decode.Event{e}}
	if how != "" {
		p.steps = []string{how}
	}
	return p, "", "", nil
}

func length3(n int) []byte { return []byte{byte(n >> 16), byte(n >> 8), byte(n)} }

// readTLS reads records of TLS as the beginning of a connection.
func readTLS(data []byte, o *pasteOptions) *paste {
	dir := decode.FromInitiator
	if o.from == fromReceiver || o.from == "" && len(data) > 5 && data[0] == 0x16 && data[5] != 1 {
		dir = decode.FromReceiver
	}
	t := &pastedTalk{c: decode.NewConn(1, decode.Options{})}
	return &paste{steps: []string{"hexadecimal of TLS records"}, events: t.feed(dir, string(data)).finish()}
}

package binding

import (
	"bytes"
	"crypto/tls"
	"slices"
	"strings"

	"xmppscope/decode/tlswire"
)

// Leg is the channel-binding data of one TLS connection. The zero Leg is one
// without TLS, to which nothing can be bound.
type Leg struct {
	// Version is that of TLS, such as tls.VersionTLS13; 0 without TLS.
	Version uint16
	// Unique, EndPoint and Exporter are tls-unique, tls-server-end-point and
	// tls-exporter; nil where the connection does not have them.
	Unique, EndPoint, Exporter []byte
	// Finished is the client's Finished of TLS 1.3. RFC 9266 §3 leaves tls-unique
	// undefined there, but who asks OpenSSL for it gets this: slixmpp binds to it,
	// and ejabberd 23.01 takes nothing else in any version of TLS.
	Finished []byte
	// Absent is tls-exporter as some programs compute it: with no context in
	// place of an empty one, which TLS up to 1.2 tells apart (RFC 5705 §4).
	Absent []byte
}

// exporter label and length of RFC 9266 §2.
const (
	exporterLabel = "EXPORTER-Channel-Binding"
	exporterLen   = 32
)

// LegOf takes the data from a finished handshake of crypto/tls. leaf is the
// certificate of the connection's server side in DER: our own towards the client,
// the server's towards the server. A state that no handshake made gives the zero
// Leg.
func LegOf(cs *tls.ConnectionState, leaf []byte) Leg {
	if cs == nil || !cs.HandshakeComplete {
		return Leg{}
	}
	l := Leg{Version: cs.Version}
	if cs.Version < tls.VersionTLS13 {
		l.Unique = cs.TLSUnique // RFC 9266 §3: not defined for TLS 1.3
	}
	if len(leaf) > 0 {
		l.EndPoint, _ = tlswire.EndPoint(leaf)
	}
	// The context is empty and not absent, which TLS 1.2 tells apart. Without
	// the extended master secret crypto/tls refuses, as RFC 9266 §4.2 wants.
	if data, err := cs.ExportKeyingMaterial(exporterLabel, []byte{}, exporterLen); err == nil {
		l.Exporter = data
	}
	if data, err := cs.ExportKeyingMaterial(exporterLabel, nil, exporterLen); err == nil {
		l.Absent = data
	}
	return l
}

// bindingType is one type of channel binding.
type bindingType struct {
	name string // RFC 5929, RFC 9266
	ht   string // the ending of the mechanisms for tokens that use it
	twin string // what takes its place in the other versions of TLS
	of   func(*Leg) []byte
}

// bindingTypes is the table, the best first.
var bindingTypes = [...]bindingType{
	{"tls-exporter", "-EXPR", "tls-unique", func(l *Leg) []byte { return l.Exporter }},
	{"tls-server-end-point", "-ENDP", "", func(l *Leg) []byte { return l.EndPoint }},
	{"tls-unique", "-UNIQ", "tls-exporter", (*Leg).unique},
}

// unique is tls-unique, or what is taken for it.
func (l *Leg) unique() []byte {
	if l.Version >= tls.VersionTLS13 {
		return l.Finished
	}
	return l.Unique
}

func typeNamed(name string) *bindingType {
	for i := range bindingTypes {
		if t := &bindingTypes[i]; t.name == name {
			return t
		}
	}
	return nil
}

// typeOfHT is the type that a mechanism for tokens is bound to; nil for one that
// is not bound, or not known.
func typeOfHT(mechanism string) *bindingType {
	for i := range bindingTypes {
		if t := &bindingTypes[i]; strings.HasPrefix(mechanism, "HT-") && strings.HasSuffix(mechanism, t.ht) {
			return t
		}
	}
	return nil
}

// data is the binding data of a type by name, nil where there is none.
func (l *Leg) data(name string) []byte {
	if t := typeNamed(name); t != nil {
		return t.of(l)
	}
	return nil
}

// absent is what stands for data of the type in programs that leave the context
// out; nil where that makes no difference.
func (l *Leg) absent(name string) []byte {
	if name != "tls-exporter" || bytes.Equal(l.Absent, l.Exporter) {
		return nil
	}
	return l.Absent
}

// bound tells whether anything can be bound to the leg.
func (l *Leg) bound() bool { return len(l.Unique)+len(l.EndPoint)+len(l.Exporter) > 0 }

// usual is the type that is meant where a server lists none: RFC 5802 §6.1 for
// TLS up to 1.2, RFC 9266 §3 for TLS 1.3.
func (l *Leg) usual() string {
	if l.Version >= tls.VersionTLS13 {
		return "tls-exporter"
	}
	return "tls-unique"
}

// typeTowards is the type for the server where the client took one for its own
// leg; empty where the server cannot be given any. listed is what the server
// offers; nil where it has no list.
func typeTowards(client string, a, b *Leg, listed []string) string {
	if listed == nil {
		pick := client
		if a.Version != b.Version && client != "tls-server-end-point" {
			pick = b.usual()
		}
		if b.data(pick) != nil {
			return pick
		}
		return ""
	}
	order := []string{client}
	if a.Version != b.Version && client != "tls-server-end-point" {
		order = []string{b.usual(), client}
	}
	for _, t := range bindingTypes {
		order = append(order, t.name)
	}
	for _, name := range order {
		if b.data(name) != nil && slices.Contains(listed, name) {
			return name
		}
	}
	return ""
}

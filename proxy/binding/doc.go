// Package binding makes logins work that are tied to a TLS connection, although
// the proxy makes two of one (RFC 5929, RFC 9266), and says what that costs.
//
// A Session sees every element of both directions before it is sent on and
// answers with the bytes to send in its place. It knows SASL, the channel-binding
// data of both legs and, where one was given, the password. It does not know
// sockets, the clock, events or who decides: it never refuses a login itself. A
// wrong proof of the client becomes a wrong proof towards the server, so that the
// server refuses it, counts it and words it, as without the proxy; a wrong
// signature of the server goes on as it is, so that the client refuses it.
//
// No sentence that it gives for the record holds a password, a key, a token or a
// proof.
package binding

import "fmt"

// Mode says what is done about channel binding.
type Mode uint8

const (
	// Recompute replaces the binding data of one leg by that of the other and
	// signs anew. It needs the password of the account.
	Recompute Mode = iota + 1
	// Strip removes everything that offers channel binding from the features.
	Strip
	// Observe changes nothing: TLS is relayed untouched.
	Observe
)

var modeNames = [...]string{Recompute: "recompute", Strip: "strip", Observe: "observe"}

func (m Mode) String() string {
	if int(m) < len(modeNames) {
		return modeNames[m]
	}
	return ""
}

// ParseMode reads the value of --binding.
func ParseMode(name string) (Mode, error) {
	for m, known := range modeNames {
		if known == name && name != "" {
			return Mode(m), nil
		}
	}
	return 0, fmt.Errorf("binding %q: not recompute, strip or observe", name)
}

// Words says in two words what is done about channel binding.
func (m Mode) Words() string {
	switch m {
	case Recompute:
		return "binding recomputed"
	case Strip:
		return "binding removed"
	case Observe:
		return "TLS untouched"
	}
	return ""
}

// Banner is what a person must be told before a proxy runs in this mode.
func (m Mode) Banner() string {
	switch m {
	case Recompute:
		return "channel binding is computed anew with the password that was given: both sides believe that nobody stands between them, and that is not true"
	case Strip:
		return "channel binding is removed from what the server offers: a client that notices may stop, and a server that is told so must refuse the login; with --password it is computed anew"
	case Observe:
		return "TLS is relayed untouched: nothing inside it can be held or changed, and it is read only with a key log"
	}
	return ""
}

// Namespaces of the elements that are read here.
const (
	nsStreams  = "http://etherx.jabber.org/streams"
	nsSASL     = "urn:ietf:params:xml:ns:xmpp-sasl"
	nsSASL2    = "urn:xmpp:sasl:2"
	nsChannelB = "urn:xmpp:sasl-cb:0"
	nsFAST     = "urn:xmpp:fast:0"
)

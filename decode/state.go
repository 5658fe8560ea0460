package decode

import (
	"strconv"
	"strings"

	"xmppscope/decode/tlswire"
)

// Profile is the sort of XMPP connection.
type Profile uint8

const (
	ProfileUnknown Profile = iota
	ProfileC2S
	ProfileS2S
	ProfileComponent
)

var profileNames = [...]string{"", "c2s", "s2s", "component"}

func (p Profile) String() string { return nameOf(profileNames[:], int(p)) }

// Feature is one child of stream features (RFC 6120 §4.3.2).
type Feature struct {
	Space, Local string
	// Required is set by a <required/> child (mandatory-to-negotiate).
	Required bool
	// Optional is set by an <optional/> child.
	Optional bool
	// Values are what the feature lists: mechanisms, compression methods,
	// channel-binding types.
	Values []string
}

// State is what is true at one moment of a conversation: the variables of the
// debugger. A State never changes after it has been given out; what happens
// makes a new one. It holds the negotiation; what every stanza changes stands
// in Ledger.
type State struct {
	Profile Profile
	Layer   Layer
	// Phase is where the conversation stands: the phase of the last step.
	Phase Phase
	// TLS is what is known of the TLS connection; the zero value where there is
	// none.
	TLS TLS
	// Content is the content namespace of the stream.
	Content string
	// Domain is `to` of the last initial stream header, Claimed its `from`.
	Domain, Claimed string
	// StreamID, Version and Lang are those of the response header in force.
	StreamID, Version, Lang string
	// Headers counts the stream headers of each direction, restarts included.
	Headers [2]int
	// Open tells whether each direction's stream is open.
	Open [2]bool
	// Features is the last list; nil until there is one.
	Features []Feature
	// Mechanism is the SASL mechanism in use or last used.
	Mechanism string
	// Failures counts failed logins.
	Failures int
	// Authenticated is set by SASL success and its older equivalents.
	Authenticated bool
	// Identity is who logged in, as the wire tells: the authorization identity
	// or the user name that was proven.
	Identity string
	// JID is the full JID that the server bound (RFC 6120 §7.6.1).
	JID string
	// Session is set when the session iq of RFC 3921 §3 succeeded.
	Session bool
	// Managed tells which directions count stanzas (XEP-0198 §3).
	Managed [2]bool
	// ResumeID is the id under which the stream may be resumed; Resumed is set
	// when this stream resumed an older one.
	ResumeID string
	Resumed  bool
	// Roster is set when the roster was fetched, Available after initial
	// presence, Inactive by client state indication, Carbons when enabled.
	Roster, Available, Inactive, Carbons bool
	// Error is the condition of the stream error, if there was one.
	Error string
}

// Ledger counts stanzas for stream management (XEP-0198 §4), for each
// direction from the moment its counting began.
type Ledger struct {
	// Sent is how many stanzas the direction has sent, modulo 2^32.
	Sent [2]uint32
	// Acked is the last h with which the other side confirmed them.
	Acked [2]uint32
}

// Feature finds a feature of the last list.
func (s *State) Feature(space, local string) *Feature {
	for i := range s.Features {
		if f := &s.Features[i]; f.Space == space && f.Local == local {
			return f
		}
	}
	return nil
}

// Mechanisms are the SASL mechanisms of the last list (RFC 6120 §6.4.1,
// XEP-0388 §2.1).
func (s *State) Mechanisms() []string {
	if f := s.Feature(nsSASL, "mechanisms"); f != nil {
		return f.Values
	}
	if f := s.Feature(nsSASL2, "authentication"); f != nil {
		return f.Values
	}
	return nil
}

// Var is one variable of the state, with how to read it.
type Var struct {
	Name, Doc string
	Get       func(*State) string
}

// Vars is the table of all variables, in the order of a conversation. The
// state view, state_change and "who set this" all come from it.
func Vars() []Var { return stateVars[:] }

var stateVars = [...]Var{
	{"profile", "the sort of connection: client to server, server to server, component", func(s *State) string { return s.Profile.String() }},
	{"phase", "where the conversation stands", func(s *State) string { return s.Phase.String() }},
	{"layer", "what carries the XML", func(s *State) string { return s.Layer.String() }},
	{"tls_version", "the version of TLS", func(s *State) string { return tlsWord(s.TLS.Version, tlswire.VersionName) }},
	{"cipher", "the cipher suite of TLS", func(s *State) string { return tlsWord(s.TLS.Cipher, tlswire.CipherName) }},
	{"sni", "the server name that the client asked for in TLS", func(s *State) string { return s.TLS.SNI }},
	{"alpn", "the protocol that TLS was set up for", func(s *State) string { return s.TLS.ALPN }},
	{"tls_resumed", "an older session of TLS goes on", func(s *State) string { return yes(s.TLS.Resumed) }},
	{"tls_keys", "where the keys of TLS came from", func(s *State) string { return s.TLS.Keys }},
	{"certificate", "the names in the server's certificate", func(s *State) string { return strings.Join(s.TLS.ServerNames, " ") }},
	{"client_certificate", "the names in the certificate of the initiating entity", func(s *State) string { return strings.Join(s.TLS.ClientNames, " ") }},
	{"domain", "the domain that the initiating entity asked for", func(s *State) string { return s.Domain }},
	{"claimed", "who the initiating entity says it is, not yet proven", func(s *State) string { return s.Claimed }},
	{"content", "the content namespace of the stream", func(s *State) string { return s.Content }},
	{"stream_id", "the id that the receiving entity gave this stream", func(s *State) string { return s.StreamID }},
	{"version", "the XMPP version agreed", func(s *State) string { return s.Version }},
	{"lang", "the default language of the receiving entity", func(s *State) string { return s.Lang }},
	{"initiator_stream", "the initiating entity's stream", func(s *State) string { return openWord(s, FromInitiator) }},
	{"receiver_stream", "the receiving entity's stream", func(s *State) string { return openWord(s, FromReceiver) }},
	{"features", "what was offered last", func(s *State) string { return featureWords(s.Features) }},
	{"mechanisms", "the SASL mechanisms offered last", func(s *State) string { return strings.Join(s.Mechanisms(), " ") }},
	{"mechanism", "the SASL mechanism in use or last used", func(s *State) string { return s.Mechanism }},
	{"failures", "failed logins so far", func(s *State) string { return count(s.Failures) }},
	{"authenticated", "the login succeeded", func(s *State) string { return yes(s.Authenticated) }},
	{"identity", "who logged in", func(s *State) string { return s.Identity }},
	{"jid", "the full JID that the server bound", func(s *State) string { return s.JID }},
	{"session", "the session of RFC 3921 was established", func(s *State) string { return yes(s.Session) }},
	{"sm", "whose stanzas are counted for acknowledgement", managedWord},
	{"resume_id", "the id under which this stream may be resumed", func(s *State) string { return s.ResumeID }},
	{"resumed", "this stream continues an older one", func(s *State) string { return yes(s.Resumed) }},
	{"roster", "the roster was fetched", func(s *State) string { return yes(s.Roster) }},
	{"available", "initial presence was sent", func(s *State) string { return yes(s.Available) }},
	{"inactive", "the client said that nobody is looking", func(s *State) string { return yes(s.Inactive) }},
	{"carbons", "copies of messages on other devices are on", func(s *State) string { return yes(s.Carbons) }},
	{"error", "the condition of the stream error", func(s *State) string { return s.Error }},
}

// Change is one variable that differs between two states.
type Change struct{ Name, From, To string }

// Changes lists what differs between before and after, in table order. The
// phase is left out: every event carries it. Nil states count as empty.
func Changes(before, after *State) []Change {
	if before == after || after == nil {
		return nil
	}
	if before == nil {
		before = &State{}
	}
	var all []Change
	for _, v := range stateVars {
		if v.Name == "phase" {
			continue
		}
		if a, b := v.Get(before), v.Get(after); a != b {
			all = append(all, Change{v.Name, a, b})
		}
	}
	return all
}

func openWord(s *State, d Dir) string {
	switch {
	case s.Open[d]:
		return "open"
	case s.Headers[d] > 0:
		return "closed"
	}
	return ""
}

func managedWord(s *State) string {
	switch s.Managed {
	case [2]bool{true, true}:
		return "both directions"
	case [2]bool{true, false}:
		return "initiator"
	case [2]bool{false, true}:
		return "receiver"
	}
	return ""
}

func tlsWord(n uint16, name func(uint16) string) string {
	if n == 0 {
		return ""
	}
	return name(n)
}

func featureWords(fs []Feature) string {
	var b strings.Builder
	for i, f := range fs {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(f.Local)
		if f.Required {
			b.WriteString("(required)")
		}
	}
	return b.String()
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return ""
}

func count(n int) string {
	if n == 0 {
		return ""
	}
	return strconv.Itoa(n)
}

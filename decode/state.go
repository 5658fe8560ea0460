package decode

import (
	"strings"
	"time"
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
	// channel-binding types, extensions that can be enabled with it.
	Values []string
	// Inline is what can be done together with a login (XEP-0388 §2.1).
	Inline []Feature
}

// Pair are two domains: From may send to To on this stream (XEP-0220 §1.2).
type Pair struct{ From, To string }

// Token is what became of a token for logins to come (XEP-0484 §3). It never
// holds the token itself.
type Token struct {
	// Used: the login is made with a token that was given out earlier. Count is
	// how often the client says to have used it.
	Used  bool
	Count string
	// Invalidate: the token is to be good for nothing after this login.
	Invalidate bool
	// Asked: the login asks for a new one. Given: there is one, good until
	// Expiry.
	Asked, Given bool
	Expiry       string
	// Mechanism is the one that the token is for.
	Mechanism string
}

// wish is what a login asks for that only its success makes true.
type wish struct {
	inactive bool
	// since is the number of the initiating entity's stream headers when it
	// sent its login: one more, and it has restarted the stream unasked.
	since int
}

// State is what is true at one moment of a conversation: the variables of the
// debugger. A State never changes after it has been given out; what happens
// makes a new one. It holds the negotiation; what every stanza changes stands
// in Ledger.
type State struct {
	// Late: the capture began after the connection, or after the session of
	// BOSH. Even a stream header may be a restart then.
	Late bool
	// Proxied: see [Conn.Proxied].
	Proxied bool
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
	// Inline are the steps that a login of SASL 2 asks for at the same time:
	// to bind, to resume, a token (XEP-0388 §2.3). They happen with its success
	// and are forgotten with its failure.
	Inline []Step
	// UserAgent is the program that logs in, as it calls itself.
	UserAgent string
	// Tasks are what the server wants done before success, Task the one that
	// the client has picked (XEP-0388 §2.6.3).
	Tasks []string
	Task  string
	// Token is what the login has to do with tokens.
	Token Token
	// Pairs are the domains that may send to each other on a stream between
	// servers, by certificate or dialback; at most [MaxPairs].
	Pairs []Pair
	// Bidi is set when both servers may send on this connection (XEP-0288).
	Bidi bool
	// Registered is the account that was made on this connection; Removed is
	// set when the account was given up (XEP-0077 §3).
	Registered string
	Removed    bool
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
	// ResumeMax is for how many seconds the server keeps the stream, ResumeAt
	// where it would like the client to come back to; as the wire has them.
	ResumeMax, ResumeAt string
	// ResumeFailed says why an older stream was not resumed, and how much of it
	// had arrived if the server tells (XEP-0198 §5).
	ResumeFailed string
	// Roster is set when the roster was fetched, Available after initial
	// presence, Inactive by client state indication, Carbons when enabled.
	Roster, Available, Inactive, Carbons bool
	// Inactivity is for how long the server keeps a session of BOSH in which
	// nobody asks (XEP-0124 §10); zero for what is none.
	Inactivity time.Duration
	// RosterVersion is that of the roster that both sides have (RFC 6121 §2.6).
	RosterVersion string
	// Error is the condition of the stream error, if there was one.
	Error string
	// Redirect is where the other side sends this one (RFC 6120 §4.9.3.19).
	Redirect string

	wish wish
}

// MaxPairs bounds the pairs that a state lists.
const MaxPairs = 256

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
	if all := s.mechanismsOf(nsSASL); all != nil {
		return all
	}
	return s.mechanismsOf(nsSASL2)
}

// MechanismsFor are those of the last list that a login is to choose from:
// space is the namespace of its element, mechanism the one that it names. The
// mechanisms for tokens have a list of their own (XEP-0484 §3.1).
func (s *State) MechanismsFor(space, mechanism string) []string {
	if space == nsSASL2 && strings.HasPrefix(mechanism, "HT-") {
		if f := s.Feature(nsSASL2, "authentication"); f != nil {
			for i := range f.Inline {
				if f.Inline[i].Space == nsFAST {
					return f.Inline[i].Values
				}
			}
		}
	}
	return s.mechanismsOf(space)
}

// mechanismsOf are those offered for one of the two profiles of SASL, which a
// server may offer side by side with different lists.
func (s *State) mechanismsOf(space string) []string {
	local := "mechanisms"
	if space == nsSASL2 {
		local = "authentication"
	}
	if f := s.Feature(space, local); f != nil {
		return f.Values
	}
	return nil
}

package decode

import (
	"strconv"
	"strings"

	"xmppscope/decode/tlswire"
)

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
	{"inline", "what the login asks for at the same time", inlineWords},
	{"user_agent", "the program that logs in, as it calls itself", func(s *State) string { return s.UserAgent }},
	{"tasks", "what the server wants done before it lets the client in", taskWords},
	{"token", "what became of a token for quicker logins", func(s *State) string { return s.Token.String() }},
	{"domains", "which domains may send to which on this stream", pairWords},
	{"bidi", "both servers may send on this connection", func(s *State) string { return yes(s.Bidi) }},
	{"registered", "the account that was made on this connection", func(s *State) string { return s.Registered }},
	{"account_removed", "the account was given up", func(s *State) string { return yes(s.Removed) }},
	{"jid", "the full JID that the server bound", func(s *State) string { return s.JID }},
	{"session", "the session of RFC 3921 was established", func(s *State) string { return yes(s.Session) }},
	{"sm", "whose stanzas are counted for acknowledgement", managedWord},
	{"resume_id", "the id under which this stream may be resumed", func(s *State) string { return s.ResumeID }},
	{"resume_max", "for how many seconds the server keeps the stream for resuming", func(s *State) string { return s.ResumeMax }},
	{"resume_at", "where the server would like to be asked to resume", func(s *State) string { return s.ResumeAt }},
	{"resumed", "this stream continues an older one", func(s *State) string { return yes(s.Resumed) }},
	{"resume_failed", "why an older stream was not resumed", func(s *State) string { return s.ResumeFailed }},
	{"roster", "the roster was fetched", func(s *State) string { return yes(s.Roster) }},
	{"roster_version", "the version of the roster that both sides have", func(s *State) string { return s.RosterVersion }},
	{"available", "initial presence was sent", func(s *State) string { return yes(s.Available) }},
	{"inactive", "the client said that nobody is looking", func(s *State) string { return yes(s.Inactive) }},
	{"carbons", "copies of messages on other devices are on", func(s *State) string { return yes(s.Carbons) }},
	{"error", "the condition of the stream error", func(s *State) string { return s.Error }},
	{"redirect", "where the server sends the client instead", func(s *State) string { return s.Redirect }},
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
		if len(f.Inline) > 0 {
			b.WriteString("(" + featureWords(f.Inline) + ")")
		}
	}
	return b.String()
}

func inlineWords(s *State) string {
	words := make([]string, len(s.Inline))
	for i, step := range s.Inline {
		words[i] = step.String()
	}
	return strings.Join(words, " ")
}

func taskWords(s *State) string {
	words := strings.Join(s.Tasks, " ")
	if s.Task != "" {
		words += ", now " + s.Task
	}
	return words
}

func pairWords(s *State) string {
	words := make([]string, len(s.Pairs))
	for i, p := range s.Pairs {
		words[i] = p.From + " to " + p.To
	}
	return strings.Join(words, ", ")
}

// String says it in words, without the token.
func (k Token) String() string {
	var words []string
	if k.Mechanism != "" {
		words = append(words, k.Mechanism)
	}
	switch {
	case k.Used && k.Count != "":
		words = append(words, "used, by the client's count "+k.Count)
	case k.Used:
		words = append(words, "used")
	}
	if k.Invalidate {
		words = append(words, "given up with this login")
	}
	switch {
	case k.Given && k.Expiry != "":
		words = append(words, "a new one is good until "+k.Expiry)
	case k.Given:
		words = append(words, "a new one was given")
	case k.Asked:
		words = append(words, "asked for")
	}
	return strings.Join(words, ", ")
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

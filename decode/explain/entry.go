package explain

import "xmppscope/decode/spec"

// Entry is one sense of a term of the dictionary.
type Entry struct {
	Name string
	// Sort says what it is: one of the Sort constants.
	Sort string
	// Text says what it means. Why says what it is good for and Expect what
	// follows; both may be empty.
	Text, Why, Expect string
	Ref               spec.Ref
}

// The sorts of entries.
const (
	SortStep      = "step"
	SortPhase     = "phase"
	SortStream    = "stream error condition"
	SortSASL      = "SASL failure condition"
	SortSCRAM     = "SCRAM error value"
	SortStanza    = "stanza error condition"
	SortBOSH      = "BOSH terminate condition"
	SortErrorType = "stanza error type"
	// Conditions outside the core's own lists.
	SortFurther    = "further condition"
	SortDialback   = "dialback verdict or error"
	SortRoomError  = "answer of a room to a join"
	SortRoomStatus = "room status code"
	SortOldCode    = "old error code"
	SortMechanism  = "SASL mechanism"
	SortLogin      = "login without SASL"
	SortKind       = "event kind"
	SortVariable   = "state variable"
	SortNamespace  = "namespace"
	SortElement    = "element"
	SortFeature    = "stream feature"
	SortTLS        = "TLS message"
	SortAlert      = "TLS alert"
	SortWrapper    = "BOSH attribute"
	SortCloseCode  = "WebSocket close code"
	SortConcept    = "concept"
	SortLinkAction = "action of a link"
	SortDocument   = "document"
	// Values of attributes and of the program's own fields.
	SortTransport    = "transport"
	SortProfile      = "profile"
	SortOutcome      = "outcome"
	SortMessageType  = "message type"
	SortIQType       = "iq type"
	SortPresenceType = "presence type"
	SortShow         = "value of show"
	SortSubscription = "subscription state"
	SortAffiliation  = "affiliation in a room"
	SortRole         = "role in a room"
)

// entryNamed finds name in a table; the zero Entry where it is not there.
func entryNamed(table []Entry, name string) Entry {
	for i := range table {
		if table[i].Name == name {
			return table[i]
		}
	}
	return Entry{}
}

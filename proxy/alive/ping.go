package alive

import (
	"bytes"
	"encoding/xml"
	"strings"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

const nsPing = "urn:xmpp:ping"

// Fresh is for how long the word of a peer counts: one that was heard within it is
// there.
const Fresh = time.Minute

// Answer is the tool's answer to a ping in the place of the one that was pinged.
type Answer struct {
	// XML goes to who pinged; nil: there is no honest answer.
	XML []byte
	Why string
	Ref spec.Ref
	// Ask: first ping the other peer, and come back once it was heard.
	Ask bool
}

// Pinged decides about a ping that cannot reach whom it is for, or whose answer
// cannot come back, because something in front of it is held. n is the ping, dir
// who sent it, far the leg of the peer that it is for.
//
// The tool answers for the two ends of the stream only: the server, by its domain
// or the client's own account, and the client by its full address. A contact, a
// room or a component can answer for itself alone.
//
// After an answer the peers must not see a second one: the ping is dropped when
// its turn comes if it waits, and the answer to it is dropped if it has gone on.
func Pinged(n *xmlstream.Node, dir decode.Dir, st *decode.State, far Leg) Answer {
	id, _ := n.Attr("id")
	kind, _ := n.Attr("type")
	switch {
	case !decode.IsStanza(n.Name) || n.Name.Local != "iq" || kind != "get" || id == "" || n.Child(nsPing, "ping") == nil:
		return Answer{Why: "this is no ping"}
	case st == nil || !st.Authenticated && st.Profile != decode.ProfileS2S:
		return Answer{Why: "nobody is logged in yet", Ref: spec.XEP(199, "4")}
	case !forEnd(n, dir, st):
		return Answer{Why: "the ping is for somebody behind the stream, and only they can say that they are there", Ref: spec.XEP(199, "4")}
	case far.Stage == Ended:
		return Answer{Why: "the one that is pinged has gone", Ref: spec.XEP(199, "4")}
	case far.Silent >= Fresh:
		return Answer{Ask: true, Why: "the one that is pinged was not heard for a while, so the tool has to ask it first", Ref: spec.XEP(199, "4")}
	}
	return Answer{XML: result(n, id), Ref: spec.XEP(199, "4"),
		Why: "the one that is pinged was heard a short time ago: it is there, only what is held keeps the ping from it"}
}

// forEnd tells whether a ping is for the entity at the other end of the stream, by
// that entity or by one in whose name it may speak.
func forEnd(n *xmlstream.Node, dir decode.Dir, st *decode.State) bool {
	to, addressed := n.Attr("to")
	from, named := n.Attr("from")
	own, _, _ := strings.Cut(st.JID, "/")
	isServer := func(a string) bool { return same(a, st.Domain) || same(a, own) }
	switch {
	case st.Profile == decode.ProfileC2S && dir == decode.FromInitiator:
		return !addressed || isServer(to)
	case st.Profile == decode.ProfileC2S:
		return (!named || isServer(from)) && (!addressed || to == st.JID && to != "")
	case st.Profile == decode.ProfileS2S && dir == decode.FromInitiator:
		return same(to, st.Domain) && same(from, st.Claimed)
	case st.Profile == decode.ProfileS2S:
		return same(to, st.Claimed) && same(from, st.Domain)
	}
	return false
}

// same compares two bare addresses by their letters: case apart for ASCII, which
// may miss a match and never makes one up.
func same(a, b string) bool { return a != "" && strings.EqualFold(a, b) }

// result is the empty result of an iq, with its namespace declared, so that it is
// right in every scope.
func result(n *xmlstream.Node, id string) []byte {
	var out bytes.Buffer
	attr := func(name, value string) {
		out.WriteString(" " + name + "='")
		_ = xml.EscapeText(&out, []byte(value)) // a Buffer takes all
		out.WriteString("'")
	}
	out.WriteString("<iq")
	attr("xmlns", n.Name.Space)
	attr("type", "result")
	attr("id", id)
	if to, ok := n.Attr("to"); ok {
		attr("from", to)
	}
	if from, ok := n.Attr("from"); ok {
		attr("to", from)
	}
	out.WriteString("/>")
	return out.Bytes()
}

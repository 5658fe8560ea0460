package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/im"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// Explanation is what one event means. Any text may be empty and may hold wire
// text.
type Explanation struct {
	// Title is that of Title: a short verb phrase without its subject, which
	// is Who.
	Title string
	// What says what this event says, with the values of the wire.
	What string
	// Why says why the step happens at this place.
	Why string
	// Expect says what may come next, and from whom.
	Expect string
	// Ref is the section to read about it.
	Ref spec.Ref
	// Notes point into the event's Text, in the order of the bytes.
	Notes []Note
	// More are further sentences about parts of the event, one a line.
	More []string

	// session is there while the topics speak.
	session *im.Session
}

// Note explains a stretch of the event's Text.
type Note struct {
	Span xmlstream.Span
	Text string
}

// maxLines bounds Notes and More: a hostile list is cut there.
const maxLines = 100

// Event explains e. It parses the event's XML, so it is meant for the one
// event that a person looks at.
func Event(e *decode.Event) Explanation { return EventIn(new(xmlstream.Tree), e) }

// EventIn is Event for one event after the other: it parses into tree, whose
// memory is used again.
func EventIn(tree *xmlstream.Tree, e *decode.Event) Explanation { return EventWith(tree, e, nil) }

// EventWith is EventIn for a caller who follows the conversation: s is the
// session just after the event, and what the event changed there is told too.
// It may be nil.
func EventWith(tree *xmlstream.Tree, e *decode.Event, s *im.Session) Explanation {
	n := e.Element(tree)
	t := topicOf(e)
	x := Explanation{Title: Title(e), Ref: t.Ref, session: s}
	if d := t.step(e.Step); d != nil {
		x.What, x.Why, x.Expect, x.Ref = d.Text, d.Why, d.Expect, d.Ref
	}
	if t.Explain != nil {
		t.Explain(&x, e, n)
	}
	x.What = say(x.What, relatedWords(e))
	x.addAttributes(e, n)
	x.addFaults(e)
	x.settle(len(e.Text()))
	x.session = nil
	return x
}

// Title says in a few words what e does: "asks for the roster". Where a name
// says more than a verb, as for the hellos of TLS, it is that. It parses no XML
// and is meant for lists.
func Title(e *decode.Event) string {
	if t := topicOf(e); t.Title != nil {
		if s := t.Title(e); s != "" {
			return s
		}
	}
	return plainTitle(e)
}

// Headline is the title as a sentence with its subject: "The client asks for
// the roster."
func Headline(e *decode.Event) string {
	if e.Kind == decode.KindNote {
		return upper(Title(e)) + "."
	}
	return sender(e) + " " + verb(e) + Title(e) + "."
}

// verb stands before a title that is none: the hellos of TLS.
func verb(e *decode.Event) string {
	return when(e.Kind == decode.KindTLS && (e.Name.Local == "client_hello" || e.Name.Local == "server_hello"), "sends ")
}

// plainTitle is the title where no topic has one.
func plainTitle(e *decode.Event) string {
	if e.Name.Local == "" {
		return "sends " + count(len(e.Text()), "byte") + when(e.Kind != decode.KindNone, " ("+e.Kind.String()+")")
	}
	return "sends <" + short(e.Name.Local, 30) + "/>"
}

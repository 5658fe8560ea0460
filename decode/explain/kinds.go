package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// The topics of this file explain events that are no step of XMPP: what the
// capture lacks, what came at the wrong moment, what cannot be read.

var gapTopic = Topic{
	Name:  "gap",
	Doc:   "Bytes that the recording lacks.",
	Ref:   spec.RFC(9293, "3.4"),
	Kinds: []decode.Kind{decode.KindGap},
	Title: func(e *decode.Event) string { return "sent " + count(e.Lost, "byte") + " that the recording lacks" },
	Explain: func(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
		x.What = "At this place " + count(e.Lost, "byte") + " from the " + Who(e) + " are missing. They were sent, but the recording does not have them."
		x.Why = "A recording loses packets when the machine that records is too slow or its buffer too small. The two sides of the conversation do not notice."
		x.Expect = "Reading goes on at the next element that can be recognised. What depends on the missing bytes, such as a login or a counter, may be shown wrongly from here on."
	},
}

var heldTopic = Topic{
	Name:  "held",
	Doc:   "Bytes sent after a switch was asked for and before the answer came.",
	Ref:   spec.RFC(6120, "5.4.3.1"),
	Kinds: []decode.Kind{decode.KindHeld},
	Title: func(e *decode.Event) string {
		return "sends " + count(len(e.Wire), "byte") + " while a switch is being asked for"
	},
	Explain: func(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
		x.What = sender(e) + " sends " + count(len(e.Wire), "byte") + " after it has asked to change to encryption or compression, and before the answer."
		if blank(e.Wire) {
			x.What = say(x.What, "It is white space, most likely a line break that the program writes after everything.")
		}
		x.Why = "Between the question and the answer nobody can tell whether a byte belongs to the old layer or the new one. Careful programs throw such bytes away, because an attacker could have put them there."
		x.Expect = "The answer from " + reader(e) + "."
	},
}

var brokenTopic = Topic{
	Name:  "broken",
	Doc:   "Bytes that are no complete, well-formed part of a stream.",
	Ref:   spec.RFC(6120, "11.3"),
	Kinds: []decode.Kind{decode.KindBroken},
	Title: func(e *decode.Event) string {
		switch {
		case e.Name.Local != "":
			return "sends a broken <" + short(e.Name.Local, inTitle) + ">"
		}
		return "sends " + count(len(e.Wire), "byte") + " that do not belong here"
	},
	Explain: explainBroken,
}

func explainBroken(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
	what := count(len(e.Wire), "byte")
	if e.Name.Local != "" {
		what = "an element <" + value(e.Name.Local) + "> of " + what
	}
	x.What = sender(e) + " sends " + what + " that cannot be read as a part of the stream."
	if e.Note != "" {
		x.What = say(x.What, upper(e.Note)+".")
	}
	if len(e.Errs) > 0 {
		first := e.Errs[0]
		x.What = say(x.What, "At byte "+digits(first.Pos)+": "+first.Text+".")
		x.Ref = first.Ref
	}
	for i := range e.Errs {
		if i > 0 {
			x.more("Wrong: " + e.Errs[i].Text + " (" + e.Errs[i].Ref.String() + ").")
		}
	}
	x.Why = "XMPP allows only a strict part of XML, so that both sides surely read the same thing. What breaks its rules must not be guessed at."
	x.Expect = upper(reader(e)) + " should end the stream with an error. Many programs are more patient, and some break in their own way."
}

var noteTopic = Topic{
	Name:  "note",
	Doc:   "A remark of this program, which stands for no bytes of its own.",
	Ref:   spec.RFC(6120, "4"),
	Kinds: []decode.Kind{decode.KindNote},
	Title: func(e *decode.Event) string { return "remark: " + short(e.Note, 2*inTitle) },
	Explain: func(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
		x.Ref = spec.Ref{}
		x.What = upper(e.Note) + "."
		x.Why = "Some things cannot be seen from the bytes alone, or were done by this program. So that nobody has to guess, they are written down here."
	},
}

var otherTopic = Topic{
	Name: "other",
	Doc:  "Elements directly inside the stream that this program does not know.",
	Ref:  spec.RFC(6120, "4.8.4"),
	Explain: func(x *Explanation, e *decode.Event, n *xmlstream.Node) {
		about := spaceText(e.Name.Space)
		switch e.Name.Space {
		case nsClient, nsServer, nsComponentAccept, nsComponentConnect, nsStreams:
			about = "Its namespace is known, but there is no such element directly inside a stream."
		}
		x.What = sender(e) + " sends an element <" + value(e.Name.Local) + "/>. " + about
		x.Why = "Besides message, presence and iq only what both sides have agreed on may stand directly inside a stream."
		x.Expect = "If " + reader(e) + " does not know it either, it ends the stream with unsupported-stanza-type or just ignores it."
		x.noteTag(n, about)
	},
}

func blank(p []byte) bool {
	for _, b := range p {
		switch b {
		case ' ', '\n', '\r', '\t':
		default:
			return false
		}
	}
	return len(p) > 0
}

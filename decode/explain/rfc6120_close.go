package explain

import (
	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

var closeTopic = Topic{
	Name: "rfc6120-close",
	Doc:  "Closing the stream: the end tag of each document, and what may still come between the two.",
	Ref:  spec.RFC(6120, "4.4"),
	Steps: []Step{
		{Step: decode.StepStreamClose, Ref: spec.RFC(6120, "4.4"),
			Text:   "One side closes its document with the end tag of the stream. The other side does the same.",
			Why:    "Closing is an exchange, like opening. The side that closes first says: I shall send nothing more, but I still listen. So nothing that is on its way gets lost.",
			Expect: "The other side sends what it still has to send, and then its own end tag. After that the TCP connection is closed."},
	},
	Title: func(e *decode.Event) string {
		if e.Reply != 0 {
			return "closes its stream too"
		}
		return "closes its stream"
	},
	Explain: func(x *Explanation, e *decode.Event, _ *xmlstream.Node) {
		s := before(e)
		x.note(all(e), "The end tag of the document that the stream header began.")
		switch {
		case s.Error != "" && e.Reply == 0:
			x.What = sender(e) + " closes its stream, as it must after the stream error " + value(s.Error) + "."
		case s.Phase == decode.PhaseStartTLS && e.Reply == 0:
			x.What = sender(e) + " closes its stream, as it must after the refusal."
		case e.Reply != 0:
			x.What = sender(e) + " closes its stream in answer. Both documents are complete now."
			x.Expect = "The TCP connection ends. Nothing more can come."
		default:
			x.What = sender(e) + " closes its stream. It will send nothing more, but it still listens."
		}
		if s.ResumeID != "" && fromInitiator(e) && s.Error == "" {
			x.What = say(x.What, "Because the stream is closed in order, the session "+value(s.ResumeID)+" can no longer be resumed.")
		}
	},
}

// all spans all of an event that is no element.
func all(e *decode.Event) xmlstream.Span {
	return xmlstream.Span{End: int32(len(e.Text()))}
}

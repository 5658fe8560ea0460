package why

import (
	"time"

	"xmppscope/decode"
	"xmppscope/decode/explain"
	"xmppscope/decode/spec"
)

// patience is how long a conversation must have gone on without an answer for
// its absence to count.
const patience = 30 * time.Second

// ending finds what ended the conversation after an event: an error, a goodbye,
// the end of TCP; nil where nothing did.
func (t *talk) ending(after decode.Seq) *moment {
	return t.path.find(func(m *moment) bool { return m.seq > after && m.ends() })
}

// ends tells whether a moment ends a conversation, or the half of it.
func (m *moment) ends() bool {
	switch m.kind {
	case decode.KindStreamError, decode.KindClose:
		return true
	case decode.KindTCP:
		return m.name.Local != "connect"
	case decode.KindTLS:
		return m.name.Local == "alert"
	}
	return m.kind == decode.KindHTTP && m.cond != ""
}

// mostProxy is how much is told of why a proxy ended something, in characters.
const mostProxy = 300

// told says what an ending is, as a sentence.
func (v *view) told(m *moment) (text string, ref spec.Ref) {
	who := v.Who(m.dir)
	switch m.kind {
	case decode.KindStreamError:
		if m.proxy != "" {
			return "The proxy, and not " + v.who(m.dir) + ", ends the stream with the error " + value(m.cond) + ": " + short(m.proxy, mostProxy) + ".", spec.RFC(6120, "4.9.3")
		}
		return who + " ends the stream with the error " + value(m.cond) + said(m.text) + ".", spec.RFC(6120, "4.9.3")
	case decode.KindClose:
		return who + " closes its stream.", spec.RFC(6120, "4.4")
	case decode.KindTLS:
		if m.cond == "" {
			return who + " ends TLS in order (close_notify).", spec.RFC(8446, "6.1")
		}
		return who + " ends TLS with the alert " + m.cond + ".", spec.RFC(8446, "6.2")
	case decode.KindHTTP:
		return who + " answers with " + value(m.text) + ".", spec.RFC(9110, "15")
	}
	if m.name.Local == "reset" {
		return who + " cuts the TCP connection (RST).", spec.RFC(9293, "3.5.2")
	}
	return who + " ends the TCP connection (FIN).", spec.RFC(9293, "3.6")
}

// tellEnding adds a fact about what ended the conversation after an event, and
// returns it; where nothing did, nil and no fact.
func (v *view) tellEnding(after decode.Seq) *moment {
	m := v.t.ending(after)
	if m == nil {
		return nil
	}
	text, ref := v.told(m)
	v.fact(ref, text, m.seq)
	switch {
	case m.kind != decode.KindStreamError:
	case m.proxy != "":
		v.tell("The proxy says why it went no further. xmppscope probe DOMAIN asks the server by itself, and tells all that is wrong with it.")
	default:
		expect := v.means(explain.SortStream, m.cond, m.seq)
		if !v.origin(m) && expect != "" {
			v.tell(expect)
		}
	}
	return m
}

// pending settles a question that was put on the wire and has no answer there:
// something ended the conversation first, or the capture ends too early. what
// names it, as in “the login”.
func (v *view) pending(m *moment, what string) {
	t, other := v.t, m.dir.Other()
	if t.oneSided() && v.blind(m.seq) {
		return
	}
	if end := v.tellEnding(m.seq); end != nil {
		text, _ := v.told(end)
		v.didNot("%s got no answer: %s", upper(what), lower(text))
		return
	}
	if v.blind(m.seq) {
		return
	}
	if waited := t.at.Sub(m.at); waited > patience {
		v.fact(spec.Ref{}, "The conversation goes on for "+long(waited)+" and no answer comes.", m.seq, t.last)
		v.didNot("%s got no answer in %s.", upper(what), long(waited))
		v.tell("The log of " + v.who(other) + " at that time: it has the question, and keeps the answer to itself.")
		return
	}
	v.fact(spec.Ref{}, "The capture ends "+long(t.at.Sub(m.at))+" after the question, with no answer yet.", m.seq, t.last)
	v.unknown("%s is still waiting for its answer when the capture ends.", upper(what))
	v.tell(tellMore)
}

// lower makes a sentence fit behind a colon.
func lower(s string) string {
	if len(s) > 1 && s[1] >= 'a' && s[1] <= 'z' || len(s) > 1 && s[1] == ' ' {
		return string(s[0]|0x20) + s[1:]
	}
	return s
}

// left settles a step that was never asked for: what happened instead. what
// says what is missing, as in “it never asks for encryption”.
func (v *view) left(from decode.Seq, what string) {
	if v.blind(from) {
		return
	}
	end := v.t.ending(from)
	if end == nil {
		v.fact(spec.Ref{}, "The capture ends before anything more is said about it.", v.t.last)
		v.unknown("%s, and the capture ends before it is decided.", what)
		v.tell(tellMore)
		return
	}
	v.tellEnding(from)
	text, _ := v.told(end)
	v.didNot("%s. Instead: %s", what, lower(text))
}

package lint

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

// websocketGroup is XMPP in the messages of WebSocket (RFC 7395).
var websocketGroup = Group{
	Kinds: []decode.Kind{decode.KindHTTP, decode.KindOpen, decode.KindClose, decode.KindFeatures, decode.KindStanza, decode.KindNonza,
		decode.KindStreamError, decode.KindBroken},
	Check: checkWebSocket,
	Rules: []Rule{
		{Name: "ws-frame-shape", Level: LevelError, Ref: spec.RFC(7395, "3.3"),
			Doc:    "Over WebSocket each text message is one whole element, without anything before or after it.",
			Advice: "send one element per text message, and ping frames in place of blanks"},
		{Name: "ws-frame-ns", Level: LevelError, Ref: spec.RFC(7395, "3.3.2"),
			Doc:    "Over WebSocket no stream tag stands around a stanza, so each one declares its namespace itself.",
			Advice: "write xmlns='jabber:client' on every message, presence and iq"},
		{Name: "ws-first-open", Level: LevelError, Ref: spec.RFC(7395, "3.4"), Needs: NeedStart | NeedWhole,
			Doc:    "Over WebSocket the first element of the client is open, and the server answers with open or close.",
			Advice: "begin with <open xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"},
		{Name: "ws-insecure-redirect", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(7395, "3.6.1"),
			Doc:    "A server must not send a client from an encrypted WebSocket to one that is not.",
			Advice: "name a wss: address; a client must not follow this one"},
	},
}

// socketRowsGroup is what the readers of WebSocket find by themselves.
var socketRowsGroup = Group{
	Rules: []Rule{
		{Name: "ws-subprotocol-missing", Level: LevelError, Who: WhoReceiver, Ref: spec.RFC(7395, "3.1"),
			Doc:    "A web server that has understood the request names the protocol xmpp in its answer.",
			Advice: "answer with Sec-WebSocket-Protocol: xmpp; without it the client must close the connection"},
		{Name: "ws-frame-broken", Level: LevelError, Ref: spec.RFC(6455, "5.2"),
			Doc:    "What is sent over WebSocket is cut into frames, which have a fixed form.",
			Advice: "leave framing and masking to a WebSocket library, and look for a proxy that changes bytes"},
		// It is the capture that ends or has a hole, more often than the sender.
		{Name: "ws-incomplete", Level: LevelNote, Ref: spec.RFC(6455, "5.4"),
			Doc:    "A WebSocket message has a beginning here, but no end.",
			Advice: "look for lost packets, or for a side that cuts the connection"},
	},
}

// socket is the memory of websocketGroup.
type socket struct {
	agreed bool    // to speak XMPP in frames, seen here
	begun  [2]bool // the first element of a direction was seen
	told   [2]bool
}

func checkWebSocket(p *Pass) {
	e := p.Event
	switch {
	case e.Kind == decode.KindHTTP && e.Step == decode.StepWSHandshake && e.Type == "101":
		of(&p.own.socket).agreed = true
		return
	case e.XML == nil || e.Carrier != 0:
		return
	}
	m := of(&p.own.socket)
	if m.agreed && e.Kind == decode.KindBroken && !m.begun[e.Dir] && e.Name.Local == "stream" {
		m.header(p)
	}
	switch {
	case e.Kind == decode.KindBroken:
		if p.found("ws-frame-shape") && isFooter(e.XML) {
			p.footer()
		}
		return
	case !m.agreed:
		return
	}
	if !m.begun[e.Dir] {
		m.begun[e.Dir] = true
		m.first(p)
	}
	switch {
	case e.Name.Space == "" && isStanzaName(e.Name.Local):
		m.bare(p)
	case e.Kind == decode.KindClose && e.Dir == decode.FromReceiver && inTLS(e.State):
		m.redirect(p)
	}
}

// first judges the first element of a direction.
func (m *socket) first(p *Pass) {
	e := p.Event
	if e.Name.Space == nsFraming && (e.Name.Local == "open" || e.Name.Local == "close" && e.Dir == decode.FromReceiver) {
		return
	}
	what := short(e.Name.Local)
	if what == "open" {
		what += " in the namespace " + short(e.Name.Space)
	}
	p.Report("ws-first-open", "the first element is "+what)
}

// header reports a stream header as it is written on TCP. That it is no whole
// element, and begins with a declaration, are the same fault.
func (m *socket) header(p *Pass) {
	m.begun[p.Event.Dir] = true
	seq := p.Event.Seq
	p.engine.found = slices.DeleteFunc(p.engine.found, func(f Finding) bool {
		return f.Seq == seq && (f.Rule == "ws-frame-shape" || f.Rule == "xml-not-well-formed" || f.Rule == "xml-decl-broken")
	})
	p.Report("ws-first-open", "the first element is the stream header of TCP, which is not closed; here <open/> stands for it")
}

// isFooter tells whether a message is the end tag of a stream, as written on TCP.
func isFooter(message []byte) bool {
	name, ok := bytes.CutPrefix(bytes.TrimSpace(message), []byte("</"))
	return ok && bytes.Equal(bytes.TrimSuffix(name, []byte(">")), []byte("stream:stream"))
}

// footer reports the end tag of a stream, which is no element and closes nothing,
// as the one fault that it is.
func (p *Pass) footer() {
	seq := p.Event.Seq
	p.engine.found = slices.DeleteFunc(p.engine.found, func(f Finding) bool {
		return f.Seq == seq && (f.Rule == "ws-frame-shape" || f.Rule == "xml-not-well-formed")
	})
	p.Add(Finding{Rule: "ws-frame-shape", Ref: spec.RFC(7395, "3.6"), Span: xmlstream.Span{End: int32(len(p.Event.XML))},
		Text:   "the stream is ended with the end tag of TCP; here <close/> stands for it",
		Advice: "end the stream with <close xmlns='urn:ietf:params:xml:ns:xmpp-framing'/>"})
}

// bare reports a stanza without a namespace, once for each direction. One that
// unsets it is another fault.
func (m *socket) bare(p *Pass) {
	e := p.Event
	n := p.Node()
	if m.told[e.Dir] || n == nil || declaration(n) != nil || prefixOf(n) != "" {
		return
	}
	m.told[e.Dir] = true
	p.ReportAt("ws-frame-ns", n.QName, fmt.Sprintf("the %s declares no namespace", e.Name.Local))
}

func (m *socket) redirect(p *Pass) {
	n := p.Node()
	if n == nil {
		return
	}
	to, _ := n.Attr("see-other-uri")
	scheme, _, _ := strings.Cut(to, ":")
	if strings.EqualFold(scheme, "ws") || strings.EqualFold(scheme, "http") {
		p.ReportAt("ws-insecure-redirect", valueSpan(n, "", "see-other-uri"), fmt.Sprintf("the client is sent to %s, which is not encrypted", short(to)))
	}
}

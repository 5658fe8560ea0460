package tui

import (
	"bytes"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector"
)

// xmlPage shows the XML of an event, an element a line, with a caret under
// every fault.
func xmlPage(in *tabInput) page {
	b := newBuilder(in.th)
	e := in.event
	text := e.Text()
	switch e.Kind {
	case decode.KindTCP, decode.KindGap, decode.KindNote:
		b.line(span{"No XML stands here: " + noXML[e.Kind], in.th.base})
		b.note(e)
	case decode.KindDNS:
		b.line(span{"No XML stands here, but a message of DNS: 1 Explain takes it apart, 4 Bytes shows it.", in.th.base})
		b.note(e)
	case decode.KindHTTP:
		b.head(e, text)
	case decode.KindTLS:
		if in.ctx.store.Row(in.row).Has(inspector.HasNote) {
			b.line(span{"What stands here is hidden by TLS: 1 Explain says why, 4 Bytes shows the records.", in.th.base})
			b.note(e)
			break
		}
		b.line(span{"No XML stands here, but a message of TLS: 1 Explain takes it apart, 4 Bytes shows it.", in.th.base})
		b.note(e)
	case decode.KindHeld:
		b.line(span{"These bytes are not read as XML: " + size(int64(len(text))) + ". 4 Bytes shows them.", in.th.base})
		b.note(e)
	case decode.KindSpace:
		b.line(span{"White space between elements: ", in.th.base}, span{visibleSpace(text), in.th.strong})
	default:
		if len(e.Original) > 0 {
			b.printBoth(in)
		} else {
			b.printXML(text, xmlTree(e), e.Errs, in.marked(lint.InText))
		}
		b.p.copy = string(text)
	}
	return b.page()
}

// hasXML tells whether an event is shown as XML.
func hasXML(e *decode.Event) bool {
	switch e.Kind {
	case decode.KindTCP, decode.KindGap, decode.KindNote, decode.KindDNS, decode.KindHTTP, decode.KindTLS,
		decode.KindHeld, decode.KindSpace:
		return false
	}
	return true
}

// noXML says what there is instead where nothing was sent that can be shown.
var noXML = map[decode.Kind]string{
	decode.KindTCP:  "this happened to the TCP connection.",
	decode.KindGap:  "the capture lacks these bytes.",
	decode.KindNote: "this is a remark about the connection.",
}

// head shows the head of an HTTP message; what it carries are other events.
func (b *builder) head(e *decode.Event, text []byte) {
	if e.Name.Local != "request" && e.Name.Local != "response" {
		b.line(span{"No XML stands here, but a frame of WebSocket. 1 Explain takes it apart.", b.th.base})
		return
	}
	head, body, _ := bytes.Cut(text, []byte("\r\n\r\n"))
	for _, l := range bytes.Split(head[:min(len(head), maxXMLBytes)], []byte("\n")) {
		b.line(span{capped(string(bytes.TrimSuffix(l, []byte("\r"))), 1000), b.th.base}).code = true
	}
	b.blank()
	switch {
	case inspector.Carries(e):
		b.line(span{"The body, " + size(int64(len(body))) + ", carries the events that follow.", b.th.dim})
	case len(body) > 0:
		b.line(span{"The body has " + size(int64(len(body))) + ". 4 Bytes shows it.", b.th.dim})
	}
	b.p.copy = string(text)
}

func (b *builder) note(e *decode.Event) {
	if e.Note != "" {
		b.line(span{capped(e.Note, 1000), b.th.base})
	}
}

// visibleSpace shows blanks too; all other signs Disarm makes visible.
func visibleSpace(b []byte) string {
	const most = 200
	if len(b) > most {
		return visibleSpace(b[:most]) + "… (" + plural(len(b), "byte") + " in all)"
	}
	var out []byte
	for _, c := range b {
		if c == ' ' {
			out = append(out, "␠"...)
			continue
		}
		out = append(out, wire(string([]byte{c}))...)
	}
	return string(out)
}

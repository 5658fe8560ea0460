package main

import (
	"fmt"
	"slices"
	"strings"

	"xmppscope/decode"
)

const (
	nsFraming  = "urn:ietf:params:xml:ns:xmpp-framing"
	nsHTTPBind = "http://jabber.org/protocol/httpbind"
)

// readBody reads the wrapper of BOSH as the HTTP message that would carry it.
func readBody(text string, o *pasteOptions) *paste {
	dir := carriedBy(text, o, !strings.Contains(startTag(text), " rid="))
	t := &pastedTalk{c: decode.NewConn(1, decode.Options{})}
	if dir == decode.FromReceiver { // an answer is known by its request
		t.hide(decode.FromInitiator, asHTTP(decode.FromInitiator, "<body rid='1' xmlns='"+nsHTTPBind+"'/>"))
		if tag := startTag(text); !strings.Contains(tag, " wait=") && !strings.Contains(tag, " requests=") { // not the first one
			t.hide(decode.FromReceiver, asHTTP(decode.FromReceiver, "<body sid='s' wait='60' xmlns='"+nsHTTPBind+"'/>"))
			t.hide(decode.FromInitiator, asHTTP(decode.FromInitiator, "<body sid='s' rid='2' xmlns='"+nsHTTPBind+"'/>"))
		}
	}
	t.feed(dir, asHTTP(dir, text)).finish()
	// Only of the request that creates a session nothing came before.
	p := &paste{steps: []string{"the body of a BOSH message"}, judge: dir == decode.FromInitiator && !strings.Contains(startTag(text), " sid=")}
	sessions := decode.NewSessions(decode.Options{})
	for i := range t.all {
		hidden := t.all[i].Off < t.hidden[t.all[i].Dir&1]
		_, made := sessions.Take(1, &t.all[i])
		for _, e := range made {
			if hidden {
				e.Off = -1
			}
			e.Seq = decode.Seq(len(p.all) + 1)
			encrypted(&e)
			p.all = append(p.all, e)
		}
	}
	p.events = slices.DeleteFunc(slices.Clone(p.all), func(e decode.Event) bool {
		return e.Off < 0 || e.Kind == decode.KindHTTP || e.Kind == decode.KindNote
	})
	if len(p.events) == 0 { // an empty wrapper: the message itself is all there is
		p.events = slices.DeleteFunc(slices.Clone(p.all), func(e decode.Event) bool { return e.Off < 0 || e.Kind == decode.KindNote })
	}
	unlink(p.events)
	return p
}

// readFrame reads the text of a WebSocket message, behind an upgrade that is
// not shown.
func readFrame(text string, o *pasteOptions) *paste {
	dir := carriedBy(text, o, strings.Contains(startTag(text), " id="))
	t := &pastedTalk{c: decode.NewConn(1, decode.Options{})}
	t.hide(decode.FromInitiator, upgrade).hide(decode.FromReceiver, upgraded)
	const open = "<open xmlns='" + nsFraming + "' to='localhost' version='1.0'/>"
	closing := strings.HasPrefix(text, "<close")
	if closing || dir == decode.FromReceiver {
		t.hide(decode.FromInitiator, asFrame(decode.FromInitiator, open))
	}
	if closing {
		t.hide(decode.FromReceiver, asFrame(decode.FromReceiver, open))
	}
	t.feed(dir, asFrame(dir, text)).finish()
	for i := range t.all {
		encrypted(&t.all[i])
	}
	return &paste{steps: []string{"the text of a WebSocket message"}, events: t.shown(), all: t.all, judge: true}
}

// carriedBy is who sent a text that something carried; server is what its
// first tag tells.
func carriedBy(text string, o *pasteOptions, server bool) decode.Dir {
	if o.from == fromReceiver || o.from == "" && (server || strings.Contains(text, "<stream:features")) {
		return decode.FromReceiver
	}
	return decode.FromInitiator
}

func startTag(text string) string {
	tag, _, _ := strings.Cut(text, ">")
	return strings.Join(strings.Fields(tag), " ")
}

// The upgrade to WebSocket of RFC 6455 §1.3, with the subprotocol of XMPP.
const (
	upgrade  = "GET / HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
	upgraded = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n"
)

// asHTTP is an HTTP message with a body of BOSH (XEP-0124 §5).
func asHTTP(dir decode.Dir, body string) string {
	first := "HTTP/1.1 200 OK\r\n"
	if dir == decode.FromInitiator {
		first = "POST /http-bind HTTP/1.1\r\nHost: localhost\r\n"
	}
	return fmt.Sprintf("%sContent-Type: text/xml; charset=utf-8\r\nContent-Length: %d\r\n\r\n%s", first, len(body), body)
}

// asFrame is a text frame of WebSocket (RFC 6455 §5.2); the mask is zero.
func asFrame(dir decode.Dir, text string) string {
	mask, key := byte(0), ""
	if dir == decode.FromInitiator {
		mask, key = 0x80, "\x00\x00\x00\x00"
	}
	size := string([]byte{mask | byte(len(text))})
	if len(text) > 125 {
		size = string([]byte{mask | 126, byte(len(text) >> 8), byte(len(text))})
	}
	return "\x81" + size + key + text
}

package main

import (
	"slices"
	"strings"
	"time"

	"xmppscope/decode"
)

const (
	nsRoster = "jabber:iq:roster"
	nsTLS    = "urn:ietf:params:xml:ns:xmpp-tls"
)

// prelude is read before a paste, so that all of the paste is taken for units
// of a stream, and then forgotten. A message says nothing about a session, and
// reading in mid-stream is sure of itself only behind a second one.
const prelude = "<message/><message/>"

// readMarkup reads elements of a stream.
func readMarkup(text string, o *pasteOptions) (p *paste, inner, undone string, err error) {
	if !strings.HasPrefix(text, "<") || strings.HasPrefix(text, "<") && strings.Contains(text, "@") && !strings.Contains(text, "/") && !strings.Contains(text, " ") {
		return nil, "", "", nil // <juliet@example.com>, or a challenge of CRAM-MD5
	}
	switch head := text[:min(len(text), 1024)]; {
	case strings.HasPrefix(head, "<body") && strings.Contains(head, nsHTTPBind):
		return readBody(text, o), "", "", nil
	case strings.HasPrefix(head, "<open") || strings.HasPrefix(head, "<close"):
		if strings.Contains(head, nsFraming) {
			return readFrame(text, o), "", "", nil
		}
	}
	p = readXML(text, o)
	return p, "", "", nil
}

// readXML decodes elements, each as sent by the side that sends its like:
// first all in one direction, to find where each ends, then again.
func readXML(text string, o *pasteOptions) *paste {
	if strings.HasPrefix(text, "<handshake") {
		return readHandshake(text)
	}
	header := strings.HasPrefix(text, "<?xml") || strings.HasPrefix(text, "<stream:stream")
	units := newTalk(!header).feed(decode.FromInitiator, text).finish()
	if header && slices.ContainsFunc(units, isBroken) {
		header = false
		units = newTalk(true).feed(decode.FromInitiator, text).finish()
	}
	t := newTalk(!header)
	last := decode.FromInitiator
	for i := range units {
		if units[i].Kind == decode.KindSpace {
			continue // how a log is laid out
		}
		last = senderOf(&units[i], last, o.from)
		t.feed(last, string(units[i].Wire))
	}
	p := &paste{events: t.finish(), judge: true}
	// Nothing tells whether the rest was encrypted. It is taken for granted, so
	// that nobody is blamed for what is not known.
	if !header && !strings.Contains(text, nsTLS) {
		for i := range t.all {
			encrypted(&t.all[i])
		}
		p.events = t.shown()
	}
	p.all = t.all
	return p
}

// readHandshake reads the login of a component, or its answer (XEP-0114 §3),
// behind the headers without which it would be any element.
func readHandshake(text string) *paste {
	const header = "<stream:stream xmlns='jabber:component:accept' xmlns:stream='http://etherx.jabber.org/streams' "
	t := newTalk(false).hide(decode.FromInitiator, header+"to='component'>").hide(decode.FromReceiver, header+"from='component' id=''>")
	if strings.HasPrefix(strings.TrimSpace(strings.TrimPrefix(text, "<handshake")), "/") {
		t.hide(decode.FromInitiator, "<handshake>00</handshake>").feed(decode.FromReceiver, text)
	} else {
		t.feed(decode.FromInitiator, text)
	}
	return &paste{events: t.finish()}
}

func isBroken(e decode.Event) bool { return e.Kind == decode.KindBroken }

// encrypted makes of an event what it would be inside TLS.
func encrypted(e *decode.Event) {
	e.Layer |= decode.LayerTLS
	if e.State != nil && e.After != nil {
		before, after := *e.State, *e.After
		before.Layer, after.Layer = before.Layer|decode.LayerTLS, after.Layer|decode.LayerTLS
		e.State, e.After = &before, &after
	}
}

// pastedTalk is the conversation that a paste is read as.
type pastedTalk struct {
	c      *decode.Conn
	hidden [2]int64 // bytes of each direction that are not shown
	all    []decode.Event
}

func newTalk(midStream bool) *pastedTalk {
	t := &pastedTalk{c: decode.NewConn(1, decode.Options{MidStream: midStream})}
	if midStream {
		t.hide(decode.FromInitiator, prelude).hide(decode.FromReceiver, prelude)
	}
	return t
}

// hide feeds what is not to be shown.
func (t *pastedTalk) hide(dir decode.Dir, text string) *pastedTalk {
	t.hidden[dir&1] += int64(len(text))
	return t.feed(dir, text)
}

func (t *pastedTalk) feed(dir decode.Dir, text string) *pastedTalk {
	for data := []byte(text); len(data) > 0; {
		got, n := t.c.Feed(dir, time.Time{}, data)
		t.all = append(t.all, got...)
		if n == 0 {
			break
		}
		data = data[n:]
	}
	return t
}

// finish ends the conversation and returns what is shown of it.
func (t *pastedTalk) finish() []decode.Event {
	t.all = append(t.all, t.c.Finish(time.Time{})...)
	return t.shown()
}

func (t *pastedTalk) shown() []decode.Event {
	shown := slices.DeleteFunc(slices.Clone(t.all), func(e decode.Event) bool {
		return e.Kind == decode.KindNote || e.Off < t.hidden[e.Dir&1] && len(e.Wire) > 0
	})
	unlink(shown)
	return shown
}

// unlink forgets links to other events: what is shown alone has no numbers.
func unlink(events []decode.Event) {
	for i := range events {
		events[i].Reply, events[i].Carrier = 0, 0
	}
}

// ofReceiver are elements that a server alone sends.
var ofReceiver = []string{"features", "error", "challenge", "success", "failure", "proceed", "compressed", "enabled", "resumed", "failed", "continue"}

// ofInitiator are elements that a client alone sends.
var ofInitiator = []string{"auth", "response", "abort", "authenticate", "next", "starttls", "compress", "enable", "resume", "active", "inactive"}

// senderOf guesses who sent a unit; last is who sent the one before.
func senderOf(e *decode.Event, last decode.Dir, told string) decode.Dir {
	switch {
	case told == fromInitiator:
		return decode.FromInitiator
	case told == fromReceiver:
		return decode.FromReceiver
	case slices.Contains(ofReceiver, e.Name.Local):
		return decode.FromReceiver
	case slices.Contains(ofInitiator, e.Name.Local):
		return decode.FromInitiator
	}
	switch e.Kind {
	case decode.KindOpen:
		if e.ID != "" {
			return decode.FromReceiver
		}
		return decode.FromInitiator
	case decode.KindStanza:
		if ofServer(e) {
			return decode.FromReceiver
		}
		return decode.FromInitiator
	case decode.KindNonza:
		if (e.Name.Local == "result" || e.Name.Local == "verify") && e.Type != "" {
			return decode.FromReceiver
		}
	}
	return last
}

// ofServer guesses whether a stanza comes from a server. A client need not say
// who it is, and is never sent to by its resource but by its server.
func ofServer(e *decode.Event) bool {
	answer := e.Name.Local == "iq" && (e.Type == "result" || e.Type == "error")
	wire := string(e.Wire)
	switch {
	case e.Name.Space != "jabber:client":
		return false
	case e.From != "":
		return true
	case answer:
		return e.To == "" || strings.Contains(e.To, "/")
	case e.Payload.Space == nsRoster && e.Type == "set": // a push says what the server alone knows
		return strings.Contains(wire, " ver=") || strings.Contains(wire, " ask=") || strings.Contains(wire, " subscription=") && !strings.Contains(wire, "remove")
	}
	return false
}

package proxy

import (
	"xmppscope/decode"
)

// Close ends the connection as asked. What is held is not sent any more.
func (c *Conn) Close(how CloseHow) {
	if how.Layer == CloseTLS && c.alertInHandshake() {
		return
	}
	end := closing(how.Layer)
	// The side that is named first: the other may end the connection in answer.
	for _, d := range [...]decode.Dir{how.To & 1, how.To.Other() & 1} {
		l := c.way(d)
		if l == nil {
			c.shut(nil)
			return
		}
		if d != how.To&1 && !how.Both {
			how.Condition, how.Text = "", ""
		}
		end(l, how)
	}
}

// Where the handshake of leg A is.
const (
	notShaking int32 = iota
	clearShake       // nothing was said to the client yet
	lateShake        // our hello has gone out, or is about to
)

// alertInHandshake breaks the client's handshake off with a fatal alert, as long
// as nothing was said to it: then alerts are in clear text (RFC 8446 §6.2), and
// crypto/tls sends none by itself. It tells whether it did.
func (c *Conn) alertInHandshake() bool {
	if !c.shaking.CompareAndSwap(clearShake, lateShake) {
		return false
	}
	c.note(decode.FromReceiver, "the handshake with the client is broken off with the alert handshake_failure, as asked")
	c.a.send([]byte{0x15, 3, 3, 0, 2, 2, 40}, nil)
	c.a.finish(false)
	c.shut(nil)
	return true
}

// closing is the table of ways to end a leg; each tells the side that a lane
// leads to.
func closing(layer string) func(*lane, CloseHow) {
	switch layer {
	case CloseTCP:
		return (*lane).cutOff
	case CloseTLS:
		return (*lane).endTLS
	}
	return (*lane).endStream
}

func (l *lane) cutOff(CloseHow) {
	l.c.note(l.dir, "the connection is cut by RST, as asked")
	l.mu.Lock()
	defer l.mu.Unlock()
	l.abandon("the connection is cut")
	l.to.reset()
	l.gone()
}

func (l *lane) endTLS(CloseHow) {
	if l.to.tls == nil {
		l.c.note(l.dir, "there is no TLS to close: TCP is closed, as asked")
	}
	l.endWith("", "TLS is closed")
}

func (l *lane) endStream(how CloseHow) {
	text := "</stream:stream>"
	if how.Condition != "" {
		text = streamError(how.Condition, how.Text)
	}
	l.endWith(text, "the stream is closed, as asked")
}

// endWith says the last words to the side that a lane leads to, and ends it.
func (l *lane) endWith(text, why string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.over || l.dead {
		return
	}
	l.abandon(why)
	switch {
	case l.opaque.Load():
	case l.web != nil:
		l.lastWords(text, why)
	case text != "":
		l.c.mark(l.place(Insert{Dir: l.dir, XML: []byte(text), Why: why})...)
	}
	l.add(&item{kind: endItem, notify: true})
	l.kick()
}

// abandon drops what waits.
func (l *lane) abandon(why string) {
	for _, it := range l.wait {
		if it.timer != nil {
			it.timer.Stop()
		}
		l.size -= it.size()
		if it.kind != unitItem {
			continue
		}
		out := &item{}
		marks := l.say(it, out, nil, why)
		l.c.mark(marks...)
		if len(out.marks) > 0 {
			out.kind = markItem
			l.add(out)
		}
	}
	l.wait = nil
}

// gone ends a lane whose leg is gone.
func (l *lane) gone() {
	if !l.over && !l.dead {
		l.over = true
		l.c.laneOver(l)
	}
}

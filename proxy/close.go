package proxy

import (
	"xmppscope/decode"
)

// Close ends the connection as asked. What is held is not sent any more.
func (c *Conn) Close(how CloseHow) {
	end := closing(how.Layer)
	for d := range 2 {
		l := c.way(decode.Dir(d))
		if l == nil {
			c.shut(nil)
			return
		}
		if l.dir == how.To || how.Both {
			end(l, how)
		} else {
			l.endWith("</stream:stream>", "the connection is closed by hand")
		}
	}
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

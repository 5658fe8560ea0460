package proxy

import (
	"time"

	"xmppscope/decode"
)

// While something is held, a side may come to think that the other is gone.
// White space between elements keeps it from that (RFC 6120 §4.6.1).

// awake begins to keep both sides alive, until nothing is held any more. It is
// called with the mu of a lane held.
func (c *Conn) awake() {
	every := c.p.o.Keepalive
	c.mu.Lock()
	defer c.mu.Unlock()
	if every < 0 || c.begun || c.over.Load() {
		return
	}
	c.begun = true
	c.background(func() { c.keepAlive(every) })
}

func (c *Conn) keepAlive(every time.Duration) {
	t := time.NewTicker(min(every/2, 5*time.Second))
	defer t.Stop()
	for {
		select {
		case <-t.C:
		case <-c.ctx.Done():
			return
		}
		if len(c.Held()) == 0 {
			c.mu.Lock()
			c.begun = false
			c.mu.Unlock()
			return
		}
		for d := range 2 {
			c.way(decode.Dir(d)).breathe(every)
		}
	}
}

// breathe lets the side that a lane leads to know that somebody is there: by
// answers of the other side that wait behind what is held, else by white space,
// which stands between elements and not where anything is negotiated.
func (l *lane) breathe(every time.Duration) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.c.catchUp()
	if !l.c.settled.Load() || l.dead || l.over || l.opaque.Load() || l.busy || l.begun() {
		return
	}
	l.vouch()
	if quiet := l.c.p.now().Sub(time.Unix(0, l.to.lastOut.Load())); quiet >= every && len(l.out) == 0 {
		why := "keeps the " + who(l.dir.Other()) + " from thinking that nobody is there"
		if l.web != nil {
			l.breathWeb(why)
		} else {
			l.c.mark(l.place(Insert{Dir: l.dir, XML: []byte(" "), Synthetic: true, Why: why})...)
		}
	}
	l.kick()
}

// maxVouch is how many units behind a held one are looked at.
const maxVouch = 256

// vouch gives answers that the other side has given already, and that wait: to
// pings (XEP-0199), and to <r/> as far as stanzas were confirmed (XEP-0198 §4).
func (l *lane) vouch() {
	const why = "the answer waits behind what is held: this one keeps the connection alive"
	acked := false
	for i, it := range l.wait {
		if i >= maxVouch || it.kind != unitItem || it.vouched || it.verdict != nil || i == 0 && it.held {
			continue
		}
		e := l.c.previewText(l.dir, it.text())
		switch {
		case e.Step == decode.StepSMAck && e.Name.Local == "a":
			it.vouched = true
			if a := l.c.book.Answer(l.dir.Other()); a != nil && !acked {
				acked = true
				l.c.mark(l.place(Insert{Dir: l.dir, XML: a, Synthetic: true, Why: why})...)
			}
		case e.Name.Local == "iq" && (e.Type == "result" || e.Type == "error") && l.c.pinged(l.dir, e.ID):
			it.vouched = true
			l.c.mark(l.place(Insert{Dir: l.dir, XML: it.text(), Synthetic: true, Why: why})...)
			it.verdict = &Verdict{Do: Drop, Why: "was answered already while it waited"}
		}
	}
}

// maxPings bounds the pings whose answers are awaited.
const maxPings = 64

// remember notes a ping, until its answer.
func (c *Conn) remember(e *decode.Event) {
	if e.Name.Local != "iq" || e.ID == "" {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	switch {
	case e.Type == "get" && e.Payload.Space == "urn:xmpp:ping" && len(c.pings) < maxPings:
		if c.pings == nil {
			c.pings = map[string]decode.Dir{}
		}
		c.pings[e.ID] = e.Dir
	case (e.Type == "result" || e.Type == "error") && len(c.pings) > 0 && c.pings[e.ID] != e.Dir:
		delete(c.pings, e.ID)
	}
}

// pinged tells whether what comes in a direction answers a ping.
func (c *Conn) pinged(dir decode.Dir, id string) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	asked, ok := c.pings[id]
	return ok && asked != dir
}

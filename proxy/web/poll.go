package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"sync"
	"time"

	"xmppscope/decode/xmlstream"
)

// poll is the server of a client with a plain stream that asks a server of BOSH
// behind it (XEP-0124, XEP-0206). One goroutine knows all of it; one reads the
// client, and one waits for the answer to each request.
type poll struct {
	o    Options
	u    *url.URL
	call func() (net.Conn, error)
	conn net.Conn
	ctx  context.Context

	heard chan word
	done  chan outcome
	work  sync.WaitGroup
	lmu   sync.Mutex
	lines map[*line]bool // all that are open
	idles []*line        // those that nobody uses, the last used last
	shut  bool

	head     header // of the client's last header
	from     header // what the server's headers say
	sid      string
	rid      uint64 // of the next request
	got      uint64 // the last whose answer, and that of all before it, was handed on
	acks     bool
	hold     int
	requests int
	wait     time.Duration
	polling  time.Duration

	out   []byte // elements that are to be sent
	begin bool   // a restart is, before them
	leave bool   // the end is, behind them
	left  bool   // and was
	open  []*asking
	fast  bool      // the last empty request was answered by nothing
	next  time.Time // when the next empty request may be sent
	// end is what the server says of the end, failed tells that it has said a
	// stream error.
	end    *said
	failed bool
	over   bool
}

// asking is a request that waits for its answer.
type asking struct {
	rid   uint64
	text  []byte
	empty bool
	sent  time.Time
	tries int
	line  *line
	said  *said // the answer, where that waits for those before it
}

// word is what the client has said.
type word struct {
	unit  xmlstream.UnitKind
	head  header
	text  []byte
	ended error
}

// outcome is what came of a request: the answer's status and what it says, or
// why there is none.
type outcome struct {
	a      *asking
	try    int
	status int
	said   *said
	err    error
}

const (
	maxTries  = 4                // of one request (XEP-0124 §14.3)
	patience  = 15 * time.Second // for an answer beyond the time that a server keeps it
	maxPolled = 1 << 20          // bytes for the server before the client is not read on
)

// DialBOSH is the server of a client with a plain stream at conn that asks the
// server of BOSH at u, over connections that call makes, with TLS already where
// u asks for it. It returns when both are done.
func DialBOSH(ctx context.Context, conn net.Conn, call func() (net.Conn, error), u *url.URL, o Options) error {
	p := &poll{o: o.filled(), u: u, call: call, conn: conn, ctx: ctx, heard: make(chan word), done: make(chan outcome),
		lines: map[*line]bool{}, rid: newRID(), hold: 1, requests: 1}
	p.wait = p.o.Wait
	ctx, stop := context.WithCancel(ctx)
	p.ctx = ctx
	p.work.Go(p.listen)
	err := p.run()
	stop()
	_ = conn.Close()
	p.hangUp()
	p.work.Wait()
	return err
}

// listen reads the client.
func (p *poll) listen() {
	r := newReader(p.conn, p.o.Most)
	for {
		u, err := r.next()
		w := word{unit: u.Kind, ended: err}
		switch {
		case err != nil || u.Kind == xmlstream.Close:
		case u.Kind == xmlstream.Header:
			w.head = r.head
		case u.Kind == xmlstream.Space:
			continue // a request that waits says as much
		default:
			if w.text = r.alone(u); w.text == nil {
				continue
			}
		}
		select {
		case p.heard <- w:
		case <-p.ctx.Done():
			return
		}
		if err != nil {
			return
		}
	}
}

// run is the life of the session.
func (p *poll) run() error {
	clock := time.NewTimer(time.Hour)
	defer clock.Stop()
	var farewell <-chan time.Time
	for !p.over {
		p.send(clock)
		heard := p.heard
		if len(p.out) > maxPolled || p.begin {
			heard = nil
		}
		if p.left && farewell == nil {
			farewell = time.After(p.o.Farewell)
		}
		select {
		case w := <-heard:
			if done, err := p.hear(&w); done {
				return err
			}
		case o := <-p.done:
			if err := p.answered(&o); err != nil {
				return err
			}
		case <-clock.C:
		case <-farewell:
			return p.part()
		case <-p.ctx.Done():
			return context.Cause(p.ctx)
		}
	}
	return nil
}

// hear takes what the client has said.
func (p *poll) hear(w *word) (done bool, err error) {
	switch {
	case w.ended != nil && p.sid == "" && len(p.open) == 0:
		return true, w.ended
	case w.ended != nil || w.unit == xmlstream.Close:
		p.leave = true
		if w.ended != nil {
			p.heard = nil
		}
	case p.leave: // behind the end
	case w.unit == xmlstream.Header && p.sid == "" && len(p.open) == 0:
		p.head = w.head
		p.ask(p.head.creates(p.wait), nil)
	case w.unit == xmlstream.Header:
		p.head, p.begin = w.head.or(p.head), true
		// The answer to a restart has no header: it can be said at once.
		h := p.from
		h.id = newSID()
		return false, p.say(h.stream())
	default:
		p.out = append(p.out, w.text...)
	}
	return false, nil
}

// send sends what may be sent now.
func (p *poll) send(clock *time.Timer) {
	if p.sid == "" || p.left {
		return
	}
	free := len(p.open) < p.requests
	switch {
	case p.begin && len(p.out) > 0 && free: // what was said before the restart
		p.ask("", p.take())
	case p.begin && free:
		p.begin = false
		p.ask(p.head.restarts(), nil)
	case p.leave: // may be one more than are allowed (XEP-0124 §11)
		p.left = true
		p.ask(" type='terminate'", p.take())
	case len(p.out) > 0 && free:
		p.ask("", p.take())
	case len(p.open) < max(p.hold, 1) && free && !p.begin:
		if d := time.Until(p.next); p.fast && d > 0 { // XEP-0124 §12
			clock.Reset(d)
			return
		}
		p.ask("", nil)
	}
}

// take takes the elements that are to be sent.
func (p *poll) take() []byte {
	out := p.out
	p.out = nil
	return out
}

// ask sends a request.
func (p *poll) ask(attrs string, inner []byte) {
	if p.sid != "" {
		attrs = " sid='" + escape(p.sid) + "'" + attrs
		if p.acks && p.got != p.rid-1 {
			attrs = fmt.Sprintf(" ack='%d'", p.got) + attrs // XEP-0124 §9.2
		}
	}
	a := &asking{rid: p.rid, empty: attrs == " sid='"+escape(p.sid)+"'" && len(inner) == 0, sent: time.Now()}
	a.text = request(p.u, fmt.Sprintf(" rid='%d'", a.rid)+attrs, inner)
	if p.rid++; a.empty {
		p.next = a.sent.Add(p.polling)
	}
	p.open = append(p.open, a)
	p.dispatch(a)
}

// dispatch sends a request, perhaps again, over a connection that nobody uses.
func (p *poll) dispatch(a *asking) {
	a.tries++
	l, try := p.idle(), a.tries
	if l == nil || a.tries > 1 {
		l = nil
	}
	a.line = l
	p.work.Go(func() {
		o := outcome{a: a, try: try}
		if l == nil {
			conn, err := p.call()
			if err != nil {
				o.err = err
				p.tell(o)
				return
			}
			if l = p.keep(newLine(conn, p.o.Most)); l == nil {
				return
			}
		}
		m, again, err := l.ask(a.text, time.Now().Add(p.wait+patience))
		o.status, o.err = m.Status, err
		if err == nil {
			o.said = parseAnswer(m.Body)
		}
		p.free(l, again)
		p.tell(o)
	})
}

func (p *poll) tell(o outcome) {
	select {
	case p.done <- o:
	case <-p.ctx.Done():
	}
}

// answered takes what came of a request.
func (p *poll) answered(o *outcome) error {
	a := o.a
	if o.try != a.tries || a.said != nil {
		return nil // it was sent again since
	}
	condition := httpConditions[o.status]
	switch {
	case p.leave && p.left && (o.err != nil || o.said == nil): // it is over for both
		o.said = &said{kind: "terminate"}
	case o.err != nil || o.status >= 500:
		return p.again(a, o)
	case o.said != nil && o.said.kind == "error": // XEP-0124 §17.3
		for _, before := range p.open {
			if before.rid <= a.rid && before.said == nil {
				if err := p.again(before, o); err != nil {
					return err
				}
			}
		}
		return nil
	case o.said == nil && condition != "":
		o.said = &said{kind: "terminate", condition: condition}
	case o.said == nil:
		return p.fail("undefined-condition", fmt.Sprintf("the server's answer is no BOSH: %d", o.status))
	}
	if a.said = o.said; a.said.kind == "terminate" && p.sid != "" {
		p.left = true // nothing is asked any more; what was is waited for a moment
	}
	for len(p.open) > 0 && p.open[0].said != nil && !p.over {
		a := p.open[0]
		p.open, p.got = p.open[1:], a.rid
		if a.empty {
			p.fast = len(a.said.parts) == 0
		}
		if err := p.hand(a.said); err != nil {
			return err
		}
	}
	return nil
}

// part ends where not all has been answered.
func (p *poll) part() error {
	rest := p.open
	p.open = nil
	for _, a := range rest {
		if a.said != nil {
			if err := p.hand(a.said); err != nil || p.over {
				return err
			}
		}
	}
	return p.ended(nil)
}

// again sends a request again (XEP-0124 §14.3), but for the first: nobody knows
// whether a session has begun.
func (p *poll) again(a *asking, o *outcome) error {
	why := o.err
	if why == nil {
		why = fmt.Errorf("it answers with %d", o.status)
	}
	if a.tries >= maxTries || p.sid == "" {
		if errors.Is(why, io.ErrUnexpectedEOF) {
			why = errors.New("it ends the connection")
		}
		return p.fail("remote-connection-failed", "the server of BOSH is not reached: "+why.Error())
	}
	p.dispatch(a)
	return nil
}

// hand gives the client what an answer brings.
func (p *poll) hand(s *said) error {
	var text []byte
	if p.sid == "" && s.kind != "terminate" {
		if s.sid == "" {
			return p.fail("undefined-condition", "the server's first answer names no session (XEP-0124 section 7.2)")
		}
		p.agree(s)
		h := p.from
		h.id = s.id
		if h.id == "" {
			h.id = newSID()
		}
		text = h.stream()
	}
	for _, part := range s.parts {
		text = append(text, part...)
	}
	if s.kind != "terminate" {
		return p.say(text)
	}
	if p.end == nil || s.condition != "" {
		p.end = s
	}
	p.failed = p.failed || s.failed
	if len(p.open) > 0 { // there may be words in other answers
		return p.say(text)
	}
	return p.ended(text)
}

// agree takes what the server says of the session (XEP-0124 §7.2).
func (p *poll) agree(s *said) {
	p.sid, p.acks, p.polling = s.sid, s.acks, s.polling
	p.from = header{from: s.head.from, version: s.head.version, lang: s.head.lang}.or(header{from: p.head.to})
	if s.wait > 0 {
		p.wait = min(p.wait, s.wait)
	}
	if s.hold >= 0 {
		p.hold = s.hold
	}
	if p.requests = p.hold + 1; s.requests > 0 {
		p.requests = s.requests
	}
	if p.polling <= 0 {
		p.polling = time.Second
	}
	if s.inactivity > 0 { // or the session would be over between two requests
		p.polling = min(p.polling, s.inactivity/2)
	}
}

// ended tells the client that the session is over, as a stream says it.
func (p *poll) ended(text []byte) error {
	p.over = true
	if p.sid == "" {
		text = append(header{from: p.head.to, version: "1.0"}.stream(), text...)
	}
	// Who has left himself need not know how the server puts it.
	if end := p.end; end != nil && end.condition != "" && !p.failed && !p.leave {
		condition := streamConditions[end.condition]
		if condition == "" {
			condition = "undefined-condition"
		}
		text = append(text, streamError(condition, "xmppscope: the server has ended the session of BOSH: "+end.condition)...)
	}
	return p.say(append(text, streamEnd...))
}

// fail tells the client why the session cannot go on.
func (p *poll) fail(condition, why string) error {
	var text []byte
	if p.sid == "" {
		text = header{from: p.head.to, version: "1.0"}.stream()
	}
	_ = p.say(append(append(text, streamError(condition, "xmppscope: "+why)...), streamEnd...))
	return errors.New(why)
}

func (p *poll) say(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	_, err := p.conn.Write(text)
	return err
}

// idle takes a connection that nobody uses; nil where there is none.
func (p *poll) idle() *line {
	p.lmu.Lock()
	defer p.lmu.Unlock()
	n := len(p.idles) - 1
	if n < 0 {
		return nil
	}
	l := p.idles[n]
	p.idles = p.idles[:n]
	return l
}

// keep takes a new connection that is used; nil where all is over.
func (p *poll) keep(l *line) *line {
	p.lmu.Lock()
	defer p.lmu.Unlock()
	if p.shut {
		_ = l.conn.Close()
		return nil
	}
	p.lines[l] = true
	return l
}

// free lets a connection go on to the next request, or go.
func (p *poll) free(l *line, again bool) {
	p.lmu.Lock()
	defer p.lmu.Unlock()
	if again && !p.shut {
		p.idles = append(p.idles, l)
		return
	}
	delete(p.lines, l)
	_ = l.conn.Close()
}

// hangUp ends all connections.
func (p *poll) hangUp() {
	p.lmu.Lock()
	defer p.lmu.Unlock()
	p.shut = true
	for l := range p.lines {
		_ = l.conn.Close()
	}
}

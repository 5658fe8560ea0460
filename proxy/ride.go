package proxy

import (
	"errors"
	"strings"

	"xmppscope/decode"
	"xmppscope/proxy/web"
)

// This file is about what nobody has sent and is to go into a session of BOSH:
// nothing can stand between messages of HTTP, so it rides with the next body of
// its direction, over whatever connection of the client that comes.

// rider is an element that waits for a body.
type rider struct {
	xml []byte
	why string
}

// maxRiders bounds those that wait in a session.
const maxRiders = 1000

// put lets an element wait for the next body of a session; false where there is
// no session, or too many wait.
func (b *bodies) put(flow uint64, dir decode.Dir, r rider) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil || b.s.Of(flow) == nil {
		return false
	}
	x := b.s.Of(flow)
	if b.riders == nil {
		b.riders = map[*decode.Session]*[2][]rider{}
	}
	if b.riders[x] == nil {
		b.riders[x] = &[2][]rider{}
	}
	all := &b.riders[x][dir&1]
	if len(*all) >= maxRiders {
		return false
	}
	*all = append(*all, r)
	b.waiting.Add(1)
	return true
}

// board takes what waits for a body that makes room for it.
func (b *bodies) board(flow uint64, dir decode.Dir, room func([]rider) bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil {
		return
	}
	if all := b.riders[b.s.Of(flow)]; all != nil && len(all[dir&1]) > 0 && room(all[dir&1]) {
		b.waiting.Add(-int32(len(all[dir&1])))
		all[dir&1] = nil
	}
}

// forget lets go of what waits in a session that is over. The caller holds mu.
func (b *bodies) forget(x *decode.Session) {
	if all := b.riders[x]; all != nil {
		b.waiting.Add(-int32(len(all[0]) + len(all[1])))
		delete(b.riders, x)
	}
}

// leaves is how a session of BOSH is named in its next request.
func (b *bodies) leaves(flow uint64) (sid string, rid uint64) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if b.s == nil || b.s.Of(flow) == nil {
		return "", 0
	}
	return b.s.Of(flow).Next()
}

// rides lets an insertion wait for the next body.
func (l *lane) rides(ins Insert) error {
	xml := l.c.fresh(&ins)
	if !l.c.p.bodies.put(l.c.flow, ins.Dir, rider{xml: xml, why: ins.Why}) {
		return errors.New("nothing can stand between messages of HTTP, and there is no session of BOSH whose next body could bring it")
	}
	with := "request of the client"
	if ins.Dir == decode.FromReceiver {
		with = "answer of the server"
	}
	l.c.note(ins.Dir, "what is put in goes with the next %s, since nothing stands between messages of HTTP: %s", with, quoted(xml))
	return nil
}

// ride puts what waits into a body that goes on.
func (l *lane) ride(send []byte) (with []byte, why string) {
	if l.c.p.bodies.waiting.Load() == 0 {
		return send, ""
	}
	with = send
	l.c.p.bodies.board(l.c.flow, l.dir, func(all []rider) bool {
		var elements [][]byte
		for _, r := range all {
			elements = append(elements, r.xml)
		}
		p := web.Ride(l.dir, send, elements)
		if p == nil {
			return false
		}
		with = p
		for _, r := range all {
			if !strings.Contains(why, r.why) {
				why = join(why, r.why)
			}
		}
		return true
	})
	return with, why
}

// lastBody says the end of a stream as BOSH does: to the client in the answer that
// it waits for, to the server in a request of the proxy's own.
func (l *lane) lastBody(text, why string) {
	c := l.c
	m := decode.Mark{Do: decode.MarkInsert, Dir: l.dir, At: l.done, Origin: decode.OriginSynthetic, Note: why}
	if l.dir == decode.FromReceiver {
		if !c.talk.Awaited() {
			c.note(l.dir, "the client waits for no answer on this connection, and is not told the end of the session")
			return
		}
		failure, _, _ := strings.Cut(text, "</stream:stream>")
		out := &item{kind: insertItem, send: c.talk.End([]byte(failure)), marks: []decode.Mark{m}}
		c.feed(l.dir, out.send)
		l.add(out)
		return
	}
	sid, rid := c.p.bodies.leaves(c.flow)
	message, body := c.talk.Leave(sid, rid)
	if sid == "" || message == nil {
		return
	}
	m.Text = body
	l.add(&item{kind: insertItem, send: message})
	c.mark(m)
}

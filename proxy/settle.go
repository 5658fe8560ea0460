package proxy

import (
	"xmppscope/decode"
)

// This file does what was decided about a unit, and says so: in marks. Those of
// the initiating entity's direction are about places that the tap is told right
// after and are returned; those of the other direction go out with the bytes.

// settle does what was decided about an item.
func (l *lane) settle(it *item) []decode.Mark {
	switch it.kind {
	case bytesItem:
		it.send = it.xml
		if it.msg != nil {
			it.send = it.msg.Wire()
		}
		l.done = max(l.done, it.at+int64(len(it.xml)))
		if !l.opaque.Load() {
			l.c.feed(l.dir, it.send)
		}
		l.add(it)
	case insertItem:
		return l.place(it.insert)
	case unitItem:
		return l.conclude(it)
	default:
		l.add(it)
	}
	return nil
}

// conclude does what was decided about a unit.
func (l *lane) conclude(it *item) (marks []decode.Mark) {
	v := *it.verdict
	if it.timer != nil {
		it.timer.Stop()
	}
	marks = l.placeAll(v.Before)
	out := &item{kind: unitItem, xml: it.xml, at: it.at, turns: it.turns}
	var send []byte
	why := v.Why
	switch v.Do {
	case Drop:
		if l.isBody(it) {
			send = l.emptied(it.text())
		}
	case Close:
		l.closing = true
		l.c.background(func() { l.c.Close(v.How) })
	case Edit:
		send = v.XML
	default:
		send = it.text()
	}
	var r Rewritten
	if v.Do != Close { // nobody counts what is lost with the connection
		r = l.filter(it, send)
	}
	marks = append(marks, l.placeAll(r.Before)...)
	if r.XML != nil && send != nil {
		send = r.XML
	}
	if r.Drop {
		send = nil
	}
	if l.isBody(it) && send != nil {
		with := ""
		send, with = l.ride(send)
		why = join(why, with)
	}
	out.send = l.carry(it, send)
	out.cuts, out.joins = v.Cuts, v.Join
	why = join(why, r.Why)
	l.done = it.at + int64(len(it.xml))
	marks = append(marks, l.say(it, out, send, why)...)
	if why != "" && send != nil && it.same(send) && !it.marked && len(v.Before)+len(v.After) == 0 {
		marks = append(marks, decode.Mark{Do: decode.MarkNote, Dir: l.dir, Note: why}) // that a rule fired is told in any case
	}
	l.c.feed(l.dir, out.send)
	l.turned(it, out)
	if out.send != nil || len(out.marks) > 0 {
		l.add(out)
	}
	marks = append(marks, l.placeAll(r.After)...)
	return append(marks, l.placeAll(v.After)...)
}

// passing is what the filters are asked about; nothing is sent of what is
// dropped.
func (l *lane) passing(it *item, send []byte) Passing {
	switch {
	case send == nil:
		return Passing{Event: it.event, XML: it.text(), Origin: decode.OriginDropped}
	case it.same(send):
		return Passing{Event: it.event, XML: send}
	}
	return Passing{Event: l.c.previewText(l.dir, send), XML: send, Was: it.event, Origin: decode.OriginEdited}
}

func join(a, b string) string {
	if a != "" && b != "" {
		return a + "; " + b
	}
	return a + b
}

// say makes the mark of what was decided; none where the unit goes on at once
// and as it came.
func (l *lane) say(it, out *item, send []byte, why string) []decode.Mark {
	m := decode.Mark{Dir: l.dir, At: it.at, N: int64(len(it.xml)), Note: why}
	switch {
	case send == nil:
		m.Do, m.Origin = decode.MarkDrop, decode.OriginDropped
	case !it.same(send):
		m.Do, m.Origin = decode.MarkEdit, decode.OriginEdited
	case !it.marked:
		return nil
	}
	if l.dir == decode.FromInitiator {
		if m.Origin == decode.OriginEdited {
			m.Text = send
		}
	} else if m.N = int64(len(out.send)); m.Origin != decode.OriginWire {
		m.Text = it.text()
	}
	if it.marked {
		m.Do, m.ID = decode.MarkRelease, it.id
	}
	if l.dir == decode.FromInitiator {
		return []decode.Mark{m}
	}
	out.marks = append(out.marks, m)
	return nil
}

// placeAll inserts where the lane is, or into the other lane.
func (l *lane) placeAll(all []Insert) (marks []decode.Mark) {
	for _, ins := range all {
		if ins.Dir == l.dir {
			marks = append(marks, l.place(ins)...)
			continue
		}
		l.c.background(func() { l.c.Inject(ins, AfterHeld) })
	}
	return marks
}

// place inserts where the lane is.
func (l *lane) place(ins Insert) (marks []decode.Mark) {
	if l.web != nil && !l.web.Frames() {
		if err := l.rides(ins); err != nil {
			l.c.note(ins.Dir, "it is not sent, because %v: %s", err, quoted(ins.XML))
		}
		return nil
	}
	xml := l.c.fresh(&ins)
	why := ins.Why
	m := decode.Mark{Do: decode.MarkInsert, Dir: l.dir, At: l.done, Origin: decode.OriginInjected}
	if ins.Synthetic {
		m.Origin = decode.OriginSynthetic
	}
	r := l.c.rewrite(Passing{Event: l.c.previewText(l.dir, xml), XML: xml, Origin: m.Origin})
	if r.XML != nil {
		xml = r.XML
	}
	m.Note = join(why, r.Why)
	out := &item{kind: insertItem, send: l.pack(xml)}
	l.c.feed(l.dir, out.send)
	if l.dir == decode.FromInitiator {
		m.Text = xml
		l.add(out)
		return []decode.Mark{m}
	}
	out.marks = []decode.Mark{m}
	l.add(out)
	return nil
}

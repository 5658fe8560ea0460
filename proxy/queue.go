package proxy

import (
	"time"

	"xmppscope/decode"
	"xmppscope/proxy/web"
)

// itemKind is what an item of a lane's queue is.
type itemKind uint8

const (
	unitItem   itemKind = iota // one unit, to be decided on
	bytesItem                  // bytes that go on undecided
	insertItem                 // what no peer sent
	endItem                    // the sender has ended
	markItem                   // marks without bytes
)

// item is one thing in a lane's queue.
type item struct {
	kind  itemKind
	xml   []byte       // as it came
	msg   *web.Message // of HTTP: what it carries; else nil
	at    int64        // its place in the direction, as leg A carries it
	since time.Time

	// While it waits.
	id      uint32
	vouched bool // an answer that was given in its place
	marked  bool // the tap knows that it is held
	held    bool // the gate wants it held
	verdict *Verdict
	event   *decode.Event
	until   time.Time
	timer   *time.Timer
	then    *Verdict // what the timer decides
	passes  bool     // although its direction is frozen
	why     string

	// Of one that is decided.
	send   []byte
	marks  []decode.Mark
	turns  bool // a request to change the layer, or the answer
	cuts   []int
	joins  bool // is written together with what comes next, if that comes soon
	late   bool // and that did not
	beside bool // has overtaken what waits
	done   func()

	insert Insert
	// Of the end.
	reset, notify bool
}

func (it *item) size() int { return max(len(it.xml), len(it.send)) }

// put adds to what waits.
func (l *lane) put(it *item) {
	if l.dead {
		return
	}
	l.wait = append(l.wait, it)
	l.size += it.size()
}

// step decides and writes what can be. The marks are about bytes that the tap
// has been told.
func (l *lane) step() {
	l.c.mark(l.decide()...)
	l.drain()
}

// kick is step by somebody who must not wait for a peer.
func (l *lane) kick() {
	l.c.mark(l.decide()...)
	if len(l.out) == 0 || l.busy {
		return
	}
	l.c.background(func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.drain()
	})
}

// decide takes what waits, up to the first that has to. What it returns is
// about leg A's bytes and is to be told before they are: for the initiating
// entity's direction those at hand.
func (l *lane) decide() (marks []decode.Mark) {
	if len(l.wait) == 0 {
		return nil
	}
	l.c.catchUp()
	for len(l.wait) > 0 && !l.dead && !l.closing {
		it := l.wait[0]
		if l.frozen && it.kind == unitItem && it.verdict == nil && !it.passes {
			break
		}
		if it.kind == unitItem && !l.ask(it) {
			break
		}
		if it.kind == insertItem && (l.begun() || l.turn == turning || l.c.parking.Load()) {
			break // in the middle of an element, or of a change of layers
		}
		l.wait = l.wait[1:]
		l.size -= it.size()
		marks = append(marks, l.settle(it)...)
	}
	if len(l.wait) == 0 {
		l.wait = nil
		if l.loose() {
			l.spill("")
			return append(marks, l.decide()...)
		}
	}
	return append(marks, l.hold()...)
}

// loose tells whether white space is left behind what had waited. It goes on at
// once, as without that: behind the answer it might stand in another stream, in
// front of its XML declaration.
func (l *lane) loose() bool {
	return l.turn == noTurn && l.web == nil && !l.opaque.Load() && !l.dead && !l.closing && l.unsent() < int64(l.framer.Pending()) && l.framer.Depth() <= 1 && l.blank()
}

// begun tells whether a unit has left in part.
func (l *lane) begun() bool { return !l.opaque.Load() && l.unsent() > 0 && !l.blank() }

// ask finds the verdict about the unit whose turn it is. False means that it
// waits.
func (l *lane) ask(it *item) bool {
	if it.event == nil {
		it.event = l.c.previewText(l.dir, it.text())
	}
	if it.verdict == nil && !it.held {
		v := Verdict{}
		if l.isBody(it) {
			v = l.askBody(it)
		} else if why := l.c.answered(l.dir, it.event); why != "" {
			v = Verdict{Do: Drop, Why: why}
		} else if why := l.c.bare(l.dir, it.event); why != "" {
			v = Verdict{Do: Close, How: CloseHow{Condition: "policy-violation", Text: "xmppscope: " + why, To: decode.FromReceiver}, Why: why}
		} else if l.c.watched() {
			v = l.c.p.o.Gate.Decide(l.c, it.event)
		}
		switch v.Do {
		case Hold:
			it.held, it.why = true, v.Why
			return false
		case Delay:
			it.held, it.why, it.until = true, v.Why, l.c.p.now().Add(v.Delay)
			l.later(it, v)
			return false
		}
		it.verdict = &v
	}
	return it.verdict != nil
}

// later lets a delayed unit go when its time has come.
func (l *lane) later(it *item, v Verdict) {
	d := v.Delay
	v.Do, v.Delay = Forward, 0
	if v.XML != nil {
		v.Do = Edit
	}
	it.then = &v
	it.timer = time.AfterFunc(d, func() {
		l.mu.Lock()
		defer l.mu.Unlock()
		if it.verdict == nil {
			it.verdict = &v
			l.kick()
		}
	})
}

// hold gives numbers to what waits and tells that it does. Of the receiving
// entity's direction only the first is told: the others are not on leg A.
func (l *lane) hold() (marks []decode.Mark) {
	for i, it := range l.wait {
		if it.kind != unitItem && it.kind != insertItem {
			continue
		}
		if it.id == 0 {
			it.id = l.c.nextID()
		}
		if it.marked || it.kind == insertItem {
			continue
		}
		m := decode.Mark{Do: decode.MarkHold, Dir: l.dir, ID: it.id, Note: it.why}
		if m.Note == "" {
			m.Note = "waits for what is held before it"
			if l.frozen {
				m.Note = "the direction is frozen"
			}
		}
		if l.dir == decode.FromInitiator {
			m.At, m.N = it.at, int64(len(it.xml))
			it.marked = true
			marks = append(marks, m)
		} else if i == 0 {
			m.Text = it.text()
			it.marked = true
			l.add(&item{kind: markItem, marks: []decode.Mark{m}})
		}
	}
	if len(l.wait) > 0 {
		l.c.awake()
	}
	return marks
}

// add adds to what is decided. The places of marks of the receiving
// entity's direction are those where the bytes will stand.
func (l *lane) add(it *item) {
	if l.dir == decode.FromReceiver {
		for i := range it.marks {
			it.marks[i].At = l.planned
			if it.marks[i].Do != decode.MarkHold && it.marks[i].Do != decode.MarkDrop {
				it.marks[i].N = int64(len(it.send))
			}
		}
	}
	l.planned += int64(len(it.send))
	l.size += it.size()
	l.out = append(l.out, it)
}

// drain writes what is decided. It is called with mu held and lets go of it
// while it writes.
func (l *lane) drain() {
	if l.busy || l.c.parking.Load() {
		return // it is written already, or when the layers have changed
	}
	l.busy = true
	for len(l.out) > 0 && !l.dead {
		batch := l.batch()
		if batch == nil {
			break
		}
		l.mu.Unlock()
		err := l.write(batch)
		l.mu.Lock()
		for _, it := range batch {
			l.size -= it.size()
			if it.done != nil && err == nil {
				it.done()
			}
		}
		l.room.Broadcast()
		if err != nil {
			l.die()
		}
	}
	if len(l.out) == 0 || l.dead {
		l.out = nil
	}
	l.busy = false
}

// joinWait is how long a unit waits for the next to be written with.
const joinWait = time.Second

// batch takes what can be written at once; nil where that waits for more.
func (l *lane) batch() []*item {
	if it := l.out[0]; it.joins && !it.late && len(l.out) == 1 {
		time.AfterFunc(joinWait, func() {
			l.mu.Lock()
			defer l.mu.Unlock()
			it.late = true
			l.kick()
		})
		return nil
	}
	n, size := 0, 0
	for joined := false; n < len(l.out); {
		it := l.out[n]
		if it.kind == endItem || n > 0 && !joined && (len(it.marks) > 0 || len(it.cuts) > 0 || size+len(it.send) > wholeBuf) {
			break
		}
		n, size, joined = n+1, size+len(it.send), it.joins
		if it.done != nil || len(it.cuts) > 0 {
			break
		}
	}
	n = max(n, 1)
	batch := l.out[:n:n]
	l.out = l.out[n:]
	return batch
}

// write writes what is decided, the marks of each before its bytes.
func (l *lane) write(batch []*item) error {
	if it := batch[0]; it.kind == endItem {
		l.finish(it)
		return nil
	}
	if it := batch[0]; len(batch) == 1 {
		return l.portions(it.send, it.cuts, it.marks)
	}
	var p []byte
	var marks []decode.Mark
	for _, it := range batch {
		p, marks = append(p, it.send...), append(marks, it.marks...)
	}
	return l.to.write(p, marks)
}

// portions writes bytes cut as asked, all of them after the marks.
func (l *lane) portions(p []byte, cuts []int, marks []decode.Mark) error {
	at := 0
	for _, cut := range cuts {
		if cut <= at || cut >= len(p) {
			continue // what was asked for was meant for other bytes
		}
		if err := l.to.write(p[at:cut], marks); err != nil {
			return err
		}
		at, marks = cut, nil
	}
	return l.to.write(p[at:], marks)
}

// finish passes the end on.
func (l *lane) finish(it *item) {
	if it.reset {
		l.to.reset()
	} else {
		l.to.finish(it.notify)
	}
	l.mu.Lock()
	l.over = true
	l.mu.Unlock()
	l.c.laneOver(l)
}

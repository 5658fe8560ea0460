package main

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

// TestProxySteps: one unit at a time, then to the next phase, then all.
func TestProxySteps(t *testing.T) {
	r := newRig(t, rigOptions{})
	a := r.client()
	r.act(`{"do":"pause"}`)
	for r.act(`{"do":"unbreak","id":77}`); ; { // it is paused when what was said after that is answered
		r.next("record", "error")
		break
	}
	done := a.begin(mbed + "close")
	var held []string
	for _, want := range []string{"initiator open", "receiver open", "receiver features", "initiator nonza"} {
		h := r.next("record", "held")
		if got := h.str("dir") + " " + h.str("kind"); got != want {
			t.Fatalf("held is %s, not %s", got, want)
		}
		held = append(held, itoa(h.num("seq")))
		r.act(`{"do":"step"}`)
	}
	r.next("record", "held", "dir", "receiver", "kind", "nonza") // <proceed/>
	r.act(`{"do":"next"}`)
	if h := r.next("record", "held"); h.is("phase", "starttls") {
		t.Errorf("next stopped in the same phase: %v", h)
	}
	r.act(`{"do":"continue"}`)
	done()
	live := r.over(1)
	for _, seq := range held {
		n := 0
		for _, e := range live {
			if e.is("record", "event", "origin", "wire") && itoa(e.num("seq")) == seq {
				n++
			}
		}
		if n != 1 {
			t.Errorf("what was announced as %s came %d times", seq, n)
		}
	}
}

// TestProxyBreaks: set and removed while it runs; once, and by count.
func TestProxyBreaks(t *testing.T) {
	r := newRig(t, rigOptions{})
	a := r.client()
	a.do(mbed)
	r.act(`{"do":"break","expr":"name == \"message\" and dir == \"initiator\" and hits == 1"}`)
	r.act(`{"do":"break","expr":"once has(\"{urn:x}x\") and dir == \"initiator\""}`)
	r.act(`{"do":"unbreak","id":99}`)
	r.next("record", "error")
	for i := range 3 {
		a.do(fmt.Sprintf("C: <message to='mbed@localhost/board' id='m%d'/>", i))
	}
	h := r.next("record", "held")
	if !h.is("id", "m1") {
		t.Errorf("held is %v, the second was to be", h)
	}
	r.act(`{"do":"unbreak","id":1}`)
	r.act(`{"do":"forward","seq":%d}`, h.num("seq"))
	a.do("S: message id=m2\nC: <message to='mbed@localhost/board' id='m3'/>\nS: message id=m3")
	a.do("C: <message to='mbed@localhost/board' id='m4'><x xmlns='urn:x'/></message>")
	r.act(`{"do":"forward","seq":%d}`, r.next("record", "held", "id", "m4").num("seq"))
	a.do("S: message id=m4\nC: <message to='mbed@localhost/board' id='m5'><x xmlns='urn:x'/></message>\nS: message id=m5\nclose")
	r.over(1)
}

// TestProxyFreezes: one direction, and both; thawing lets all go in order.
func TestProxyFreezes(t *testing.T) {
	r := newRig(t, rigOptions{})
	a, b := r.client(), r.client()
	a.do(mbed + "presence\nS: presence from=mbed@localhost/board")
	b.do(juliet + "presence\nS: presence from=juliet@localhost/balcony")
	conn := r.next("name", "presence", "to", "juliet@localhost/balcony").num("conn")
	if conn == 0 {
		conn = 2
	}
	r.act(`{"do":"freeze","conn":%d,"dir":"receiver"}`, conn)
	r.act(`{"do":"unbreak","id":77}`)
	r.next("record", "error")
	for i := range 3 {
		a.do(fmt.Sprintf("C: <message to='juliet@localhost/balcony' id='f%d'/>", i))
	}
	h := r.next("record", "held", "id", "f0")
	if !strings.Contains(h.str("note"), "frozen") || h.num("conn") != conn {
		t.Errorf("held is %v", h)
	}
	a.do("C: <message to='mbed@localhost/board' id='self'/>\nS: message id=self") // the others go on
	r.act(`{"do":"thaw","conn":%d}`, conn)
	b.do("S: message id=f0\nS: message id=f1\nS: message id=f2")
	r.act(`{"do":"freeze"}`)
	r.act(`{"do":"unbreak","id":77}`)
	r.next("record", "error")
	a.do("C: <message to='juliet@localhost/balcony' id='g'/>")
	g := r.next("record", "held", "id", "g")
	r.act(`{"do":"thaw"}`)
	b.do("S: message id=g\nclose")
	a.do("close")
	live := r.over(2)
	only(t, live, "id", "g", "dir", g.str("dir"))
}

// TestProxyManyHeld: several wait in both directions and on two connections; each
// is decided by itself, and the order in a direction stays.
func TestProxyManyHeld(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `name == "message" and dir == "initiator"`}})
	a, b := r.client(), r.client()
	a.do(mbed + "presence\nS: presence from=mbed@localhost/board")
	b.do(juliet + "presence\nS: presence from=juliet@localhost/balcony")
	a.do("C: <message to='juliet@localhost/balcony' id='a1'/>\nC: <message to='juliet@localhost/balcony' id='a2'/>\nC: <message to='juliet@localhost/balcony' id='a3'/>")
	b.do("C: <message to='mbed@localhost/board' id='b1'/>")
	one, other := r.next("record", "held"), r.next("record", "held")
	if one.str("id") == "b1" {
		one, other = other, one
	}
	r.act(`{"do":"drop","seq":%d}`, other.num("seq"))
	for _, do := range []string{"forward", "drop", "forward"} {
		r.act(`{"do":"%s","seq":%d}`, do, one.num("seq"))
		if one.str("id") != "a3" {
			one = r.next("record", "held")
		}
	}
	b.do("S: message id=a1\nS: message id=a3")
	b.absent("message id=a2")
	a.absent("message id=b1")
	a.do("close")
	b.do("close")
	live := r.over(2)
	for id, origin := range map[string]string{"a1": "wire", "a2": "dropped", "a3": "wire", "b1": "dropped"} {
		only(t, live, "id", id, "dir", "initiator", "origin", origin)
	}
}

// TestProxyPeerLeavesMeanwhile: who closes while something is held is seen, and
// what was held is told as such.
func TestProxyPeerLeavesMeanwhile(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `name == "message" and dir == "initiator"`}})
	a := r.client()
	a.do(mbed + "C: <message to='mbed@localhost/board' id='left'/>")
	h := r.next("record", "held")
	a.do("cut")
	time.Sleep(50 * time.Millisecond)
	r.act(`{"do":"forward","seq":%d}`, h.num("seq"))
	live := r.over(1)
	only(t, live, "id", "left", "dir", "initiator")
	if c := summed(live); c.is("outcome", "closed") {
		t.Errorf("%v", c)
	}
}

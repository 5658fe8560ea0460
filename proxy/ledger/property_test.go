package ledger

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"xmppscope/decode"
	"xmppscope/decode/xmlstream"
)

// peer is one end as XEP-0198 wants it. It sends stanzas with rising numbers and
// keeps each until it is confirmed.
type peer struct {
	next    int
	acked   uint32
	unacked []int
	got     uint32 // its h
	seen    []int  // the numbers that it received, what the tool added left out
	said    bool   // it has been confirmed something
}

// world is two peers, the tool between them, and what is on its way. Index d of
// each pair belongs to what decode.Dir(d) carries.
type world struct {
	t     *testing.T
	rnd   *rand.Rand
	book  *Book
	conn  *Conn
	peers [2]peer     // the sender of each direction
	in    [2][]string // from the sender to the tool
	lane  [2][]string // arrived and not decided
	out   [2][]string // from the tool to the receiver
	fate  [2]map[int]Fate
	log   []string
	cuts  int
}

const nsStanza = " xmlns='jabber:client'"

func (w *world) fail(format string, args ...any) {
	w.t.Helper()
	w.t.Fatalf("%s\n%s", fmt.Sprintf(format, args...), strings.Join(w.log[max(0, len(w.log)-60):], "\n"))
}

func (w *world) send(d int) {
	p := &w.peers[d]
	p.next++
	p.unacked = append(p.unacked, p.next)
	w.in[d] = append(w.in[d], fmt.Sprintf("<message%s id='%d'/>", nsStanza, p.next))
}

// decide takes the head of a lane and lets the tool do something with it.
func (w *world) decide(d int, meddle bool) {
	if len(w.lane[d]) == 0 {
		return
	}
	if meddle && w.rnd.IntN(8) == 0 {
		w.through(d, "<message"+nsStanza+"/>", []Fate{Injected, Synthetic}[w.rnd.IntN(2)])
	}
	fate := Forwarded
	if meddle && w.rnd.IntN(5) == 0 {
		fate = Dropped
	}
	xml := w.lane[d][0]
	w.lane[d] = w.lane[d][1:]
	w.through(d, xml, fate)
	w.waits(d)
}

func (w *world) waits(d int) {
	n := 0
	for _, xml := range w.lane[d] {
		if strings.HasPrefix(xml, "<message") {
			n++
		}
	}
	w.conn.Waits(decode.Dir(d), n)
}

func (w *world) through(d int, xml string, fate Fate) {
	n := element(w.t, xml)
	if id, ok := n.Attr("id"); ok && n.Name.Local == "message" {
		w.fate[d][atoi(id)] = fate
	}
	plain := !w.conn.Shifted()
	out, _ := w.conn.Unit(decode.Dir(d), n, fate)
	if out != nil && plain {
		w.fail("%s was changed though nothing is shifted", xml)
	}
	w.log = append(w.log, fmt.Sprintf("%d fate %d: %s => %s", d, fate, xml, out))
	if fate == Dropped {
		return
	}
	if out != nil {
		xml = string(out)
	}
	w.out[d] = append(w.out[d], xml)
}

// receive lets the receiver of a direction take one element.
func (w *world) receive(d int) {
	if len(w.out[d]) == 0 {
		return
	}
	xml := w.out[d][0]
	w.out[d] = w.out[d][1:]
	n := element(w.t, xml)
	self := &w.peers[1-d]
	switch n.Name.Local {
	case "message":
		self.got++
		if id, ok := n.Attr("id"); ok {
			if k := len(self.seen); k > 0 && self.seen[k-1] >= atoi(id) {
				w.fail("%s came after %d", xml, self.seen[k-1])
			}
			self.seen = append(self.seen, atoi(id))
		}
	case "r":
		w.in[1-d] = append(w.in[1-d], fmt.Sprintf("<a xmlns='%s' h='%d'/>", nsSM, self.got))
	case "a":
		w.confirm(1-d, n)
	}
}

// confirm is what a sender makes of an h: never more than it sent, never less
// than it was told, and only what arrived or was dropped.
func (w *world) confirm(d int, n *xmlstream.Node) {
	p := &w.peers[d]
	h, ok := count(n)
	if !ok {
		w.fail("no h: %s", n.Wire())
	}
	k := h - p.acked
	if k > uint32(len(p.unacked)) {
		w.fail("direction %d: h=%d after %d, and %d stanzas are unconfirmed", d, h, p.acked, len(p.unacked))
	}
	for _, id := range p.unacked[:k] {
		if !contains(w.peers[1-d].seen, id) && w.fate[d][id] != Dropped {
			w.fail("direction %d: stanza %d was confirmed, and it never arrived", d, id)
		}
	}
	p.unacked, p.acked, p.said = p.unacked[k:], h, true
}

func contains(list []int, id int) bool {
	for i := len(list) - 1; i >= 0; i-- {
		if list[i] == id {
			return true
		}
	}
	return false
}

func atoi(s string) (n int) {
	for _, c := range s {
		n = n*10 + int(c-'0')
	}
	return n
}

// cut loses what is on its way, and resumes on a new connection.
func (w *world) cut() {
	w.cuts++
	w.in, w.lane, w.out = [2][]string{}, [2][]string{}, [2][]string{}
	if w.rnd.IntN(2) == 0 {
		w.conn.Waits(0, 0)
	}
	w.conn = New(w.book)
	ask := w.pass(0, fmt.Sprintf("<resume xmlns='%s' previd='id' h='%d'/>", nsSM, w.peers[0].got))
	w.confirm(1, ask)
	answer := w.pass(1, fmt.Sprintf("<resumed xmlns='%s' previd='id' h='%d'/>", nsSM, w.peers[1].got))
	w.confirm(0, answer)
	for d := range 2 {
		for _, id := range w.peers[d].unacked {
			w.in[d] = append(w.in[d], fmt.Sprintf("<message%s id='%d'/>", nsStanza, id))
		}
	}
}

func (w *world) pass(d int, xml string) *xmlstream.Node {
	plain := !w.conn.Shifted() && !strings.HasPrefix(xml, "<resume ") // which is part of the negotiation
	out, _ := w.conn.Unit(decode.Dir(d), element(w.t, xml), Forwarded)
	w.log = append(w.log, fmt.Sprintf("%d: %s => %s", d, xml, out))
	if out != nil && plain {
		w.fail("%s was changed though nothing is shifted", xml)
	}
	if out != nil {
		xml = string(out)
	}
	return element(w.t, xml)
}

func (w *world) step() {
	d := w.rnd.IntN(2)
	switch k := w.rnd.IntN(100); {
	case k < 20:
		w.send(d)
	case k < 30:
		w.in[d] = append(w.in[d], "<r xmlns='"+nsSM+"'/>")
	case k < 55:
		if len(w.in[d]) > 0 {
			w.lane[d] = append(w.lane[d], w.in[d][0])
			w.in[d] = w.in[d][1:]
			w.waits(d)
		}
	case k < 78:
		w.decide(d, true)
	case k < 95:
		w.receive(d)
	case k < 99:
		if a := w.conn.Answer(decode.Dir(d)); a != nil {
			w.log = append(w.log, fmt.Sprintf("the tool answers: %s", a))
			w.out[1-d] = append(w.out[1-d], string(a))
		}
	case w.rnd.IntN(4) == 0:
		w.cut()
	}
}

// settle lets everything arrive, and each side ask.
func (w *world) settle() {
	for range 3 {
		for d := range 2 {
			w.in[d] = append(w.in[d], "<r xmlns='"+nsSM+"'/>")
		}
		for len(w.in[0])+len(w.in[1])+len(w.lane[0])+len(w.lane[1])+len(w.out[0])+len(w.out[1]) > 0 {
			for d := range 2 {
				w.lane[d] = append(w.lane[d], w.in[d]...)
				w.in[d] = nil
				w.decide(d, false)
				w.receive(d)
			}
		}
	}
}

// TestBothViewsStayTrue: random traffic, drops, injections, answers of the tool,
// cuts and resumptions, around the wrap of the counts.
func TestBothViewsStayTrue(t *testing.T) {
	shifted, cuts := 0, 0
	for seed := range uint64(300) {
		w := &world{t: t, rnd: rand.New(rand.NewPCG(seed, 1)), book: &Book{}, fate: [2]map[int]Fate{{}, {}}}
		w.conn = New(w.book)
		if seed%2 == 0 {
			w.pass(0, "<enable xmlns='"+nsSM+"' resume='true'/>")
			w.pass(1, "<enabled xmlns='"+nsSM+"' id='id' resume='true'/>")
		} else { // a stream that began before the tool stood there, near 2^32
			for d := range w.peers {
				w.peers[d].acked = 1<<32 - 10
				w.peers[d].got = 1<<32 - 10
			}
			w.cut()
		}
		for range 400 {
			w.step()
		}
		w.settle()
		for d := range 2 {
			p, v := &w.peers[d], w.conn.View().Dirs[d]
			if len(p.unacked) > 0 {
				w.fail("seed %d direction %d: %d stanzas are never confirmed", seed, d, len(p.unacked))
			}
			if v.Told != p.acked || v.Sent != p.acked || v.Confirmed != w.peers[1-d].got || v.Delivered != v.Confirmed {
				w.fail("seed %d direction %d: the ledger says %+v", seed, d, v)
			}
		}
		if w.conn.Shifted() {
			shifted++
		}
		cuts += w.cuts
	}
	if shifted < 100 || cuts < 100 {
		t.Errorf("only %d streams were shifted, only %d cuts: the test looks at too little", shifted, cuts)
	}
}

// FuzzUnit feeds lines as they come: nothing panics, and what is rewritten is
// still one element of the same name.
func FuzzUnit(f *testing.F) {
	f.Add("C<enable xmlns='urn:xmpp:sm:3'/>\nS<enabled xmlns='urn:xmpp:sm:3' id='1'/>\nD<message/>\nS<a xmlns='urn:xmpp:sm:3' h='0'/>\nC<resume xmlns='urn:xmpp:sm:3' previd='1' h='4294967295'/>\nS<resumed xmlns='urn:xmpp:sm:3' previd='1' h='2147483648'/>")
	f.Add("C<authenticate xmlns='urn:xmpp:sasl:2'><resume xmlns='urn:xmpp:sm:3' previd='' h='0'/><bind xmlns='urn:xmpp:bind:0'><enable xmlns='urn:xmpp:sm:2'/></bind></authenticate>\nS<success xmlns='urn:xmpp:sasl:2'><failed xmlns='urn:xmpp:sm:3' h='5'/><bound xmlns='urn:xmpp:bind:0'><enabled xmlns='urn:xmpp:sm:3'/></bound></success>\nI<iq/>")
	f.Fuzz(func(t *testing.T, script string) {
		c := New(nil)
		scope := xmlstream.MidStream(xmlstream.NSClient)
		for line := range strings.SplitSeq(script, "\n") {
			if line == "" {
				continue
			}
			dir, fate := decode.FromInitiator, Forwarded
			switch line[0] {
			case 'S':
				dir = decode.FromReceiver
			case 'D':
				fate = Dropped
			case 'I':
				fate = Injected
			}
			var tree, after xmlstream.Tree
			n := tree.Parse([]byte(line[1:]), scope, xmlstream.Options{})
			if n == nil {
				continue
			}
			sound := tree.Err() == nil
			c.Waits(dir, len(line))
			xml, _ := c.Unit(dir, n, fate)
			c.Answer(dir)
			if xml == nil || !sound {
				continue
			}
			if m := after.Parse(xml, scope, xmlstream.Options{}); m == nil || after.Err() != nil || m.Name != n.Name {
				t.Fatalf("%s became %s", line, xml)
			}
		}
		c.View()
		c.Ended()
	})
}

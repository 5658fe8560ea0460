package synth

import "container/heap"

// wire holds packets between their making and their place in the file: later
// writes of other clients may lie before them.
type wire struct {
	queue packetHeap
	free  [][]byte
	count uint64
}

type packet struct {
	at   int64 // microseconds
	n    uint64
	data []byte
}

// send cuts the composed text into segments, lets the network play its tricks
// with them, and has the other side acknowledge.
func (g *writer) send(c *client, dir int) {
	text := g.text
	g.text = g.text[:0]
	if !g.raw {
		g.truth.XMLBytes[dir] += int64(len(text))
		if c.tls != nil {
			text = c.tls.side[dir].append(nil, recordData, text)
		}
	}
	g.raw = false
	at := c.now
	for len(text) > 0 {
		n := min(len(text), mss)
		if n == len(text) && n > 1 && g.r.IntN(12) == 0 {
			n = 1 + g.r.IntN(n-1) // the socket took only a part
		}
		second := text[n:min(len(text), n+mss)]
		if len(second) > 0 && g.r.Float64() < g.o.Reorder {
			g.truth.Reordered++
			seq := c.seq[dir]
			c.seq[dir] += uint32(n)
			g.segment(c, dir, at, PSH|ACK, second)
			end := c.seq[dir] + uint32(len(second))
			c.seq[dir] = seq
			g.segment(c, dir, at+90, PSH|ACK, text[:n])
			c.seq[dir] = end
			text = text[n+len(second):]
			at += 120
		} else {
			g.segment(c, dir, at, PSH|ACK, text[:n])
			if g.r.Float64() < g.o.Retrans {
				g.repeat(c, dir, at, text[:n])
			}
			c.seq[dir] += uint32(n)
			text = text[n:]
			at += 40
		}
	}
	g.segment(c, 1-dir, at+200, ACK, nil)
}

// repeat sends a segment again, a quarter of the time in two parts.
func (g *writer) repeat(c *client, dir int, at int64, data []byte) {
	g.truth.Retrans++
	if len(data) < 2 || g.r.IntN(4) > 0 {
		g.segment(c, dir, at+210_000, PSH|ACK, data)
		return
	}
	cut := 1 + g.r.IntN(len(data)-1)
	seq := c.seq[dir]
	g.segment(c, dir, at+210_000, PSH|ACK, data[:cut])
	c.seq[dir] += uint32(cut)
	g.segment(c, dir, at+210_050, PSH|ACK, data[cut:])
	c.seq[dir] = seq
}

// segment makes one packet at the given time; the sequence number does not move.
func (g *writer) segment(c *client, dir int, at int64, flags uint8, data []byte) {
	c.ipid[dir]++
	s := tcp{
		src: c.addr[dir], dst: c.addr[1-dir], seq: c.seq[dir], ack: c.seq[1-dir],
		flags: flags, stamp: uint32(at / 1000), id: c.ipid[dir], data: data,
	}
	if flags&ACK == 0 {
		s.ack = 0
	}
	w := &g.wire
	var b []byte
	if n := len(w.free); n > 0 {
		b, w.free = w.free[n-1], w.free[:n-1]
	}
	b = append(b[:0], 2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0)
	w.count++
	heap.Push(&w.queue, packet{at: at, n: w.count, data: s.appendIP(b)})
}

// flush writes the packets before the given time.
func (g *writer) flush(before int64) error {
	w := &g.wire
	var head [16]byte
	for len(w.queue) > 0 && w.queue[0].at < before {
		p := heap.Pop(&w.queue).(packet)
		b := File{}.record(head[:0], p.at*1000, nil, len(p.data))
		b[8], b[9] = byte(len(p.data)), byte(len(p.data)>>8)
		if _, err := g.out.Write(b); err != nil {
			return err
		}
		if _, err := g.out.Write(p.data); err != nil {
			return err
		}
		g.truth.Packets++
		g.truth.FileBytes += int64(len(b) + len(p.data))
		w.free = append(w.free, p.data)
	}
	return nil
}

type packetHeap []packet

func (h packetHeap) Len() int      { return len(h) }
func (h packetHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *packetHeap) Push(x any)   { *h = append(*h, x.(packet)) }
func (h *packetHeap) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}
func (h packetHeap) Less(i, j int) bool {
	if h[i].at != h[j].at {
		return h[i].at < h[j].at
	}
	return h[i].n < h[j].n
}

package proxy

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"sync"
	"testing"
	"time"

	"xmppscope/captures/samples"
)

// TestSamples: every recording without TLS passes byte for byte, with a gate
// that looks at all of it and without one.
func TestSamples(t *testing.T) {
	seen := 0
	for _, sample := range samples.All() {
		f, _, err := samples.Open(sample.Name)
		if err != nil {
			t.Fatal(err)
		}
		raw, err := io.ReadAll(f)
		if err != nil {
			t.Fatal(err)
		}
		for i, flow := range flows(raw) {
			for _, set := range []func(*Options){nil, gated} {
				seen++
				t.Run(fmt.Sprintf("%s/%d/%v", sample.Name, i, set != nil), func(t *testing.T) { replay(t, flow, set) })
			}
		}
	}
	if seen < 30 {
		t.Errorf("only %d connections: the recordings are not read", seen)
	}
}

// segment is what one side sent at once.
type segment struct {
	fromServer bool
	data       []byte
}

// flows reads the connections of a pcap file of ours: Ethernet, IPv4 or IPv6,
// nothing lost and in order. Of a file of another kind there are none.
func flows(raw []byte) [][]segment {
	if len(raw) < 24 || binary.LittleEndian.Uint32(raw) != 0xa1b2c3d4 {
		return nil
	}
	type key string
	index := map[key]int{}
	next := map[key]uint32{}
	var all [][]segment
	for p := raw[24:]; len(p) >= 16; {
		n := binary.LittleEndian.Uint32(p[8:])
		frame := p[16 : 16+n]
		p = p[16+n:]
		ip := frame[14:]
		var ends, tcp []byte
		switch {
		case ip[0]>>4 == 4 && ip[9] == 6:
			ends, tcp = ip[12:20], ip[int(ip[0]&15)*4:binary.BigEndian.Uint16(ip[2:])]
		case ip[0]>>4 == 6 && ip[6] == 6:
			ends, tcp = ip[8:40], ip[40:40+binary.BigEndian.Uint16(ip[4:])]
		default:
			continue
		}
		half := len(ends) / 2
		from := key(ends[:half]) + key(tcp[0:2])
		to := key(ends[half:]) + key(tcp[2:4])
		seq, flags, data := binary.BigEndian.Uint32(tcp[4:]), tcp[13], tcp[tcp[12]>>4*4:]
		if flags&2 != 0 { // SYN
			next[from+to] = seq + 1
			if flags&16 == 0 {
				index[from+to] = len(all)
				all = append(all, nil)
			}
			continue
		}
		if len(data) == 0 || seq != next[from+to] {
			continue
		}
		next[from+to] += uint32(len(data))
		if i, ok := index[from+to]; ok {
			all[i] = append(all[i], segment{false, data})
		} else if i, ok := index[to+from]; ok {
			all[i] = append(all[i], segment{true, data})
		}
	}
	return all
}

// replay says what both sides said, in its order, and compares what they hear.
func replay(t *testing.T, flow []segment, set func(*Options)) {
	if len(flow) == 0 || flow[0].fromServer {
		t.Skip("the server speaks first")
	}
	s := newStage(t, set)
	raw, err := net.Dial("tcp", s.addr)
	if err != nil {
		t.Fatal(err)
	}
	var said [2]bytes.Buffer
	var heard [2]listener
	var ends [2]net.Conn // client, server
	ends[0] = raw
	for _, g := range flow {
		from := 0
		if g.fromServer {
			from = 1
		}
		said[from].Write(g.data)
		if _, err := ends[from].Write(g.data); err != nil {
			t.Fatal(err)
		}
		if ends[1] == nil {
			ends[1] = s.accept().Conn
			go heard[1].listen(ends[1])
			go heard[0].listen(ends[0])
		}
		// An element that is not whole may wait; the other side may not.
		heard[1-from].wait(said[from].Len(), 20*time.Millisecond)
	}
	for _, c := range ends {
		c.(*net.TCPConn).CloseWrite()
	}
	for i := range heard {
		heard[i].wait(said[1-i].Len(), slack)
		if got := heard[i].bytes(); !bytes.Equal(got, said[1-i].Bytes()) {
			t.Errorf("side %d heard %d bytes, not the %d that were said", i, len(got), said[1-i].Len())
		}
	}
	for _, c := range ends {
		c.Close()
	}
}

type listener struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (l *listener) listen(c net.Conn) {
	var p [4096]byte
	for {
		n, err := c.Read(p[:])
		l.mu.Lock()
		l.buf.Write(p[:n])
		l.mu.Unlock()
		if err != nil {
			return
		}
	}
}

func (l *listener) bytes() []byte {
	l.mu.Lock()
	defer l.mu.Unlock()
	return bytes.Clone(l.buf.Bytes())
}

func (l *listener) wait(n int, most time.Duration) {
	for end := time.Now().Add(most); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if len(l.bytes()) >= n {
			return
		}
	}
}

package practice

import (
	"bytes"
	"io"
	"net"
	"testing"
	"time"
)

// FuzzSocket: whatever a server sends as frames, reading ends, and gives no more
// than came, but for the headers that stand for <open/>.
func FuzzSocket(f *testing.F) {
	f.Add([]byte("\x81\x05<iq/>"))
	f.Add([]byte("\x81\x7e\x00\x7f<open xmlns='urn:ietf:params:xml:ns:xmpp-framing' id='a'/>"))
	f.Add([]byte("\x01\x03<iq\x80\x02/>\x89\x00\x8a\x01a\x88\x02\x03\xe8"))
	f.Add([]byte("\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff<"))
	f.Fuzz(func(t *testing.T, wire []byte) {
		s := &socket{Conn: &deaf{Reader: bytes.NewReader(wire)}}
		got, _ := io.ReadAll(s)
		if most := 2*len(wire) + bytes.Count(wire, []byte("<open"))*400; len(got) > most {
			t.Errorf("%d bytes of %d", len(got), len(wire))
		}
	})
}

// deaf is a connection that somebody else writes.
type deaf struct {
	io.Reader
	net.Conn
}

func (d *deaf) Read(p []byte) (int, error)       { return d.Reader.Read(p) }
func (d *deaf) Write(p []byte) (int, error)      { return len(p), nil }
func (d *deaf) SetReadDeadline(time.Time) error  { return nil }
func (d *deaf) SetWriteDeadline(time.Time) error { return nil }

// FuzzDeliver: whatever answers of BOSH hold, they are handed over once, in order.
func FuzzDeliver(f *testing.F) {
	f.Add("<body sid='a' xmlns='http://jabber.org/protocol/httpbind'><iq/></body>", "<body/>")
	f.Add("<body type='terminate'/>", "")
	f.Add("<body", ">>>")
	f.Fuzz(func(t *testing.T, first, second string) {
		ours, theirs := net.Pipe()
		read := make(chan int)
		go func() {
			all, _ := io.ReadAll(ours)
			read <- len(all)
		}()
		b := &bosh{pipe: theirs, due: 1, answers: map[uint64]string{1: first, 2: second}}
		b.deliver()
		theirs.Close()
		if n := <-read; n > len(first)+len(second)+2*len(b.head())+2*len(endTag) {
			t.Errorf("%d bytes of %d and %d", n, len(first), len(second))
		}
	})
}

// FuzzScript: a script is read or refused; what is read can be said.
func FuzzScript(f *testing.F) {
	f.Add("open\nstarttls\nlogin PLAIN mbed mirror\nlogin2 SCRAM-SHA-1 mbed mirror board sm\nC: <iq/>\nS: iq/query type=result")
	f.Add("S: /=/ =\nwait")
	f.Fuzz(func(t *testing.T, text string) {
		all, err := Parse(text)
		for _, s := range all {
			if s.String() == "" {
				t.Error("a step without words")
			}
		}
		if err == nil {
			_ = all.account("localhost")
		}
	})
}

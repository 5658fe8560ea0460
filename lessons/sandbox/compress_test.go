package sandbox

import (
	"bytes"
	"compress/zlib"
	"io"
	"net"
	"strings"
	"testing"
)

// zipped is a client's end of a compressed stream.
type zipped struct {
	net.Conn
	in   io.Reader // made by the first read
	out  *zlib.Writer
	done bytes.Buffer // what out has made
}

func (z *zipped) Write(p []byte) (int, error) {
	if _, err := z.out.Write(p); err != nil {
		return 0, err
	}
	if err := z.out.Flush(); err != nil {
		return 0, err
	}
	defer z.done.Reset()
	_, err := z.Conn.Write(z.done.Bytes())
	return len(p), err
}

func (z *zipped) Read(p []byte) (n int, err error) {
	if z.in == nil {
		if z.in, err = zlib.NewReader(z.Conn); err != nil {
			return 0, err
		}
	}
	return z.in.Read(p)
}

// TestCompress: a stream goes on compressed behind the login, and only where
// the setting allows it (XEP-0138).
func TestCompress(t *testing.T) {
	s := newHouse(t, Options{Clear: true, Compression: CompressClear})
	const open = "<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	login := func() *peer {
		p := s.peer(StartTLS)
		p.say(open)
		if got := p.until("</stream:features>"); strings.Contains(got, "compression") {
			t.Error("offered before the login")
		}
		p.say("<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>")
		p.until("<success")
		p.until(">")
		p.say(open)
		p.until("<compression xmlns='http://jabber.org/features/compress'><method>zlib</method></compression>")
		p.until("</stream:features>")
		return p
	}
	p := login()
	p.say("<compress xmlns='http://jabber.org/protocol/compress'><method>lzw</method></compress>")
	p.until("<unsupported-method/></failure>")
	// What follows at once is compressed already.
	z := &zipped{Conn: p.nc}
	z.out = zlib.NewWriter(&z.done)
	z.Conn = before{p.nc, "<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>"}
	if _, err := z.Write([]byte(open)); err != nil {
		t.Fatal(err)
	}
	p.until("<compressed xmlns='http://jabber.org/protocol/compress'/>")
	z.Conn = p.nc
	p.in, p.nc = "", z
	if got := p.until("</stream:features>"); strings.Contains(got, "compression") {
		t.Error("offered again")
	}
	p.say("<iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'/></iq><iq type='get' id='p' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>")
	p.until("id='p'")
	p.say("</stream:stream>")
	p.until("</stream:stream>")

	p = login()
	p.say("<compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>")
	p.until("<compressed xmlns='http://jabber.org/protocol/compress'/>")
	p.say("no zlib")
	p.nc, p.in = &zipped{Conn: p.nc}, ""
	p.until("<processing-failed/>")

	a := s.actor()
	a.do("open\nstarttls\nlogin PLAIN mbed mirror\nC: <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>\nS: failure/setup-failed\nbind here")
	always := newHouse(t, Options{Compression: CompressAlways}).actor()
	always.do("open\nstarttls\nlogin PLAIN mbed mirror\nC: <compress xmlns='http://jabber.org/protocol/compress'><method>zlib</method></compress>\nS: compressed")
}

// before says something before all that is written.
type before struct {
	net.Conn
	text string
}

func (b before) Write(p []byte) (int, error) {
	n, err := b.Conn.Write(append([]byte(b.text), p...))
	return n - len(b.text), err
}

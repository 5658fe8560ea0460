package inspector

import (
	"context"
	"fmt"
	"net/netip"
	"testing"
	"time"

	"xmppscope/captures"
	"xmppscope/decode"
)

// What passes through a proxy is kept without more and more memory, all the way
// from its sockets: connections that stay open, requests and their answers.
func TestMemoryStaysFlatWhileAProxyRuns(t *testing.T) {
	s := NewStore(StoreOptions{MemLimit: 1 << 20, CacheLimit: 1 << 20, Dir: t.TempDir()})
	defer s.Close()
	tap := captures.NewTap(captures.TapOptions{Live: true})
	ended := make(chan error, 1)
	go func() {
		ended <- Load(context.Background(), s, captures.Read(context.Background(), []captures.Input{tap.Input()}, captures.Options{Live: true, Follow: true}))
	}()
	const conns, header = 4, "<stream:stream to='localhost' id='1' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	at, said := time.Unix(1767323045, 6), 0
	say := func(c int, dir decode.Dir, text string) {
		at = at.Add(time.Millisecond)
		tap.Data(uint64(c+1), false, dir, at, []byte(text))
		said++
	}
	door := netip.MustParseAddrPort("127.0.0.1:5222")
	for c := range conns {
		tap.Open(uint64(c+1), false, netip.AddrPortFrom(door.Addr(), uint16(40000+c)), door, at)
		say(c, decode.FromInitiator, header)
		say(c, decode.FromReceiver, header+"<stream:features/>")
	}
	after := func(pings int) int64 {
		for i := range pings {
			say(i%conns, decode.FromInitiator, fmt.Sprintf("<iq type='get' id='p%d' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>", said))
			say(i%conns, decode.FromReceiver, fmt.Sprintf("<iq type='result' id='p%d' from='localhost'/>", said-1))
			for i%1000 == 999 && s.Len() < said {
				time.Sleep(time.Millisecond)
			}
		}
		return heap()
	}
	const n = 20_000
	once := after(n)
	grown := float64(after(3*n)-once) / (6 * n)
	if t.Logf("%.1f bytes an event", grown); grown > 12 {
		t.Errorf("each event past the limits takes %.1f bytes", grown)
	}
	if row, ok := s.RequestOf(s.Len() - 1); !ok || row != s.Len()-2 {
		t.Errorf("the last answer belongs to row %d, %v", row, ok)
	}
	tap.Close()
	if err := <-ended; err != nil || s.Err() != nil {
		t.Error(err, s.Err())
	}
}

package decode

import (
	"bytes"
	"fmt"
	"testing"
	"time"
)

// exchangeBytes is a stream header and then n stanzas of the usual mix.
func exchangeBytes(n int) (header, stanzas []byte) {
	header = []byte("<stream:stream to='capulet.example' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' version='1.0'>")
	var b bytes.Buffer
	for i := range n {
		switch i % 4 {
		case 0, 1:
			fmt.Fprintf(&b, "<message from='juliet@capulet.example/balcony' to='romeo@montague.example/orchard' type='chat' id='m%d'>"+
				"<body>Thou know&apos;st the mask of night is on my face %d</body><active xmlns='http://jabber.org/protocol/chatstates'/>"+
				"<request xmlns='urn:xmpp:receipts'/></message>", i, i)
		case 2:
			fmt.Fprintf(&b, "<presence from='nurse@capulet.example/hall' to='juliet@capulet.example'><show>away</show><priority>1</priority>"+
				"<c xmlns='http://jabber.org/protocol/caps' hash='sha-1' node='https://client.example' ver='QgayPKawpkPSDYmwT/WM94uAlu0='/></presence>")
		case 3:
			fmt.Fprintf(&b, "<iq type='get' id='q%d' to='capulet.example'><ping xmlns='urn:xmpp:ping'/></iq>", i)
		}
	}
	return header, b.Bytes()
}

// Speed of the whole decoding of one direction: framing, parsing, steps,
// pairing.
func BenchmarkConn(b *testing.B) {
	header, stanzas := exchangeBytes(10000)
	at := time.Unix(0, 0)
	b.SetBytes(int64(len(stanzas)))
	b.ReportAllocs()
	for b.Loop() {
		c := NewConn(1, Options{})
		c.Feed(FromInitiator, at, header)
		n := 0
		for p := stanzas; len(p) > 0; {
			cut := min(1448, len(p))
			events, _ := c.Feed(FromInitiator, at, p[:cut])
			n += len(events)
			p = p[cut:]
		}
		if n != 10000 {
			b.Fatalf("%d events", n)
		}
	}
}

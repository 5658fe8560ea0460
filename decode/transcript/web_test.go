package transcript

import (
	"strings"
	"testing"

	"xmppscope/decode"
)

// Frames of every length of length, masked where the client sends them.
func TestWritesFrames(t *testing.T) {
	long := strings.Repeat("x", 70_000)
	p := play(t, `C: GET /ws HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n
S: HTTP/1.1 101 Go\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Protocol: xmpp\r\n\r\n
C ws: <presence xmlns='jabber:client' id='\u00e9'/>
S ws: <message xmlns='jabber:client'><body>`+long[:300]+`</body></message>
S ws: <message xmlns='jabber:client'><body>`+long+`</body></message>
`)
	var kinds []string
	for i := range p.Events {
		e := &p.Events[i]
		kinds = append(kinds, e.Dir.String()+" "+e.Kind.String())
		if len(e.Errs) > 0 {
			t.Errorf("event %d has the faults %+v", e.Seq, e.Errs)
		}
	}
	if got := strings.Join(kinds, ", "); got != "initiator http, receiver http, initiator stanza, receiver stanza, receiver stanza" || p.Events[2].ID != "é" {
		t.Errorf("have %s", got)
	}
}

func TestWritesBodies(t *testing.T) {
	p := play(t, `C bosh: <body xmlns='http://jabber.org/protocol/httpbind' rid='7' to='capulet.example'/>
S bosh: <body xmlns='http://jabber.org/protocol/httpbind' sid='abcdef'/>
`)
	if len(p.Conversations) != 1 || p.Conversations[0].Transport != decode.TransportBOSH || len(p.Events) != 4 || p.Events[2].Reply != 1 {
		t.Errorf("conversations are %+v of %d events", p.Conversations, len(p.Events))
	}
}

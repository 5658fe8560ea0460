package transcript

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"xmppscope/decode"
)

func play(t *testing.T, text string) *Played {
	t.Helper()
	s, err := Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return p
}

const head = `<stream:stream to='capulet.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>`

func TestPlaysConnections(t *testing.T) {
	p := play(t, `# two clients, one of them inside TLS
password juliet@capulet.example=r0m30
connect
C: <?xml version='1.0'?>`+head+`
! first
conn 2 192.0.2.7:4 192.0.2.8:5
tls version=1.2 cipher=0xc02f sni=capulet.example server=a.example,b.example
C: `+head+`
wait 1m
C: <iq type='get' id='a\u00e9'><ping xmlns='urn:xmpp:ping'/></iq>
conn 1
S: `+strings.Replace(head, "to=", "id='x' from=", 1)+`
S end
conn 2
S: `+strings.Replace(head, "to=", "id='y' from=", 1)+`<iq type='result' id='a\xc3\xa9'/>
! last
`)
	var got []string
	for i := range p.Events {
		e := &p.Events[i]
		got = append(got, fmt.Sprintf("%d %d %s %s %d", e.Seq, e.Conn, e.Kind, e.Layer, e.Reply))
	}
	want := []string{"1 1 tcp plain 0", "2 1 open plain 0", "3 2 note plain 0", "4 2 open tls 0", "5 2 stanza tls 0",
		"6 1 open plain 2", "7 1 tcp plain 0", "8 2 open tls 4", "9 2 stanza tls 5"}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("events are\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if fmt.Sprint(p.Remarks) != "[{5 first [2]} {16 last [8 9]}]" {
		t.Errorf("remarks are %v", p.Remarks)
	}
	two := p.Conversations[1]
	if len(p.Conversations) != 2 || two.Initiator != "192.0.2.7:4" || two.TLS.Version != 0x0303 || two.Transport != decode.TransportDirectTLS || two.End.Sub(two.Start).Minutes() < 1 {
		t.Errorf("conversations are %+v", p.Conversations)
	}
}

func TestJoinsBOSH(t *testing.T) {
	p := play(t, `C: POST /b HTTP/1.1\r\nHost: a\r\nContent-Length: 79\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind' rid='7' to='capulet.example'/>
S: HTTP/1.1 200 OK\r\nContent-Length: 62\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind' sid='abcdef'/>
`)
	if len(p.Conversations) != 1 || p.Conversations[0].Transport != decode.TransportBOSH {
		t.Errorf("conversations are %+v", p.Conversations)
	}
}

func TestRefusesWhatIsNoTranscript(t *testing.T) {
	for _, text := range []string{"X: <a/>", "C", "C gap x", "tls version=9", "tls colour=red", "wait long", "conn 0", "conn 1 2", `C: \q`, `C: \`, `C: \x4`, "dns 1", "C hex 1"} {
		if _, err := Parse("connect\n" + text); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q gives the error %v", text, err)
		}
	}
}

// The frames of an event are its lines, whatever was said in between.
func TestFramesAreLines(t *testing.T) {
	s, err := Parse("C: <stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>\nC: <mess\nS gap 4\nC: age/>")
	if err != nil {
		t.Fatal(err)
	}
	p, err := s.Play(decode.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range p.Events {
		if e.Kind == decode.KindStanza && !slices.Equal(e.Frames, []uint32{2, 4}) {
			t.Errorf("the frames of the message are %v", e.Frames)
		}
		if e.Kind == decode.KindGap && !slices.Equal(e.Frames, []uint32{3}) {
			t.Errorf("the frame of the gap is %v", e.Frames)
		}
	}
}

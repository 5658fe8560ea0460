package practice

import (
	"context"
	"io"
	"net"
	"strings"
	"testing"
)

// A request is answered by the client, or by the script where that says so.
func TestWhoAnswers(t *testing.T) {
	for script, want := range map[string]string{
		"S: iq type=get\nC: <iq type='result' id='q1'><lamp/></iq>": "<iq type='result' id='q1'><lamp/></iq>",
		"S: iq type=get\nC: <presence/>":                            "<iq type='error' id='q1'><error",
		"S: message\nC: <iq type='result' id='q1'/>":                "<iq type='error' id='q1'><error",
	} {
		steps, err := Parse("open\n" + script)
		if err != nil {
			t.Fatal(err)
		}
		here, there := net.Pipe()
		heard := make(chan string, 1)
		go func() {
			defer there.Close()
			buf := make([]byte, 1<<12)
			_, _ = there.Read(buf)
			_, _ = io.WriteString(there, "<stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><stream:features/><iq type='get' id='q1'><q xmlns='urn:example'/></iq>")
			n, _ := there.Read(buf)
			heard <- string(buf[:n])
		}()
		_ = New(Options{Dial: func(context.Context) (net.Conn, error) { return here, nil }}).Play(t.Context(), steps)
		if got := <-heard; !strings.HasPrefix(got, want) {
			t.Errorf("%s: %s", script, got)
		}
	}
}

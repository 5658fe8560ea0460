package main

import (
	"os"
	"strings"
	"testing"
)

// TestProxyRelays: a login through the proxy, seen from inside TLS, live and
// when the recording is opened.
func TestProxyRelays(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--password", "mbed@localhost=mirror", "--password", "juliet@localhost=r0m30myr0m30"}})
	a, b := r.client(), r.client()
	a.do(mbed + "roster\npresence\nS: presence from=mbed@localhost/board")
	b.do(juliet + "roster\npresence\nC: <message to='mbed@localhost/board' type='chat' id='m1'><body>Who is there?</body></message>")
	a.do("S: message body=Who is there? from=juliet@localhost/balcony\nleave\nclose")
	b.do("close")
	r.next("record", "conversation")
	r.next("record", "conversation")
	live := r.end()
	steps := map[string]bool{}
	for _, e := range live {
		if e.is("record", "event") {
			steps[e.str("step")+" "+e.str("layer")] = true
		}
		if e.is("record", "conversation") {
			info, _ := e["tls"].(map[string]any)
			if !e.is("outcome", "closed", "domain", "localhost", "transport", "tcp") || info["keys"] != "proxy" || info["decrypted"] != true {
				t.Errorf("the conversation is %v", e)
			}
		}
	}
	for _, want := range []string{"starttls-request plain", "tls-handshake tls", "sasl-auth tls", "bind tls", "roster-get tls", "exchange tls", "stream-close tls"} {
		if !steps[want] {
			t.Errorf("no %q among %v", want, steps)
		}
	}
	st, err := os.Stat(r.file)
	if err != nil || st.Mode().Perm() != 0o600 {
		t.Errorf("the recording has the mode %v (%v)", st.Mode(), err)
	}
}

// TestProxyText: without --json it is the text of dump.
func TestProxyText(t *testing.T) {
	r := newRig(t, rigOptions{text: true, noFile: true})
	r.client().do(mbed + "close")
	r.out.wait(t, "the end tag", func(l string) bool { return strings.Contains(l, "</stream:stream>") })
	r.stop()
	r.exited(exitDone)
	for _, want := range []string{"<starttls", "<proceed", "<auth", "PLAIN", "<resource>board</resource>"} {
		if !strings.Contains(r.out.all(), want) {
			t.Errorf("no %s in\n%s", want, r.out.all())
		}
	}
	if strings.Contains(r.out.all(), "\x1b") {
		t.Error("a pipe gets colours")
	}
}

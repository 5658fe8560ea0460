package main

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

// whole tells whether what takes minutes is tried too, as .ci/run full does.
func whole() bool { return os.Getenv("XMPPSCOPE_LIVE") == "full" }

// TestLive: real servers and real clients with the proxy between them, each over
// what it speaks. Every session must come through, be seen from inside, and be
// the same when the recording is opened.
func TestLive(t *testing.T) {
	s := newStage(t)
	houses := []*house{s.prosody(t, house{Domain: "verona.example"}), s.prosody(t, house{Domain: "padua.example", Old: true}), s.ejabberd(t, house{Domain: "mantua.example"})}
	for _, h := range houses {
		for _, x := range scenes {
			if h.Old {
				break
			}
			t.Run(h.Kind+"/"+x.name, func(t *testing.T) {
				needs(t, "slixmpp")
				x.run(t, s, h)
			})
		}
		for _, c := range clientsOf {
			for _, wrap := range strings.Fields(c.wraps) {
				if h.Kind == "prosody" && h.Old != (wrap == "starttls12") {
					continue // each of the two for what it speaks
				}
				t.Run(h.Kind+"/"+c.name+"/"+wrap, func(t *testing.T) {
					needs(t, c.needs...)
					r := s.behind(t, h, h.port(wrap))
					c.run(&visit{t, r, r.door("starttls"), h, wrap})
					through(r, "juliet@"+h.Domain, wrap)
				})
			}
		}
	}
}

// through checks what was seen of a session.
func through(r *rig, jid, wrap string) {
	r.Helper()
	c := r.next("record", "conversation")
	live := r.end()
	if !strings.HasPrefix(c.str("jid"), jid+"/") || !c.is("profile", "c2s") {
		r.Errorf("the conversation is %v", c)
	}
	info, _ := c["tls"].(map[string]any)
	version, _ := info["version"].(string)
	if want := map[string]string{"starttls12": "TLS 1.2", "plain": ""}; wrap != "direct" && wrap != "starttls" && version != want[wrap] {
		r.Errorf("%s with %q", wrap, version)
	}
	if transport := map[bool]string{true: "direct-tls", false: "tcp"}[wrap == "direct"]; !c.is("transport", transport) {
		r.Errorf("%s is %s", wrap, c.str("transport"))
	}
	layers := map[string]bool{}
	for _, e := range live {
		late := strings.Contains(fmt.Sprint(e["findings"]), "data-after-close") // some clients do not stop at their end tag
		if e.is("record", "event") && (e.is("kind", "broken") && !late || e.is("kind", "gap")) {
			r.Errorf("%v", e)
		}
		if e.is("record", "event", "name", "message") {
			layers[e.str("layer")] = true
		}
	}
	if want := map[bool]string{true: "plain", false: "tls"}[wrap == "plain"]; !layers[want] || len(layers) != 1 {
		r.Errorf("messages in %v", layers)
	}
}

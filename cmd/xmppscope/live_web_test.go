package main

import (
	"strings"
	"testing"
)

// TestLiveWeb: WebSocket and BOSH, by a client of our own, with each server;
// with TLS between the client and the proxy too.
func TestLiveWeb(t *testing.T) {
	needs(t, "/usr/bin/python3")
	s := newStage(t)
	paths := map[string]string{"prosody ws": "/xmpp-websocket", "prosody bosh": "/http-bind", "ejabberd ws": "/ws", "ejabberd bosh": "/bosh"}
	for _, h := range []*house{s.prosody(t, house{Domain: "verona.example"}), s.ejabberd(t, house{Domain: "mantua.example"})} {
		for _, door := range []string{"ws", "bosh"} {
			for _, wrap := range []string{"plain", "direct"} {
				t.Run(h.Kind+"/"+door+"/"+wrap, func(t *testing.T) {
					path := paths[h.Kind+" "+door]
					scheme := map[string]string{"ws": "ws://", "bosh": "http://"}[door]
					r := s.behind(t, h, h.HTTP, "--listen", door+"://127.0.0.1:0", "--to", scheme+h.at(h.HTTP)+path, "--domain", h.Domain)
					v := &visit{t, r, r.door(door), h, wrap}
					if out := v.script("web.py", door, "TARGET="+path); !strings.Contains(out, "ok heard") {
						t.Error(out)
					}
					r.next("record", "event", "kind", "tcp", "dir", "receiver") // its end, or a reset where bytes were on their way
					c := summed(r.end())                                        // a session of BOSH may go on, on other connections
					if want := map[string]string{"ws": "websocket", "bosh": "bosh"}[door]; !c.is("transport", want) || !strings.HasPrefix(c.str("jid"), "juliet@"+h.Domain) {
						t.Errorf("the conversation is %v", c)
					}
				})
			}
		}
	}
}

package main

import (
	"strings"
	"testing"
)

// TestLiveBOSHInserts: what a rule puts into a session of BOSH reaches the server,
// which answers, and is told as put in.
func TestLiveBOSHInserts(t *testing.T) {
	needs(t, "/usr/bin/python3")
	s := newStage(t)
	h := s.prosody(t, house{Domain: "verona.example"})
	r := s.behind(t, h, h.HTTP, "--listen", "bosh://127.0.0.1:0", "--to", h.address("http"), "--domain", h.Domain, "--rules", rulesFile(t, `
[[rule]]
name = "question"
when = 'name == "presence" and dir == "initiator"'
do = "inject"
to = "receiver"
xml = "<iq type='get' id='asked-by-rule' to='verona.example'><ping xmlns='urn:xmpp:ping'/></iq>"
times = 1
[[rule]]
name = "letter"
when = 'name == "presence" and dir == "initiator"'
do = "inject"
to = "initiator"
xml = "<message from='romeo@verona.example/orchard' type='chat'><body>put in</body></message>"
times = 1`))
	(&visit{t, r, r.door("bosh"), h, "plain"}).scriptBOSH()
	live := r.end()
	if e := only(t, live, "id", "asked-by-rule", "dir", "initiator"); !e.is("origin", "injected", "name", "iq") {
		t.Errorf("the question: %v", e)
	}
	if e := only(t, live, "id", "asked-by-rule", "dir", "receiver"); !e.is("origin", "wire", "type", "result") {
		t.Errorf("the answer: %v", e)
	}
	if e := only(t, live, "name", "message", "origin", "injected"); !e.is("dir", "receiver") || !strings.Contains(e.str("xml"), "put in") {
		t.Errorf("the letter: %v", e)
	}
}

package main

import (
	"strings"
	"testing"
)

// scenes are what TestLive plays with each kind of server, by slixmpp.
var scenes = []struct {
	name string
	run  func(*testing.T, *stage, *house)
}{
	{"rooms", liveRooms},
	{"resume", liveResume},
	{"cut", liveCut},
	{"component", liveComponent},
	{"edits", liveEdits},
	{"strict", liveStrict},
	{"wrong password", liveWrongPassword},
}

// liveRooms: two people of each server meet in a room.
func liveRooms(t *testing.T, s *stage, h *house) {
	r := s.behind(t, h, h.StartTLS)
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	if out := v.play("muc"); !strings.Contains(out, "ok heard hello all") {
		t.Error(out)
	}
	r.over(2)
}

// liveResume: the client's cable is cut, and the session goes on on another
// connection, through the proxy too.
func liveResume(t *testing.T, s *stage, h *house) {
	r := s.behind(t, h, h.StartTLS)
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	if out := v.play("resume"); !strings.Contains(out, "ok resumed") || !strings.Contains(out, "ok heard there?") {
		t.Error(out)
	}
	live := r.over(3)
	outcomes := map[string]int{}
	for _, e := range live {
		if e.is("record", "conversation") {
			outcomes[e.str("outcome")]++
		}
	}
	if outcomes["reset"]+outcomes["cut"] != 1 {
		t.Errorf("outcomes: %v", outcomes)
	}
}

// liveComponent: a component behind the proxy.
func liveComponent(t *testing.T, s *stage, h *house) {
	r := s.behind(t, h, h.Component)
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	if out := v.play("component", "OTHER_ADDR="+h.at(h.StartTLS), "CA="+s.trust()); !strings.Contains(out, "ok heard Hist!") {
		t.Error(out)
	}
	c := r.next("record", "conversation")
	r.end()
	if !c.is("profile", "component") {
		t.Errorf("the conversation is %v", c)
	}
}

// TestLiveServers: two servers with the proxy between them, found by DNS.
func TestLiveServers(t *testing.T) {
	needs(t, "slixmpp")
	s := newStage(t)
	var there, here, door int
	free(t, &there, &here, &door)
	dns := names(t, map[string]int{"verona.example": here, "mantua.example": door})
	at := strings.Replace(dns.Addr.String(), ":", "@", 1)
	a := s.prosody(t, house{Domain: "verona.example", S2S: here, DNS: at})
	b := s.prosody(t, house{Domain: "mantua.example", S2S: there, DNS: at})
	r := s.behind(t, b, b.S2S, "--listen", a.at(door))
	v := &visit{t, r, a.at(a.StartTLS), a, "starttls"}
	out := v.play("s2s", "OTHER="+b.Domain, "OTHER_ADDR="+b.at(b.StartTLS), "CA="+s.trust())
	if !strings.Contains(out, "ok heard across") || !strings.Contains(out, "ok heard back") {
		t.Errorf("%s\n%s", out, a.log())
	}
	messages, tls := 0, false
	for _, e := range r.end() {
		if e.is("record", "event", "name", "message", "layer", "tls", "ns", "jabber:server") {
			messages++
		}
		tls = tls || e.is("record", "conversation", "profile", "s2s")
	}
	if messages == 0 || !tls {
		t.Errorf("%d messages between the servers were seen, s2s: %v", messages, tls)
	}
}

// liveEdits: what rules do, seen at both ends.
func liveEdits(t *testing.T, s *stage, h *house) {
	r := s.behind(t, h, h.StartTLS, "--rules", rulesFile(t, strings.ReplaceAll(`
[[rule]]
name = "mechanisms"
when = 'kind == "features" and has("{urn:ietf:params:xml:ns:xmpp-sasl}mechanisms")'
do = "replace"
xpath = "sasl:mechanisms"
xml = "<mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>SCRAM-SHA-1</mechanism></mechanisms>"
[[rule]]
name = "cellar"
when = 'xpath("bind:bind/bind:resource") and type == "set"'
do = "set"
xpath = "bind:bind/bind:resource"
value = "cellar"
[[rule]]
name = "no contacts"
when = 'name == "iq" and type == "result" and payload.ns == "jabber:iq:roster"'
do = "drop"
[[rule]]
name = "letter"
when = 'name == "presence" and dir == "initiator"'
do = "inject"
to = "initiator"
xml = "<message from='romeo@verona.example/orchard' type='chat'><body>injected by a rule</body></message>"
times = 1
[[rule]]
name = "question"
when = 'name == "presence" and dir == "initiator"'
do = "inject"
to = "receiver"
xml = "<iq type='get' id='asked-by-rule' to='verona.example'><ping xmlns='urn:xmpp:ping'/></iq>"
times = 1
[[rule]]
name = "slow"
when = 'name == "message" and dir == "initiator" and text contains "slowly"'
do = "delay"
delay = "1200ms"`, "verona.example", h.Domain)))
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	wait := v.begin("edits")
	sent := r.next("record", "event", "name", "message", "dir", "receiver", "origin", "wire") // slowly
	for bodyOf(sent.str("wire")) != "twice" {
		sent = r.next("record", "event", "name", "message", "dir", "receiver", "origin", "wire")
	}
	r.act(`{"do":"replay","seq":%d}`, sent.num("seq"))
	out, err := wait()
	for _, want := range []string{"ok bound cellar", "ok no roster", "ok heard injected by a rule", "ok late", "ok heard twice\nok heard twice"} {
		if err != nil || !strings.Contains(out, want) {
			t.Errorf("%q is not in (%v)\n%s", want, err, out)
		}
	}
	live := r.over(1)
	if e := only(t, live, "id", "asked-by-rule", "dir", "receiver"); !e.is("type", "result") {
		t.Errorf("the server answered %v", e)
	}
	if e := only(t, live, "step", "sasl-auth"); !strings.Contains(e.str("wire"), "'SCRAM-SHA-1'") && !strings.Contains(e.str("wire"), `"SCRAM-SHA-1"`) {
		t.Errorf("the login: %s", e.str("wire"))
	}
}

// liveStrict: a strict client without STARTTLS.
func liveStrict(t *testing.T, s *stage, h *house) {
	liveRefusal(t, s, h, "strict", `[[rule]]
name = "hide"
when = 'has("{urn:ietf:params:xml:ns:xmpp-tls}starttls")'
do = "remove"
xpath = "tls:starttls"`)
}

// liveWrongPassword: a PLAIN login whose password was changed on the way.
func liveWrongPassword(t *testing.T, s *stage, h *house) {
	liveRefusal(t, s, h, "refused", `[[rule]]
name = "forget"
when = 'step == "sasl-auth" and sasl.mechanism == "PLAIN"'
do = "set"
xpath = "."
value = "AGp1bGlldAB3cm9uZw=="`)
}

func liveRefusal(t *testing.T, s *stage, h *house, scene, rule string) {
	r := s.behind(t, h, h.StartTLS, "--rules", rulesFile(t, rule))
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	if out := v.play(scene, "MECH=PLAIN"); !strings.Contains(out, "ok ") || strings.Contains(out, "logged in without") {
		t.Error(out)
	}
	edited := 0
	for _, e := range r.over(1) {
		if e.is("record", "event", "origin", "edited") && e.str("note") != "" && e.str("original") != "" {
			edited++
		}
	}
	if edited == 0 {
		t.Error("no event says what was changed")
	}
}

// TestLiveHold: a stanza is held for minutes, and nobody hangs up.
func TestLiveHold(t *testing.T) {
	needs(t, "slixmpp")
	minutes := "0.1"
	if whole() {
		minutes = "3"
	}
	s := newStage(t)
	h := s.prosody(t, house{Domain: "verona.example"})
	r := s.behind(t, h, h.StartTLS, "--break", `once name == "message" and dir == "initiator"`)
	v := &visit{t, r, r.door("starttls"), h, "starttls"}
	wait := v.begin("stay", "MINUTES="+minutes)
	held := r.next("record", "held")
	rest(t, minutes)
	r.act(`{"do":"forward","seq":%d}`, held.num("seq"))
	out, err := wait()
	if err != nil || !strings.Contains(out, "ok heard") || !strings.Contains(out, "ok still there") {
		t.Errorf("%v\n%s", err, out)
	}
	r.over(1)
}

package main

import (
	"io"
	"strings"
	"testing"
	"time"

	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// playedScene plays a scene to its end, and returns what has passed and what the
// clients told.
func playedScene(t *testing.T, c course.Scene) (*inspector.Store, []string) {
	t.Helper()
	e := &env{streams: &streams{in: strings.NewReader(""), out: io.Discard, err: io.Discard}}
	st, err := e.newStage(t.Context(), c)
	if err != nil {
		t.Fatal(err)
	}
	st.read(t.Context())
	select {
	case <-st.Over():
	case <-time.After(time.Minute):
		t.Error("the clients never come to their end")
	}
	st.Close()
	t.Cleanup(func() { st.Store().Close() })
	return st.Store(), st.Told()
}

// hasPassed wants something to fit each expression.
func hasPassed(t *testing.T, s *inspector.Store, wants ...string) {
	t.Helper()
	for _, want := range wants {
		f, err := inspector.Compile(want)
		if err != nil {
			t.Fatal(err)
		}
		fits := false
		for i := range s.Len() {
			fits = fits || f.MatchRow(s, i)
		}
		if !fits {
			t.Errorf("nothing fits %s", want)
		}
	}
}

// Clients of a scene play at the same time: what one says another gets. One that
// is unseen is in no conversation.
func TestClientsPlayTogether(t *testing.T) {
	s, told := playedScene(t, course.Scene{Client: []course.Client{
		{Who: "Juliet", Script: "open\nstarttls\nlogin SCRAM-SHA-1 juliet r0m30myr0m30\nbind balcony\npresence\nS: presence from=romeo@localhost/orchard\nC: <message to='romeo@localhost/orchard' type='chat' id='j1'><body>Ay me</body></message>\nS: message from=romeo@localhost/orchard\nclose"},
		{Who: "Romeo", Door: "tls", Script: "open\nlogin SCRAM-SHA-1 romeo wherefore\nbind orchard\npresence\nS: message id=j1\nC: <message to='juliet@localhost/balcony' type='chat' id='r1'><body>She speaks</body></message>\nS: presence type=unavailable from=juliet@localhost/balcony\nclose"},
		{Who: "Nurse", Unseen: true, Script: "open\nstarttls\nlogin PLAIN nurse angelica\nbind hall\nC: <message to='juliet@localhost/balcony' type='chat' id='n1'><body>Madam</body></message>\nclose"},
	}})
	if len(told) > 0 {
		t.Error(told)
	}
	hasPassed(t, s, `conn == 1 and name == "message" and id == "r1" and dir == "receiver"`, `conn == 2 and name == "message" and id == "j1" and dir == "receiver"`,
		`conn == 2 and step == "direct-tls"`)
	for i := range s.Len() {
		if s.Row(i).Conn() > 2 {
			t.Fatal("the nurse is seen")
		}
	}
}

// The proxy of a scene finds the server as any does, by records that only it is
// told.
func TestASceneHasNames(t *testing.T) {
	s, told := playedScene(t, course.Scene{
		Play: []string{"open\nstarttls\nlogin PLAIN mbed mirror\nbind board\nclose"},
		DNS:  map[string][]string{"_xmpp-client._tcp.localhost": {"10 0 1 dead.localhost", "20 0 PORT alive.localhost"}},
	})
	if len(told) > 0 {
		t.Error(told)
	}
	hasPassed(t, s, `kind == "note" and text contains "priority 10, weight 0, dead.localhost:1"`, `kind == "note" and text contains "127.0.0.1:1: connection refused"`,
		`kind == "note" and text contains "alive.localhost has 127.0.0.1"`, `step == "bind"`)
}

// Servers of two domains talk through the proxy, each proving its domain.
func TestASceneHasPeers(t *testing.T) {
	s, told := playedScene(t, course.Scene{
		Peer: []course.Peer{{Domain: "montague.localhost"}},
		Client: []course.Client{
			{Who: "Romeo", At: "montague.localhost", Script: "open\nstarttls\nlogin SCRAM-SHA-1 romeo wherefore\nbind orchard\npresence\nS: message from=juliet@localhost/balcony\nC: <message to='juliet@localhost/balcony' type='chat' id='r1'><body>She speaks</body></message>\nclose"},
			{Who: "Juliet", Script: "open\nstarttls\nlogin SCRAM-SHA-1 juliet r0m30myr0m30\nbind balcony\npresence\nC: <message to='romeo@montague.localhost/orchard' type='chat' id='j1'><body>Ay me</body></message>\nS: message from=romeo@montague.localhost/orchard\nclose"},
		},
	})
	if len(told) > 0 {
		t.Error(told)
	}
	hasPassed(t, s, `step == "s2s-dialback-1"`, `step == "s2s-dialback-2"`, `step == "s2s-dialback-3"`, `step == "s2s-dialback-4"`)
}

// A script that cannot work is told of.
func TestASceneTellsWhatClientsSay(t *testing.T) {
	_, told := playedScene(t, course.Scene{Client: []course.Client{{Who: "Juliet", Script: "open\nstarttls\nlogin PLAIN juliet wrong"}}})
	if len(told) != 1 || !strings.HasPrefix(told[0], "Juliet: line 3: ") {
		t.Error(told)
	}
}

// A client logs in with SASL 2 through the proxy of a scene, and with its token.
func TestASceneKnowsSASL2(t *testing.T) {
	s, told := playedScene(t, course.Scene{Server: map[string]any{"sasl2": true}, Client: []course.Client{{Who: "Juliet",
		Script: "open\nstarttls\nlogin2 SCRAM-SHA-256 juliet r0m30myr0m30 balcony sm\nroster\nclose\nopen\nstarttls\nlogin2 HT-SHA-256-NONE juliet -\nroster\nclose"}}})
	if len(told) > 0 {
		t.Error(told)
	}
	hasPassed(t, s, `step == "sasl2-success" and conn == 1`, `conn == 2 and sasl.mechanism == "HT-SHA-256-NONE"`)
}

// Clients come in by each door of the proxy, and to the server itself.
func TestASceneHasDoors(t *testing.T) {
	for door, steps := range map[string][]string{"ws": {"ws-open", "ws-restart", "ws-close"}, "bosh": {"bosh-create", "bosh-restart", "bosh-end"}} {
		c := course.Client{Who: "Juliet", Door: door, Script: "open\nlogin SCRAM-SHA-1 juliet r0m30myr0m30\nbind web\nroster\npresence\nS: presence from=juliet@localhost/web\nwait 50ms\nping\nleave\nclose"}
		s, told := playedScene(t, course.Scene{Client: []course.Client{c}})
		if len(told) > 0 {
			t.Error(door, told)
		}
		for _, step := range steps {
			hasPassed(t, s, `step == "`+step+`" and dir == "initiator" and conn == 1`, `step == "`+step+`" and dir == "receiver" and conn == 1`)
		}
		hasPassed(t, s, `step == "bind" and dir == "receiver"`, `payload.name == "ping" and dir == "initiator"`)
		c.Unseen = true
		if s, told := playedScene(t, course.Scene{Client: []course.Client{c}}); len(told) > 0 || s.Len() > 0 {
			t.Errorf("%s, unseen: %v, and %d events", door, told, s.Len())
		}
	}
}

// The owner of a domain changes its records, and they stay as they are then.
func TestASceneChangesNames(t *testing.T) {
	d := &sceneDNS{records: map[string][]string{"_xmpp-client._tcp.localhost": {"10 0 PORT new.localhost", dnsThen, "0 0 0 ."}}, port: func() string { return "5222" }}
	if err := d.check(); err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"new.localhost.", ".", "."} {
		_, all, err := d.LookupSRV(t.Context(), "xmpp-client", "tcp", "localhost")
		if err != nil || len(all) != 1 || all[0].Target != want {
			t.Errorf("question %d: %v, %v; want the target %s", i+1, all, err, want)
		}
	}
}

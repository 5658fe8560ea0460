package alive

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/spec"
	"xmppscope/decode/xmlstream"
)

func element(t testing.TB, xml string) *xmlstream.Node {
	t.Helper()
	var tree xmlstream.Tree
	n := tree.Parse([]byte(xml), xmlstream.MidStream(xmlstream.NSClient), xmlstream.Options{})
	if n == nil || tree.Err() != nil {
		t.Fatalf("%s: %v", xml, tree.Err())
	}
	return n
}

// TestStages plays what passes one leg. A word is a header (C, S), the end of a
// handshake (tls), an end tag (close) or an element.
func TestStages(t *testing.T) {
	spaces := map[string]string{"starttls": nsTLS, "proceed": nsTLS, "auth": nsSASL, "challenge": nsSASL, "response": nsSASL, "success": nsSASL, "failure": nsSASL,
		"authenticate": nsSASL2, "success2": nsSASL2, "failure2": nsSASL2, "compress": nsCompress, "compressed": nsCompress, "failurez": nsCompress, "features": nsStreams, "error": nsStreams, "iq": "jabber:client"}
	tests := []struct {
		words string
		want  []Stage
	}{
		{"C S features iq", []Stage{Opening, Running, Running, Running}},
		{"C S features starttls proceed tls C S features", []Stage{Opening, Running, Running, Switching, Switching, Opening, Opening, Running, Running}},
		{"C S auth challenge response failure auth success C S", []Stage{Opening, Running, LoggingIn, LoggingIn, LoggingIn, Running, LoggingIn, Restarting, Restarting, Running}},
		{"C S auth C success S", []Stage{Opening, Running, LoggingIn, LoggingIn, Restarting, Running}}, // XEP-0305
		{"C S authenticate success2 features", []Stage{Opening, Running, LoggingIn, Running, Running}},
		{"C S authenticate failure2", []Stage{Opening, Running, LoggingIn, Running}},
		{"C S compress failurez compress compressed C S", []Stage{Opening, Running, Switching, Running, Switching, Restarting, Restarting, Running}},
		{"C S error auth", []Stage{Opening, Running, Ended, Ended}},
		{"C S close iq", []Stage{Opening, Running, Ended, Ended}},
		{"C S success", []Stage{Opening, Running, Running}},
	}
	for _, tt := range tests {
		var w Watch
		for i, word := range strings.Fields(tt.words) {
			switch word {
			case "C":
				w.Header(decode.FromInitiator)
			case "S":
				w.Header(decode.FromReceiver)
			case "tls":
				w.Secured()
			case "close":
				w.Closed()
			default:
				w.Element(xmlstream.Name{Space: spaces[word], Local: strings.TrimRight(word, "2z")})
			}
			if w.Stage() != tt.want[i] {
				t.Errorf("%s: after %d words stage %d, want %d", tt.words, i+1, w.Stage(), tt.want[i])
			}
		}
	}
}

func TestTouch(t *testing.T) {
	running := Leg{Idle: Every, Between: true, Stage: Running}
	with := func(change func(*Leg)) Leg {
		l := running
		change(&l)
		return l
	}
	tests := []struct {
		name string
		leg  Leg
		held time.Duration
		want Means
		why  string
	}{
		{"between two elements", running, time.Second, WhiteSpace, "one blank"},
		{"nothing held", running, 0, Nothing, "nothing is held"},
		{"a short time ago", with(func(l *Leg) { l.Idle = Every - 1 }), time.Hour, Nothing, "short time"},
		{"inside an element", with(func(l *Leg) { l.Between = false }), time.Hour, Nothing, "middle of an element"},
		{"before the header", with(func(l *Leg) { l.Stage = Opening }), time.Hour, Nothing, "header"},
		{"before the restart", with(func(l *Leg) { l.Stage = Restarting }), time.Hour, Nothing, "header"},
		{"around TLS", with(func(l *Leg) { l.Stage = Switching }), time.Hour, Nothing, "switch"},
		{"in a login", with(func(l *Leg) { l.Stage = LoggingIn }), time.Hour, Nothing, "login"},
		{"at the end", with(func(l *Leg) { l.Stage = Ended }), time.Hour, Nothing, "ended"},
		{"WebSocket", with(func(l *Leg) { l.Carrier = WebSocket }), time.Hour, PingFrame, "ping frame"},
		{"WebSocket in a login", with(func(l *Leg) { l.Carrier, l.Stage = WebSocket, LoggingIn }), time.Hour, PingFrame, "ping frame"},
		{"WebSocket at the end", with(func(l *Leg) { l.Carrier, l.Stage = WebSocket, Ended }), time.Hour, Nothing, "ended"},
		{"BOSH", with(func(l *Leg) { l.Carrier = BOSH }), time.Hour, Nothing, "empty body"},
	}
	for _, tt := range tests {
		v := Touch(tt.leg, tt.held)
		if v.Do != tt.want || !strings.Contains(v.Why, tt.why) {
			t.Errorf("%s: %d, %s", tt.name, v.Do, v.Why)
		}
		if v.Ref != (spec.Ref{}) && !v.Ref.Known() {
			t.Errorf("%s: %s is not known", tt.name, v.Ref)
		}
	}
	if v := Touch(with(func(l *Leg) { l.Idle = 10 * time.Second }), time.Hour); v.In != Every-10*time.Second {
		t.Error(v.In)
	}
}

func TestPinged(t *testing.T) {
	c2s := &decode.State{Profile: decode.ProfileC2S, Authenticated: true, Domain: "example.com", JID: "juliet@example.com/balcony"}
	s2s := &decode.State{Profile: decode.ProfileS2S, Domain: "b.example", Claimed: "a.example"}
	ping := func(attrs string) string { return "<iq type='get'" + attrs + "><ping xmlns='urn:xmpp:ping'/></iq>" }
	const none = ""
	tests := []struct {
		name, xml string
		dir       decode.Dir
		st        *decode.State
		want      string
	}{
		{"the server, unnamed", ping(" id='1'"), 0, c2s, "<iq xmlns='jabber:client' type='result' id='1'/>"},
		{"the server", ping(" id='1' to='Example.com'"), 0, c2s, "<iq xmlns='jabber:client' type='result' id='1' from='Example.com'/>"},
		{"the own account", ping(" id='1' to='juliet@example.com' from='juliet@example.com/balcony'"), 0, c2s, "<iq xmlns='jabber:client' type='result' id='1' from='juliet@example.com' to='juliet@example.com/balcony'/>"},
		{"a contact", ping(" id='1' to='romeo@example.com'"), 0, c2s, none},
		{"a contact's client", ping(" id='1' to='romeo@example.com/x'"), 0, c2s, none},
		{"another device of the own account", ping(" id='1' to='juliet@example.com/x'"), 0, c2s, none},
		{"a room", ping(" id='1' to='conference.example.com'"), 0, c2s, none},
		{"an empty address", ping(" id='1' to=''"), 0, c2s, none},
		{"the client, by its server", ping(" id='a' from='example.com' to='juliet@example.com/balcony'"), 1, c2s, "<iq xmlns='jabber:client' type='result' id='a' from='juliet@example.com/balcony' to='example.com'/>"},
		{"the client, by a contact", ping(" id='a' from='romeo@example.com' to='juliet@example.com/balcony'"), 1, c2s, none},
		{"another client", ping(" id='a' from='example.com' to='juliet@example.com/x'"), 1, c2s, none},
		{"between servers", strings.Replace(ping(" id='a' from='a.example' to='b.example'"), "<iq", "<iq xmlns='jabber:server'", 1), 0, s2s, "<iq xmlns='jabber:server' type='result' id='a' from='b.example' to='a.example'/>"},
		{"a user of the server", ping(" id='a' from='a.example' to='x@b.example'"), 0, s2s, none},
		{"hostile id", ping(` id="&apos;/>&lt;x"`), 0, c2s, "<iq xmlns='jabber:client' type='result' id='&#39;/&gt;&lt;x'/>"},
		{"no id", ping(""), 0, c2s, none},
		{"no ping", "<iq type='get' id='1'><query xmlns='jabber:iq:version'/></iq>", 0, c2s, none},
		{"a result", "<iq type='result' id='1'><ping xmlns='urn:xmpp:ping'/></iq>", 0, c2s, none},
		{"not logged in", ping(" id='1'"), 0, &decode.State{Profile: decode.ProfileC2S, Domain: "example.com"}, none},
		{"no state", ping(" id='1'"), 0, nil, none},
		{"a component", ping(" id='1'"), 0, &decode.State{Profile: decode.ProfileComponent, Authenticated: true, Domain: "example.com"}, none},
	}
	for _, tt := range tests {
		n := element(t, tt.xml)
		a := Pinged(n, tt.dir, tt.st, Leg{Silent: Fresh - 1, Stage: Running})
		if string(a.XML) != tt.want || a.Ask || a.Why == "" {
			t.Errorf("%s: %s (%s)", tt.name, a.XML, a.Why)
		}
		if a.XML != nil {
			element(t, string(a.XML))
		}
		for _, far := range []Leg{{Silent: Fresh, Stage: Running}, {Stage: Ended}} {
			late := Pinged(n, tt.dir, tt.st, far)
			if late.XML != nil {
				t.Errorf("%s: answered for one that is not there", tt.name)
			}
			if late.Ask != (tt.want != none && far.Stage == Running) {
				t.Errorf("%s: ask %v", tt.name, late.Ask)
			}
		}
	}
}

func TestLimits(t *testing.T) {
	seen := map[string]bool{}
	for _, l := range Limits() {
		key := l.Program + l.When.String()
		if l.Program == "" || l.When.String() == "" || l.After <= 0 || l.What == "" || l.Source == "" || seen[key] {
			t.Errorf("%+v", l)
		}
		seen[key] = true
		if l.After < Every && l.When == Silence {
			t.Errorf("%s acts after %v of silence; the tool speaks only every %v", l.Program, l.After, Every)
		}
	}
	servers := Next(decode.FromReceiver, BeforeLogin)
	if len(servers) < 2 || servers[0].After > servers[1].After {
		t.Error(servers)
	}
	if When(99).String() != "" {
		t.Error("a state that does not exist has a name")
	}
}

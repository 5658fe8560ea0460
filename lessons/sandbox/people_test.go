package sandbox

import (
	"strings"
	"testing"
	"time"

	"xmppscope/lessons/practice"
)

// TestMechanisms: every mechanism logs in with the right password over each
// version of TLS, is refused with a wrong one, and then logs in all the same.
func TestMechanisms(t *testing.T) {
	s := newHouse(t, Options{Bindings: AllBindings(), Mechanisms: Mechanisms()})
	for _, m := range mechanisms {
		if m.name == "EXTERNAL" || m.name == "ANONYMOUS" {
			continue // they know no password
		}
		t.Run(m.name, func(t *testing.T) {
			a := s.actor()
			a.do("open\nstarttls\nlogin " + m.name + " juliet r0m30myr0m30\nbind\nclose")
			a = s.actor(func(o *practice.Options) { o.Attempts = 1 })
			a.do("open\nstarttls")
			for _, wrong := range []string{"login " + m.name + " juliet wrong", "login " + m.name + " nobody r0m30myr0m30"} {
				if err := a.try(wrong); err == nil || err.Error() != wrong[:len("login ")+len(m.name)]+map[bool]string{true: " juliet", false: " nobody"}[wrong[len("login ")+len(m.name)+1] == 'j']+": the login was refused: not-authorized: The name or the password is wrong." {
					t.Errorf("%v", err)
				}
			}
			a.do("login " + m.name + " juliet r0m30myr0m30")
		})
	}
}

// TestBindings: each type of channel binding, where the version of TLS has it.
func TestBindings(t *testing.T) {
	s := newHouse(t, Options{Bindings: AllBindings()})
	for _, c := range []struct {
		kind    string
		version uint16
		fits    bool
	}{
		{"tls-exporter", 0x0304, true},
		{"tls-exporter", 0x0303, true}, // Go has extended master secrets
		{"tls-server-end-point", 0x0304, true},
		{"tls-server-end-point", 0x0303, true},
		{"tls-unique", 0x0303, true},
		{"tls-unique", 0x0304, false},
	} {
		a := s.actor(func(o *practice.Options) {
			o.Binding, o.Attempts = c.kind, 1
			o.TLS.MinVersion, o.TLS.MaxVersion = c.version, c.version
		})
		err := a.try("open\nstarttls\nlogin SCRAM-SHA-256-PLUS juliet r0m30myr0m30")
		if (err == nil) != c.fits {
			t.Errorf("%s with TLS %04x: %v", c.kind, c.version, err)
		}
	}
}

// TestConversation: two people who see each other's presence talk.
func TestConversation(t *testing.T) {
	s := newHouse(t, Options{})
	juliet := s.online("juliet", "balcony")
	romeo := s.online("romeo", "orchard")
	juliet.do("S: presence from=romeo@localhost/orchard to=juliet@localhost")
	romeo.do("S: presence from=juliet@localhost/balcony to=romeo@localhost/orchard")
	romeo.do("C: <message to='juliet@localhost' type='chat' id='m1'><body>&lt;3</body></message>")
	juliet.do("S: message from=romeo@localhost/orchard to=juliet@localhost xml:lang=en id=m1 body=<3")
	juliet.do("C: <iq type='get' id='v' to='romeo@localhost/orchard'><query xmlns='jabber:iq:version'/></iq>")
	romeo.do("ping")
	juliet.do("S: iq/error/service-unavailable id=v from=romeo@localhost/orchard")
	romeo.do("C: <presence><show>away</show></presence>")
	juliet.do("S: presence from=romeo@localhost/orchard show=away")
	romeo.do("close")
	juliet.do("S: presence type=unavailable from=romeo@localhost/orchard")
	tybalt := s.online("tybalt", "street")
	juliet.quiet("presence from=tybalt@localhost/street")
	tybalt.quiet("presence from=juliet@localhost/balcony")
}

// TestRouting: the rules of RFC 6121 §8.5 where somebody has several clients.
func TestRouting(t *testing.T) {
	s := newHouse(t, Options{})
	phone, desk, shy := s.online("romeo", "phone"), s.online("romeo", "desk"), s.actor()
	shy.login("romeo")
	shy.do("bind shy\nC: <presence><priority>-1</priority></presence>")
	desk.do("C: <presence><priority>5</priority></presence>\nS: presence priority=5")
	juliet := s.online("juliet", "balcony")
	juliet.do(`
		C: <message to='romeo@localhost' id='1'><body>a</body></message>
		C: <message to='romeo@localhost/phone' id='2'><body>b</body></message>
		C: <message to='romeo@localhost/shy' id='3'><body>c</body></message>
		C: <message to='romeo@localhost/nowhere' id='4' type='chat'><body>d</body></message>
		C: <message to='romeo@localhost' id='5' type='headline'><body>e</body></message>
		C: <message to='romeo@localhost/nowhere' id='6' type='headline'><body>f</body></message>
		C: <message to='romeo@localhost/nowhere' id='7'><body>g</body></message>
		S: message/error/service-unavailable id=7 from=romeo@localhost/nowhere
		C: <message to='romeo@localhost/nowhere' id='8' type='groupchat'><body>h</body></message>
		S: message/error/service-unavailable id=8
		ping`)
	desk.do("S: message id=1\nS: message id=4\nS: message id=5")
	phone.do("S: message id=2\nS: message id=5")
	shy.do("S: message id=3")
	for _, a := range []*actor{desk, phone, shy} {
		a.quiet("message")
	}
}

// TestOffline: what came while somebody was away is there with the first
// presence, with its time, and typing notices are not.
func TestOffline(t *testing.T) {
	s := newHouse(t, Options{})
	mbed := s.online("mbed", "board")
	mbed.do("C: <message to='juliet@localhost' type='chat' id='1'><body>The lamp is on.</body></message>\n" +
		"C: <message to='juliet@localhost' type='chat' id='2'><composing xmlns='http://jabber.org/protocol/chatstates'/></message>\nping\nclose")
	juliet := s.online("juliet", "balcony")
	juliet.do("S: message/delay from=mbed@localhost/board id=1")
	juliet.quiet("message")
	again := s.online("juliet", "chamber")
	again.quiet("message")
}

// TestConflict: each policy for a resource that is taken.
func TestConflict(t *testing.T) {
	t.Run("replace", func(t *testing.T) {
		s := newHouse(t, Options{Conflict: ReplaceOld})
		old := s.online("juliet", "balcony")
		s.online("juliet", "balcony")
		old.do("S: error/conflict\nS: /stream")
	})
	t.Run("rename", func(t *testing.T) {
		s := newHouse(t, Options{Conflict: Rename})
		s.online("juliet", "balcony")
		a := s.actor()
		a.login("juliet")
		a.do("bind balcony")
		if a.Address() == "juliet@localhost/balcony" || a.Address() == "" {
			t.Errorf("bound %q", a.Address())
		}
	})
	t.Run("refuse", func(t *testing.T) {
		s := newHouse(t, Options{Conflict: Refuse})
		s.online("juliet", "balcony")
		a := s.actor()
		a.login("juliet")
		a.do("C: <iq type='set' id='b'><bind xmlns='urn:ietf:params:xml:ns:xmpp-bind'><resource>balcony</resource></bind></iq>\nS: iq/error/conflict id=b\nbind chamber")
	})
}

// TestSubscription: from strangers to friends and back (RFC 6121 §3).
func TestSubscription(t *testing.T) {
	s := newHouse(t, Options{})
	tybalt := s.online("tybalt", "street")
	tybalt.do("C: <presence type='subscribe' to='nurse@localhost'/>\nS: iq/query/item type=set")
	nurse := s.online("nurse", "kitchen") // learns of it when she comes
	nurse.do("S: presence type=subscribe from=tybalt@localhost to=nurse@localhost")
	tybalt.quiet("presence from=nurse@localhost/kitchen")
	nurse.do("C: <presence type='subscribed' to='tybalt@localhost'/>\nS: iq/query/item type=set")
	tybalt.do("S: presence type=subscribed from=nurse@localhost\nS: presence from=nurse@localhost/kitchen\nS: iq/query/item type=set")
	nurse.do("C: <presence type='subscribe' to='tybalt@localhost'/>")
	tybalt.do("S: presence type=subscribe\nC: <presence type='subscribed' to='nurse@localhost'/>")
	nurse.do("S: presence type=subscribed\nS: presence from=tybalt@localhost/street")
	if i := s.find("nurse").contact(s.find("tybalt").bare); i.sub != subTo|subFrom || i.ask {
		t.Errorf("%+v", i)
	}
	nurse.do("C: <presence type='unsubscribed' to='tybalt@localhost'/>")
	tybalt.do("S: presence type=unsubscribed\nS: presence type=unavailable from=nurse@localhost/kitchen")
	nurse.do("C: <iq id='r' type='set'><query xmlns='jabber:iq:roster'><item jid='tybalt@localhost' subscription='remove'/></query></iq>\nS: iq id=r type=result")
	tybalt.do("S: presence type=unsubscribe from=nurse@localhost")
	nurse.do("S: presence type=unavailable from=tybalt@localhost/street")
	tybalt.do("ping")
	if i := s.find("tybalt").contact(s.find("nurse").bare); i.sub != 0 || i.ask {
		t.Errorf("%+v", i)
	}
}

// TestCarbons: the other clients of both get copies.
func TestCarbons(t *testing.T) {
	s := newHouse(t, Options{})
	desk, phone := s.online("romeo", "desk"), s.online("romeo", "phone")
	juliet, chamber := s.online("juliet", "balcony"), s.online("juliet", "chamber")
	for _, a := range []*actor{phone, chamber} {
		a.do("C: <iq type='set' id='c'><enable xmlns='urn:xmpp:carbons:2'/></iq>\nS: iq id=c type=result")
	}
	juliet.do("C: <message to='romeo@localhost/desk' type='chat' id='1'><body>Now</body></message>")
	desk.do("S: message id=1")
	phone.do("S: message/received/forwarded/message/body from=romeo@localhost to=romeo@localhost/phone")
	chamber.do("S: message/sent/forwarded/message/body from=juliet@localhost")
	juliet.do("C: <message to='romeo@localhost/desk' type='chat' id='2'><body>Hush</body><private xmlns='urn:xmpp:carbons:2'/></message>")
	desk.do("S: message id=2")
	phone.quiet("message")
	juliet.quiet("message")
}

// TestInactive: an inactive client gets the last presence of each, before
// whatever cannot wait.
func TestInactive(t *testing.T) {
	s := newHouse(t, Options{})
	juliet, romeo := s.online("juliet", "balcony"), s.online("romeo", "orchard")
	juliet.do("S: presence from=romeo@localhost/orchard\nC: <inactive xmlns='urn:xmpp:csi:0'/>\nwait 20ms")
	romeo.do("C: <presence><status>one</status></presence>\nC: <presence><status>two</status></presence>\nping")
	juliet.do("wait 20ms")
	p, _ := practice.ParsePattern("presence from=romeo@localhost/orchard")
	if e := juliet.Has(p); e != nil {
		t.Errorf("presence for an inactive client: %s", e.XML)
	}
	juliet.do("C: <active xmlns='urn:xmpp:csi:0'/>\nS: presence status=two")
	juliet.quiet("presence status=one")
}

// TestResume: what was sent to a client that had lost its connection arrives
// when it comes back, once and in order; when it does not, it goes elsewhere.
func TestResume(t *testing.T) {
	o := Options{}
	o.Limits.Resume = time.Hour
	s := newHouse(t, o)
	romeo := s.online("romeo", "orchard")
	juliet := s.actor()
	juliet.login("juliet")
	juliet.do("bind balcony\nsm\npresence\nS: presence from=juliet@localhost/balcony\ncut")
	romeo.do("S: presence from=juliet@localhost/balcony\nC: <message to='juliet@localhost' id='1'><body>a</body></message>\n" +
		"C: <message to='juliet@localhost/balcony' id='2'><body>b</body></message>\nping")
	romeo.quiet("presence type=unavailable")
	juliet.login("juliet")
	juliet.do("resume\nS: message id=1\nS: message id=2\nC: <message to='romeo@localhost' id='3'><body>c</body></message>\nping")
	juliet.quiet("message")
	romeo.do("S: message id=3 from=juliet@localhost/balcony")
	if juliet.Address() != "juliet@localhost/balcony" {
		t.Errorf("resumed %q", juliet.Address())
	}
}

// TestShutdown: everybody is told.
func TestShutdown(t *testing.T) {
	inBubble(t, Options{}, func(t *testing.T, s *house) {
		a := s.online("mbed", "board")
		down := make(chan error)
		go func() { down <- s.Shutdown(t.Context()) }()
		a.do("S: error/system-shutdown\nS: /stream\nS: end")
		if err := <-down; err != nil {
			t.Fatal(err)
		}
		if _, err := s.Dial(StartTLS); err != ErrClosed {
			t.Errorf("Dial after Shutdown: %v", err)
		}
	})
}

// TestDemonstration: the two logins of the demonstration, and the first of them
// by somebody who is refused twice before.
func TestDemonstration(t *testing.T) {
	s := newHouse(t, Options{})
	for _, act := range practice.Demonstration() {
		script, err := practice.Parse(act.Script)
		if err != nil {
			t.Fatal(err)
		}
		if err := practice.New(s.options()).Play(t.Context(), script); err != nil {
			t.Errorf("%s: %v", act.Who, err)
		}
	}
}

// TestTryAgain: after <failure/> the client waits, longer each time, and tries
// again on the same stream; after its last attempt it gives up; where the server
// has ended the stream it connects again.
func TestTryAgain(t *testing.T) {
	for _, c := range []struct {
		attempts, tries int // of the client, allowed by the server
		pauses          string
		err             string
	}{
		{attempts: 3, tries: 5, pauses: "1ms 2ms", err: "the login was refused: not-authorized: The name or the password is wrong."},
		{attempts: 1, tries: 5, pauses: "", err: "the login was refused: not-authorized: The name or the password is wrong."},
		{attempts: 5, tries: 2, pauses: "1ms 2ms 4ms 4ms", err: "the login was refused: not-authorized: The name or the password is wrong."},
	} {
		o := Options{}
		o.Limits.Tries = c.tries
		s := newHouse(t, o)
		var pauses []string
		po := s.options()
		po.Attempts, po.MaxPause = c.attempts, 4*time.Millisecond
		po.Tell = func(p practice.Progress) {
			if p.State == practice.Waiting {
				pauses = append(pauses, p.Pause.String())
			}
		}
		script, err := practice.Parse("open\nstarttls\nlogin PLAIN mbed wrong\nbind board")
		if err != nil {
			t.Fatal(err)
		}
		err = practice.New(po).Play(t.Context(), script)
		if err == nil || err.Error() != "line 3: login PLAIN mbed: "+c.err || strings.Join(pauses, " ") != c.pauses {
			t.Errorf("%+v: %v after %q", c, err, pauses)
		}
	}
}

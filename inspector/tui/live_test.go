package tui

import (
	"errors"
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

const (
	openC    = "<stream:stream to='h.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	openS    = "<stream:stream from='h.example' id='s1' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	offered  = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism><mechanism>SCRAM-SHA-1</mechanism></mechanisms></stream:features>"
	authText = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	pingText = "<iq type='get' id='p1' xmlns='jabber:client'><ping xmlns='urn:xmpp:ping'/></iq>"
)

// puppet is a live source without connections: it keeps what it is told to do.
type puppet struct {
	t      testing.TB
	conn   *decode.Conn
	store  *inspector.Store
	at     time.Time
	seq    decode.Seq
	gate   *gate.Gate
	held   []Held
	acts   []live.Act
	err    error
	status Status
	open   []decode.ConnID
}

func (p *puppet) Status() Status               { s := p.status; s.Mode = p.gate.Mode(); return s }
func (p *puppet) Held() []Held                 { return append([]Held(nil), p.held...) }
func (p *puppet) Breaks() []gate.Break         { return p.gate.Breaks() }
func (p *puppet) Switch(id int, off bool) bool { return p.gate.Switch(id, off) }

func (p *puppet) Do(a live.Act) error {
	p.acts = append(p.acts, a)
	if p.err != nil {
		return p.err
	}
	switch a.Do {
	case "pause", "step":
		p.gate.SetMode(gate.Paused)
	case "continue":
		p.gate.SetMode(gate.Running)
		p.held = nil
	case "break":
		b, err := gate.ParseBreak(a.Expr)
		if err != nil {
			return err
		}
		p.gate.Add(b)
	case "unbreak":
		p.gate.Remove(a.ID)
	}
	if a.Seq != 0 && a.Do != "hold" {
		p.let(a.Seq)
	}
	return nil
}

// let makes an event of what was held.
func (p *puppet) let(seq decode.Seq) {
	for i := range p.held {
		if h := p.held[i]; h.Seq == seq {
			e := *h.Event
			e.Held = false
			p.store.Append(&e)
			p.held = append(p.held[:i], p.held[i+1:]...)
			return
		}
	}
}

func (p *puppet) feed(dir decode.Dir, text string) {
	p.at = p.at.Add(time.Second)
	events, _ := p.conn.Feed(dir, p.at, []byte(text))
	for i := range events {
		p.seq++
		events[i].Seq = p.seq
		p.store.Append(&events[i])
	}
}

// hold lets a unit wait.
func (p *puppet) hold(dir decode.Dir, text string) {
	p.seq++
	e := p.conn.Preview(dir, p.at, []byte(text))
	e.Seq, e.Held = p.seq, true
	p.held = append(p.held, Held{Seq: p.seq, Conn: 1, Dir: dir, Event: &e, Since: p.at, Why: "breakpoint step == \"sasl-auth\"", Clocks: [2]Clock{
		{Heard: p.at, Told: p.at.Add(-time.Second), Due: p.at.Add(59 * time.Second), Act: "profanity pings the server, busy or not"},
		{Heard: p.at.Add(-time.Second), Told: p.at.Add(-2 * time.Second), Due: p.at.Add(2 * time.Minute), Act: "ejabberd ends the stream"},
	}})
}

// onAir shows a puppet whose client has just been offered a login.
func onAir(t *testing.T, w, h int) (*theatre, *puppet) {
	t.Helper()
	return onAirAt(t, w, h, 3)
}

// onAirAt is onAir after so many of the three things that were said.
func onAirAt(t *testing.T, w, h, said int) (*theatre, *puppet) {
	t.Helper()
	return onAirIn(t, Options{NoColor: true}, w, h, said)
}

// onAirIn is onAirAt with options of the screen.
func onAirIn(t *testing.T, o Options, w, h, said int) (*theatre, *puppet) {
	t.Helper()
	p := newPuppet(t)
	p.status = Status{Open: 1, Listening: []string{"starttls 127.0.0.1:5222", "ws 127.0.0.1:5280"}, Recording: "login.pcapng",
		Alerts: []string{"INSECURE: the server's certificate does not count"}, Banner: "channel binding is removed", Binding: "binding removed", Binds: true}
	o.Source = &Source{Title: "proxy to h.example", Store: p.store, Live: p, Follow: true}
	th := perform(t, o, w, h)
	th.u.clock = func() time.Time { return p.at.Add(12 * time.Second) }
	th.u.editing.random = func() string { return "ABCDEFGHIJKLMNOPQRSTUVWXYZ" }
	for i, text := range []string{openC, openS, offered}[:said] {
		p.feed(decode.Dir(min(i, 1)), text)
	}
	th.tick()
	return th, p
}

// last is the last thing that was done.
func (p *puppet) last() live.Act {
	if len(p.acts) == 0 {
		p.t.Fatal("nothing was done")
	}
	return p.acts[len(p.acts)-1]
}

func TestLiveScreens(t *testing.T) {
	for _, size := range []struct {
		name string
		w, h int
	}{{"80x24", 80, 24}, {"160x50", 160, 50}} {
		for _, c := range []struct {
			name, keys string
			hold       bool
		}{
			{"live", "", false},
			{"live-held", "", true},
			{"live-held-sasl", "3", true},
			{"live-held-xml", "2", true},
			{"live-held-bytes", "4", true},
			{"live-held-state", "5", true},
			{"live-held-ladder", "l", true},
			{"live-login", "e Down Down Ctrl-U x", true},
			{"live-edit", "e Ctrl-T Right Delete", true},
			{"live-sure", "e Ctrl-T Right Delete Ctrl-S", true},
			{"live-inject", "i", true},
			{"live-inject-edit", "i v e r s Enter Tab Tab", true},
			{"live-replay", "Esc r", true},
			{"live-break", "b", true},
			{"live-breaks", "b Enter b Ctrl-U x y z Enter B j Space", true},
			{"live-close", "X", true},
			{"live-freeze", "Z", true},
			{"live-quit", "q", true},
			{"live-about", "L", true},
		} {
			t.Run(c.name+"-"+size.name, func(t *testing.T) {
				th, p := onAir(t, size.w, size.h)
				if c.hold {
					p.hold(decode.FromInitiator, authText)
					th.tick()
				}
				th.press(c.keys).golden(c.name + "-" + size.name)
			})
		}
	}
}

// What comes to be held is shown at once, and when it goes on the list is shown
// again with its event.
func TestHeldTakesTheStage(t *testing.T) {
	th, p := onAir(t, 80, 24)
	th.has("RUNNING").lacks("held")
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.has("1 unit held").has(" HELD ").has("logs in with PLAIN").has("· in 47 s: profanity pings the server?")
	if th.u.focus != paneHeld {
		t.Fatal("what is held has not the focus")
	}
	th.press("s").lacks("unit held").lacks(" HELD ").has("PAUSED").has("#4 goes on")
	if a := p.last(); a.Do != "step" || a.Seq != 4 {
		t.Errorf("s does %+v", a)
	}
	if th.selected() != 4 || th.u.focus != paneList {
		t.Errorf("the list stands at #%d", th.selected())
	}
	p.hold(decode.FromReceiver, pingText)
	th.tick()
	th.has("C ← S iq get").press("c").has("RUNNING").has("1 unit let go")
}

// A held list of features is explained by what it offers, though it has changed
// nothing yet.
func TestHeldFeatures(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromReceiver, strings.Replace(offered, "SCRAM-SHA-1", "SCRAM-SHA-512", 1))
	th.tick()
	th.has(" HELD ").has("offers login (PLAIN, SCRAM-SHA-512)")
	th, p = onAirAt(t, 80, 24, 0)
	p.hold(decode.FromInitiator, openC)
	th.tick()
	th.has("C → S <stream>").has("The client opens a stream")
}

// Who looks at something else is told, and stays there.
func TestHeldDisturbsNobody(t *testing.T) {
	th, p := onAir(t, 80, 24)
	th.press("k 2")
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.has("#4 is held").lacks(" HELD ")
	if th.selected() != 2 {
		t.Errorf("the cursor went to #%d", th.selected())
	}
	th.press("d").has(" HELD ").has("the key again to drop it")
	if len(p.acts) != 0 {
		t.Errorf("something was done unseen: %+v", p.acts)
	}
	th.press("d").has("is dropped")
	if a := p.last(); a.Do != "drop" || a.Seq != 4 {
		t.Errorf("d does %+v", a)
	}
}

func TestVerbsOnOpenConnections(t *testing.T) {
	th, p := onAir(t, 100, 30)
	for _, c := range []struct{ keys, do, says string }{
		{"p", "pause", "everything that comes is held"}, {"n", "next", "until the next phase"}, {"c", "continue", "everything goes on"}, {"s", "pause", "what comes next is"},
	} {
		if th.press(c.keys).has(c.says); p.last().Do != c.do {
			t.Errorf("%s does %+v", c.keys, p.last())
		}
	}
	th.press("c ] [ [")
	if n := len(p.acts); n != 5 {
		t.Errorf("looking back and forth did something: %+v", p.acts)
	}
	th.press("Z Down Enter").has("frozen: what comes from the server is held")
	if a := p.last(); a.Do != "freeze" || a.Dir != "receiver" || a.Conn != 1 {
		t.Errorf("%+v", a)
	}
	th.press("X").write("reset client").press("Enter").has("the connection is ended")
	if a := p.last(); a.Do != "close" || a.Layer != "tcp" || a.Dir != "receiver" || a.Conn != 1 {
		t.Errorf("%+v", a)
	}
	p.err = errors.New("conversation 1 is not open\x1b")
	th.press("p").has("✗ conversation 1 is not open␛")
}

func TestBreakpointsOnScreen(t *testing.T) {
	th, p := onAir(t, 100, 30)
	th.press("b").has(`step == "stream-features"`).has("fits 1 of the 3 events so far")
	th.press("Enter").has("is held from now on")
	if a := p.last(); a.Do != "break" {
		t.Errorf("%+v", a)
	}
	th.press("b Ctrl-U").write("once kind == stanz").has("there is no field stanz")
	th.press("Enter").has("break when") // it is wrong, so it stays
	th.press("Esc B").has("on  0").press("Space").has("off 0").press("Enter Ctrl-U").write("name == \"iq\"").press("Enter B").has(`name == "iq"`).lacks("features\" and")
	th.press("d").has("There are no breakpoints").press("Esc")
}

// In a recording the same keys move the cursor.
func TestBreakpointsInRecordings(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "plain")}, 100, 30)
	th.press("b Ctrl-U").write(`name == "iq"`).press("Enter c")
	if th.selected() != 10 {
		t.Errorf("c goes to #%d", th.selected())
	}
	th.press("c c p e i r X Z").has("a recording: only what is live can be changed")
	if th.selected() != 12 {
		t.Errorf("c goes to #%d", th.selected())
	}
	th.press("B Space Esc c").has("b sets a breakpoint")
	if th.selected() != 27 {
		t.Errorf("c goes to #%d", th.selected())
	}
}

func TestQuitAsks(t *testing.T) {
	th, p := onAir(t, 80, 24)
	p.hold(decode.FromInitiator, authText)
	th.tick()
	th.press("q").has("1 unit is held and would be lost").press("Esc")
	select {
	case <-th.u.pump.quit:
		t.Fatal("it has quit")
	default:
	}
	th.press("q c").has("everything goes on").press("q")
	<-th.u.pump.quit
}

// What waits behind others can be decided, and that can be taken back.
func TestDecisionsCanBeTakenBack(t *testing.T) {
	th, p := onAir(t, 100, 30)
	p.hold(decode.FromInitiator, authText)
	p.held[0].Decided, p.held[0].At, p.held[0].Behind = "drop", p.at, 2
	th.tick()
	th.has("2 behind it").has("drop, when its turn comes").press("u").has("is held again")
	if a := p.last(); a.Do != "hold" || a.Seq != 4 {
		t.Errorf("%+v", a)
	}
}

// What is said of a run is over when something is held again.
func TestARunEndsWithWhatItSaid(t *testing.T) {
	for _, k := range []string{"s", "n"} {
		th, p := onAir(t, 120, 40)
		p.hold(decode.FromInitiator, authText)
		th.tick()
		th.press(k)
		if !strings.Contains(th.u.message.text, " on") {
			t.Error(k, "says nothing:", th.u.message.text)
		}
		p.hold(decode.FromReceiver, pingText)
		th.tick()
		if th.u.message.text != "" {
			t.Error("it is held, and the last line says still:", th.u.message.text)
		}
	}
}

func TestSmallLiveScreens(t *testing.T) {
	for _, size := range [][2]int{{1, 1}, {40, 10}, {41, 11}, {60, 14}, {120, 10}, {121, 60}} {
		th, p := onAir(t, size[0], size[1])
		p.hold(decode.FromInitiator, authText)
		p.hold(decode.FromReceiver, pingText)
		th.tick()
		th.press("j z z 2 3 4 5 1 Tab Tab Tab e Esc e Ctrl-T Esc b Esc B Esc i Enter Tab Esc r Esc X Esc Z Esc L Esc l ? Esc q Esc s s")
	}
}

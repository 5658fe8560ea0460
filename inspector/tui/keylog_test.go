package tui

import (
	"strings"
	"testing"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// locked opens transcripts whose keys are not known yet.
func locked(t *testing.T, w, h int, names ...string) *theatre {
	t.Helper()
	src, err := readWithKeys(false, names...)
	if err != nil {
		t.Fatal(err)
	}
	return perform(t, Options{Source: src, NoColor: true}, w, h)
}

// What could not be read says so in words, and how keys are given.
func TestOpaqueTLSAsksForKeys(t *testing.T) {
	th := locked(t, 80, 24, "tls12")
	th.has("K keys for TLS").has("sends an encrypted handshake message")
	th.u.jump(9)
	th.tick()
	th.has("cannot be read: no keys for this connection").has("K asks for a key log")
	th.press("K").has("key log").has("SSLKEYLOGFILE").golden("keylog-80x24")
	th.press("Esc").lacks("SSLKEYLOGFILE was set")
}

// With keys the same capture is read again: the filter, the conversation and
// the place in time stay, although the numbers are others.
func TestKeysKeepThePlace(t *testing.T) {
	th := locked(t, 120, 30, "plain", "tls12", "tls13")
	th.press("Shift-Tab j j Tab")
	if th.u.cap.conn != 2 {
		t.Fatalf("conversation %d is shown", th.u.cap.conn)
	}
	row := -1
	for i := range th.u.cap.store.Len() {
		r := th.u.cap.store.Row(i)
		if r.Conn() == 2 && unreadRow(r) && r.Dir() == decode.FromReceiver {
			row = i
		}
	}
	at := th.u.cap.store.Row(row).Time()
	th.u.goTo(row)
	th.tick()
	th.press("2 z z K").write("some.keys").press("Enter")
	th.has("2 of 2 conversations inside TLS can be read now")
	c := th.u.cap
	if c.conn != 2 || th.u.convs.cursor != 2 || th.u.detail.tab != tabXML {
		t.Errorf("conversation %d, line %d, tab %d", c.conn, th.u.convs.cursor, th.u.detail.tab)
	}
	r := c.store.Row(c.row())
	if !r.Time().Equal(at) || r.Conn() != 2 || r.Dir() != decode.FromReceiver {
		t.Errorf("the cursor stands on #%d at %v, was at %v", r.Seq(), r.Time(), at)
	}
	if c.place != nil {
		t.Error("it still wants to go back")
	}
}

// A person who moves on while the capture is read again is left where they are.
func TestKeysDoNotPullTheCursorBack(t *testing.T) {
	th := locked(t, 100, 30, "tls12")
	th.u.jump(12)
	th.tick()
	place := th.u.placeNow()
	src, err := readTranscripts("tls12")
	if err != nil {
		t.Fatal(err)
	}
	th.u.look(src)
	th.u.cap.place = place
	th.u.cap.returnTo(false)
	if th.selected() < 10 {
		t.Fatalf("the cursor did not go back: #%d", th.selected())
	}
	th.u.pick(0)
	th.u.cap.returnTo(true)
	if th.selected() != 1 {
		t.Errorf("the cursor was pulled to #%d", th.selected())
	}
}

func TestKeysThatFail(t *testing.T) {
	th := locked(t, 80, 24, "tls12")
	th.press("K Enter").has("key log")
	th.write("missing").press("Enter").has("the disk is on fire")
	th.write("x").lacks("the disk is on fire")
	th.press("Ctrl-U").write("useful").press("Enter").has("the conversation inside TLS can be read now")
	th = locked(t, 80, 24, "tls12")
	th.press("K").write("useless").press("Enter").has("these keys open no further conversation").press("Esc s").has("K keys for TLS")
	th = perform(t, Options{Source: transcripts(t, "tls12"), NoColor: true}, 80, 24)
	th.lacks("K keys").press("K").has("give them with --keylog")
	th = locked(t, 80, 24, "plain")
	th.lacks("K keys for TLS")
	th.u.cap.src.Keylog = func(string) (*Source, error) { return nil, nil }
	th.press("K").write("x").press("Enter").has("this input cannot be read again")
	th.u.cap.load.state.Store(loadRunning)
	th.u.giveKeys("x")
	th.u.cap.load.state.Store(loadEnded)
	th.draw()
	th.has("for what comes from here on")
}

// At the end of a file that still grows nothing is being read: it is waited for.
func TestHeaderSaysWhatIsHiddenAndAwaited(t *testing.T) {
	th := locked(t, 80, 24, "tls12")
	th.has("19 events · hidden by TLS")
	th.u.cap.src.Follow = true
	th.u.jump(9)
	th.u.cap.load.state.Store(loadRunning)
	th.u.cap.load.read.Store(5)
	th.u.cap.load.total.Store(10)
	th.draw()
	th.has("reading █████░░░░░ 50 %")
	th.u.cap.load.read.Store(10)
	th.draw()
	th.has("waiting for more · 19 events").lacks("reading")
	th.u.cap.load.state.Store(loadEnded)
	locked(t, 80, 24, "tls12", "plain", "tls13").has("2 hidden by TLS").has("tls12 + plain")
	th = perform(t, Options{Source: transcripts(t, "tls12"), NoColor: true}, 80, 24)
	th.lacks("hidden by TLS")
}

// Connections of which nobody can tell without keys what they are: they are
// counted, and keys are offered.
func TestHeaderCountsWhatMayBeXMPP(t *testing.T) {
	src, err := readWithKeys(false, "plain")
	if err != nil {
		t.Fatal(err)
	}
	src.Hidden = func() int64 { return 2 }
	perform(t, Options{Source: src, NoColor: true}, 80, 24).has("· 2 hidden by TLS").has("K keys for TLS")
	empty := &Source{Title: "dark.pcap", Store: inspector.NewStore(inspector.StoreOptions{}), Keylog: src.Keylog, Hidden: func() int64 { return 1 }}
	perform(t, Options{Source: empty, NoColor: true}, 80, 24).has("No XMPP can be seen in this capture, but 1 connection inside TLS may hold").has("K keys for TLS")
}

// Fields of TLS lead to their bytes, in the explanation and under the bytes.
func TestFieldsOfTLSLeadToTheirBytes(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "tls13"), NoColor: true}, 100, 90)
	th.press("s").has("ClientHello TLS 1.3 SNI capulet.example").has("legacy_version").press("Tab")
	d := th.u.detail
	find := func(text string) {
		t.Helper()
		p := d.page()
		for i := range p.fit(d.body.w - 3) {
			if l := p.at(i); l != nil && strings.Contains(l.plain(), text) {
				d.cursors[d.tab] = i
				return
			}
		}
		t.Fatalf("no line has %q", text)
	}
	find("server_name (SNI)")
	th.press("Enter").has("[4 Bytes]").has("What they mean")
	if got := string(d.event.Wire[d.mark.start:d.mark.end]); !strings.Contains(got, "capulet.example") {
		t.Errorf("the marked bytes are %q", got)
	}
	find("random")
	th.press("Enter").has("Marked: bytes 6 to 37")
}

// A message of BOSH leads to the HTTP message that brought it.
func TestCarrierIsLinked(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "bosh"), NoColor: true}, 100, 40)
	th.press("s s").has("came in the HTTP message #2").press("4").has("of XML out of the HTTP message #2")
	th.press("1 Tab")
	d := th.u.detail
	for i := range 40 {
		if l := d.page().at(i); l != nil && l.jump == 2 {
			d.cursors[tabExplain] = i
			break
		}
	}
	if th.press("Enter"); th.selected() != 2 {
		t.Errorf("it leads to #%d", th.selected())
	}
	th.press("2").has("carries the events that follow")
}

// Carriers do not move the phase: what they carry does.
func TestCarriersHaveNoPhase(t *testing.T) {
	th := perform(t, Options{Source: transcripts(t, "bosh"), NoColor: true}, 120, 30)
	var got []string
	for _, s := range th.u.cap.tracks.of(1).stages {
		got = append(got, s.phase.String())
	}
	if want := "connect open auth open close"; strings.Join(got, " ") != want {
		t.Errorf("phases %q, want %q", strings.Join(got, " "), want)
	}
	for _, want := range []int{3, 8, 12, 17} {
		if th.press("n"); th.selected() != want {
			t.Errorf("the next phase begins at #%d, want #%d", th.selected(), want)
		}
	}
	th.u.jump(10)
	th.tick()
	for _, want := range []int{8, 3, 1} {
		if th.press("["); th.selected() != want {
			t.Errorf("the phase before begins at #%d, want #%d", th.selected(), want)
		}
	}
}

// With keys more conversations may be found, so that the numbers are others.
func TestConversationsAreKnownByWhoTakesPart(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	one := decode.Conversation{Conn: 1, Initiator: "a:1", Receiver: "b:2", Start: at}
	found := one
	found.Conn = 3
	later := one
	later.Conn, later.Start = 2, at.Add(time.Hour)
	c := &capture{convs: []decode.Conversation{{Conn: 1, Initiator: "c:1", Receiver: "b:2", Start: at}, later, found}}
	if got := c.same(&one, true); got != 3 {
		t.Errorf("it is taken for conversation %d", got)
	}
	if got := c.same(&one, false); got != 1 {
		t.Errorf("while reading goes on it is taken for conversation %d", got)
	}
	if got := c.same(&decode.Conversation{Conn: 9, Initiator: "x"}, true); got != 9 {
		t.Errorf("an unknown one is taken for conversation %d", got)
	}
}

func TestConversationsNameWhatCarriesThem(t *testing.T) {
	th := locked(t, 160, 40, "tls12", "websocket", "bosh")
	th.has("TLS 1.2 no keys").has("c2s ws").has("c2s bosh").has("? direct")
	th = perform(t, Options{Source: transcripts(t, "tls12", "tls13"), NoColor: true}, 120, 40)
	th.has("1.2 read").has("1.3 read").has("c2s direct")
}

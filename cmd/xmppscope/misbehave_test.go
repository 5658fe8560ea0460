package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/decode/tlswire"
	"xmppscope/inspector"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// overheard is a connection of a client, with what went over it.
type overheard struct {
	net.Conn
	mu   sync.Mutex
	said []piece
}

type piece struct {
	dir decode.Dir
	at  time.Time
	p   []byte
}

func (o *overheard) keep(dir decode.Dir, p []byte) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.said = append(o.said, piece{dir, time.Now(), slices.Clone(p)})
}

func (o *overheard) Write(p []byte) (int, error) {
	o.keep(decode.FromInitiator, p)
	return o.Conn.Write(p)
}

func (o *overheard) Read(p []byte) (int, error) {
	n, err := o.Conn.Read(p)
	if n > 0 {
		o.keep(decode.FromReceiver, p[:n])
	}
	return n, err
}

// Close reads what comes until the other side ends, as somebody beside the wire
// would.
func (o *overheard) Close() error {
	_ = o.Conn.SetReadDeadline(time.Now().Add(200 * time.Millisecond))
	buf := make([]byte, 1<<10)
	for {
		if _, err := o.Read(buf); err != nil {
			return o.Conn.Close()
		}
	}
}

// heardKeys finds secrets in the key log of a client.
type heardKeys struct{ tlswire.KeyLog }

func (k *heardKeys) Secret(label string, random *[32]byte) ([]byte, string) {
	return k.KeyLog.Secret(label, random), "keylog"
}

// witness plays a script against a practice server and judges what was said.
type witness struct {
	events   []decode.Event
	findings []lint.Finding
	err      error // of the script
}

func (w *witness) rules() (all []string) {
	for _, f := range w.findings {
		all = append(all, fmt.Sprintf("%s(%s, %v)", f.Rule, f.Level, f.Who))
	}
	return all
}

func (w *witness) found(rule string) bool {
	return slices.ContainsFunc(w.findings, func(f lint.Finding) bool { return f.Rule == rule })
}

func (w *witness) condition(name string) bool {
	return slices.ContainsFunc(w.events, func(e decode.Event) bool {
		return e.Dir == decode.FromReceiver && (e.Condition == name || e.Name.Local == name)
	})
}

// tried makes a server with options, plays the lines and judges both sides.
func tried(t *testing.T, o sandbox.Options, authority *ca.Authority, patience, timeout time.Duration, lines string) *witness {
	t.Helper()
	o.TLS = &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost")}
	o.Limits.Linger = 50 * time.Millisecond
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		ctx, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		_ = s.Shutdown(ctx)
	}()
	script, err := practice.Parse(lines)
	if err != nil {
		t.Fatal(err)
	}
	roots := x509.NewCertPool()
	roots.AppendCertsFromPEM(authority.PEM())
	keys := &heardKeys{}
	var heard []*overheard
	c := practice.New(practice.Options{
		Dial: func(context.Context) (net.Conn, error) {
			nc, err := s.Dial(sandbox.StartTLS)
			if err != nil {
				return nil, err
			}
			heard = append(heard, &overheard{Conn: nc})
			return heard[len(heard)-1], nil
		},
		TLS: &tls.Config{RootCAs: roots, KeyLogWriter: keys}, Attempts: 1, Patience: patience, Pause: time.Millisecond,
	})
	w := &witness{err: c.Play(t.Context(), script)}
	w.judge(t, heard, keys, timeout)
	return w
}

// judge decodes what was said and asks the rules.
func (w *witness) judge(t *testing.T, heard []*overheard, keys tlswire.Keys, timeout time.Duration) {
	t.Helper()
	secrets := &inspector.Secrets{}
	if err := secrets.Add("mbed@localhost=mirror"); err != nil {
		t.Fatal(err)
	}
	rules := lint.New(lint.Options{Timeout: timeout, Verify: secrets.Verify})
	var seq decode.Seq
	number := func() decode.Seq { seq++; return seq }
	for i, o := range heard {
		conn := decode.NewConn(decode.ConnID(i+1), decode.Options{Number: number, Keys: keys})
		took := func(events []decode.Event) {
			for k := range events {
				w.findings = append(w.findings, rules.Event(&events[k])...)
			}
			w.events = append(w.events, events...)
		}
		o.mu.Lock()
		at := time.Now()
		if len(o.said) > 0 {
			took(conn.Connect(o.said[0].at))
		}
		for _, p := range o.said {
			for rest := p.p; len(rest) > 0; {
				events, n := conn.Feed(p.dir, p.at, rest)
				took(events)
				rest = rest[n:]
			}
		}
		o.mu.Unlock()
		took(conn.End(decode.FromReceiver, at))
		took(conn.End(decode.FromInitiator, at))
		took(conn.Finish(at))
		sum := conn.Summary()
		w.findings = append(w.findings, rules.End(&sum)...)
	}
}

// session is a whole session with something of everything.
const session = `open
starttls
login SCRAM-SHA-1 mbed mirror
bind board
sm
C: <iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>
presence
S: presence
C: <message to='mbed@localhost' type='chat' id='m1'><body>Is anybody there?</body></message>
C: <iq type='get' id='p1' to='localhost'><ping xmlns='urn:xmpp:ping'/></iq>
C: <r xmlns='urn:xmpp:sm:3'/>
wait 300ms
C: <message to='mbed@localhost' type='chat' id='m2'><body>It is late.</body></message>
C: <r xmlns='urn:xmpp:sm:3'/>
wait 60ms
leave
close`

// clients are what a client does wrong because the server did: they are named
// here so that anything else is found.
var clients = map[string][]string{
	"certificate-name":        {"tls-failed"}, // with an alert that says why
	"certificate-expired":     {"tls-failed"},
	"certificate-self-signed": {"tls-failed"},
	"bind-missing":            {"feature-not-offered"}, // it goes on as its script says
	"mechanisms-missing":      {"sasl-mechanism-not-offered"},
	"header-namespace":        {"stanza-wrong-content-ns", "s2s-address-missing"}, // as seen from the server's header
}

// TestMisbehaviours: each gives its own finding or condition, and against the
// client nothing is found above a note. All of them live by a clock of their own:
// what waits does so in no time, and no busy computer is taken for a slow server.
func TestMisbehaviours(t *testing.T) {
	for _, m := range sandbox.Misbehaviours() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			if m.Rule == "" && m.Condition == "" || m.About == "" {
				t.Fatal("it is tied to nothing")
			}
			if m.Rule != "" && lint.Lookup(m.Rule) == nil {
				t.Fatalf("%s is no rule", m.Rule)
			}
			synctest.Test(t, func(t *testing.T) { misbehaves(t, m) })
		})
	}
}

func misbehaves(t *testing.T, m sandbox.Misbehaviour) {
	name := m.Name
	if name == "slow" {
		name = "slow=300"
	}
	o := sandbox.Options{Iterations: 4096, Misbehave: []string{name}}
	w := tried(t, o, authority(t), 700*time.Millisecond, 150*time.Millisecond, session)
	if m.Rule != "" && !w.found(m.Rule) {
		t.Errorf("%s is not found, but %v; the script ended with %v", m.Rule, w.rules(), w.err)
	}
	if m.Condition != "" && !w.condition(m.Condition) {
		t.Errorf("no %s came; the script ended with %v", m.Condition, w.err)
	}
	for _, f := range w.findings {
		if f.Who == lint.WhoInitiator && f.Level > lint.LevelNote && !slices.Contains(clients[m.Name], f.Rule) {
			t.Errorf("against the client: %s: %s", f.Rule, f.Text)
		}
	}
}

// authority makes one whose certificates begin at the time of the test.
func authority(t *testing.T) *ca.Authority {
	t.Helper()
	a, err := ca.New()
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// TestWellBehaved: without any of them nothing is found above a note, whichever
// way somebody logs in.
func TestWellBehaved(t *testing.T) { synctest.Test(t, wellBehaved) }

func wellBehaved(t *testing.T) {
	authority := authority(t)
	for _, name := range sandbox.Mechanisms() {
		if name == "EXTERNAL" || name == "DIGEST-MD5" || name == "ANONYMOUS" || name == "PLAIN" { // the client needs a certificate, or chooses what is weak
			continue
		}
		o := sandbox.Options{Iterations: 4096, Bindings: sandbox.AllBindings(), Mechanisms: []string{name, strings.TrimSuffix(name, "-PLUS")}}
		if !strings.HasSuffix(name, "-PLUS") {
			o.Bindings = nil
		}
		w := tried(t, o, authority, 5*time.Second, lint.DefaultTimeout, strings.Replace(session, "SCRAM-SHA-1", name, 1))
		if w.err != nil {
			t.Errorf("%s: %v", name, w.err)
		}
		for _, f := range w.findings {
			if f.Level > lint.LevelNote {
				t.Errorf("%s: %s: %s", name, f.Rule, f.Text)
			}
		}
	}
}

// TestWellBehavedSASL2: the same of a login, a binding and a resumption in one.
func TestWellBehavedSASL2(t *testing.T) { synctest.Test(t, wellBehavedSASL2) }

func wellBehavedSASL2(t *testing.T) {
	w := tried(t, sandbox.Options{SASL2: true, Mechanisms: []string{"PLAIN"}}, authority(t), 5*time.Second, lint.DefaultTimeout, `open
starttls
C: <authenticate xmlns='urn:xmpp:sasl:2' mechanism='PLAIN'><initial-response>AG1iZWQAbWlycm9y</initial-response><user-agent id='d4565fa7-4d72-4749-b3d3-740edbf87770'/><bind xmlns='urn:xmpp:bind:0'><tag>lamp</tag><enable xmlns='urn:xmpp:sm:3' resume='true'/></bind><request-token xmlns='urn:xmpp:fast:0' mechanism='HT-SHA-256-NONE'/></authenticate>
S: success
S: features
C: <iq type='get' id='r1'><query xmlns='jabber:iq:roster'/></iq>
S: iq
C: <presence/>
S: presence
C: <presence type='unavailable'/>
S: presence type=unavailable
close`)
	if w.err != nil {
		t.Error(w.err)
	}
	bound := false
	for i := range w.events {
		bound = bound || w.events[i].After != nil && strings.HasPrefix(w.events[i].After.JID, "mbed@localhost/lamp.")
	}
	for _, f := range w.findings {
		if f.Level > lint.LevelNote && f.Rule != "stream-from-missing-secured" { // the script does not say who it is
			t.Errorf("%s: %s", f.Rule, f.Text)
		}
	}
	if !bound {
		t.Error("nobody is bound")
	}
}

// TestMisbehaveLive: it can be switched while a session is open, and what is
// unknown is told.
func TestMisbehaveLive(t *testing.T) { synctest.Test(t, misbehavesLive) }

func misbehavesLive(t *testing.T) {
	s, err := sandbox.New(sandbox.Options{Clear: true})
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = s.Shutdown(t.Context()) }()
	for _, wrong := range []string{"nothing", "iq-id=3", "dead=x", "dead=-1"} {
		if err := s.Misbehave(wrong, true); err == nil {
			t.Errorf("%s is taken", wrong)
		}
	}
	c := practice.New(practice.Options{Dial: func(context.Context) (net.Conn, error) { return s.Dial(sandbox.StartTLS) }, Patience: 300 * time.Millisecond})
	defer c.Drop()
	do := func(text string) error {
		script, err := practice.Parse(text)
		if err != nil {
			t.Fatal(err)
		}
		return c.Do(t.Context(), script[0])
	}
	for _, line := range []string{"open", "login PLAIN mbed mirror", "bind", "ping"} {
		if err := do(line); err != nil {
			t.Fatalf("%s: %v", line, err)
		}
	}
	if err := s.Misbehave("iq-unanswered", true); err != nil || !slices.Equal(s.Misbehaving(), []string{"iq-unanswered"}) {
		t.Fatalf("%v %v", err, s.Misbehaving())
	}
	if err := do("ping"); err == nil {
		t.Error("it answers")
	}
	if err := s.Misbehave("iq-unanswered", false); err != nil || len(s.Misbehaving()) > 0 {
		t.Fatalf("%v %v", err, s.Misbehaving())
	}
	if err := do("ping"); err != nil {
		t.Errorf("afterwards: %v", err)
	}
}

package web

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"net"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"
)

// manager is a translation with connections of clients to it.
type manager struct {
	*testing.T
	b    *BOSH
	up   *behind
	sid  string
	work sync.WaitGroup
	ctx  context.Context
}

func newManager(t *testing.T, o Options) *manager {
	m := &manager{T: t, up: newBehind(t)}
	if o.Farewell == 0 {
		o.Farewell = 50 * time.Millisecond
	}
	m.b = NewBOSH(o, func(f func()) { m.work.Go(f) })
	ctx, stop := context.WithCancel(context.Background())
	m.ctx = ctx
	t.Cleanup(func() {
		stop()
		m.b.mu.Lock()
		all := slices.Collect(maps.Values(m.b.sessions))
		m.b.mu.Unlock()
		for _, s := range all {
			s.mu.Lock()
			s.end("", "")
			s.mu.Unlock()
		}
		m.work.Wait()
	})
	return m
}

func (m *manager) dial() end {
	return serve(m.T, func(_ context.Context, conn net.Conn) error {
		defer conn.Close()
		return m.b.Serve(m.ctx, conn, m.up.reach)
	})
}

func (m *manager) post(rid int, attrs, inner string) string {
	sid := ""
	if m.sid != "" {
		sid = " sid='" + m.sid + "'"
	}
	body := fmt.Sprintf("<body xmlns='%s' rid='%d'%s%s>%s</body>", nsHTTPBind, rid, sid, attrs, inner)
	return fmt.Sprintf("POST /http-bind HTTP/1.1\r\nHost: example.org\r\nContent-Length: %d\r\n\r\n%s", len(body), body)
}

// begin makes a session with rid 100.
func (m *manager) begin(c end, attrs string) end {
	m.Helper()
	c.say(m.post(100, " to='example.org' xml:lang='de' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0' wait='30'"+attrs, ""))
	u := m.up.accept()
	u.hears(headerC)
	u.say(headerS + "<stream:features/>")
	_, body := c.one()
	f := regexp.MustCompile(` sid='([^']+)'`).FindStringSubmatch(body)
	if f == nil || !strings.Contains(body, "authid='i1'") || !strings.Contains(body, "xmpp:version='1.0'") || !strings.HasSuffix(body, "><stream:features xmlns:stream='http://etherx.jabber.org/streams'/></body>") {
		m.Fatalf("the session begins with %q", body)
	}
	m.sid = f[1]
	return u
}

// waits waits until so many requests of the session wait.
func (m *manager) waits(n int) {
	m.Helper()
	for range 2000 {
		m.b.mu.Lock()
		s := m.b.sessions[m.sid]
		m.b.mu.Unlock()
		s.mu.Lock()
		open := len(s.open)
		s.mu.Unlock()
		if open == n {
			return
		}
		time.Sleep(time.Millisecond)
	}
	m.Fatalf("never %d requests wait", n)
}

func body(inner string) string {
	if inner == "" {
		return "<body xmlns='" + nsHTTPBind + "'/>"
	}
	return "<body xmlns='" + nsHTTPBind + "'>" + inner + "</body>"
}

func (e end) gets(want string) {
	e.Helper()
	if _, got := e.one(); got != want {
		e.Fatalf("got %q, not %q", got, want)
	}
}

// TestBOSH is a whole session over two connections.
func TestBOSH(t *testing.T) { synctest.Test(t, bosh) }

func bosh(t *testing.T) {
	m := newManager(t, Options{})
	c, d := m.dial(), m.dial()
	u := m.begin(c, " hold='1'")
	msg := "<message xmlns='jabber:client'/>"
	c.say(m.post(101, "", ""))
	m.waits(1)
	d.say(m.post(102, "", msg+"<presence/>"))
	u.hears(msg + "<presence/>")
	c.gets(body("")) // more than one is not held
	u.say("<iq id='1'/>")
	d.gets(body("<iq xmlns='jabber:client' id='1'/>"))
	c.say(m.post(103, " to='example.org' xmlns:xmpp='urn:xmpp:xbosh' xmpp:restart='true'", ""))
	u.hears(headerC)
	u.say(headerS + "<stream:features/>")
	c.gets(body("<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>"))
	// Out of order, and both sent again.
	d.say(m.post(105, "", "<b/>"))
	c.say(m.post(104, "", "<a/>"))
	u.hears("<a/><b/>")
	c.gets(body(""))
	u.say("<c/>")
	d.gets(body("<c xmlns='jabber:client'/>"))
	d.say(m.post(105, "", "<b/>"))
	d.gets(body("<c xmlns='jabber:client'/>"))
	c.say(m.post(104, "", "<a/>"))
	c.gets(body(""))
	// The same place for one that still waits.
	c.say(m.post(106, "", ""))
	m.waits(1)
	d.say(m.post(106, "", ""))
	c.gets(body(""))
	u.say("<e/>")
	d.gets(body("<e xmlns='jabber:client'/>"))
	c.say(m.post(107, " type='terminate'", "<presence type='unavailable'/>"))
	u.hears("<presence type='unavailable'/></stream:stream>")
	u.say("<f/></stream:stream>")
	_, last := c.one()
	if !strings.Contains(last, "<f xmlns='jabber:client'/>") && !strings.Contains(last, "type='terminate'") {
		t.Errorf("the end is %q", last)
	}
	u.Close()
}

// TestBOSHMany: thousands of requests in turn, one kept open at a time.
func TestBOSHMany(t *testing.T) {
	m := newManager(t, Options{})
	c := m.dial()
	u := m.begin(c, " hold='1'")
	for i := range 3000 {
		c.say(m.post(101+i, "", "<a/>"))
		u.hears("<a/>")
		u.say("<b/>")
		c.gets(body("<b xmlns='jabber:client'/>"))
	}
	m.b.mu.Lock()
	s := m.b.sessions[m.sid]
	m.b.mu.Unlock()
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.kept) > keptAnswers || len(s.early) > 0 || len(s.open) > 0 {
		t.Errorf("%d answers kept, %d early, %d open", len(s.kept), len(s.early), len(s.open))
	}
}

// TestBOSHTimes: requests are answered when they have waited, sessions end that
// nobody asks for, hold='0' is polling.
func TestBOSHTimes(t *testing.T) { synctest.Test(t, boshTimes) }

func boshTimes(t *testing.T) {
	m := newManager(t, Options{Wait: 30 * time.Millisecond, Idle: 80 * time.Millisecond})
	c := m.dial()
	u := m.begin(c, "")
	c.say(m.post(101, "", ""))
	c.gets(body(""))
	u.hears("")
	_ = u.SetReadDeadline(time.Now().Add(slack))
	u.over() // nobody asks any more
	c.say(m.post(102, "", ""))
	if _, got := c.one(); !strings.Contains(got, "type='terminate'") {
		t.Errorf("a session that is over answers %q", got)
	}
	p := newManager(t, Options{})
	c = p.dial()
	u = p.begin(c, " hold='0'")
	c.say(p.post(101, "", ""))
	c.gets(body(""))
	u.Close()
}

// TestBOSHRefuses: what is no request, what is none for a session, and servers
// that are not there.
func TestBOSHRefuses(t *testing.T) {
	for name, x := range map[string]struct{ said, heard string }{
		"get":       {"GET / HTTP/1.1\r\n\r\n", "HTTP/1.1 405 "},
		"options":   {"OPTIONS / HTTP/1.1\r\n\r\n", "HTTP/1.1 204 "},
		"no HTTP":   {"\x01", "HTTP/1.1 400 "},
		"chunks":    {"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n", "type='terminate' condition='bad-request'"},
		"no body":   {"POST / HTTP/1.1\r\nContent-Length: 3\r\n\r\nabc", "type='terminate' condition='bad-request'"},
		"no rid":    {(&manager{}).post(0, "", ""), "type='terminate' condition='bad-request'"},
		"malformed": {(&manager{}).post(1, "", "<a>"), "type='terminate' condition='bad-request'"},
		"no sid":    {(&manager{sid: "nobody"}).post(1, "", ""), "type='terminate' condition='item-not-found'"},
		"no server": {(&manager{}).post(1, " to='x'", ""), "type='terminate' condition='remote-connection-failed'"},
	} {
		t.Run(name, func(t *testing.T) {
			m := newManager(t, Options{})
			m.up.no = errors.New("nobody")
			c := m.dial()
			for i := range len(x.said) {
				c.say(x.said[i : i+1])
			}
			if head, body := c.one(); !strings.Contains(head+body, x.heard) {
				t.Errorf("answered with %q %q", head, body)
			}
		})
	}
}

// TestBOSHWindow: a rid that may not come yet ends the session, as does the end
// of the server; what was said before still comes.
func TestBOSHWindow(t *testing.T) { synctest.Test(t, boshWindow) }

func boshWindow(t *testing.T) {
	m := newManager(t, Options{})
	c := m.dial()
	u := m.begin(c, "")
	c.say(m.post(110, "", "<a/>"))
	if _, got := c.one(); !strings.Contains(got, "condition='item-not-found'") {
		t.Errorf("answered with %q", got)
	}
	u.over()
	m = newManager(t, Options{})
	c = m.dial()
	u = m.begin(c, "")
	u.say("<a/><stream:error><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error></stream:stream>")
	u.Close()
	c.say(m.post(101, "", ""))
	_, got := c.one()
	if !strings.Contains(got, "<conflict") {
		c.say(m.post(102, "", ""))
		_, more := c.one()
		got += more
	}
	if !strings.Contains(got, "<a xmlns='jabber:client'/>") || !strings.Contains(got, "<conflict") {
		t.Errorf("the end is %q", got)
	}
}

// TestBOSHSessions: there are not more than may be, and those that are over make
// room.
func TestBOSHSessions(t *testing.T) { synctest.Test(t, boshSessions) }

func boshSessions(t *testing.T) {
	m := newManager(t, Options{Sessions: 1, Idle: 40 * time.Millisecond})
	c, d := m.dial(), m.dial()
	u := m.begin(c, "")
	m.sid = ""
	d.say(m.post(1, " to='x'", ""))
	if _, got := d.one(); !strings.Contains(got, "condition='policy-violation'") {
		t.Errorf("one too many is answered with %q", got)
	}
	u.over()
	for i := 0; ; i++ {
		m.b.mu.Lock()
		n := len(m.b.sessions)
		m.b.mu.Unlock()
		if n == 0 {
			break
		}
		if i > 1000 {
			t.Fatal("the session is kept for ever")
		}
		time.Sleep(5 * time.Millisecond)
	}
}

// TestBOSHPolling: a client that asks more often than it may is told so, and one
// that asks as often as it may is not.
func TestBOSHPolling(t *testing.T) {
	for name, x := range map[string]struct {
		attrs string
		ask   []string // what is inside; of an empty one nothing
		pause time.Duration
		hurry bool
	}{
		"polls too often":      {" hold='0'", []string{"", ""}, 0, true},
		"polls slowly":         {" hold='0'", []string{"", ""}, 60 * time.Millisecond, false},
		"polls with something": {" hold='0'", []string{"", "<a/>", ""}, 0, false},
		"two wait":             {" hold='1'", []string{"", ""}, 0, true},
		"two with something":   {" hold='1'", []string{"", "<a/>"}, 0, false},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				m := newManager(t, Options{Polling: 50 * time.Millisecond})
				c := m.dial()
				u := m.begin(c, x.attrs)
				go drainAll(u)
				defer u.Close()
				for i, inner := range x.ask {
					time.Sleep(x.pause)
					c.say(m.post(101+i, "", inner))
				}
				_, got := c.one()
				if x.attrs == " hold='0'" {
					for range x.ask[1:] {
						_, got = c.one()
					}
				}
				if hurries := strings.Contains(got, "condition='policy-violation'"); hurries != x.hurry {
					t.Errorf("answered with %q", got)
				}
			})
		})
	}
}

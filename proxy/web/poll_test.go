package web

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode/httpwire"
)

var house = &url.URL{Scheme: "http", Host: "example.org:5280", Path: "/http-bind"}

// desk is a server of BOSH as a test plays it: it takes the requests of all
// connections.
type desk struct {
	*testing.T
	came  chan query1
	mu    sync.Mutex
	lines int
	work  sync.WaitGroup
	no    error
}

// query1 is one request.
type query1 struct {
	*desk
	body string
	rid  int
	line int
	conn net.Conn
}

func (d *desk) call() (net.Conn, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.no != nil {
		return nil, d.no
	}
	near, far := Pipe()
	d.lines++
	n := d.lines
	d.work.Go(func() {
		defer far.Close()
		h := httpwire.NewConn(httpwire.Options{})
		var buf [4096]byte
		for {
			k, err := far.Read(buf[:])
			for _, m := range h.Feed(0, buf[:k]) {
				if m.Target != "/http-bind" || m.Header("Host") != "example.org:5280" || m.Method != "POST" {
					d.Errorf("asked %s %s", m.Method, m.Target)
				}
				a := query1{desk: d, body: string(m.Body), line: n, conn: far}
				if f := regexp.MustCompile(` rid='(\d+)'`).FindStringSubmatch(a.body); f != nil {
					fmt.Sscan(f[1], &a.rid)
					a.body = strings.Replace(a.body, f[0], "", 1)
				}
				d.came <- a
			}
			if err != nil {
				return
			}
		}
	})
	return near, nil
}

// next is the next request, whose body must be this.
func (d *desk) next(want string) query1 {
	d.Helper()
	select {
	case a := <-d.came:
		if a.body != want {
			d.Fatalf("asked %q, not %q", a.body, want)
		}
		return a
	case <-time.After(slack):
		d.Fatalf("%q is not asked", want)
		panic("unreachable")
	}
}

// none checks that nothing is asked for a while.
func (d *desk) none(while time.Duration) {
	d.Helper()
	select {
	case a := <-d.came:
		d.Fatalf("asked %q too early", a.body)
	case <-time.After(while):
	}
}

func (a query1) answer(attrs, inner string) { a.raw(string(response(attrs, []byte(inner)))) }

func (a query1) raw(text string) {
	a.Helper()
	_ = a.conn.SetWriteDeadline(time.Now().Add(slack))
	if _, err := io.WriteString(a.conn, text); err != nil {
		a.Fatalf("answering: %v", err)
	}
}

// polled is a client with a plain stream, and the server of BOSH behind it.
func polled(t *testing.T, o Options) (c end, d *desk) {
	if o.Farewell == 0 {
		o.Farewell = 200 * time.Millisecond
	}
	d = &desk{T: t, came: make(chan query1, 64)}
	t.Cleanup(d.work.Wait)
	c = serve(t, func(ctx context.Context, conn net.Conn) error { return DialBOSH(ctx, conn, d.call, house, o) })
	return c, d
}

const (
	created = " xmlns:xmpp='urn:xmpp:xbosh' sid='s1' authid='i1' wait='60' requests='2' hold='1' inactivity='30' xmpp:version='1.0' from='example.org'"
	headerP = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' from='example.org' id='i1' version='1.0'>"
	creates = "<body xmlns='" + nsHTTPBind + "' to='example.org' xml:lang='de' content='text/xml; charset=utf-8' ver='1.11' wait='60' hold='1' ack='1' xmlns:xmpp='urn:xmpp:xbosh' xmpp:version='1.0'/>"
	waits   = "<body xmlns='" + nsHTTPBind + "' sid='s1'/>"
)

func carries(text string) string { return strings.Replace(waits, "/>", ">"+text+"</body>", 1) }

// pollBegins makes a session; the first request that waits has come.
func pollBegins(t *testing.T, attrs string) (c end, d *desk, a query1) {
	c, d = polled(t, Options{})
	c.say(headerC)
	d.next(creates).answer(attrs, "")
	c.hears(headerP)
	return c, d, d.next(waits)
}

// TestDialBOSH: a whole session. One request waits, what the client says goes
// beside it, a restart has a request of its own.
func TestDialBOSH(t *testing.T) { synctest.Test(t, dialBOSH) }

func dialBOSH(t *testing.T) {
	c, d, a := pollBegins(t, created)
	a.answer("", "<stream:features xmlns:stream='http://etherx.jabber.org/streams'><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/><m/></stream:features>")
	c.hears("<stream:features xmlns:stream='http://etherx.jabber.org/streams'><m/></stream:features>")
	b := d.next(waits)
	if b.rid != a.rid+1 || b.line != a.line {
		t.Errorf("rid %d over line %d behind %d over %d", b.rid, b.line, a.rid, a.line)
	}
	c.say("<auth xmlns='s'/>")
	a = d.next(carries("<auth xmlns='s'/>"))
	if a.rid != b.rid+1 || a.line == b.line {
		t.Errorf("rid %d over line %d beside %d over %d", a.rid, a.line, b.rid, b.line)
	}
	// Answered in another order than asked.
	a.answer("", "<success xmlns='s'/>")
	d.none(20 * time.Millisecond)
	b.answer("", "<message/>")
	c.hears("<message/><success xmlns='s'/>")
	a = d.next(waits)
	c.say(headerC)
	var head [200]byte
	n, _ := c.Read(head[:])
	if got := string(head[:n]); !strings.HasPrefix(got, strings.Replace(headerP, " id='i1' version='1.0'>", " id='", 1)) || strings.Contains(got, "i1") {
		t.Errorf("the stream restarts with %q", got)
	}
	b = d.next("<body xmlns='" + nsHTTPBind + "' sid='s1' to='example.org' xml:lang='de' xmpp:restart='true' xmlns:xmpp='urn:xmpp:xbosh'/>")
	b.answer("", "")
	a.answer("", "<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>")
	c.hears("<stream:features xmlns:stream='http://etherx.jabber.org/streams'/>")
	a = d.next(waits)
	c.say(" <a/> <b/></stream:stream>") // in one request or in two, and behind them the end
	// The end goes beside what still waits, over another connection: either may come first.
	text := ""
	var end query1
	for end.desk == nil || !strings.Contains(text, "<a xmlns=") || !strings.Contains(text, "<b xmlns=") {
		b = <-d.came
		text += strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(b.body, strings.TrimSuffix(waits, "/>")), ">"), "</body>")
		if strings.Contains(b.body, "terminate") {
			end = b
			continue
		}
		a.answer("", "")
		a = b
	}
	if end.rid <= a.rid || strings.Count(text, "<a xmlns='jabber:client'/>") != 1 || strings.Count(text, "<b xmlns='jabber:client'/>") != 1 {
		t.Errorf("the end carries %q, with rid %d behind %d", text, end.rid, a.rid)
	}
	a.answer(" type='terminate' condition='other-request'", "<c/>") // as ejabberd does
	end.answer(" type='terminate'", "<d/>")
	c.hears("<c/><d/></stream:stream>")
	c.over()
}

// TestDialBOSHPolls: where nothing may wait, the server is asked as often as it
// allows, and no sooner.
func TestDialBOSHPolls(t *testing.T) { synctest.Test(t, dialBOSHPolls) }

func dialBOSHPolls(t *testing.T) {
	c, d, a := pollBegins(t, strings.Replace(created, "requests='2' hold='1'", "requests='1' hold='0' polling='1'", 1))
	began := time.Now()
	a.answer("", "")
	d.none(300 * time.Millisecond)
	c.say("<a/>")
	a = d.next(carries("<a xmlns='jabber:client'/>")) // what is said does not wait
	a.answer("", "")
	a = d.next(waits)
	if took := time.Since(began); took < 900*time.Millisecond {
		t.Errorf("asked again after %v", took)
	}
	a.answer("", "<b/>")
	c.hears("<b/>")
	d.next(waits) // there may be more
}

// TestDialBOSHAgain: requests that have no answer are sent again, as they were
// (XEP-0124 §14.3, §17.3).
func TestDialBOSHAgain(t *testing.T) { synctest.Test(t, dialBOSHAgain) }

func dialBOSHAgain(t *testing.T) {
	c, d, a := pollBegins(t, created)
	_ = a.conn.Close()
	b := d.next(waits)
	if a.rid != b.rid {
		t.Errorf("rid %d behind the lost %d", b.rid, a.rid)
	}
	b.raw("HTTP/1.1 503 Later\r\nContent-Length: 0\r\n\r\n")
	a = d.next(waits)
	c.say("<a/>")
	b = d.next(carries("<a xmlns='jabber:client'/>"))
	b.answer(" type='error'", "")
	first, second := <-d.came, <-d.came
	if first.rid > second.rid {
		first, second = second, first
	}
	if first.rid != a.rid || second.rid != b.rid || second.body != b.body {
		t.Errorf("again: %d %d %q", first.rid, second.rid, second.body)
	}
	a.answer("", "<late/>") // nobody waits for it
	first.answer("", "<x/>")
	second.answer("", "<y/>")
	c.hears("<x/><y/>")
	for range maxTries {
		_ = d.next(waits).conn.Close()
	}
	c.hears("<stream:error xmlns:stream='http://etherx.jabber.org/streams'><remote-connection-failed ")
}

// TestDialBOSHAcks: a request names the last answer that has come where others
// wait (XEP-0124 §9.2).
func TestDialBOSHAcks(t *testing.T) { synctest.Test(t, dialBOSHAcks) }

func dialBOSHAcks(t *testing.T) {
	c, d, a := pollBegins(t, created+" ack='1'")
	c.say("<a/>")
	d.next("<body xmlns='" + nsHTTPBind + "'" + fmt.Sprintf(" ack='%d'", a.rid-1) + " sid='s1'><a xmlns='jabber:client'/></body>")
}

// TestDialBOSHEnds: how the server ends a session, and what the client hears.
func TestDialBOSHEnds(t *testing.T) {
	const failed = "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><%s xmlns='urn:ietf:params:xml:ns:xmpp-streams'/>"
	own := "<stream:error xmlns:stream='http://etherx.jabber.org/streams'><conflict xmlns='urn:ietf:params:xml:ns:xmpp-streams'/></stream:error>"
	for name, x := range map[string]struct{ raw, heard string }{
		"in order":   {string(response(" type='terminate'", nil)), "</stream:stream>"},
		"condition":  {string(response(" type='terminate' condition='system-shutdown'", []byte("<a/>"))), "<a/>" + fmt.Sprintf(failed, "system-shutdown")},
		"unknown":    {string(response(" type='terminate' condition='other-request'", nil)), fmt.Sprintf(failed, "undefined-condition")},
		"elsewhere":  {string(response(" type='terminate' condition='see-other-uri'", []byte("<uri>https://x/</uri>"))), fmt.Sprintf(failed, "undefined-condition")},
		"error":      {string(response(" type='terminate' condition='remote-stream-error'", []byte(own))), own + "</stream:stream>"},
		"old server": {"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", fmt.Sprintf(failed, "connection-timeout")},
		"no BOSH":    {"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi", fmt.Sprintf(failed, "undefined-condition")},
		"malformed":  {"HTTP/1.1 200 OK\r\nContent-Length: 53\r\n\r\n<body xmlns='http://jabber.org/protocol/httpbind'><a>", fmt.Sprintf(failed, "undefined-condition")},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, _, a := pollBegins(t, created)
				a.raw(x.raw)
				c.hears(x.heard)
				rest, _ := io.ReadAll(c)
				if !strings.HasSuffix(x.heard+string(rest), "</stream:stream>") {
					t.Errorf("the end is %q", rest)
				}
			})
		})
	}
}

// TestDialBOSHBegins: sessions that do not begin.
func TestDialBOSHBegins(t *testing.T) {
	for name, x := range map[string]struct{ raw, heard string }{
		"unknown": {string(response(" type='terminate' condition='host-unknown'", nil)), "<host-unknown "},
		"no sid":  {string(response("", nil)), "<undefined-condition "},
		"lost":    {"", "<remote-connection-failed "},
		"no HTTP": {"hello\r\n\r\n", "<remote-connection-failed "},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				c, d := polled(t, Options{})
				c.say(headerC)
				a := d.next(creates)
				if x.raw == "" {
					_ = a.conn.Close()
				} else {
					a.raw(x.raw)
				}
				c.hears("<?xml version='1.0'?><stream:stream ")
				rest, _ := io.ReadAll(c)
				if got := string(rest); !strings.Contains(got, x.heard) || !strings.HasSuffix(got, "</stream:error></stream:stream>") {
					t.Errorf("heard %q", got)
				}
			})
		})
	}
	c, d := polled(t, Options{})
	d.no = errors.New("nobody")
	c.say(headerC)
	rest, _ := io.ReadAll(c)
	if !strings.Contains(string(rest), "not reached: nobody") {
		t.Errorf("heard %q", rest)
	}
}

// TestDialBOSHToManager: our own client of BOSH with our own server of it: a
// plain stream on either side.
func TestDialBOSHToManager(t *testing.T) { synctest.Test(t, dialBOSHToManager) }

func dialBOSHToManager(t *testing.T) {
	m := newManager(t, Options{})
	c := serve(t, func(ctx context.Context, conn net.Conn) error {
		return DialBOSH(ctx, conn, func() (net.Conn, error) { return m.dial().Conn, nil }, house, Options{Farewell: time.Second})
	})
	c.say(headerC)
	u := m.up.accept()
	u.hears(headerC)
	u.say(headerS + "<stream:features><m/></stream:features>")
	c.hears(strings.Replace(headerS, " xmlns:db='jabber:server:dialback'", "", 1) + "<stream:features xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'><m/></stream:features>")
	for i := range 200 {
		c.say(fmt.Sprintf("<a n='%d'/>", i))
		u.hears(fmt.Sprintf("<a xmlns='jabber:client' n='%d'/>", i))
		u.say("<b/>")
		c.hears("<b xmlns='jabber:client'/>")
	}
	c.say("</stream:stream>")
	u.hears("</stream:stream>")
	u.say("</stream:stream>")
	c.hears("</stream:stream>")
	c.over()
}

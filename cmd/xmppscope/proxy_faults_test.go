package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
)

// finishes runs a command that ends by itself.
func finishes(t *testing.T, args ...string) (said string, code int) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), slack)
	defer stop()
	g := newGrowing()
	code = run(ctx, &streams{in: strings.NewReader(""), out: io.Discard, err: g}, args)
	if ctx.Err() != nil {
		t.Errorf("%v did not end by itself", args)
	}
	return g.all(), code
}

// TestProxyUsage: what is wrong is told, with exit code 2, and nothing is
// started.
func TestProxyUsage(t *testing.T) {
	home(t)
	to := []string{"--to", "127.0.0.1:1"}
	for _, c := range []struct {
		args []string
		want string
	}{
		{nil, "where is the server?"},
		{[]string{"--to", "127.0.0.1:1", "more"}, "takes no arguments, has more"},
		{append(to, "--listen", "127.0.0.1"), `"127.0.0.1" is no HOST:PORT`},
		{append(to, "--listen", "127.0.0.1:99999"), `"99999" is no port`},
		{append(to, "--listen", "xmpp://127.0.0.1:0"), "xmpp:// is not known"},
		{append(to, "--upstream", "smtp"), `"smtp" is no wrapping`},
		{append(to, "--break", "name = 1"), "--break, column 6"},
		{append(to, "--binding", "maybe"), "--binding"},
		{append(to, "--binding", "recompute"), "needs the password"},
		{append(to, "--key", "x"), "belongs to --cert"},
		{append(to, "--client-key", "x"), "belongs to --client-cert"},
		{append(to, "--filter", "kind =="), "--filter"},
		{append(to, "--password", "nobody"), "--password"},
		{append(to, "--dns", "not an address"), "--dns"},
		{append(to, "--domain", "two..dots"), "is no domain"},
		{append(to, "--max-conns", "-1"), "more than nothing"},
	} {
		said, code := finishes(t, append([]string{"proxy", "--headless", "--listen", "127.0.0.1:0"}, c.args...)...)
		if code != exitUsage || !strings.Contains(said, c.want) || strings.Contains(said, "listening") {
			t.Errorf("%v: exit code %d\n%s", c.args, code, said)
		}
	}
	for _, c := range []struct {
		args []string
		want string
	}{
		{[]string{"--json"}, "belongs to --headless"},
		{nil, "needs a terminal"},
	} {
		said, code := finishes(t, append(append([]string{"proxy"}, to...), c.args...)...)
		if code != exitUsage || !strings.Contains(said, c.want) && !strings.Contains(said, "needs a terminal") {
			t.Errorf("%v: exit code %d\n%s", c.args, code, said)
		}
	}
	for _, args := range [][]string{{"--ca-file", "missing.pem"}, {"--cert", "missing.pem"}, {"--rules", "missing.toml"}, {"--record", "missing/x.pcapng"}} {
		said, code := finishes(t, append(append([]string{"proxy", "--headless", "--listen", "127.0.0.1:0"}, to...), args...)...)
		if code != exitInput || !strings.Contains(said, "missing") || strings.Contains(said, "listening") {
			t.Errorf("%v: exit code %d\n%s", args, code, said)
		}
	}
}

// TestProxyPortTaken: it says which, with exit code 3.
func TestProxyPortTaken(t *testing.T) {
	home(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	said, code := finishes(t, "proxy", "--headless", "--to", "127.0.0.1:1", "--listen", ln.Addr().String())
	if code != exitInput || !strings.Contains(said, ln.Addr().String()) {
		t.Errorf("exit code %d\n%s", code, said)
	}
}

// TestProxyUntrusted: a certificate of nobody's stops the stream with a reason
// that the client hears, unless --insecure, which is said.
func TestProxyUntrusted(t *testing.T) {
	r := newRig(t, rigOptions{strange: true})
	a := r.client()
	err := a.try(mbed)
	if err == nil {
		t.Fatal("the client logged in")
	}
	t.Log("the client:", err)
	a.Drop()
	live := r.over(1)
	var why string
	for _, e := range live {
		why += e.str("note") + "\n" + e.str("condition") + "\n"
	}
	if !strings.Contains(why, "certificate") {
		t.Errorf("no event says why:\n%s", why)
	}
	insecure := newRig(t, rigOptions{strange: true, args: []string{"--insecure"}})
	insecure.client().do(mbed + "close")
	insecure.over(1)
	if !strings.Contains(insecure.said.all(), "INSECURE") {
		t.Errorf("--insecure is not said: %s", insecure.said.all())
	}
}

// TestProxyNoServer: the client is told, and the proxy goes on.
func TestProxyNoServer(t *testing.T) {
	var port int
	free(t, &port)
	addr := fmt.Sprintf("127.0.0.1:%d", port)
	r := newRig(t, rigOptions{to: addr})
	for range 2 {
		a := r.client()
		if err := a.try("open"); err == nil || !strings.Contains(err.Error(), "remote-connection-failed") {
			t.Errorf("the client: %v", err)
		}
		a.Drop()
	}
	r.over(2)
}

// TestProxyToItself: it refuses to be its own server, before anybody comes.
func TestProxyToItself(t *testing.T) {
	home(t)
	var number int
	free(t, &number)
	port := fmt.Sprint(number)
	addr := "127.0.0.1:" + port
	for listen, to := range map[string]string{addr: addr, "tls://" + addr: addr, "0.0.0.0:" + port: "127.0.0.1:" + port} {
		said, code := finishes(t, "proxy", "--headless", "--listen", listen, "--to", to)
		if code != exitUsage || !strings.Contains(said, "--to "+to+": that is where this proxy listens itself: "+addr) || !strings.Contains(said, "hint: ") || strings.Contains(said, "listening") {
			t.Errorf("--listen %s: exit code %d\n%s", listen, code, said)
		}
	}
	again, err := net.Listen("tcp", addr)
	if err != nil {
		t.Fatal("the door is still open:", err)
	}
	again.Close()
}

// TestProxyMaxConns: one too many is turned away, and nobody else is harmed.
func TestProxyMaxConns(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--max-conns", "1"}})
	a, b := r.client(), r.client()
	a.do(mbed)
	if err := b.try("open"); err == nil {
		t.Error("two were let in")
	}
	b.Drop()
	a.do("ping\nclose")
	r.next("record", "conversation")
	// The place is free when the proxy has noticed.
	eventually(t, "the place of one who left is free", func() bool {
		c := r.client()
		if err := c.try("open"); err != nil {
			c.Drop()
			return false
		}
		c.do("close")
		return true
	})
	r.over(1)
}

// TestProxyDiskFull: it is said once, and the proxy goes on.
func TestProxyDiskFull(t *testing.T) {
	if f, err := os.OpenFile("/dev/full", os.O_WRONLY, 0); err != nil {
		t.Skip("there is no /dev/full here:", err)
	} else {
		f.Close()
	}
	r := newRig(t, rigOptions{noFile: true, args: []string{"--record", "/dev/full"}})
	a := r.client()
	a.do(mbed)
	a.do("ping\nclose")
	r.over(1)
	if n := strings.Count(r.said.all(), "/dev/full: nothing more is recorded: no space left"); n != 1 {
		t.Errorf("said %d times:\n%s", n, r.said.all())
	}
}

// TestProxyInterrupted: in the middle of a session, with something held: the
// recording is whole, and says the same.
func TestProxyInterrupted(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--break", `name == "message"`}})
	a := r.client()
	a.do(mbed + "C: <message to='mbed@localhost' id='held'/>")
	r.next("record", "held")
	if c := summed(r.end()); !c.is("outcome", "cut") && !c.is("outcome", "reset") {
		t.Errorf("the conversation is %v", c)
	}
}

// TestProxyKeyLog: the keys of both legs.
func TestProxyKeyLog(t *testing.T) {
	file := filepath.Join(t.TempDir(), "keys.log")
	r := newRig(t, rigOptions{args: []string{"--keylog-out", file}})
	r.client().do(mbed + "close")
	r.over(1)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "CLIENT_TRAFFIC_SECRET_0 "); n != 2 {
		t.Errorf("%d secrets, want one of each leg:\n%s", n, text)
	}
	if st, _ := os.Stat(file); st.Mode().Perm() != 0o600 {
		t.Errorf("mode %v", st.Mode())
	}
}

// TestProxyManyClients: at the same time; each is a conversation of its own.
func TestProxyManyClients(t *testing.T) {
	const n = 12
	o := sandbox.Options{}
	for i := range n {
		o.Accounts = append(o.Accounts, sandbox.Account{User: fmt.Sprintf("user%d", i), Password: "x"})
	}
	r := newRig(t, rigOptions{sandbox: o, args: []string{"--break", `name == "message" and dir == "initiator" and to == "user3@localhost"`}})
	var all sync.WaitGroup
	for i := range n {
		a := r.client()
		all.Go(func() {
			script := fmt.Sprintf("open\nstarttls\nlogin SCRAM-SHA-1 user%d x\nbind r\nroster\npresence\nC: <message to='user%d@localhost' id='m%d'/>\nS: message id=m%d\nclose", i, i, i, i)
			if err := a.try(script); err != nil {
				t.Errorf("user%d: %v", i, err)
			}
		})
	}
	held := r.next("record", "held")
	r.act(`{"do":"edit","seq":%d,"xml":"<message to='user3@localhost' id='m3'><body>late</body></message>"}`, held.num("seq"))
	all.Wait()
	live := r.over(0)
	users := map[string]bool{}
	for _, e := range live {
		if e.is("record", "conversation") {
			users[e.str("jid")] = true
		}
	}
	if len(users) != n {
		t.Errorf("conversations of %v", users)
	}
}

// TestProxyCloses: by hand, each way.
func TestProxyCloses(t *testing.T) {
	for _, layer := range []string{"tcp", "tls", "stream"} {
		t.Run(layer, func(t *testing.T) {
			r := newRig(t, rigOptions{})
			a := r.client()
			a.do(mbed)
			r.next("step", "bind", "dir", "receiver")
			r.act(`{"do":"close","layer":"%s","condition":"reset","text":"by hand"}`, layer)
			err := a.try("S: message")
			if want := map[string]string{"tcp": "closed the connection", "tls": "closed the connection", "stream": ": reset"}[layer]; err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("the client: %v", err)
			}
			a.Drop()
			r.over(1)
		})
	}
}

// dialTLS makes a client come in with TLS at once.
func dialTLS(r *rig, kind string) func(*practice.Options) {
	return func(o *practice.Options) {
		conf := o.TLS.Clone()
		conf.ServerName, conf.NextProtos = "localhost", []string{"xmpp-client"}
		o.Dial = func(ctx context.Context) (net.Conn, error) {
			return (&tls.Dialer{Config: conf}).DialContext(ctx, "tcp", r.door(kind))
		}
	}
}

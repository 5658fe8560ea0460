package main

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/proxy"

	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
)

// TestProxyDirectTLS: TLS at once on both legs, on either of the doors.
func TestProxyDirectTLS(t *testing.T) {
	for _, door := range []string{"starttls", "tls"} {
		r := newRig(t, rigOptions{direct: true, listen: []string{door + "://127.0.0.1:0"}})
		a := r.client(dialTLS(r, door))
		a.do("open\nlogin PLAIN mbed mirror\nbind board\nclose")
		if c := summed(r.over(1)); !c.is("transport", "direct-tls", "outcome", "closed") {
			t.Errorf("%s: %v", door, c)
		}
	}
}

// TestProxyOtherWrapping: the legs need not speak alike.
func TestProxyOtherWrapping(t *testing.T) {
	r := newRig(t, rigOptions{direct: true, args: []string{"--upstream", "tls"}})
	r.client().do(mbed + "close")
	if c := summed(r.over(1)); !c.is("transport", "tcp") {
		t.Errorf("%v", c)
	}
	r = newRig(t, rigOptions{args: []string{"--upstream", "starttls"}, listen: []string{"tls://127.0.0.1:0"}})
	r.client(dialTLS(r, "tls")).do("open\nlogin PLAIN mbed mirror\nbind board\nclose")
	if c := summed(r.over(1)); !c.is("transport", "direct-tls") {
		t.Errorf("%v", c)
	}
}

// TestProxyInsistsOnTLS: with --upstream starttls nothing goes to the server in
// clear text, whatever the client does; it is told so.
func TestProxyInsistsOnTLS(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--upstream", "starttls"}})
	a := r.client()
	if err := a.try("open\nlogin PLAIN mbed mirror"); err == nil || !strings.Contains(err.Error(), "policy-violation") {
		t.Errorf("the client: %v", err)
	}
	a.Drop()
	r.client().do(mbed + "close")
	live := r.over(2)
	if e := only(t, live, "step", "sasl-auth", "origin", "dropped"); !strings.Contains(e.str("note"), "--upstream starttls") {
		t.Errorf("the login in clear text: %v", e)
	}
}

// TestProxySOCKS5: leads to the server, and nowhere else.
func TestProxySOCKS5(t *testing.T) {
	r := newRig(t, rigOptions{listen: []string{"socks5://127.0.0.1:0"}})
	through := func(to string) func(*practice.Options) {
		return func(o *practice.Options) {
			o.Dial = func(context.Context) (net.Conn, error) {
				d, err := proxy.SOCKS5("tcp", r.door("socks5"), nil, nil)
				if err != nil {
					return nil, err
				}
				return d.Dial("tcp", to)
			}
		}
	}
	r.client(through("localhost:5222")).do(mbed + "close")
	for _, to := range []string{"example.org:5222", "127.0.0.2:22", "localhost.example.org:5222"} {
		if err := r.client(through(to)).try("open"); err == nil || !strings.Contains(err.Error(), "not allowed") {
			t.Errorf("%s: %v", to, err)
		}
	}
	said := ""
	for _, e := range r.over(1) {
		said += e.str("note")
	}
	if !strings.Contains(said, `at the door socks5 for "localhost:5222"`) || !strings.Contains(said, r.house[sandbox.StartTLS]) {
		t.Errorf("nothing says that the client gets another port: %s", said)
	}
}

// TestProxyCONNECT: likewise.
func TestProxyCONNECT(t *testing.T) {
	r := newRig(t, rigOptions{listen: []string{"connect://127.0.0.1:0"}})
	ask := func(request string) (net.Conn, int) {
		nc, err := net.Dial("tcp", r.door("connect"))
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { nc.Close() })
		fmt.Fprintf(nc, "%s\r\n\r\n", request)
		in := bufio.NewReaderSize(nc, 16) // the answer and no more
		answer, err := http.ReadResponse(in, &http.Request{Method: "CONNECT"})
		if err != nil {
			t.Fatal(err)
		}
		return nc, answer.StatusCode
	}
	nc, code := ask("CONNECT localhost:5222 HTTP/1.1\r\nHost: localhost")
	if code != http.StatusOK {
		t.Fatalf("answered with %d", code)
	}
	r.client(func(o *practice.Options) { o.Dial = func(context.Context) (net.Conn, error) { return nc, nil } }).do(mbed + "close")
	for request, want := range map[string]int{"CONNECT example.org:443 HTTP/1.1": 403, "GET http://localhost/ HTTP/1.1": 405, "hello": 400} {
		if _, code := ask(request); code != want {
			t.Errorf("%s: answered with %d, want %d", request, code, want)
		}
	}
	r.over(1)
}

// TestProxyNotXMPP: what nobody knows goes through as it is, and is said to be
// so.
func TestProxyNotXMPP(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	go func() {
		nc, err := ln.Accept()
		if err == nil {
			io.Copy(nc, nc)
			nc.Close()
		}
	}()
	r := newRig(t, rigOptions{to: ln.Addr().String(), text: true, noFile: true, args: []string{"--log", "proxy", "--log-file", filepath.Join(t.TempDir(), "log")}})
	nc, err := net.Dial("tcp", r.door("starttls"))
	if err != nil {
		t.Fatal(err)
	}
	const said = "EHLO\x00\xff\r\n\x16"
	io.WriteString(nc, said)
	nc.(*net.TCPConn).CloseWrite()
	if echo, err := io.ReadAll(nc); err != nil || string(echo) != said {
		t.Errorf("%q came back (%v)", echo, err)
	}
	r.stop()
	r.exited(exitDone)
	log, _ := os.ReadFile(r.args[len(r.args)-1])
	if !strings.Contains(string(log), "this is not XMPP") {
		t.Errorf("it is not said: %s", log)
	}
}

// TestProxyExec: a client that finds our authority and our door in its
// environment; the proxy ends with it.
func TestProxyExec(t *testing.T) {
	if _, err := os.Stat("/bin/sh"); err != nil {
		t.Skip("there is no /bin/sh here: no command is run by it")
	}
	out := filepath.Join(t.TempDir(), "env")
	r := newRig(t, rigOptions{args: []string{"--exec", `echo "$SSL_CERT_FILE $XMPPSCOPE_HOST:$XMPPSCOPE_PORT $NODE_EXTRA_CA_CERTS" > ` + out + `; echo out; exit 3`}})
	r.exited(exitDone)
	text, err := os.ReadFile(out)
	pem := filepath.Join(r.dir, "data", "xmppscope", "ca.pem")
	if want := pem + " " + r.door("starttls") + " " + pem + "\n"; err != nil || string(text) != want {
		t.Errorf("%q, want %q (%v)", text, want, err)
	}
	if !strings.Contains(r.said.all(), "the client ended: exit status 3") || strings.Contains(r.out.all(), "out") {
		t.Errorf("standard error: %s\nstandard output: %s", r.said.all(), r.out.all())
	}
}

// TestProxyEndsItsClient: where the proxy is interrupted, the client of --exec
// ends too.
func TestProxyEndsItsClient(t *testing.T) {
	r := newRig(t, rigOptions{args: []string{"--exec", "echo begun >&2; sleep 600"}})
	r.said.wait(t, "the client", func(l string) bool { return l == "begun" })
	r.stop()
	r.exited(exitDone)
}

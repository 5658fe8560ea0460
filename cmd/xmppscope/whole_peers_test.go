package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"xmppscope/proxy/ca"
)

// What stands on both sides of a relay whose load is measured, and the bare relay
// that ours is measured by.

const (
	loadOpen     = "<?xml version='1.0'?><stream:stream xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams' to='localhost' version='1.0'>"
	loadFeatures = "<stream:features><starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/></stream:features>"
	loadTLS      = "<starttls xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
	loadProceed  = "<proceed xmlns='urn:ietf:params:xml:ns:xmpp-tls'/>"
)

// loadStanza has 300 bytes.
var loadStanza = "<message type='chat' to='user1@localhost/res' id='0123456789'><body>" + strings.Repeat("x", 300-68-17) + "</body></message>"

// loadConfig is a server's TLS.
func loadConfig() (*tls.Config, error) {
	authority, err := ca.New()
	if err != nil {
		return nil, err
	}
	return &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost")}, nil
}

// heard reads what must come.
func heard(r io.Reader, text string) bool {
	got := make([]byte, len(text))
	_, err := io.ReadFull(r, got)
	return err == nil && string(got) == text
}

// loadServer says everything again, once a stream is open; returns its address.
func loadServer(b testing.TB, secure bool) string {
	config, err := loadConfig()
	if err != nil {
		b.Fatal(err)
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { l.Close() })
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if !heard(c, loadOpen) {
					return
				}
				io.WriteString(c, loadOpen+loadFeatures)
				if secure {
					if !heard(c, loadTLS) {
						return
					}
					io.WriteString(c, loadProceed)
					if c = tls.Server(c, config); !heard(c, loadOpen) {
						return
					}
					io.WriteString(c, loadOpen+loadFeatures)
				}
				io.CopyBuffer(struct{ io.Writer }{c}, struct{ io.Reader }{c}, make([]byte, 2<<10))
			}()
		}
	}()
	return l.Addr().String()
}

// loadClient opens a stream.
func loadClient(addr string, secure bool) (net.Conn, error) {
	c, err := net.DialTimeout("tcp", addr, 10*time.Second)
	if err != nil {
		return nil, err
	}
	c.SetDeadline(time.Now().Add(slack))
	ok := true
	say := func(text, answer string) {
		io.WriteString(c, text)
		ok = ok && heard(c, answer)
	}
	say(loadOpen, loadOpen+loadFeatures)
	if secure && ok {
		say(loadTLS, loadProceed)
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: "localhost"})
		say(loadOpen, loadOpen+loadFeatures)
	}
	if !ok {
		c.Close()
		return nil, fmt.Errorf("no stream by %s", addr)
	}
	c.SetDeadline(time.Time{})
	return c, nil
}

// bareRelay is a program of its own: it copies both ways through user space,
// across STARTTLS where asked for, and does nothing else.
func bareRelay(args []string) int {
	to, secure := args[0], args[1] == "starttls"
	config, err := loadConfig()
	if err != nil {
		return 1
	}
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 1
	}
	fmt.Fprintf(os.Stderr, "listening starttls %s\n", l.Addr())
	for {
		a, err := l.Accept()
		if err != nil {
			time.Sleep(time.Millisecond)
			continue
		}
		go func() {
			b, err := net.Dial("tcp", to)
			if err != nil {
				a.Close()
				return
			}
			if secure {
				io.CopyN(b, a, int64(len(loadOpen)))
				io.CopyN(a, b, int64(len(loadOpen+loadFeatures)))
				io.CopyN(b, a, int64(len(loadTLS)))
				io.CopyN(a, b, int64(len(loadProceed)))
				a, b = tls.Server(a, config), tls.Client(b, &tls.Config{InsecureSkipVerify: true})
			}
			pass := func(to, from net.Conn) {
				io.Copy(struct{ io.Writer }{to}, struct{ io.Reader }{from})
				to.Close()
				from.Close()
			}
			go pass(a, b)
			pass(b, a)
		}()
	}
}

// opened waits until a relay says where it listens.
func opened(b testing.TB, said io.Reader) string {
	lines := bufio.NewScanner(said)
	for lines.Scan() {
		if _, addr, ok := strings.Cut(lines.Text(), "listening starttls "); ok {
			go io.Copy(io.Discard, said)
			return addr
		}
	}
	b.Fatal("a relay does not listen")
	return ""
}

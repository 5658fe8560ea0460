package main

import (
	"context"
	"crypto/tls"
	"encoding/xml"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"mellium.im/sasl"
	"mellium.im/xmlstream"
	"mellium.im/xmpp"
	"mellium.im/xmpp/jid"
	"mellium.im/xmpp/mux"
	"mellium.im/xmpp/ping"
	"mellium.im/xmpp/roster"
	"mellium.im/xmpp/stanza"
)

// visit is one client on its way through the proxy.
type visit struct {
	*testing.T
	rig  *rig
	addr string // the proxy's door
	h    *house
	wrap string // starttls, starttls12, direct or plain
}

// clientsOf is the table of real clients; each logs in as juliet, and says
// something.
var clientsOf = []struct {
	name  string
	needs []string
	wraps string // that it can speak
	run   func(*visit)
}{
	{"slixmpp", []string{"slixmpp"}, "starttls starttls12 direct plain", (*visit).slixmpp},
	{"go-sendxmpp", []string{"go-sendxmpp"}, "starttls starttls12 direct", (*visit).goSendxmpp},
	{"profanity", []string{"profanity", "tmux"}, "starttls starttls12 direct plain", (*visit).profanity},
	{"mellium", nil, "starttls starttls12 direct", (*visit).mellium},
}

// caFile is what a client has to trust.
func (v *visit) caFile() string { return filepath.Join(v.rig.dir, "data", "xmppscope", "ca.pem") }

// play runs a scene of people.py; env is more of its environment.
func (v *visit) play(scene string, env ...string) string {
	v.Helper()
	return v.script("people.py", scene, env...)
}

// script runs a scene of a script.
func (v *visit) script(file, scene string, env ...string) string {
	v.Helper()
	out, err := v.start(file, scene, env...)()
	if err != nil || strings.Contains(out, "FAILED") {
		v.Errorf("%s: %v\n%s", scene, err, out)
	}
	return out
}

// begin starts a scene; the function waits for its end.
func (v *visit) begin(scene string, env ...string) func() (string, error) {
	v.Helper()
	return v.start("people.py", scene, env...)
}

func (v *visit) start(file, scene string, env ...string) func() (string, error) {
	v.Helper()
	ctx, stop := context.WithTimeout(context.Background(), 10*time.Minute)
	c := exec.CommandContext(ctx, "/usr/bin/python3", filepath.Join("testdata", "live", file), scene)
	wrap := strings.TrimSuffix(v.wrap, "12")
	c.Env = append(os.Environ(), "ADDR="+v.addr, "DOMAIN="+v.h.Domain, "CA="+v.caFile(), "WRAP="+wrap)
	if wrap != v.wrap {
		c.Env = append(c.Env, "TLS=1.2")
	}
	c.Env = append(c.Env, env...)
	var said strings.Builder
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		v.Fatal(err)
	}
	return func() (string, error) {
		defer stop()
		err := c.Wait()
		return said.String(), err
	}
}

func (v *visit) slixmpp() {
	if out := v.play("login"); !strings.Contains(out, "ok heard Parting is such sweet sorrow") {
		v.Errorf("slixmpp: %s", out)
	}
}

func (v *visit) goSendxmpp() {
	ctx, stop := context.WithTimeout(context.Background(), patient)
	defer stop()
	args := []string{"-u", "juliet@" + v.h.Domain, "-p", people["juliet"], "-j", v.addr, "-n"}
	if v.wrap == "direct" {
		args = append(args, "-t")
	}
	c := exec.CommandContext(ctx, "go-sendxmpp", append(args, "romeo@"+v.h.Domain)...)
	c.Stdin = strings.NewReader("Wherefore art thou?\n")
	c.Env = append(os.Environ(), "HOME="+v.TempDir(), "SSL_CERT_FILE="+v.caFile())
	if out, err := c.CombinedOutput(); err != nil {
		v.Errorf("go-sendxmpp: %v\n%s", err, out)
	}
}

// profanity is driven in a terminal.
func (v *visit) profanity() {
	dir, err := os.MkdirTemp("", "prof") // a socket's path must be short
	if err != nil {
		v.Fatal(err)
	}
	defer os.RemoveAll(dir)
	socket := filepath.Join(dir, "s")
	run := func(args ...string) string {
		c := exec.Command("tmux", append([]string{"-f", "/dev/null", "-S", socket}, args...)...)
		c.Env = append(os.Environ(), "HOME="+dir, "XDG_CONFIG_HOME="+dir, "XDG_DATA_HOME="+dir, "TERM=xterm-256color", "LC_ALL=C.UTF-8", "SSL_CERT_FILE="+v.caFile())
		out, _ := c.CombinedOutput()
		return string(out)
	}
	run("new-session", "-d", "-x", "140", "-y", "40", "profanity")
	defer run("kill-server")
	see := func(text string) bool {
		screen := ""
		for deadline := time.Now().Add(patient); time.Now().Before(deadline); {
			if screen = run("capture-pane", "-p"); strings.Contains(screen, text) {
				return true
			}
			time.Sleep(50 * time.Millisecond)
		}
		v.Errorf("profanity: %q does not appear:\n%s", text, screen)
		return false
	}
	do := func(line string) { run("send-keys", "-l", "--", line); run("send-keys", "Enter") }
	how := map[string]string{"direct": "legacy", "plain": "disable"}[v.wrap]
	if how == "" {
		how = "force"
	}
	host, port, _ := net.SplitHostPort(v.addr)
	if !see("Profanity") {
		return
	}
	do("/connect juliet@" + v.h.Domain + "/prof server " + host + " port " + port + " tls " + how)
	if !see("password") {
		return
	}
	do(people["juliet"])
	if !see("logged in") {
		return
	}
	do("/msg juliet@" + v.h.Domain + " What light through yonder window breaks")
	v.rig.next("record", "event", "name", "message", "dir", "initiator", "origin", "wire")
	do("/disconnect")
	v.rig.next("record", "event", "kind", "close", "dir", "initiator")
	do("/quit")
}

// said is a message with words.
type said struct {
	stanza.Message
	Body string `xml:"body"`
}

func (v *visit) mellium() {
	if err := v.melliumLogin(); err != nil {
		v.Errorf("mellium: %v", err)
	}
}

func (v *visit) melliumLogin() error {
	ctx, stop := context.WithTimeout(context.Background(), patient)
	defer stop()
	me := jid.MustParse("juliet@" + v.h.Domain + "/mellium")
	conf := &tls.Config{RootCAs: v.rig.trust(), ServerName: v.h.Domain, MinVersion: tls.VersionTLS12}
	if v.wrap == "starttls12" {
		conf.MaxVersion = tls.VersionTLS12
	}
	nc, err := (&net.Dialer{}).DialContext(ctx, "tcp", v.addr)
	if err != nil {
		return err
	}
	defer nc.Close()
	features := []xmpp.StreamFeature{xmpp.SASL("", people["juliet"], sasl.ScramSha256, sasl.ScramSha1), xmpp.BindResource()}
	if v.wrap == "direct" {
		conf.NextProtos = []string{"xmpp-client"}
		nc = tls.Client(nc, conf)
	} else {
		features = append(features, xmpp.StartTLS(conf))
	}
	s, err := xmpp.NewClientSession(ctx, me, nc, features...)
	if err != nil {
		return fmt.Errorf("session: %w", err)
	}
	came := make(chan struct{}, 1)
	served := make(chan error, 1)
	go func() {
		served <- s.Serve(mux.New(stanza.NSClient, ping.Handle(), mux.MessageFunc(stanza.ChatMessage, xml.Name{Local: "body"},
			func(stanza.Message, xmlstream.TokenReadEncoder) error { came <- struct{}{}; return nil })))
	}()
	it := roster.Fetch(ctx, s)
	for it.Next() {
	}
	if err := it.Err(); err != nil {
		return fmt.Errorf("roster: %w", err)
	}
	if err := it.Close(); err != nil {
		return fmt.Errorf("roster: %w", err)
	}
	if err := s.Send(ctx, stanza.Presence{}.Wrap(nil)); err != nil {
		return err
	}
	if err := s.Encode(ctx, said{Message: stanza.Message{To: s.LocalAddr(), Type: stanza.ChatMessage}, Body: "to myself"}); err != nil {
		return err
	}
	select {
	case <-came:
	case <-ctx.Done():
		return fmt.Errorf("the message: %w", ctx.Err())
	}
	if err := s.Close(); err != nil {
		return fmt.Errorf("close: %w", err)
	}
	select {
	case <-served:
	case <-ctx.Done():
	}
	return nil
}

package main

import (
	"bytes"
	"crypto/tls"
	"fmt"
	"io"
	"log/slog"
	"sync"
	"testing"
	"time"

	"xmppscope/proxy"
	"xmppscope/proxy/verify"
)

// What the proxy warns of is said although nobody asked for its log, not with
// every connection, and with nothing in it that a terminal obeys.
func TestWarningsAreSaid(t *testing.T) {
	var out bytes.Buffer
	log := alarms(slog.New(slog.DiscardHandler), func() io.Writer { return &out })
	log.Info("a client was turned away")
	log.Error("no connection can be taken for the moment", "door", "127.0.0.1:5222", "why", "too many open files \x1b[2J")
	log.Error("no connection can be taken for the moment", "door", "127.0.0.1:5222", "why", "too many open files")
	want := "xmppscope: no connection can be taken for the moment, door 127.0.0.1:5222: too many open files ␛[2J\n"
	if out.String() != want {
		t.Errorf("%q, not %q", &out, want)
	}
	s := lastSaid{at: map[string]time.Time{}}
	now := time.Unix(0, 0)
	if !s.again("a", now) || s.again("a", now.Add(alarmEvery/2)) || !s.again("b", now) || !s.again("a", now.Add(alarmEvery)) {
		t.Error("said too often, or too seldom")
	}
}

// The domain that a certificate is checked for may be a client's word.
func TestDistrustIsDisarmed(t *testing.T) {
	var out bytes.Buffer
	j := &proxying{e: &env{streams: &streams{err: &out}}, flags: &proxyFlags{to: "192.0.2.1"}, check: verify.Check{}}
	j.verify(tls.ConnectionState{}, proxy.Facts{Domain: "a\x1b]0;title\x07\n" + string(bytes.Repeat([]byte("x"), 64<<10))})
	if text := out.String(); bytes.ContainsAny(out.Bytes(), "\x1b\x07") || len(text) > 2<<10 || bytes.Count(out.Bytes(), []byte("\n")) != 2 {
		t.Errorf("%.300q", text)
	}
}

// While a screen is shown, standard error is kept from it; what was said comes
// when it is gone, and what is said then at once.
func TestHushed(t *testing.T) {
	var out bytes.Buffer
	j := &proxying{e: &env{streams: &streams{err: &out}}}
	loud := j.hush()
	var all sync.WaitGroup
	for i := range 4 {
		all.Go(func() { fmt.Fprintf(j.e.err, "xmppscope: %d\n", i) })
	}
	all.Wait()
	if out.Len() > 0 || len(j.news.lines()) != 4 {
		t.Errorf("on the screen: %q", &out)
	}
	late := make(chan struct{})
	go func() { defer close(late); fmt.Fprintln(j.e.err, "late") }()
	loud()
	<-late
	fmt.Fprintln(j.e.err, "after")
	if n := bytes.Count(out.Bytes(), []byte("\n")); n != 6 || !bytes.HasSuffix(out.Bytes(), []byte("after\n")) {
		t.Errorf("said: %q", &out)
	}
}

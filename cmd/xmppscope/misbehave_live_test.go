package main

import (
	"context"
	"crypto/tls"
	"net"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"xmppscope/decode/lint"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// watched is a practice server and a client that can be listened to.
type watched struct {
	*testing.T
	server *sandbox.Server
	source *ca.Authority
}

func newWatched(t *testing.T, authority *ca.Authority) *watched {
	t.Helper()
	o := sandbox.Options{Iterations: 4096, TLS: &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost")}}
	o.Limits.Linger = 50 * time.Millisecond
	s, err := sandbox.New(o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), time.Second)
		defer stop()
		_ = s.Shutdown(ctx)
	})
	return &watched{t, s, authority}
}

// session plays the whole session on one connection, and lets something happen
// once the client is there. It ends where a line fails.
func (x *watched) session(there func()) *witness {
	x.Helper()
	keys := &heardKeys{}
	var heard []*overheard
	c := practice.New(practice.Options{TLS: &tls.Config{RootCAs: x.source.Pool(), KeyLogWriter: keys}, Attempts: 1, Patience: 700 * time.Millisecond,
		Dial: func(context.Context) (net.Conn, error) {
			nc, err := x.server.Dial(sandbox.StartTLS)
			if err == nil {
				heard = append(heard, &overheard{Conn: nc})
				nc = heard[len(heard)-1]
			}
			return nc, err
		}})
	script, err := practice.Parse(session)
	if err != nil {
		x.Fatal(err)
	}
	w := &witness{}
	for _, s := range script {
		if w.err = c.Do(x.Context(), s); w.err != nil {
			break
		}
		if s.Verb == "S" && there != nil {
			there()
			there = nil
			// What is about presence is about the next one too.
			for _, line := range []string{"C: <presence><status>still here</status></presence>", "C: <iq type='get' id='r2'><query xmlns='jabber:iq:roster'/></iq>", "ping"} {
				more, err := practice.Parse(line)
				if err != nil {
					x.Fatal(err)
				}
				_ = c.Do(x.Context(), more[0]) // the session says how it ends
			}
		}
	}
	c.Drop()
	w.judge(x.T, heard, keys, 150*time.Millisecond)
	return w
}

// shows tells whether the fault was seen.
func (w *witness) shows(m sandbox.Misbehaviour) bool {
	return m.Rule != "" && w.found(m.Rule) || m.Rule == "" && w.condition(m.Condition)
}

// fresh tells whether a misbehaviour is in what a connection does before anybody
// is there, so that one that is switched on later shows on the next connection.
func fresh(name string) bool {
	for _, prefix := range []string{"header-", "features-", "starttls-", "certificate-", "scram-", "sasl-", "mechanisms-", "bind-", "plain-in-clear"} {
		if strings.HasPrefix(name, prefix) {
			return true
		}
	}
	return slices.Contains(laterOnly, name)
}

// laterOnly are others like that: they answer a stream header, or the request for
// stream management, which this session has made before.
var laterOnly = []string{"sm-no-id", "stream-error-bad-namespace-prefix", "stream-error-host-gone", "stream-error-host-unknown",
	"stream-error-improper-addressing", "stream-error-internal-server-error", "stream-error-invalid-namespace",
	"stream-error-remote-connection-failed", "stream-error-see-other-host", "stream-error-unsupported-encoding", "stream-error-unsupported-version"}

// TestMisbehavioursLive: each is switched on while somebody is there, and shows
// on that connection or, where it is about what comes first on one, on the next;
// once it is switched off again nothing of it is left.
func TestMisbehavioursLive(t *testing.T) {
	for _, m := range sandbox.Misbehaviours() {
		t.Run(m.Name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) { switched(t, m) })
		})
	}
}

func switched(t *testing.T, m sandbox.Misbehaviour) {
	x := newWatched(t, authority(t))
	name := m.Name
	if name == "slow" {
		name = "slow=300"
	}
	on := x.session(func() {
		if err := x.server.Misbehave(name, true); err != nil {
			t.Error(err)
		}
	})
	if !fresh(m.Name) && !on.shows(m) {
		t.Errorf("on the open connection: %v; it ended with %v", on.rules(), on.err)
	}
	if fresh(m.Name) {
		if next := x.session(nil); !next.shows(m) {
			t.Errorf("on the next connection: %v; it ended with %v", next.rules(), next.err)
		}
	}
	if err := x.server.Misbehave(m.Name, false); err != nil {
		t.Error(err)
	}
	after := x.session(nil)
	if after.err != nil {
		t.Errorf("switched off: %v", after.err)
	}
	for _, f := range after.findings {
		if f.Level > lint.LevelNote && f.Rule != "stream-from-missing-secured" { // who plays line by line does not say who is coming
			t.Errorf("switched off: %s: %s", f.Rule, f.Text)
		}
	}
}

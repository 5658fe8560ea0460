package binding

import (
	"crypto/tls"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/xdg-go/scram"

	"xmppscope/decode"
)

// meeting is a client and a server that insist on binding, and what stands
// between them.
type meeting struct {
	client, server         uint16 // versions of TLS of the two legs
	clientType, serverType string // what they bind by
	mechanism              string
	sasl2                  bool
	listed                 []string
	password               string // the client's
	tamper                 func(decode.Dir, string) string
	mode                   Mode
	lookup                 func(user, domain string) (string, bool)
	a, b                   *wire
}

func (c *meeting) run(t *testing.T) (*middle, error) {
	t.Helper()
	if c.a == nil {
		c.a, c.b = shake(t, c.client), shake(t, c.server)
	}
	m := &middle{t: t, sasl2: c.sasl2, s: New(Options{Mode: c.mode, Password: c.lookup})}
	m.s.Secured(c.a.leg(), LegOf(&c.b.client, c.b.leaf()))
	seen, types := m.features([]string{strings.TrimSuffix(c.mechanism, "-PLUS"), c.mechanism, "PLAIN"}, c.listed)
	if !slices.Contains(seen, c.mechanism) {
		return m, fmt.Errorf("the client does not see %s", c.mechanism)
	}
	if types != nil && !slices.Contains(types, c.clientType) {
		return m, fmt.Errorf("the client sees the types %v", types)
	}
	m.tamper = c.tamper
	client := newClient(t, c.mechanism, c.password).NewConversationWithChannelBinding(binding(t, c.clientType, &c.a.client, c.a.leaf()))
	server := newServer(t, c.mechanism).NewConversationWithChannelBindingRequired(binding(t, c.serverType, &c.b.server, c.b.leaf()))
	towards, err := m.login(c.mechanism, client, server)
	if err == nil && towards != c.mechanism {
		t.Errorf("the server got the mechanism %s", towards)
	}
	return m, err
}

// versionOf is a version of TLS that has the type.
func versionOf(typ string) uint16 {
	if typ == "tls-unique" {
		return tls.VersionTLS12
	}
	return tls.VersionTLS13
}

// TestBothInsistOnBinding: every hash, every type, both profiles.
func TestBothInsistOnBinding(t *testing.T) {
	for _, mechanism := range []string{"SCRAM-SHA-1-PLUS", "SCRAM-SHA-256-PLUS", "SCRAM-SHA-512-PLUS"} {
		for _, typ := range []string{"tls-unique", "tls-server-end-point", "tls-exporter"} {
			for _, sasl2 := range []bool{false, true} {
				t.Run(fmt.Sprintf("%s %s sasl2=%v", mechanism, typ, sasl2), func(t *testing.T) {
					c := meeting{client: versionOf(typ), server: versionOf(typ), clientType: typ, serverType: typ, mechanism: mechanism,
						sasl2: sasl2, listed: []string{typ}, password: "pencil", mode: Recompute, lookup: pencil}
					m, err := c.run(t)
					if err != nil {
						t.Fatal(err, m.notes)
					}
					if m.changed != 2 { // client-final and server-final
						t.Errorf("%d messages were changed, want 2: %v", m.changed, m.notes)
					}
				})
			}
		}
	}
}

// TestVersionsDiffer: each leg binds by what it can.
func TestVersionsDiffer(t *testing.T) {
	tests := []struct {
		name           string
		client, server uint16
		clientType     string
		serverType     string
		listed         []string
	}{
		{"new client, old server", tls.VersionTLS13, tls.VersionTLS12, "tls-exporter", "tls-unique", []string{"tls-unique"}},
		{"old client, new server", tls.VersionTLS12, tls.VersionTLS13, "tls-unique", "tls-exporter", nil},
		{"new client, old server, no list", tls.VersionTLS13, tls.VersionTLS12, "tls-exporter", "tls-unique", nil},
		{"both by certificate", tls.VersionTLS13, tls.VersionTLS12, "tls-server-end-point", "tls-server-end-point", []string{"tls-unique", "tls-server-end-point"}},
		{"the server has the exporter too", tls.VersionTLS13, tls.VersionTLS12, "tls-exporter", "tls-unique", []string{"tls-unique", "tls-exporter"}},
		{"old client, list of the new", tls.VersionTLS12, tls.VersionTLS13, "tls-exporter", "tls-exporter", []string{"tls-exporter"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := meeting{client: tt.client, server: tt.server, clientType: tt.clientType, serverType: tt.serverType, mechanism: "SCRAM-SHA-256-PLUS",
				sasl2: true, listed: tt.listed, password: "pencil", mode: Recompute, lookup: pencil}
			if m, err := c.run(t); err != nil {
				t.Fatal(err, m.notes)
			}
		})
	}
}

func TestRefused(t *testing.T) {
	flip := func(dir decode.Dir, prefix string, letter byte) func(decode.Dir, string) string {
		return func(d decode.Dir, msg string) string {
			if d != dir || !strings.HasPrefix(msg, prefix) {
				return msg
			}
			value := attr([]byte(msg), letter)
			value = append([]byte{}, value...)
			if value[3] == 'A' {
				value[3] = 'B'
			} else {
				value[3] = 'A'
			}
			return string(withAttr([]byte(msg), letter, value))
		}
	}
	swap := func(prefix, from, to string) func(decode.Dir, string) string {
		return func(_ decode.Dir, msg string) string {
			if strings.HasPrefix(msg, prefix) {
				return strings.Replace(msg, from, to, 1)
			}
			return msg
		}
	}
	tests := []struct {
		name, password string
		tamper         func(decode.Dir, string) string
		by, note       string
	}{
		{"wrong password", "crayon", nil, "server, proof", "does not fit the password"},
		{"proof changed", "pencil", flip(decode.FromInitiator, "c=", 'p'), "server, proof", "does not fit the password"},
		{"binding changed", "pencil", flip(decode.FromInitiator, "c=", 'c'), "server, proof", "c= is not what"},
		{"nonce of the last message changed", "pencil", flip(decode.FromInitiator, "c=", 'r'), "server, proof", ""},
		{"extension put in", "pencil", swap("c=", ",p=", ",x=1,p="), "server, proof", "does not fit the password"},
		{"user name changed", "pencil", swap("p=", "n=user", "n=uset"), "server, first message", "no password"},
		{"count of rounds changed", "pencil", swap("r=", "i=4096", "i=4097"), "server, proof", ""},
		{"signature changed", "pencil", flip(decode.FromReceiver, "v=", 'v'), "client, signature", "signature does not fit"},
	}
	a, b := shake(t, tls.VersionTLS13), shake(t, tls.VersionTLS13)
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			c := meeting{a: a, b: b, clientType: "tls-exporter", serverType: "tls-exporter", mechanism: "SCRAM-SHA-256-PLUS",
				password: tt.password, mode: Recompute, lookup: pencil, tamper: tt.tamper}
			m, err := c.run(t)
			if err == nil || !strings.HasPrefix(err.Error(), tt.by) {
				t.Fatalf("refused by %v, want %s", err, tt.by)
			}
			if !strings.Contains(strings.Join(m.notes, "\n"), tt.note) {
				t.Errorf("notes %q, want %q", m.notes, tt.note)
			}
		})
	}
}

// TestSomebodyElseBetween: a client that is bound to another connection than ours
// must not get in.
func TestSomebodyElseBetween(t *testing.T) {
	a, b, other := shake(t, tls.VersionTLS13), shake(t, tls.VersionTLS13), shake(t, tls.VersionTLS13)
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
	m.s.Secured(a.leg(), LegOf(&b.client, b.leaf()))
	client := newClient(t, "SCRAM-SHA-256", "pencil").NewConversationWithChannelBinding(binding(t, "tls-exporter", &other.client, other.leaf()))
	server := newServer(t, "SCRAM-SHA-256").NewConversationWithChannelBinding(binding(t, "tls-exporter", &b.server, b.leaf()))
	_, err := m.login("SCRAM-SHA-256-PLUS", client, server)
	if err == nil || !strings.HasPrefix(err.Error(), "server, proof") {
		t.Fatal(err, m.notes)
	}
}

// TestNoPassword: without one nothing is changed, and the server refuses.
func TestNoPassword(t *testing.T) {
	c := meeting{client: tls.VersionTLS13, server: tls.VersionTLS13, clientType: "tls-exporter", serverType: "tls-exporter",
		mechanism: "SCRAM-SHA-256-PLUS", password: "pencil", mode: Recompute}
	m, err := c.run(t)
	if err == nil || m.changed != 0 {
		t.Fatal(err, m.changed)
	}
	if !strings.Contains(strings.Join(m.notes, "\n"), "no password for user was given") {
		t.Error(m.notes)
	}
}

// TestUnbound: a client that does not bind goes through byte for byte, and no key
// is derived.
func TestUnbound(t *testing.T) {
	a, b := shake(t, tls.VersionTLS13), shake(t, tls.VersionTLS13)
	for name, conversation := range map[string]func(*scram.Client) *scram.ClientConversation{
		"n": (*scram.Client).NewConversation, "y": (*scram.Client).NewConversationAdvertisingChannelBinding,
	} {
		m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
		m.s.Secured(a.leg(), LegOf(&b.client, b.leaf()))
		m.features([]string{"SCRAM-SHA-1", "PLAIN"}, nil)
		_, err := m.login("SCRAM-SHA-1", conversation(newClient(t, "SCRAM-SHA-1", "pencil")), newServer(t, "SCRAM-SHA-1").NewConversation())
		if err != nil || m.changed != 0 {
			t.Errorf("%s: %v, %d changed", name, err, m.changed)
		}
	}
}

// TestClientWithoutTLS says y because the proxy had to take -PLUS away, and gets
// in all the same.
func TestClientWithoutTLS(t *testing.T) {
	b := shake(t, tls.VersionTLS13)
	m := &middle{t: t, s: New(Options{Mode: Recompute, Password: pencil})}
	m.s.Secured(Leg{}, LegOf(&b.client, b.leaf()))
	seen, types := m.features([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, []string{"tls-exporter"})
	if !slices.Equal(seen, []string{"SCRAM-SHA-1"}) || types != nil {
		t.Fatal(seen, types)
	}
	client := newClient(t, "SCRAM-SHA-1", "pencil").NewConversationAdvertisingChannelBinding()
	server := newServer(t, "SCRAM-SHA-1").NewConversationWithChannelBinding(binding(t, "tls-exporter", &b.server, b.leaf()))
	if _, err := m.login("SCRAM-SHA-1", client, server); err != nil {
		t.Fatal(err, m.notes)
	}
}

// TestServerWithoutTLS: the client binds, the server cannot.
func TestServerWithoutTLS(t *testing.T) {
	a := shake(t, tls.VersionTLS13)
	for _, sasl2 := range []bool{false, true} {
		m := &middle{t: t, sasl2: sasl2, s: New(Options{Mode: Recompute, Password: pencil})}
		m.s.Secured(a.leg(), Leg{})
		seen, _ := m.features([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS"}, nil)
		if !slices.Contains(seen, "SCRAM-SHA-1-PLUS") {
			t.Fatal(seen)
		}
		client := newClient(t, "SCRAM-SHA-1", "pencil").NewConversationWithChannelBinding(binding(t, "tls-exporter", &a.client, a.leaf()))
		towards, err := m.login("SCRAM-SHA-1-PLUS", client, newServer(t, "SCRAM-SHA-1").NewConversation())
		if err != nil || towards != "SCRAM-SHA-1" {
			t.Fatal(towards, err, m.notes)
		}
	}
}

// TestStripIsFoundOut: a careful pair notices.
func TestStripIsFoundOut(t *testing.T) {
	a, b := shake(t, tls.VersionTLS13), shake(t, tls.VersionTLS13)
	m := &middle{t: t, s: New(Options{Mode: Strip})}
	m.s.Secured(a.leg(), LegOf(&b.client, b.leaf()))
	seen, types := m.features([]string{"SCRAM-SHA-1", "SCRAM-SHA-1-PLUS", "PLAIN"}, []string{"tls-exporter"})
	if !slices.Equal(seen, []string{"SCRAM-SHA-1", "PLAIN"}) || types != nil {
		t.Fatal(seen, types)
	}
	client := newClient(t, "SCRAM-SHA-1", "pencil").NewConversationAdvertisingChannelBinding()
	server := newServer(t, "SCRAM-SHA-1").NewConversationWithChannelBinding(binding(t, "tls-exporter", &b.server, b.leaf()))
	if _, err := m.login("SCRAM-SHA-1", client, server); err == nil {
		t.Fatal("a server that offered -PLUS took a client that says it did not")
	}
	if !strings.Contains(strings.Join(m.notes, "\n"), "must refuse (RFC 5802 §6)") || m.changed != 1 {
		t.Error(m.notes, m.changed)
	}
	if _, err := m.login("SCRAM-SHA-1", newClient(t, "SCRAM-SHA-1", "pencil").NewConversation(), newServer(t, "SCRAM-SHA-1").NewConversation()); err != nil {
		t.Error("a client that cannot bind:", err)
	}
}

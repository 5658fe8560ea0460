package sandbox

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"slices"
	"time"

	"xmppscope/decode/jid"
)

// Wrapping says how a connection that a listener takes begins.
type Wrapping uint8

const (
	// StartTLS begins in the clear (RFC 6120 §5); TLS is offered where there is
	// a certificate.
	StartTLS Wrapping = iota
	// DirectTLS begins with a TLS handshake (XEP-0368).
	DirectTLS
	// Component is for components, in the clear (XEP-0114).
	Component
	// HTTP is for WebSocket (RFC 7395) and BOSH (XEP-0124) in the clear, on any
	// path; HTTPS for the same inside TLS.
	HTTP
	HTTPS
	// Servers is for other servers (RFC 6120 §4.8.3).
	Servers
)

func (w Wrapping) String() string {
	return [...]string{"starttls", "tls", "component", "http", "https", "servers"}[w]
}

// Wrappings are all there are.
func Wrappings() []Wrapping { return []Wrapping{StartTLS, DirectTLS, Component, HTTP, HTTPS, Servers} }

// Conflict is what happens where a client asks for a resource that another one
// has (RFC 6120 §7.7.2.2).
type Conflict uint8

const (
	// ReplaceOld ends the stream that had the resource, with <conflict/>.
	ReplaceOld Conflict = iota
	// Rename gives the new client another resource.
	Rename
	// Refuse answers the new client with a <conflict/> stanza error.
	Refuse
)

// Compression says where streams may be compressed (XEP-0138).
type Compression uint8

const (
	// CompressNever offers none.
	CompressNever Compression = iota
	// CompressClear offers it where there is no TLS.
	CompressClear
	// CompressAlways offers it inside TLS too, where the length of what is
	// compressed tells of secrets (XEP-0138 §7).
	CompressAlways
)

// Options are what a server is made of. The zero Options make a server for
// localhost with the accounts of the lessons, and without TLS, to which nobody
// can log in unless Clear is set.
type Options struct {
	// Domain is what is served; empty means localhost.
	Domain string
	// Accounts are all there are; nil means DefaultAccounts.
	Accounts []Account
	// Rooms are the chat rooms that are there from the beginning; nil means
	// DefaultRooms. Others are made by entering them. They are at the domain
	// rooms. and Domain.
	Rooms []Room
	// Peers are other servers, by their domains: the address of the door that
	// each has for servers. Nobody else is let in there.
	Peers map[string]string
	// Reach connects to the server of a domain among Peers; nil means TCP to its
	// address.
	Reach func(ctx context.Context, domain string) (net.Conn, error)
	// Neighbours are other domains that the same doors lead to, each with
	// accounts, rooms and peers of its own; the rest of their options is not
	// looked at. They talk with each other as servers do, through memory.
	Neighbours []Options
	// Components are the secrets of components, by their domains (XEP-0114).
	Components map[string]string
	// TLS gives the certificate: Certificates or GetCertificate. Nil means that
	// no TLS is offered. Versions and suites are those that it allows.
	TLS *tls.Config
	// Clear allows logins on a connection without TLS.
	Clear bool
	// ClientCAs sign certificates of clients, who may then log in with EXTERNAL
	// (RFC 6120 §6.3.4); nil: none are asked for.
	ClientCAs *x509.CertPool
	// Mechanisms are those to offer, by the names of the table; nil means all
	// but DIGEST-MD5 and ANONYMOUS.
	Mechanisms []string
	// SASL2 offers logins of XEP-0388 too, with Bind 2 (XEP-0386), tokens
	// (XEP-0484) and stream management inside.
	SASL2 bool
	// Register lets clients make accounts, change passwords and take accounts away
	// (XEP-0077).
	Register bool
	// IQAuth allows logins without SASL (XEP-0078), and streams without a version.
	IQAuth bool
	// Compression says where streams may be compressed (XEP-0138).
	Compression Compression
	// Bindings are the types of channel binding to offer, and with them the
	// -PLUS mechanisms; AllBindings are those there are. Nil means all of them
	// up to TLS 1.2 and none with TLS 1.3: clients that know tls-unique alone say
	// there that the server offers nothing, and would have to be refused where
	// it does (RFC 5802 §6).
	Bindings []string
	// Without are features not to offer, by the names of the table.
	Without []string
	// Iterations is the count of SCRAM; 0 means 10,000.
	Iterations int
	// Conflict is the policy for a resource that is taken.
	Conflict Conflict
	// Seed makes ids, salts and nonces the same each time, connections in the
	// order in which they came; nil means random ones. It is for lessons and
	// tests: whoever knows it can forge what it makes.
	Seed *uint64
	// Misbehave are misbehaviours to begin with; see [Server.Misbehave].
	Misbehave []string
	// Limits bound what peers can do. Zero values mean the defaults.
	Limits Limits
}

// Limits bound what peers can do.
type Limits struct {
	// Unit and UnitBefore are the longest elements in bytes, with a login and
	// before it; 256 KiB and 16 KiB (RFC 6120 §13.12 asks for 10,000 or more).
	Unit, UnitBefore int
	// Conns is how many connections there may be; 1,000.
	Conns int
	// Queue is how many bytes may wait for a client that does not read; 1 MiB.
	Queue int
	// Tries is how many refused logins end the stream; 5 (RFC 6120 §6.4.5).
	Tries int
	// Resources is how many clients an account may have; 32.
	Resources int
	// Offline is how many messages are kept for an account; 100.
	Offline int
	// Contacts is how many items a roster may have; 500.
	Contacts int
	// Accounts is how many there may be before nobody can register any more; 500.
	Accounts int
	// Login is how long a connection may take until it is bound; a minute.
	Login time.Duration
	// Idle is after how much silence a client is asked whether it is there, and
	// Answer how long it then has; ten minutes and one.
	Idle, Answer time.Duration
	// Resume is how long a session waits for its client to come back; five
	// minutes (XEP-0198 §5).
	Resume time.Duration
	// Linger is how long the peer has to close its side too; two seconds.
	Linger time.Duration
	// Write is how long one write to a peer may take; half a minute.
	Write time.Duration
	// Peer is how long another server has for each step until a domain is proved;
	// ten seconds.
	Peer time.Duration
}

// Account is somebody who can log in.
type Account struct {
	User, Password string
	Contacts       []Contact
}

// Contact is an item of a roster as an account begins (RFC 6121 §2.1).
type Contact struct {
	// User is the localpart of an account of the same server.
	User, Name string
	Groups     []string
	// Subscription is none, to, from or both; empty means both.
	Subscription string
}

// DefaultAccounts are the people of the lessons. The slice is new each time.
func DefaultAccounts() []Account {
	return []Account{
		{User: "mbed", Password: "mirror", Contacts: []Contact{
			{User: "juliet", Name: "Juliet", Groups: []string{"Capulet"}},
			{User: "romeo", Name: "Romeo", Groups: []string{"Montague"}},
		}},
		{User: "juliet", Password: "r0m30myr0m30", Contacts: []Contact{
			{User: "romeo", Name: "Romeo", Groups: []string{"Friends"}},
			{User: "nurse", Name: "Nurse", Groups: []string{"Servants"}},
			{User: "mbed", Name: "Lamp"},
		}},
		{User: "romeo", Password: "wherefore", Contacts: []Contact{
			{User: "juliet", Name: "Juliet", Groups: []string{"Friends"}},
			{User: "benvolio", Name: "Benvolio", Groups: []string{"Friends"}},
			{User: "mbed", Name: "Lamp"},
		}},
		{User: "nurse", Password: "angelica", Contacts: []Contact{
			{User: "juliet", Name: "Juliet"},
		}},
		{User: "benvolio", Password: "peacemaker", Contacts: []Contact{
			{User: "romeo", Name: "Romeo", Groups: []string{"Cousins"}},
		}},
		{User: "tybalt", Password: "prince0fcats"},
	}
}

func pick[T int | time.Duration](v *T, otherwise T) {
	if *v <= 0 {
		*v = otherwise
	}
}

// complete fills in the defaults.
func (l *Limits) complete() {
	pick(&l.Unit, 256<<10)
	pick(&l.UnitBefore, 16<<10)
	pick(&l.Conns, 1000)
	pick(&l.Queue, 1<<20)
	pick(&l.Tries, 5)
	pick(&l.Resources, 32)
	pick(&l.Offline, 100)
	pick(&l.Contacts, 500)
	pick(&l.Accounts, 500)
	pick(&l.Login, time.Minute)
	pick(&l.Idle, 10*time.Minute)
	pick(&l.Answer, time.Minute)
	pick(&l.Resume, 5*time.Minute)
	pick(&l.Linger, 2*time.Second)
	pick(&l.Write, 30*time.Second)
	pick(&l.Peer, 10*time.Second)
}

// complete fills in the defaults and checks what was given.
func (o *Options) complete() error {
	o.Limits.complete()
	pick(&o.Iterations, 10_000)
	if o.Domain == "" {
		o.Domain = "localhost"
	}
	d, err := jid.Parse(o.Domain)
	if err != nil {
		return fmt.Errorf("domain %q: %w", o.Domain, err)
	}
	if d.Local != "" || d.Resource != "" {
		return fmt.Errorf("domain %q: that is an address, no domain", o.Domain)
	}
	o.Domain = d.Domain
	if o.Accounts == nil {
		o.Accounts = DefaultAccounts()
	}
	if o.Reach == nil {
		o.Reach = func(ctx context.Context, domain string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "tcp", o.Peers[domain])
		}
	}
	for _, name := range o.Mechanisms {
		if !slices.ContainsFunc(mechanisms[:], func(m mechanism) bool { return m.name == name }) {
			return fmt.Errorf("mechanism %q: not one that this server has", name)
		}
	}
	for _, name := range o.Bindings {
		if !slices.Contains(AllBindings(), name) {
			return fmt.Errorf("channel binding %q: not one that this server has", name)
		}
	}
	for _, name := range o.Without {
		if !slices.ContainsFunc(features(), func(f feature) bool { return f.name == name }) {
			return fmt.Errorf("feature %q: not one that this server has", name)
		}
	}
	if o.TLS != nil && len(o.TLS.Certificates) == 0 && o.TLS.GetCertificate == nil {
		return errors.New("TLS without a certificate")
	}
	return nil
}

// without tells whether a feature is not to be offered.
func (o *Options) without(name string) bool { return slices.Contains(o.Without, name) }

package practice

import (
	"context"
	"crypto/tls"
	"net"
	"time"
)

// Options are what a client is made of.
type Options struct {
	// Dial makes a connection to the server.
	Dial func(context.Context) (net.Conn, error)
	// Door is what carries the stream; empty means TCP itself.
	Door Door
	// Domain is whom the stream is for; empty means localhost.
	Domain string
	// TLS says whom to trust; nil means that the client knows no TLS. An empty
	// ServerName is the domain. Where Dial returns a *tls.Conn, as for direct
	// TLS (XEP-0368), it is used as it is.
	TLS *tls.Config
	// Patience is how long to wait for an element; 0 means half a minute.
	Patience time.Duration
	// Attempts is how many times to log in at most; 0 means 3.
	Attempts int
	// Pause is how long to wait after the first refusal; it doubles with each,
	// up to MaxPause. 0 means a second, and ten.
	Pause, MaxPause time.Duration
	// Nonce makes the nonces of SCRAM; nil means random ones.
	Nonce func() string
	// Binding is the type of channel binding to use with a -PLUS mechanism;
	// empty means the first that both sides know.
	Binding string
	// Tell is told of every step, by the goroutine that plays; nil: nobody is.
	Tell func(Progress)
}

// State is how far a step has come.
type State uint8

// The states of a step.
const (
	Begun State = iota + 1
	Done
	Waiting // refused, and tried again later
	Failed
)

func (s State) String() string { return [...]string{"", "begun", "done", "waiting", "failed"}[s] }

// Progress is what is told of a step.
type Progress struct {
	State State
	Step  Step
	// Why says what a login was refused for, or what a step failed of. It may
	// hold text from the wire.
	Why string
	// Attempt is the number of the login that was refused, from 1, and Pause
	// how long until the next.
	Attempt int
	Pause   time.Duration
}

func (o *Options) complete() {
	if o.Domain == "" {
		o.Domain = "localhost"
	}
	if o.Patience <= 0 {
		o.Patience = 30 * time.Second
	}
	if o.Attempts <= 0 {
		o.Attempts = 3
	}
	if o.Pause <= 0 {
		o.Pause = time.Second
	}
	if o.MaxPause <= 0 {
		o.MaxPause = 10 * time.Second
	}
	if o.Tell == nil {
		o.Tell = func(Progress) {}
	}
}

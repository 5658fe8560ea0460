package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strconv"
	"strings"
	"time"

	"xmppscope/lessons/practice"
)

// Lines of scripts.
const (
	mbed   = "open\nstarttls\nlogin PLAIN mbed mirror\nbind board\n"
	juliet = "open\nstarttls\nlogin SCRAM-SHA-256 juliet r0m30myr0m30\nbind balcony\n"
)

// actor is a client of the test that does what it is told.
type actor struct {
	*rig
	*practice.Client
}

// client makes a client that comes in at the first door.
func (r *rig) client(change ...func(*practice.Options)) *actor {
	r.Helper()
	_, addr, _ := strings.Cut(r.doors[0], " ")
	o := practice.Options{
		Dial:     func(ctx context.Context) (net.Conn, error) { return (&net.Dialer{}).DialContext(ctx, "tcp", addr) },
		TLS:      &tls.Config{RootCAs: r.trust()},
		Patience: slack,
		Pause:    time.Millisecond,
	}
	for _, f := range change {
		f(&o)
	}
	a := &actor{r, practice.New(o)}
	r.Cleanup(a.Drop)
	return a
}

// try plays lines of a script and leaves the connection as it is.
func (a *actor) try(lines string) error {
	script, err := practice.Parse(lines)
	if err != nil {
		return err
	}
	for _, s := range script {
		if err := a.Client.Do(context.Background(), s); err != nil {
			return fmt.Errorf("%s: %w", s, err)
		}
	}
	return nil
}

func (a *actor) do(lines string) {
	a.Helper()
	if err := a.try(lines); err != nil {
		a.Fatal(err)
	}
}

// begin plays lines while the test goes on; the function waits for them.
func (a *actor) begin(lines string) (done func()) {
	over := make(chan error, 1)
	go func() { over <- a.try(lines) }()
	return func() {
		a.Helper()
		select {
		case err := <-over:
			if err != nil {
				a.Fatal(err)
			}
		case <-time.After(slack):
			a.Fatalf("this does not end:\n%s", lines)
		}
	}
}

// has is what came and was not awaited, where it fits; empty else.
func (a *actor) has(pattern string) string {
	a.Helper()
	p, err := practice.ParsePattern(pattern)
	if err != nil {
		a.Fatal(err)
	}
	if e := a.Client.Has(p); e != nil {
		return e.XML
	}
	return ""
}

// hears waits for an element and returns it as it was written.
func (a *actor) hears(pattern string) string {
	a.Helper()
	p, err := practice.ParsePattern(pattern)
	if err != nil {
		a.Fatal(err)
	}
	e, err := a.Client.Expect(context.Background(), p)
	if err != nil {
		a.Fatal(err)
	}
	return e.XML
}

func itoa(n int) string { return strconv.Itoa(n) }

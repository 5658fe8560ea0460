package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"strings"
	"sync"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
	"xmppscope/proxy/ca"
)

// patience is how long everybody in a demonstration waits: a person may read
// long at a step.
const patience = 12 * time.Hour

// demoPause is how long the client waits after a refused login, at first.
const demoPause = 2 * time.Second

func newDemo(e *env) *cobra.Command {
	pf := proxyFlags{to: "", domain: "localhost", listen: []string{"127.0.0.1:0"}, upstream: "auto"}
	c := &cobra.Command{
		Use:   "demo",
		Short: "See two logins live: a practice server, a practice client and the proxy between them",
		Long: "Runs a server, a client and the proxy between them in this one process, with nothing to install or to set up, and nothing written. " +
			"mbed logs in with PLAIN and juliet with SCRAM-SHA-256, both inside STARTTLS; what mbed says waits for juliet. Any step can be held, changed, dropped or repeated; " +
			"after a refused login the client waits and tries again.\n\n" +
			"On the screen everything waits at its first step: s lets one step go on, n goes on to the next phase, c lets it run, e changes what is held, ? shows all keys.",
		Example: "  xmppscope demo\n  xmppscope demo --plain\n  xmppscope demo --headless\n  xmppscope demo --headless --json | jq -r .step",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(c.Name(), "takes no arguments, has "+args[0], "")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return e.demo(c.Context(), &pf) },
	}
	f := c.Flags()
	f.BoolVar(&pf.headless, "headless", false, "no screen: run it through and write the events")
	f.BoolVar(&pf.json, "json", false, "with --headless: write JSON Lines, and take actions from standard input")
	e.addPlain(f)
	f.StringVar(&pf.record, "record", "", "record both sides of the proxy to `FILE` (pcapng)")
	f.StringVar(&pf.rules, "rules", "", "change what passes by the rules in `FILE` (TOML)")
	f.StringArrayVar(&pf.breaks, "break", nil, "hold what fits `EXPR` (repeatable)")
	f.StringVar(&pf.capture.filter, "filter", "", "show only events that fit `EXPR`")
	f.StringVar(&pf.style, "style", "", "colours: `NAME` of a style, or none for those of the terminal")
	_ = c.RegisterFlagCompletionFunc("filter", completeFilter)
	_ = c.RegisterFlagCompletionFunc("break", completeFilter)
	return c
}

// demo joins the server, the proxy and the client.
func (e *env) demo(ctx context.Context, pf *proxyFlags) error {
	switch {
	case pf.headless && e.plain:
		return usage("--plain", "is a prompt, and --headless has none", "--headless --json takes actions from standard input")
	case !pf.headless:
		var stop func()
		var ok bool
		ctx, stop, ok = e.seen(ctx)
		defer stop()
		if !ok {
			return usage("demo", "needs a terminal", "--headless writes what passes to a pipe or a file, --plain takes verbs from one")
		}
	}
	authority, err := ca.New()
	if err != nil {
		return err
	}
	s, addr, down, err := demoServer(authority)
	if err != nil {
		return err
	}
	defer down()
	pf.to = addr
	for _, a := range s.Accounts() {
		pf.capture.passwords = append(pf.capture.passwords, a.User+"@"+s.Domain()+"="+a.Password)
	}
	j := &proxying{e: e, flags: pf, source: authority, title: "demo · practice client and server"}
	j.check.Roots, j.check.RootsName = authority.Pool(), "the demonstration's own authority"
	defer j.close()
	if err := j.prepare(); err != nil {
		return err
	}
	if !pf.headless {
		j.session.Gate().SetMode(gate.Paused) // a person begins at the first step
	}
	j.actor = func(ctx context.Context, bound []proxy.Bound, stop func()) {
		defer stop()
		e.demoClients(ctx, bound[0].Addr.String(), &tls.Config{RootCAs: authority.Pool()})
		j.settle(ctx)
	}
	return j.run(ctx)
}

// demoServer is the practice server at a free port of this computer.
func demoServer(authority *ca.Authority) (s *sandbox.Server, addr string, down func(), err error) {
	o := sandbox.Options{TLS: &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost")}}
	o.Limits.Login, o.Limits.Idle, o.Limits.Answer = patience, patience, patience
	if s, err = sandbox.New(o); err != nil {
		return nil, "", nil, err
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, "", nil, cannot("127.0.0.1", err)
	}
	var serving sync.WaitGroup
	serving.Go(func() { _ = s.Serve(ln, sandbox.StartTLS) }) // it ends with the server
	return s, ln.Addr().String(), func() {
		end, stop := context.WithTimeout(context.Background(), goodbye)
		defer stop()
		_ = s.Shutdown(end) // those who are left are cut off
		serving.Wait()
	}, nil
}

// demoClients are the logins, one after the other. What goes wrong is told: it
// may be what somebody wanted to see.
func (e *env) demoClients(ctx context.Context, addr string, trust *tls.Config) {
	for _, act := range practice.Demonstration() {
		script, err := practice.Parse(act.Script)
		if err == nil {
			err = practice.New(practice.Options{
				Dial: func(ctx context.Context) (net.Conn, error) {
					return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
				},
				TLS: trust, Patience: patience, Pause: demoPause, Attempts: 5,
				Tell: func(p practice.Progress) {
					if p.State == practice.Waiting {
						fmt.Fprintf(e.err, "demo: %s: %s; trying again in %v\n", act.Who, inspector.Disarm(strings.TrimSuffix(p.Why, ".")), p.Pause)
					}
				},
			}).Play(ctx, script)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			fmt.Fprintf(e.err, "demo: %s: %s\n", act.Who, inspector.Disarm(err.Error()))
		}
	}
}

// settle waits a little until every connection has come to its end.
func (j *proxying) settle(ctx context.Context) {
	for i := 0; i < 50 && ctx.Err() == nil && len(j.p.Conns()) > 0; i++ {
		time.Sleep(20 * time.Millisecond)
	}
}

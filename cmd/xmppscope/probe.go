package main

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/decode"
	"xmppscope/decode/lint"
	"xmppscope/inspector/export"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/probe"
	"xmppscope/proxy/verify"
)

// probeFlags are those of probe.
type probeFlags struct {
	to, dns, upstream, from, caFile string
	s2s, json, insecure, console    bool
	passwords                       []string
	passFile                        string
	timeout                         time.Duration
}

func newProbe(e *env) *cobra.Command {
	var pf probeFlags
	wishes := slices.DeleteFunc(dial.Wrappings(), func(w string) bool { return w == dial.BOSH.String() })
	c := &cobra.Command{
		Use:   "probe DOMAIN",
		Short: "Ask a server what it offers: DNS, TLS, certificate, features and mechanisms, each with its meaning",
		Long: "Looks up where DNS and the web say that a domain is served, goes to each address, and tells what is offered there before and after TLS, " +
			"which versions of TLS are taken, what the certificate is worth, and what is wrong. It never logs in.\n\n" +
			"With --console it goes on by hand: XML from standard input is sent when it is complete, and everything that passes is told as dump does. " +
			":raw TEXT sends anything, :quit or the end of the input closes the stream. With --password it logs in first, where the certificate is good.",
		Example: "  xmppscope probe jabber.org\n  xmppscope probe example.com --s2s\n  xmppscope probe localhost --to 127.0.0.1:5222\n" +
			"  echo '<iq type=\"get\" id=\"1\"><ping xmlns=\"urn:xmpp:ping\"/></iq>' | xmppscope probe localhost --console --password juliet@localhost=sesame --insecure",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usage(c.Name(), fmt.Sprintf("takes one domain, has %d arguments", len(args)), "for example xmppscope probe jabber.org")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, args []string) error { return e.probe(c.Context(), &pf, args[0]) },
	}
	f := c.Flags()
	f.BoolVar(&pf.s2s, "s2s", false, "ask for the service for other servers")
	f.StringVar(&pf.to, "to", "", "go to `HOST[:PORT]`, or a URL of a WebSocket, without asking DNS for services")
	f.StringVar(&pf.upstream, "upstream", "auto", "how to connect: `WRAPPING` is "+strings.Join(wishes, ", "))
	f.StringVar(&pf.dns, "dns", "", "ask the DNS server at `HOST[:PORT]`, and no other")
	f.StringVar(&pf.from, "from", "", "name this `DOMAIN` or address as the sender of the stream")
	f.BoolVar(&pf.json, "json", false, "write JSON Lines")
	f.BoolVar(&pf.insecure, "insecure", false, "log in, and read host-meta, whatever the certificate is worth")
	f.StringVar(&pf.caFile, "ca-file", "", "trust the certificates in `FILE` (PEM) instead of the system's")
	f.DurationVar(&pf.timeout, "timeout", 10*time.Second, "how long one negotiation may take: a `TIME` such as 10s")
	f.BoolVar(&pf.console, "console", false, "go on by hand: send XML from standard input")
	f.StringArrayVar(&pf.passwords, "password", nil, "log in on the console as `JID=PASSWORD`")
	f.StringVar(&pf.passFile, "password-file", "", "read such a line from `FILE`")
	completeFrom(c, "upstream", wishes...)
	return c
}

// probing is one run.
type probing struct {
	e        *env
	flags    *probeFlags
	o        *probe.Options
	engine   *lint.Engine
	findings []lint.Finding
}

func (e *env) probe(ctx context.Context, pf *probeFlags, domain string) error {
	p := &probing{e: e, flags: pf, engine: lint.New(lint.Options{})}
	if err := p.options(domain); err != nil {
		return err
	}
	if pf.console {
		return p.console(ctx)
	}
	if len(pf.passwords) > 0 || pf.passFile != "" {
		return usage("--password", "a probe never logs in", "--console does")
	}
	p.o.Event = func(e *decode.Event) { p.found(p.engine.Event(e)) }
	p.o.Conversation = func(c *decode.Conversation) { p.found(p.engine.End(c)) }
	r, err := probe.Run(ctx, p.o)
	if errors.Is(err, dial.ErrUsage) {
		return usage(domain, strings.TrimPrefix(err.Error(), dial.ErrUsage.Error()+": "), "")
	}
	if over := context.Cause(ctx); over != nil {
		return over
	}
	var told error
	if pf.json {
		told = p.writeJSON(r)
	} else {
		told = p.writeText(r)
	}
	switch {
	case told != nil:
		return told
	case err != nil:
		return &failure{code: exitInput, what: domain, why: err.Error(), hint: "--to HOST:PORT goes to an address without asking DNS for services"}
	case !r.Reached():
		return unreached(domain, r)
	}
	return nil
}

// unreached says why no door opened, and what to look at.
func unreached(domain string, r *probe.Report) error {
	f := &failure{code: exitInput, what: domain, why: "there is no address to go to", hint: "--to HOST:PORT goes to an address without asking DNS for services"}
	if len(r.Doors) == 0 {
		return f
	}
	err := r.Doors[0].Err
	switch f.why = err.Error(); {
	case errors.Is(err, dial.ErrUnknown):
		f.hint = "is the domain spelled right? " + f.hint
	case errors.Is(err, dial.ErrUnreachable):
		f.hint = "is the server running, and is that its port?"
	}
	return f
}

func (p *probing) options(domain string) error {
	pf := p.flags
	wish, ok := dial.ParseWrapping(pf.upstream)
	if !ok || wish == dial.BOSH {
		return usage("--upstream", fmt.Sprintf("%q is no wrapping that can be asked", pf.upstream), "one of auto, starttls, tls, plain, ws")
	}
	if pf.timeout <= 0 {
		return usage("--timeout", "it must be longer than nothing", "")
	}
	p.o = &probe.Options{Request: dial.Request{Domain: domain, To: pf.to, Wish: wish}, From: pf.from, Timeout: pf.timeout,
		Trail: &dial.Trail{}}
	if pf.s2s {
		p.o.Request.Service = dial.Server
	}
	p.o.Dial = dial.Options{DialTimeout: pf.timeout, WebTimeout: pf.timeout, DNSTimeout: min(pf.timeout, 5*time.Second), Web: p.web}
	if pf.dns != "" {
		at, err := dnsServer(pf.dns)
		if err != nil {
			return err
		}
		p.o.Dial.Resolver = dial.NewResolver(at)
	}
	if pf.caFile == "" {
		return nil
	}
	roots, err := verify.LoadRoots(pf.caFile)
	if err != nil {
		return &failure{code: exitInput, what: "--ca-file " + pf.caFile, why: plain(err)}
	}
	p.o.Roots, p.o.RootsName = roots, pf.caFile
	return nil
}

// dnsServer reads HOST or HOST:PORT, where the host is an address: a name would
// need a DNS server first.
func dnsServer(text string) (netip.AddrPort, error) {
	if a, err := netip.ParseAddr(strings.Trim(text, "[]")); err == nil {
		return netip.AddrPortFrom(a, 53), nil
	}
	host, port, err := net.SplitHostPort(text)
	if err == nil && host == "localhost" {
		text = net.JoinHostPort("127.0.0.1", port)
	}
	at, err := netip.ParseAddrPort(text)
	if err != nil {
		return at, usage("--dns", fmt.Sprintf("%q is no address", text), "for example --dns 127.0.0.1:5353")
	}
	return at, nil
}

// web is for the documents of host-meta.
func (p *probing) web(c *tls.Config) *tls.Config {
	c.RootCAs, c.InsecureSkipVerify = p.o.Roots, p.flags.insecure
	return c
}

// found keeps findings about the server and what lies between; those about us
// are no news to whoever asks about a server.
func (p *probing) found(all []lint.Finding) {
	for _, f := range all {
		same := func(g lint.Finding) bool { return g.Rule == f.Rule && g.Text == f.Text }
		if f.Who != lint.WhoInitiator && len(p.findings) < maxProbeFindings && !slices.ContainsFunc(p.findings, same) {
			p.findings = append(p.findings, f)
		}
	}
}

// maxProbeFindings bounds what a hostile server can make us tell.
const maxProbeFindings = 200

// writeFindings writes them as lint does.
func (p *probing) writeFindings(format export.FindingFormat) error {
	w := format.New(p.e.out, export.FindingOptions{Options: export.Options{Color: p.e.colored(p.e.out), Width: p.e.width()},
		Sources: []string{p.o.Request.Domain}, FailOn: lint.LevelError, Version: version})
	for i := range p.findings {
		if err := w.Finding(&p.findings[i], nil); err != nil {
			return err
		}
	}
	return w.Close()
}

package main

import (
	"fmt"
	"net"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"xmppscope/inspector/tui"
	"xmppscope/proxy"
	"xmppscope/proxy/dial"
)

// proxyFlags are those of proxy.
type proxyFlags struct {
	capture captureFlags // filter, passwords, key logs

	to, domain, upstream, dns string
	listen                    []string
	headless, json            bool
	record, keylogOut         string
	rules                     string
	rulesText                 string // what a file of rules would hold; of no flag
	breaks                    []string
	binding                   string
	insecure, sandbox         bool
	caFile, cert, key         string
	clientCert, clientKey     string
	noKeepalive               bool
	exec                      string
	maxConns                  int
	style                     string
}

func newProxy(e *env) *cobra.Command {
	var pf proxyFlags
	c := &cobra.Command{
		Use:   "proxy {--to HOST[:PORT] | --domain DOMAIN | --sandbox}",
		Short: "Stand between a client and a server: see, hold, change, drop and add what they say",
		Long: "Listens for clients and relays what they say to the server, byte for byte, across STARTTLS, with TLS of its own on both sides. " +
			"Every step is shown as it happens. A breakpoint (--break), a rule (--rules) or a step holds what comes, to be let go, changed or dropped.\n\n" +
			"Clients have to trust the certificate that xmppscope ca tells of. The server's certificate must be good for the domain, unless --insecure.\n\n" +
			"Clients of socks5:// and connect:// may ask for the host or domain that --to and --domain name, and for no other; the port that they ask for does not count.\n\n" +
			"With --headless --json, standard input takes one action a line: {\"do\":\"forward\",\"seq\":7}. There are " + strings.Join(actNames(), ", ") + ".",
		Example: "  xmppscope proxy --domain example.org\n  xmppscope proxy --to 127.0.0.1:15222 --listen 127.0.0.1:5222 --headless\n" +
			"  xmppscope proxy --to 127.0.0.1:15222 --break 'step == \"sasl-auth\"' --headless --json\n  xmppscope proxy --to localhost --record login.pcapng --exec 'go-sendxmpp -d romeo@localhost'",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(c.Name(), "takes no arguments, has "+args[0], "--to HOST:PORT or --domain DOMAIN says where the server is")
			}
			return nil
		},
		RunE: func(c *cobra.Command, _ []string) error { return e.proxy(c.Context(), &pf) },
	}
	f := c.Flags()
	f.StringVar(&pf.to, "to", "", "relay to the server at `HOST[:PORT]`, or to the URL of a WebSocket or of BOSH; without --domain, its certificate must be for the domain that the client names")
	f.StringVar(&pf.domain, "domain", "", "relay to the server of `DOMAIN`, found by DNS; with --to, the domain that its certificate must be for")
	f.BoolVar(&pf.sandbox, "sandbox", false, "start a practice server on this computer, and relay to it")
	f.StringArrayVar(&pf.listen, "listen", []string{"127.0.0.1:5222"}, "take clients at `ADDR` (repeatable), with "+strings.Join(doorNames(), "://, ")+":// before it; port 0 takes a free one")
	f.StringVar(&pf.upstream, "upstream", "auto", "how to talk to the server: `WRAPPING` is "+strings.Join(dial.Wrappings(), ", ")+"; auto does as the client does; with tls and starttls a client that goes on in clear text is refused")
	f.StringVar(&pf.dns, "dns", "", "ask the DNS server at `HOST[:PORT]`, and no other")
	f.BoolVar(&pf.headless, "headless", false, "no screen: write the events as they come")
	e.addPlain(f)
	f.BoolVar(&pf.json, "json", false, "with --headless: write JSON Lines, and take actions from standard input")
	f.StringVar(&pf.record, "record", "", "record both legs, with their TLS keys, to `FILE` (pcapng)")
	f.StringVar(&pf.keylogOut, "keylog-out", "", "append the TLS keys of both legs to `FILE`")
	f.StringVar(&pf.rules, "rules", "", "change what passes by the rules in `FILE` (TOML)")
	f.StringArrayVar(&pf.breaks, "break", nil, "hold what fits `EXPR` (repeatable); \"once EXPR\" only the first")
	f.StringVar(&pf.binding, "binding", "", "what to do about channel binding: `recompute|strip|observe` (default recompute where a password is known, else strip)")
	f.BoolVar(&pf.insecure, "insecure", false, "go on whatever the server's certificate is worth")
	f.StringVar(&pf.caFile, "ca-file", "", "trust the certificates in `FILE` (PEM) instead of the system's")
	f.StringVar(&pf.cert, "cert", "", "show clients the certificate in `FILE` (PEM) instead of one of our own authority")
	f.StringVar(&pf.key, "key", "", "the `FILE` of its key")
	f.StringVar(&pf.clientCert, "client-cert", "", "show the server the certificate in `FILE` (PEM) when it asks for one")
	f.StringVar(&pf.clientKey, "client-key", "", "the `FILE` of its key")
	f.BoolVar(&pf.noKeepalive, "no-keepalive", false, "send nothing to keep connections alive while something is held")
	f.StringVar(&pf.exec, "exec", "", "run the client `COMMAND`, which trusts our certificates, and end when it ends")
	f.IntVar(&pf.maxConns, "max-conns", 0, "serve at most `N` clients at once (default 20000)")
	f.StringVar(&pf.capture.filter, "filter", "", "show only events that fit `EXPR`")
	f.StringArrayVar(&pf.capture.keylogs, "keylog", nil, "with --binding observe: decrypt TLS with the key log `FILE` (repeatable; also $SSLKEYLOGFILE)")
	f.StringArrayVar(&pf.capture.passwords, "password", nil, "a user's `JID=PASSWORD`, to verify logins and to bind them anew (repeatable)")
	f.StringVar(&pf.capture.passFile, "password-file", "", "read such lines from `FILE`")
	f.StringVar(&pf.style, "style", "", "colours: `NAME` of a style, or none for those of the terminal")
	completeFrom(c, "style", tui.Styles()...)
	completeFrom(c, "upstream", dial.Wrappings()...)
	completeFrom(c, "binding", "recompute", "strip", "observe")
	_ = c.RegisterFlagCompletionFunc("filter", completeFilter)
	_ = c.RegisterFlagCompletionFunc("break", completeFilter)
	return c
}

func doorNames() (names []string) {
	for _, k := range doorKinds {
		names = append(names, string(k))
	}
	return names
}

// doorKinds are what --listen may name.
var doorKinds = [...]proxy.DoorKind{proxy.DoorStartTLS, proxy.DoorTLS, proxy.DoorWS, proxy.DoorBOSH, proxy.DoorSOCKS5, proxy.DoorConnect}

// hostPort checks an address to listen at.
func hostPort(addr string) (string, error) {
	host, port, err := net.SplitHostPort(addr)
	if err != nil {
		return "", fmt.Errorf("%q is no HOST:PORT", addr)
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil {
		return "", fmt.Errorf("%q is no port", port)
	} else {
		port = strconv.FormatUint(n, 10)
	}
	return net.JoinHostPort(host, port), nil
}

// doors reads --listen.
func (pf *proxyFlags) doors() (all []proxy.Door, err error) {
	for _, text := range pf.listen {
		kind, addr, ok := strings.Cut(text, "://")
		if !ok {
			kind, addr = string(proxy.DoorStartTLS), text
		}
		d := proxy.Door{Kind: proxy.DoorKind(kind), Addr: addr}
		if !slices.Contains(doorKinds[:], d.Kind) {
			return nil, usage("--listen", fmt.Sprintf("%s:// is not known", kind), "there are "+strings.Join(doorNames(), ", "))
		}
		if d.Addr, err = hostPort(addr); err != nil {
			return nil, usage("--listen", err.Error(), "for example --listen 127.0.0.1:5222 or --listen tls://[::1]:5223")
		}
		all = append(all, d)
	}
	return all, nil
}

// whole checks what flags say together.
func (pf *proxyFlags) whole() error {
	switch {
	case pf.sandbox && (pf.to != "" || pf.domain != ""):
		return usage("--sandbox", "the practice server is the server: --to and --domain name another", "")
	case pf.to == "" && pf.domain == "" && !pf.sandbox:
		return usage("proxy", "where is the server?", "--to HOST:PORT or --domain DOMAIN says it; --sandbox starts one for practice")
	case pf.json && !pf.headless:
		return usage("--json", "belongs to --headless", "")
	case pf.maxConns < 0:
		return usage("--max-conns", "it must be more than nothing", "")
	}
	if pf.to != "" {
		if err := dial.CheckTo(pf.to); err != nil {
			return usage("--to", strings.TrimPrefix(err.Error(), dial.ErrUsage.Error()+": "), "--to takes HOST, HOST:PORT, or the URL of a WebSocket or of BOSH")
		}
	}
	if pf.domain != "" {
		if _, err := dial.ASCII(pf.domain); err != nil {
			return usage("--domain", strings.TrimPrefix(err.Error(), dial.ErrUsage.Error()+": "), "")
		}
	}
	return nil
}

package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"xmppscope/inspector"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// goodbye is how long the clients of a server that goes down have to close.
const goodbye = 3 * time.Second

// sandboxFlags are those of sandbox.
type sandboxFlags struct {
	listen    []string
	domain    string
	accounts  []string
	bindings  []string
	mechs     []string
	sasl2     bool
	register  bool
	iqAuth    bool
	compress  string
	file      string
	clientCA  string
	misbehave []string
	services  map[string]string
	peers     map[string]string
	clear     bool
	seed      uint64
	cert      string
	key       string
	caOut     string
}

func newSandbox(e *env) *cobra.Command {
	var sf sandboxFlags
	c := &cobra.Command{
		Use:   "sandbox",
		Short: "Run the practice server, for any client to talk to",
		Long: "A whole XMPP server for practice: a few accounts with contacts, STARTTLS and direct TLS, SASL with PLAIN and SCRAM, rosters, presence, messages, " +
			"stream management. It keeps everything in memory and forgets it at the end, which Ctrl-C brings. What it listens on and the accounts are told on standard error.\n\n" +
			"Its certificate is signed by the authority that xmppscope ca tells of, where there is one already, else by one in memory, which nobody trusts. " +
			"--ca-out writes the certificate of either to a file for clients; --cert and --key bring another certificate.",
		Example: "  xmppscope sandbox\n  xmppscope sandbox --listen 127.0.0.1:0 --ca-out practice-ca.pem\n  xmppscope sandbox --listen tls://127.0.0.1:5223 --account yorick=alas",
		Args: func(c *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usage(c.Name(), "takes no arguments, has "+args[0], "")
			}
			return nil
		},
		ValidArgsFunction: cobra.NoFileCompletions,
		RunE:              func(c *cobra.Command, _ []string) error { return e.sandbox(c, &sf) },
	}
	f := c.Flags()
	f.StringArrayVar(&sf.listen, "listen", []string{"starttls://127.0.0.1:5222", "tls://127.0.0.1:5223"}, "listen on `ADDR`, with starttls:// (default), tls://, http:// or https:// (WebSocket and BOSH), component:// or servers:// before it; port 0 takes a free one")
	f.StringVar(&sf.domain, "domain", "localhost", "serve this `DOMAIN`")
	f.StringArrayVar(&sf.accounts, "account", nil, "add an account, or change its password: `NAME=PASSWORD`")
	f.StringSliceVar(&sf.bindings, "channel-binding", nil, "offer logins bound by this `TYPE` ("+strings.Join(sandbox.AllBindings(), ", ")+"); without it all of them, but none with TLS 1.3, where older clients stumble over them")
	f.StringSliceVar(&sf.mechs, "mechanism", nil, "offer this `NAME` alone, of "+strings.Join(sandbox.Mechanisms(), ", ")+"; without it all that are safe")
	f.BoolVar(&sf.sasl2, "sasl2", false, "offer SASL 2 too, with Bind 2, tokens and stream management inside")
	f.BoolVar(&sf.register, "register", false, "let clients make accounts, change passwords and take accounts away")
	f.BoolVar(&sf.iqAuth, "iq-auth", false, "allow logins as they were before SASL, and streams without a version")
	f.StringVar(&sf.compress, "compression", "never", "offer compressed streams `WHERE`: never, clear (without TLS) or always")
	f.StringVar(&sf.file, "config", "", "read accounts, contacts, rooms and settings from `FILE` (TOML); flags go before it")
	f.StringVar(&sf.clientCA, "client-ca", "", "ask clients for a certificate, and let those in that an authority in `FILE` (PEM) has signed for an address here (EXTERNAL)")
	f.StringSliceVar(&sf.misbehave, "misbehave", nil, "do `NAME` wrong (repeatable, or with commas between), some with a number as in dead=2000; list tells what there is")
	f.StringToStringVar(&sf.services, "component", nil, "let a component in for a domain: `DOMAIN=SECRET`")
	f.StringToStringVar(&sf.peers, "peer", nil, "talk with another server, which proves its domain by dialback: `DOMAIN=HOST:PORT`")
	f.BoolVar(&sf.clear, "clear", false, "allow logins without TLS")
	for _, none := range []string{"component", "peer"} {
		f.Lookup(none).DefValue = "" // else help says that it is []
	}
	_ = c.RegisterFlagCompletionFunc("misbehave", completeMisbehaviour)
	completeFrom(c, "mechanism", sandbox.Mechanisms()...)
	completeFrom(c, "channel-binding", sandbox.AllBindings()...)
	completeFrom(c, "compression", "never", "clear", "always")
	f.Uint64Var(&sf.seed, "seed", 0, "make the same ids, salts and nonces each time, from this `NUMBER`: for lessons only")
	f.StringVar(&sf.cert, "cert", "", "show the certificate in `FILE` (PEM)")
	f.StringVar(&sf.key, "key", "", "the key of it, in `FILE`")
	f.StringVar(&sf.caOut, "ca-out", "", "write the certificate of the authority to `FILE`")
	return c
}

func (e *env) sandbox(c *cobra.Command, sf *sandboxFlags) error {
	if slices.Contains(sf.misbehave, "list") {
		return e.tellMisbehaviours()
	}
	o, err := sf.options(c.Flags().Changed)
	if err != nil {
		return err
	}
	sf.domain = o.Domain
	conf, err := sf.certificate()
	if err != nil {
		return err
	}
	o.TLS = conf
	s, err := sandbox.New(o)
	if err != nil {
		return usage("sandbox", err.Error(), "")
	}
	return e.serve(c.Context(), s, sf.listen)
}

// options are those of the file, and of the flags that were given.
func (sf *sandboxFlags) options(given func(flag string) bool) (o sandbox.Options, err error) {
	o = sandbox.Options{Domain: sf.domain, Accounts: sandbox.DefaultAccounts()}
	if sf.file != "" {
		text, err := os.ReadFile(sf.file)
		if err != nil {
			return o, cannot(sf.file, err)
		}
		if err := o.Read(string(text)); err != nil {
			return o, usage(sf.file, err.Error(), "")
		}
	}
	if given("domain") {
		o.Domain = sf.domain
	}
	o.Clear, o.SASL2 = o.Clear || sf.clear, o.SASL2 || sf.sasl2
	o.Register, o.IQAuth = o.Register || sf.register, o.IQAuth || sf.iqAuth
	if given("compression") {
		if err := o.Read(fmt.Sprintf("compression = %q", sf.compress)); err != nil {
			return o, usage("--compression", strings.TrimPrefix(err.Error(), "compression: "), "")
		}
	}
	if given("channel-binding") {
		o.Bindings = sf.bindings
	}
	if given("mechanism") {
		o.Mechanisms = sf.mechs
	}
	o.Misbehave = append(o.Misbehave, sf.misbehave...)
	if len(sf.services) > 0 {
		o.Components = sf.services
	}
	if len(sf.peers) > 0 {
		o.Peers = sf.peers
	}
	if given("seed") {
		o.Seed = &sf.seed
	}
	if sf.clientCA != "" {
		text, err := os.ReadFile(sf.clientCA)
		if err != nil {
			return o, cannot(sf.clientCA, err)
		}
		o.ClientCAs = x509.NewCertPool()
		if !o.ClientCAs.AppendCertsFromPEM(text) {
			return o, cannot(sf.clientCA, errors.New("there is no certificate in it"))
		}
	}
	return o, sf.addAccounts(&o)
}

// addAccounts adds those of --account to the ones of the lessons.
func (sf *sandboxFlags) addAccounts(o *sandbox.Options) error {
	for _, text := range sf.accounts {
		name, password, ok := strings.Cut(text, "=")
		if !ok || name == "" || password == "" {
			return usage("--account", "an account is NAME=PASSWORD", "")
		}
		known := false
		for i := range o.Accounts {
			if o.Accounts[i].User == name {
				o.Accounts[i].Password, known = password, true
			}
		}
		if !known {
			o.Accounts = append(o.Accounts, sandbox.Account{User: name, Password: password})
		}
	}
	return nil
}

// certificate is the TLS of the server: the user's own certificate, or one that
// an authority makes.
func (sf *sandboxFlags) certificate() (*tls.Config, error) {
	if sf.cert == "" && sf.key != "" {
		return nil, usage("--key", "there is no certificate that it belongs to", "--cert FILE names it")
	}
	if sf.cert != "" {
		if sf.caOut != "" {
			return nil, usage("--ca-out", "there is no authority where --cert brings a certificate", "")
		}
		own, err := ca.LoadOwn(sf.cert, sf.key)
		if err != nil {
			return nil, caFailure(err)
		}
		return &tls.Config{GetCertificate: ca.GetCertificate(own, sf.domain, sf.domain)}, nil
	}
	authority, err := anyCA()
	if err != nil {
		return nil, err
	}
	if sf.caOut != "" {
		if err := os.WriteFile(sf.caOut, authority.PEM(), 0o644); err != nil {
			return nil, cannot(sf.caOut, err)
		}
	}
	return &tls.Config{GetCertificate: ca.GetCertificate(authority, sf.domain, sf.domain)}, nil
}

// anyCA is the authority of the user where there is one, else one in memory.
func anyCA() (*ca.Authority, error) {
	if _, err := os.Stat(filepath.Join(caFolder(), ca.KeyFile)); err == nil {
		return openCA()
	}
	return ca.New()
}

// serve runs a practice server on its listeners until ctx ends, which is no
// error.
func (e *env) serve(ctx context.Context, s *sandbox.Server, addresses []string) error {
	type door struct {
		net.Listener
		w sandbox.Wrapping
	}
	var doors []door
	fail := func(err error) error {
		for _, d := range doors {
			_ = d.Close()
		}
		return err
	}
	for _, text := range addresses {
		w, addr, err := listenAddress(text)
		if err != nil {
			return fail(err)
		}
		ln, err := net.Listen("tcp", addr)
		if err != nil {
			return fail(&failure{code: exitInput, what: text, why: plain(err), hint: "--listen 127.0.0.1:0 takes a free port"})
		}
		doors = append(doors, door{ln, w})
	}
	ended := make(chan error, len(doors))
	for _, d := range doors {
		e.announce(d.w.String(), d.Addr())
		go func() { ended <- s.Serve(d.Listener, d.w) }()
	}
	e.tellAccounts(s)
	var first error
	left := len(doors)
	select {
	case <-ctx.Done():
	case first = <-ended:
		left--
	}
	end, stop := context.WithTimeout(context.Background(), goodbye)
	defer stop()
	_ = s.Shutdown(end) // those who do not close are cut off, which is no error here
	for ; left > 0; left-- {
		<-ended
	}
	if first != nil {
		return cannot("sandbox", first)
	}
	return nil
}

// listenAddress takes a --listen apart.
func listenAddress(text string) (sandbox.Wrapping, string, error) {
	scheme, addr, ok := strings.Cut(text, "://")
	if !ok {
		scheme, addr = sandbox.StartTLS.String(), text
	}
	for _, w := range sandbox.Wrappings() {
		if w.String() == scheme {
			if _, _, err := net.SplitHostPort(addr); err != nil {
				return 0, "", usage("--listen", fmt.Sprintf("%q is no HOST:PORT", addr), "")
			}
			return w, addr, nil
		}
	}
	return 0, "", usage("--listen", fmt.Sprintf("%q is none of starttls, tls, component, http, https, servers", scheme), "")
}

// announce tells what is listened on, in red where others than this computer
// can come in.
func (e *env) announce(kind string, addr net.Addr) {
	fmt.Fprintf(e.err, "listening %s %s\n", kind, addr)
	if tcp, ok := addr.(*net.TCPAddr); ok && !tcp.IP.IsLoopback() {
		text := fmt.Sprintf("warning: %s can be reached from other computers, and its passwords are known to everybody", addr)
		if e.colored(e.err) {
			text = "\x1b[1;31m" + text + "\x1b[0m"
		}
		fmt.Fprintln(e.err, text)
	}
}

// tellAccounts lists who can log in.
func (e *env) tellAccounts(s *sandbox.Server) {
	for _, domain := range append([]*sandbox.Server{s}, s.Neighbours()...) {
		for _, a := range domain.Accounts() {
			fmt.Fprintf(e.err, "account %s@%s password %s\n", inspector.Disarm(a.User), domain.Domain(), inspector.Disarm(a.Password))
		}
	}
}

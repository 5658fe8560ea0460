package main

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"strings"
	"sync"
	"syscall"

	"xmppscope/captures"
	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
	"xmppscope/proxy/binding"
	"xmppscope/proxy/ca"
	"xmppscope/proxy/dial"
	"xmppscope/proxy/verify"
)

// proxying is one run of the proxy: what stands between its rooms.
type proxying struct {
	server  *sandbox.Server // of practice, behind it; nil for another
	e       *env
	flags   *proxyFlags
	r       *reading
	o       proxy.Options
	p       *proxy.Proxy
	tap     *captures.Tap
	session *live.Session
	source  ca.Source
	trust   string // the file of the authority; empty for a certificate of one's own
	check   verify.Check
	wish    dial.Wrapping
	dialing dial.Options
	files   []*os.File
	passing *scratch // a recording that goes when the program ends; nil for none
	// actor is who comes in at the doors, where that is one of ours; it stops
	// everything when it is done.
	actor func(ctx context.Context, bound []proxy.Bound, stop func())
	bound []proxy.Bound
	// route, where set, is where a connection leads, as in --to; empty for where
	// the flags say. domains are served there, beside that of the flags.
	route   func(*proxy.Facts) string
	domains []string
	// accounts are those of the practice server, where there is one.
	accounts []string
	// title is what the screen is called; empty for where the proxy leads.
	title string
	// news is what is said on standard error while the screen is shown.
	news news
	// distrusted and heldHint are for hints that are given once.
	distrusted, heldHint sync.Once
}

// proxy runs until it is interrupted, or the client of --exec has ended.
func (e *env) proxy(ctx context.Context, pf *proxyFlags) error {
	if err := pf.whole(); err != nil {
		return err
	}
	ctx, stop, err := e.watching(ctx, "proxy", pf.headless)
	if err != nil {
		return err
	}
	defer stop()
	j := &proxying{e: e, flags: pf}
	defer j.close()
	if pf.sandbox {
		down, err := j.practice()
		if err != nil {
			return err
		}
		defer down()
	}
	if err := j.prepare(); err != nil {
		return err
	}
	if pf.exec != "" {
		j.actor = j.client
	}
	return j.run(ctx)
}

// run serves until ctx ends, or the actor, or whoever watches.
func (j *proxying) run(ctx context.Context) error {
	bound, err := j.p.Listen()
	if err != nil {
		what := "--listen"
		var at *net.OpError
		if errors.As(err, &at) && at.Addr != nil {
			what += " " + at.Addr.String()
		}
		hint := ""
		if errors.Is(err, syscall.EADDRINUSE) {
			hint = "a server may have that port; --listen 127.0.0.1:0 takes a free one"
		}
		return &failure{code: exitInput, what: what, why: plain(err), hint: hint}
	}
	j.bound = bound
	j.own(bound)
	if err := j.itself(ctx); err != nil {
		ctx, stop := context.WithCancel(ctx)
		stop()
		_ = j.p.Run(ctx) // shuts the doors
		return err
	}
	j.announce(bound)
	if !j.flags.headless {
		defer j.hush()()
	}
	watching := ctx
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	var running sync.WaitGroup
	running.Go(func() {
		_ = j.p.Run(ctx)
		_ = j.tap.Close()
	})
	running.Go(func() { j.tune(ctx) })
	if j.actor != nil {
		running.Go(func() { j.actor(ctx, bound, stop) })
	}
	// What was taken is read to its end, however the proxy ends.
	reading := context.WithoutCancel(ctx)
	if j.flags.headless {
		err = j.headless(reading, stop)
	} else {
		err = j.screen(watching)
	}
	stop()
	running.Wait()
	return err
}

// prepare checks everything that can be checked before a port is opened.
func (j *proxying) prepare() (err error) {
	pf := j.flags
	if err := pf.whole(); err != nil {
		return err
	}
	var ok bool
	if j.wish, ok = dial.ParseWrapping(pf.upstream); !ok {
		return usage("--upstream", fmt.Sprintf("%q is no wrapping", pf.upstream), "one of "+strings.Join(dial.Wrappings(), ", "))
	}
	pf.capture.follow = true // the input goes on until the user ends it
	if j.r, err = j.e.reading(&pf.capture, nil); err != nil {
		return err
	}
	j.o = proxy.Options{Insecure: pf.insecure, MaxConns: pf.maxConns, Dial: j.dial, Allow: j.allow, Log: alarms(j.e.room("proxy"), func() io.Writer { return j.e.err }), Verify: j.verify, Leaf: j.leaf}
	if pf.noKeepalive {
		j.o.Keepalive = -1
	}
	if j.o.Doors, err = pf.doors(); err != nil {
		return err
	}
	for _, step := range []func() error{j.resolver, j.certificates, j.gate, j.binding, j.recording} {
		if err := step(); err != nil {
			return err
		}
	}
	if j.p, err = proxy.New(j.o); err != nil {
		return usage("proxy", err.Error(), "")
	}
	j.session = live.New(j.p, j.o.Gate.(*gate.Gate))
	return nil
}

func (j *proxying) resolver() error {
	if j.flags.dns == "" {
		return nil
	}
	at, err := dnsServer(j.flags.dns)
	if err == nil {
		j.dialing.Resolver = dial.NewResolver(at)
	}
	return err
}

// gate is what decides: rules and breakpoints.
func (j *proxying) gate() error {
	var rules []*gate.Rule
	if path := j.flags.rules; path != "" {
		var err error
		var at *gate.FileError
		if rules, err = gate.Load(path); errors.As(err, &at) {
			return usage("--rules", at.Error(), at.Hint)
		} else if err != nil {
			return cannot(path, err)
		}
	}
	if j.flags.rulesText != "" {
		var err error
		if rules, err = gate.Parse("rules", j.flags.rulesText); err != nil {
			return usage("rules", err.Error(), "")
		}
	}
	g := gate.New(rules)
	for _, text := range j.flags.breaks {
		b, err := gate.ParseBreak(text)
		var at *inspector.FilterError
		if errors.As(err, &at) {
			return usage(fmt.Sprintf("--break, column %d", at.Column), at.Text, at.Suggestion)
		} else if err != nil {
			return usage("--break", err.Error(), "")
		}
		g.Add(b)
	}
	j.o.Gate = g
	return nil
}

// recording opens the files that are written, for the user's eyes only.
func (j *proxying) recording() error {
	o := captures.TapOptions{Live: true, Failed: func(err error) {
		fmt.Fprintf(j.e.err, "xmppscope: %s: nothing more is recorded: %s\n", inspector.Disarm(cmp.Or(j.flags.record, "what can be saved later")), plain(err))
	}}
	path := j.flags.record
	if path == "" && !j.flags.headless { // what the screen shows can be saved later
		f, err := newScratch()
		if err != nil {
			return err
		}
		kept := f.input()
		j.passing, o.Record, j.r.kept = f, f, &kept
	}
	if path != "" {
		f, err := j.open(path, os.O_TRUNC)
		if err != nil {
			return err
		}
		kept := captures.File(path)
		o.Record, j.r.kept = f, &kept
	}
	tap := &tapped{}
	if path := j.flags.keylogOut; path != "" {
		f, err := j.open(path, os.O_APPEND)
		if err != nil {
			return err
		}
		tap.keys = f
	}
	j.tap = captures.NewTap(o)
	tap.to = j.tap
	j.o.Tap = tap
	j.r.inputs = []captures.Input{j.tap.Input()}
	j.r.options.Live = true
	return nil
}

func (j *proxying) open(path string, how int) (*os.File, error) {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|how, 0o600)
	if err != nil {
		return nil, cannot(path, err)
	}
	if st, err := f.Stat(); err == nil && st.Mode().IsRegular() && st.Mode().Perm()&0o077 != 0 {
		if err := f.Chmod(0o600); err != nil { // it was there, open to others: now it holds secrets
			f.Close()
			return nil, &failure{code: exitInput, what: path, why: fmt.Sprintf("others may read it (mode %04o), which cannot be changed: %s", st.Mode().Perm(), plain(err))}
		}
	}
	j.files = append(j.files, f)
	return f, nil
}

func (j *proxying) close() {
	for _, f := range j.files {
		f.Close()
	}
	if j.passing != nil {
		j.passing.close()
	}
}

func (j *proxying) observes() bool { return j.flags.binding == binding.Observe.String() }

// binding finds what is done about channel binding and stream management.
func (j *proxying) binding() error {
	name := j.flags.binding
	if name == "" {
		if name = binding.Strip.String(); j.r.secrets.Len() > 0 {
			name = binding.Recompute.String()
		}
	}
	mode, err := binding.ParseMode(name)
	if err != nil {
		return usage("--binding", err.Error(), "")
	}
	if mode == binding.Recompute && j.r.secrets.Len() == 0 {
		return usage("--binding recompute", "needs the password", "--password JID=PASSWORD or --password-file FILE")
	}
	j.o.Binding = binding.Options{Mode: mode, Password: j.r.secrets.Password, Tokens: &binding.Tokens{}}
	j.flags.binding = name
	return nil
}

// announce says what is open, and what the user must know before.
func (j *proxying) announce(bound []proxy.Bound) {
	for _, b := range bound {
		fmt.Fprintf(j.e.err, "listening %s %s\n", b.Kind, b.Addr)
		if !b.Addr.Addr().IsLoopback() {
			j.red("listening on %s: every machine that reaches it can use this proxy", b.Addr)
		}
	}
	if j.flags.insecure {
		j.red("INSECURE: the server's certificate is not what decides whether the connection goes on")
	}
	for _, a := range j.accounts {
		fmt.Fprintf(j.e.err, "account %s\n", a)
	}
	if mode, err := binding.ParseMode(j.flags.binding); err == nil && (j.flags.headless || j.status().Binds) { // else it is told once it matters
		fmt.Fprintf(j.e.err, "xmppscope: %s\n", mode.Banner())
	}
	if a, ok := j.source.(*ca.Authority); ok && a.Made() && j.trust != "" {
		fmt.Fprintf(j.e.err, "xmppscope: a certificate authority was made: %s\nhint: xmppscope ca tells how clients come to trust it\n", inspector.Disarm(j.trust))
	}
}

// red says something that must not be overlooked.
func (j *proxying) red(format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if j.e.colored(j.e.err) {
		text = "\x1b[1;31m" + text + "\x1b[0m"
	}
	fmt.Fprintf(j.e.err, "xmppscope: %s\n", text)
}

// actNames are the verbs of standard input.
func actNames() []string {
	names, _ := live.Verbs()
	return names
}

// acts takes actions from standard input, one a line, until that ends. What goes
// wrong is told.
func (j *proxying) acts(in io.Reader, told func(line []byte, err error)) {
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 64<<10), 16<<20)
	for lines.Scan() {
		if len(strings.TrimSpace(lines.Text())) == 0 {
			continue
		}
		a, err := live.ParseAct(lines.Bytes())
		if err == nil {
			err = j.session.Do(a)
		}
		if err != nil {
			told(lines.Bytes(), err)
		}
	}
	if err := lines.Err(); err != nil {
		told(nil, err)
	}
}

// follow tells the session of what is read.
func (j *proxying) follow(hold func(*decode.Event)) {
	j.r.options.Begin = j.session.Begin
	j.r.options.Held = func(e *decode.Event) {
		j.session.Hold(e)
		hold(e)
	}
	j.r.every = func(i captures.Item) error {
		if i.Event != nil {
			j.session.Event(i.Event)
		} else {
			j.session.Over(i.Conversation)
		}
		return nil
	}
}

package main

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
	"xmppscope/lessons/course"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
	"xmppscope/proxy"
	"xmppscope/proxy/ca"
)

// patience is how long everybody in a scene waits: a person may read long at a
// step.
const patience = 12 * time.Hour

// scene is a practice server, practice clients and the proxy between them, in
// this process.
type scene struct {
	// title is what the screen calls it, roots what the server's authority is
	// called where it is spoken of.
	title, roots string
	// says stands before what is told of its clients; tell, where set, is told it
	// instead of standard error.
	says string
	tell func(line string)
	acts []practice.Act
	// server, where set, changes the practice server before it is made.
	server func(*sandbox.Options) error
	paused bool // everything is held from the first unit on
	stays  bool // it goes on when the clients have come to their end
	over   func()
	// pause is how long a client waits after a refused login, at first; tries is
	// how often it logs in.
	pause time.Duration
	tries int
}

// play runs a scene with the flags of a proxy until it ends or ctx does.
func (e *env) play(ctx context.Context, pf *proxyFlags, sc *scene) error {
	j := &proxying{e: e, flags: pf}
	defer j.close()
	authority, down, err := j.before(sc)
	if err != nil {
		return err
	}
	defer down()
	j.source = authority
	if err := j.prepare(); err != nil {
		return err
	}
	if sc.paused {
		j.session.Gate().SetMode(gate.Paused)
	}
	j.actor = func(ctx context.Context, bound []proxy.Bound, stop func()) {
		if !sc.stays {
			defer stop()
		}
		sc.clients(ctx, func(line string) {
			if sc.tell != nil {
				sc.tell(line)
				return
			}
			fmt.Fprintf(e.err, "%s: %s\n", sc.says, line)
		}, bound[0].Addr.String(), &tls.Config{RootCAs: authority.Pool()})
		j.settle(ctx)
		if sc.over != nil {
			sc.over()
		}
	}
	return j.run(ctx)
}

// before puts the proxy before the practice server of a scene, whose passwords
// it knows.
func (j *proxying) before(sc *scene) (authority *ca.Authority, down func(), err error) {
	if authority, err = ca.New(); err != nil {
		return nil, nil, err
	}
	s, addr, down, err := sc.serve(authority)
	if err != nil {
		return nil, nil, err
	}
	j.flags.to, j.flags.domain, j.title = addr, s.Domain(), sc.title
	j.check.Roots, j.check.RootsName = authority.Pool(), sc.roots
	j.server = s
	for _, a := range s.Accounts() {
		jid := a.User + "@" + s.Domain()
		j.flags.capture.passwords = append(j.flags.capture.passwords, jid+"="+a.Password)
		j.accounts = append(j.accounts, inspector.Disarm(jid+" password "+a.Password))
	}
	return authority, down, nil
}

// serve is the practice server at a free port of this computer.
func (sc *scene) serve(authority *ca.Authority) (s *sandbox.Server, addr string, down func(), err error) {
	o := sandbox.Options{TLS: &tls.Config{GetCertificate: ca.GetCertificate(authority, "localhost", "localhost")}}
	o.Limits.Login, o.Limits.Idle, o.Limits.Answer = patience, patience, patience
	if sc.server != nil {
		if err := sc.server(&o); err != nil {
			return nil, "", nil, err
		}
	}
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

// clients play one after the other. What goes wrong is told: it may be what
// somebody wanted to see.
func (sc *scene) clients(ctx context.Context, tell func(line string), addr string, trust *tls.Config) {
	for _, act := range sc.acts {
		script, err := practice.Parse(act.Script)
		if err == nil {
			err = practice.New(practice.Options{
				Dial: func(ctx context.Context) (net.Conn, error) {
					return (&net.Dialer{}).DialContext(ctx, "tcp", addr)
				},
				TLS: trust, Patience: patience, Pause: sc.pause, Attempts: sc.tries,
				Tell: func(p practice.Progress) {
					if p.State == practice.Waiting {
						tell(fmt.Sprintf("%s: %s; trying again in %v", act.Who, inspector.Disarm(strings.TrimSuffix(p.Why, ".")), p.Pause))
					}
				},
			}).Play(ctx, script)
		}
		if ctx.Err() != nil {
			return
		}
		if err != nil {
			tell(act.Who + ": " + inspector.Disarm(err.Error()))
		}
	}
}

// settle waits a little until every connection has come to its end.
func (j *proxying) settle(ctx context.Context) {
	for i := 0; i < 50 && ctx.Err() == nil && len(j.p.Conns()) > 0; i++ {
		time.Sleep(20 * time.Millisecond)
	}
}

// staged plays the scene of a lesson for whoever looks at its source.
type staged struct {
	src     *tui.Source
	over    chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	told []string
}

// newStage begins a scene. It comes back when the proxy listens.
func (e *env) newStage(ctx context.Context, c course.Scene) (*staged, error) {
	pf := &proxyFlags{domain: "localhost", listen: []string{"127.0.0.1:0"}, upstream: "auto", breaks: c.Break, binding: c.Binding, rulesText: c.Rules}
	st := &staged{over: make(chan struct{})}
	sc := &scene{title: "the stage of this lesson", says: "lesson", roots: "the lesson's own authority", paused: c.Paused, stays: true,
		over: sync.OnceFunc(func() { close(st.over) }), tries: max(c.Tries, 1), pause: 200 * time.Millisecond}
	sc.server = func(o *sandbox.Options) error {
		o.Misbehave = c.Misbehave
		text, err := toml.Marshal(c.Server)
		if err != nil {
			return err
		}
		return o.Read(string(text))
	}
	sc.tell = func(line string) {
		st.mu.Lock()
		defer st.mu.Unlock()
		st.told = append(st.told, line)
	}
	for i, text := range c.Play {
		if _, err := practice.Parse(text); err != nil {
			return nil, fmt.Errorf("the script of client %d: %w", i+1, err)
		}
		sc.acts = append(sc.acts, practice.Act{Who: "the client", Script: text})
	}
	h := &host{shown: make(chan *tui.Source)}
	inner := &env{streams: &streams{in: strings.NewReader(""), out: &written{}, err: &written{}}, host: h}
	ctx, st.stop = context.WithCancel(ctx)
	ended := make(chan error, 1)
	st.running.Go(func() { ended <- inner.play(ctx, pf, sc) })
	select {
	case st.src = <-h.shown:
		return st, nil
	case err := <-ended:
		st.stop()
		return nil, err
	}
}

// read reads what passes, where no screen does.
func (st *staged) read(ctx context.Context) {
	st.running.Go(func() { _ = st.src.Load(ctx, func(int64, int64) {}) })
}

// Store implements [course.Stage], like the methods below.
func (st *staged) Store() *inspector.Store { return st.src.Store }

func (st *staged) Watch() live.Watch { return st.src.Live }

func (st *staged) Over() <-chan struct{} { return st.over }

func (st *staged) Told() []string {
	st.mu.Lock()
	defer st.mu.Unlock()
	return slices.Clone(st.told)
}

// Close ends the scene. What has passed stays readable until the source is
// closed.
func (st *staged) Close() {
	st.stop()
	st.running.Wait()
}

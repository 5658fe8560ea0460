package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/BurntSushi/toml"

	"xmppscope/inspector"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
	"xmppscope/lessons/course"
	"xmppscope/lessons/practice"
	"xmppscope/lessons/sandbox"
)

// staged plays the scene of a lesson for whoever looks at its source.
type staged struct {
	scene   *scene
	src     *tui.Source
	over    chan struct{}
	stop    context.CancelFunc
	running sync.WaitGroup

	mu   sync.Mutex
	told []string
}

// newStage begins a scene. It comes back when the proxy listens.
func (e *env) newStage(ctx context.Context, c course.Scene) (*staged, error) {
	pf := &proxyFlags{domain: "localhost", listen: []string{"starttls://127.0.0.1:0"}, upstream: "auto", breaks: c.Break, binding: c.Binding, rulesText: c.Rules,
		noKeepalive: true} // nobody here gives up on silence
	st := &staged{over: make(chan struct{})}
	sc, err := newScene(&c)
	if err != nil {
		return nil, err
	}
	for _, a := range sc.cast {
		if door := a.Door + "://127.0.0.1:0"; a.Door != "" && !slices.Contains(pf.listen, door) {
			pf.listen = append(pf.listen, door)
		}
	}
	sc.over = sync.OnceFunc(func() { close(st.over) })
	sc.tell = st.tell
	st.scene = sc
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
		if err == nil {
			err = errors.New("the scene ended before it began")
		}
		return nil, err
	}
}

// newScene is what a lesson says of a scene.
func newScene(c *course.Scene) (*scene, error) {
	sc := &scene{title: "the stage of this lesson", says: "lesson", roots: "the lesson's own authority", paused: c.Paused, stays: true,
		tries: max(c.Tries, 1), pause: 200 * time.Millisecond, knows: c.Knows, server: settings(c.Server, c.Misbehave)}
	for i, text := range c.Play {
		if _, err := practice.Parse(text); err != nil {
			return nil, fmt.Errorf("the script of client %d: %w", i+1, err)
		}
		sc.acts = append(sc.acts, practice.Act{Who: "the client", Script: text})
	}
	for _, client := range c.Client {
		a, err := newPlayer(client)
		if err != nil {
			return nil, err
		}
		sc.cast = append(sc.cast, a)
	}
	for _, p := range c.Peer {
		sc.peers = append(sc.peers, peer{p.Domain, settings(p.Server, nil)})
	}
	if len(c.DNS) > 0 {
		dns := &sceneDNS{records: c.DNS, port: func() string {
			_, port, _ := strings.Cut(sc.sites[0].at[sandbox.StartTLS], ":")
			return port
		}}
		sc.dns = dns
		return sc, dns.check()
	}
	return sc, nil
}

// settings makes a server as a lesson says.
func settings(all map[string]any, misbehave []string) func(*sandbox.Options) error {
	return func(o *sandbox.Options) error {
		o.Misbehave = misbehave
		text, err := toml.Marshal(all)
		if err != nil {
			return err
		}
		return o.Read(string(text))
	}
}

// tell keeps what went wrong with the clients.
func (st *staged) tell(line string) {
	st.mu.Lock()
	defer st.mu.Unlock()
	st.told = append(st.told, line)
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

func (st *staged) Misbehave(name string, on bool) error {
	return st.scene.sites[0].server.Misbehave(name, on)
}

// Close ends the scene. What has passed stays readable until the source is
// closed.
func (st *staged) Close() {
	st.stop()
	st.running.Wait()
}

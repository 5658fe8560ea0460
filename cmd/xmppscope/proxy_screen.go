package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
	"xmppscope/inspector/tui"
	"xmppscope/proxy"
	"xmppscope/proxy/binding"
	"xmppscope/proxy/timeouts"
)

// screen shows the events in the terminal interface, where what passes can be
// held and changed. It returns when the person leaves or ctx ends.
func (j *proxying) screen(ctx context.Context) error {
	j.follow(func(*decode.Event) {})
	src := j.r.source()
	src.Title, src.Follow, src.Keylog = cmp.Or(j.title, "proxy to "+j.place()), true, nil
	if j.observes() {
		src.Keylog = j.r.withKeylog
	}
	src.Live = &onScreen{j: j, status: j.status()}
	if j.server != nil {
		src.Faults = faults{j.server}
	}
	return j.e.show(ctx, j.r, src, j.flags.style)
}

// status is what does not change about the proxy.
func (j *proxying) status() (s tui.Status) {
	for _, b := range j.bound {
		s.Listening = append(s.Listening, fmt.Sprintf("%s %s", b.Kind, b.Addr))
		if !b.Addr.Addr().IsLoopback() {
			s.Alerts = append(s.Alerts, "OPEN: every machine that reaches "+b.Addr.String()+" can use this proxy")
		}
	}
	if j.flags.insecure {
		s.Alerts = append(s.Alerts, "INSECURE: the server's certificate is not what decides whether the connection goes on")
	}
	s.Recording, s.Accounts = j.flags.record, j.accounts
	if mode, err := binding.ParseMode(j.flags.binding); err == nil {
		s.Banner, s.Binding = mode.Banner(), mode.Words()
		s.Binds = mode == binding.Observe || len(j.accounts) == 0 // who stands before a real server is told from the beginning
	}
	return s
}

// onScreen is what the screen may know of a running proxy, and do to it.
type onScreen struct {
	j      *proxying
	status tui.Status
	open   int // connections, when they were last counted
	next   time.Time
}

// What is asked thirty times a second must cost little with thousands of
// connections: they are counted now and then, and only so many held units have
// clocks.
const (
	countEvery = 300 * time.Millisecond
	maxClocks  = 20
)

// Status implements [tui.Live], like the methods below.
func (o *onScreen) Status() tui.Status {
	s := o.status
	if now := time.Now(); now.After(o.next) {
		o.open, o.next = len(o.j.p.Conns()), now.Add(countEvery)
	}
	s.Mode, s.Open = o.gate().Mode(), o.open
	s.News = o.j.news.lines()
	s.Binds = s.Binds || o.j.p.Binds()
	return s
}

func (o *onScreen) gate() *gate.Gate { return o.j.session.Gate() }

func (o *onScreen) Do(a live.Act) error { return o.j.session.Do(a) }

func (o *onScreen) Breaks() []gate.Break { return o.gate().Breaks() }

func (o *onScreen) Switch(id int, off bool) bool { return o.gate().Switch(id, off) }

func (o *onScreen) Held() (all []tui.Held) {
	for _, h := range o.j.session.Held() {
		u := tui.Held{Seq: h.Seq, Conn: h.Conn, Dir: h.Dir, Event: h.Event, Since: h.Since, Why: h.Event.Note, Decided: h.Decided, At: h.At}
		if len(all) >= maxClocks {
			all = append(all, u)
			continue
		}
		if c, err := o.j.session.Conn(h.Conn); err == nil {
			u.Clocks = clocks(c, h.Began, h.Event.State)
			for _, w := range c.Held() {
				switch {
				case w.Dir != h.Dir:
				case w.ID == h.Event.HeldID:
					u.Until = w.Until
				default:
					u.Behind++
				}
			}
		}
		all = append(all, u)
	}
	return all
}

// clocks are those of both sides of a connection, with who would give up first.
func clocks(c *proxy.Conn, began time.Time, s *decode.State) (all [2]tui.Clock) {
	client, server := c.Clocks()
	for d, k := range [...]proxy.Clock{client, server} {
		all[d] = tui.Clock{Heard: k.LastIn, Told: k.LastOut, Ended: k.Ended}
		for _, since := range [...]struct {
			when timeouts.When
			from time.Time
		}{{timeouts.BeforeLogin, began}, {timeouts.Silence, k.LastOut}} {
			if since.from.IsZero() || since.when == timeouts.BeforeLogin && s != nil && s.Authenticated {
				continue
			}
			l, ok := timeouts.First(decode.Dir(d), since.when)
			if due := since.from.Add(l.After); ok && (all[d].Due.IsZero() || due.Before(all[d].Due)) {
				all[d].Due, all[d].Act = due, l.Program+" "+l.What
			}
		}
	}
	return all
}

// news keeps what is said on standard error while the screen has the terminal:
// the screen shows the last line, and all of it comes when the screen is gone.
type news struct {
	mu   sync.Mutex
	text bytes.Buffer
	seen int
	loud io.Writer // where it goes when the screen is gone; nil before
	once bool      // what was shown stays there, and need not be said again
}

// maxNews bounds what is kept.
const maxNews = 256 << 10

func (n *news) Write(p []byte) (int, error) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.loud != nil {
		return n.loud.Write(p)
	}
	if n.text.Len() < maxNews {
		n.text.Write(p)
	}
	return len(p), nil
}

// lines are those that nobody was shown yet.
func (n *news) lines() (all []string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	rest := n.text.Bytes()[n.seen:]
	end := bytes.LastIndexByte(rest, '\n') + 1
	n.seen += end
	for _, l := range strings.Split(string(rest[:end]), "\n") {
		if l = strings.TrimPrefix(strings.TrimSpace(l), "xmppscope: "); l != "" {
			all = append(all, inspector.Disarm(l))
		}
	}
	return all
}

// release says all of it, and what comes later at once.
func (n *news) release(to io.Writer) {
	n.mu.Lock()
	defer n.mu.Unlock()
	text := n.text.Bytes()
	if n.once {
		text = text[n.seen:]
	}
	_, _ = to.Write(text)
	n.loud = to
}

// hush keeps standard error from the screen until what it returns is called. It
// is called before anything runs beside; from then on standard error stays what
// it makes of it, because others may be at writing there.
func (j *proxying) hush() (loud func()) {
	real := j.e.streams.err
	j.e.streams.err = &j.news
	j.news.once = j.e.plain
	return func() { j.news.release(real) }
}

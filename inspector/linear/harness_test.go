package linear

import (
	"bytes"
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/decode"
	"xmppscope/inspector"
	"xmppscope/inspector/gate"
	"xmppscope/inspector/live"
)

const (
	openC    = "<stream:stream to='h.example' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	openS    = "<stream:stream from='h.example' id='s1' version='1.0' xml:lang='en' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>"
	offered  = "<stream:features><mechanisms xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><mechanism>PLAIN</mechanism></mechanisms></stream:features>"
	authText = "<auth xmlns='urn:ietf:params:xml:ns:xmpp-sasl' mechanism='PLAIN'>AG1iZWQAbWlycm9y</auth>"
	refused  = "<failure xmlns='urn:ietf:params:xml:ns:xmpp-sasl'><not-authorized/></failure>"
)

// puppet is a live source without connections: it keeps what it is told to do.
// Only the goroutine of the talk uses it once that has begun.
type puppet struct {
	conn            *decode.Conn
	store           *inspector.Store
	at              time.Time
	seq             decode.Seq
	gate            *gate.Gate
	held            []live.Waiting
	acts            []live.Act
	err             error
	news            []string
	ended           chan struct{}
	banner, binding string
	binds           bool
}

func newPuppet(t *testing.T) *puppet {
	t.Helper()
	p := &puppet{conn: decode.NewConn(1, decode.Options{}), store: inspector.NewStore(inspector.StoreOptions{}),
		at: time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC), gate: gate.New(nil), ended: make(chan struct{})}
	t.Cleanup(func() { p.store.Close() })
	p.feed(decode.FromInitiator, openC)
	p.feed(decode.FromReceiver, openS+offered)
	return p
}

func (p *puppet) Status() live.Status {
	s := live.Status{Mode: p.gate.Mode(), Open: 1, Listening: []string{"starttls 127.0.0.1:5222"}, News: p.news, Banner: p.banner, Binding: p.binding, Binds: p.binds}
	p.news = nil
	return s
}
func (p *puppet) Held() []live.Waiting         { return append([]live.Waiting(nil), p.held...) }
func (p *puppet) Breaks() []gate.Break         { return p.gate.Breaks() }
func (p *puppet) Switch(id int, off bool) bool { return p.gate.Switch(id, off) }

func (p *puppet) Do(a live.Act) error {
	p.binds = p.binds || p.banner != "" // a login went by
	p.acts = append(p.acts, a)
	if p.err != nil {
		return p.err
	}
	switch a.Do {
	case "pause", "step":
		p.gate.SetMode(gate.Paused)
	case "continue":
		p.gate.SetMode(gate.Running)
		for len(p.held) > 0 {
			p.let(p.held[0].Seq, decode.OriginWire)
		}
		close(p.ended)
	case "break":
		b, err := gate.ParseBreak(a.Expr)
		if err != nil {
			return err
		}
		p.gate.Add(b)
	case "unbreak":
		p.gate.Remove(a.ID)
	}
	if a.Seq != 0 && a.Do != "hold" && a.Do != "replay" {
		p.let(a.Seq, map[string]decode.Origin{"edit": decode.OriginEdited, "drop": decode.OriginDropped}[a.Do])
	}
	return nil
}

// let makes an event of what was held.
func (p *puppet) let(seq decode.Seq, o decode.Origin) {
	for i := range p.held {
		if h := p.held[i]; h.Seq == seq {
			e := *h.Event
			e.Held, e.Origin = false, o
			p.store.Append(&e)
			p.held = append(p.held[:i], p.held[i+1:]...)
			return
		}
	}
}

func (p *puppet) feed(dir decode.Dir, text string) {
	p.at = p.at.Add(time.Second)
	events, _ := p.conn.Feed(dir, p.at, []byte(text))
	for i := range events {
		p.seq++
		events[i].Seq = p.seq
		p.store.Append(&events[i])
	}
}

// hold makes units that wait.
func (p *puppet) hold(dir decode.Dir, text, why string) {
	p.at = p.at.Add(time.Second)
	events, _ := p.conn.Feed(dir, p.at, []byte(text))
	for i := range events {
		p.seq++
		e := events[i]
		e.Seq, e.Held, e.After = p.seq, true, e.State
		e.Wire = bytes.Clone(e.Wire)
		p.held = append(p.held, live.Waiting{Seq: e.Seq, Conn: 1, Dir: dir, Event: &e, Since: p.at, Why: why})
	}
}

func (p *puppet) source() *Source {
	return &Source{Title: "puppet", Store: p.store, Follow: true, Live: p, Load: func(ctx context.Context, _ func(int64, int64)) error {
		select {
		case <-ctx.Done():
		case <-p.ended:
		}
		return nil
	}}
}

// last is the action that was asked for last.
func (p *puppet) last(t *testing.T) live.Act {
	t.Helper()
	if len(p.acts) == 0 {
		t.Fatal("nothing was done")
	}
	return p.acts[len(p.acts)-1]
}

// play runs a script and gives what was said.
func play(t testing.TB, o Options, script ...string) string {
	t.Helper()
	var out bytes.Buffer
	o.Quiet = 20 * time.Millisecond
	o.In, o.Out = strings.NewReader(strings.Join(script, "\n")+"\n"), &out
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	if err := Run(ctx, o); err != nil {
		t.Fatal(err)
	}
	if ctx.Err() != nil {
		t.Fatalf("it never ends:\n%s", &out)
	}
	return out.String()
}

func (p *puppet) play(t *testing.T, script ...string) string {
	t.Helper()
	return play(t, Options{Source: p.source()}, script...)
}

// says fails unless all texts were said, in this order.
func says(t *testing.T, got string, texts ...string) {
	t.Helper()
	rest := got
	for _, text := range texts {
		at := strings.Index(rest, text)
		if at < 0 {
			t.Fatalf("it does not say %q, or not there:\n%s", text, got)
		}
		rest = rest[at+len(text):]
	}
}

// sample is a recording that comes with the program.
func sample(t testing.TB, name string) *Source {
	t.Helper()
	store := inspector.NewStore(inspector.StoreOptions{})
	in := captures.Input{Name: name, Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		f, _, err := samples.Open(name)
		return f, err
	}}
	return &Source{Title: name, Store: store, Close: func() { store.Close() }, Load: func(ctx context.Context, _ func(int64, int64)) error {
		return inspector.Load(ctx, store, captures.Read(ctx, []captures.Input{in}, captures.Options{}))
	}}
}

var errWorld = errors.New("the world is not as it should be")

package tui

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/gdamore/tcell/v2"

	"xmppscope/decode"
	"xmppscope/inspector"
)

// running is the whole interface in goroutines, on a simulated terminal.
type running struct {
	t      *testing.T
	sim    *shared
	cancel context.CancelFunc
	done   chan error
}

// shared lets a test look at a screen that the interface draws on.
type shared struct {
	tcell.SimulationScreen
	mu    sync.Mutex
	text  string
	ready chan struct{}
	once  sync.Once
}

func (s *shared) Show() {
	s.SimulationScreen.Show()
	cells, _, _ := s.GetContents()
	var b strings.Builder
	for i := range cells {
		b.WriteString(string(cells[i].Runes))
	}
	s.mu.Lock()
	s.text = b.String()
	s.mu.Unlock()
	s.once.Do(func() { close(s.ready) })
}

func start(t *testing.T, o Options) *running {
	t.Helper()
	r := launch(t, o)
	r.drawn()
	return r
}

// launch is start that does not wait: Run may end before anything is drawn.
func launch(t *testing.T, o Options) *running {
	t.Helper()
	sim := &shared{SimulationScreen: tcell.NewSimulationScreen("UTF-8"), ready: make(chan struct{})}
	o.Screen = sim
	ctx, cancel := context.WithCancel(context.Background())
	r := &running{t: t, sim: sim, cancel: cancel, done: make(chan error, 1)}
	go func() { r.done <- Run(ctx, o) }()
	t.Cleanup(cancel)
	return r
}

// drawn waits until something is drawn.
func (r *running) drawn() {
	r.t.Helper()
	select {
	case <-r.sim.ready:
	case err := <-r.done:
		r.t.Fatalf("ended at once: %v", err)
	case <-time.After(time.Minute):
		r.t.Fatal("nothing is drawn")
	}
}

// sees waits until the screen shows a text.
func (r *running) sees(text string) {
	r.t.Helper()
	for deadline := time.Now().Add(time.Minute); ; time.Sleep(5 * time.Millisecond) {
		r.sim.mu.Lock()
		ok := strings.Contains(r.sim.text, text)
		r.sim.mu.Unlock()
		if ok {
			return
		}
		if time.Now().After(deadline) {
			r.t.Fatalf("%q never appears", text)
		}
	}
}

func (r *running) key(name string) {
	ev := keyEvent(r.t, name)
	r.sim.InjectKey(ev.Key(), ev.Rune(), ev.Modifiers())
}

// ends waits for Run.
func (r *running) ends() error {
	r.t.Helper()
	select {
	case err := <-r.done:
		return err
	case <-time.After(time.Minute):
		r.t.Fatal("Run does not return")
		return nil
	}
}

// growing is a source whose Load waits for the test between stanzas.
func growing(tb testing.TB, more <-chan int, fail error) (*Source, *atomic.Bool) {
	store := inspector.NewStore(inspector.StoreOptions{})
	closed := new(atomic.Bool)
	return &Source{Title: "growing.pcap", Store: store, Close: func() { closed.Store(true); store.Close() },
		Load: func(ctx context.Context, progress func(done, total int64)) error {
			c := decode.NewConn(1, decode.Options{})
			feed := func(s string) {
				events, _ := c.Feed(decode.FromInitiator, time.Time{}, []byte(s))
				for i := range events {
					store.Append(&events[i])
				}
			}
			feed("<stream:stream to='localhost' version='1.0' xmlns='jabber:client' xmlns:stream='http://etherx.jabber.org/streams'>")
			for i := 0; ; {
				select {
				case <-ctx.Done():
					return ctx.Err()
				case n, ok := <-more:
					if !ok {
						return fail
					}
					for range n {
						i++
						feed(fmt.Sprintf("<message id='m%d'/>", i))
					}
					progress(int64(i), 1000)
				}
			}
		}}, closed
}

// The first rows appear while the rest is still being read, keys work, and
// nothing is left behind (TestMain looks for goroutines).
func TestLoading(t *testing.T) {
	more := make(chan int)
	src, closed := growing(t, more, nil)
	r := start(t, Options{Source: src})
	r.sees("opens a stream to localhost")
	more <- 500
	r.sees("50 %")
	r.sees("501 events")
	r.key("2")
	r.sees("[2 XML]")
	r.key("End")
	r.sees("following the newest event")
	more <- 400
	r.sees("901 events")
	r.sees("m900")
	r.key("k")
	r.sees("m899")
	more <- 50
	r.sees("951 events")
	r.sees("m899") // a move ends following
	close(more)
	r.key("q")
	if err := r.ends(); err != nil {
		t.Error(err)
	}
	if !closed.Load() {
		t.Error("the source was not closed")
	}
}

func TestLoadingFails(t *testing.T) {
	more := make(chan int)
	src, _ := growing(t, more, errTest)
	r := start(t, Options{Source: src})
	more <- 10
	close(more)
	r.sees("reading stopped: the disk is on fire")
	r.sees("11 events")
	r.key("q")
	r.ends()
}

// A file of which nothing can be read is not called one without XMPP.
func TestNothingCanBeRead(t *testing.T) {
	src := transcripts(t, "plain")
	src.Store = inspector.NewStore(inspector.StoreOptions{})
	src.Load = func(context.Context, func(done, total int64)) error { return errTest }
	perform(t, Options{Source: src, NoColor: true}, 80, 24).has("Nothing could be read: the disk is on fire. o opens another").lacks("No XMPP")
}

func TestQuitWhileLoading(t *testing.T) {
	for _, how := range []string{"q", "Ctrl-C", "context", "lost"} {
		t.Run(how, func(t *testing.T) {
			src, closed := growing(t, make(chan int), nil)
			r := start(t, Options{Source: src})
			r.sees("opens a stream")
			var want error
			switch how {
			case "context":
				r.cancel()
			case "lost":
				want = io.ErrUnexpectedEOF
				if err := r.sim.PostEvent(tcell.NewEventError(want)); err != nil {
					t.Fatal(err)
				}
			default:
				r.key(how)
			}
			if err := r.ends(); (err != nil) != (want != nil) {
				t.Errorf("Run says %v, want %v", err, want)
			}
			if !closed.Load() {
				t.Error("the source was not closed")
			}
		})
	}
}

// A loader that sits in a read that nobody interrupts must not keep the
// person waiting; its source is then left alone.
func TestQuitWithAStubbornLoader(t *testing.T) {
	release := make(chan struct{})
	src := transcripts(t, "plain")
	closed := false
	src.Close = func() { closed = true }
	gone := make(chan struct{})
	src.Load = func(context.Context, func(done, total int64)) error {
		defer close(gone)
		<-release
		return nil
	}
	r := start(t, Options{Source: src})
	r.sees("TCP connect")
	r.key("q")
	r.ends()
	if closed {
		t.Error("a source was closed under its loader")
	}
	close(release)
	<-gone
}

// Opening another capture gives the first one up.
func TestOpenAnother(t *testing.T) {
	src, closed := growing(t, make(chan int), nil)
	r := start(t, Options{Source: src, Choices: testChoices(), Open: func(name string) (*Source, error) {
		return readTranscripts(name)
	}})
	r.sees("opens a stream")
	r.key("o")
	r.sees("Open another capture")
	r.key("Enter")
	r.sees("plain.pcap")
	r.sees("logs in with PLAIN")
	if !closed.Load() {
		t.Error("the first source was not closed")
	}
	r.key("q")
	r.ends()
}

func TestPasteAndResize(t *testing.T) {
	r := start(t, Options{Source: transcripts(t, "plain")})
	r.key("f")
	r.sees("Enter apply")
	r.sim.PostEvent(tcell.NewEventPaste(true))
	for _, c := range `name == "iq"` {
		r.sim.InjectKey(tcell.KeyRune, c, tcell.ModNone)
	}
	r.sim.PostEvent(tcell.NewEventPaste(false))
	r.sees(`name == "iq"`)
	r.key("Enter")
	r.sees("9 of 27 events")
	r.sim.SetSize(160, 50)
	r.sim.PostEvent(tcell.NewEventResize(160, 50)) // the simulation does not tell
	r.sees("t state")
	r.key("q")
	r.ends()
}

package workshop

import (
	"context"
	"encoding/json"
	"io"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/captures"
	"xmppscope/captures/samples"
	"xmppscope/inspector"
	"xmppscope/lessons/course"
)

// recorded reads a sample whole.
func recorded(_ *course.Lesson, c *course.Capture) (*inspector.Store, error) {
	s := inspector.NewStore(inspector.StoreOptions{})
	in := captures.Input{Name: c.Sample, Size: -1, Open: func(context.Context) (io.ReadCloser, error) {
		f, _, err := samples.Open(c.Sample)
		return f, err
	}}
	for i, err := range captures.Read(context.Background(), []captures.Input{in}, captures.Options{}) {
		if err != nil {
			return nil, err
		}
		if i.Event != nil {
			s.Append(i.Event)
		}
	}
	return s, nil
}

// rig is a class that is held.
type rig struct {
	*testing.T
	class *Class
	addr  string
	*cutter
}

// cutter is a listener whose connections can be cut, as a network does.
type cutter struct {
	net.Listener
	mu  sync.Mutex
	all []net.Conn
}

func (l *cutter) Accept() (net.Conn, error) {
	conn, err := l.Listener.Accept()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.all = append(l.all, conn)
	return conn, err
}

// cut breaks every third connection.
func (l *cutter) cut() {
	l.mu.Lock()
	defer l.mu.Unlock()
	for i := 0; i < len(l.all); i += 3 {
		if l.all[i] != nil {
			_ = l.all[i].Close()
		}
	}
}

// hold holds a class on the lesson that has every kind of step.
func hold(t *testing.T, change ...func(*Options)) *rig {
	t.Helper()
	all, err := course.ParseAll(os.DirFS("../course/testdata"))
	if err != nil {
		t.Fatal(err)
	}
	o := Options{Lessons: all, Open: recorded}
	o.Limits.Read, o.Limits.Write = 3*time.Minute, 3*time.Minute // for a busy computer, and longer than a client waits
	for _, f := range change {
		f(&o)
	}
	c, err := New(o)
	if err != nil {
		t.Fatal(err)
	}
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	cut := &cutter{Listener: ln}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- c.Serve(ctx, cut) }()
	t.Cleanup(func() {
		stop()
		select {
		case err := <-served:
			if err != nil {
				t.Error(err)
			}
		case <-time.After(time.Minute):
			t.Error("the class does not end")
		}
	})
	return &rig{t, c, ln.Addr().String(), cut}
}

// join lets a student in.
func (r *rig) join(name string) *Client {
	r.Helper()
	s, err := Join(r.Context(), r.addr, r.class.Token(), name, "")
	if err != nil {
		r.Fatal(name, err)
	}
	r.Cleanup(s.Close)
	return s
}

// row is the line of a student in the table.
func (r *rig) row(name string) (row TableRow) {
	for _, s := range r.class.Table().Students {
		if s.Name == name {
			return s
		}
	}
	return row
}

// until waits for something to come true.
func until(t *testing.T, what string, is func() bool) {
	t.Helper()
	for end := time.Now().Add(time.Minute); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("in vain: ", what)
		}
	}
}

// step is the number of a step, from 1.
func (r *rig) step(id string) int {
	l, _ := r.class.Lesson()
	return l.Step(id) + 1
}

// answers are right ones, by the id of the step.
func (r *rig) right(c *Client, id string) {
	r.Helper()
	l, _ := r.class.Lesson()
	at := &course.Place{Row: -1}
	r.class.mu.Lock()
	at.Store = r.class.shown.store
	r.class.mu.Unlock()
	if _, err := c.Go(r.Context(), "step", r.step(id)); err != nil {
		r.Fatal(id, err)
	}
	v, err := c.Answer(r.Context(), l.Steps[l.Step(id)].Task.Solution(at))
	if err != nil || !v.Done {
		r.Fatal(id, err, v.Last)
	}
}

// get asks as nobody or as somebody, with a Host and an Origin that may be odd.
func (r *rig) raw(method, path, body string, header ...string) (int, string) {
	r.Helper()
	q, err := http.NewRequest(method, "http://"+r.addr+path, strings.NewReader(body))
	if err != nil {
		r.Fatal(err)
	}
	if method == http.MethodPost {
		q.Header.Set("Content-Type", "application/json")
	}
	for i := 0; i+1 < len(header); i += 2 {
		if header[i] == "Host" {
			q.Host = header[i+1]
		} else {
			q.Header.Set(header[i], header[i+1])
		}
	}
	res, err := (&http.Client{Timeout: time.Minute, Transport: &http.Transport{DisableKeepAlives: true}}).Do(q)
	if err != nil {
		return 0, err.Error()
	}
	defer res.Body.Close()
	text, _ := io.ReadAll(res.Body)
	return res.StatusCode, string(text)
}

// quote writes a text as JavaScript does.
func quote(s string) string {
	text, _ := json.Marshal(s)
	return string(text)
}

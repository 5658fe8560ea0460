package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/adrg/xdg"

	"xmppscope/lessons/sandbox"
	"xmppscope/proxy/ca"
)

// slack is how long anything may take that comes at once on an idle computer.
const slack = time.Minute

// rig is the command proxy, run as by a user, between the practice server and
// clients of the test.
type rig struct {
	*testing.T
	dir    string
	server *sandbox.Server
	house  map[sandbox.Wrapping]string // the server's own doors
	args   []string
	file   string // the recording; empty without one
	in     io.WriteCloser
	said   *growing // standard error
	out    *growing // standard output
	doors  []string // "kind address", as they were announced
	stop   context.CancelFunc
	code   chan int
	ended  bool
}

// rigOptions say what differs from the ordinary: the practice server with TLS,
// events as JSON and a recording.
type rigOptions struct {
	sandbox sandbox.Options
	listen  []string
	text    bool // no JSON
	noFile  bool // no recording
	direct  bool // to the server's door for direct TLS
	strange bool // the proxy does not know who made out the server's certificate
	to      string
	args    []string
}

// home gives a test folders of its own for certificates and settings.
func home(t testing.TB) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range []string{"CONFIG", "DATA", "STATE"} {
		t.Setenv("XDG_"+name+"_HOME", filepath.Join(dir, strings.ToLower(name)))
	}
	xdg.Reload()
	return dir
}

// house runs a practice server; its authority is in the file server.pem.
func (r *rig) open(o sandbox.Options) {
	r.Helper()
	authority, err := ca.New()
	if err != nil {
		r.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(r.dir, "server.pem"), authority.PEM(), 0o600); err != nil {
		r.Fatal(err)
	}
	conf := &tls.Config{}
	if o.TLS != nil {
		conf = o.TLS.Clone()
	}
	conf.GetCertificate = ca.GetCertificate(authority, "localhost", "localhost")
	o.TLS, o.Iterations, o.Limits.Linger = conf, 4096, 200*time.Millisecond
	if r.server, err = sandbox.New(o); err != nil {
		r.Fatal(err)
	}
	for _, w := range []sandbox.Wrapping{sandbox.StartTLS, sandbox.DirectTLS} {
		ln, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			r.Fatal(err)
		}
		r.house[w] = ln.Addr().String()
		go r.server.Serve(ln, w)
	}
	r.Cleanup(func() {
		ctx, stop := context.WithTimeout(context.Background(), slack)
		defer stop()
		if err := r.server.Shutdown(ctx); err != nil {
			r.Errorf("the practice server does not end: %v", err)
		}
	})
}

// newRig starts everything and waits until the proxy listens.
func newRig(t *testing.T, o rigOptions) *rig {
	t.Helper()
	r := &rig{T: t, dir: home(t), house: map[sandbox.Wrapping]string{}}
	r.open(o.sandbox)
	to := r.house[sandbox.StartTLS]
	if o.direct {
		to = r.house[sandbox.DirectTLS]
	}
	if o.to != "" {
		to = o.to
	}
	r.args = []string{"proxy", "--to", to, "--domain", "localhost", "--headless"}
	if !o.strange {
		r.args = append(r.args, "--ca-file", filepath.Join(r.dir, "server.pem"))
	}
	if !o.text {
		r.args = append(r.args, "--json")
	}
	if !o.noFile {
		r.file = filepath.Join(r.dir, "live.pcapng")
		r.args = append(r.args, "--record", r.file)
	}
	if len(o.listen) == 0 {
		o.listen = []string{"127.0.0.1:0"}
	}
	for _, l := range o.listen {
		r.args = append(r.args, "--listen", l)
	}
	r.args = append(r.args, o.args...)
	r.start(len(o.listen))
	return r
}

func (r *rig) start(doors int) {
	r.Helper()
	ctx, stop := context.WithCancel(context.Background())
	in, w := io.Pipe()
	r.in, r.stop, r.code = w, stop, make(chan int, 1)
	r.said, r.out = newGrowing(), newGrowing()
	go func() {
		r.code <- run(ctx, &streams{in: in, out: r.out, err: r.said}, r.args)
		in.CloseWithError(io.ErrClosedPipe)
		r.out.end()
		r.said.end()
	}()
	r.Cleanup(func() {
		stop()
		if !r.ended {
			<-r.code
		}
		w.Close()
		if r.Failed() {
			r.Logf("standard error:\n%s", r.said.all())
		}
	})
	for len(r.doors) < doors {
		line := r.said.wait(r.T, "an open door", func(l string) bool { return strings.HasPrefix(l, "listening ") })
		r.doors = append(r.doors, strings.TrimPrefix(line, "listening "))
	}
}

// door is the address of the first door of a kind.
func (r *rig) door(kind string) string {
	r.Helper()
	for _, d := range r.doors {
		if k, addr, _ := strings.Cut(d, " "); k == kind {
			return addr
		}
	}
	r.Fatalf("no door %s among %v", kind, r.doors)
	return ""
}

// trust is what a client has to trust: the proxy's authority.
func (r *rig) trust() *x509.CertPool {
	r.Helper()
	return pool(r.T, filepath.Join(r.dir, "data", "xmppscope", "ca.pem"))
}

func pool(t *testing.T, file string) *x509.CertPool {
	t.Helper()
	pem, err := os.ReadFile(file)
	all := x509.NewCertPool()
	if err != nil || !all.AppendCertsFromPEM(pem) {
		t.Fatalf("an authority cannot be read: %v", err)
	}
	return all
}

// act writes an action to standard input.
func (r *rig) act(format string, args ...any) {
	r.Helper()
	if _, err := fmt.Fprintf(r.in, format+"\n", args...); err != nil {
		r.Fatal(err)
	}
}

// end interrupts the proxy and returns what it wrote. The recording must be the
// same when it is opened again.
func (r *rig) end() []record {
	r.Helper()
	r.stop()
	r.exited(exitDone)
	live := parseRecords(r.T, r.out.all())
	if r.file != "" {
		r.same(live)
	}
	return live
}

// exited waits for the end and checks the exit code.
func (r *rig) exited(want int) {
	r.Helper()
	select {
	case got := <-r.code:
		r.ended = true
		if got != want {
			r.Errorf("exit code %d, want %d\n%s", got, want, r.said.all())
		}
	case <-time.After(slack):
		r.Fatal("the proxy does not end")
	}
}

// next waits for a record with these fields.
func (r *rig) next(pairs ...string) record {
	r.Helper()
	var got record
	r.out.wait(r.T, fmt.Sprint(pairs), func(l string) bool {
		got = nil
		return json.Unmarshal([]byte(l), &got) == nil && got.is(pairs...)
	})
	return got
}

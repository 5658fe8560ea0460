package proxy

import (
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"xmppscope/proxy/dial"
)

// The benchmarks set a bare relay of Go beside ours: the same copy through user
// space, with crypto/tls on both sides where TLS is asked for. They report what a
// relay adds to the median of an echo, and the ratio of the two.
//
//	go test -run - -bench Added -benchtime 3000x ./proxy

// echo is a server that lets anybody log in and then says everything again.
func echo(tb testing.TB, secure bool) (addr string, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{*leafFor(tb, "echo")}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer c.Close()
				if secure {
					if !script(c, headC, headS+features, starttls, proceed) {
						return
					}
					c = tls.Server(c, config)
				}
				if script(c, headC, headS+sasl, auth, success, headC, headS+bindable, bindC, bindS) {
					io.Copy(struct{ io.Writer }{c}, c)
				}
			}()
		}
	}()
	return l.Addr().String(), func() { l.Close() }
}

// script hears and says in turn.
func script(c net.Conn, lines ...string) bool {
	for i := 0; i < len(lines); i += 2 {
		got := make([]byte, len(lines[i]))
		if _, err := io.ReadFull(c, got); err != nil || string(got) != lines[i] {
			return false
		}
		if _, err := io.WriteString(c, lines[i+1]); err != nil {
			return false
		}
	}
	return true
}

// enterAs is the client's half of the login.
func enterAs(tb testing.TB, addr string, secure bool) net.Conn {
	c, err := net.Dial("tcp", addr)
	if err != nil {
		tb.Fatal(err)
	}
	say := func(lines ...string) {
		for i := 0; i < len(lines); i += 2 {
			io.WriteString(c, lines[i])
			got := make([]byte, len(lines[i+1]))
			if _, err := io.ReadFull(c, got); err != nil {
				tb.Fatalf("%v behind %q", err, got)
			}
		}
	}
	if secure {
		say(headC, headS+features, starttls, proceed)
		c = tls.Client(c, &tls.Config{InsecureSkipVerify: true, ServerName: "example.org"})
	}
	say(headC, headS+sasl, auth, success, headC, headS+bindable, bindC, bindS)
	return c
}

// bare is a relay that does nothing but copy, across STARTTLS where asked for.
func bare(tb testing.TB, to string, secure bool) (addr string, stop func()) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		tb.Fatal(err)
	}
	config := &tls.Config{Certificates: []tls.Certificate{*leafFor(tb, "bare")}}
	go func() {
		for {
			a, err := l.Accept()
			if err != nil {
				return
			}
			go func() {
				defer a.Close()
				b, err := net.Dial("tcp", to)
				if err != nil {
					return
				}
				defer b.Close()
				if secure {
					io.CopyN(b, a, int64(len(headC)))
					io.CopyN(a, b, int64(len(headS+features)))
					io.CopyN(b, a, int64(len(starttls)))
					io.CopyN(a, b, int64(len(proceed)))
					b = tls.Client(b, &tls.Config{InsecureSkipVerify: true})
					a = tls.Server(a, config)
				}
				go copyAll(a, b)
				copyAll(b, a)
			}()
		}
	}()
	return l.Addr().String(), func() { l.Close() }
}

func copyAll(to, from net.Conn) {
	io.CopyBuffer(struct{ io.Writer }{to}, struct{ io.Reader }{from}, make([]byte, 32<<10))
	to.Close()
}

func ours(tb testing.TB, to string, set func(*Options)) (addr string, p *Proxy, stop func()) {
	o := Options{
		Doors: []Door{{DoorStartTLS, "127.0.0.1:0"}},
		Dial: func(ctx context.Context, _ Facts) (Upstream, error) {
			c, err := net.Dial("tcp", to)
			return Upstream{Conn: c, Wrapping: dial.Auto}, err
		},
		Leaf:     func(Facts) (*tls.Certificate, error) { return leafFor(tb, "ours"), nil },
		Insecure: true,
	}
	if set != nil {
		set(&o)
	}
	p, err := New(o)
	if err != nil {
		tb.Fatal(err)
	}
	bound, err := p.Listen()
	if err != nil {
		tb.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	over := make(chan struct{})
	go func() { p.Run(ctx); close(over) }()
	return bound[0].Addr.String(), p, func() { cancel(); <-over }
}

// median echoes stanzas over connections at a rate of 2,000 a second over all,
// or one after the other where there is one.
func median(tb testing.TB, conns []net.Conn, n int) time.Duration {
	stanza := "<message to='juliet@example.org/x' type='chat' id='0123456789'><body>" + strings.Repeat("x", 222) + "</body></message>"
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	each := max(1, n/len(conns))
	for i, c := range conns {
		wg.Go(func() {
			got := make([]byte, len(stanza))
			gap := time.Duration(len(conns)) * time.Second / 2000
			if len(conns) == 1 {
				gap = 0
			} else {
				time.Sleep(gap * time.Duration(i) / time.Duration(len(conns)))
			}
			mine := make([]time.Duration, 0, each)
			for range each {
				begin := time.Now()
				io.WriteString(c, stanza)
				if _, err := io.ReadFull(c, got); err != nil {
					tb.Error(err)
					return
				}
				mine = append(mine, time.Since(begin))
				time.Sleep(gap - time.Since(begin))
			}
			mu.Lock()
			took = append(took, mine...)
			mu.Unlock()
		})
	}
	wg.Wait()
	slices.Sort(took)
	return took[len(took)/2]
}

func BenchmarkAdded(b *testing.B) {
	for _, secure := range []bool{false, true} {
		for _, n := range []int{1, 100, 1000} {
			name := "plain"
			if secure {
				name = "starttls"
			}
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				addr, stop := echo(b, secure)
				defer stop()
				plainAddr, stopBare := bare(b, addr, secure)
				defer stopBare()
				ourAddr, _, stopOurs := ours(b, addr, func(o *Options) { o.Tap = nothing{} })
				defer stopOurs()
				var conns [3][]net.Conn
				for i, a := range []string{addr, plainAddr, ourAddr} {
					for range n {
						conns[i] = append(conns[i], enterAs(b, a, secure))
					}
				}
				var p50 [3][]time.Duration
				b.ResetTimer()
				for range 5 { // in turn, so that what else happens hits all
					for i := range conns {
						p50[i] = append(p50[i], median(b, conns[i], max(b.N/5, n)))
					}
				}
				mid := func(i int) float64 { slices.Sort(p50[i]); return float64(p50[i][2].Nanoseconds()) / 1000 }
				direct, bare, ours := mid(0), mid(1), mid(2)
				b.ReportMetric(direct, "direct-µs")
				b.ReportMetric(bare-direct, "bare+µs")
				b.ReportMetric(ours-direct, "ours+µs")
				b.ReportMetric((ours-direct)/(bare-direct), "ratio")
				for _, all := range conns {
					for _, c := range all {
						c.Close()
					}
				}
			})
		}
	}
}

// BenchmarkIdle tells what an idle connection takes of memory, with the peers'
// share taken off: theirs are plain sockets or crypto/tls in the same process.
func BenchmarkIdle(b *testing.B) {
	for _, secure := range []bool{false, true} {
		name := "plain"
		if secure {
			name = "starttls"
		}
		b.Run(name, func(b *testing.B) {
			const n = 2000
			use := func(addr string) float64 {
				before := inUse()
				var all []net.Conn
				for range n {
					all = append(all, enterAs(b, addr, secure))
				}
				time.Sleep(100 * time.Millisecond)
				used := inUse() - before
				for _, c := range all {
					c.Close()
				}
				time.Sleep(300 * time.Millisecond)
				return used / n / 1024
			}
			addr, stop := echo(b, secure)
			defer stop()
			ourAddr, _, stopOurs := ours(b, addr, func(o *Options) { o.Tap = nothing{} })
			defer stopOurs()
			use(addr)
			direct := use(addr)
			b.ReportMetric(use(ourAddr)-direct, "KiB/conn")
		})
	}
}

func inUse() float64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return float64(m.HeapInuse + m.StackInuse)
}

package main

import (
	"fmt"
	"io"
	"net"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// These benchmarks go the whole way: the program as users run it, headless with
// JSON, so that everything that passes is captured, decoded, judged, explained and
// written; a bare relay of Go, which copies through user space, has its turn
// beside it. Server and clients share the machine with both.
//
//	go test -run - -bench Whole ./cmd/xmppscope

// relayed is a relay in a process of its own.
type relayed struct {
	addr string
	cmd  *exec.Cmd
}

func startRelay(b testing.TB, name string, args ...string) *relayed {
	b.Helper()
	cmd := exec.Command(name, args...)
	said, err := cmd.StderrPipe()
	if err != nil {
		b.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
	})
	return &relayed{opened(b, said), cmd}
}

// relays are a server, nobody before it, the bare relay and ours.
func relays(b testing.TB, secure bool) (all [3]*relayed) {
	home(b)
	mode := "plain"
	if secure {
		mode = "starttls"
	}
	to := loadServer(b, secure)
	all[0] = &relayed{addr: to}
	all[1] = startRelay(b, "bare-relay", to, mode)
	all[2] = startRelay(b, "xmppscope", "proxy", "--to", to, "--domain", "localhost", "--upstream", mode, "--insecure", "--listen", "127.0.0.1:0", "--headless", "--json")
	return all
}

// cpu is what the process has used, where the system tells.
func (r *relayed) cpu() time.Duration {
	if r.cmd == nil {
		return 0
	}
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", r.cmd.Process.Pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(f[11])
	system, _ := strconv.Atoi(f[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// open opens streams, 32 at a time.
func (r *relayed) open(b *testing.B, n int, secure bool) []net.Conn {
	all := make([]net.Conn, n)
	var wg sync.WaitGroup
	gate := make(chan bool, 32)
	for i := range all {
		gate <- true
		wg.Go(func() {
			var err error
			if all[i], err = loadClient(r.addr, secure); err != nil {
				b.Error(err)
			}
			<-gate
		})
	}
	wg.Wait()
	if b.Failed() {
		b.FailNow()
	}
	b.Cleanup(func() {
		for _, c := range all {
			c.Close()
		}
	})
	return all
}

// load is what one turn of a relay came to.
type load struct {
	median time.Duration
	rate   float64       // stanzas a second
	cpu    time.Duration // of the relay, for each
}

// turn echoes stanzas for a while: rate of them a second over all connections, or
// as many as come back where it is 0.
func (r *relayed) turn(b *testing.B, conns []net.Conn, rate float64, whole time.Duration) load {
	used, begin := r.cpu(), time.Now()
	took := make([][]time.Duration, len(conns))
	var wg sync.WaitGroup
	for i, c := range conns {
		wg.Go(func() {
			got := make([]byte, len(loadStanza))
			gap := time.Duration(0)
			if rate > 0 {
				gap = time.Duration(float64(len(conns)) / rate * float64(time.Second))
			}
			for next := begin.Add(gap * time.Duration(i) / time.Duration(len(conns))); ; next = next.Add(gap) {
				if rate > 0 {
					time.Sleep(time.Until(next))
				}
				sent := time.Now()
				if sent.Sub(begin) > whole {
					return
				}
				io.WriteString(c, loadStanza)
				if _, err := io.ReadFull(c, got); err != nil {
					b.Error(err)
					return
				}
				took[i] = append(took[i], time.Since(sent))
			}
		})
	}
	wg.Wait()
	all := slices.Concat(took...)
	if len(all) == 0 {
		b.Fatal("nothing came back")
	}
	slices.Sort(all)
	return load{all[len(all)/2], float64(len(all)) / time.Since(begin).Seconds(), (r.cpu() - used) / time.Duration(len(all))}
}

// BenchmarkWholeWay tells what relays add to the median of an echo at 2,000
// stanzas a second and how many come back where everybody sends at once, and
// ours/bare, the ratios.
func BenchmarkWholeWay(b *testing.B) {
	const rounds, whole = 5, 400 * time.Millisecond
	for _, secure := range []bool{false, true} {
		for _, n := range []int{1, 100, 1000} {
			b.Run(fmt.Sprintf("%s/%d", map[bool]string{false: "plain", true: "starttls"}[secure], n), func(b *testing.B) {
				all := relays(b, secure)
				var conns [3][]net.Conn
				for i, r := range all {
					conns[i] = r.open(b, n, secure)
				}
				median := func(rate float64, of func(load) float64) (m [3]float64) {
					var got [3][]float64
					for range rounds { // in turn, so that what else happens hits all
						for i, r := range all {
							got[i] = append(got[i], of(r.turn(b, conns[i], rate, whole)))
						}
					}
					for i := range m {
						slices.Sort(got[i])
						m[i] = got[i][rounds/2]
					}
					return m
				}
				micros := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / 1000 }
				for b.Loop() {
					rate := 2000.0
					if n == 1 {
						rate = 0
					}
					p50 := median(rate, func(l load) float64 { return micros(l.median) })
					b.ReportMetric(p50[1]-p50[0], "bare+µs")
					b.ReportMetric(p50[2]-p50[0], "ours+µs")
					b.ReportMetric((p50[2]-p50[0])/(p50[1]-p50[0]), "added-ratio")
					if n == 100 {
						rate := median(0, func(l load) float64 { return l.rate })
						b.ReportMetric(rate[2]/rate[1], "rate-ratio")
						cpu := median(0, func(l load) float64 { return micros(l.cpu) })
						b.ReportMetric(cpu[1], "bare-cpu-µs")
						b.ReportMetric(cpu[2], "ours-cpu-µs")
					}
				}
			})
		}
	}
}

// BenchmarkWholeIdle tells what an open connection takes of memory that says
// nothing, of 9,000 where so many may be open.
func BenchmarkWholeIdle(b *testing.B) {
	if runtime.GOOS != "linux" {
		b.Skip("only Linux tells what a process takes of memory")
	}
	const n = 9000
	if can := filesAllowed(); can < 2*n+200 {
		b.Skipf("a process may have %d files open, and %d are needed: ulimit -n", can, 2*n+200)
	}
	for _, secure := range []bool{false, true} {
		b.Run(map[bool]string{false: "plain", true: "starttls"}[secure], func(b *testing.B) {
			all := relays(b, secure)
			for b.Loop() {
				b.ReportMetric(all[1].idle(b, n, secure), "bare-KiB/conn")
				b.ReportMetric(all[2].idle(b, n, secure), "ours-KiB/conn")
			}
		})
	}
}

// idle is what each of n connections takes that have said something once.
func (r *relayed) idle(b *testing.B, n int, secure bool) float64 {
	r.turn(b, r.open(b, 8, secure), 0, 100*time.Millisecond) // what it takes to begin is not counted
	before := r.memory(b)
	conns := r.open(b, n, secure)
	for _, c := range conns {
		io.WriteString(c, loadStanza)
		if !heard(c, loadStanza) {
			b.Fatal("no echo")
		}
	}
	used := r.memory(b) - before
	for _, c := range conns {
		c.Close()
	}
	return float64(used) / float64(n)
}

// memory is what the process takes, in KiB: its share of what it has in common
// with others included.
func (r *relayed) memory(b *testing.B) (n int) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/smaps_rollup", r.cmd.Process.Pid))
	if err != nil {
		b.Skip(err)
	}
	_, rest, _ := strings.Cut(string(text), "\nPss:")
	fmt.Sscan(rest, &n)
	return n
}

// filesAllowed is how many files a process may have open.
func filesAllowed() (n int) {
	text, _ := os.ReadFile("/proc/self/limits")
	_, rest, _ := strings.Cut(string(text), "Max open files")
	fmt.Sscan(rest, &n)
	return n
}
